package intake

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
)

const (
	beats = 10 * time.Second // between two signs of life
	stale = time.Minute      // without one, the worker is dead
)

// again ends every explanation of an import that the server did not finish.
const again = "Import the file again: what was applied already is not applied twice."

// Run works on what was enqueued, one import at a time, until ctx ends. What then
// still waits is marked as failed.
func (s *Service) Run(ctx context.Context) {
	working := make(chan struct{})
	go func() {
		defer close(working)
		s.work(ctx)
	}()
	tick := time.NewTicker(beats)
	defer tick.Stop()
	for {
		select {
		case <-working:
			return
		case <-tick.C:
			s.live(ctx)
		}
	}
}

func (s *Service) work(ctx context.Context) {
	for {
		j := s.next()
		switch {
		case j != nil:
			s.do(ctx, j)
		case ctx.Err() != nil:
			return
		default:
			select {
			case <-ctx.Done():
			case <-s.bell:
			}
		}
	}
}

func (s *Service) push(j *job) {
	s.mu.Lock()
	s.queue = append(s.queue, j)
	s.mu.Unlock()
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

// next is what to work on; it stays in the queue, which beats for it, until it is
// finished.
func (s *Service) next() *job {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return nil
	}
	return s.queue[0]
}

func (s *Service) pop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = s.queue[1:]
}

func (s *Service) waiting() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, len(s.queue))
	for i, j := range s.queue {
		ids[i] = j.id
	}
	return ids
}

// do imports one upload and removes it.
func (s *Service) do(ctx context.Context, j *job) {
	defer s.pop()
	defer s.discard(j.id)
	var last Progress
	sum, err := s.importUpload(ctx, j, func(p Progress) {
		last = p
		if err := s.advance(ctx, j, p); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "cannot write an import's progress", "error", err)
		}
	})
	state := outcome(ctx, &sum, err)
	if state == Failed && ctx.Err() == nil {
		slog.ErrorContext(ctx, "an import failed", "import", j.id, "file", j.req.Name, "error", err)
	}
	if state == Done {
		last.Applied = max(last.Applied, sum.Records-sum.RejectedCount)
	}
	if err := s.conclude(context.WithoutCancel(ctx), j, state, last, sum); err != nil {
		slog.ErrorContext(ctx, "cannot write an import's end", "import", j.id, "error", err)
	}
}

func (s *Service) importUpload(ctx context.Context, j *job, progress func(Progress)) (Summary, error) {
	f, err := os.Open(s.spoolPath(j.id))
	if err != nil {
		return Summary{File: j.req.Name, Rejected: []Rejection{}, Notes: []string{}}, err
	}
	defer f.Close()
	req := j.req
	req.File = f
	return s.Import(ctx, j.who, j.team, req, progress)
}

// outcome tells a file that is wrong from a server that could not.
func outcome(ctx context.Context, sum *Summary, err error) string {
	text := ""
	switch {
	case err == nil:
		return Done
	case ctx.Err() != nil:
		text = "The server was stopped before the import was finished. " + again
	case fault.Is(err, fault.Invalid):
		return Refused
	default:
		text = fault.Of(err).Detail + " " + again
	}
	sum.Error = &text
	return Failed
}

func (s *Service) advance(ctx context.Context, j *job, p Progress) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := advance(tx, j.id, p); err != nil {
			return err
		}
		return event.Tell(tx, j.who, j.team.ID, event.Event{Kind: event.ImportProgress, Key: j.id, Status: Running})
	})
}

func (s *Service) conclude(ctx context.Context, j *job, state string, p Progress, sum Summary) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := finish(tx, j.id, state, p, sum); err != nil {
			return err
		}
		return event.Tell(tx, j.who, j.team.ID, event.Event{Kind: event.ImportProgress, Key: j.id, Status: state})
	})
}

// live says that this worker lives, and ends the imports of those that do not.
func (s *Service) live(ctx context.Context) {
	ids := s.waiting()
	if len(ids) > 0 {
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return beat(tx, ids) }); err != nil {
			slog.WarnContext(ctx, "cannot write a sign of life", "error", err)
			return
		}
	}
	if err := s.bury(ctx, s.db.Now().Add(-stale)); err != nil {
		slog.WarnContext(ctx, "cannot look for imports of dead workers", "error", err)
	}
}

// Recover ends what a process that died has left unfinished, and removes uploads
// that nobody will read. On SQLite no other server can be at work; on PostgreSQL
// another one may be, and only what has not been heard of for a minute is ended.
func (s *Service) Recover(ctx context.Context) error {
	since := s.db.Now().Add(time.Microsecond)
	if s.db.Postgres() {
		since = s.db.Now().Add(-stale)
	}
	if err := s.bury(ctx, since); err != nil {
		return err
	}
	return s.sweep(ctx)
}

func (s *Service) bury(ctx context.Context, since time.Time) error {
	dead, err := orphans(s.db.Read(ctx), since)
	if err != nil {
		return err
	}
	mine := s.waiting()
	for _, i := range dead {
		if slices.Contains(mine, i.ID) {
			continue
		}
		text := "The server stopped before the import was finished. " + again
		i.Summary.Error = &text
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			p := Progress{ReadBytes: i.ReadBytes, Applied: int(i.Applied)}
			if err := finish(tx, i.ID, Failed, p, i.Summary); err != nil {
				return err
			}
			return event.Tell(tx, audit.Server, i.TeamID, event.Event{Kind: event.ImportProgress, Key: i.ID, Status: Failed})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sweep removes uploads without an unfinished import.
func (s *Service) sweep(ctx context.Context) error {
	files, err := os.ReadDir(s.options.Uploads)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for part := range slices.Chunk(files, 500) {
		ids := make([]string, len(part))
		for i, f := range part {
			ids[i] = f.Name()
		}
		wanted, err := awaited(s.db.Read(ctx), ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if !wanted[id] {
				s.discard(id)
			}
		}
	}
	return nil
}
