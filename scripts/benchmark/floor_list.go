package main

import (
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/gin-gonic/gin"
)

type person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type placement struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Drift  int       `json:"drift"`
	Reason string    `json:"reason"`
}

// patch has the fields of the contract's Patch.
type patch struct {
	Assets          int64      `json:"assets"`
	Assignee        *person    `json:"assignee"`
	Assumed         []string   `json:"assumed"`
	Band            string     `json:"band"`
	Carried         int64      `json:"carried"`
	Component       string     `json:"component"`
	CreatedAt       time.Time  `json:"created_at"`
	CVSS            *float64   `json:"cvss"`
	DueAt           *time.Time `json:"due_at"`
	DuePolicy       string     `json:"due_policy"`
	EPSS            *float64   `json:"epss"`
	Findings        int64      `json:"findings"`
	FixedVersion    string     `json:"fixed_version"`
	KEV             bool       `json:"kev"`
	Key             string     `json:"key"`
	Kind            string     `json:"kind"`
	Labels          []string   `json:"labels"`
	Patched         int64      `json:"patched"`
	Placement       *placement `json:"placement"`
	Points          *float64   `json:"points"`
	Priority        float64    `json:"priority"`
	Risk            float64    `json:"risk"`
	Sprint          *int64     `json:"sprint"`
	Status          string     `json:"status"`
	Title           string     `json:"title"`
	UpdatedAt       time.Time  `json:"updated_at"`
	Version         int64      `json:"version"`
	Vulnerabilities int64      `json:"vulnerabilities"`

	id, tie string
	number  int64
	sort    float64
}

const patchSelect = `p.id, p.number, p.kind, p.title, p.component, p.fixed_version, p.status, p.risk, p.priority, p.sort_value, p.tie_key, p.kev, p.epss, p.cvss,
	p.assumed, p.due_at, p.due_policy, p.points, p.assignee_id, COALESCE(a.name, ''), s.number, p.carried, p.assets, p.patched, p.findings, p.vulnerabilities,
	p.labels, p.placed_at, COALESCE(b.name, ''), p.placed_reason, p.version, p.created_at, p.updated_at`

const patchFrom = ` FROM patches p LEFT JOIN users a ON a.id = p.assignee_id LEFT JOIN users b ON b.id = p.placed_by
	LEFT JOIN sprints s ON s.id = p.sprint_id AND s.state IN ('planned', 'active') `

// scanPatch reads patchSelect, and what comes behind it into more.
func scanPatch(scan func(...any) error, p *patch, more ...any) error {
	var assumed, labels, name, placer, reason string
	var assignee sql.NullString
	var due, placed sql.NullInt64
	var created, updated int64
	err := scan(append([]any{&p.id, &p.number, &p.Kind, &p.Title, &p.Component, &p.FixedVersion, &p.Status, &p.Risk, &p.Priority, &p.sort, &p.tie, &p.KEV, &p.EPSS, &p.CVSS,
		&assumed, &due, &p.DuePolicy, &p.Points, &assignee, &name, &p.Sprint, &p.Carried, &p.Assets, &p.Patched, &p.Findings, &p.Vulnerabilities,
		&labels, &placed, &placer, &reason, &p.Version, &created, &updated}, more...)...)
	if err != nil {
		return err
	}
	p.Key = teamKey + "-" + strconv.FormatInt(p.number, 10)
	p.Band = band(p.Priority)
	p.Assumed, p.Labels = words(assumed), words(labels)
	p.DueAt, p.CreatedAt, p.UpdatedAt = moment(due), time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	if assignee.Valid {
		p.Assignee = &person{assignee.String, name}
	}
	if placed.Valid {
		p.Placement = &placement{At: *moment(placed), By: placer, Reason: reason}
	}
	return nil
}

func band(priority float64) string {
	for _, b := range []struct {
		from float64
		name string
	}{{80, "critical"}, {60, "high"}, {35, "medium"}} {
		if priority >= b.from {
			return b.name
		}
	}
	return "low"
}

func words(text string) []string {
	list := []string{}
	if text != "[]" {
		_ = json.Unmarshal([]byte(text), &list) // the product wrote it
	}
	return list
}

// place is the last row of a page, in the product's own form.
type place struct {
	Order string  `json:"o"`
	Value float64 `json:"v,omitempty"`
	Key   string  `json:"k,omitempty"`
	ID    string  `json:"i,omitempty"`
	At    *int64  `json:"t,omitempty"`
	Count int     `json:"c"`
}

func (p place) String() string {
	text, _ := json.Marshal(p) // plain fields always marshal
	return base64.RawURLEncoding.EncodeToString(text)
}

type page struct {
	Count  int     `json:"count"`
	Capped bool    `json:"count_capped"`
	Items  []patch `json:"items"`
	Next   *string `json:"next_cursor"`
}

const pageSize = 50

