package board

import (
	"slices"
	"strings"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// keepsRules holds a move against the team's columns, limits and definition of
// done. Where a rule blocks, a reason lets the move pass, and is kept with it.
func (m Move) keepsRules(tx *db.Tx, t *team.Team, p *backlog.Patch) error {
	if !m.enters {
		return nil
	}
	rules, err := t.Rules()
	if err != nil {
		return err
	}
	rule, has := rules.Column(m.Status)
	if !has {
		return fault.New(fault.Conflict, "This team's board has no column “%s”.", m.Status.Label())
	}
	if m.Status.Done() {
		return m.isDone(tx, rules, p)
	}
	return m.fits(tx, rules, rule, p)
}

// isDone asks for the definition of done.
func (m Move) isDone(tx *db.Tx, rules team.Rules, p *backlog.Patch) error {
	if rules.Done.Mode != team.Block || m.Reason != "" {
		return nil
	}
	unmet, err := backlog.Unmet(tx.DB, backlog.DoneList, rules.Done, []string{p.ID})
	if err != nil || len(unmet[p.ID]) == 0 {
		return err
	}
	return fault.Wrong("/reason", "The definition of done is not met: %s. Meet it, or give the reason why it is done all the same.", strings.Join(unmet[p.ID], "; "))
}

// fits asks whether there is room in the column and with the assignee. What goes
// back, as after a failed test, always fits; so does an emergency, where the team
// has a lane for it.
func (m Move) fits(tx *db.Tx, rules team.Rules, rule team.ColumnRule, p *backlog.Patch) error {
	back := slices.Index(scrum.BoardColumns, m.Status.Column()) < slices.Index(scrum.BoardColumns, p.Status.Column())
	if rules.Limits != team.Block || m.Reason != "" || p.SprintID == nil || !inProgress(m.Status) || back {
		return nil
	}
	n, err := countsOf(tx, p, m.Status)
	if err != nil || rules.EmergencyLane && n.emergency {
		return err
	}
	if rule.Limit > 0 && n.column >= rule.Limit {
		return fault.Wrong("/reason", "“%s” holds %d of at most %d cards. Finish one first, or give the reason for one more.", m.Status.Label(), n.column, rule.Limit)
	}
	if rules.PersonLimit > 0 && p.AssigneeID != nil && !inProgress(p.Status) && n.person >= rules.PersonLimit {
		return fault.Wrong("/reason", "The assignee has %d of at most %d cards in progress. Finish one first, or give the reason for one more.", n.person, rules.PersonLimit)
	}
	return nil
}

// inProgress is what limits are about: neither to do nor done.
func inProgress(s scrum.Status) bool { return s.Column() != scrum.Ready && s.Open() }
