package backlog

import (
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/risk"
)

// phase is one range of an index: the pages of an order are read range by range,
// because one condition over several columns of mixed direction would make the
// database read from the beginning.
type phase struct {
	where clause
	order string
}

// phases are the ranges behind a cursor. A patch that nobody placed stands at its
// priority, which is not far above its risk: where the risk has an upper end, the
// backlog is walked from there, and above it only where patches were placed.
func (f *Filter) phases(at cursor) []phase {
	all := phases(f.Order, at)
	if f.Order != ByRank || f.Risk.Max == nil {
		return all
	}
	top := *f.Risk.Max + risk.MostUrgent
	var above, below []phase
	for _, r := range all {
		above = append(above, phase{r.where.and("p.sort_value > ? AND p.placed_at IS NOT NULL", top), r.order})
		below = append(below, phase{r.where.and("p.sort_value <= ?", top), r.order})
	}
	return append(above, below...)
}

func phases(order Order, at cursor) []phase {
	switch order {
	case ByRank:
		return byValue("p.sort_value", "p.sort_value DESC, p.tie_key, p.id", at, "(p.tie_key, p.id) > (?, ?)", at.Key, at.ID)
	case ByRisk:
		return byValue("p.risk", "p.risk DESC, p.id", at, "p.id > ?", at.ID)
	case ByDue:
		return byDue(at)
	case ByUpdated:
		return byUpdate(at)
	case ByCreated:
		return byNumber(at, "p.number < ?", "p.number DESC")
	}
	return byNumber(at, "p.number > ?", "p.number")
}

func byValue(column, order string, at cursor, rest string, args ...any) []phase {
	if !at.present {
		return []phase{{order: order}}
	}
	same := clause{sql: column + " = ? AND " + rest, args: append([]any{at.Value}, args...)}
	return []phase{{same, order}, {clause{sql: column + " < ?", args: []any{at.Value}}, order}}
}

func byDue(at cursor) []phase {
	const dated, undated = "p.due_at, p.id", "p.id"
	none := phase{clause{sql: "p.due_at IS NULL"}, undated}
	switch {
	case !at.present:
		return []phase{{clause{sql: "p.due_at IS NOT NULL"}, dated}, none}
	case at.At == nil:
		return []phase{{clause{sql: "p.due_at IS NULL AND p.id > ?", args: []any{at.ID}}, undated}}
	}
	same := clause{sql: "p.due_at = ? AND p.id > ?", args: []any{*at.At, at.ID}}
	return []phase{{same, dated}, {clause{sql: "p.due_at > ?", args: []any{*at.At}}, dated}, none}
}

func byUpdate(at cursor) []phase {
	const order = "p.updated_at DESC, p.id DESC"
	if !at.present || at.At == nil {
		return []phase{{order: order}}
	}
	same := clause{sql: "p.updated_at = ? AND p.id < ?", args: []any{*at.At, at.ID}}
	return []phase{{same, order}, {clause{sql: "p.updated_at < ?", args: []any{*at.At}}, order}}
}

func byNumber(at cursor, after, order string) []phase {
	if !at.present {
		return []phase{{order: order}}
	}
	return []phase{{clause{sql: after, args: []any{at.Number}}, order}}
}

// atMost limits a query by a number in its text. PostgreSQL, which plans for any
// value of an argument, would plan to read a tenth of all rows, prefer to sort them,
// and so plan each time again.
func atMost(n int) string { return " LIMIT " + strconv.Itoa(n) }

