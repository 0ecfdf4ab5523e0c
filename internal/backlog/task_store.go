package backlog

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

const taskColumns = "k.id, k.patch_id, k.kind, k.title, k.assignee_id, COALESCE(u.name, ''), k.hours, k.state, k.place, k.version"

func (k *Task) fields() []any {
	return []any{&k.ID, &k.PatchID, &k.Kind, &k.Title, &k.AssigneeID, &k.AssigneeName, &k.Hours, &k.State, &k.Place, &k.Version}
}

func tasksOf(g *gorm.DB, patchID string) ([]Task, error) {
	return db.List(g, func(r *sql.Rows, k *Task) error { return r.Scan(k.fields()...) },
		"SELECT "+taskColumns+" FROM tasks k LEFT JOIN users u ON u.id = k.assignee_id WHERE k.patch_id = ? ORDER BY k.place, k.id", patchID)
}

func openTasks(g *gorm.DB, teamID, userID string, limit int) ([]OpenTask, error) {
	return db.List(g, func(r *sql.Rows, k *OpenTask) error {
		var due sql.NullInt64
		err := r.Scan(append(k.fields(), &k.Number, &k.PatchTitle, &due)...)
		k.DueAt = db.MaybeTime(due)
		return err
	}, "SELECT "+taskColumns+`, p.number, p.title, p.due_at FROM tasks k JOIN patches p ON p.id = k.patch_id AND p.is_open JOIN users u ON u.id = k.assignee_id
		WHERE k.team_id = ? AND k.assignee_id = ? AND k.state <> 'done'
		ORDER BY CASE WHEN p.due_at IS NULL THEN 1 ELSE 0 END, p.due_at, p.number, k.place, k.id LIMIT ?`, teamID, userID, limit)
}

// TaskCount is how many tasks a patch has, and how many of them are done.
type TaskCount struct{ Total, Done int64 }

func nameOfUser(g *gorm.DB, id *string) (name string, err error) {
	if id != nil {
		err = db.One(g.Raw("SELECT name FROM users WHERE id = ?", *id), &name)
	}
	return name, err
}

func insertTask(tx *db.Tx, teamID string, k *Task) error {
	return tx.Exec(`INSERT INTO tasks (id, team_id, patch_id, kind, title, assignee_id, hours, state, place, version, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		k.ID, teamID, k.PatchID, k.Kind, k.Title, k.AssigneeID, k.Hours, k.State, k.Place, k.Version, tx.Now.UnixMicro(), tx.Now.UnixMicro()).Error
}

func updateTask(tx *db.Tx, k *Task) error {
	return tx.Exec("UPDATE tasks SET kind = ?, title = ?, assignee_id = ?, hours = ?, state = ?, place = ?, version = ?, updated_at = ? WHERE id = ?",
		k.Kind, k.Title, k.AssigneeID, k.Hours, k.State, k.Place, k.Version, tx.Now.UnixMicro(), k.ID).Error
}

func removeTask(tx *db.Tx, id string) error {
	return tx.Exec("DELETE FROM tasks WHERE id = ?", id).Error
}

// spreadTasks gives tasks the keys of the order in which they stand.
func spreadTasks(tx *db.Tx, tasks []Task, keys []string) error {
	for i, k := range tasks {
		if err := tx.Exec("UPDATE tasks SET place = ? WHERE id = ?", keys[i], k.ID).Error; err != nil {
			return err
		}
	}
	return nil
}
