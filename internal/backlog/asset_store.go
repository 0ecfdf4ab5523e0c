package backlog

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

func findingsOn(g *gorm.DB, teamID, assetID, status, after string, limit int) ([]AssetFinding, error) {
	where, args := "f.team_id = ? AND f.asset_id = ? AND f.id > ?", []any{teamID, assetID, after}
	if status != "" {
		where, args = where+" AND f.status = ?", append(args, status)
	}
	out, err := db.List(g, func(r *sql.Rows, f *AssetFinding) error {
		var seen, changed int64
		err := r.Scan(&f.ID, &f.Component, &f.InstalledVersion, &f.FixedVersion, &f.VulnerabilityID, &f.Severity, &f.KEV, &f.Status, &seen, &changed, &f.Patch)
		f.FirstSeenAt, f.ChangedAt, f.Sources = db.Time(seen), db.Time(changed), []string{}
		return err
	}, `SELECT f.id, f.component, f.installed_version, f.fixed_version, f.vulnerability_id, f.severity, k.id IS NOT NULL, f.status, f.first_seen_at, f.changed_at, p.number
		FROM findings f LEFT JOIN kev k ON k.id = f.vulnerability_id LEFT JOIN patches p ON p.id = f.patch_id
		WHERE `+where+" ORDER BY f.id LIMIT ?", append(args, limit)...)
	if err != nil || len(out) == 0 {
		return out, err
	}
	plain := make([]Finding, len(out))
	for i := range out {
		plain[i] = out[i].Finding
	}
	if err := addSources(g, plain); err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Finding = plain[i]
	}
	return out, nil
}

func sourcesOn(g *gorm.DB, teamID, assetID string) ([]AssetSource, error) {
	return db.List(g, func(r *sql.Rows, s *AssetSource) error {
		var since int64
		err := r.Scan(&s.Source, &s.Seen, &s.Gone, &since)
		s.Since = db.Time(since)
		return err
	}, `SELECT s.source, SUM(CASE WHEN s.seen THEN 1 ELSE 0 END), SUM(CASE WHEN s.seen THEN 0 ELSE 1 END), MAX(s.since)
		FROM findings f JOIN finding_sources s ON s.finding_id = f.id WHERE f.team_id = ? AND f.asset_id = ? GROUP BY s.source ORDER BY s.source`, teamID, assetID)
}
