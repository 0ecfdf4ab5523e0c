package scan

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// table reads CSV, one row at a time, by the names of its columns.
type table struct {
	csv     *csv.Reader
	guard   *rowGuard
	columns map[string]int
	twice   []string // columns that came again, and were passed over
	width   int      // number of columns
	skipped int      // lines before the table
	row     []string
	at      int // line of the row, counted from the start of the table
}

// columnName brings the spellings of a column together: "CVSS Vector", "cvss-vector".
func columnName(s string) string {
	return joints.Replace(strings.ToLower(line(s, 80)))
}

var joints = strings.NewReplacer(" ", "_", "-", "_")

// separator guesses from the line with the column names.
func separator(header []byte) rune {
	best, most := ',', bytes.Count(header, []byte{','})
	for _, r := range ";\t|" {
		if n := bytes.Count(header, []byte(string(r))); n > most {
			best, most = r, n
		}
	}
	return best
}

func firstLine(head []byte) []byte {
	if i := bytes.IndexAny(head, "\r\n"); i >= 0 {
		return head[:i]
	}
	return head
}

// newTable reads the line with the column names; skipped is the number of lines before it.
func newTable(r *bufio.Reader, skipped int) (*table, error) {
	head, _ := r.Peek(headSize)
	guard := &rowGuard{r: r}
	c := csv.NewReader(guard)
	c.Comma = separator(firstLine(head))
	c.FieldsPerRecord = -1
	c.ReuseRecord = true
	t := &table{csv: c, guard: guard, columns: map[string]int{}, skipped: skipped}
	guard.nextRow()
	names, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("the line with the column names cannot be read: %w", err)
	}
	for i, name := range names {
		if name = columnName(name); name == "" {
			continue
		}
		if _, twice := t.columns[name]; twice {
			t.twice = append(t.twice, name)
			continue
		}
		t.columns[name] = i
	}
	t.width = len(names)
	return t, nil
}

// maxPreamble is how many lines of a report about itself may come before its table.
const maxPreamble = 200

// tableOf opens the table whose column names the format knows. Reports put lines
// about themselves before it, and spreadsheets a line "sep=;".
func (d *decoder) tableOf(is func(columns map[string]int) bool) (*table, error) {
	r, err := d.lines()
	if err != nil {
		return nil, err
	}
	head, _ := r.Peek(headSize)
	rest, lines := head, 0
	for ; len(rest) > 0 && lines < maxPreamble; lines++ {
		header := firstLine(rest)
		if is(columnsOf(header)) {
			_, _ = r.Discard(len(head) - len(rest))
			return newTable(r, lines)
		}
		_, rest, _ = bytes.Cut(rest, []byte{'\n'})
	}
	return nil, errors.New("has no line with the column names")
}

// columnsOf are the columns that a line would name.
func columnsOf(header []byte) map[string]int {
	columns := map[string]int{}
	if len(header) > maxLine {
		return columns
	}
	for i, name := range strings.Split(string(header), string(separator(header))) {
		columns[columnName(strings.Trim(strings.TrimSpace(name), `"`))] = i
	}
	return columns
}

// errRow is a row that cannot be read, while the next can.
var errRow = errors.New("a quote stands where it may not")

// next reads a row and passes blank ones over: io.EOF at the end, errRow for a
// bad row, any other error is one of the whole file.
func (t *table) next() error {
	for {
		t.guard.nextRow()
		row, err := t.csv.Read()
		if err != nil {
			return t.explain(err)
		}
		t.row = row
		t.at, _ = t.csv.FieldPos(0)
		if strings.TrimSpace(strings.Join(row, "")) != "" {
			return t.whole()
		}
	}
}

func (t *table) explain(err error) error {
	var bad *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case !errors.As(err, &bad):
		return fmt.Errorf("cannot be read on after %s: %w", t.position(), err)
	}
	t.at, t.row = bad.StartLine, nil
	if errors.Is(err, csv.ErrQuote) && bad.Line > bad.StartLine && t.guard.ended {
		return fmt.Errorf("cut off: the quote opened at %s never closes: %w", t.position(), io.ErrUnexpectedEOF)
	}
	return errRow
}

// whole tells a last row that was cut off from one that merely lacks cells.
func (t *table) whole() error {
	if len(t.row) < t.width && t.guard.ended && t.guard.last != '\n' && t.csv.InputOffset() >= t.guard.read {
		return fmt.Errorf("cut off in %s: %w", t.position(), io.ErrUnexpectedEOF)
	}
	return nil
}

func (t *table) position() string { return "line " + strconv.Itoa(t.at+t.skipped) }

// get is the cell under the name; empty if there is none.
func (t *table) get(name string) string {
	if i, ok := t.columns[name]; ok && i < len(t.row) {
		return strings.TrimSpace(t.row[i])
	}
	return ""
}

// first is the first cell under one of the names that is not empty.
func (t *table) first(names ...string) string {
	for _, name := range names {
		if v := t.get(name); v != "" {
			return v
		}
	}
	return ""
}

// rowGuard bounds one row: encoding/csv holds a row in memory, and a quote that
// never closes would make the rest of the file one.
type rowGuard struct {
	r     io.Reader
	read  int64
	limit int64
	last  byte
	ended bool
	err   error // why reading failed, other than the end
}

func (g *rowGuard) nextRow() { g.limit = g.read + maxRecord }

func (g *rowGuard) Read(p []byte) (int, error) {
	if g.read >= g.limit {
		g.err = errors.New("a row or an element is larger than 4 MiB")
		return 0, g.err
	}
	n, err := g.r.Read(p)
	if n > 0 {
		g.read, g.last = g.read+int64(n), p[n-1]
	}
	if err == io.EOF {
		g.ended = true
	} else if err != nil {
		g.err = err
	}
	return n, err
}

// rows hands on every row as one record.
func (d *decoder) rows(t *table, use func(*table) ([]Item, error)) error {
	for {
		err := t.next()
		if err == io.EOF {
			return nil
		}
		var items []Item
		if err == nil {
			items, err = use(t)
		} else if err != errRow {
			return err
		}
		if err := d.hand(items, t.position(), err); err != nil {
			return err
		}
	}
}
