package sprint

import (
	"context"
	"fmt"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Reopening takes a close back.
type Reopening struct {
	Reason string
	Seen   int64
}

// Reopened is what came of it.
type Reopened struct {
	Sprint   *Sprint
	Returned []int64   // numbers of the items that the close had sent away
	MovedOn  []MovedOn // those that did not return, because something happened to them since
	Next     NextSprint
}

// ReopenableUntil is the moment up to which a closed sprint can be reopened; nil for
// any other, and for one that was lived elsewhere.
func (s *Sprint) ReopenableUntil() *time.Time {
	if s.State != scrum.Closed || s.ClosedAt == nil || s.Imported {
		return nil
	}
	until := s.ClosedAt.Add(scrum.ReopenWithin)
	return &until
}

// Reopen makes a sprint that was closed a short while ago active again, with the
// items that its close sent away, unless they moved on. What happened in between
// becomes rows of its ledger; its figures at the close are kept beside them.
func (s *Service) Reopen(ctx context.Context, who audit.Who, t *team.Team, number int64, r Reopening) (*Reopened, error) {
	var out *Reopened
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		fresh, err := team.Lock(tx, t.ID)
		if err != nil {
			return err
		}
		sp, err := lock(tx, t.ID, number, r.Seen)
		if err != nil {
			return err
		}
		closing, err := reopenable(tx, fresh, sp)
		if err != nil {
			return err
		}
		back := &returning{tx: tx, who: who, team: fresh, sprint: sp, closing: closing}
		if err := back.all(); err != nil {
			return err
		}
		if err := noteReopening(tx, who, closing, r.Reason); err != nil {
			return err
		}
		next, err := unplan(tx, who, closing)
		if err != nil {
			return err
		}
		out = &Reopened{sp, back.returned, back.movedOn, next}
		return s.told(tx, who, sp, "sprint.reopened", map[string]any{"reason": r.Reason, "completed": closing.Completed, "moved_on": back.movedOn, "next": next})
	})
	return out, err
}

// reopenable finds the close that is to be taken back, or says why it cannot be.
func reopenable(tx *db.Tx, t *team.Team, sp *Sprint) (*Closed, error) {
	if sp.Imported {
		return nil, fault.New(fault.Conflict, "This sprint was lived elsewhere and imported; it cannot be worked on here.")
	}
	if err := sp.State.CanReopen(sp.ClosedAt, tx.Now); err != nil {
		return nil, fault.New(fault.Conflict, "%s", err)
	}
	active, err := activeOf(tx.DB, t.ID)
	if err != nil {
		return nil, err
	}
	if len(active) > 0 && !t.ParallelSprints {
		n := active[0].Number
		return nil, fault.New(fault.Conflict, "Sprint %d is active, and this team works on one sprint at a time. Close or cancel sprint %d first, allow parallel sprints in the team's settings, or record a correction in the report of sprint %d instead.", n, n, sp.Number)
	}
	closing, err := standing(tx.DB, sp.ID)
	if err == nil && closing == nil {
		err = fault.New(fault.Conflict, "This sprint was closed by an earlier version, which did not keep what its close did. Record a correction in its report instead.")
	}
	return closing, err
}

// returning brings the items of a closed sprint back, one by one.
type returning struct {
	tx       *db.Tx
	who      audit.Who
	team     *team.Team
	sprint   *Sprint
	closing  *Closed
	returned []int64
	movedOn  []MovedOn
}

func (r *returning) all() error {
	stood, err := load(r.tx.DB, r.team, r.sprint)
	if err != nil {
		return err
	}
	fold := stood.Fold() // up to the close
	items, err := closedItems(r.tx.DB, r.closing.ID)
	if err != nil {
		return err
	}
	if err := r.activate(); err != nil {
		return err
	}
	for _, item := range items {
		p, err := backlog.ByID(r.tx.DB, item.PatchID)
		if err == nil {
			p, err = backlog.Hold(r.tx, r.team.ID, p.Number)
		}
		if err != nil {
			return err
		}
		if err := r.one(item, p, fold.Standing(backlog.Key(r.team.Key, p.Number))); err != nil {
			return err
		}
	}
	now, err := load(r.tx.DB, r.team, r.sprint)
	if err != nil {
		return err
	}
	return now.Check() // a sprint that does not add up is not reopened
}

func (r *returning) activate() error {
	sp := r.sprint
	sp.State, sp.ClosedAt, sp.GoalMet, sp.Completed, sp.FinalScope = scrum.Active, nil, nil, nil, nil
	return save(r.tx, sp, map[string]any{
		"state": string(sp.State), "closed_at": nil, "goal_met": nil, "completed": nil, "final_scope": nil,
	})
}

// one decides about an item: it returns, or it moved on.
func (r *returning) one(c closedItem, p *backlog.Patch, stood scrum.Standing) error {
	where, err := r.whereabouts(c, p, stood)
	if err != nil {
		return err
	}
	if where != "" {
		return r.leave(c, p, stood, where)
	}
	if c.Choice != choiceCompleted || p.IsOpen {
		r.returned = append(r.returned, p.Number)
	}
	return r.take(c, p, stood)
}

