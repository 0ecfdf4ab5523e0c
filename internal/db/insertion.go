package db

import (
	"fmt"
	"strconv"
	"strings"
)

// Insertion inserts many rows of one table with few statements. PostgreSQL takes
// them as one array for each column: what the statement costs beside its rows does
// not grow with their number, and one text of it serves all.
type Insertion struct {
	names, types []string
	head, tail   string
	postgres     string
}

// Insert describes an insertion into a table. Columns are like "id text, at bigint",
// of the types text, bigint, boolean, and double precision; tail follows the rows,
// such as ON CONFLICT.
func Insert(table, columns, tail string) *Insertion {
	in := &Insertion{}
	var arrays []string
	for i, column := range strings.Split(columns, ",") {
		name, kind, _ := strings.Cut(strings.TrimSpace(column), " ")
		in.names, in.types = append(in.names, name), append(in.types, kind)
		arrays = append(arrays, "CAST($"+strconv.Itoa(i+1)+" AS "+kind+"[])")
	}
	in.head = "INSERT INTO " + table + " (" + strings.Join(in.names, ", ") + ") "
	in.tail = " " + tail
	in.postgres = in.head + "SELECT * FROM unnest(" + strings.Join(arrays, ", ") + ")" + in.tail
	return in
}

// Write inserts rows, given as their cells one after the other. It goes past GORM,
// which would look for its own words in each of the thousands of cells.
func (in *Insertion) Write(tx *Tx, cells []any) error {
	if len(cells) == 0 {
		return nil
	}
	pool, ctx := tx.Statement.ConnPool, tx.Statement.Context
	if tx.Postgres() {
		arrays, err := in.arrays(cells)
		if err == nil {
			_, err = pool.ExecContext(ctx, in.postgres, arrays...)
		}
		return err
	}
	width := len(in.names)
	return InBatches(cells, width, func(rows int, part []any) error {
		// a query hands all its arguments to SQLite at once, where Exec crosses over to C for each
		none, err := pool.QueryContext(ctx, in.head+"VALUES "+Tuples(rows, width)+in.tail, part...)
		if err != nil {
			return err
		}
		return none.Close()
	})
}

// arrays turns rows into columns.
func (in *Insertion) arrays(cells []any) (out []any, err error) {
	for i, kind := range in.types {
		var column any
		switch kind {
		case "text":
			column, err = array[string](cells, i, len(in.types))
		case "bigint":
			column, err = array[int64](cells, i, len(in.types))
		case "boolean":
			column, err = array[bool](cells, i, len(in.types))
		default:
			column, err = array[float64](cells, i, len(in.types))
		}
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", in.names[i], err)
		}
		out = append(out, column)
	}
	return out, nil
}

// array is one column of rows; nil cells are null.
func array[T any](cells []any, at, width int) ([]*T, error) {
	out := make([]*T, 0, len(cells)/width)
	values := make([]T, len(cells)/width)
	for i := range values {
		switch v := cells[at+i*width].(type) {
		case nil:
			out = append(out, nil)
		case T:
			values[i] = v
			out = append(out, &values[i])
		case *T:
			out = append(out, v)
		default:
			return nil, fmt.Errorf("a cell is a %T", v)
		}
	}
	return out, nil
}

// Columns are the names of the columns.
func (in *Insertion) Columns() []string { return in.names }
