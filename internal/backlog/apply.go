package backlog

import (
	"context"
	"log/slog"
	"time"

	"patchline/internal/advisory"
	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/policy"
	"patchline/internal/team"
)

// applying is one run under way.
type applying struct {
	s    *Service
	run  *policy.Run
	size int       // of a transaction
	told time.Time // when listeners last heard of it
}

// holds is how long one transaction should hold other writers up: half of the
// 50 ms that they may have to wait.
const holds = 25 * time.Millisecond

func (w *applying) work(ctx context.Context) error {
	g := w.s.db.Read(ctx)
	if w.run.Total == 0 {
		total, err := countOpen(g, w.run.TeamID)
		if err != nil {
			return err
		}
		w.run.Total = total
	}
	w.run.State = policy.Running
	for {
		ids, err := openAfter(g, w.run.TeamID, w.run.AfterID, look)
		if err != nil {
			return err
		}
		newer, err := w.run.IsSuperseded(g)
		switch {
		case err != nil:
			return err
		case newer:
			w.run.State = policy.Superseded
		case len(ids) == 0:
			w.run.State, w.run.Looked = policy.Done, max(w.run.Looked, w.run.Total)
			w.run.Total = w.run.Looked
		}
		if w.run.State != policy.Running {
			return w.save(ctx, true)
		}
		if err := w.part(ctx, g, ids); err != nil {
			return err
		}
	}
}

// part sets the due dates of some patches, and says how far the run is.
func (w *applying) part(ctx context.Context, g db.Reader, ids []string) error {
	differ, err := w.differing(g, ids)
	if err != nil {
		return err
	}
	for len(differ) > 0 {
		n := min(w.size, len(differ))
		begin := time.Now()
		changed, err := refreshSome(ctx, w.s.db, w.run.TeamID, differ[:n], w.run.Reason)
		if err != nil {
			return err
		}
		w.run.Changed += int64(changed)
		w.fit(time.Since(begin))
		differ = differ[n:]
	}
	w.run.AfterID, w.run.Looked = ids[len(ids)-1], w.run.Looked+int64(len(ids))
	return w.save(ctx, time.Since(w.told) > time.Second)
}

// fit learns from how long a transaction took.
func (w *applying) fit(took time.Duration) {
	size := int(float64(w.size) * float64(holds) / float64(max(took, time.Millisecond)))
	w.size = min(max(size, w.size/2, 5), w.size*2, chunk)
}

// differing finds the patches whose score or due date is another one now.
func (w *applying) differing(g db.Reader, ids []string) (out []string, err error) {
	t, err := team.ByID(g, w.run.TeamID)
	if err != nil {
		return nil, err
	}
	median, err := advisory.Median(g)
	if err != nil {
		return nil, err
	}
	policies, err := policy.Of(g, t, w.s.db.Now())
	if err != nil {
		return nil, err
	}
	err = eachJudged(g, &scoring{now: w.s.db.Now(), median: median, policies: policies}, ids, func(_ *Patch, j *judged) {
		if j.changed {
			out = append(out, j.patch.ID)
		}
	})
	return out, err
}

func (w *applying) save(ctx context.Context, tell bool) error {
	return w.s.db.Write(ctx, func(tx *db.Tx) error {
		if err := w.run.Note(tx); err != nil || !tell {
			return err
		}
		w.told = time.Now()
		if w.run.State != policy.Running && w.run.Changed > 0 {
			if err := event.Tell(tx, audit.Server, w.run.TeamID, event.Event{Kind: event.PatchesChanged}); err != nil {
				return err
			}
		}
		return event.Tell(tx, audit.Server, w.run.TeamID, event.Event{Kind: event.PoliciesChanged, Key: w.run.ID, Status: w.run.State})
	})
}

// Wake lets the worker look at once whether there is a run.
func (s *Service) Wake() {
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

// Run applies changes of policies until ctx ends: those of this server at once,
// and those that others have left undone within seconds.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	for ctx.Err() == nil {
		worked, err := s.Apply(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "the due dates of a team could not be set anew", "error", err)
		}
		if worked && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-s.bell:
		}
	}
}
