package web

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"patchline/api"
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
	columns := words[string](r.Params.Columns)
	if len(columns) == 0 {
		columns = exportColumns
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
	e := &export{team: t, columns: columns, json: r.Params.Format == api.ExportPatchesParamsFormatJSON, pages: pages, first: first, turns: h.exports}
	e.name = t.Key + "-patches-" + string(cal.DayOf(h.DB.Now()))
	return e, nil
}

// export writes rows as they are read.
type export struct {
	team    *team.Team
	name    string
	columns []string
	json    bool
	first   []backlog.Patch
	pages   func() ([]backlog.Patch, error)
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
		for i := range page {
			at++
			if err := rows.row(e.cells(&page[i], at)); err != nil {
				return err
			}
		}
		var err error
		if page, err = e.pages(); err != nil {
			return err
		}
	}
	if err := rows.end(); err != nil {
		return err
	}
	return out.Flush()
}

func (e *export) cells(p *backlog.Patch, rank int) []any {
	out := make([]any, len(e.columns))
	for i, name := range e.columns {
		out[i] = exported(e.team, p, rank, name)
	}
	return out
}

var exportColumns = []string{"rank", "key", "title", "component", "ecosystem", "fixed_version", "kind", "status", "risk", "priority", "kev", "epss", "cvss", "due", "due_policy",
	"assets", "findings", "vulnerabilities", "points", "assignee", "sprint", "carried", "labels", "placed", "created", "updated"}

// exported is what a column holds of a patch: text, a number, yes or no, a list of
// texts, or nothing.
func exported(t *team.Team, p *backlog.Patch, rank int, column string) any {
	switch column {
	case "rank":
		return rank
	case "key":
		return backlog.Key(t.Key, p.Number)
	case "title":
		return p.Title
	case "component":
		return p.Component
	case "ecosystem":
		return backlog.EcosystemOf(p.Component)
	case "fixed_version":
		return p.FixedVersion
	case "kind":
		return p.Kind
	case "status":
		return string(p.Status)
	case "risk":
		return p.Risk
	case "priority":
		return p.Priority
	case "kev":
		return p.KEV
	case "epss":
		return orNothing(rounded(p.EPSS, 5))
	case "cvss":
		return orNothing(p.CVSS)
	case "due":
		return orNothing(p.DueAt)
	}
	return exportedMore(p, column)
}

func exportedMore(p *backlog.Patch, column string) any {
	switch column {
	case "due_policy":
		return p.DuePolicy
	case "assets":
		return p.Assets
	case "findings":
		return p.Findings
	case "vulnerabilities":
		return p.Vulnerabilities
	case "points":
		return orNothing(p.Points)
	case "assignee":
		return p.AssigneeName
	case "sprint":
		return orNothing(p.SprintNumber)
	case "carried":
		return p.Carried
	case "labels":
		return list(p.Labels)
	case "placed":
		return p.PlacedAt != nil
	case "created":
		return p.CreatedAt
	case "updated":
		return p.UpdatedAt
	}
	return nil
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
	begin(columns []string) error
	row(cells []any) error
	end() error
}

type csvRows struct {
	csv   *csv.Writer
	cells []string
}

func (c *csvRows) begin(columns []string) error { return c.csv.Write(columns) }

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
		return noFormula(v)
	case []string:
		return noFormula(strings.Join(v, ", "))
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

// noFormula keeps a spreadsheet from taking text for a formula.
func noFormula(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

type jsonRows struct {
	out   *bufio.Writer
	names []string
	some  bool
}

func (j *jsonRows) begin(columns []string) error {
	for _, c := range columns {
		j.names = append(j.names, `"`+c+`":`)
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
