package bulk

import (
	"context"
	"encoding/json"
	"fmt"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
)

// remember keeps how the patches of one transaction were. The parts of a change
// share the beginning of their ids.
func remember(tx *db.Tx, who audit.Who, teamID, id string, was []former) error {
	text, err := json.Marshal(was)
	if err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM bulk_edits WHERE at < ?", tx.Now.Add(-keep).UnixMicro()).Error; err != nil {
		return err
	}
	return tx.Exec("INSERT INTO bulk_edits (id, team_id, user_id, at, items) VALUES (?, ?, ?, ?, ?)",
		fmt.Sprintf("%s.%s", id, db.NewID()), teamID, who.UserID, tx.Now.UnixMicro(), string(text)).Error
}

// recall reads how the patches were, and marks the change as taken back, so that
// this happens once.
func (s *Service) recall(ctx context.Context, who audit.Who, teamID, id string) (was []former, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		was = nil
		const mine = " FROM bulk_edits WHERE id >= ? AND id < ? AND team_id = ? AND user_id = ? AND at >= ?"
		args := []any{id + ".", id + "/", teamID, who.UserID, tx.Now.Add(-keep).UnixMicro()}
		var parts []struct {
			Items    string
			UndoneAt *int64
		}
		if err := tx.Raw("SELECT items, undone_at"+mine+" ORDER BY id", args...).Scan(&parts).Error; err != nil {
			return err
		}
		if len(parts) == 0 {
			return fault.New(fault.NotFound, "There is no such change of yours to take back; it can be taken back for a day.")
		}
		for _, p := range parts {
			if p.UndoneAt != nil {
				return fault.New(fault.Conflict, "This change has been taken back already.")
			}
			var some []former
			if err := json.Unmarshal([]byte(p.Items), &some); err != nil {
				return err
			}
			was = append(was, some...)
		}
		return tx.Exec("UPDATE bulk_edits SET undone_at = ? WHERE id >= ? AND id < ? AND team_id = ?", tx.Now.UnixMicro(), id+".", id+"/", teamID).Error
	})
	return was, err
}
