package bulk

import (
	"slices"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/board"
	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// apply changes one patch that is held, with its audit row. It tells whether there
// was anything to change.
func (c Change) apply(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch, may Allowed) (bool, error) {
	switch {
	case c.Status != "":
		return c.move(tx, who, t, p, may)
	case c.Sprint != nil:
		return c.plan(tx, who, t, p, may)
	case c.Drop != "":
		return c.drop(tx, who, t, p)
	}
	return c.edit(tx, who, t, p)
}

func (c Change) edit(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch) (bool, error) {
	e := backlog.Edit{Seen: p.Version}
	if labels := replaced(p.Labels, c.RemoveLabels, c.AddLabels); !slices.Equal(labels, p.Labels) {
		e.Labels = &labels
	}
	if c.Assignee != nil && !same(*c.Assignee, p.AssigneeID) {
		e.AssigneeID = c.Assignee
	}
	if c.Points != nil && !same(*c.Points, p.Points) {
		e.Points = c.Points
	}
	if len(c.AddHelpers)+len(c.RemoveHelpers) > 0 {
		now, err := backlog.CoAssigneeIDs(tx.DB, p.ID)
		if err != nil {
			return false, err
		}
		if helpers := replaced(now, c.RemoveHelpers, c.AddHelpers); !sameSet(helpers, now) {
			e.CoAssigneeIDs = &helpers
		}
	}
	if e.Labels == nil && e.AssigneeID == nil && e.Points == nil && e.CoAssigneeIDs == nil {
		return false, nil
	}
	detail, err := backlog.EditIn(tx, who, t, p, e)
	if err != nil {
		return false, err
	}
	return true, audit.Write(tx, who, t.ID, "patch.changed", p.ID, detail)
}

func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// replaced keeps the order of those that stay and adds the new ones behind.
func replaced(now, remove, add []string) []string {
	out := slices.DeleteFunc(slices.Clone(now), func(l string) bool { return slices.Contains(remove, l) })
	for _, l := range add {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// sameSet compares ids, which are never there twice, in whatever order.
func sameSet(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(id string) bool { return !slices.Contains(b, id) })
}

func (c Change) move(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch, may Allowed) (bool, error) {
	if p.Status == c.Status {
		return false, nil
	}
	m := board.Move{Status: c.Status, Reason: c.Note, Reopen: scrum.OtherReason, MayApprove: may.Approve}
	detail, err := board.MoveIn(tx, who, t, p, m)
	if err != nil {
		return false, err
	}
	return true, audit.Write(tx, who, t.ID, "patch.moved", p.ID, detail)
}

func (c Change) plan(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch, may Allowed) (bool, error) {
	if *c.Sprint == nil {
		if p.SprintID == nil {
			return false, nil
		}
		if err := sprint.RemoveIn(tx, who, p, c.Note, may.Scope); err != nil {
			return false, err
		}
		return true, audit.Write(tx, who, t.ID, "patch.unplanned", p.ID, map[string]any{"reason": c.Note})
	}
	sp, err := sprint.Hold(tx, t.ID, **c.Sprint)
	if err != nil || p.SprintID != nil && *p.SprintID == sp.ID {
		return false, err
	}
	if err := sprint.AddIn(tx, who, t, sp, p, sprint.Adding{Reason: c.Note, MayScope: may.Scope}); err != nil {
		return false, err
	}
	return true, audit.Write(tx, who, t.ID, "patch.planned", p.ID, map[string]any{"sprint": sp.Number, "reason": c.Note})
}

func (c Change) drop(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch) (bool, error) {
	if !p.IsOpen {
		return false, nil
	}
	if err := backlog.CheckDrop(t, c.Drop); err != nil {
		return false, err
	}
	if err := backlog.DropIn(tx, who, t, p, backlog.Dropping{Reason: c.Drop, Note: c.Note}); err != nil {
		return false, err
	}
	return true, audit.Write(tx, who, t.ID, "patch.dropped", p.ID, map[string]any{"reason": c.Drop, "note": c.Note})
}
