package backlog

import (
	"slices"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// openByComponent finds the open patches about the components of fixes.
func openByComponent(g *gorm.DB, teamID string, fixes []Fix) (map[string]*Patch, error) {
	out := make(map[string]*Patch, len(fixes))
	for part := range slices.Chunk(fixes, 1000) {
		components := make([]string, len(part))
		for i, f := range part {
			components[i] = f.Component
		}
		var found []*Patch
		err := g.Where("team_id = ? AND component IN ? AND is_open AND kind = 'patch'", teamID, components).Find(&found).Error
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			out[p.Component] = p
		}
	}
	return out, nil
}

func moveFindings(tx *db.Tx, from, to string) error {
	return tx.Exec("UPDATE findings SET patch_id = ?, changed_at = ? WHERE patch_id = ?", to, tx.Now.UnixMicro(), from).Error
}
