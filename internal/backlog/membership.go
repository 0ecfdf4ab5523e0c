package backlog

import (
	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/scrum"
)

// How a patch came into a sprint.
const (
	HowPlanned   = "planned" // before the start; "committed" once it has started
	HowCommitted = "committed"
	HowPulled    = "pulled"
	HowEmergency = "emergency"
	HowCarried   = "carried"
)

// How it left, in the membership's outcome.
const (
	OutcomeCompleted = "completed"
	OutcomeCarried   = "carried"
	OutcomeRemoved   = "removed"
	OutcomeDropped   = "dropped"
)

// Join writes that a patch belongs to a sprint. Unplanned, a property of the
// membership and not of the patch, means that it came in after the start.
func Join(tx *db.Tx, who audit.Who, patchID, sprintID, how string, unplanned bool) error {
	return tx.Exec(`INSERT INTO memberships (sprint_id, patch_id, how, unplanned, outcome, added_at, added_by) VALUES (?, ?, ?, ?, '', ?, ?)
		ON CONFLICT (sprint_id, patch_id) DO UPDATE SET how = excluded.how, unplanned = excluded.unplanned, outcome = '', added_at = excluded.added_at, added_by = excluded.added_by`,
		sprintID, patchID, how, unplanned, tx.Now.UnixMicro(), who.Name).Error
}

// Leave writes how a patch left a sprint. From a sprint that has not started it
// leaves no trace: editing a plan is not a change of scope. The report keeps how
// many of its tasks were not done then.
func Leave(tx *db.Tx, patchID, sprintID, outcome string, started bool) error {
	if !started {
		return tx.Exec("DELETE FROM memberships WHERE sprint_id = ? AND patch_id = ?", sprintID, patchID).Error
	}
	return tx.Exec(`UPDATE memberships SET outcome = ?, open_tasks = (SELECT COUNT(*) FROM tasks k WHERE k.patch_id = memberships.patch_id AND k.state <> 'done')
		WHERE sprint_id = ? AND patch_id = ?`, outcome, sprintID, patchID).Error
}

// stateOf is the state of the sprint a patch is in; empty outside of one.
func stateOf(tx *db.Tx, p *Patch) (state scrum.SprintState, err error) {
	if p.SprintID == nil {
		return "", nil
	}
	err = db.One(tx.Raw("SELECT state FROM sprints WHERE id = ?", *p.SprintID), &state)
	return state, err
}
