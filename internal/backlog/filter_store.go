package backlog

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/scrum"
)

// clause is a piece of a WHERE with its arguments. Counted, where it is set, is a
// FROM and WHERE that finds as many rows in a way that is quicker to count; known
// is the number itself, as far as counting goes. Window, where it is set, are the
// conditions without those that have to be tested row by row: counting looks at a
// limited number of these. Ordered ones have an index in backlog order, which
// counting takes too: SQLite knows too little of partial indexes to choose well.
// Slow ones take long to test on a row. Settings are PostgreSQL's, for the query.
type clause struct {
	sql, settings   string
	args            []any
	counted, window *clause
	known           *int
	ordered, slow   bool
	sources         []source // of a walk: those that could be sorted instead
	head            *head    // what is counted already
	taken           *clause  // where it is set, rows are taken by this before all else
}

// rows are the patches of which the clause leaves some. PostgreSQL takes those of a
// query with an OFFSET as that query finds them, and not along the order.
func (c *clause) rows() clause {
	if c.taken == nil {
		return clause{sql: "patches"}
	}
	return clause{sql: "(SELECT * FROM patches p WHERE " + c.taken.sql + " OFFSET 0)", args: c.taken.args}
}

func (c clause) and(sql string, args ...any) clause {
	if sql == "" {
		return c
	}
	out := c
	out.sql, out.args, out.counted = sql, args, nil
	if c.sql != "" {
		out.sql, out.args = c.sql+" AND "+sql, append(append([]any{}, c.args...), args...)
	}
	return out
}

// source is a condition with an index of its own. What leaves few patches is asked
// of that index and then sorted; what leaves many is tested row after row along
// the order, where a page is soon full.
type source struct {
	ids  clause // a query of patch ids
	some clause // where it is set, a query of some of them that says sooner if they are many
	any  clause // where it is set, a query of more than them that says sooner if there are none
	test clause // the same condition on one patch p
	open bool   // ids are of patches that fit team and status, each once
	slow bool   // to test
	rows bool   // PostgreSQL finds the rows by the test as soon as their ids

	covered bool // the index of the backlog's order has the column: to test it is quicker than to sort
}

// few is how many ids an index may give to be sorted, and many how many where
// walking along the order has found next to nothing.
const few, many = 1000, 5000

// conditions turns a filter into SQL. None means that nothing can match.
func (s *Service) conditions(g *gorm.DB, f Filter) (where clause, none bool, err error) {
	if err := f.lookForHelp(g); err != nil {
		return clause{}, false, err
	}
	base := byStatus(clause{}.and("p.team_id = ?", f.TeamID), f.Statuses)
	base.ordered = base.ordered && !s.db.Postgres() // it knows its indexes, and counts faster without
	window := f.narrow(base)
	plain := f.plain(window, s.walked("p.due_at"), s.db.Now().UnixMicro())
	sources := s.columns(&f, base)
	words, none, err := s.words(g, &f, base)
	if err != nil || none {
		return plain, none, err
	}
	sources = append(words, append(sources, s.lists(&f, base)...)...)
	if plain.sql == base.sql && len(sources) == 0 && len(f.Statuses) < 2 {
		return f.countedByStatus(plain), false, nil
	}
	if len(sources) > 0 || f.unordered() {
		plain.window = &window
	}
	return s.choose(g, plain, sources, plain.sql == base.sql)
}

// unordered tells whether there is a condition that no index in backlog order has.
func (f *Filter) unordered() bool {
	return len(f.NoLabels) > 0 || f.Dated != nil || f.Overdue != nil
}

