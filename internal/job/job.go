// Package job runs what nobody asks for: priorities that grow as due dates near,
// and the forgetting of what is no longer needed. Among many replicas each job
// runs once per interval.
//
// A lease row per job says who runs it now and until when, and after a run when
// the next one is due. Its term, which grows with every holder, is the fence: a
// holder that was stopped for longer than its lease finds a newer term and can
// neither write behind it nor say that it is done.
package job

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"patchline/internal/db"
	"patchline/internal/event"
)

// Job is something to do once per interval. It may be cut short and run again, so
// it must be able to take up what it left.
type Job struct {
	Name  string
	Every time.Duration
	Run   func(ctx context.Context, lease Lease) error
}

// Lease is the right to run a job now.
type Lease struct {
	name   string
	holder string
	term   int64
}

const (
	hold = time.Minute      // how long a lease lasts without being renewed
	look = 10 * time.Second // how often a replica looks whether a job is due
)

// Scheduler runs jobs until its context ends.
type Scheduler struct {
	db   *db.DB
	id   string // this process, among the replicas
	jobs []Job
}

// New makes a scheduler of the given jobs.
func New(d *db.DB, jobs ...Job) *Scheduler { return &Scheduler{d, db.NewID(), jobs} }

// Kept is how long events stay in the outbox for listeners that reconnect.
const Kept = 7 * 24 * time.Hour

// Standard are the jobs of the product. Refresh lets priorities grow, tidy
// forgets ended sessions and old idempotency keys.
func Standard(d *db.DB, refresh func(context.Context, *db.DB) (int, error), tidy func(context.Context) error) []Job {
	return []Job{
		{"refresh priorities", 10 * time.Minute, func(ctx context.Context, _ Lease) error {
			_, err := refresh(ctx, d)
			return err
		}},
		{"forget events", time.Hour, func(ctx context.Context, l Lease) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				if err := l.Fence(tx); err != nil {
					return err
				}
				return event.Forget(tx, tx.Now.Add(-Kept))
			})
		}},
		{"tidy", time.Hour, func(ctx context.Context, _ Lease) error { return tidy(ctx) }},
	}
}

// Run looks for due jobs until ctx ends, and waits for those under way.
func (s *Scheduler) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, j := range s.jobs {
		all.Go(func() { s.repeat(ctx, j) })
	}
	all.Wait()
}

func (s *Scheduler) repeat(ctx context.Context, j Job) {
	for {
		if _, err := s.Once(ctx, j); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "a job failed; it is tried again", "job", j.Name, "error", err)
		}
		pause := look + rand.N(look/4) // replicas that started together drift apart
		select {
		case <-ctx.Done():
			return
		case <-time.After(min(pause, j.Every)):
		}
	}
}

// Once runs a job if it is due and nobody else runs it, and tells whether it did.
// A failed run gives the lease back, so that it is tried again soon.
func (s *Scheduler) Once(ctx context.Context, j Job) (ran bool, err error) {
	lease, err := s.take(ctx, j.Name)
	if err != nil || lease == nil {
		return false, err
	}
	ctx, stop := context.WithCancel(ctx)
	renewing := make(chan struct{})
	go func() {
		defer close(renewing)
		s.renew(ctx, *lease, stop)
	}()
	err = j.Run(ctx, *lease)
	stop()
	<-renewing
	return true, s.done(context.WithoutCancel(ctx), *lease, j.Every, err)
}

// renew keeps the lease while the job runs, and stops the job when it is lost.
func (s *Scheduler) renew(ctx context.Context, l Lease, lost func()) {
	tick := time.NewTicker(hold / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			kept := false
			err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
				kept, err = extend(tx, l, tx.Now.Add(hold))
				return err
			})
			if err == nil && !kept {
				slog.WarnContext(ctx, "a job lost its lease and stops", "job", l.name)
				lost()
				return
			}
		}
	}
}

func (s *Scheduler) take(ctx context.Context, name string) (lease *Lease, err error) {
	due, err := isDue(s.db.Read(ctx), name, s.db.Now())
	if err != nil || !due {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		term, err := take(tx, name, s.id, tx.Now.Add(hold))
		if lease = nil; term > 0 {
			lease = &Lease{name, s.id, term}
		}
		return err
	})
	return lease, err
}

// done says when the job is due again: after its interval, or at once if it
// failed. Who lost the lease on the way has no say.
func (s *Scheduler) done(ctx context.Context, l Lease, every time.Duration, failed error) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		next := tx.Now.Add(every)
		if failed != nil {
			next = tx.Now
		}
		_, err := extend(tx, l, next)
		return err
	})
	if failed != nil {
		return failed
	}
	return err
}
