package intake

import (
	"database/sql"
	"slices"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// openOn visits the open findings of an asset that was not scanned after a moment.
func openOn(g *gorm.DB, assetID string, at time.Time, visit func(id, component, installed, fixed string)) error {
	return db.Each(g, func(r *sql.Rows) error {
		var id, component, installed, fixed string
		if err := r.Scan(&id, &component, &installed, &fixed); err != nil {
			return err
		}
		visit(id, component, installed, fixed)
		return nil
	}, `SELECT f.id, f.component, f.installed_version, f.fixed_version FROM findings f JOIN assets a ON a.id = f.asset_id
		WHERE f.asset_id = ? AND f.status = 'open' AND (a.scanned_at IS NULL OR a.scanned_at <= ?) ORDER BY f.id`, assetID, at.UnixMicro())
}

// prove marks findings as fixed on the word of an inventory. The scanners' own
// words stay: one that sees the finding again opens it again.
func prove(tx *db.Tx, source string, findings []string, e *effect) error {
	now := tx.Now.UnixMicro()
	for ids := range slices.Chunk(findings, 500) {
		var sources []any
		for _, id := range ids {
			sources = append(sources, id, source, false, now)
		}
		if err := intoSources.Write(tx, sources); err != nil {
			return err
		}
		err := db.Each(tx.DB, func(r *sql.Rows) error {
			var assetID string
			var patchID sql.NullString
			if err := r.Scan(&assetID, &patchID); err != nil {
				return err
			}
			e.findings.Closed++
			e.open[assetID]--
			e.changed.add(patchID.String)
			return nil
		}, "UPDATE findings SET status = 'fixed', changed_at = ? WHERE id IN ? AND status = 'open' RETURNING asset_id, patch_id", now, ids)
		if err != nil {
			return err
		}
	}
	return nil
}
