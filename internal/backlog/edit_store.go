package backlog

import (
	"maps"
	"slices"

	"gorm.io/gorm"

	"patchline/internal/advisory"
	"patchline/internal/db"
	"patchline/internal/fault"
)

func checkAssets(tx *db.Tx, teamID string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	var n int
	err := db.One(tx.Raw("SELECT COUNT(*) FROM assets WHERE team_id = ? AND id IN ?", teamID, ids), &n)
	if err == nil && n != len(ids) {
		return fault.Wrong("/asset_ids", "An asset named is not one of this team's.")
	}
	return err
}

// canonical are the ids that vulnerabilities are kept under, each once and in
// order.
func canonical(tx *db.Tx, ids []string) ([]string, error) {
	known, err := advisory.Canonical(tx.DB, ids)
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = known[id]
	}
	slices.Sort(out)
	return slices.Compact(out), err
}

// name writes the vulnerabilities and assets that a person named for a patch.
func name(tx *db.Tx, patchID string, vulnerabilities, assets []string) error {
	for _, v := range vulnerabilities {
		if err := tx.Exec("INSERT INTO patch_vulnerabilities (patch_id, vulnerability_id) VALUES (?, ?)", patchID, v).Error; err != nil {
			return err
		}
	}
	for _, a := range assets {
		if err := tx.Exec("INSERT INTO patch_assets (patch_id, asset_id) VALUES (?, ?)", patchID, a).Error; err != nil {
			return err
		}
	}
	return nil
}

// vulnerabilitiesOf lists what a patch removes, the worst first.
func vulnerabilitiesOf(g *gorm.DB, patchID string, limit int) (ids []string, err error) {
	err = g.Raw(`SELECT x.id FROM (
			SELECT vulnerability_id AS id FROM findings WHERE patch_id = ? AND status = 'open'
			UNION SELECT vulnerability_id FROM patch_vulnerabilities WHERE patch_id = ?) AS x
		LEFT JOIN kev k ON k.id = x.id LEFT JOIN vulnerabilities v ON v.id = x.id
		ORDER BY CASE WHEN k.id IS NULL THEN 1 ELSE 0 END, COALESCE(v.cvss, 0) DESC, x.id LIMIT ?`, patchID, patchID, limit).Scan(&ids).Error
	return ids, err
}

// closeBlocker resolves the open blocker of a patch, and returns what it needed;
// empty if there was none.
func closeBlocker(tx *db.Tx, patchID string) (needed string, err error) {
	var open []string
	err = tx.Raw("SELECT needed FROM blockers WHERE patch_id = ? AND resolved_at IS NULL", patchID).Scan(&open).Error
	if err != nil || len(open) == 0 {
		return "", err
	}
	return open[0], tx.Exec("UPDATE blockers SET resolved_at = ?, version = version + 1 WHERE patch_id = ? AND resolved_at IS NULL",
		tx.Now.UnixMicro(), patchID).Error
}

// RenameNamed moves what people named by hand to the ids under which the
// vulnerabilities are kept from now on, and returns the patches this touched.
func RenameNamed(tx *db.Tx, moved map[string]string) (patches []string, err error) {
	var found []struct{ PatchID, VulnerabilityID string }
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(moved)), 500) {
		var part []struct{ PatchID, VulnerabilityID string }
		err := tx.Raw("SELECT patch_id, vulnerability_id FROM patch_vulnerabilities WHERE vulnerability_id IN ?", ids).Scan(&part).Error
		if err != nil {
			return nil, err
		}
		found = append(found, part...)
	}
	for _, f := range found {
		patches = append(patches, f.PatchID)
		if err := tx.Exec("DELETE FROM patch_vulnerabilities WHERE patch_id = ? AND vulnerability_id = ?", f.PatchID, f.VulnerabilityID).Error; err != nil {
			return nil, err
		}
		err := tx.Exec("INSERT INTO patch_vulnerabilities (patch_id, vulnerability_id) VALUES (?, ?) ON CONFLICT DO NOTHING", f.PatchID, moved[f.VulnerabilityID]).Error
		if err != nil {
			return nil, err
		}
	}
	return patches, nil
}
