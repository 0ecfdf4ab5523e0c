package sprint

import (
	"context"
	"slices"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// CloseChecklist is what a close has to decide about.
type CloseChecklist struct {
	Sprint     *Sprint
	Completed  float64
	Unfinished []Item
	Next       *int64 // the planned sprint that unfinished items could go to
}

// CloseChecklist lists the unfinished items of the active sprint.
func (s *Service) CloseChecklist(ctx context.Context, t *team.Team, number int64) (*CloseChecklist, error) {
	c := &CloseChecklist{}
	err := s.db.View(ctx, func(g db.Reader) (err error) {
		if c.Sprint, err = byNumber(g, t.ID, number); err != nil {
			return err
		}
		if err := fill(g, s.db.Now(), c.Sprint); err != nil {
			return err
		}
		c.Completed = c.Sprint.Totals.Completed
		items, err := itemsOf(g, c.Sprint.ID, MaxItems)
		if err != nil {
			return err
		}
		c.Unfinished = slices.DeleteFunc(items, func(i Item) bool { return !i.IsOpen })
		next, err := nextPlanned(g, t.ID)
		if next != nil {
			c.Next = &next.Number
		}
		return err
	})
	return c, err
}

// Choice is the decision about one unfinished item.
type Choice struct {
	Number     int64
	Choice     scrum.CloseChoice
	DropReason scrum.DropReason
}

// Closing ends a sprint: a choice for each unfinished item, or Otherwise for those
// without one of their own.
type Closing struct {
	GoalMet   *bool
	Choices   []Choice
	Otherwise scrum.CloseChoice
	Seen      int64
}

// Close ends the active sprint. Its figures are folded once more, checked against
// the ledger's invariants, and kept.
func (s *Service) Close(ctx context.Context, who audit.Who, t *team.Team, number int64, c Closing) (*Sprint, error) {
	var sp *Sprint
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if _, err := team.Lock(tx, t.ID); err != nil {
			return err
		}
		if sp, err = lock(tx, t.ID, number, c.Seen); err != nil {
			return err
		}
		if _, err := sp.State.Become(scrum.Closed); err != nil {
			return fault.New(fault.Conflict, "%s", err)
		}
		items, err := itemsOf(tx.DB, sp.ID, 1_000_000)
		if err != nil {
			return err
		}
		choices, err := c.decide(t.Key, items)
		if err != nil {
			return err
		}
		return s.end(tx, who, t, sp, c, items, choices)
	})
	return sp, err
}

// decide finds the choice for each unfinished item, or says which lacks one.
func (c Closing) decide(teamKey string, items []Item) (map[int64]Choice, error) {
	out := map[int64]Choice{}
	for _, choice := range c.Choices {
		out[choice.Number] = choice
	}
	unfinished := map[int64]bool{}
	for _, item := range items {
		if !item.IsOpen {
			continue
		}
		unfinished[item.Number] = true
		choice, ok := out[item.Number]
		if !ok && c.Otherwise != "" {
			choice = Choice{Number: item.Number, Choice: c.Otherwise}
			out[item.Number] = choice
		}
		if !choice.Choice.Valid() {
			return nil, fault.Wrong("/decisions", "%s is unfinished: decide what becomes of it.", backlog.Key(teamKey, item.Number))
		}
		if choice.Choice == scrum.ToDrop && !choice.DropReason.Valid() {
			return nil, fault.Wrong("/decisions", "Say why %s is dropped: risk_accepted, superseded, false_positive or duplicate.", backlog.Key(teamKey, item.Number))
		}
	}
	for n := range out {
		if !unfinished[n] {
			return nil, fault.Wrong("/decisions", "%s is not an unfinished item of this sprint.", backlog.Key(teamKey, n))
		}
	}
	return out, nil
}

func (s *Service) end(tx *db.Tx, who audit.Who, t *team.Team, sp *Sprint, c Closing, items []Item, choices map[int64]Choice) error {
	next, made, err := nextSprint(tx, who, t, choices)
	if err != nil {
		return err
	}
	were := asTheyAre(items, choices, next)
	for i := range items { // drops are the last rows of this sprint's ledger
		if choice := choices[items[i].Number]; choice.Choice == scrum.ToDrop {
			if err := backlog.CheckDrop(t, choice.DropReason); err != nil {
				return err
			}
			if err := backlog.DropIn(tx, who, t, &items[i].Patch, backlog.Dropping{Reason: choice.DropReason, Note: "at the close of the sprint"}); err != nil {
				return err
			}
		}
	}
	if err := s.fix(tx, t, sp, c.GoalMet); err != nil {
		return err
	}
	if err := noteClosing(tx, who, sp, made, were); err != nil {
		return err
	}
	slices.Reverse(items) // so that several sent to the top keep their order
	for i := range items {
		if err := s.carry(tx, who, sp, next, &items[i].Patch, choices[items[i].Number]); err != nil {
			return err
		}
	}
	return s.told(tx, who, sp, "sprint.closed", map[string]any{"completed": sp.Completed, "final_scope": sp.FinalScope, "goal_met": c.GoalMet})
}

