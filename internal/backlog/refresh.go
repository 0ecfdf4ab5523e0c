package backlog

import (
	"context"
	"slices"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Refresh brings back accepted risks whose time is over and lets priorities grow
// as due dates near. It touches only rows whose value changes, in small
// transactions, and tells each team once.
func Refresh(ctx context.Context, d *db.DB) (changed int, err error) {
	teams, err := nearing(d.Read(ctx), d.Now())
	if err != nil {
		return 0, err
	}
	if err := returnExpired(ctx, d); err != nil {
		return 0, err
	}
	for teamID, ids := range teams {
		n := 0
		for part := range slices.Chunk(ids, chunk) {
			one, err := refreshSome(ctx, d, teamID, part, "due date nears")
			if n += one; err != nil {
				return changed + n, err
			}
		}
		if changed += n; n == 0 {
			continue
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			return event.Tell(tx, audit.Server, teamID, event.Event{Kind: event.PatchesChanged})
		})
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}

func refreshSome(ctx context.Context, d *db.DB, teamID string, ids []string, why string) (n int, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		t, err := team.ByID(tx.DB, teamID)
		if err != nil {
			return err
		}
		n, err = Rescore(tx, audit.Server, t, ids, why)
		return err
	})
	return n, err
}

// returnExpired brings dropped patches back whose exception has ended.
func returnExpired(ctx context.Context, d *db.DB) error {
	expired, err := expiredDrops(d.Read(ctx), d.Now())
	if err != nil {
		return err
	}
	for _, id := range expired {
		err := d.Write(ctx, func(tx *db.Tx) error {
			p, err := ByID(tx.DB, id)
			if err != nil || p.Status != scrum.Dropped {
				return err
			}
			t, err := team.ByID(tx.DB, p.TeamID)
			if err != nil {
				return err
			}
			if err := RestoreIn(tx, audit.Server, t, p); err != nil {
				return err
			}
			return Tell(tx, audit.Server, t, p, event.PatchChanged, "patch.restored", map[string]any{"reason": "the exception has ended"})
		})
		if err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}
