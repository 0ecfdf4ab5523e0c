package backlog

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"patchline/internal/db"
	"time"

	"patchline/internal/fault"
	"patchline/internal/scrum"
)

// Order of a list of patches.
type Order string

const (
	ByRank    Order = "rank"    // the backlog's own
	ByRisk    Order = "risk"    // highest first
	ByDue     Order = "due"     // earliest first, without a due date last
	ByCreated Order = "created" // latest first
	ByUpdated Order = "updated" // latest first
	ByKey     Order = "key"     // by number
)

// Filter chooses patches of a team. The zero value is every open one.
type Filter struct {
	TeamID    string
	Statuses  []scrum.Status
	Words     string
	MinRisk   float64
	KEV       *bool
	Overdue   *bool
	Placed    *bool
	Estimated *bool
	Assignee  string // a user id, or "none"
	Sprint    string // a sprint id, or "none"
	Label     string
	Asset     string
	Order     Order
	Limit     int
	Cursor    string
}

// Page is one page of a list. Count stops at CountCap; Capped says so.
type Page struct {
	Items  []Patch
	Next   string
	Count  int
	Capped bool
}

// CountCap is where counting a list stops.
const CountCap = 1000

// cursor is the last row of a page, as the order sees it; the count is carried
// along so that only the first page pays for it.
type cursor struct {
	Order   Order   `json:"o"`
	Value   float64 `json:"v,omitempty"`
	Key     string  `json:"k,omitempty"`
	ID      string  `json:"i,omitempty"`
	Number  int64   `json:"n,omitempty"`
	At      *int64  `json:"t,omitempty"`
	Count   int     `json:"c"`
	present bool
}

func (c cursor) String() string {
	text, _ := json.Marshal(c) // plain fields always marshal
	return base64.RawURLEncoding.EncodeToString(text)
}

func parseCursor(text string, order Order) (c cursor, err error) {
	if text == "" {
		return cursor{Order: order}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil || c.Order != order {
		return c, fault.Wrong("/query/cursor", "This cursor is not from a page of this list; start again without it.")
	}
	c.present = true
	return c, nil
}

func cursorAt(order Order, p *Patch, count int) cursor {
	c := cursor{Order: order, ID: p.ID, Count: count}
	switch order {
	case ByRank:
		c.Value, c.Key = p.SortValue, p.TieKey
	case ByRisk:
		c.Value = p.Risk
	case ByDue:
		c.At = microsOf(p.DueAt)
	case ByUpdated:
		c.At = microsOf(&p.UpdatedAt)
	default:
		c.Number = p.Number
	}
	return c
}

func microsOf(t *time.Time) *int64 {
	if t == nil {
		return nil
	}
	n := t.UnixMicro()
	return &n
}

// List reads one page.
func (s *Service) List(ctx context.Context, f Filter) (Page, error) {
	if f.Order == "" {
		f.Order = ByRank
	}
	at, err := parseCursor(f.Cursor, f.Order)
	if err != nil {
		return Page{}, err
	}
	var page Page
	err = s.db.View(ctx, func(g db.Reader) error {
		page, err = s.page(g, f, at)
		return err
	})
	return page, err
}

func (s *Service) page(g db.Reader, f Filter, at cursor) (Page, error) {
	where, none, err := s.conditions(g, f)
	if err != nil || none {
		return Page{Items: []Patch{}}, err
	}
	items, err := listRange(g, where, phases(f.Order, at), f.Limit+1)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: items, Count: at.Count}
	if !at.present {
		if page.Count, err = s.countUpTo(g, where, items, f.Limit); err != nil {
			return Page{}, err
		}
	}
	page.Capped = page.Count > CountCap
	page.Count = min(page.Count, CountCap)
	if len(items) > f.Limit {
		page.Items = items[:f.Limit]
		count := page.Count
		if page.Capped {
			count++
		}
		page.Next = cursorAt(f.Order, &page.Items[f.Limit-1], count).String()
	}
	return page, fillList(g, page.Items)
}

// countUpTo counts without asking when the first page holds everything.
func (s *Service) countUpTo(g db.Reader, where clause, items []Patch, limit int) (int, error) {
	if len(items) <= limit {
		return len(items), nil
	}
	return countMatches(g, where, CountCap+1)
}
