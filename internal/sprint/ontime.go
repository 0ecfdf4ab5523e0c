package sprint

import (
	"context"
	"errors"
	"slices"
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
	return s.onTime(ctx, t, func(g db.Reader) ([]candidate, error) { return rankedOf(g, t.ID, limit) })
}

// OnTimeOf foretells the open ones of some items, wherever they stand among the first
// deepest of the backlog. It reads what lies above them as sums.
func (s *Service) OnTimeOf(ctx context.Context, t *team.Team, numbers []int64) (OnTime, error) {
	return s.onTime(ctx, t, func(g db.Reader) ([]candidate, error) { return ranksOf(g, t.ID, numbers) })
}

func (s *Service) onTime(ctx context.Context, t *team.Team, read func(db.Reader) ([]candidate, error)) (OnTime, error) {
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
		rows, err := read(g)
		if err != nil {
			return err
		}
		ranked := make([]scrum.Ranked, len(rows))
		for i, r := range rows {
			ranked[i] = scrum.Ranked{Item: backlog.Key(t.Key, r.number), DueSprint: dueSprint(ends, r.due)}
			if r.number == between {
				ranked[i].Item = ""
			}
			if r.points != nil {
				ranked[i].Points = *r.points
			}
		}
		out.Items, err = scrum.OnTimes(samples, ranked, nil)
		out.Items = slices.DeleteFunc(out.Items, func(i scrum.OnTime) bool { return i.Item == "" })
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
