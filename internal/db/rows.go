package db

import (
	"cmp"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"

	"patchline/internal/fault"
)

// Find reads one row by a condition, or says that there is none.
func Find[T any](g *gorm.DB, what, where string, args ...any) (*T, error) {
	var row T
	err := g.Where(where, args...).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, fault.New(fault.NotFound, "There is no such %s.", what)
	}
	return &row, err
}

// List reads rows by hand-written SQL, one after another, with scan. It is for
// lists that are read often: it costs a third less than filling structs by
// reflection.
func List[T any](g *gorm.DB, scan func(*sql.Rows, *T) error, query string, args ...any) ([]T, error) {
	var out []T
	err := Each(g, func(r *sql.Rows) error {
		var row T
		if err := scan(r, &row); err != nil {
			return err
		}
		out = append(out, row)
		return nil
	}, query, args...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// One reads the single row of a query into dest; sql.ErrNoRows when there is
// none. It stands in for GORM's Row, which panics when the statement cannot be
// prepared, as while the database is away.
func One(q Reader, dest ...any) error {
	rows, err := q.Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return cmp.Or(rows.Err(), sql.ErrNoRows)
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	return rows.Err()
}

// Duplicate tells whether a row was refused because there is one like it.
func Duplicate(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23505"
	}
	lite, ok := errors.AsType[sqlite3.Error](err)
	return ok && (lite.ExtendedCode == sqlite3.ErrConstraintUnique || lite.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}