func listRange(g *gorm.DB, where clause, ranges []phase, limit int) ([]Patch, error) {
	out := make([]Patch, 0, limit)
	for _, r := range ranges {
		if len(out) >= limit {
			break
		}
		c := where.and(r.where.sql, r.where.args...)
		rows, err := listedFrom(g, where.rows(), c.sql+" ORDER BY "+r.order+atMost(limit), c.args...)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out[:min(limit, len(out))], nil
}

// looked is how many rows of a window are looked at for counting, and lookedSlowly
// how many where a test asks other tables many times.
const looked, lookedSlowly = 5000, 1000

func (c *clause) looked() int {
	if c.slow {
		return lookedSlowly
	}
	return looked
}

// countWindow counts in the first rows of a window, up to one more than most; more
// tells that the window goes on behind them. The tests stand inside, beside the order, so that
// columns which its index has are read from there.
func countWindow(g *gorm.DB, where clause, rows, most int) (seen head, err error) {
	w := *where.window
	tests := strings.TrimPrefix(strings.TrimPrefix(where.sql, w.sql), " AND ")
	args := append(append([]any{}, where.args[len(w.args):]...), w.args...)
	err = db.One(g.Raw("SELECT COUNT(*) FROM (SELECT 1 FROM (SELECT CASE WHEN "+tests+" THEN 1 ELSE 0 END AS hit FROM patches p WHERE "+w.sql+inOrder+
		atMost(rows)+") AS looked WHERE hit = 1"+atMost(most+1)+") AS hits", args...), &seen.n)
	if err != nil || seen.n > most {
		return seen, err // the count alone says that there are more
	}
	behind, err := countMatches(g, w, rows+1)
	seen.more = behind > rows
	return seen, err
}

const inOrder = " ORDER BY p.sort_value DESC, p.tie_key, p.id"

func countMatches(g *gorm.DB, where clause, limit int) (n int, err error) {
	from := clause{sql: "patches p WHERE " + where.sql, args: where.args}
	switch {
	case where.counted != nil:
		from = *where.counted
	case where.ordered:
		from.sql += inOrder
	}
	err = db.One(g.Raw("SELECT COUNT(*) FROM (SELECT 1 FROM "+from.sql+atMost(limit)+") AS matches", from.args...), &n)
	return n, err
}

// columns are what a list shows, in the order scanWith reads them.
const columns = `p.id, p.team_id, p.number, p.kind, p.title, p.component, p.fixed_version, p.status, p.is_open, p.risk, p.priority, p.sort_value, p.tie_key,
	p.kev, p.epss, p.cvss, p.assumed, p.due_at, p.due_policy, p.points, p.assignee_id, p.sprint_id, p.board_key, p.carried,
	p.assets, p.patched, p.findings, p.vulnerabilities, p.labels, p.placed_by, p.placed_at, p.placed_reason, p.changed_by, p.version, p.created_at, p.updated_at`

// scanWith reads columns, and what a query has behind them into more.
func scanWith(r *sql.Rows, p *Patch, more ...any) error {
	var assumed, labels string
	var due, placed sql.NullInt64
	var created, updated int64
	err := r.Scan(append([]any{&p.ID, &p.TeamID, &p.Number, &p.Kind, &p.Title, &p.Component, &p.FixedVersion, &p.Status, &p.IsOpen, &p.Risk, &p.Priority, &p.SortValue, &p.TieKey,
		&p.KEV, &p.EPSS, &p.CVSS, &assumed, &due, &p.DuePolicy, &p.Points, &p.AssigneeID, &p.SprintID, &p.BoardKey, &p.Carried,
		&p.Assets, &p.Patched, &p.Findings, &p.Vulnerabilities, &labels, &p.PlacedBy, &placed, &p.PlacedReason, &p.ChangedBy, &p.Version, &created, &updated}, more...)...)
	p.Assumed, p.Labels = db.SplitWords(assumed), db.SplitWords(labels)
	p.DueAt, p.PlacedAt = db.MaybeTime(due), db.MaybeTime(placed)
	p.CreatedAt, p.UpdatedAt = db.Time(created), db.Time(updated)
	return err
}

// What the ids of a row stand for; a sprint that is over is shown no more.
const (
	nameColumns = ", assignee.name, placer.name, sprint.number"
	nameJoins   = ` LEFT JOIN users assignee ON assignee.id = p.assignee_id LEFT JOIN users placer ON placer.id = p.placed_by
		LEFT JOIN sprints sprint ON sprint.id = p.sprint_id AND sprint.state IN ('planned', 'active')`
)

// listed reads rows with their names; behind the condition may stand order and limit.
func listed(g *gorm.DB, where string, args ...any) ([]Patch, error) {
	return listedFrom(g, clause{sql: "patches"}, where, args...)
}

func listedFrom(g *gorm.DB, rows clause, where string, args ...any) ([]Patch, error) {
	return db.List(g, func(r *sql.Rows, p *Patch) error {
		var assignee, placer sql.NullString
		err := scanWith(r, p, &assignee, &placer, &p.SprintNumber)
		p.AssigneeName, p.PlacedByName = assignee.String, placer.String
		return err
	}, "SELECT "+columns+nameColumns+" FROM "+rows.sql+" p"+nameJoins+" WHERE "+where, append(slices.Clone(rows.args), args...)...)
}

// addDrift adds to the placed rows of a page how far they stand from their computed
// place.
func addDrift(g *gorm.DB, items []Patch) (err error) {
	for i := range items {
		if p := &items[i]; p.PlacedAt != nil && err == nil {
			p.Drift, err = drift(g, p)
		}
	}
	return err
}

// OfSprint lists the patches of a sprint in backlog order.
func OfSprint(g *gorm.DB, sprintID string, limit int) ([]Patch, error) {
	items, err := listed(g, "p.sprint_id = ?"+inOrder+atMost(limit), sprintID)
	if err != nil {
		return nil, err
	}
	return items, addDrift(g, items)
}
