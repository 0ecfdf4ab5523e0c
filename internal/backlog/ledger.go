package backlog

import (
	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/scrum"
)

// Step is one thing that happened to a patch, as its sprint and the team's risk
// burndown see it.
type Step struct {
	Kind   scrum.Kind // empty: risk only
	Detail string
	Points float64 // change of what remains in the sprint

	Cause  scrum.RiskCause // empty: the open risk did not change
	Risk   float64         // change of the open risk of the backlog
	Reason string
}

// Record writes a ledger row for a patch, under the sprint it is in. A step with a
// kind is a change of that sprint's scope or progress, so the sprint is active.
func Record(tx *db.Tx, who audit.Who, p *Patch, s Step) error {
	return record(tx, who, p.TeamID, p.SprintID, &p.ID, s)
}

// recordSum writes the change of open risk of many patches outside a sprint as
// one row.
func recordSum(tx *db.Tx, who audit.Who, teamID string, cause scrum.RiskCause, risk float64) error {
	if risk == 0 {
		return nil
	}
	return record(tx, who, teamID, nil, nil, Step{Cause: cause, Risk: risk})
}

func record(tx *db.Tx, who audit.Who, teamID string, sprintID, patchID *string, s Step) error {
	var one entries
	if err := one.add(tx, who, teamID, sprintID, patchID, s); err != nil {
		return err
	}
	return IntoLedger.Write(tx, one)
}

// entries are rows of the ledger that are about to be written.
type entries []any

func (e *entries) add(tx *db.Tx, who audit.Who, teamID string, sprintID, patchID *string, s Step) error {
	at, err := momentIn(tx, sprintID)
	*e = append(*e, db.NewID(), teamID, sprintID, patchID, at, string(s.Kind), s.Detail, s.Points, string(s.Cause), s.Risk, who.UserID, who.Name, s.Reason)
	return err
}

// momentIn is when a row of a sprint happened: now, but after the row before it. A
// transaction that waited for the sprint is older than what it waited for, and a
// ledger is read in the order of its moments.
func momentIn(tx *db.Tx, sprintID *string) (int64, error) {
	now := tx.Now.UnixMicro()
	if sprintID == nil {
		return now, nil
	}
	last, err := lastMoment(tx, *sprintID)
	if last > now {
		now = last + 1
	}
	return now, err
}
