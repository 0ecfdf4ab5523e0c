package db

import (
	"database/sql"
	"strings"
)

// batches are the numbers of rows that a statement over many rows may have. Few
// sizes mean few statements, so that each is prepared once.
var batches = []int{256, 64, 16, 4, 1}

// InBatches runs a statement over many rows of cells, one part after the other;
// run is given how many rows its part has.
func InBatches(cells []any, columns int, run func(rows int, part []any) error) error {
	for _, size := range batches {
		for n := size * columns; len(cells) >= n && n > 0; cells = cells[n:] {
			if err := run(size, cells[:n]); err != nil {
				return err
			}
		}
	}
	return nil
}

// Tuples is "(?, ?), (?, ?)" for n rows.
func Tuples(n, columns int) string {
	return Repeat("(?"+strings.Repeat(", ?", columns-1)+")", n)
}

// Repeat is a row's placeholders for n rows.
func Repeat(row string, n int) string { return row + strings.Repeat(", "+row, n-1) }

// Each scans the rows of a query one by one.
func Each(g Reader, scan func(r *sql.Rows) error, query string, args ...any) error {
	rows, err := g.Raw(query, args...).Rows()
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

// Among tests a column for any of the texts that come Joined, as one argument: the
// statement is prepared once for any number of them.
func Among(g Reader, column string) string {
	if g.Dialector.Name() == "postgres" {
		return column + " = ANY (CAST(? AS TEXT[]))"
	}
	return column + " IN (SELECT value FROM json_each(?))"
}

var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// Joined are texts as one argument.
func Joined(g Reader, texts []string) string {
	if g.Dialector.Name() != "postgres" {
		return JoinWords(texts)
	}
	if len(texts) == 0 {
		return "{}"
	}
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = quoter.Replace(t)
	}
	return `{"` + strings.Join(quoted, `","`) + `"}`
}

// EachOf is Each for a query over many texts: its one "?" stands for a table of them,
// with the column id. PostgreSQL joins it; of "= ANY" it keeps a plan that compares
// each row of a small table with text after text. Where it sees how many there are, it
// plans each time anew, which takes longer than to read a few.
func EachOf(g Reader, scan func(r *sql.Rows) error, query string, texts []string) error {
	list := "(SELECT value AS id FROM json_each(?))"
	if g.Dialector.Name() == "postgres" {
		list = "(SELECT unnest(CAST(? AS TEXT[])) AS id)"
		if len(texts) <= 10 { // as many as it takes an unseen array to have
			list = "(SELECT unnest((SELECT CAST(? AS TEXT[]))) AS id)"
		}
	}
	return Each(g, scan, strings.Replace(query, "?", list, 1), Joined(g, texts))
}
