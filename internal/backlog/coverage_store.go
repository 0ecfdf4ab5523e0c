package backlog

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// covered says of each asset of one patch in which state it is.
const covered = `SELECT a.id, a.name, a.name_key, SUM(y.open) AS open, SUM(y.n) AS n, MAX(y.at) AS at,
		CASE WHEN a.retired_at IS NOT NULL THEN 'retired' WHEN MAX(y.affected) = 1 THEN CASE WHEN EXISTS (SELECT 1 FROM exceptions e
			WHERE e.patch_id = ? AND e.state = 'approved' AND (e.whole OR EXISTS (SELECT 1 FROM exception_assets ea WHERE ea.exception_id = e.id AND ea.asset_id = a.id)))
			THEN 'excepted' ELSE 'open' END WHEN MAX(y.gone) = 1 THEN 'patched' ELSE 'not_affected' END AS state
	FROM (SELECT asset_id, CASE WHEN status = 'open' THEN 1 ELSE 0 END AS open, CASE WHEN status = 'open' THEN 1 ELSE 0 END AS affected,
			CASE WHEN status IN ('fixed', 'not_seen') THEN 1 ELSE 0 END AS gone, 1 AS n, changed_at AS at FROM findings WHERE patch_id = ?
		UNION ALL SELECT asset_id, 0, 1, 0, 0, NULL FROM patch_assets WHERE patch_id = ?) AS y
	JOIN assets a ON a.id = y.asset_id GROUP BY a.id, a.name, a.name_key, a.retired_at`

func coverageSums(g *gorm.DB, patchID string) (out Coverage, err error) {
	err = db.Each(g, func(r *sql.Rows) error {
		var state string
		var n int64
		err := r.Scan(&state, &n)
		out.add(state, n)
		return err
	}, "SELECT state, COUNT(*) FROM ("+covered+") AS c GROUP BY state", patchID, patchID, patchID)
	return out, err
}

func coverageOf(g *gorm.DB, patchID string, f CoverageFilter) ([]CoveredAsset, error) {
	where, args := "name_key > ?", []any{patchID, patchID, patchID, f.After}
	if f.State != "" {
		where, args = where+" AND state = ?", append(args, f.State)
	}
	return db.List(g, func(r *sql.Rows, c *CoveredAsset) error {
		var at sql.NullInt64
		err := r.Scan(&c.AssetID, &c.AssetName, &c.NameKey, &c.OpenFindings, &c.Findings, &at, &c.State)
		c.Since = db.MaybeTime(at)
		return err
	}, "SELECT id, name, name_key, open, n, at, state FROM ("+covered+") AS c WHERE "+where+" ORDER BY name_key LIMIT ?", append(args, f.Limit+1)...)
}
