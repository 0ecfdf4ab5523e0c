package feed

import (
	"context"
	"sync"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/fetch"
	"patchline/internal/intake"
	"patchline/internal/job"
)

// Options are the settings of the service.
type Options struct {
	Folder string        // below which paths of feeds lie
	Spool  string        // directory of files on their way in
	Settle time.Duration // how long a file in a folder must stand still; 0: two seconds
	Fetch  fetch.Options
}

// Service manages feeds, and runs them.
type Service struct {
	db        *db.DB
	intake    *intake.Service
	scheduler *job.Scheduler
	client    *fetch.Client
	options   Options
	bell      chan struct{} // rings when somebody asks for a run

	mu      sync.Mutex
	running map[string]func() // by feed id: stops its run in this process
}

// New makes the service; Run makes feeds run.
func New(d *db.DB, in *intake.Service, o Options) *Service {
	if o.Settle == 0 {
		o.Settle = 2 * time.Second
	}
	return &Service{db: d, intake: in, scheduler: job.New(d), client: fetch.New(o.Fetch), options: o,
		bell: make(chan struct{}, 1), running: map[string]func(){}}
}

// Folder is below which paths of feeds lie.
func (s *Service) Folder() string { return s.options.Folder }

// List returns all feeds by name, each with its latest run.
func (s *Service) List(ctx context.Context) ([]Feed, error) {
	var out []Feed
	err := s.db.View(ctx, func(g db.Reader) (err error) {
		if err = g.Order("name, id").Find(&out).Error; err != nil {
			return err
		}
		return fill(g, out)
	})
	return out, err
}

// Get returns a feed with its latest run.
func (s *Service) Get(ctx context.Context, id string) (*Feed, error) {
	return read(s.db.Read(ctx), id)
}

// Runs returns the runs that are remembered, the latest first.
func (s *Service) Runs(ctx context.Context, id string) ([]Run, error) {
	g := s.db.Read(ctx)
	if _, err := byID(g, id); err != nil {
		return nil, err
	}
	var out []Run
	err := g.Where("feed_id = ?", id).Order("id DESC").Limit(RunsKept).Find(&out).Error
	return out, err
}

// Create adds a feed. An enabled one is due at once.
func (s *Service) Create(ctx context.Context, who audit.Who, d Draft) (*Feed, error) {
	f := fresh()
	f.apply(d)
	if err := f.check(); err != nil {
		return nil, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		f.ID, f.CreatedAt = db.NewID(), tx.Now
		if f.NextRunAt = nil; f.Enabled {
			f.NextRunAt = &tx.Now
		}
		if err := tx.Create(f).Error; err != nil {
			return err
		}
		return audit.Write(tx, who, "", "feed.created", f.ID, f.detail())
	})
	if err != nil {
		return nil, err
	}
	s.ring()
	return s.Get(ctx, f.ID)
}

// Change changes a feed that is at the version seen. One that is switched on, or
// gets another source, is due at once.
func (s *Service) Change(ctx context.Context, who audit.Who, id string, seen int64, d Draft) (*Feed, error) {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		f, err := lock(tx, id)
		if err != nil {
			return err
		}
		if f.Version != seen {
			return stale(tx.DB, f)
		}
		was := *f
		f.apply(d)
		if err := f.check(); err != nil {
			return err
		}
		switch {
		case !f.Enabled:
			f.NextRunAt = nil
		case !was.Enabled || f.Source != was.Source || f.Kind != was.Kind:
			f.NextRunAt = &tx.Now
		case f.changedSchedule(&was):
			f.NextRunAt = f.next(tx.Now)
		}
		if err := store(tx, f); err != nil {
			return err
		}
		return audit.Write(tx, who, "", "feed.changed", f.ID, f.detail())
	})
	if err != nil {
		return nil, err
	}
	s.ring()
	return s.Get(ctx, id)
}

func (f *Feed) changedSchedule(was *Feed) bool {
	same := func(a, b *int64) bool { return a == b || a != nil && b != nil && *a == *b }
	text := func(t *string) string {
		if t == nil {
			return ""
		}
		return *t
	}
	return !same(f.EveryMinutes, was.EveryMinutes) || text(f.DailyAt) != text(was.DailyAt) || f.TimeZone != was.TimeZone
}

func (f *Feed) detail() map[string]any {
	return map[string]any{"name": f.Name, "kind": f.Kind, "source": f.Source, "enabled": f.Enabled, "team": f.TeamID}
}

// Delete removes a feed and its history; what it has brought in stays. A run under
// way is stopped.
func (s *Service) Delete(ctx context.Context, who audit.Who, id string) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		f, err := lock(tx, id)
		if err != nil {
			return err
		}
		if err := remove(tx, id); err != nil {
			return err
		}
		return audit.Write(tx, who, "", "feed.deleted", id, f.detail())
	})
	s.stopHere(id)
	return err
}

// Ask makes a feed due now, whether it is enabled or not.
func (s *Service) Ask(ctx context.Context, who audit.Who, id string) (*Feed, error) {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		f, err := lock(tx, id)
		if err != nil {
			return err
		}
		if running, err := isRunning(tx.DB, id); err != nil || running {
			if err == nil {
				err = fault.New(fault.Conflict, "The feed is running already; look at its result.")
			}
			return err
		}
		if err := ask(tx, f.ID, who); err != nil {
			return err
		}
		return audit.Write(tx, who, "", "feed.asked", f.ID, nil)
	})
	if err != nil {
		return nil, err
	}
	s.ring()
	return s.Get(ctx, id)
}

// Cancel stops the run under way, wherever it runs. What it has applied stays.
func (s *Service) Cancel(ctx context.Context, who audit.Who, id string) (*Feed, error) {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		f, err := lock(tx, id)
		if err != nil {
			return err
		}
		if err := cancel(tx, f, f.next(tx.Now)); err != nil {
			return err
		}
		return audit.Write(tx, who, "", "feed.cancelled", f.ID, nil)
	})
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, id)
}

func (s *Service) ring() {
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

func (s *Service) stopHere(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stop := s.running[id]; stop != nil {
		stop()
	}
}
