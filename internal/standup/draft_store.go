package standup

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/scrum"
)

// lastDay is the day of a person's last entry before a day; empty without one.
func lastDay(g *gorm.DB, teamID, userID string, day scrum.Day) (scrum.Day, error) {
	var last sql.NullString
	err := db.One(g.Raw("SELECT MAX(day) FROM standup_entries WHERE team_id = ? AND user_id = ? AND day < ?", teamID, userID, string(day)), &last)
	return scrum.Day(last.String), err
}

// movedBy are the patches that somebody moved on the board since a moment.
func movedBy(g *gorm.DB, teamID, userID string, since time.Time) ([]int64, error) {
	return db.List(g, func(r *sql.Rows, n *int64) error { return r.Scan(n) },
		`SELECT DISTINCT p.number FROM audit a JOIN patches p ON p.id = a.target
		WHERE a.action = 'patch.moved' AND a.team_id = ? AND a.user_id = ? AND a.at >= ? ORDER BY p.number LIMIT 200`, teamID, userID, since.UnixMicro())
}

// statusesAt are the statuses that patches had at a moment, of those that have
// changed it since.
func statusesAt(g *gorm.DB, teamID string, numbers []int64, at time.Time) (map[int64]scrum.Status, error) {
	out := map[int64]scrum.Status{}
	if len(numbers) == 0 {
		return out, nil
	}
	err := db.Each(g, func(r *sql.Rows) error {
		var n int64
		var from scrum.Status
		err := r.Scan(&n, &from)
		if _, first := out[n]; !first {
			out[n] = from
		}
		return err
	}, `SELECT p.number, c.from_status FROM status_changes c JOIN patches p ON p.id = c.patch_id
		WHERE p.team_id = ? AND p.number IN ? AND c.at >= ? ORDER BY c.at`, teamID, numbers, at.UnixMicro())
	return out, err
}
