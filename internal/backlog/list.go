package backlog

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"patchline/internal/db"
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

// Page is one page of a list. Counting stops at CountCap, and sooner where most
// rows looked at do not count; Capped says that there are more.
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
	More    bool    `json:"m,omitempty"`
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

// List reads one page. How to find its rows is asked before the snapshot that they
// are read from: most often that is the index which has few of them, or none.
func (s *Service) List(ctx context.Context, f Filter) (page Page, err error) {
	if f.Order == "" {
		f.Order = ByRank
	}
	at, err := parseCursor(f.Cursor, f.Order)
	if err != nil {
		return page, err
	}
	asking := s.db.Read(ctx)
	if f.Words != "" { // of which some are in most patches, and most in few
		asking = s.db.Fresh(asking)
	}
	where, none, err := s.conditions(asking, f)
	if err != nil || none && f.key() == 0 {
		return Page{Items: []Patch{}}, err
	}
	err = s.db.ViewWith(ctx, where.settings, func(g db.Reader) error {
		page, err = s.page(g, f, at, where, none)
		return err
	})
	return page, err
}

func (s *Service) page(g db.Reader, f Filter, at cursor, where clause, none bool) (Page, error) {
	first, err := s.named(g, &f, &where, at)
	if err != nil {
		return Page{}, err
	}
	if none {
		return Page{Items: append([]Patch{}, first...), Count: len(first)}, addDrift(g, first)
	}
	if where, err = s.begin(g, where, at, f.Limit); err != nil {
		return Page{}, err
	}
	items, err := listRange(g, where, f.phases(at), f.Limit+1-len(first))
	if err != nil {
		return Page{}, err
	}
	items = append(first, items...)
	page := Page{Items: items, Count: at.Count, Capped: at.More}
	if !at.present {
		if page.Count, page.Capped, err = s.countUpTo(g, where, items, len(first), f.Limit); err != nil {
			return Page{}, err
		}
	}
	page.Capped = page.Capped || page.Count > CountCap
	page.Count = min(page.Count, CountCap)
	if len(items) > f.Limit {
		page.Items = items[:f.Limit]
		count := page.Count
		if page.Capped && count == CountCap {
			count++
		}
		end := cursorAt(f.Order, &page.Items[f.Limit-1], count)
		end.More = page.Capped && count <= CountCap
		page.Next = end.String()
	}
	return page, addDrift(g, page.Items)
}

// named is the patch whose key the words are, where it fits the filter: it stands
// first, and nowhere else. Who knows the key looks for that patch, whatever has
// become of it, unless the filter asks for statuses.
func (s *Service) named(g db.Reader, f *Filter, where *clause, at cursor) ([]Patch, error) {
	number := f.key()
	if number == 0 {
		return nil, nil
	}
	var found []Patch
	if !at.present && f.Limit > 1 {
		alone := *f
		if alone.Words = ""; len(alone.Statuses) == 0 {
			alone.Statuses = scrum.Statuses
		}
		its, none, err := s.conditions(g, alone)
		if err != nil || none {
			return nil, err
		}
		if found, err = listRange(g, its.and("p.number = ?", number), []phase{{order: "p.id"}}, 1); err != nil {
			return nil, err
		}
	}
	*where = where.and("p.number <> ?", number)
	where.known = nil
	return found, nil
}

// key is the number of the patch whose key the words are; 0 where they are none.
func (f *Filter) key() int64 {
	number, err := ParseKey(f.TeamKey, strings.TrimSpace(f.Words))
	if err != nil {
		return 0
	}
	return number
}

// countUpTo counts without asking when the first page holds everything, or when
// looking for the rows has told already. Apart are rows that the conditions do not
// find.
func (s *Service) countUpTo(g db.Reader, where clause, items []Patch, apart, limit int) (n int, more bool, err error) {
	if len(items) <= limit {
		return len(items), false, nil
	}
	switch {
	case where.known != nil:
		n = *where.known
	case where.head != nil:
		n, more = max(where.head.n, len(items)-apart), where.head.more // a page may reach further than the window
	default:
		n, err = countMatches(g, where, CountCap+1)
	}
	return n + apart, more, err
}
