package backlog

import "slices"

// columnSources collects conditions on single columns. Where they are indexed, the
// column's own index is asked for ids.
type columnSources struct {
	*Service
	base    clause
	indexed bool // an index of open patches serves
	sources []source
}

// inOrderToo are the columns that the index of the backlog's order has as well.
var inOrderToo = []string{"p.risk", "p.epss", "p.cvss", "p.points", "p.assets", "p.due_at", "p.created_at"}

// values adds that a column has one of these. Patches in no sprint are in no index.
func (c *columnSources) values(column string, values []string) {
	indexed := column != "p.sprint_id" || !slices.Contains(values, None)
	c.add(anyOf(column, values), anyOf(c.walked(column), values), indexed, "")
}

func (c *columnSources) span(column string, s Span) {
	c.add(s.on(clause{}, column), s.on(clause{}, c.walked(column)), true, column)
}

// between adds a range. Also is what a partial index insists on.
func (c *columnSources) between(column, also string, r Range) {
	c.add(r.on(clause{}, column).and(also), r.on(clause{}, c.walked(column)), column != coverage || also != "", column)
}

// add asks for ids in the order of the index, where it has one: PostgreSQL would
// read the whole table instead, for a limit that it expects to reach soon, though
// what was asked for may all stand at its end.
func (c *columnSources) add(find, test clause, indexed bool, order string) {
	if test.sql == "" {
		return
	}
	from := source{test: test, open: true, covered: slices.Contains(inOrderToo, order)}
	if c.indexed && indexed {
		from.ids = c.base.and(find.sql, find.args...)
		from.ids.sql = "SELECT p.id FROM patches p WHERE " + from.ids.sql
		if order != "" {
			from.ids.sql += " ORDER BY " + order
		}
	}
	c.sources = append(c.sources, from)
}
