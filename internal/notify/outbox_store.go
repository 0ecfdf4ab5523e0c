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

// add puts news into somebody's inbox, unless they were told before.
func add(tx *db.Tx, teamID, userID string, n News) (fresh bool, err error) {
	title := n.Title
	if n.Mine != "" {
		title = n.Mine
	}
	res := tx.Exec(`INSERT INTO notifications (id, user_id, team_id, source, kind, title, body, path, at, shown, mail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')
		ON CONFLICT (user_id, source) DO NOTHING`, db.NewID(), userID, teamID, n.Source, n.Kind, title, n.Body, n.Path, n.At.UnixMicro(), true)
	return res.RowsAffected > 0, res.Error
}

// recipient is who can be told something in a team, but for the kinds that are off.
type recipient struct{ off map[Kind]bool }

// recipientsOf are the people of a team, with what they chose.
func recipientsOf(g *gorm.DB, teamID string) (map[string]*recipient, error) {
	out := map[string]*recipient{}
	return out, db.Each(g, func(r *sql.Rows) error {
		var id string
		var kind sql.NullString
		if err := r.Scan(&id, &kind); err != nil {
			return err
		}
		if out[id] == nil {
			out[id] = &recipient{map[Kind]bool{}}
		}
		out[id].off[Kind(kind.String)] = kind.Valid
		return nil
	}, `SELECT m.user_id, c.kind FROM members m JOIN users u ON u.id = m.user_id AND u.disabled_at IS NULL
		LEFT JOIN notice_choices c ON c.user_id = m.user_id AND NOT c.inbox WHERE m.team_id = ?`, teamID)
}