// whereabouts says where an item is that moved on since the close; empty for one that
// can return. A dropped one is restored, if it can be.
func (r *returning) whereabouts(c closedItem, p *backlog.Patch, stood scrum.Standing) (string, error) {
	if p.SprintID != nil && *p.SprintID != r.sprint.ID {
		other, err := byID(r.tx.DB, *p.SprintID)
		if err != nil {
			return "", err
		}
		if c.NextSprintID == nil || *c.NextSprintID != other.ID || other.State != scrum.Planned {
			return fmt.Sprintf("in sprint %d", other.Number), nil
		}
	}
	switch {
	case p.Status == scrum.Verified && !stood.Done:
		return "verified", nil
	case p.Status != scrum.Dropped:
		return "", nil
	case c.Choice != string(scrum.ToDrop):
		return "dropped", nil
	}
	err := backlog.RestoreIn(r.tx, r.who, r.team, p)
	if fault.Is(err, fault.Conflict) {
		return "dropped", nil
	}
	return "", err
}

// leave ends the membership of an item that moved on: it is out of this sprint's
// scope, as if it had been taken out now.
func (r *returning) leave(c closedItem, p *backlog.Patch, stood scrum.Standing, where string) error {
	r.movedOn = append(r.movedOn, MovedOn{p.Number, where})
	if err := noteMovedOn(r.tx, c, where); err != nil || !stood.In {
		return err
	}
	if stood.Done {
		if err := r.record(p, scrum.KindReopened, string(scrum.OtherReason), stood.Points, "opened again while the sprint was closed"); err != nil {
			return err
		}
	}
	kind, detail, outcome := scrum.KindRemoved, "", backlog.OutcomeRemoved
	if p.Status == scrum.Dropped && p.DropReason != nil {
		kind, detail, outcome = scrum.KindDropped, *p.DropReason, backlog.OutcomeDropped
	}
	if err := r.record(p, kind, detail, -stood.Points, "moved on while the sprint was closed: "+where); err != nil {
		return err
	}
	return backlog.Leave(r.tx, p.ID, r.sprint.ID, outcome, true)
}

// take makes an item part of the sprint again, as it was before the close.
func (r *returning) take(c closedItem, p *backlog.Patch, stood scrum.Standing) error {
	if err := r.catchUp(p, stood); err != nil {
		return err
	}
	if p.SprintID == nil || *p.SprintID != r.sprint.ID {
		if err := r.move(c, p); err != nil {
			return err
		}
	}
	return backlog.Leave(r.tx, p.ID, r.sprint.ID, "", true)
}

func (r *returning) move(c closedItem, p *backlog.Patch) error {
	if p.SprintID != nil {
		if err := backlog.Leave(r.tx, p.ID, *p.SprintID, backlog.OutcomeRemoved, false); err != nil {
			return err
		}
	}
	columns, status := c.unplaced(p, r.closing.ClosedAt), p.Status
	if c.Choice != choiceCompleted && status == scrum.Ready {
		status = c.Status // where its work stood
	}
	key, err := lastKey(r.tx.DB, r.sprint.ID, status)
	if err != nil {
		return err
	}
	columns["sprint_id"], columns["board_key"], columns["status"] = r.sprint.ID, key, string(status)
	if c.carried() {
		columns["carried"] = max(0, p.Carried-1)
	}
	if err := backlog.Change(r.tx, r.who, p, p.Version, columns); err != nil {
		return err
	}
	return noted(r.tx, r.who, r.sprint, p, "patch.sprint_returned", "")
}

// catchUp writes rows for what happened to an item while its sprint was closed.
func (r *returning) catchUp(p *backlog.Patch, stood scrum.Standing) error {
	switch {
	case !stood.In:
		return r.record(p, scrum.KindAdded, string(r.cameIn(stood)), points(p), "dropped at the close, which was taken back")
	case stood.Done && p.IsOpen:
		if err := r.record(p, scrum.KindReopened, string(scrum.OtherReason), stood.Points, "opened again while the sprint was closed"); err != nil {
			return err
		}
	}
	change := points(p) - stood.Points
	if change == 0 {
		return nil
	}
	kind := stood.EstimateKind()
	if !p.IsOpen {
		kind = scrum.KindCorrection // of the credit
	}
	return r.record(p, kind, "", change, "estimated anew while the sprint was closed")
}

func (r *returning) cameIn(stood scrum.Standing) scrum.AddReason {
	if stood.Emergency {
		return scrum.Emergency
	}
	return scrum.Pulled
}

func (r *returning) record(p *backlog.Patch, kind scrum.Kind, detail string, points float64, reason string) error {
	here := *p
	here.SprintID = &r.sprint.ID
	step := backlog.Step{Kind: kind, Detail: detail, Points: points, Reason: reason}
	if kind == scrum.KindAdded {
		step.Risk = p.Risk // what comes in, as with every addition
	}
	return backlog.Record(r.tx, r.who, &here, step)
}
