package estimate

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// changesOf reads the changes of a patch's points, the latest first.
func changesOf(g *gorm.DB, patchID string, limit int) ([]Change, error) {
	var out []Change
	err := db.Each(g, func(r *sql.Rows) error {
		var at int64
		var c Change
		var detail string
		if err := r.Scan(&at, &c.Who, &detail); err != nil {
			return err
		}
		if c.At = db.Time(at); c.read(detail) {
			out = append(out, c)
		}
		return nil
	}, `SELECT at, who, detail FROM audit WHERE target = ? AND action = 'patch.changed' AND detail LIKE '%"points":%' ORDER BY id DESC LIMIT ?`, patchID, limit)
	return out, err
}
