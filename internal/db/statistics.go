package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// few rows say nothing of a table once it has grown: of two pages SQLite learns that
// to walk through all is the way, and the search index then walks through all of its
// pages whenever it merges some.
const few = 1000

// optimize lets SQLite look at a sample of its tables after a change of the schema:
// without it, the planner judges new indexes beside old statistics, and picks the
// wrong one. A table without statistics it takes for a large one.
func (d *DB) optimize(ctx context.Context) error {
	for _, statement := range []string{
		"PRAGMA analysis_limit = 1000",
		"PRAGMA optimize = 0x10002", // every table that could profit (sqlite.org/pragma.html)
		"ANALYZE goose_db_version",  // which has rows in every database: now there are statistics
		fmt.Sprintf("DELETE FROM sqlite_stat1 WHERE tbl IN (SELECT tbl FROM sqlite_stat1 GROUP BY tbl HAVING MAX(CAST(stat AS INTEGER)) < %d)", few),
	} {
		if err := d.writer.WithContext(ctx).Exec(statement).Error; err != nil {
			return err
		}
	}
	return d.reconnect(ctx)
}

// reconnect makes SQLite read its statistics again, which a connection does once.
func (d *DB) reconnect(ctx context.Context) error {
	writer, err := d.writer.DB()
	if err != nil {
		return err
	}
	reader, err := d.reader.DB()
	if err != nil {
		return err
	}
	reader.SetMaxIdleConns(0)
	reader.SetMaxIdleConns(readers)
	conn, err := writer.Conn(ctx)
	if err != nil {
		return err
	}
	if err := conn.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(err, driver.ErrBadConn) {
		return err
	}
	return nil
}
