package feed

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/fetch"
	"patchline/internal/job"
)

// Phases of a run; while a file is taken in they are those of package intake.
const Fetching = "fetching"

const (
	look   = 10 * time.Second // how often a replica looks for due feeds
	atOnce = 2                // runs of one replica side by side
	beats  = time.Second      // how often a run's progress is written
)

func leaseOf(id string) string { return "feed " + id }

// Run runs what is due until ctx ends, and waits for what is under way.
func (s *Service) Run(ctx context.Context) {
	s.sweep()
	var all sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for ctx.Err() == nil {
		ids, err := due(s.db.Read(ctx), s.db.Now())
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "cannot look for due feeds", "error", err)
		}
		for _, id := range ids {
			if !s.claim(id) {
				continue
			}
			all.Go(func() {
				defer s.release(id)
				slots <- struct{}{}
				defer func() { <-slots }()
				s.runOne(ctx, id)
			})
		}
		select {
		case <-ctx.Done():
		case <-s.bell:
		case <-time.After(look + rand.N(look/4)): // replicas that started together drift apart
		}
	}
	all.Wait()
}

// RunDue runs what is due now, one after the other.
func (s *Service) RunDue(ctx context.Context) error {
	ids, err := due(s.db.Read(ctx), s.db.Now())
	for _, id := range ids {
		if err == nil && s.claim(id) {
			s.runOne(ctx, id)
			s.release(id)
		}
	}
	return err
}

// RunNow runs a feed here, unless another process is faster, and waits for its end.
func (s *Service) RunNow(ctx context.Context, who audit.Who, id string) (*Feed, error) {
	if _, err := s.Ask(ctx, who, id); err != nil {
		return nil, err
	}
	for {
		if s.claim(id) {
			s.runOne(ctx, id)
			s.release(id)
		}
		f, err := s.Get(ctx, id)
		if err != nil || f.AskedBy == "" && (f.Last == nil || f.Last.FinishedAt != nil) {
			return f, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(beats / 2):
		}
	}
}

// claim keeps this process from running a feed twice side by side.
func (s *Service) claim(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, there := s.running[id]; there {
		return false
	}
	s.running[id] = nil
	return true
}

func (s *Service) release(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, id)
}

func (s *Service) runOne(ctx context.Context, id string) {
	_, err := s.scheduler.Once(ctx, job.Job{Name: leaseOf(id), Run: func(ctx context.Context, l job.Lease) error {
		return s.attempt(ctx, l, id)
	}})
	if err != nil && ctx.Err() == nil && !fault.Is(err, fault.NotFound) {
		slog.ErrorContext(ctx, "a feed could not be run", "feed", id, "error", err)
	}
}

// attempt is one run under way.
type attempt struct {
	*Service
	lease job.Lease
	feed  *Feed
	who   audit.Who

	mu  sync.Mutex
	run Run
}

var (
	errCancelled = errors.New("cancelled")
	errTooLong   = errors.New("too long")
)

// attempt runs a feed if it is still due; another replica may just have done it.
func (s *Service) attempt(ctx context.Context, l job.Lease, id string) error {
	a := &attempt{Service: s, lease: l, who: audit.Server}
	if due, err := a.begin(ctx, id); err != nil || !due {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	s.mu.Lock()
	s.running[id] = func() { stop(errCancelled) }
	s.mu.Unlock()
	limit := time.AfterFunc(time.Duration(a.feed.MaxMinutes)*time.Minute, func() { stop(errTooLong) })
	defer limit.Stop()
	beating := make(chan struct{})
	heart, still := context.WithCancel(ctx)
	go func() { defer close(beating); a.beat(heart, stop) }()
	took, err := a.take(ctx)
	still()
	<-beating
	return a.end(ctx, took, err)
}

func (a *attempt) begin(ctx context.Context, id string) (due bool, err error) {
	err = a.db.Write(ctx, func(tx *db.Tx) error {
		if err := a.lease.Fence(tx); err != nil {
			return err
		}
		f, err := lock(tx, id)
		if err != nil {
			return err
		}
		if due = f.NextRunAt != nil && !f.NextRunAt.After(tx.Now); !due {
			return nil
		}
		r, err := begin(tx, f)
		if err != nil {
			return err
		}
		a.feed, a.run = f, *r
		if f.AskedBy != "" {
			a.who = audit.Who{UserID: f.AskedID, Name: f.AskedBy}
		}
		return nil
	})
	return due, err
}

// change alters the run's figures, which the heart reads.
func (a *attempt) change(set func(r *Run)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	set(&a.run)
}

func (a *attempt) note(text string) {
	a.change(func(r *Run) {
		if len(r.Summary) < 30 {
			r.Summary = append(r.Summary, text)
		}
	})
}

// beat writes the progress while there is some, and looks whether somebody wants
// the run to stop.
func (a *attempt) beat(ctx context.Context, stop context.CancelCauseFunc) {
	tick := time.NewTicker(beats)
	defer tick.Stop()
	var last Run
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if wanted, err := wantsStop(a.db.Read(ctx), a.feed.ID); err == nil && wanted {
			stop(errCancelled)
			return
		}
		a.mu.Lock()
		now := a.run
		a.mu.Unlock()
		if now.Phase == last.Phase && now.Bytes == last.Bytes && now.Files == last.Files && now.Applied == last.Applied {
			continue
		}
		last = now
		if err := a.db.Write(ctx, func(tx *db.Tx) error { return advance(tx, now) }); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "cannot write a feed's progress", "error", err)
		}
	}
}

