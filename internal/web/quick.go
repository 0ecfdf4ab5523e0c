package web

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
)

// The list and the board are asked for most, and reflection costs them a sixth of
// their time. These two write the same JSON by hand; a test holds them to what
// encoding/json makes of the contract's types, byte by byte.
type (
	quickList  api.ListPatches200JSONResponse
	quickBoard api.GetBoard200JSONResponse
)

func (l quickList) VisitListPatchesResponse(w http.ResponseWriter) error {
	q := make(quick, 0, 256+900*len(l.Items))
	q.object()
	q.integer("count", l.Count)
	q.boolean("count_capped", l.CountCapped)
	array(&q, "items", l.Items, (*quick).patch)
	maybe(&q, "next_cursor", l.NextCursor, (*quick).string)
	return q.send(w)
}

func (b quickBoard) VisitGetBoardResponse(w http.ResponseWriter) error {
	cards := 0
	for i := range b.Columns {
		cards += len(b.Columns[i].Cards)
	}
	q := make(quick, 0, 2048+500*cards)
	q.object()
	array(&q, "active_sprints", b.ActiveSprints, func(q *quick, n *int) { *q = strconv.AppendInt(*q, int64(*n), 10) })
	q.integer("age_days", b.AgeDays)
	q.boolean("approval_required", b.ApprovalRequired)
	array(&q, "columns", b.Columns, (*quick).column)
	q.boolean("emergency_lane", b.EmergencyLane)
	q.text("limits", string(b.Limits))
	q.integer("person_limit", b.PersonLimit)
	maybe(&q, "sprint", b.Sprint, func(q *quick, s api.Sprint) { q.value(s) })
	return q.send(w)
}

func (q *quick) column(c *api.BoardColumn) {
	q.object()
	array(q, "cards", c.Cards, (*quick).card)
	q.integer("limit", c.Limit)
	q.text("name", c.Name)
	q.number("points", c.Points)
	q.text("status", string(c.Status))
	q.end('}')
}

func (q *quick) card(c *api.Card) {
	q.object()
	q.integer("assets", c.Assets)
	maybe(q, "assignee", c.Assignee, (*quick).person)
	q.text("band", string(c.Band))
	if len(c.BlockedSince) > 0 {
		maybe(q, "blocked_since", c.BlockedSince, (*quick).moment)
	}
	q.integer("carried", c.Carried)
	if len(c.CoAssignees) > 0 {
		array(q, "co_assignees", c.CoAssignees, func(q *quick, p *api.Person) { q.person(*p) })
	}
	maybe(q, "due_at", c.DueAt, (*quick).moment)
	if c.Emergency {
		q.boolean("emergency", true)
	}
	q.boolean("kev", c.Kev)
	q.text("key", c.Key)
	q.words("labels", c.Labels)
	q.integer("patched", c.Patched)
	maybe(q, "points", c.Points, (*quick).float)
	q.number("priority", c.Priority)
	maybe(q, "since", c.Since, (*quick).moment)
	q.text("status", string(c.Status))
	if c.Tasks != 0 {
		q.integer("tasks", c.Tasks)
	}
	if c.TasksDone != 0 {
		q.integer("tasks_done", c.TasksDone)
	}
	q.text("title", c.Title)
	q.boolean("unplanned", c.Unplanned)
	q.integer("version", c.Version)
	q.end('}')
}

