package team

import (
	"database/sql"
	"encoding/json"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/scrum"
)

// AbsencesBetween reads the absences that touch the days from one to another.
func AbsencesBetween(g *gorm.DB, teamID string, from, to scrum.Day) ([]Absence, error) {
	return db.List(g, func(r *sql.Rows, a *Absence) error {
		var created int64
		err := r.Scan(&a.ID, &a.TeamID, &a.UserID, &a.FromDay, &a.ToDay, &a.Half, &a.Note, &a.CreatedBy, &created, &a.Name)
		a.CreatedAt = db.Time(created)
		return err
	}, `SELECT a.id, a.team_id, a.user_id, a.from_day, a.to_day, a.half, a.note, a.created_by, a.created_at, COALESCE(u.name, '')
		FROM absences a LEFT JOIN users u ON u.id = a.user_id
		WHERE a.team_id = ? AND a.to_day >= ? AND a.from_day <= ? ORDER BY a.from_day, a.id LIMIT 5000`, teamID, from, to)
}

// AvailabilitiesOf reads how much of a day each person who works in the team gives
// to its sprints, by name.
func AvailabilitiesOf(g *gorm.DB, teamID string) ([]Availability, error) {
	return db.List(g, func(r *sql.Rows, a *Availability) error {
		var hours, focus sql.NullFloat64
		var activities sql.NullString
		if err := r.Scan(&a.TeamID, &a.UserID, &a.Name, &a.Role, &hours, &focus, &activities); err != nil {
			return err
		}
		a.Hours, a.Focus, a.Activities = usualHours, usualFocus, map[string]float64{}
		if !hours.Valid {
			return nil
		}
		a.Hours, a.Focus = hours.Float64, focus.Float64
		return json.Unmarshal([]byte(activities.String), &a.Activities)
	}, `SELECT m.team_id, m.user_id, u.name, m.role, v.hours, v.focus, v.activities
		FROM members m JOIN users u ON u.id = m.user_id AND u.disabled_at IS NULL
			LEFT JOIN availabilities v ON v.team_id = m.team_id AND v.user_id = m.user_id
		WHERE m.team_id = ? AND m.role <> ? ORDER BY u.name, u.id`, teamID, Viewer)
}

func keepAvailability(tx *db.Tx, teamID string, a Availability) error {
	return tx.Exec(`INSERT INTO availabilities (team_id, user_id, hours, focus, activities) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (team_id, user_id) DO UPDATE SET hours = excluded.hours, focus = excluded.focus, activities = excluded.activities`,
		teamID, a.UserID, a.Hours, a.Focus, activitiesText(a.Activities)).Error
}

func keepFeed(tx *db.Tx, teamID, userID, hash string) error {
	return tx.Exec(`INSERT INTO calendar_feeds (team_id, user_id, secret_hash, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (team_id, user_id) DO UPDATE SET secret_hash = excluded.secret_hash, created_at = excluded.created_at`,
		teamID, userID, hash, tx.Now.UnixMicro()).Error
}

// teamOfFeed finds the team whose calendar a secret shows, while its person may
// still read it.
func teamOfFeed(g *gorm.DB, hash string) (*Team, error) {
	return db.Find[Team](g, "calendar", `id IN (SELECT f.team_id FROM calendar_feeds f JOIN users u ON u.id = f.user_id AND u.disabled_at IS NULL
		LEFT JOIN members m ON m.team_id = f.team_id AND m.user_id = f.user_id
		WHERE f.secret_hash = ? AND (m.user_id IS NOT NULL OR u.is_admin))`, hash)
}
