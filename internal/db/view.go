package db

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// Read runs queries outside a transaction. On SQLite it cannot write.
func (d *DB) Read(ctx context.Context) *gorm.DB { return d.reader.WithContext(ctx) }

// View runs several reads on one snapshot of the data.
func (d *DB) View(ctx context.Context, fn func(g *gorm.DB) error) error {
	return d.ViewWith(ctx, "", fn)
}

// ViewWith is View with settings that hold on PostgreSQL while it lasts, such as
// "SET LOCAL enable_sort = off". They come with the beginning, in one round trip.
func (d *DB) ViewWith(ctx context.Context, settings string, fn func(g *gorm.DB) error) error {
	if d.Postgres() {
		return d.viewPostgres(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "+settings, fn)
	}
	g := d.reader.WithContext(ctx).Begin(&sql.TxOptions{ReadOnly: true})
	if g.Error != nil {
		return g.Error
	}
	defer g.Rollback()
	return fn(g)
}

func (d *DB) viewPostgres(ctx context.Context, begin string, fn func(g *gorm.DB) error) error {
	raw, err := d.reader.DB()
	if err != nil {
		return err
	}
	conn, err := raw.Conn(ctx)
	if err != nil {
		return err
	}
	defer release(context.WithoutCancel(ctx), conn)
	if err := simply(ctx, conn, begin); err != nil {
		return err
	}
	g := d.reader.WithContext(ctx)
	g.Statement.ConnPool = conn
	return fn(g)
}

// release ends a view before its connection goes back: who asks next then gets the
// same one, with its caches warm, which counts for more than not to wait for this. A
// connection on which it fails is thrown away by the pool, as it is still in a
// transaction.
func release(ctx context.Context, conn *sql.Conn) {
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	_ = simply(ctx, conn, "ROLLBACK")
	_ = conn.Close() // gives it back
}

// simply runs statements without arguments in one round trip.
func simply(ctx context.Context, conn *sql.Conn, statements string) error {
	return conn.Raw(func(c any) error {
		return c.(*stdlib.Conn).Conn().PgConn().Exec(ctx, statements).Close()
	})
}

// Fresh has PostgreSQL plan each query for the values it comes with: how many rows
// have a word or lie in a range decides how best to find them, and a plan that was
// prepared for any value knows nothing of that.
func (d *DB) Fresh(g Reader) Reader {
	if !d.Postgres() {
		return g
	}
	g = g.Session(&gorm.Session{Context: g.Statement.Context})
	g.Statement.ConnPool = fresh{g.Statement.ConnPool}
	return g
}

type fresh struct{ gorm.ConnPool }

func (f fresh) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return f.ConnPool.QueryContext(ctx, query, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
}
