package scan

import (
	"fmt"
	"io"
	"strings"
)

// printedTable is a table as a console prints it: every column begins below the
// beginning of its name.
type printedTable struct {
	names   []string
	columns map[string]int // by their names in small letters
	starts  []int          // in characters
	row     []rune
}

func newPrintedTable(header string) *printedTable {
	t := &printedTable{columns: map[string]int{}}
	inside := false
	for at, r := range []rune(header) {
		switch blank := r == ' ' || r == '\t' || r == '\r'; {
		case blank:
			inside = false
		case inside:
			t.names[len(t.names)-1] += string(r)
		default:
			inside = true
			t.names, t.starts = append(t.names, string(r)), append(t.starts, at)
		}
	}
	for i, name := range t.names {
		t.columns[strings.ToLower(name)] = i
	}
	return t
}

// get is the cell of a column; the last one reaches to the end of the line.
func (t *printedTable) get(name string) string {
	i, ok := t.columns[strings.ToLower(name)]
	if !ok || t.starts[i] >= len(t.row) {
		return ""
	}
	end := len(t.row)
	if i+1 < len(t.starts) {
		end = min(end, t.starts[i+1])
	}
	return strings.TrimSpace(string(t.row[t.starts[i]:end]))
}

// windowsHeader tells what a line with the names of columns promises.
func windowsHeader(text string) (t *printedTable, format Format, ok bool) {
	if len(text) > maxHeader {
		return nil, "", false
	}
	switch t = newPrintedTable(text); {
	case isHotfix(t.columns):
		return t, HotfixText, true
	case isWindowsUpdate(t.columns):
		return t, WindowsUpdateText, true
	}
	return nil, "", false
}

const maxHeader = 1024 // bytes; wmic separates columns by many blanks

// windowsText reads the tables that Get-HotFix, wmic, Get-WindowsUpdate and
// Get-WUHistory print. Several may follow each other, each with its header.
func (d *decoder) windowsText() error {
	r, err := d.lines()
	if err != nil {
		return err
	}
	var l *windowsList
	var t *printedTable
	lines := &lineReader{r: r}
	for {
		text, err := lines.next()
		if err == io.EOF {
			return nil
		}
		if err != nil && err != errLineSize {
			return err
		}
		position := fmt.Sprintf("line %d", lines.at)
		header, format, isHeader := windowsHeader(text)
		switch {
		case isHeader:
			if t = header; l == nil {
				l = d.windowsUpdates(isUpdateHistory(t.columns))
				if format == HotfixText {
					l = d.hotfixes()
				}
				if err := l.begin(); err != nil {
					return err
				}
			}
			continue
		case t == nil || err == nil && strings.Trim(text, "- \t") == "":
			continue // before the table, blank, or the rule below the header
		}
		var items []Item
		if err == nil {
			t.row = []rune(text)
			items, err = l.row(t.get, position)
		}
		if err := d.hand(items, position, err); err != nil {
			return err
		}
	}
}

// detectWindowsText looks for a header among the first lines.
func detectWindowsText(body []byte) (Format, bool) {
	lines := strings.SplitN(string(body[:min(len(body), maxLine)]), "\n", 20)
	for _, text := range lines {
		if _, format, ok := windowsHeader(text); ok {
			return format, true
		}
	}
	return "", false
}
