package advisory

import (
	"database/sql"
	"slices"
	"strings"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// batches are the numbers of rows a statement may have. Few sizes mean few
// statements, so that each is prepared once.
var batches = []int{256, 64, 16, 4, 1}

// insert writes many rows with few statements: head is up to VALUES, tail what
// follows the rows, args the cells of all rows, each row's key first.
func insert(tx *db.Tx, head string, columns int, tail string, args []any) error {
	args = lastOfEach(columns, args)
	for _, size := range batches {
		for n := size * columns; len(args) >= n && n > 0; args = args[n:] {
			if err := tx.Exec(head+tuples(size, columns)+tail, args[:n]...).Error; err != nil {
				return err
			}
		}
	}
	return nil
}

// lastOfEach keeps one row per key: a statement may not touch a row twice.
func lastOfEach(columns int, args []any) []any {
	at := make(map[any]int, len(args)/columns)
	end := 0
	for i := 0; i < len(args); i += columns {
		to, twice := at[args[i]]
		if !twice {
			to, at[args[i]] = end, end
			end += columns
		}
		copy(args[to:to+columns], args[i:i+columns])
	}
	return args[:end]
}

// tuples is "(?, ?), (?, ?)" for n rows.
func tuples(n, columns int) string {
	one := "(?" + strings.Repeat(", ?", columns-1) + ")"
	return one + strings.Repeat(", "+one, n-1)
}

const lookup = 512 // ids in one query

// each runs a query of the form "… IN ?" over ids in parts, and scans its rows.
// The parts are filled up with their last id to few sizes.
func each(g *gorm.DB, query string, ids []string, scan func(r *sql.Rows) error) error {
	for part := range slices.Chunk(ids, lookup) {
		if err := rows(g, scan, query, fill(part)); err != nil {
			return err
		}
	}
	return nil
}

func fill(ids []string) []string {
	size := 1
	for size < len(ids) {
		size *= 8
	}
	out := append(make([]string, 0, size), ids...)
	for len(out) < min(size, lookup) {
		out = append(out, ids[len(ids)-1])
	}
	return out
}

func rows(g *gorm.DB, scan func(r *sql.Rows) error, query string, args ...any) error {
	r, err := g.Raw(query, args...).Rows()
	if err != nil {
		return err
	}
	defer r.Close()
	for r.Next() {
		if err := scan(r); err != nil {
			return err
		}
	}
	return r.Err()
}
