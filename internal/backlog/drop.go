package backlog

import (
	"cmp"
	"context"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Dropping is the decision not to do a patch.
type Dropping struct {
	Reason scrum.DropReason
	Note   string
	Until  *time.Time // when an accepted risk comes back
	Seen   int64
}

// Drop takes a patch out of the backlog, and out of its sprint. Dropped is not
// completed. An accepted risk always comes back: without a date of its own, after
// the longest time that the team allows.
func (s *Service) Drop(ctx context.Context, who audit.Who, t *team.Team, number int64, d Dropping) (*Patch, error) {
	if !d.Reason.Valid() {
		return nil, fault.Wrong("/reason", "The reason is risk_accepted, superseded, false_positive or duplicate.")
	}
	if err := CheckDrop(t, d.Reason); err != nil {
		return nil, err
	}
	var p *Patch
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if d.Until != nil && !d.Until.After(tx.Now) {
			return fault.Wrong("/until", "The date on which it comes back must lie ahead.")
		}
		if p, err = Hold(tx, t.ID, number); err != nil {
			return err
		}
		if p.Version != d.Seen {
			return stale(p)
		}
		if !p.IsOpen {
			return fault.New(fault.Conflict, "This patch is %s already.", p.Status.Label())
		}
		if err := DropIn(tx, who, t, p, d); err != nil {
			return err
		}
		return s.told(tx, who, t, p, "patch.dropped", map[string]any{"reason": d.Reason, "note": d.Note, "until": d.Until})
	})
	return p, err
}

// CheckDrop refuses what a team that requires approval does by exceptions only:
// accepting a risk and calling a finding false. There the approver is somebody else.
func CheckDrop(t *team.Team, reason scrum.DropReason) error {
	if t.ApprovalRequired && (reason == scrum.RiskAccepted || reason == scrum.FalsePositive) {
		return fault.New(fault.Conflict, "In this team somebody else approves such a decision. Request an exception for the patch instead.")
	}
	return nil
}

// DropIn drops a patch inside a transaction: row, ledger and membership. What
// stopped it stops nothing any more.
func DropIn(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, d Dropping) error {
	if d.Until == nil && d.Reason == scrum.RiskAccepted {
		until := tx.Now.AddDate(0, 0, int(t.ExceptionMaxDays))
		d.Until = &until
	}
	if err := dropOut(tx, who, p, d); err != nil {
		return err
	}
	return unblock(tx, who, t, p)
}

// dropOut leaves the blocker of a patch as it is, for the one that follows it.
func dropOut(tx *db.Tx, who audit.Who, p *Patch, d Dropping) error {
	state, err := stateOf(tx, p)
	if err != nil {
		return err
	}
	cause := scrum.RiskRescored // it turned out to be none, or another one's
	if d.Reason == scrum.RiskAccepted {
		cause = scrum.RiskTaken
	}
	step := Step{Kind: scrum.KindDropped, Detail: string(d.Reason), Points: -p.points(), Cause: cause, Risk: -p.Risk, Reason: d.Note}
	if state != scrum.Active { // leaving a plan is no change of scope
		step.Kind, step.Detail, step.Points = "", "", 0
	}
	if err := Record(tx, who, p, step); err != nil {
		return err
	}
	if p.SprintID != nil {
		if err := Leave(tx, p.ID, *p.SprintID, OutcomeDropped, state == scrum.Active); err != nil {
			return err
		}
	}
	if err := tx.Exec("UPDATE patch_texts SET drop_note = ? WHERE id = ?", d.Note, p.ID).Error; err != nil {
		return err
	}
	return Change(tx, who, p, p.Version, map[string]any{
		"status": string(scrum.Dropped), "is_open": false, "drop_reason": string(d.Reason), "drop_until": db.Micros(d.Until), "sprint_id": nil,
	})
}

// Restore brings a dropped patch back; its due date runs on the original clock.
func (s *Service) Restore(ctx context.Context, who audit.Who, t *team.Team, number, seen int64) (*Patch, error) {
	var p *Patch
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if p, err = Hold(tx, t.ID, number); err != nil {
			return err
		}
		if p.Version != seen {
			return stale(p)
		}
		if err := RestoreIn(tx, who, t, p); err != nil {
			return err
		}
		return s.told(tx, who, t, p, "patch.restored", nil)
	})
	return p, err
}

// unblock resolves the open blocker of a patch that is dropped.
func unblock(tx *db.Tx, who audit.Who, t *team.Team, p *Patch) error {
	needed, err := closeBlocker(tx, p.ID)
	if err != nil || needed == "" {
		return err
	}
	return audit.Write(tx, who, t.ID, "blocker.resolved", p.ID, map[string]any{"needed": needed, "reason": "the patch was dropped"})
}

// RestoreIn brings a dropped patch that is held back, inside a transaction.
func RestoreIn(tx *db.Tx, who audit.Who, t *team.Team, p *Patch) error {
	if p.Status != scrum.Dropped {
		return fault.New(fault.Conflict, "This patch is not dropped.")
	}
	if held, err := isExcepted(tx.DB, p.ID); err != nil || held {
		return cmp.Or(err, fault.New(fault.Conflict, "An approved exception holds this patch. End the exception, and the patch returns."))
	}
	if p.DropReason != nil && *p.DropReason == string(scrum.Superseded) && p.SupersededBy != nil {
		return fault.New(fault.Conflict, "A newer patch took its findings over; work on that one.")
	}
	if err := ComponentFree(tx, p); err != nil {
		return err
	}
	status, err := statusToReturn(tx.DB, p.ID)
	if err != nil {
		return err
	}
	err = Change(tx, who, p, p.Version, map[string]any{
		"status": string(status), "is_open": true, "drop_reason": nil, "drop_until": nil,
	})
	if err != nil {
		return err
	}
	if err := Record(tx, who, p, Step{Cause: scrum.RiskReturned, Risk: p.Risk}); err != nil {
		return err
	}
	if _, err := Rescore(tx, who, t, []string{p.ID}, "restored"); err != nil {
		return err
	}
	back, err := ByID(tx.DB, p.ID)
	if err == nil {
		*p = *back
	}
	return err
}

// statusToReturn is the status of a dropped patch that comes back: new if it was new.
// Work that a sprint had begun is ready, like all that a sprint leaves unfinished.
func statusToReturn(g db.Reader, patchID string) (scrum.Status, error) {
	before, err := statusBeforeDrop(g, patchID)
	if before == scrum.New {
		return scrum.New, err
	}
	return scrum.Ready, err
}

// ComponentFree refuses a second open patch of one subject.
func ComponentFree(tx *db.Tx, p *Patch) error {
	if p.Component == "" || p.Kind != KindPatch {
		return nil
	}
	var n int
	err := db.One(tx.Raw("SELECT COUNT(*) FROM patches WHERE team_id = ? AND component = ? AND stream = ? AND part = ? AND is_open AND kind = ? AND id <> ?", p.TeamID, p.Component, p.Stream, p.Part, KindPatch, p.ID), &n)
	if err == nil && n > 0 {
		return fault.New(fault.Conflict, "Another open patch is about the same component; work on that one.")
	}
	return err
}

func (s *Service) told(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, action string, detail map[string]any) error {
	if err := audit.Write(tx, who, t.ID, action, p.ID, detail); err != nil {
		return err
	}
	if err := s.fill(tx.DB, p); err != nil {
		return err
	}
	return event.Tell(tx, who, t.ID, event.Event{Kind: event.PatchChanged, Key: Key(t.Key, p.Number), Version: p.Version, Status: string(p.Status)})
}
