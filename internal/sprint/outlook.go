package sprint

import (
	"context"
	"errors"
	"slices"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Outlook is when the open backlog will be done.
type Outlook struct {
	scrum.Forecast
	Enough      bool
	Remaining   float64
	Unestimated int
	P50, P85    *float64       // points that half, and 85 %, of the coming sprints complete
	OnTime      []scrum.OnTime // of the items asked about
}

// Question is a forecast with other inputs than the team's own; what is nil is the
// team's.
type Question struct {
	Samples   []float64 // completed points of past sprints, oldest first
	Remaining *float64
	Through   int64 // number of the open patch, in backlog order, that ends what remains; 0 for all
	Capacity  scrum.Capacity
	Ranked    []scrum.Ranked
}

// Forecast convolves the last closed sprints over the open estimated backlog.
func (s *Service) Forecast(ctx context.Context, t *team.Team, q Question) (Outlook, error) {
	var out Outlook
	err := s.db.View(ctx, func(g db.Reader) (err error) {
		if q.Samples == nil {
			if q.Samples, err = samplesOf(g, t.ID); err != nil {
				return err
			}
		}
		if out.Remaining, out.Unestimated, err = workThrough(g, t.ID, q.Through); err != nil {
			return err
		}
		if q.Remaining != nil {
			out.Remaining, out.Unestimated = *q.Remaining, 0
		}
		err = out.answer(q)
		if errors.Is(err, scrum.ErrNotEnoughSprints) {
			return nil
		}
		return err
	})
	return out, err
}

// workThrough is the open work, all or down to one patch.
func workThrough(g db.Reader, teamID string, number int64) (points float64, unestimated int, err error) {
	if number == 0 {
		return openWork(g, teamID)
	}
	p, err := backlog.ByNumber(g, teamID, number)
	if err != nil {
		return 0, 0, fault.Wrong("/query/through", "There is no such patch in this team.")
	}
	if !p.IsOpen {
		return 0, 0, fault.Wrong("/query/through", "This patch is %s already.", p.Status.Label())
	}
	return openWorkDownTo(g, p)
}

func samplesOf(g db.Reader, teamID string) ([]float64, error) {
	closed, err := closedOf(g, teamID, scrum.MaxSamples)
	samples := make([]float64, len(closed))
	for i, sp := range closed {
		samples[i] = *sp.Completed
	}
	return samples, err
}

func (o *Outlook) answer(q Question) (err error) {
	if o.Forecast, err = scrum.NewForecast(q.Samples, o.Remaining, q.Capacity); err != nil {
		return err
	}
	o.Enough = true
	o.P50, o.P85 = atLeast(q.Samples, 0.5), atLeast(q.Samples, 0.85)
	o.OnTime, err = scrum.OnTimes(q.Samples, q.Ranked, q.Capacity)
	return err
}

// atLeast is the most points that a share of the samples reached.
func atLeast(samples []float64, share float64) *float64 {
	sorted := slices.Clone(samples)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	i := min(len(sorted)-1, int(share*float64(len(sorted))+0.9999)-1)
	return &sorted[max(i, 0)]
}
