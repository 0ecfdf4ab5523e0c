// Package report answers over what several capabilities know: how work flows, and
// what a sprint came to. It only reads.
package report

import (
	"context"
	"slices"
	"time"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// Service reads reports.
type Service struct {
	db     *db.DB
	sprint *sprint.Service
}

// New makes the service.
func New(d *db.DB, s *sprint.Service) *Service { return &Service{d, s} }

// MaxCycles is how many finished items a flow names; the latest.
const MaxCycles = 2000

// Flow is how work went through the statuses over some days.
type Flow struct {
	Days          []scrum.FlowDay
	Cycles        []Cycle // finished in these days, oldest first
	P50, P85, P95 float64 // days
	Truncated     bool    // more than MaxCycles were finished
}

// Cycle is the time a finished item took from the begin of its work, in days of 24
// hours; what it was blocked of that is part of it.
type Cycle struct {
	Key, Title    string
	Points        *float64
	Started, Done time.Time
	Days, Blocked float64

	id string
}

// Flow looks back over a number of days that ends today. Items of imported sprints
// are not in it: when work on them began is not known.
func (s *Service) Flow(ctx context.Context, t *team.Team, days int) (*Flow, error) {
	cal, err := t.Calendar()
	if err != nil {
		return nil, err
	}
	last := cal.DayOf(s.db.Now())
	first := last.Add(1 - days)
	out := &Flow{}
	err = s.db.View(ctx, func(g db.Reader) error {
		now, err := statuses(g, t.ID)
		if err != nil {
			return err
		}
		moves, err := movesSince(g, t.ID, cal.StartOf(first))
		if err != nil {
			return err
		}
		out.Days = scrum.Flow(cal, first, last, now, moves)
		return out.cycles(g, t, cal.StartOf(first))
	})
	return out, err
}

func (f *Flow) cycles(g db.Reader, t *team.Team, since time.Time) (err error) {
	if f.Cycles, err = cyclesSince(g, t, since, MaxCycles+1); err != nil {
		return err
	}
	if f.Truncated = len(f.Cycles) > MaxCycles; f.Truncated {
		f.Cycles = f.Cycles[:MaxCycles]
	}
	slices.Reverse(f.Cycles)
	blocked, err := blockersOf(g, t.ID, since)
	if err != nil {
		return err
	}
	var all []float64
	for i := range f.Cycles {
		c := &f.Cycles[i]
		c.Days = inDays(c.Done.Sub(c.Started))
		for _, b := range blocked[c.id] {
			c.Blocked += inDays(scrum.Overlap(b.since, b.until, c.Started, c.Done))
		}
		all = append(all, c.Days)
	}
	slices.Sort(all)
	f.P50, f.P85, f.P95 = scrum.Quantile(all, .5), scrum.Quantile(all, .85), scrum.Quantile(all, .95)
	return nil
}

func inDays(d time.Duration) float64 { return float64(d.Round(time.Minute)) / float64(24*time.Hour) }

func keyOf(t *team.Team, number int64) string { return backlog.Key(t.Key, number) }