// choose asks the sources for their ids until one has few; the others are tests.
func (s *Service) choose(g *gorm.DB, c clause, sources []source, alone bool) (clause, bool, error) {
	for i, from := range sources {
		if from.ids.sql == "" {
			continue
		}
		ids, err := from.find(g, few+1)
		if err != nil || len(ids) == 0 {
			return c, err == nil, err
		}
		if alone && len(sources) == 1 && from.open {
			n := len(ids)
			c.known = &n
		}
		if len(ids) <= few {
			return tested(c.sorted(g, ids), append(sources[:i:i], sources[i+1:]...)), false, nil
		}
	}
	c.settings = walking
	for _, from := range sources {
		if from.ids.sql != "" && !from.covered {
			c.sources = append(c.sources, from)
		}
	}
	return tested(c, sources), false, nil
}

// sorted leaves the patches with these ids, which are then sorted.
func (c clause) sorted(g *gorm.DB, ids []string) clause {
	out := c.and(db.Among(g, "p.id"), db.Joined(g, ids))
	out.window, out.ordered = nil, false
	return out
}

// find reads up to most ids.
func (from *source) find(g *gorm.DB, most int) ([]string, error) {
	if from.any.sql != "" {
		ids, err := from.any.first(g, 1)
		if err != nil || len(ids) == 0 {
			return nil, err
		}
	}
	if from.some.sql != "" {
		ids, err := from.some.first(g, most)
		if err != nil || len(ids) == most {
			return ids, err
		}
	}
	return from.ids.first(g, most)
}

// first reads up to most of the ids that a query gives.
func (c *clause) first(g *gorm.DB, most int) ([]string, error) {
	return db.List(g, func(r *sql.Rows, id *string) error { return r.Scan(id) }, c.sql+atMost(most), c.args...)
}

// head is what counting found in the first rows of a window.
type head struct {
	n    int
	more bool
}

// begin looks at the head of the window that is walked along. Where that does not
// fill a page, the rows that fit are rare or far down: then a source that can be
// sorted at all is quicker than to walk on. Where their number is not known, it is
// counted there, which a page at a cursor knows from the first one.
func (s *Service) begin(g *gorm.DB, where clause, at cursor, limit int) (clause, error) {
	if where.window == nil {
		return where, nil
	}
	if where.known != nil {
		return s.glance(g, where, limit)
	}
	seen := head{at.Count - 1, at.More} // a page with another behind it has counted itself, and one more
	if !at.present {
		var err error
		if seen, err = countWindow(g, where, where.looked(), CountCap); err != nil {
			return where, err
		}
		where.head = &seen
	}
	if !seen.more || seen.n > limit {
		return where, nil
	}
	return s.thin(g, where)
}

// glance looks at only so many rows as tell whether a page is full within those
// that counting would look at.
func (s *Service) glance(g *gorm.DB, where clause, limit int) (clause, error) {
	if len(where.sources) == 0 {
		return where, nil
	}
	seen, err := countWindow(g, where, lookedSlowly, limit)
	if err != nil || !seen.more || seen.n*where.looked()/lookedSlowly > limit {
		return where, err
	}
	return s.thin(g, where)
}

// thin turns a walk into sorting what a source has, where that is not too much.
func (s *Service) thin(g *gorm.DB, where clause) (clause, error) {
	for _, from := range where.sources {
		ids, err := from.find(g, many+1)
		if err != nil {
			return where, err
		}
		if len(ids) <= many {
			if !s.db.Postgres() {
				return where.sorted(g, ids), nil
			}
			err = g.Exec("SET LOCAL enable_sort = on").Error
			if !from.rows {
				return where.sorted(g, ids), err
			}
			taken := where.window.and(from.test.sql, from.test.args...)
			where.taken, where.window = &taken, nil
			return where, err
		}
	}
	return where, nil
}

// walking keeps PostgreSQL, which takes tests of rows for much rarer than they are,
// from sorting all rows where it can go along the order until a page is full.
const walking = "SET LOCAL enable_sort = off"

func tested(c clause, sources []source) clause {
	for _, from := range sources {
		c = c.and(from.test.sql, from.test.args...)
		c.slow = c.slow || from.slow
	}
	return c
}

