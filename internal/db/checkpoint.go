package db

import (
	"context"
	"database/sql"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"
)

// SQLite appends what is committed to a log, and copies it from there into the
// database file when the log has grown: by itself in the middle of somebody's
// commit, who then waits for two more turns of the disk. Here a connection of its
// own does that beside the writer. PASSIVE waits for nobody and lets nobody wait
// (sqlite.org/pragma.html#pragma_wal_checkpoint).
const (
	// enough pages of 4 KiB in the log are worth copying.
	enough = 1000
	// tooMany make the writer copy after all: where it never pauses, the copying is
	// never done with the whole log, which then cannot begin anew.
	tooMany = 8 * enough
)

func init() {
	// A statement over many rows keeps the pages that it may have to take back. In memory
	// these are a few MB; in a file of their own they cost an import a tenth of its time.
	sql.Register("sqlite3_writer", &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		_, err := c.Exec("PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = "+strconv.Itoa(tooMany), nil)
		return err
	}})
}

// checkpoints copies the log of one database when it is told of commits.
type checkpoints struct {
	log           *sql.DB
	bell          chan struct{}
	stop, stopped chan struct{}
	commits       atomic.Int64
}

func newCheckpoints(dsn string) (*checkpoints, error) {
	log, err := sql.Open("sqlite3", dsn)
	if err != nil {
		return nil, err
	}
	log.SetMaxOpenConns(1)
	c := &checkpoints{log: log, bell: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{})}
	go c.run()
	return c, nil
}

// committed is told of each transaction, and how long it took. Few are worth a look
// at the log: long ones, and every so many of the others.
func (c *checkpoints) committed(took time.Duration) {
	const long, often = 10 * time.Millisecond, 64
	if c.commits.Add(1)%often > 0 && took < long {
		return
	}
	select {
	case c.bell <- struct{}{}:
	default:
	}
}

func (c *checkpoints) run() {
	defer close(c.stopped)
	for {
		select {
		case <-c.stop:
			return
		case <-c.bell:
			if err := c.copy(); err != nil {
				slog.Warn("cannot copy the write-ahead log into the database", "error", err)
			}
		}
	}
}

func (c *checkpoints) copy() error {
	ctx := context.Background()
	var busy, pages, copied int
	if err := c.log.QueryRowContext(ctx, "PRAGMA wal_checkpoint(NOOP)").Scan(&busy, &pages, &copied); err != nil {
		return err
	}
	if pages-copied < enough {
		return nil
	}
	return c.log.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &copied)
}

func (c *checkpoints) close() error {
	close(c.stop)
	<-c.stopped
	return c.log.Close()
}
