package backlog

import (
	"slices"

	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// A patch has one assignee, who is responsible for it, and maybe others who work on
// it too. Limits of work in progress count the responsible one only. Who is both is
// shown as responsible; the rows stay, so that giving the patch to one of them and
// back loses nobody.

// Person is somebody by name.
type Person struct{ ID, Name string }

// maxCoAssignees is how many may work on a patch beside the one responsible.
const maxCoAssignees = 10

// assist writes who else works on a patch, and tells what changed.
func (e Edit) assist(tx *db.Tx, t *team.Team, p *Patch, detail map[string]any) error {
	if e.CoAssigneeIDs == nil {
		return nil
	}
	ids := tidy(*e.CoAssigneeIDs)
	if len(ids) > maxCoAssignees {
		return fault.Wrong("/co_assignee_ids", "Beside the assignee, at most %d people work on a patch.", maxCoAssignees)
	}
	known, err := CoAssigneeIDs(tx.DB, p.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if slices.Contains(known, id) {
			continue // who has left the team meanwhile need not be taken out first
		}
		if ok, err := team.IsMember(tx.DB, t.ID, id); err != nil {
			return err
		} else if !ok {
			return fault.Wrong("/co_assignee_ids", "Co-assignees must be people of this team who may work on patches.")
		}
	}
	slices.Sort(ids)
	if slices.Equal(ids, known) {
		return nil
	}
	detail["co_assignees"] = fromTo(known, ids)
	return setCoAssignees(tx, p.ID, ids)
}
