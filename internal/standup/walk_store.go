package standup

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/scrum"
)

// walkOf is the walk through a day's stand-up; nil when none is under way.
func walkOf(g *gorm.DB, teamID string, day scrum.Day) (*Walk, error) {
	list, err := db.List(g, func(r *sql.Rows, w *Walk) error {
		var since, started int64
		err := r.Scan(&w.Current.ID, &w.Current.Name, &since, &w.StartedBy.ID, &w.StartedBy.Name, &started)
		w.Since, w.StartedAt = db.Time(since), db.Time(started)
		return err
	}, `SELECT c.id, c.name, w.since, s.id, s.name, w.started_at FROM standup_walks w
		JOIN users c ON c.id = w.current_id JOIN users s ON s.id = w.started_by
		WHERE w.team_id = ? AND w.day = ? AND w.ended_at IS NULL`, teamID, string(day))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

func beginWalk(tx *db.Tx, teamID string, day scrum.Day, first, by string) error {
	now := tx.Now.UnixMicro()
	return tx.Exec(`INSERT INTO standup_walks (team_id, day, current_id, since, started_by, started_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (team_id, day) DO UPDATE SET current_id = excluded.current_id, since = excluded.since,
			started_by = excluded.started_by, started_at = excluded.started_at, ended_at = NULL`,
		teamID, string(day), first, now, by, now).Error
}

func turn(tx *db.Tx, teamID string, day scrum.Day, userID string) error {
	return tx.Exec("UPDATE standup_walks SET current_id = ?, since = ? WHERE team_id = ? AND day = ?", userID, tx.Now.UnixMicro(), teamID, string(day)).Error
}

func endWalk(tx *db.Tx, teamID string, day scrum.Day) error {
	return tx.Exec("UPDATE standup_walks SET ended_at = ? WHERE team_id = ? AND day = ?", tx.Now.UnixMicro(), teamID, string(day)).Error
}
