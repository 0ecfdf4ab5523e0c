package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"patchline/internal/cli"
)

const (
	teamKey = "INF"
	email   = "owner@example.com"
)

// fill makes a database: the product makes the schema, a team, a product owner
// and the token, and plain SQL the rest.
func fill(ctx context.Context, location string, args []string, size int) (token string, err error) {
	for _, step := range []struct{ in, command string }{
		{"", "team add " + teamKey + " Infrastructure"},
		{"correct horse battery\n", "user add --email " + email + " --name Olivia --admin --team " + teamKey + " --role product_owner --password-stdin"},
		{"", "token create --email " + email + " --scope all"},
	} {
		var out bytes.Buffer
		code := cli.Run(ctx, append(strings.Fields(step.command), args...), cli.Streams{In: strings.NewReader(step.in), Out: &out, Err: os.Stderr})
		if code != 0 {
			return "", fmt.Errorf("patchline %s: exit status %d", step.command, code)
		}
		token = strings.TrimSpace(out.String())
	}
	l, err := openLoader(ctx, location)
	if err != nil {
		return "", err
	}
	return token, errors.Join(l.all(size), l.close())
}

// loader writes rows quickly: in one transaction on SQLite, by COPY on
// PostgreSQL.
type loader struct {
	ctx  context.Context
	db   *sql.DB
	conn *sql.Conn
	pg   bool
}

func openLoader(ctx context.Context, location string) (*loader, error) {
	l := &loader{ctx: ctx, pg: isPostgres(location)}
	driver, dsn := "sqlite3", "file:"+location+"?_journal_mode=WAL&_synchronous=OFF&_cache_size=-4000000&_foreign_keys=off"
	if l.pg {
		driver, dsn = "pgx", location
	}
	var err error
	if l.db, err = sql.Open(driver, dsn); err != nil {
		return nil, err
	}
	if l.conn, err = l.db.Conn(ctx); err != nil || l.pg {
		return l, err
	}
	return l, l.exec("PRAGMA temp_store = MEMORY") // where each statement keeps the pages it may have to take back
}

func isPostgres(location string) bool { return strings.HasPrefix(location, "postgres") }

// close leaves statistics for the planner and an empty log behind.
func (l *loader) close() error {
	after := []string{"ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"}
	if l.pg {
		after = []string{"VACUUM ANALYZE"}
	}
	var errs []error
	for _, query := range after {
		_, err := l.conn.ExecContext(l.ctx, query)
		errs = append(errs, err)
	}
	return errors.Join(append(errs, l.conn.Close(), l.db.Close())...)
}

func (l *loader) exec(query string) error {
	_, err := l.conn.ExecContext(l.ctx, query)
	return err
}

// table is what to write into one table. Rows are numbered from 1; a nil row is
// left out.
type table struct {
	name, columns string
	row           func(i int) []any
}

func (l *loader) load(n int, t table) error {
	if l.pg {
		return l.conn.Raw(func(c any) error { return l.copyRows(c.(*stdlib.Conn).Conn(), n, t) })
	}
	columns := strings.Count(t.columns, ",") + 1
	insert, err := l.conn.PrepareContext(l.ctx, "INSERT INTO "+t.name+" ("+t.columns+") VALUES (?"+strings.Repeat(", ?", columns-1)+")")
	if err != nil {
		return err
	}
	defer insert.Close()
	for i := 1; i <= n; i++ {
		if cells := t.row(i); cells != nil {
			if _, err := insert.ExecContext(l.ctx, cells...); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
	}
	return nil
}

func (l *loader) copyRows(c *pgx.Conn, n int, t table) error {
	i := 0
	_, err := c.CopyFrom(l.ctx, pgx.Identifier{t.name}, strings.Split(strings.ReplaceAll(t.columns, " ", ""), ","), pgx.CopyFromFunc(func() ([]any, error) {
		for i < n {
			i++
			if cells := t.row(i); cells != nil {
				return cells, nil
			}
		}
		return nil, nil
	}))
	if err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	return nil
}

// all fills every table.
func (l *loader) all(size int) error {
	d := &data{size: size}
	if err := l.conn.QueryRowContext(l.ctx, "SELECT t.id, u.id FROM teams t, users u").Scan(&d.team, &d.owner); err != nil {
		return err
	}
	if err := l.exec("BEGIN"); err != nil {
		return err
	}
	for _, part := range d.tables() {
		if err := l.load(part.n, part.table); err != nil {
			return err
		}
	}
	if err := l.exec(fmt.Sprintf("UPDATE teams SET last_patch = %d, last_sprint = %d", size, sprints)); err != nil {
		return err
	}
	return l.exec("COMMIT")
}
