package db_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
	"patchline/internal/db/dbtest"
)

func TestARefusedTransactionLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		rang := false
		refusal := errors.New("refused")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			tx.AfterCommit(func() { rang = true })
			require.NoError(t, tx.Exec("INSERT INTO settings (name, value) VALUES ('a', 'b')").Error)
			return refusal
		})
		require.ErrorIs(t, err, refusal)
		var n int
		require.NoError(t, d.Read(t.Context()).Raw("SELECT COUNT(*) FROM settings").Row().Scan(&n))
		assert.Zero(t, n)
		assert.False(t, rang)
	})
}

func TestATransactionInsideAnotherIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return d.Write(tx.Statement.Context, func(*db.Tx) error { return nil })
		})
		require.Error(t, err)
	})
}

func TestAClientThatLeavesDoesNotCutATransactionShort(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		ctx, leave := context.WithCancel(t.Context())
		require.NoError(t, d.Write(ctx, func(tx *db.Tx) error {
			leave()
			return tx.Exec("INSERT INTO settings (name, value) VALUES ('a', 'b')").Error
		}))
		var v string
		require.NoError(t, d.Read(t.Context()).Raw("SELECT value FROM settings").Row().Scan(&v))
		assert.Equal(t, "b", v)
		require.Error(t, d.Write(ctx, func(*db.Tx) error { return nil }), "it was gone before the beginning")
	})
}

func TestARingReachesAListenerAfterTheCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		ear := d.Listen(t.Context())
		require.Eventually(t, func() bool {
			require.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error { return tx.Ring("hello") }))
			select {
			case word := <-ear:
				return word == "hello"
			default:
				return false
			}
		}, 5e9, 5e7)
	})
}
