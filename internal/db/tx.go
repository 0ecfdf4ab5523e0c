package db

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"patchline/internal/fault"
)

// Tx is a write transaction. Now is one moment for all that happens in it.
type Tx struct {
	*gorm.DB
	Now   time.Time
	db    *DB
	after []func()
}

// Postgres tells which engine runs.
func (tx *Tx) Postgres() bool { return tx.db.Postgres() }

// AfterCommit runs f once the transaction is durable, and never if it is not.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// NewID makes a UUIDv7: unique, and sorted by the time it was made.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

type inside struct{}

var errNested = errors.New("a transaction inside a transaction")

// Reader runs queries: a transaction's, or outside of one.
type Reader = *gorm.DB

// Write runs fn in a transaction, again if the database asks for it, so fn must
// have no other effect than through tx. A client that leaves does not stop it
// half-way: a cancelled SQLite transaction can be left open.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	if ctx.Value(inside{}) != nil {
		return errNested
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithValue(context.WithoutCancel(ctx), inside{}, true)
	const attempts = 8
	for attempt := 1; ; attempt++ {
		var tx *Tx
		begin := time.Now()
		err := d.writer.WithContext(ctx).Transaction(func(g *gorm.DB) error {
			tx = &Tx{DB: g, Now: d.Now(), db: d}
			return fn(tx)
		})
		if err == nil {
			if d.checkpoints != nil {
				d.checkpoints.committed(time.Since(begin))
			}
			for _, f := range tx.after {
				f()
			}
			return nil
		}
		if !tryAgain(err) {
			return err
		}
		if attempt == attempts {
			return fault.New(fault.Unavailable, "The database is busy; try again in a moment.")
		}
		pause := time.Duration(attempt*attempt) * time.Millisecond
		time.Sleep(pause + rand.N(pause))
	}
}

// ErrMoved is given inside a transaction by who finds, once it holds what it waited
// for, that it needs to hold something else: the transaction runs again.
var ErrMoved = errors.New("what is held has moved meanwhile")

// tryAgain recognises PostgreSQL's "serialization failure" and "deadlock".
func tryAgain(err error) bool {
	if errors.Is(err, ErrMoved) {
		return true
	}
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}

// Lock holds a row until the transaction ends, so that what follows is decided by
// one at a time. Order: team, then sprints by their ids, then patches. Others may
// refer to the row meanwhile (NO KEY): a row of the ledger names its team, and whoever
// writes one while holding the sprint would wait for who holds the team and waits for
// the sprint. SQLite has one writer anyway.
func (tx *Tx) Lock(table, id string) error {
	if !tx.Postgres() {
		return nil
	}
	return tx.Exec("SELECT 1 FROM "+table+" WHERE id = ? FOR NO KEY UPDATE", id).Error
}

// LockWord holds a name of our own until the transaction ends.
func (tx *Tx) LockWord(word string) error {
	if !tx.Postgres() {
		return nil
	}
	return tx.Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", word).Error
}