func (f *floor) list(c *gin.Context) (any, error) {
	order, where, args := c.DefaultQuery("order", "rank"), "p.team_id = ? AND p.is_open", []any{f.team}
	if status := c.Query("status"); status != "" && !strings.Contains(status, ",") { // one that is open
		where, args = "p.team_id = ? AND p.status = ?", append(args, status)
	}
	if c.Query("kev") == "true" {
		where += " AND p.kev"
	}
	window := ""
	if _, query, _ := strings.Cut(c.Request.URL.RawQuery, "limit=50&"); f.conditions[query] != "" {
		window = where
		where += " AND " + f.conditions[query]
	}
	if q := c.Query("q"); q != "" {
		var err error
		if where, args, err = f.searched(where, args, q); err != nil {
			return nil, err
		}
	}
	var after *place
	if text := c.Query("cursor"); text != "" {
		raw, err := base64.RawURLEncoding.DecodeString(text)
		if err == nil {
			err = json.Unmarshal(raw, &after)
		}
		if err != nil {
			return nil, err
		}
	}
	out := page{Items: make([]patch, 0, pageSize+1)}
	if err := f.ranges(&out, order, where, args, after); err != nil {
		return nil, err
	}
	if err := f.count(&out, where, window, args, after); err != nil {
		return nil, err
	}
	f.cut(&out, order)
	return out, f.drifts(out.Items)
}

// searched finds a rare word by the index, and a common one by walking the order.
func (f *floor) searched(where string, args []any, word string) (string, []any, error) {
	word = strings.ToLower(strings.TrimFunc(word, unicode.IsSpace))
	found, match := "SELECT w.patch_id FROM patch_index i JOIN patch_words w ON w.id = i.rowid WHERE patch_index MATCH ?", `team_id : "`+f.team+`" AND words : ("`+word+`" *)`
	if f.pg {
		found, match = "SELECT patch_id FROM patch_words WHERE index @@ CAST(? AS tsquery)", "'"+word+"':*"
	}
	n := 0
	err := f.rows("SELECT COUNT(*) FROM ("+found+" LIMIT 1001) AS x", func(r *sql.Rows) error { return r.Scan(&n) }, match)
	if n <= 1000 {
		return where + " AND p.id IN (" + found + ")", append(args, match), err
	}
	return where + " AND (SELECT ' ' || w.words FROM patch_words w WHERE w.patch_id = p.id) LIKE ?", append(args, "% "+word+"%"), err
}

// span is a range of an index with its order.
type span struct {
	where, order string
	args         []any
}

func spans(order string, at *place) []span {
	const rank, risk, dated, undated = "p.sort_value DESC, p.tie_key, p.id", "p.risk DESC, p.id", "p.due_at, p.id", "p.id"
	switch {
	case order == "due" && at == nil:
		return []span{{" AND p.due_at IS NOT NULL", dated, nil}, {" AND p.due_at IS NULL", undated, nil}}
	case order == "created":
		return []span{{"", "p.number DESC", nil}}
	case order == "updated":
		return []span{{"", "p.updated_at DESC, p.id DESC", nil}}
	case order == "key":
		return []span{{"", "p.number", nil}}
	case order == "risk" && at == nil:
		return []span{{"", risk, nil}}
	case at == nil:
		return []span{{"", rank, nil}}
	}
	return []span{
		{" AND p.sort_value = ? AND (p.tie_key, p.id) > (?, ?)", rank, []any{at.Value, at.Key, at.ID}},
		{" AND p.sort_value < ?", rank, []any{at.Value}},
	}
}

func (f *floor) ranges(out *page, order, where string, args []any, at *place) error {
	for _, s := range spans(order, at) {
		all := append(append([]any{}, args...), s.args...)
		err := f.rows("SELECT "+patchSelect+patchFrom+"WHERE "+where+s.where+" ORDER BY "+s.order+" LIMIT ?", func(r *sql.Rows) error {
			out.Items = append(out.Items, patch{})
			return scanPatch(r.Scan, &out.Items[len(out.Items)-1])
		}, append(all, pageSize+1-len(out.Items))...)
		if err != nil || len(out.Items) > pageSize {
			return err
		}
	}
	return nil
}

// count stops at a thousand; a later page knows it from the first. With a filter
// only the first 5,000 of the window are looked at.
func (f *floor) count(out *page, where, window string, args []any, at *place) error {
	out.Count = len(out.Items)
	if at != nil {
		out.Count = at.Count
	} else if len(out.Items) > pageSize {
		query := "SELECT COUNT(*) FROM (SELECT 1 FROM patches p WHERE " + where + " LIMIT 1001) AS x"
		if window != "" {
			query = "SELECT COUNT(*) FROM (SELECT 1 FROM (SELECT CASE WHEN " + where + " THEN 1 ELSE 0 END AS hit FROM patches p WHERE " + window +
				" ORDER BY p.sort_value DESC, p.tie_key, p.id LIMIT 5000) AS w WHERE hit = 1 LIMIT 1001) AS x"
			args = append(args, args...)
		}
		if err := f.rows(query, func(r *sql.Rows) error { return r.Scan(&out.Count) }, args...); err != nil {
			return err
		}
	}
	out.Capped = out.Count > 1000
	return nil
}

func (f *floor) cut(out *page, order string) {
	if len(out.Items) > pageSize {
		out.Items = out.Items[:pageSize]
		last := out.Items[pageSize-1]
		next := place{Order: order, ID: last.id, Count: out.Count}
		switch order {
		case "rank":
			next.Value, next.Key = last.sort, last.tie
		case "risk":
			next.Value = last.Risk
		case "due":
			if last.DueAt != nil {
				at := last.DueAt.UnixMicro()
				next.At = &at
			}
		}
		text := next.String()
		out.Next = &text
	}
	out.Count = min(out.Count, 1000)
}
