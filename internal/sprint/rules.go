package sprint

import (
	"strings"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// unready are the open items of a sprint that miss the definition of ready, with
// what they miss, in backlog order.
func unready(g db.Reader, t *team.Team, sp *Sprint) (rules team.Rules, keys []string, err error) {
	if rules, err = t.Rules(); err != nil || rules.Ready.Mode == team.Off {
		return rules, nil, err
	}
	items, err := itemsOf(g, sp.ID, MaxItems)
	if err != nil {
		return rules, nil, err
	}
	ids := make([]string, len(items))
	for i := range items {
		ids[i] = items[i].ID
	}
	unmet, err := backlog.Unmet(g, backlog.ReadyList, rules.Ready, ids)
	for _, item := range items {
		if len(unmet[item.ID]) > 0 {
			keys = append(keys, backlog.Key(t.Key, item.Number))
		}
	}
	return rules, keys, err
}

// readyCheck is the line of the definition of ready on the checklist of a start.
func (c *Checklist) readyCheck(g db.Reader, t *team.Team) error {
	rules, keys, err := unready(g, t, c.Sprint)
	if err != nil || rules.Ready.Mode == team.Off {
		return err
	}
	switch {
	case len(keys) == 0:
		c.add("ready", LevelOK, "All items meet the definition of ready.")
	case rules.Ready.Mode == team.Block:
		c.add("ready", LevelBlocking, "%s", notReady(keys))
	default:
		c.add("ready", LevelWarning, "%s", notReady(keys))
	}
	return nil
}

func notReady(keys []string) string {
	const shown = 5
	more := ""
	if len(keys) > shown {
		keys, more = keys[:shown], " and others"
	}
	return "The definition of ready is not met by " + strings.Join(keys, ", ") + more + "."
}

// allReady refuses to start a sprint whose items are not ready, where the team
// wants that.
func allReady(tx *db.Tx, t *team.Team, sp *Sprint) error {
	rules, keys, err := unready(tx.DB, t, sp)
	if err == nil && rules.Ready.Mode == team.Block && len(keys) > 0 {
		return fault.New(fault.Conflict, "%s", notReady(keys))
	}
	return err
}

// keepsRules holds what is pulled into an active sprint against the definition of
// ready, and an emergency against its budget. A reason lets both pass, and is kept
// with the change of scope.
func (a *Adding) keepsRules(tx *db.Tx, t *team.Team, sp *Sprint, p *backlog.Patch) error {
	rules, err := t.Rules()
	if err != nil || sp.State != scrum.Active || a.Reason != "" {
		return err
	}
	if a.How == scrum.Emergency {
		return withinBudget(tx, t, sp, p, rules)
	}
	if rules.Ready.Mode != team.Block {
		return nil
	}
	unmet, err := backlog.Unmet(tx.DB, backlog.ReadyList, rules.Ready, []string{p.ID})
	if err == nil && len(unmet[p.ID]) > 0 {
		err = fault.Wrong("/reason", "%s does not meet the definition of ready: %s. Meet it, or give the reason why it is pulled all the same.",
			backlog.Key(t.Key, p.Number), strings.Join(unmet[p.ID], "; "))
	}
	return err
}

func withinBudget(tx *db.Tx, t *team.Team, sp *Sprint, p *backlog.Patch, rules team.Rules) error {
	if rules.EmergencyPoints <= 0 {
		return nil
	}
	spent, err := emergencyPoints(tx.DB, sp.ID)
	if err == nil && spent+points(p) > rules.EmergencyPoints {
		err = fault.Wrong("/reason", "With %s, emergencies take %g of a budget of %g points in this sprint. Give the reason why it comes all the same.",
			backlog.Key(t.Key, p.Number), spent+points(p), rules.EmergencyPoints)
	}
	return err
}
