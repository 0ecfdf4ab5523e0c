package backlog

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// CoAssigneeIDs are those who work on a patch beside its assignee, and who would if he
// gave it away.
func CoAssigneeIDs(g *gorm.DB, patchID string) (ids []string, err error) {
	ids = []string{}
	err = g.Raw("SELECT user_id FROM co_assignees WHERE patch_id = ? ORDER BY user_id", patchID).Scan(&ids).Error
	return ids, err
}

// coAssignees are those who work on a patch beside the one responsible, by name.
func coAssignees(g *gorm.DB, patchID string) ([]Person, error) {
	return db.List(g, func(r *sql.Rows, p *Person) error { return r.Scan(&p.ID, &p.Name) },
		`SELECT u.id, u.name FROM co_assignees c JOIN patches p ON p.id = c.patch_id JOIN users u ON u.id = c.user_id
			WHERE c.patch_id = ? AND (p.assignee_id IS NULL OR p.assignee_id <> c.user_id) ORDER BY u.name, u.id`, patchID)
}

// coAssigneesOf are those who work on patches beside the one responsible, by the id of
// the patch.
func coAssigneesOf(g *gorm.DB, ids []string) (map[string][]Person, error) {
	out := map[string][]Person{}
	return out, db.Each(g, func(r *sql.Rows) error {
		var id string
		var p Person
		err := r.Scan(&id, &p.ID, &p.Name)
		out[id] = append(out[id], p)
		return err
	}, `SELECT p.id, u.id, u.name FROM patches p JOIN co_assignees c ON c.patch_id = p.id JOIN users u ON u.id = c.user_id
		WHERE p.id IN ? AND (p.assignee_id IS NULL OR p.assignee_id <> c.user_id) ORDER BY u.name, u.id`, ids)
}

func setCoAssignees(tx *db.Tx, patchID string, ids []string) error {
	if err := tx.Exec("DELETE FROM co_assignees WHERE patch_id = ?", patchID).Error; err != nil {
		return err
	}
	for _, id := range ids {
		if err := tx.Exec("INSERT INTO co_assignees (patch_id, user_id, added_at) VALUES (?, ?, ?)", patchID, id, tx.Now.UnixMicro()).Error; err != nil {
			return err
		}
	}
	return nil
}

// copyCoAssignees lets those who work on a patch work on another one too.
func copyCoAssignees(tx *db.Tx, from, to string) error {
	return tx.Exec("INSERT INTO co_assignees (patch_id, user_id, added_at) SELECT CAST(? AS TEXT), user_id, added_at FROM co_assignees WHERE patch_id = ?", to, from).Error
}
