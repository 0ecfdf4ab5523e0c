package sprint

import (
	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// NextSprint is what became, at a reopening, of the sprint that the close had planned.
type NextSprint string

const (
	NextNone    NextSprint = "none"    // the close planned none
	NextRemoved NextSprint = "removed" // it was empty and as the close had made it
	NextKept    NextSprint = "kept"    // somebody has named, filled, started or used it since
)

// unplan removes the sprint that a close planned for what it carried, when what it
// carried has returned and nobody has made anything of it since. Its number is free
// again, if no later sprint has been planned.
func unplan(tx *db.Tx, who audit.Who, c *Closed) (NextSprint, error) {
	if c.NextMade == nil {
		return NextNone, nil
	}
	if err := tx.Lock("sprints", *c.NextMade); err != nil { // nobody plans into it meanwhile
		return "", err
	}
	next, err := maybe(tx.DB.Where("id = ?", *c.NextMade))
	if err != nil || next == nil {
		return NextNone, err
	}
	if next.State != scrum.Planned || next.Version != 1 {
		return NextKept, nil
	}
	if used, err := isUsed(tx.DB, next.ID); err != nil || used {
		return NextKept, err
	}
	if err := forget(tx, next.ID); err != nil {
		return "", err
	}
	if err := team.ReturnSprintNumber(tx, next.TeamID, next.Number); err != nil {
		return "", err
	}
	return NextRemoved, audit.Write(tx, who, next.TeamID, "sprint.unplanned", next.ID, map[string]any{"number": next.Number})
}
