package asset

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"patchline/internal/fault"
	"patchline/internal/risk"
)

// Columns of the table that can be imported; the name is required.
var Columns = []string{"name", "kind", "environment", "criticality", "exposure", "regulations", "owner", "tags", "identifiers", "description"}

// MaxCSV and MaxRows bound what one import takes.
const (
	MaxCSV  = 10 << 20 // bytes
	MaxRows = 50_000
)

// row is one line of the table that can be taken.
type row struct {
	position string
	draft    Draft
}

// readCSV reads a whole table. A bad row is handed to reject and the next one
// read; the error is about the table as a whole.
func readCSV(r io.Reader, reject func(position, reason string)) (rows []row, read int, err error) {
	text, err := wholeText(r)
	if err != nil {
		return nil, 0, err
	}
	c := csv.NewReader(bytes.NewReader(text))
	c.Comma, c.FieldsPerRecord, c.ReuseRecord = separator(text), -1, true
	columns, err := header(c)
	if err != nil {
		return nil, 0, err
	}
	seen := map[string]string{}
	for {
		cells, err := c.Read()
		switch {
		case err == io.EOF:
			return rows, read, nil
		case err == nil && strings.TrimSpace(strings.Join(cells, "")) == "":
			continue // spreadsheets leave blank rows behind
		}
		if read++; read > MaxRows {
			return nil, 0, fault.New(fault.TooLarge, "The table has more than %d rows; split it.", MaxRows)
		}
		one, err := readRow(c, cells, columns, err)
		if err == nil {
			err = once(seen, one)
		}
		if err != nil {
			reject(one.position, err.Error())
			continue
		}
		rows = append(rows, one)
	}
}

// wholeText reads the upload without the byte order mark that spreadsheets write.
func wholeText(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxCSV+1))
	switch {
	case err != nil:
		return nil, fault.New(fault.Malformed, "The upload broke off before its end; send it again.")
	case len(text) > MaxCSV:
		return nil, fault.New(fault.TooLarge, "The table is larger than 10 MiB; split it.")
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), nil
}

// once refuses the second row about an asset: which of the two counts would
// depend on their order.
func once(seen map[string]string, one row) error {
	key := NameKey(*one.draft.Name)
	if before, twice := seen[key]; twice {
		return fmt.Errorf("The same asset as in %s.", before)
	}
	seen[key] = one.position
	return nil
}

func separator(text []byte) rune {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	best := ','
	for _, r := range ";\t" {
		if bytes.Count(first, []byte(string(r))) > bytes.Count(first, []byte(string(best))) {
			best = r
		}
	}
	return best
}

// header reads the names of the columns.
func header(c *csv.Reader) ([]string, error) {
	names, err := c.Read()
	if err != nil {
		return nil, fault.New(fault.Invalid, "The table is empty or its first line cannot be read; the first line names the columns, of which name is required.")
	}
	columns := slices.Clone(names)
	for i, name := range columns {
		columns[i] = strings.ToLower(tidy(name))
		if columns[i] != "" && slices.Contains(columns[:i], columns[i]) {
			return nil, fault.New(fault.Invalid, "Two columns have the same name.")
		}
	}
	if !slices.Contains(columns, "name") {
		return nil, fault.New(fault.Invalid, "The first line must name the columns, and one of them must be name. Known are %s.", strings.Join(Columns, ", "))
	}
	return columns, nil
}

// readRow makes a draft of the cells. An empty cell of a word from a list says
// nothing; an empty text clears.
func readRow(c *csv.Reader, cells, columns []string, err error) (row, error) {
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		return row{position: fmt.Sprintf("line %d", bad.StartLine)}, errors.New("A quote stands where it may not, or is never closed.")
	}
	line, _ := c.FieldPos(0)
	one := row{position: fmt.Sprintf("line %d", line)}
	if len(cells) > len(columns) {
		return one, errors.New("The row has more cells than there are columns.")
	}
	for i, cell := range cells {
		if !utf8.ValidString(cell) {
			return one, errors.New("This is not UTF-8 text; save the table as UTF-8.")
		}
		one.draft.cell(columns[i], bare(strings.TrimSpace(cell)))
	}
	if one.draft.Name == nil || *one.draft.Name == "" {
		return one, errors.New("The name is missing.")
	}
	return one, one.draft.check()
}

// bare takes the apostrophe away that an export puts before what a spreadsheet
// would take for a formula.
func bare(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune(formula, rune(cell[1])) {
		return cell[1:]
	}
	return cell
}

func (d *Draft) cell(column, value string) {
	switch column {
	case "name":
		d.Name = &value
	case "owner":
		d.Owner = &value
	case "description":
		d.Description = &value
	case "regulations":
		d.Regulations = wordList(value)
	case "tags":
		d.Tags = wordList(value)
	case "identifiers":
		d.Identifiers = wordList(value)
	}
	if value == "" {
		return
	}
	low := strings.ToLower(value)
	switch column {
	case "kind":
		d.Kind = &value
	case "environment":
		d.Environment = &low
	case "criticality":
		c := risk.Criticality(low)
		d.Criticality = &c
	case "exposure":
		e := risk.Exposure(low)
		d.Exposure = &e
	}
}

func wordList(cell string) *[]string {
	words := strings.Split(cell, ";")
	return &words
}

// check names the first wrong cell.
func (d Draft) check() error {
	err := d.apply(blank())
	if err == nil {
		return nil
	}
	field := fault.Of(err).Fields[0]
	return fmt.Errorf("%s: %s", strings.TrimPrefix(field.Pointer, "/"), field.Detail)
}
