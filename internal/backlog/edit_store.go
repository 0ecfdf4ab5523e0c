package backlog

import (
	"gorm.io/gorm"

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

// name writes the vulnerabilities and assets that a person named for a patch.
func name(tx *db.Tx, patchID string, vulnerabilities, assets []string) error {
	for _, v := range vulnerabilities {
		err := tx.Exec(`INSERT INTO patch_vulnerabilities (patch_id, vulnerability_id)
			VALUES (?, COALESCE((SELECT vulnerability_id FROM aliases WHERE alias = ?), ?))
			ON CONFLICT DO NOTHING`, patchID, v, v).Error
		if err != nil {
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