// nextSprint is the planned sprint that items go to; it is made, and returned as such
// too, when one is wanted and none is there.
func nextSprint(tx *db.Tx, who audit.Who, t *team.Team, choices map[int64]Choice) (next, made *Sprint, err error) {
	wanted := false
	for _, c := range choices {
		wanted = wanted || c.Choice == scrum.ToNextSprint
	}
	if !wanted {
		return nil, nil, nil
	}
	if next, err = nextPlanned(tx.DB, t.ID); err != nil || next != nil {
		return next, nil, err
	}
	made, err = create(tx, who, t.ID, Planning{})
	return made, made, err
}

// fix writes the closed sprint's figures. They are the fold of its ledger, which
// must keep its invariants: a sprint that does not add up is not closed.
func (s *Service) fix(tx *db.Tx, t *team.Team, sp *Sprint, goalMet *bool) error {
	folded, err := load(tx.DB, t, sp)
	if err != nil {
		return err
	}
	at := tx.Now
	for _, e := range folded.Entries {
		if e.At.After(at) { // another server's clock is ahead
			at = e.At
		}
	}
	folded.Close = at
	if err := folded.Check(); err != nil {
		return err
	}
	r := folded.Report(at)
	sp.State, sp.ClosedAt, sp.GoalMet = scrum.Closed, &at, goalMet
	sp.Completed, sp.FinalScope = &r.Completed, &r.FinalScope
	return save(tx, sp, map[string]any{
		"state": string(sp.State), "closed_at": at.UnixMicro(), "goal_met": goalMet, "completed": r.Completed, "final_scope": r.FinalScope,
	})
}

// carry ends one item's membership and sends it where it was decided to go.
func (s *Service) carry(tx *db.Tx, who audit.Who, sp, next *Sprint, p *backlog.Patch, c Choice) error {
	switch {
	case c.Choice == scrum.ToDrop:
		return nil
	case !p.IsOpen:
		return backlog.Leave(tx, p.ID, sp.ID, backlog.OutcomeCompleted, true)
	}
	if err := backlog.Leave(tx, p.ID, sp.ID, backlog.OutcomeCarried, true); err != nil {
		return err
	}
	columns := map[string]any{"carried": p.Carried + 1, "sprint_id": nil}
	if c.Choice == scrum.ToNextSprint {
		columns["sprint_id"] = next.ID
	} else {
		columns["status"] = string(scrum.Ready)
	}
	if err := backlog.Change(tx, who, p, p.Version, columns); err != nil {
		return err
	}
	if err := noted(tx, who, sp, p, "patch.sprint_carried", ""); err != nil {
		return err
	}
	switch c.Choice {
	case scrum.ToNextSprint:
		return join(tx, who, next, p, backlog.HowCarried, "")
	case scrum.ToBacklogTop:
		return backlog.Top(tx, who, p, "unfinished in "+sp.label())
	}
	return nil
}

// Cancel ends a sprint without a result; its open items return to the backlog.
func (s *Service) Cancel(ctx context.Context, who audit.Who, t *team.Team, number, seen int64, reason string) (*Sprint, error) {
	var sp *Sprint
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if sp, err = lock(tx, t.ID, number, seen); err != nil {
			return err
		}
		if _, err := sp.State.Become(scrum.Cancelled); err != nil {
			return fault.New(fault.Conflict, "%s", err)
		}
		started := sp.State == scrum.Active
		if err := release(tx, who, sp, started); err != nil {
			return err
		}
		sp.State = scrum.Cancelled
		columns := map[string]any{"state": string(scrum.Cancelled)}
		if started {
			sp.ClosedAt = &tx.Now
			columns["closed_at"] = tx.Now.UnixMicro()
		}
		if err := save(tx, sp, columns); err != nil {
			return err
		}
		return s.told(tx, who, sp, "sprint.cancelled", map[string]any{"reason": reason})
	})
	return sp, err
}
