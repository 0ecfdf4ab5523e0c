// Package db opens the database, SQLite or PostgreSQL, runs transactions on it,
// and keeps time. Everything that differs between the two engines lives here, in
// the migrations, and in a few lines of the store.go files that ask Postgres().
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"patchline/migrations"
)

// DB is an open database: one pool that writes and one that reads. On SQLite the
// writer is a single connection, so writers queue in Go instead of failing with
// "database is locked"; readers see the last commit and never wait for it.
type DB struct {
	writer, reader *gorm.DB
	engine, url    string
	now            func() time.Time
	bells          bells
	checkpoints    *checkpoints // on SQLite
}

// Open connects to a postgres:// URL or to an SQLite file. Now is the clock of
// every transaction.
func Open(location string, now func() time.Time) (*DB, error) {
	if strings.HasPrefix(location, "postgres://") || strings.HasPrefix(location, "postgresql://") {
		return openPostgres(location, now)
	}
	return openSQLite(location, now)
}

func openPostgres(location string, now func() time.Time) (*DB, error) {
	g, err := gorm.Open(postgres.New(postgres.Config{DSN: location, OptionOpenDB: []stdlib.OptionOpenDB{stdlib.OptionAfterConnect(unjitted)}}), options())
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	raw, err := g.DB()
	if err != nil {
		return nil, err
	}
	raw.SetMaxOpenConns(24)
	raw.SetMaxIdleConns(24)
	raw.SetConnMaxIdleTime(5 * time.Minute)
	return &DB{writer: g, reader: g, engine: "postgres", url: location, now: now}, nil
}

// unjitted keeps PostgreSQL from compiling queries, which takes a hundred times as
// long as running ours.
func unjitted(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, "SET jit = off")
	return err
}

// minSQLite is the first release without a known corruption bug in WAL mode
// (sqlite.org/wal.html#walresetbug).
const minSQLite = "3.51.3"

const readers = 8 // connections that read, on SQLite

func openSQLite(path string, now func() time.Time) (*DB, error) {
	escaped := (&url.URL{Path: path}).EscapedPath()
	dsn := "file:" + escaped + "?_foreign_keys=on&_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_cache_size=-32000&_stmt_cache_size=128"
	writer, err := pool("sqlite3_writer", dsn+"&_txlock=immediate", 1)
	if err != nil {
		return nil, fmt.Errorf("open SQLite %s: %w", path, err)
	}
	if err := checkSQLite(writer); err != nil {
		return nil, err
	}
	reader, err := pool("sqlite3", dsn+"&_query_only=on&_txlock=deferred", readers)
	if err != nil {
		return nil, fmt.Errorf("open SQLite %s: %w", path, err)
	}
	c, err := newCheckpoints(dsn)
	if err != nil {
		return nil, fmt.Errorf("open SQLite %s: %w", path, err)
	}
	return &DB{writer: writer, reader: reader, engine: "sqlite", url: path, now: now, checkpoints: c}, nil
}

func pool(driver, dsn string, size int) (*gorm.DB, error) {
	raw, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	raw.SetMaxOpenConns(size)
	raw.SetMaxIdleConns(size)
	return gorm.Open(sqlite.Dialector{Conn: raw}, options())
}

// options of GORM. Both drivers keep prepared statements by themselves; GORM would
// prepare them again in each transaction.
func options() *gorm.Config {
	return &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true,
		Logger:                 logger.Discard,
	}
}

func checkSQLite(g *gorm.DB) error {
	var version string
	if err := One(g.Raw("SELECT sqlite_version()"), &version); err != nil {
		return fmt.Errorf("open SQLite: %w", err)
	}
	if older(version, minSQLite) {
		return fmt.Errorf("SQLite %s is too old, at least %s is needed", version, minSQLite)
	}
	return nil
}

func older(a, b string) bool {
	var x, y [3]int
	fmt.Sscanf(a, "%d.%d.%d", &x[0], &x[1], &x[2])
	fmt.Sscanf(b, "%d.%d.%d", &y[0], &y[1], &y[2])
	for i := range x {
		if x[i] != y[i] {
			return x[i] < y[i]
		}
	}
	return false
}

// Postgres tells which engine runs.
func (d *DB) Postgres() bool { return d.engine == "postgres" }

// URL is where the database is, with any password.
func (d *DB) URL() string { return d.url }

// Now is the present on the database's clock, to the microsecond.
func (d *DB) Now() time.Time { return d.now().UTC().Truncate(time.Microsecond) }

// Close lets go of all connections.
func (d *DB) Close() error {
	var errs []error
	if d.checkpoints != nil {
		errs = append(errs, d.checkpoints.close())
	}
	for _, g := range []*gorm.DB{d.reader, d.writer} {
		raw, err := g.DB()
		if err == nil {
			err = raw.Close()
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	raw, err := d.reader.DB()
	if err != nil {
		return err
	}
	return raw.PingContext(ctx)
}

// Migrate brings the schema up to date. Several replicas may call it at once on
// PostgreSQL: one of them migrates and the others wait.
func (d *DB) Migrate(ctx context.Context) error {
	raw, err := d.writer.DB()
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if d.Postgres() {
		dialect = goose.DialectPostgres
		unlock, err := d.migrationLock(ctx)
		if err != nil {
			return err
		}
		defer unlock()
	}
	// files are independent of each other, and some are finished before lower numbers
	p, err := goose.NewProvider(dialect, raw, migrations.For(d.engine), goose.WithAllowOutofOrder(true))
	if err != nil {
		return err
	}
	if d.Postgres() {
		_, err = p.Up(ctx) // autovacuum looks at new indexes by itself
		return err
	}
	if err := d.temporary(ctx, "FILE"); err != nil {
		return err
	}
	done, err := p.Up(ctx)
	err = errors.Join(err, d.temporary(ctx, "MEMORY"))
	if err != nil || len(done) == 0 {
		return err
	}
	return d.optimize(ctx)
}

// temporary says where SQLite's writer keeps what it needs for a while: for a new
// index that may be as much as the largest table.
func (d *DB) temporary(ctx context.Context, place string) error {
	return d.writer.WithContext(ctx).Exec("PRAGMA temp_store = " + place).Error
}

// migrationLock keys an advisory lock by a number of our own choice.
func (d *DB) migrationLock(ctx context.Context) (func(), error) {
	raw, err := d.writer.DB()
	if err != nil {
		return nil, err
	}
	conn, err := raw.Conn(ctx)
	if err != nil {
		return nil, err
	}
	const key = 706174636
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", key); err != nil {
		conn.Close()
		return nil, err
	}
	return func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", key)
		conn.Close()
	}, nil
}
