// Package dbtest gives each test a fresh database, on every engine.
package dbtest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
	"patchline/migrations"
)

// Now is the time on the test clock when a test begins: a Monday morning.
var Now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Clock is a test's clock; the test moves it.
type Clock struct{ micros atomic.Int64 }

// NewClock makes a clock that stands at Now.
func NewClock() *Clock {
	c := &Clock{}
	c.Set(Now)
	return c
}

// Now reads the clock.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.micros.Load()).UTC() }

// Set puts the clock to a moment.
func (c *Clock) Set(t time.Time) { c.micros.Store(t.UnixMicro()) }

// Add moves the clock on.
func (c *Clock) Add(d time.Duration) { c.micros.Add(d.Microseconds()) }

// Each runs test once per engine, at the same time. PostgreSQL is used when
// TEST_POSTGRES names a server (scripts/test starts one).
func Each(t *testing.T, test func(t *testing.T, d *db.DB, clock *Clock)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		clock := NewClock()
		d := open(t, filepath.Join(t.TempDir(), "test.db"), clock)
		require.NoError(t, d.Migrate(t.Context()))
		test(t, d, clock)
	})
	server := os.Getenv("TEST_POSTGRES")
	if server == "" {
		t.Log("TEST_POSTGRES is not set: only SQLite is tested")
		return
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		clock := NewClock()
		test(t, open(t, clone(t, server), clock), clock)
	})
}

func open(t *testing.T, url string, clock *Clock) *db.DB {
	d, err := db.Open(url, clock.Now)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

var (
	once  sync.Once
	count atomic.Int64
)

// clone copies a migrated template, which is much faster than migrating. The
// template is named after its migrations: every run, and every package that runs
// at the same time, shares it.
func clone(t *testing.T, server string) string {
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, server+"/postgres")
	require.NoError(t, err)
	defer admin.Close(ctx)
	template := "template_" + fingerprint(t)
	once.Do(func() { makeTemplate(t, admin, server, template) })

	name := fmt.Sprintf("test_%d_%d", os.Getpid(), count.Add(1))
	exec(t, admin, "CREATE DATABASE "+name+" TEMPLATE "+template+" STRATEGY file_copy")
	t.Cleanup(func() {
		admin, err := pgx.Connect(ctx, server+"/postgres")
		require.NoError(t, err)
		defer admin.Close(ctx)
		exec(t, admin, "DROP DATABASE "+name+" WITH (FORCE)")
	})
	return server + "/" + name
}

func makeTemplate(t *testing.T, admin *pgx.Conn, server, template string) {
	ctx := context.Background()
	exec(t, admin, "SELECT pg_advisory_lock(1)")
	defer exec(t, admin, "SELECT pg_advisory_unlock(1)")
	var there bool
	require.NoError(t, admin.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", template).Scan(&there))
	if there {
		return
	}
	exec(t, admin, "DROP DATABASE IF EXISTS "+template+"_new")
	exec(t, admin, "CREATE DATABASE "+template+"_new")
	d, err := db.Open(server+"/"+template+"_new", time.Now)
	require.NoError(t, err)
	require.NoError(t, d.Migrate(ctx))
	require.NoError(t, d.Close())
	exec(t, admin, "ALTER DATABASE "+template+"_new RENAME TO "+template)
}

func exec(t *testing.T, admin *pgx.Conn, sql string) {
	_, err := admin.Exec(context.Background(), sql)
	require.NoError(t, err, sql)
}

func fingerprint(t *testing.T) string {
	sum := sha256.New()
	files := migrations.For("postgres")
	names, err := fs.Glob(files, "*.sql")
	require.NoError(t, err)
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		require.NoError(t, err)
		fmt.Fprintf(sum, "%s\n%s\n", name, text)
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:6])
}
