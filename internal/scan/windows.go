package scan

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// cells gives what a row has under a column's name; empty if nothing.
type cells func(name string) string

// first is the first of the columns that says something.
func (c cells) first(names ...string) string {
	for _, name := range names {
		if s := strings.TrimSpace(c(name)); s != "" {
			return s
		}
	}
	return ""
}

// windowsList is a list of updates that Windows has or could have. Property names
// are the same in every language; only titles are translated.
type windowsList struct {
	*decoder
	about *Snapshot
	read  func(row cells, asset Asset) ([]Item, error)
	seen  map[Asset]bool
}

// hotfixes lists what is installed: Get-HotFix, wmic qfe list.
func (d *decoder) hotfixes() *windowsList {
	return &windowsList{d, &Snapshot{Source: "windows-hotfix", Inventory: true}, readHotfix, map[Asset]bool{}}
}

// windowsUpdates lists what Windows Update offers (Get-WindowsUpdate), or what it
// has done (Get-WUHistory), which closes nothing.
func (d *decoder) windowsUpdates(history bool) *windowsList {
	if history {
		return &windowsList{d, &Snapshot{Source: "windows-update-history", Inventory: true}, readUpdateHistory, map[Asset]bool{}}
	}
	return &windowsList{d, &Snapshot{Source: "windows-update"}, readPendingUpdate, map[Asset]bool{}}
}

// row makes the items of a row. The host is the one the row names.
func (l *windowsList) row(row cells, position string) ([]Item, error) {
	asset := l.asset(row.first("PSComputerName", "ComputerName", "CSName", "Source", "Node", "__SERVER"), "host")
	if err := l.announce(l.seen, asset, position); err != nil {
		return nil, err
	}
	return l.read(row, asset)
}

func (l *windowsList) begin() error { return l.emit(Item{Position: "file", Snapshot: l.about}) }

func isHotfix(columns map[string]int) bool { return hasAny(columns, "hotfixid") }

func isUpdateHistory(columns map[string]int) bool {
	return hasAny(columns, "title") && hasAny(columns, "result", "resultcode") && hasAny(columns, "operationname", "operation")
}

func isWindowsUpdate(columns map[string]int) bool {
	return isUpdateHistory(columns) || hasAny(columns, "title") && hasAny(columns, "kb", "kbarticleids")
}

func hasAny(columns map[string]int, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		_, ok := columns[name]
		return ok
	})
}

// windowsCSV reads what Export-Csv, ConvertTo-Csv and wmic /format:csv write,
// which may begin with a blank line or with the type of the objects.
func (d *decoder) windowsCSV(hotfix bool) error {
	r, err := d.lines()
	if err != nil {
		return err
	}
	skipped, err := skipBefore(r)
	if err != nil {
		return err
	}
	t, err := newTable(r, skipped)
	if err != nil {
		return err
	}
	l := d.windowsUpdates(isUpdateHistory(t.columns))
	if hotfix {
		l = d.hotfixes()
	}
	if err := l.begin(); err != nil {
		return err
	}
	row := cells(func(name string) string { return t.get(columnName(name)) })
	return d.rows(t, func(t *table) ([]Item, error) { return l.row(row, t.position()) })
}

// skipBefore passes over blank lines and comments before a table and counts them.
func skipBefore(r *bufio.Reader) (int, error) {
	for n := 0; ; n++ {
		head, _ := r.Peek(maxLine)
		text := strings.TrimSpace(string(firstLine(head)))
		if len(head) == 0 || text != "" && text[0] != '#' {
			return n, nil
		}
		if _, err := r.ReadSlice('\n'); err != nil {
			return n, fmt.Errorf("cannot be read on after line %d: %w", n, err)
		}
	}
}

// windowsJSON reads what ConvertTo-Json writes: an array, or one object alone.
func (d *decoder) windowsJSON(hotfix bool) error {
	history := false
	err := d.walk(func(w *walker) error {
		return eachRecord(w, func(int) error {
			if c, _ := w.next(); c != '{' {
				return w.skip() // one bad record, as the second pass will say
			}
			return w.object(func(key string) error {
				history = history || key == "OperationName" || key == "ResultCode"
				return w.skip()
			})
		})
	})
	if err != nil {
		return err
	}
	l := d.windowsUpdates(history)
	if hotfix {
		l = d.hotfixes()
	}
	if err := l.begin(); err != nil {
		return err
	}
	return d.walk(func(w *walker) error {
		return eachRecord(w, func(n int) error {
			position := fmt.Sprintf("record %d", n+1)
			return d.parts(w, position, func(raw []byte) ([]Item, error) { return l.jsonRow(raw, position) })
		})
	})
}

func (l *windowsList) jsonRow(raw []byte, position string) ([]Item, error) {
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		return nil, errors.New("the record is no object")
	}
	return l.row(func(name string) string { return strings.Join(leaves(fields[name], nil), " ") }, position)
}

// leaves are the texts of a value, which PowerShell may wrap in lists and objects.
func leaves(v any, list []string) []string {
	if len(list) > 100 {
		return list
	}
	switch v := v.(type) {
	case string:
		return append(list, v)
	case bool, float64:
		return append(list, fmt.Sprint(v))
	case []any:
		for _, one := range v {
			list = leaves(one, list)
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			list = leaves(v[key], list)
		}
	}
	return list
}