// end writes what came of the run, unless another replica has taken over.
func (a *attempt) end(ctx context.Context, took bool, err error) error {
	cause := context.Cause(ctx)
	a.judge(took, err, cause)
	stopped := cause != nil && !errors.Is(cause, errCancelled) && !errors.Is(cause, errTooLong)
	return a.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		if err := a.lease.Fence(tx); err != nil {
			return err
		}
		now, failed := lock(tx, a.feed.ID)
		if failed != nil {
			return failed
		}
		a.feed.Enabled, a.feed.EveryMinutes, a.feed.DailyAt, a.feed.TimeZone = now.Enabled, now.EveryMinutes, now.DailyAt, now.TimeZone
		if !stopped {
			a.schedule(tx.Now, err)
		}
		if err := finish(tx, &a.run); err != nil {
			return err
		}
		if err := settle(tx, a.feed, now); err != nil {
			return err
		}
		if a.run.State == Unchanged {
			return nil
		}
		return audit.Write(tx, a.who, "", "feed.ran", a.feed.ID, map[string]any{"state": a.run.State, "files": a.run.Files, "bytes": a.run.Bytes, "error": a.run.Error})
	})
}

// judge names the state of the run, and says in a sentence what went wrong.
func (a *attempt) judge(took bool, err, cause error) {
	r := &a.run
	f, known := errors.AsType[*fetch.Failure](err)
	switch {
	case err == nil && took:
		r.State = Done
	case err == nil:
		r.State = Unchanged
	case errors.Is(cause, errCancelled):
		r.State, r.Error = Cancelled, "Somebody stopped the run. What was taken in stays."
	case errors.Is(cause, errTooLong):
		r.State, r.Error = Failed, "The run took longer than this feed may; raise the limit if that is right. What was taken in stays."
	case cause != nil:
		r.State, r.Error = Failed, "The server was stopped before the run was finished; it begins anew with the next start."
	case known:
		r.State, r.Error = Failed, f.Detail
	default:
		r.State, r.Error = Failed, fault.Of(err).Detail
		if fault.Is(err, fault.Internal) {
			r.Error = "Something went wrong on the server; its log says what. It is tried again later."
			slog.Error("a feed failed", "feed", a.feed.Name, "error", err)
		}
	}
	if f != nil && f.Status > 0 {
		status := int64(f.Status)
		r.Status = &status
	}
}

// schedule says when the feed is due again. What failed for a reason that may pass
// is tried again sooner.
func (a *attempt) schedule(now time.Time, err error) {
	f := a.feed
	if err == nil || a.run.State == Cancelled {
		f.Failures, f.NextRunAt = 0, f.sooner(now)
		return
	}
	f.Failures++
	failure, known := errors.AsType[*fetch.Failure](err)
	switch {
	case known && failure.Again:
		f.NextRunAt = f.retry(now, failure.After)
	case known || fault.Is(err, fault.Invalid): // nobody has to come again before somebody looks
		f.NextRunAt = f.next(now)
	default:
		f.NextRunAt = f.retry(now, 0)
	}
}

// sooner is the usual time, or soon when a provider has more than one run takes.
func (f *Feed) sooner(now time.Time) *time.Time {
	at := f.next(now)
	if soon := now.Add(firstRetry); f.more && at != nil && soon.Before(*at) {
		return &soon
	}
	return at
}
