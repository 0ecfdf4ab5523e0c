package backlog

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/team"
)

// meeting is what a definition looks at: the facts that are so, and who ticked
// what, by list and point.
type meeting struct {
	facts  map[string]bool
	ticked map[[2]string]string
}

// meetingsOf reads how patches stand, in two queries for all of them.
func meetingsOf(g *gorm.DB, patchIDs []string) (map[string]*meeting, error) {
	out := make(map[string]*meeting, len(patchIDs))
	err := db.Each(g, func(r *sql.Rows) error {
		var id string
		var estimated, assigned, described, unblocked, worked bool
		err := r.Scan(&id, &estimated, &assigned, &described, &unblocked, &worked)
		out[id] = &meeting{ticked: map[[2]string]string{}, facts: map[string]bool{
			team.Estimated: estimated, team.Assigned: assigned, team.Described: described, team.Unblocked: unblocked, team.TasksDone: worked}}
		return err
	}, `SELECT p.id, p.points IS NOT NULL, p.assignee_id IS NOT NULL, COALESCE(x.description, '') <> '',
			NOT EXISTS (SELECT 1 FROM blockers b WHERE b.patch_id = p.id AND b.resolved_at IS NULL),
			NOT EXISTS (SELECT 1 FROM tasks k WHERE k.patch_id = p.id AND k.state <> 'done')
		FROM patches p LEFT JOIN patch_texts x ON x.id = p.id WHERE p.id IN ?`, patchIDs)
	if err != nil {
		return nil, err
	}
	return out, db.Each(g, func(r *sql.Rows) error {
		var id, list, item, who string
		err := r.Scan(&id, &list, &item, &who)
		if s := out[id]; s != nil {
			s.ticked[[2]string{list, item}] = who
		}
		return err
	}, "SELECT patch_id, list, item, who FROM patch_checks WHERE patch_id IN ?", patchIDs)
}

func tick(tx *db.Tx, who audit.Who, patchID, list, item string, met bool) (changed bool, err error) {
	if !met {
		res := tx.Exec("DELETE FROM patch_checks WHERE patch_id = ? AND list = ? AND item = ?", patchID, list, item)
		return res.RowsAffected > 0, res.Error
	}
	res := tx.Exec(`INSERT INTO patch_checks (patch_id, list, item, user_id, who, at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (patch_id, list, item) DO NOTHING`, patchID, list, item, who.UserID, who.Name, tx.Now.UnixMicro())
	return res.RowsAffected > 0, res.Error
}
