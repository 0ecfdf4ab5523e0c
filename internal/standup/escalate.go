package standup

import (
	"context"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// Escalate marks the open blockers whose escalation day has come in their team,
// and tells so, once, however many servers watch.
func (s *Service) Escalate(ctx context.Context) error {
	due, err := toEscalate(s.db.Read(ctx), s.db.Now())
	if err != nil {
		return err
	}
	for _, b := range due {
		if err := s.escalate(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) escalate(ctx context.Context, found Blocker) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := team.ByID(tx.DB, found.TeamID)
		if err != nil {
			return err
		}
		cal, err := t.Calendar()
		if err != nil {
			return err
		}
		p, b, err := hold(tx, t, found.ID, found.Version)
		if fault.Is(err, fault.Conflict) {
			return nil // somebody changed it just now; the next round looks again
		}
		if err != nil || b.ResolvedAt != nil || b.Escalated != nil || b.EscalateOn == nil || cal.DayOf(tx.Now) < *b.EscalateOn {
			return err
		}
		b.Escalated = &tx.Now
		if err := updateBlocker(tx, b); err != nil {
			return err
		}
		e := event.Event{Kind: event.BlockerEscalated, Key: backlog.Key(t.Key, p.Number), Version: b.Version + 1}
		if err := event.Tell(tx, audit.Server, t.ID, e); err != nil {
			return err
		}
		_, err = told(tx, audit.Server, t, p, b, "blocker.escalated")
		return err
	})
}
