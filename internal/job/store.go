package job

import (
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

// isDue tells whether nobody holds the lease any more. It is the cheap look before
// the write.
func isDue(g *gorm.DB, name string, now time.Time) (bool, error) {
	var held int
	err := db.One(g.Raw("SELECT COUNT(*) FROM leases WHERE name = ? AND expires_at > ?", name, now.UnixMicro()), &held)
	return held == 0, err
}

// take gets the lease if it is free, and returns its new term; 0 if somebody else
// was faster.
func take(tx *db.Tx, name, holder string, until time.Time) (term int64, err error) {
	err = db.One(tx.Raw(`INSERT INTO leases (name, holder, term, expires_at) VALUES (?, ?, 1, ?)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, term = leases.term + 1, expires_at = excluded.expires_at
		WHERE leases.expires_at <= ? RETURNING term`, name, holder, until.UnixMicro(), tx.Now.UnixMicro()), &term)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return term, err
}

// extend moves the end of a lease, if it is still of this term.
func extend(tx *db.Tx, l Lease, until time.Time) (kept bool, err error) {
	res := tx.Exec("UPDATE leases SET expires_at = ? WHERE name = ? AND holder = ? AND term = ?", until.UnixMicro(), l.name, l.holder, l.term)
	return res.RowsAffected == 1, res.Error
}

// Fence refuses the rest of a transaction when the lease has passed to somebody
// else, and keeps it from passing until the transaction ends.
func (l Lease) Fence(tx *db.Tx) error {
	res := tx.Exec("UPDATE leases SET term = term WHERE name = ? AND holder = ? AND term = ?", l.name, l.holder, l.term)
	if res.Error == nil && res.RowsAffected == 0 {
		return fault.New(fault.Conflict, "Another server has taken over this job.")
	}
	return res.Error
}
