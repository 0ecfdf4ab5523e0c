package web

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"patchline/api"
	"patchline/internal/asset"
	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/team"
)

const (
	exportsAtOnce = 8
	readPage      = time.Minute // a client has for a page of an export
)

func (h *handlers) ExportPatches(ctx context.Context, r api.ExportPatchesRequestObject) (api.ExportPatchesResponseObject, error) {
	t := h.team(ctx)
	same, err := json.Marshal(r.Params) // all that the list takes has the same name here
	if err != nil {
		return nil, err
	}
	var q api.ListPatchesParams
	if err := json.Unmarshal(same, &q); err != nil {
		return nil, err
	}
	f, err := h.filter(ctx, t, &q)
	if err != nil {
		return nil, err
	}
	pages := h.Backlog.Pages(ctx, f)
	first, err := pages() // what is wrong with the question shows here, before an answer has begun
	if err != nil {
		return nil, err
	}
	cal, err := t.Calendar()
	if err != nil {
		return nil, err
	}
	e := &export{team: t, columns: chosenColumns(words[string](r.Params.Columns)), json: r.Params.Format == api.ExportPatchesParamsFormatJSON, pages: pages, first: first, turns: h.exports}
	e.helpers = func(page []backlog.Patch) (map[string][]backlog.Person, error) { return h.Backlog.Helpers(ctx, page) }
	e.name = t.Key + "-patches-" + string(cal.DayOf(h.DB.Now()))
	return e, nil
}

// export writes rows as they are read.
type export struct {
	team    *team.Team
	name    string
	columns []exportColumn
	json    bool
	first   []backlog.Patch
	pages   func() ([]backlog.Patch, error)
	helpers func([]backlog.Patch) (map[string][]backlog.Person, error) // by id of the patch
	turns   chan struct{}
}

var errManyExports = fault.New(fault.Unavailable, "Many exports are being read now; try again in a moment.")

