package bulk

import (
	"context"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/board"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// former is how a patch was before a change, and the version that the change made.
type former struct {
	Number   int64        `json:"n"`
	Version  int64        `json:"v"`
	Labels   []string     `json:"labels"`
	Helpers  []string     `json:"helpers"` // co-assignees; nil in changes of earlier versions
	Assignee *string      `json:"assignee"`
	Points   *float64     `json:"points"`
	Status   scrum.Status `json:"status"`
	Sprint   *int64       `json:"sprint"`
}

func formerOf(tx *db.Tx, p *backlog.Patch) (*former, error) {
	number, err := sprint.NumberOf(tx, p.SprintID)
	if err != nil {
		return nil, err
	}
	helpers, err := backlog.CoAssigneeIDs(tx.DB, p.ID)
	return &former{Number: p.Number, Labels: p.Labels, Helpers: helpers, Assignee: p.AssigneeID, Points: p.Points, Status: p.Status, Sprint: number}, err
}

// Undo takes a change back: every patch is again as it was, unless somebody has
// changed it since. It takes what the change itself took, and the one who made it.
func (s *Service) Undo(ctx context.Context, who audit.Who, t *team.Team, id string, may Allowed) (Result, error) {
	was, err := s.recall(ctx, who, t.ID, id)
	if err != nil {
		return Result{}, err
	}
	steps := make([]step, len(was))
	for i, f := range was {
		steps[i] = step{f.Number, f.Version, func(tx *db.Tx, p *backlog.Patch) (bool, *former, error) {
			return true, &former{Number: f.Number}, f.restore(tx, who, t, p, may)
		}}
	}
	return s.run(ctx, who, t, "", steps)
}

// restore brings back what differs, in the order in which it can be: a dropped
// patch returns before it can be planned, and is planned before it can move.
func (f former) restore(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch, may Allowed) error {
	if p.Status == scrum.Dropped && f.Status != scrum.Dropped {
		if !may.Rank {
			return fault.New(fault.Forbidden, "Only a product owner or an administrator restores patches.")
		}
		if err := backlog.RestoreIn(tx, who, t, p); err != nil {
			return err
		}
	}
	c := Change{Assignee: &f.Assignee, Points: &f.Points, Note: "taken back"}
	c, err := f.setLike(tx, c, p)
	if err != nil {
		return err
	}
	if _, err := c.edit(tx, who, t, p); err != nil {
		return err
	}
	if err := f.replan(tx, who, t, p, c, may); err != nil {
		return err
	}
	if p.Status == f.Status {
		return nil
	}
	m := board.Move{Status: f.Status, Reason: c.Note, Reopen: scrum.OtherReason, MayApprove: may.Approve}
	detail, err := board.MoveIn(tx, who, t, p, m)
	if err != nil {
		return err
	}
	return audit.Write(tx, who, t.ID, "patch.moved", p.ID, detail)
}

// setLike makes labels and co-assignees what they were, the labels in their order.
func (f former) setLike(tx *db.Tx, c Change, p *backlog.Patch) (Change, error) {
	c.RemoveLabels, c.AddLabels = p.Labels, f.Labels
	if f.Helpers == nil {
		return c, nil
	}
	now, err := backlog.CoAssigneeIDs(tx.DB, p.ID)
	c.RemoveHelpers, c.AddHelpers = now, f.Helpers
	return c, err
}

func (f former) replan(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch, c Change, may Allowed) error {
	now, err := sprint.NumberOf(tx, p.SprintID)
	if err != nil || same(f.Sprint, now) {
		return err
	}
	c.Sprint = &f.Sprint
	_, err = c.plan(tx, who, t, p, may)
	return err
}
