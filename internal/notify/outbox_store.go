package notify

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// reader names us among those who follow the outbox.
const reader = "notify"

// place is how far a team's outbox was read.
type place struct {
	id, key  string
	position int64 // where to go on
	kept     int64 // where a new server would
	last     int64 // of the newest event
}

// behind are the teams with events that were not read.
func behind(g *gorm.DB) ([]place, error) {
	return db.List(g, func(r *sql.Rows, p *place) error {
		err := r.Scan(&p.id, &p.key, &p.position, &p.last)
		p.kept = p.position
		return err
	}, `SELECT id, key, position, last FROM (
		SELECT t.id, t.key, COALESCE(p.position, 0) AS position,
			COALESCE((SELECT MAX(e.id) FROM events e WHERE e.team_id = t.id), 0) AS last
		FROM teams t LEFT JOIN outbox_positions p ON p.team_id = t.id AND p.reader = ?) x
		WHERE last > position ORDER BY id`, reader)
}

func positionOf(g *gorm.DB, teamID string) (position int64, err error) {
	err = db.One(g.Raw("SELECT COALESCE(MAX(position), 0) FROM outbox_positions WHERE reader = ? AND team_id = ?", reader, teamID), &position)
	return position, err
}

func setPosition(tx *db.Tx, teamID string, position int64) error {
	return tx.Exec(`INSERT INTO outbox_positions (reader, team_id, position) VALUES (?, ?, ?)
		ON CONFLICT (reader, team_id) DO UPDATE SET position = excluded.position`, reader, teamID, position).Error
}

// add puts news into somebody's inbox, and on the way to their mailbox if mail says
// so, unless they were told before.
func add(tx *db.Tx, teamID, userID string, n News, mail string) (fresh bool, err error) {
	title := n.Title
	if n.Mine != "" {
		title = n.Mine
	}
	res := tx.Exec(`INSERT INTO notifications (id, user_id, team_id, source, kind, title, body, path, at, shown, mail, patch_id, task_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, ''), NULLIF(?, ''))
		ON CONFLICT (user_id, source) DO NOTHING`, db.NewID(), userID, teamID, n.Source, n.Kind, title, n.Body, n.Path, n.At.UnixMicro(), n.Kind != Overview, mail, n.PatchID, n.TaskID)
	return res.RowsAffected > 0, res.Error
}
