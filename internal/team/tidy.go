package team

import (
	"context"
	"time"

	"patchline/internal/db"
)

// keepEnded is how long ended sessions and invitations are kept.
const keepEnded = 30 * 24 * time.Hour

// Tidy deletes what nobody will ask for again. A job calls it now and then.
func (s *Service) Tidy(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := forgetKeys(tx, tx.Now.Add(-rememberFor)); err != nil {
			return err
		}
		return forgetEnded(tx, tx.Now.Add(-keepEnded))
	})
}
