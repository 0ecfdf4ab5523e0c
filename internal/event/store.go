package event

import (
	"database/sql"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// post does on PostgreSQL in one round trip what every change ends with: it waits
// for its turn among the team's events, which only then gives the event its id, and
// has the listeners told at the commit.
const post = `WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended(?, 0)))
	INSERT INTO events (team_id, at, kind, body)
	SELECT CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT) FROM turn RETURNING pg_notify(?, team_id)`

func add(tx *db.Tx, teamID, kind, body string) error {
	if tx.Postgres() {
		return tx.Exec(post, "events of "+teamID, teamID, tx.Now.UnixMicro(), kind, body, db.Channel).Error
	}
	if err := tx.Exec("INSERT INTO events (team_id, at, kind, body) VALUES (?, ?, ?, ?)", teamID, tx.Now.UnixMicro(), kind, body).Error; err != nil {
		return err
	}
	return tx.Ring(teamID)
}

// since reads a team's events after an id, the oldest first.
func since(g *gorm.DB, teamID string, id int64, limit int) ([]Event, error) {
	return db.List(g, func(r *sql.Rows, e *Event) error {
		var n int64
		var body string
		if err := r.Scan(&n, &body); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(body), e)
		e.ID, e.TeamID = n, teamID
		return err
	}, "SELECT id, body FROM events WHERE team_id = ? AND id > ? ORDER BY id LIMIT ?", teamID, id, limit)
}

// After reads what happened in a team after the event with an id, the oldest first.
// A team's events commit in the order of their ids, so that nothing is missed by
// who goes on after the last one it has read.
func After(g db.Reader, teamID string, id int64, limit int) ([]Event, error) {
	return since(g, teamID, id, limit)
}

// Last is the id of a team's newest event; 0 when the outbox holds none.
func Last(g *gorm.DB, teamID string) (int64, error) {
	var id int64
	err := db.One(g.Raw("SELECT COALESCE(MAX(id), 0) FROM events WHERE team_id = ?", teamID), &id)
	return id, err
}

// lastBefore is the id of a team's newest event before a moment, 0 if there is none.
// It walks back from the end, as the moment is never long ago.
func lastBefore(g *gorm.DB, teamID string, at time.Time) (int64, error) {
	var id int64
	err := db.One(g.Raw(`SELECT COALESCE((SELECT id FROM events WHERE team_id = ? AND at < ?
		ORDER BY id DESC LIMIT 1), 0)`, teamID, at.UnixMicro()), &id)
	return id, err
}

// oldest is the id of the oldest event that is kept, of any team; 0 if there is none.
func oldest(g *gorm.DB) (int64, error) {
	var id int64
	err := db.One(g.Raw("SELECT COALESCE(MIN(id), 0) FROM events"), &id)
	return id, err
}

// Forget deletes events older than a moment; a listener that missed them is told
// to read everything again.
func Forget(tx *db.Tx, before time.Time) error {
	return tx.Exec("DELETE FROM events WHERE at < ?", before.UnixMicro()).Error
}
