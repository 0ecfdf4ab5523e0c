package backlog

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

func countSightings(g *gorm.DB, teamID, id string) (n int64, err error) {
	err = db.One(g.Raw("SELECT COUNT(*) FROM (SELECT 1 FROM findings WHERE vulnerability_id = ? AND team_id = ? LIMIT ?) AS found", id, teamID, countedMost), &n)
	return n, err
}

func sightings(g *gorm.DB, teamID, id string) ([]Sighting, error) {
	out, err := db.List(g, func(r *sql.Rows, f *Sighting) error {
		var changed int64
		err := r.Scan(&f.ID, &f.AssetID, &f.AssetName, &f.Criticality, &f.Exposure, &f.Component, &f.InstalledVersion, &f.FixedVersion, &f.Status, &changed, &f.PatchNumber)
		f.ChangedAt, f.Sources = db.Time(changed), []string{}
		return err
	}, `SELECT f.id, a.id, a.name, a.criticality, a.exposure, f.component, f.installed_version, f.fixed_version, f.status, f.changed_at, p.number
		FROM findings f JOIN assets a ON a.id = f.asset_id LEFT JOIN patches p ON p.id = f.patch_id
		WHERE f.vulnerability_id = ? AND f.team_id = ?
		ORDER BY CASE f.status WHEN 'open' THEN 0 ELSE 1 END, CASE a.criticality WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
			a.name_key, f.id LIMIT ?`, id, teamID, shownSightings)
	if err != nil || len(out) == 0 {
		return out, err
	}
	findings := make([]Finding, len(out))
	for i := range out {
		findings[i] = out[i].Finding
	}
	err = addSources(g, findings)
	for i := range out {
		out[i].Sources = findings[i].Sources
	}
	return out, err
}

func affectedPatches(g *gorm.DB, teamID, id string) ([]AffectedPatch, error) {
	return db.List(g, func(r *sql.Rows, p *AffectedPatch) error {
		var due sql.NullInt64
		err := r.Scan(&p.Number, &p.Title, &p.Status, &p.IsOpen, &p.Priority, &due)
		p.DueAt = db.MaybeTime(due)
		return err
	}, `SELECT number, title, status, is_open, priority, due_at FROM patches WHERE team_id = ? AND id IN (
			SELECT patch_id FROM findings WHERE vulnerability_id = ? AND patch_id IS NOT NULL
			UNION SELECT patch_id FROM patch_vulnerabilities WHERE vulnerability_id = ?)
		ORDER BY CASE WHEN is_open THEN 0 ELSE 1 END, priority DESC, number LIMIT ?`, teamID, id, id, shownAffected)
}

// assetKinds counts the affected assets, and groups them by what decisions depend
// on.
func assetKinds(g *gorm.DB, teamID, id string) (assets int64, kinds []AssetKind, err error) {
	kinds, err = db.List(g, func(r *sql.Rows, k *AssetKind) error {
		var n int64
		err := r.Scan(&k.Criticality, &k.Exposure, &k.Name, &n)
		assets += n
		return err
	}, `SELECT a.criticality, a.exposure, MIN(a.name), COUNT(*) FROM assets a WHERE a.team_id = ? AND a.id IN (
			SELECT asset_id FROM findings WHERE vulnerability_id = ? AND team_id = ? AND status = 'open'
			UNION SELECT x.asset_id FROM patch_vulnerabilities v JOIN patches p ON p.id = v.patch_id AND p.is_open AND p.team_id = ?
				JOIN patch_assets x ON x.patch_id = p.id WHERE v.vulnerability_id = ?)
		GROUP BY a.criticality, a.exposure ORDER BY 1, 2`, teamID, id, teamID, teamID, id)
	return assets, kinds, err
}
