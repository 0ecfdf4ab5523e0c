package estimate

import (
	"database/sql"
	"strings"
	"time"

	"gorm.io/gorm"

	"patchline/internal/backlog"
	"patchline/internal/db"
)

var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// finishedLike reads estimated patches of the same kind that were finished since a
// moment, the latest first; with a beginning only those whose component begins so.
func finishedLike(g *gorm.DB, p *backlog.Patch, begin string, since time.Time, limit int) ([]Similar, error) {
	return db.List(g, func(r *sql.Rows, c *Similar) error {
		var done int64
		err := r.Scan(&c.id, &c.Number, &c.Title, &c.Component, &c.FixedVersion, &c.Points, &c.Assets, &done)
		c.DoneAt = db.Time(done)
		return err
	}, `SELECT id, number, title, component, fixed_version, points, assets, done FROM (
			SELECT p.id, p.number, p.title, p.component, p.fixed_version, p.points, p.assets + p.patched AS assets,
				COALESCE((SELECT MAX(c.at) FROM status_changes c WHERE c.patch_id = p.id AND c.to_status = 'verified'), p.updated_at) AS done
			FROM patches p WHERE p.team_id = ? AND p.status = 'verified' AND p.kind = ? AND p.points IS NOT NULL AND p.id <> ?
				AND p.updated_at >= ? AND p.component LIKE ? ESCAPE '\'
			ORDER BY p.updated_at DESC, p.id DESC LIMIT ?) finished
		WHERE done >= ? ORDER BY done DESC, id DESC`,
		p.TeamID, p.Kind, p.ID, since.UnixMicro(), escapeLike.Replace(begin)+"%", limit, since.UnixMicro())
}

// assetKinds is the kind of most assets of each patch.
func assetKinds(g *gorm.DB, patchIDs []string) (map[string]string, error) {
	out, most := map[string]string{}, map[string]int{}
	err := db.Each(g, func(r *sql.Rows) error {
		var id, kind string
		var n int
		err := r.Scan(&id, &kind, &n)
		if n > most[id] {
			out[id], most[id] = kind, n
		}
		return err
	}, `SELECT x.patch_id, a.kind, COUNT(*) FROM (SELECT DISTINCT patch_id, asset_id FROM findings WHERE patch_id IN ?
			UNION SELECT patch_id, asset_id FROM patch_assets WHERE patch_id IN ?) x JOIN assets a ON a.id = x.asset_id
		GROUP BY x.patch_id, a.kind ORDER BY x.patch_id, a.kind`, patchIDs, patchIDs)
	return out, err
}