// byStatus keeps the words of the partial indexes in the query.
func byStatus(c clause, statuses []scrum.Status) clause {
	c.ordered = len(statuses) < 2
	if allOpen(statuses) {
		c = c.and("p.is_open")
		c.ordered = true
	}
	switch len(statuses) {
	case 0:
		return c
	case 1:
		return c.and("p.status = ?", string(statuses[0]))
	}
	return c.and("p.status IN ?", statuses)
}

func allOpen(statuses []scrum.Status) bool {
	for _, s := range statuses {
		if !s.Open() {
			return false
		}
	}
	return true
}

// countedByStatus lets the patches of one status be counted by its own index
// alone: that they are open needs no look at the rows.
func (f *Filter) countedByStatus(c clause) clause {
	if len(f.Statuses) == 1 {
		c.counted = &clause{sql: "patches p WHERE p.team_id = ? AND p.status = ?", args: []any{f.TeamID, string(f.Statuses[0])}}
	}
	return c
}

// narrow adds conditions that have an index in backlog order of their own, for the
// window in which the others are counted.
func (f *Filter) narrow(c clause) clause {
	if f.KEV != nil && *f.KEV {
		c = c.and("p.kev")
	}
	if len(f.Ecosystems) == 1 {
		c = c.and("p.ecosystem = ?", f.Ecosystems[0])
	}
	if len(f.Assignees) == 1 && !f.helped {
		c = orNone(c, f.Assignees[0], "p.assignee_id")
	}
	return c
}

// plain are the conditions that have an index in backlog order, or none at all.
func (f *Filter) plain(c clause, due string, now int64) clause {
	if f.KEV != nil && !*f.KEV {
		c = c.and("NOT p.kev")
	}
	c = flag(c, f.Placed, "p.placed_at IS NOT NULL", "p.placed_at IS NULL")
	c = flag(c, f.Estimated, "p.points IS NOT NULL", "p.points IS NULL")
	c = flag(c, f.Regulated, "p.regulated", "NOT p.regulated")
	c = flag(c, f.Dated, due+" IS NOT NULL", due+" IS NULL")
	if f.Overdue != nil && !*f.Overdue {
		c = c.and("("+due+" IS NULL OR "+due+" >= ?)", now)
	}
	if len(f.Kinds) == 1 {
		c = c.and("p.kind = ?", f.Kinds[0])
	}
	if len(f.NoLabels) > 0 {
		c = c.and("NOT "+hasLabel, f.NoLabels)
	}
	return c
}

func flag(c clause, on *bool, yes, no string) clause {
	switch {
	case on == nil:
		return c
	case *on:
		return c.and(yes)
	}
	return c.and(no)
}

func orNone(c clause, value, column string) clause {
	if value == None {
		return c.and(column + " IS NULL")
	}
	return c.and(column+" = ?", value)
}

func (r Range) on(c clause, column string) clause {
	if r.Min != nil {
		c = c.and(column+" >= ?", *r.Min)
	}
	if r.Max != nil {
		c = c.and(column+" <= ?", *r.Max)
	}
	return c
}

func (s Span) on(c clause, column string) clause {
	if s.From != nil {
		c = c.and(column+" >= ?", s.From.UnixMicro())
	}
	if s.To != nil {
		c = c.and(column+" < ?", s.To.UnixMicro())
	}
	return c
}

// anyOf holds for each of the values, of which None stands for null.
func anyOf(column string, values []string) clause {
	var some []string
	null := ""
	for _, v := range values {
		if v == None {
			null = column + " IS NULL"
		} else {
			some = append(some, v)
		}
	}
	switch {
	case len(some) == 0:
		return clause{sql: null}
	case null == "":
		return clause{sql: column + " IN ?", args: []any{some}}
	}
	return clause{sql: "(" + column + " IN ? OR " + null + ")", args: []any{some}}
}