// VisitExportPatchesResponse streams the file. What goes wrong on the way breaks
// the connection, so that nobody takes a part for the whole.
func (e *export) VisitExportPatchesResponse(w http.ResponseWriter) error {
	select {
	case e.turns <- struct{}{}:
		defer func() { <-e.turns }()
	default:
		return errManyExports
	}
	kind, media := ".csv", "text/csv; charset=utf-8"
	if e.json {
		kind, media = ".json", "application/json"
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", `attachment; filename="`+e.name+kind+`"`)
	w.WriteHeader(http.StatusOK)
	if err := e.write(w); err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

func (e *export) write(w http.ResponseWriter) error {
	out := bufio.NewWriterSize(w, 64<<10)
	var rows rowWriter = &csvRows{csv: csv.NewWriter(out)}
	if e.json {
		rows = &jsonRows{out: out}
	}
	if err := rows.begin(e.columns); err != nil {
		return err
	}
	at := 0
	for page := e.first; len(page) > 0; {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(readPage)) // a test's writer knows none
		helpers, err := e.helpers(page)
		if err != nil {
			return err
		}
		for i := range page {
			at++
			if err := rows.row(e.cells(row{&page[i], e.team, at, helpers[page[i].ID]})); err != nil {
				return err
			}
		}
		if page, err = e.pages(); err != nil {
			return err
		}
	}
	if err := rows.end(); err != nil {
		return err
	}
	return out.Flush()
}

func (e *export) cells(r row) []any {
	out := make([]any, len(e.columns))
	for i, column := range e.columns {
		out[i] = column.of(r)
	}
	return out
}

// row is a patch at its place among those that are exported.
type row struct {
	*backlog.Patch
	team    *team.Team
	rank    int
	helpers []backlog.Person
}

// exportColumn is what one holds of a patch: text, a number, yes or no, a list of
// texts, or nothing.
type exportColumn struct {
	name string
	of   func(row) any
}

// exportColumns are all there are, in the order in which they come when nobody
// chooses.
var exportColumns = []exportColumn{
	{"rank", func(r row) any { return r.rank }},
	{"key", func(r row) any { return backlog.Key(r.team.Key, r.Number) }},
	{"title", func(r row) any { return r.Title }},
	{"component", func(r row) any { return r.Component }},
	{"ecosystem", func(r row) any { return backlog.EcosystemOf(r.Component) }},
	{"fixed_version", func(r row) any { return r.FixedVersion }},
	{"kind", func(r row) any { return r.Kind }},
	{"status", func(r row) any { return string(r.Status) }},
	{"risk", func(r row) any { return r.Risk }},
	{"priority", func(r row) any { return r.Priority }},
	{"kev", func(r row) any { return r.KEV }},
	{"epss", func(r row) any { return orNothing(rounded(r.EPSS, 5)) }},
	{"cvss", func(r row) any { return orNothing(r.CVSS) }},
	{"due", func(r row) any { return orNothing(r.DueAt) }},
	{"due_policy", func(r row) any { return r.DuePolicy }},
	{"assets", func(r row) any { return r.Assets }},
	{"findings", func(r row) any { return r.Findings }},
	{"vulnerabilities", func(r row) any { return r.Vulnerabilities }},
	{"points", func(r row) any { return orNothing(r.Points) }},
	{"assignee", func(r row) any { return r.AssigneeName }},
	{"co_assignees", func(r row) any { return list(each(r.helpers, func(p *backlog.Person) string { return p.Name })) }},
	{"sprint", func(r row) any { return orNothing(r.SprintNumber) }},
	{"carried", func(r row) any { return r.Carried }},
	{"labels", func(r row) any { return list(r.Labels) }},
	{"placed", func(r row) any { return r.PlacedAt != nil }},
	{"created", func(r row) any { return r.CreatedAt }},
	{"updated", func(r row) any { return r.UpdatedAt }},
}

// chosenColumns are those of the names, in their order; all without a name. Who works
// on a patch stands beside who is responsible.
func chosenColumns(names []string) []exportColumn {
	if len(names) == 0 {
		return exportColumns
	}
	out := make([]exportColumn, 0, len(names))
	for _, name := range names {
		if i := columnNamed(name); i >= 0 {
			out = append(out, exportColumns[i])
			if name == "assignee" {
				out = append(out, exportColumns[i+1])
			}
		}
	}
	return out
}

// columnNamed is where a column stands, -1 where there is none.
func columnNamed(name string) int {
	return slices.IndexFunc(exportColumns, func(c exportColumn) bool { return c.name == name })
}

// orNothing is what a pointer points to; nil, not a nil pointer, for none.
func orNothing[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

// rowWriter is a kind of file.
type rowWriter interface {
	begin(columns []exportColumn) error
	row(cells []any) error
	end() error
}

type csvRows struct {
	csv   *csv.Writer
	cells []string
}

func (c *csvRows) begin(columns []exportColumn) error {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = column.name
	}
	return c.csv.Write(names)
}

func (c *csvRows) row(cells []any) error {
	c.cells = c.cells[:0]
	for _, v := range cells {
		c.cells = append(c.cells, csvCell(v))
	}
	return c.csv.Write(c.cells)
}

func (c *csvRows) end() error {
	c.csv.Flush()
	return c.csv.Error()
}

func csvCell(v any) string {
	switch v := v.(type) {
	case string:
		return asset.PlainCell(v)
	case []string:
		return asset.PlainCell(strings.Join(v, ", "))
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return v.Format(time.RFC3339)
	}
	return ""
}

type jsonRows struct {
	out   *bufio.Writer
	names []string
	some  bool
}

func (j *jsonRows) begin(columns []exportColumn) error {
	for _, c := range columns {
		j.names = append(j.names, `"`+c.name+`":`)
	}
	return j.out.WriteByte('[')
}

func (j *jsonRows) row(cells []any) error {
	q := quick("\n{")
	if j.some {
		q = quick(",\n{")
	}
	j.some = true
	for i, v := range cells {
		q = append(q, j.names[i]...)
		q.value(v)
		q.comma()
	}
	q.end('}')
	_, err := j.out.Write(q)
	return err
}

func (j *jsonRows) end() error {
	_, err := j.out.WriteString("\n]\n")
	return err
}
