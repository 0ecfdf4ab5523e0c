package backlog

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// relicsOf finds the patches that stand for names from elsewhere.
func relicsOf(g *gorm.DB, teamID string) (map[string]string, error) {
	ids := map[string]string{}
	err := db.Each(g, func(r *sql.Rows) error {
		var name, id string
		err := r.Scan(&name, &id)
		ids[name] = id
		return err
	}, "SELECT name, patch_id FROM history_items WHERE team_id = ?", teamID)
	return ids, err
}

// finishRelic notes that a later sprint completed what an earlier one did not. One
// that somebody has restored is theirs.
func finishRelic(tx *db.Tx, r Relic, id string) error {
	return tx.Exec(`UPDATE patches SET status = 'verified', drop_reason = NULL, sprint_id = ?, points = ?, updated_at = ?, version = version + 1
		WHERE id = ? AND status = 'dropped'`, r.SprintID, r.Points, r.To.UnixMicro(), id).Error
}

func nameRelics(tx *db.Tx, names, words []any) error {
	if err := intoWords.Write(tx, words); err != nil {
		return err
	}
	return intoRelics.Write(tx, names)
}

var intoRelics = db.Insert("history_items", "team_id text, name text, patch_id text", "")
