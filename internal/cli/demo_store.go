package cli

import (
	"context"
	"database/sql"
	"errors"

	"patchline/internal/db"
)

const demoSetting = "demo"

// demoState is the demo's mark in the settings; empty without one.
func demoState(ctx context.Context, d *db.DB) (state string, err error) {
	err = db.One(d.Read(ctx).Raw("SELECT value FROM settings WHERE name = ?", demoSetting), &state)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return state, err
}

func markDemo(ctx context.Context, d *db.DB, state string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		return tx.Exec("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", demoSetting, state).Error
	})
}

// isEmpty tells whether nobody has put anything in.
func isEmpty(ctx context.Context, d *db.DB) (bool, error) {
	var n int
	err := db.One(d.Read(ctx).Raw("SELECT (SELECT COUNT(*) FROM users) + (SELECT COUNT(*) FROM teams) + (SELECT COUNT(*) FROM vulnerabilities)"), &n)
	return n == 0, err
}
