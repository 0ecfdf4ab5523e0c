package intake

import (
	"context"
	"io"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/team"
)

// ImportNow is Import for whoever waits for it, such as the command line: it also
// keeps the file in the team's history, whether it was taken or refused.
func (s *Service) ImportNow(ctx context.Context, who audit.Who, t *team.Team, req Request, progress func(Progress)) (Summary, error) {
	var last Progress
	sum, err := s.Import(ctx, who, t, req, func(p Progress) {
		last = p
		if progress != nil {
			progress(p)
		}
	})
	state := outcome(ctx, &sum, err)
	if state == Done {
		last.Applied = max(last.Applied, sum.Records-sum.RejectedCount)
	}
	if kept := s.keep(context.WithoutCancel(ctx), who, t, req, state, last, sum); err == nil {
		err = kept
	}
	return sum, err
}

func (s *Service) keep(ctx context.Context, who audit.Who, t *team.Team, req Request, state string, last Progress, sum Summary) error {
	size, err := req.File.Seek(0, io.SeekEnd)
	if err != nil {
		size = last.ReadBytes
	}
	i := &Import{ID: db.NewID(), TeamID: t.ID, File: fileName(req.Name), State: state, Scope: req.Scope, Bytes: size, UserID: who.UserID, Who: who.Name, Summary: sum}
	if i.Scope == "" {
		i.Scope = Full
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		i.CreatedAt, i.BeatAt = tx.Now, tx.Now
		if err := addImport(tx, i); err != nil {
			return err
		}
		if err := finish(tx, i.ID, state, last, sum); err != nil {
			return err
		}
		if err := audit.Write(tx, who, t.ID, "import.finished", i.ID, map[string]any{"file": i.File, "state": state}); err != nil {
			return err
		}
		return event.Tell(tx, who, t.ID, event.Event{Kind: event.ImportProgress, Key: i.ID, Status: state})
	})
}
