package team

import (
	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

func addToken(tx *db.Tx, t *Token) error {
	if _, err := lockUser(tx, t.UserID); err != nil {
		return err
	}
	var n int
	if err := db.One(tx.Raw("SELECT COUNT(*) FROM tokens WHERE user_id = ? AND revoked_at IS NULL", t.UserID), &n); err != nil {
		return err
	}
	if n >= maxTokens {
		return fault.New(fault.Conflict, "There are %d tokens already; revoke one that is no longer used.", n)
	}
	return tx.Create(t).Error
}

func tokensOf(g *gorm.DB, userID string) ([]Token, error) {
	var out []Token
	err := g.Where("user_id = ? AND revoked_at IS NULL", userID).Order("created_at DESC, id DESC").Find(&out).Error
	return out, err
}

func revokeToken(tx *db.Tx, userID, id string) (int64, error) {
	r := tx.Exec("UPDATE tokens SET revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at IS NULL", tx.Now.UnixMicro(), id, userID)
	return r.RowsAffected, r.Error
}
