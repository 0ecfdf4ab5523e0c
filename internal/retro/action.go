package retro

import (
	"context"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/board"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Action is a backlog item of kind improvement that a retrospective wants.
type Action struct {
	ID        string
	PatchID   string
	Number    int64 // of the item
	Title     string
	Status    scrum.Status
	IsOpen    bool
	OwnerID   *string
	Owner     string
	DueSprint int64
	Kept      int64
	Sprint    int64 // of the retrospective
	Group     *string
}

// Wish is a new action.
type Wish struct {
	Title     string
	OwnerID   string
	DueSprint int64
	Group     *string
}

// Act puts an action into the backlog.
func (s *Service) Act(ctx context.Context, who audit.Who, t *team.Team, number int64, w Wish) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, t.ID); err != nil { // before the sprint, as everywhere
			return err
		}
		r, err := hold(tx, t, number)
		if err != nil {
			return err
		}
		if err := w.check(tx, r); err != nil {
			return err
		}
		p, err := backlog.CreateIn(tx, who, t, backlog.Draft{
			Title: w.Title, Kind: backlog.KindImprovement, AssigneeID: &w.OwnerID, Description: "From the retrospective of " + r.label() + ".",
		})
		if err != nil {
			return err
		}
		if err := insertAction(tx, r, p.ID, w); err != nil {
			return err
		}
		return r.told(tx, who, "retro.action_added", map[string]any{"key": backlog.Key(t.Key, p.Number), "due_sprint": w.DueSprint})
	})
}

func (w Wish) check(tx *db.Tx, r *Retro) error {
	switch {
	case r.Phase == Closed:
		return errClosed
	case r.Phase.before(Discuss):
		return errSoon
	case w.DueSprint <= r.Sprint.Number:
		return fault.Wrong("/due_sprint", "An action is for a later sprint than %d.", r.Sprint.Number)
	case w.Group == nil:
		return nil
	}
	if _, err := topicOf(tx.DB, r.ID, *w.Group); err != nil {
		return fault.Wrong("/group_id", "There is no such group in this retrospective.")
	}
	return nil
}

// Decision is what becomes of an action of a former retrospective.
type Decision string

const (
	Done Decision = "done" // it is verified: an improvement needs no approval of a change
	Keep Decision = "keep" // for the sprint after this one
	Drop Decision = "drop"
)

// Decide says what becomes of an action when the next retrospective looks at it.
func (s *Service) Decide(ctx context.Context, who audit.Who, t *team.Team, number int64, id string, d Decision) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := hold(tx, t, number)
		if err != nil {
			return err
		}
		if r.Phase == Closed {
			return errClosed
		}
		a, err := actionOf(tx.DB, t.ID, id)
		if err != nil {
			return err
		}
		p, err := backlog.Hold(tx, t.ID, a.Number)
		if err != nil {
			return err
		}
		if !p.IsOpen {
			return fault.New(fault.Conflict, "%s is %s already.", backlog.Key(t.Key, p.Number), p.Status.Label())
		}
		if err := decide(tx, who, t, r, a, p, d); err != nil {
			return err
		}
		return r.told(tx, who, "retro.action_decided", map[string]any{"key": backlog.Key(t.Key, p.Number), "decision": d})
	})
}

func decide(tx *db.Tx, who audit.Who, t *team.Team, r *Retro, a *Action, p *backlog.Patch, d Decision) error {
	reason := "decided in the retrospective of " + r.label()
	switch d {
	case Done:
		detail, err := board.MoveIn(tx, who, t, p, board.Move{Status: scrum.Verified, Reason: reason, MayApprove: true, Seen: p.Version})
		if err != nil {
			return err
		}
		return backlog.Tell(tx, who, t, p, event.PatchMoved, "patch.moved", detail)
	case Drop:
		drop := backlog.Dropping{Reason: scrum.Superseded, Note: reason}
		if err := backlog.DropIn(tx, who, t, p, drop); err != nil {
			return err
		}
		return backlog.Tell(tx, who, t, p, event.PatchChanged, "patch.dropped", map[string]any{"reason": drop.Reason, "note": drop.Note})
	}
	return keepAction(tx, a.ID, r.Sprint.Number+1)
}
