package backlog

import (
	"slices"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/scrum"
)

// openByComponent finds the open patches about the components of fixes, of each
// stream; the first part before the others.
func openByComponent(g *gorm.DB, teamID string, fixes []Fix) (map[string][]*Patch, error) {
	out := make(map[string][]*Patch, len(fixes))
	for part := range slices.Chunk(fixes, 1000) {
		components := make([]string, len(part))
		for i, f := range part {
			components[i] = f.Component
		}
		var found []*Patch
		err := g.Where("team_id = ? AND is_open AND kind = 'patch' AND "+db.Among(g, "component"), teamID, db.Joined(g, components)).Order("part, number").Find(&found).Error
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			out[p.Component] = append(out[p.Component], p)
		}
	}
	return out, nil
}

// onlyOn tells whether all open findings of a patch are on assets that are known to
// run a release.
func onlyOn(g *gorm.DB, patchID, stream string) (bool, error) {
	var n int
	err := db.One(g.Raw(`SELECT COUNT(*) FROM (SELECT 1 FROM findings f JOIN assets a ON a.id = f.asset_id
		WHERE f.patch_id = ? AND f.status = 'open' AND a.stream <> ? LIMIT 1) AS others`, patchID, stream), &n)
	return n == 0, err
}

// isEmpty tells whether a patch has no findings, and nothing that somebody named for it
// or asked about it.
func isEmpty(g *gorm.DB, patchID string) (bool, error) {
	var n int
	err := db.One(g.Raw(`SELECT COUNT(*) FROM (SELECT 1 FROM findings WHERE patch_id = ? UNION ALL SELECT 1 FROM patch_assets WHERE patch_id = ?
		UNION ALL SELECT 1 FROM patch_vulnerabilities WHERE patch_id = ?
		UNION ALL SELECT 1 FROM exceptions WHERE patch_id = ? AND state IN ('requested', 'approved') LIMIT 1) AS its`, patchID, patchID, patchID, patchID), &n)
	return n == 0, err
}

// statusBeforeDrop is the status from which a patch was dropped last; empty if that
// is not known.
func statusBeforeDrop(g *gorm.DB, patchID string) (scrum.Status, error) {
	var found []scrum.Status
	err := g.Raw("SELECT from_status FROM status_changes WHERE patch_id = ? AND to_status = 'dropped' ORDER BY at DESC LIMIT 1", patchID).Scan(&found).Error
	if len(found) == 0 {
		return "", err
	}
	return found[0], err
}

func moveFindings(tx *db.Tx, from, to string) error {
	return tx.Exec("UPDATE findings SET patch_id = ?, changed_at = ? WHERE patch_id = ?", to, tx.Now.UnixMicro(), from).Error
}