func (q *quick) patch(p *api.Patch) {
	q.object()
	q.integer("assets", p.Assets)
	maybe(q, "assignee", p.Assignee, (*quick).person)
	q.words("assumed", p.Assumed)
	q.text("band", string(p.Band))
	q.integer("carried", p.Carried)
	q.text("component", p.Component)
	q.time("created_at", p.CreatedAt)
	maybe(q, "cvss", p.Cvss, (*quick).float)
	maybe(q, "due_at", p.DueAt, (*quick).moment)
	q.text("due_policy", p.DuePolicy)
	maybe(q, "epss", p.Epss, (*quick).float)
	q.integer("findings", p.Findings)
	q.text("fixed_version", p.FixedVersion)
	q.boolean("kev", p.Kev)
	q.text("key", p.Key)
	q.text("kind", string(p.Kind))
	q.words("labels", p.Labels)
	q.integer("patched", p.Patched)
	maybe(q, "placement", p.Placement, func(q *quick, p api.Placement) { q.value(p) })
	maybe(q, "points", p.Points, (*quick).float)
	q.number("priority", p.Priority)
	q.number("risk", p.Risk)
	maybe(q, "sprint", p.Sprint, func(q *quick, n int) { *q = strconv.AppendInt(*q, int64(n), 10) })
	q.text("status", string(p.Status))
	q.text("title", p.Title)
	q.time("updated_at", p.UpdatedAt)
	q.integer("version", p.Version)
	q.integer("vulnerabilities", p.Vulnerabilities)
	q.end('}')
}

func (q *quick) person(p api.Person) {
	q.object()
	q.text("id", p.ID)
	q.text("name", p.Name)
	q.end('}')
}

// quick is JSON under way.
type quick []byte

func (q *quick) object() { *q = append(*q, '{') }

// end closes an object or array in place of the comma behind its last part.
func (q *quick) end(with byte) {
	if last := len(*q) - 1; (*q)[last] == ',' {
		(*q)[last] = with
		return
	}
	*q = append(*q, with)
}

// key begins a field; names need no escapes.
func (q *quick) key(name string) { *q = append(append(append(*q, '"'), name...), '"', ':') }

func (q *quick) comma() { *q = append(*q, ',') }

func (q *quick) text(name, v string)           { q.key(name); q.string(v); q.comma() }
func (q *quick) number(name string, v float64) { q.key(name); q.float(v); q.comma() }
func (q *quick) time(name string, v time.Time) { q.key(name); q.moment(v); q.comma() }
func (q *quick) integer(name string, v int) {
	q.key(name)
	*q = strconv.AppendInt(*q, int64(v), 10)
	q.comma()
}
func (q *quick) boolean(name string, v bool) { q.key(name); *q = strconv.AppendBool(*q, v); q.comma() }
func (q *quick) words(name string, list []string) {
	array(q, name, list, func(q *quick, s *string) { q.string(*s) })
}

// string writes plain text at once and leaves the rest, which is rare, to
// encoding/json.
func (q *quick) string(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			q.value(s)
			return
		}
	}
	*q = append(append(append(*q, '"'), s...), '"')
}

// float writes numbers as encoding/json does, which leaves the exponent away
// between 1e-6 and 1e21.
func (q *quick) float(v float64) {
	if size := math.Abs(v); v != 0 && (size < 1e-6 || size >= 1e21) {
		q.value(v)
		return
	}
	*q = strconv.AppendFloat(*q, v, 'f', -1, 64)
}

func (q *quick) moment(t time.Time) {
	*q = append(t.AppendFormat(append(*q, '"'), time.RFC3339Nano), '"')
}

// value leaves a value to encoding/json, which takes all that come here but a
// number that is none; the database keeps no such.
func (q *quick) value(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		text = []byte("null")
	}
	*q = append(*q, text...)
}

func (q *quick) send(w http.ResponseWriter) error {
	q.end('}')
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(append(*q, '\n'))
	return err
}

func array[T any](q *quick, name string, list []T, each func(*quick, *T)) {
	q.key(name)
	if list == nil {
		*q = append(*q, "null,"...)
		return
	}
	*q = append(*q, '[')
	for i := range list {
		each(q, &list[i])
		q.comma()
	}
	q.end(']')
	q.comma()
}

func maybe[T any](q *quick, name string, v nullable.Nullable[T], one func(*quick, T)) {
	q.key(name)
	if got, err := v.Get(); err == nil {
		one(q, got)
	} else {
		*q = append(*q, "null"...)
	}
	q.comma()
}
