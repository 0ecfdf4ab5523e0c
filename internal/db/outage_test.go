package db_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
	"github.com/stretchr/testify/assert"

	"patchline/internal/db"
	"patchline/internal/fault"
)

func TestOnlyWhatLiesOutsideOfARequestIsAnOutage(t *testing.T) {
	for _, c := range []struct {
		err  error
		says string
	}{
		{&pgconn.PgError{Code: "53100"}, "no room left"},
		{sqlite3.Error{Code: sqlite3.ErrFull}, "no room left"},
		{&pgconn.PgError{Code: "25006"}, "only be read"},
		{sqlite3.Error{Code: sqlite3.ErrReadonly}, "only be read"},
		{sqlite3.Error{Code: sqlite3.ErrIoErr}, "its disk"},
		{&pgconn.PgError{Code: "58030"}, "its disk"},
		{&pgconn.PgError{Code: "57P01"}, "does not answer"}, // admin_shutdown
		{&pgconn.PgError{Code: "53300"}, "does not answer"}, // too_many_connections
		{&pgconn.ConnectError{}, "does not answer"},
	} {
		out := db.Outage(fmt.Errorf("while writing: %w", c.err))
		assert.ErrorContains(t, out, c.says)
		assert.True(t, fault.Is(out, fault.Unavailable))
	}
	for _, err := range []error{
		nil, errors.New("a bug"), &pgconn.PgError{Code: "23505"}, &pgconn.PgError{Code: "42703"},
		sqlite3.Error{Code: sqlite3.ErrConstraint}, fault.New(fault.Conflict, "Somebody else was first."),
	} {
		assert.NoError(t, db.Outage(err))
	}
}
