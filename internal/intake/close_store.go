package intake

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// seenBy visits the findings on assets that a source sees.
func seenBy(g *gorm.DB, source string, assetIDs []string, visit func(id, assetID, component, vulnerability, fixed string)) error {
	return db.Each(g, func(r *sql.Rows) error {
		var id, assetID, component, vulnerability, fixed string
		if err := r.Scan(&id, &assetID, &component, &vulnerability, &fixed); err != nil {
			return err
		}
		visit(id, assetID, component, vulnerability, fixed)
		return nil
	}, `SELECT f.id, f.asset_id, f.component, f.vulnerability_id, f.fixed_version FROM findings f
		JOIN finding_sources s ON s.finding_id = f.id AND s.source = ? AND s.seen WHERE f.asset_id IN ? ORDER BY f.id`, source, assetIDs)
}

// unsee notes that a source no longer sees findings, and closes those that nobody
// sees any more.
func unsee(tx *db.Tx, source string, findings []string, e *effect) error {
	now := tx.Now.UnixMicro()
	err := tx.Exec("UPDATE finding_sources SET seen = ?, since = ? WHERE source = ? AND finding_id IN ? AND seen", false, now, source, findings).Error
	if err != nil {
		return err
	}
	return db.Each(tx.DB, func(r *sql.Rows) error {
		var assetID string
		var patchID sql.NullString
		if err := r.Scan(&assetID, &patchID); err != nil {
			return err
		}
		e.findings.Closed++
		e.open[assetID]--
		e.changed.add(patchID.String)
		return nil
	}, `UPDATE findings SET status = 'not_seen', changed_at = ? WHERE id IN ? AND status = 'open'
		AND NOT EXISTS (SELECT 1 FROM finding_sources o WHERE o.finding_id = findings.id AND o.seen) RETURNING asset_id, patch_id`, now, findings)
}

// older are the assets that were not scanned since.
func older(g *gorm.DB, ids []string, at time.Time) (out []string, err error) {
	err = db.Each(g, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		out = append(out, id)
		return err
	}, "SELECT id FROM assets WHERE id IN ? AND (scanned_at IS NULL OR scanned_at < ?)", ids, at.UnixMicro())
	return out, err
}

func scanned(tx *db.Tx, ids []string, at time.Time) error {
	return tx.Exec("UPDATE assets SET scanned_at = ? WHERE id IN ? AND (scanned_at IS NULL OR scanned_at < ?)",
		at.UnixMicro(), ids, at.UnixMicro()).Error
}
