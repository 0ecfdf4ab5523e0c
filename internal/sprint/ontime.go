package sprint

import (
	"context"
	"errors"
	"time"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// OnTime is the chance of each of the first items of the backlog to be done by its
// due date.
type OnTime struct {
	Enough bool // three sprints have closed
	Items  []scrum.OnTime
}

// OnTime foretells the first limit open items in backlog order: the chance that
// the sprints up to the due date complete the item and all above it. The first of
// these sprints is the active one, or else the next planned one; those after it
// come at the team's rhythm.
func (s *Service) OnTime(ctx context.Context, t *team.Team, limit int) (OnTime, error) {
	var out OnTime
	err := s.db.View(ctx, func(g db.Reader) error {
		samples, err := samplesOf(g, t.ID)
		if err != nil {
			return err
		}
		ends, err := comingEnds(g, t, s.db.Now())
		if err != nil {
			return err
		}
		rows, err := rankedOf(g, t.ID, limit)
		if err != nil {
			return err
		}
		ranked := make([]scrum.Ranked, len(rows))
		for i, r := range rows {
			ranked[i] = scrum.Ranked{Item: backlog.Key(t.Key, r.number), DueSprint: dueSprint(ends, r.due)}
			if r.points != nil {
				ranked[i].Points = *r.points
			}
		}
		out.Items, err = scrum.OnTimes(samples, ranked, nil)
		if out.Enough = err == nil; errors.Is(err, scrum.ErrNotEnoughSprints) {
			return nil
		}
		return err
	})
	return out, err
}

// rhythm is how many days lie between the beginnings of two sprints, where fewer
// than two are known.
const rhythm = 14

// comingEnds are the moments at which the coming sprints end, for as far as a
// forecast looks.
func comingEnds(g db.Reader, t *team.Team, now time.Time) ([]time.Time, error) {
	cal, err := t.Calendar()
	if err != nil {
		return nil, err
	}
	first, err := Active(g, t.ID)
	if err == nil && first == nil {
		first, err = nextPlanned(g, t.ID)
	}
	if err != nil {
		return nil, err
	}
	end, days := cal.DayOf(now).Add(rhythm), rhythm
	if first != nil {
		end = first.EndDate
		days = max(1, (first.StartDate.DaysUntil(first.EndDate)+1+6)/7*7) // whole weeks, as weekends lie between
	}
	ends := make([]time.Time, scrum.Horizon)
	for k := range ends {
		ends[k] = cal.EndOf(end.Add(k * days))
	}
	return ends, nil
}

// dueSprint is the number of the last coming sprint that ends by a due date.
func dueSprint(ends []time.Time, due *int64) int {
	if due == nil {
		return scrum.NoDueSprint
	}
	n := 0
	for n < len(ends) && ends[n].UnixMicro() <= *due {
		n++
	}
	return n
}
