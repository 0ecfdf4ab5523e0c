package view

import (
	"encoding/json"
	"errors"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// visible lists the views that a person may see, the oldest first.
func visible(g *gorm.DB, teamID, userID string) (out []View, err error) {
	err = g.Where("team_id = ? AND (shared OR owner_id = ?) AND gone_at IS NULL", teamID, userID).Order("created_at, id").Find(&out).Error
	if err != nil || len(out) == 0 {
		return out, err
	}
	owners := make([]string, len(out))
	for i, v := range out {
		owners[i] = v.OwnerID
	}
	var people []struct{ ID, Name string }
	if err := g.Raw("SELECT id, name FROM users WHERE id IN ?", owners).Scan(&people).Error; err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	for i := range out {
		out[i].OwnerName = names[out[i].OwnerID]
	}
	return out, nil
}

// held reads a view, deleted or not, and holds it until the transaction ends.
func held(tx *db.Tx, teamID, id string) (*View, error) {
	if err := tx.Lock("views", id); err != nil {
		return nil, err
	}
	v, err := db.Find[View](tx.DB, "view in this team", "team_id = ? AND id = ?", teamID, id)
	if err != nil {
		return nil, err
	}
	return v, db.One(tx.Raw("SELECT name FROM users WHERE id = ?", v.OwnerID), &v.OwnerName)
}

// room refuses more views than a person or a team could find their way in.
func room(tx *db.Tx, v *View) error {
	if _, err := team.Lock(tx, v.TeamID); err != nil {
		return err
	}
	var own, shared int
	err := db.One(tx.Raw(`SELECT COALESCE(SUM(CASE WHEN owner_id = ? THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN shared THEN 1 ELSE 0 END), 0)
		FROM views WHERE team_id = ? AND gone_at IS NULL AND id <> ?`, v.OwnerID, v.TeamID, v.ID), &own, &shared)
	switch {
	case err != nil:
		return err
	case own >= mostOwn:
		return fault.New(fault.Conflict, "You have %d views in this team, which is the most; delete one first.", mostOwn)
	case v.Shared && shared >= mostShared:
		return fault.New(fault.Conflict, "The team shares %d views, which is the most; delete one first.", mostShared)
	}
	return nil
}

func write(tx *db.Tx, v *View) error {
	v.Version++
	v.UpdatedAt = tx.Now
	return tx.Table("views").Where("id = ?", v.ID).Updates(map[string]any{
		"name": v.Name, "shared": v.Shared, "query": v.Query, "columns": db.JoinWords(v.Columns), "density": v.Density,
		"gone_at": db.Micros(v.GoneAt), "version": v.Version, "updated_at": v.UpdatedAt.UnixMicro(),
	}).Error
}

// forget removes what was deleted long ago.
func forget(tx *db.Tx, before time.Time) error {
	return tx.Exec("DELETE FROM views WHERE gone_at < ?", before.UnixMicro()).Error
}

func choicesOf(g *gorm.DB, teamID, userID string) (Choices, error) {
	c := Choices{TeamID: teamID, UserID: userID, Places: []string{}, Columns: []string{}, Widths: map[string]int{}}
	err := g.Where("team_id = ? AND user_id = ?", teamID, userID).Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		err = nil
	}
	return c, err
}

func keepChoices(tx *db.Tx, c *Choices) error {
	widths, err := json.Marshal(c.Widths)
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO view_choices (team_id, user_id, default_view, places, columns, density, widths, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (team_id, user_id) DO UPDATE SET default_view = excluded.default_view, places = excluded.places, columns = excluded.columns,
			density = excluded.density, widths = excluded.widths, updated_at = excluded.updated_at`,
		c.TeamID, c.UserID, c.DefaultView, db.JoinWords(c.Places), db.JoinWords(c.Columns), c.Density, string(widths), c.UpdatedAt.UnixMicro()).Error
}
