package asset

import (
	"database/sql"
	"encoding/json"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

const selectWindows = `SELECT w.id, w.team_id, w.kind, w.name, w.group_id, COALESCE(g.name, ''), w.rule, w.version, w.created_at
	FROM windows w LEFT JOIN asset_groups g ON g.id = w.group_id WHERE w.team_id = ?`

// WindowsOf reads a team's windows and freezes by name.
func WindowsOf(g *gorm.DB, teamID string) ([]Window, error) {
	return db.List(g, scanWindow, selectWindows+" ORDER BY w.name, w.id", teamID)
}

func windowByID(g *gorm.DB, teamID, id string) (*Window, error) {
	list, err := db.List(g, scanWindow, selectWindows+" AND w.id = ?", teamID, id)
	if err == nil && len(list) == 0 {
		return nil, fault.New(fault.NotFound, "There is no such window.")
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func scanWindow(r *sql.Rows, w *Window) error {
	var rule string
	var created int64
	if err := r.Scan(&w.ID, &w.TeamID, &w.Kind, &w.Name, &w.GroupID, &w.GroupName, &rule, &w.Version, &created); err != nil {
		return err
	}
	w.CreatedAt = db.Time(created)
	return json.Unmarshal([]byte(rule), &w.Rule)
}

func countWindows(tx *db.Tx, teamID string) (n int, err error) {
	err = db.One(tx.Raw("SELECT COUNT(*) FROM windows WHERE team_id = ?", teamID), &n)
	return n, err
}

func addWindow(tx *db.Tx, w *Window) error {
	rule, err := w.Rule.text()
	if err != nil {
		return err
	}
	return tx.Exec("INSERT INTO windows (id, team_id, kind, name, group_id, rule, version, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		w.ID, w.TeamID, w.Kind, w.Name, w.GroupID, rule, w.Version, w.CreatedAt.UnixMicro()).Error
}

func saveWindow(tx *db.Tx, w *Window) error {
	rule, err := w.Rule.text()
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE windows SET kind = ?, name = ?, group_id = ?, rule = ?, version = ? WHERE id = ?",
		w.Kind, w.Name, w.GroupID, rule, w.Version, w.ID).Error
}
