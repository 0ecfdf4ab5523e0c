package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// floor is the least a server must do: gin, a prepared statement per question, a
// hand-written scan, encoding/json.
type floor struct {
	read, write *sql.DB
	pg          bool
	team        string
	prepared    sync.Map          // of *sql.Stmt to read with, by text
	conditions  map[string]string // of filters, by their query

	writing sync.Mutex
	writer  *sql.Conn            // SQLite's
	own     map[string]*sql.Stmt // its statements
}

func serveFloor(ctx context.Context, location string) int {
	f, err := openFloor(location)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	team := e.Group("/api/v1/teams/:team")
	team.GET("/patches", answer(http.StatusOK, f.list))
	team.POST("/patches", answer(http.StatusCreated, f.create))
	team.GET("/patches/:key", answer(http.StatusOK, f.detail))
	team.POST("/patches/:key/move", answer(http.StatusOK, f.move))
	team.GET("/sprints/:n/burndown", answer(http.StatusOK, f.burndown))
	team.GET("/board", answer(http.StatusOK, f.board))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Fprintf(os.Stderr, "The floor serves http://%s\n", listener.Addr())
	server := &http.Server{Handler: e}
	context.AfterFunc(ctx, func() { server.Close() })
	_ = server.Serve(listener) // until it is told to stop
	return 0
}

// openFloor opens the database with the product's own durability, cache and pools.
func openFloor(location string) (*floor, error) {
	f := &floor{pg: isPostgres(location), conditions: map[string]string{}}
	for _, c := range conditions() {
		f.conditions[c.query] = c.where
	}
	var err error
	if f.pg {
		if f.write, err = sql.Open("pgx", location); err != nil {
			return nil, err
		}
		f.write.SetMaxOpenConns(24)
		f.write.SetMaxIdleConns(24)
		f.read = f.write
	} else {
		const dsn = "?_foreign_keys=on&_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_cache_size=-32000"
		f.write, _ = sql.Open("sqlite3", "file:"+location+dsn+"&_txlock=immediate") // opens nothing yet
		f.read, _ = sql.Open("sqlite3", "file:"+location+dsn+"&_query_only=on")
		f.write.SetMaxOpenConns(1)
		f.read.SetMaxOpenConns(8)
		f.read.SetMaxIdleConns(8)
	}
	return f, f.read.QueryRow("SELECT id FROM teams WHERE key = '" + teamKey + "'").Scan(&f.team)
}

// stmt prepares a statement once.
func (f *floor) stmt(query string) (*sql.Stmt, error) {
	if s, ok := f.prepared.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := f.read.Prepare(f.spelled(query))
	if err == nil {
		f.prepared.Store(query, s)
	}
	return s, err
}

func (f *floor) spelled(query string) string {
	if f.pg {
		return numbered(query)
	}
	return query
}

// numbered writes PostgreSQL's $1 for ?.
func numbered(query string) string {
	var b strings.Builder
	n := 0
	for _, c := range query {
		if c != '?' {
			b.WriteRune(c)
			continue
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
	}
	return b.String()
}

// rows reads with one scan a row.
func (f *floor) rows(query string, scan func(*sql.Rows) error, args ...any) error {
	s, err := f.stmt(query)
	if err != nil {
		return err
	}
	rows, err := s.Query(args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// tx runs statements in one transaction.
func (f *floor) tx(do func(run runner) error) error {
	if !f.pg {
		return f.alone(do)
	}
	tx, err := f.write.Begin()
	if err != nil {
		return err
	}
	// pgx keeps statements prepared by itself
	if err := do(func(query string, args ...any) *sql.Row { return tx.QueryRow(numbered(query), args...) }); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// runner runs a statement that returns at most one row.
type runner func(query string, args ...any) *sql.Row

// alone is tx for SQLite: one writer, its statements prepared once on its only
// connection.
func (f *floor) alone(do func(run runner) error) error {
	f.writing.Lock()
	defer f.writing.Unlock()
	ctx := context.Background()
	if f.writer == nil {
		c, err := f.write.Conn(ctx)
		if err != nil {
			return err
		}
		f.writer, f.own = c, map[string]*sql.Stmt{}
	}
	run := func(query string, args ...any) *sql.Row {
		if f.own[query] == nil {
			s, err := f.writer.PrepareContext(ctx, query)
			if err != nil {
				return f.writer.QueryRowContext(ctx, query, args...) // fails in the same way
			}
			f.own[query] = s
		}
		return f.own[query].QueryRow(args...)
	}
	if err := done(run("BEGIN IMMEDIATE")); err != nil {
		return err
	}
	if err := do(run); err != nil {
		return errors.Join(err, done(run("ROLLBACK")))
	}
	return done(run("COMMIT"))
}

// done is the result of a statement that returns no row.
func done(r *sql.Row) error {
	err := r.Scan()
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

func answer(status int, handle func(*gin.Context) (any, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		v, err := handle(c)
		if err != nil {
			c.String(http.StatusInternalServerError, err.Error())
			return
		}
		c.Header("Content-Type", "application/json")
		c.Status(status)
		_ = json.NewEncoder(c.Writer).Encode(v) // a client that left
	}
}

func moment(n sql.NullInt64) *time.Time {
	if !n.Valid {
		return nil
	}
	t := time.UnixMicro(n.Int64).UTC()
	return &t
}
