// Package migrations is the history of the schema. A file runs on both databases,
// written in PostgreSQL's words; For translates the few that SQLite spells
// otherwise. Where more must differ, NNNNN_name.sqlite.sql and
// NNNNN_name.postgres.sql do.
package migrations

import (
	"bytes"
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.sql
var files embed.FS

// For returns the migrations of one engine, "sqlite" or "postgres".
func For(engine string) fs.FS { return dialect{engine} }

type dialect struct{ engine string }

// Glob names the files of this engine.
func (d dialect) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(files, pattern)
	keep := names[:0]
	for _, n := range names {
		if shared(n) || strings.HasSuffix(n, "."+d.engine+".sql") {
			keep = append(keep, n)
		}
	}
	return keep, err
}

// Open opens a file in this engine's words.
func (d dialect) Open(name string) (fs.File, error) {
	f, err := files.Open(name)
	if err != nil || d.engine != "sqlite" || !shared(name) {
		return f, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	text, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return translated{bytes.NewReader([]byte(toSQLite.Replace(string(text)))), info}, nil
}

func shared(name string) bool { return strings.Count(name, ".") == 1 }

type translated struct {
	*bytes.Reader
	info fs.FileInfo
}

func (t translated) Stat() (fs.FileInfo, error) { return t.info, nil }
func (t translated) Close() error               { return nil }

// toSQLite makes STRICT tables, which know only five types, of PostgreSQL's.
// TEXT sorts as bytes in SQLite unless told otherwise.
var toSQLite = strings.NewReplacer(
	"BIGSERIAL PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT",
	"BIGINT", "INTEGER",
	"BOOLEAN", "INTEGER",
	"DOUBLE PRECISION", "REAL",
	"BYTEA", "BLOB",
	` COLLATE "C"`, "",
	"\n);", "\n) STRICT;",
)
