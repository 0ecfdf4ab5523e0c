package db

import (
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"patchline/internal/fault"
)

var (
	errNoRoom    = fault.New(fault.Unavailable, "The database has no room left; nothing was changed. The server's administrator has to make room.")
	errReadOnly  = fault.New(fault.Unavailable, "The database can only be read now; nothing was changed. The server's administrator has to look after it.")
	errAway      = fault.New(fault.Unavailable, "The database does not answer; try again in a moment.")
	errDefective = fault.New(fault.Unavailable, "The server cannot read or write its disk; its administrator has to look after it.")
)

// Outage tells what a database cannot do for reasons that lie outside of the request
// and pass, or are mended, without a change to the program; nil for every other error.
func Outage(err error) error {
	if e, ok := errors.AsType[sqlite3.Error](err); ok {
		return map[sqlite3.ErrNo]error{
			sqlite3.ErrFull: errNoRoom, sqlite3.ErrReadonly: errReadOnly, sqlite3.ErrBusy: errAway,
			sqlite3.ErrIoErr: errDefective, sqlite3.ErrCantOpen: errDefective,
		}[e.Code]
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return outageOf(e.Code)
	}
	_, refused := errors.AsType[*pgconn.ConnectError](err)
	_, cut := errors.AsType[net.Error](err)
	if refused || cut {
		return errAway
	}
	return nil
}

// outageOf reads PostgreSQL's SQLSTATE.
func outageOf(code string) error {
	switch {
	case code == "53100": // disk_full
		return errNoRoom
	case code == "25006": // read_only_sql_transaction
		return errReadOnly
	case code == "58030": // io_error
		return errDefective
	case strings.HasPrefix(code, "53"), strings.HasPrefix(code, "57P"), strings.HasPrefix(code, "08"): // no resources, being stopped, no connection
		return errAway
	}
	return nil
}
