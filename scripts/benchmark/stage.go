package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
	_ "github.com/mattn/go-sqlite3"    // registers "sqlite3"
)

// stage is one size: two databases with the same rows, and a server on each.
type stage struct {
	options
	size           int
	dir            string // what is taken away at the end
	floorAt        string // where the databases are
	productAt      string
	productArgs    []string // how the product is told
	token          string
	floor, product *side
	databases      []string // to drop, on PostgreSQL
}

func newStage(ctx context.Context, o options, size int) (*stage, error) {
	s := &stage{options: o, size: size}
	prepare := s.prepareSQLite
	if o.databaseURL != "" {
		prepare = s.preparePostgres
	}
	err := prepare(ctx)
	if err == nil {
		s.floor, err = start(ctx, "floor", "", o, s.floorAt)
	}
	if err == nil {
		s.product, err = start(ctx, "product", s.token, o, s.productArgs...)
	}
	if err == nil {
		err = s.sameAnswers()
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *stage) close() error {
	var errs []error
	for _, side := range []*side{s.floor, s.product} {
		if side != nil {
			errs = append(errs, side.stop())
		}
	}
	if s.dir != "" {
		errs = append(errs, os.RemoveAll(s.dir))
	}
	for _, name := range s.databases {
		errs = append(errs, s.administer("DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"))
	}
	return errors.Join(errs...)
}

// prepareSQLite fills a data directory, or takes the one that was kept, and
// copies its database for each side.
func (s *stage) prepareSQLite(ctx context.Context) (err error) {
	if s.dir, err = os.MkdirTemp("", "patchline-bench-"); err != nil {
		return err
	}
	from := filepath.Join(s.dir, "filled")
	if s.keep != "" {
		from = filepath.Join(s.keep, fmt.Sprint(s.size))
	}
	secret := filepath.Join(from, "token")
	if token, err := os.ReadFile(secret); err == nil {
		s.token = string(token)
	} else if s.token, err = fill(ctx, from+"/patchline.db", []string{"--data", from}, s.size); err != nil {
		return err
	} else if err := os.WriteFile(secret, []byte(s.token), 0o600); err != nil {
		return err
	}
	data := filepath.Join(s.dir, "product")
	s.floorAt, s.productAt, s.productArgs = filepath.Join(s.dir, "floor.db"), filepath.Join(data, "patchline.db"), []string{"--data", data}
	if err := os.Mkdir(data, 0o700); err != nil {
		return err
	}
	for _, to := range []string{s.floorAt, s.productAt} {
		if err := copySQLite(from+"/patchline.db", to); err != nil {
			return err
		}
	}
	return nil
}

func copySQLite(from, to string) error {
	d, err := sql.Open("sqlite3", "file:"+from+"?mode=ro")
	if err != nil {
		return err
	}
	_, err = d.Exec("VACUUM INTO ?", to)
	return errors.Join(err, d.Close())
}

// preparePostgres makes two databases as copies of a filled one, which stays on the
// server where it is to be kept.
func (s *stage) preparePostgres(ctx context.Context) (err error) {
	name := fmt.Sprintf("patchline_bench_%d_%d", os.Getpid(), s.size)
	product, floor, from := name+"_product", name+"_floor", name+"_filled"
	s.databases = []string{product, floor, from}
	var secret string
	if s.keep != "" {
		from, secret = fmt.Sprintf("patchline_bench_kept_%d", s.size), filepath.Join(s.keep, fmt.Sprintf("postgres-%d-token", s.size))
		s.databases = s.databases[:2]
	}
	if token, err := os.ReadFile(secret); err == nil {
		s.token = string(token)
	} else if s.token, err = s.fillPostgres(ctx, from, secret); err != nil {
		return err
	}
	for _, copied := range s.databases[:2] {
		if err := s.administer("CREATE DATABASE " + copied + " TEMPLATE " + from + " STRATEGY file_copy"); err != nil {
			return err
		}
	}
	s.productAt, s.floorAt = s.database(product), s.database(floor)
	s.productArgs = []string{"--database-url", s.productAt}
	return nil
}

func (s *stage) fillPostgres(ctx context.Context, name, secret string) (token string, err error) {
	if err := s.administer("CREATE DATABASE " + name); err != nil {
		return "", err
	}
	at := s.database(name)
	token, err = fill(ctx, at, []string{"--database-url", at}, s.size)
	if err == nil && secret != "" {
		err = os.WriteFile(secret, []byte(token), 0o600)
	}
	return token, err
}

// database is the address of another database of the same server.
func (s *stage) database(name string) string {
	base, query, _ := strings.Cut(s.databaseURL, "?")
	if i := strings.LastIndex(base, "/"); i > len("postgres://") {
		base = base[:i]
	}
	if query != "" {
		query = "?" + query
	}
	return base + "/" + name + query
}

func (s *stage) administer(query string) error {
	d, err := sql.Open("pgx", s.databaseURL)
	if err != nil {
		return err
	}
	_, err = d.Exec(query)
	return errors.Join(err, d.Close())
}
