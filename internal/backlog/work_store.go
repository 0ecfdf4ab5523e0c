package backlog

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// Work is what most patches have not: tasks, and people beside the one responsible.
type Work struct {
	Tasks       TaskCount
	CoAssignees []Person // by name
}

// WorkOfSprint reads the work on a sprint's patches by the patch's number, with one
// query; those without any are missing.
func WorkOfSprint(g *gorm.DB, sprintID string) (map[int64]Work, error) {
	out := map[int64]Work{}
	err := db.Each(g, func(r *sql.Rows) error {
		var number int64
		var tasks TaskCount
		var id, name sql.NullString
		err := r.Scan(&number, &tasks.Total, &tasks.Done, &id, &name)
		w := out[number]
		if id.Valid {
			w.CoAssignees = append(w.CoAssignees, Person{ID: id.String, Name: name.String})
		} else {
			w.Tasks = tasks
		}
		out[number] = w
		return err
	}, `SELECT p.number, COUNT(*), SUM(CASE WHEN k.state = 'done' THEN 1 ELSE 0 END), NULL, NULL FROM patches p JOIN tasks k ON k.patch_id = p.id
			WHERE p.sprint_id = ? GROUP BY p.number
		UNION ALL SELECT p.number, 0, 0, u.id, u.name FROM patches p JOIN co_assignees c ON c.patch_id = p.id JOIN users u ON u.id = c.user_id
			WHERE p.sprint_id = ? AND (p.assignee_id IS NULL OR p.assignee_id <> c.user_id) ORDER BY 5, 4`, sprintID, sprintID)
	return out, err
}
