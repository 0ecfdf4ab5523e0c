package team

import (
	"time"

	"patchline/internal/db"
)

func forgetKeys(tx *db.Tx, before time.Time) error {
	return tx.Exec("DELETE FROM idempotency WHERE created_at < ?", before.UnixMicro()).Error
}

func forgetEnded(tx *db.Tx, before time.Time) error {
	for _, table := range []string{"sessions", "invites"} {
		err := tx.Exec("DELETE FROM "+table+" WHERE ended_at < ? OR expires_at < ?", before.UnixMicro(), before.UnixMicro()).Error
		if err != nil {
			return err
		}
	}
	return nil
}
