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
// Patches with a value and patches with none are found apart: SQLite would walk
// through all of them for "one of these, or null".
func (c *columnSources) values(column string, values []string) {
	indexed := column != "p.sprint_id" || !slices.Contains(values, None)
	some := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == None })
	var parts []clause
	if len(some) > 0 {
		parts = append(parts, anyOf(column, some))
	}
	if len(some) < len(values) {
		parts = append(parts, anyOf(column, []string{None}))
	}
	c.add(anyOf(c.walked(column), values), c.of(parts...), indexed, "")
}

// statuses adds that a patch has one of several open statuses: no look at the row is
// needed to know that it is open.
func (c *columnSources) statuses(of []string) {
	found := clause{}.and("p.team_id = ?", c.base.args[0]).and("p.status IN ?", of)
	found.sql = fromPatches + found.sql
	c.add(anyOf(c.walked("p.status"), of), found, true, "")
}

const fromPatches = "SELECT p.id FROM patches p WHERE "

// of are the ids of patches of the list that meet one of the conditions, each of
// which leaves out what the others hold for.
func (c *columnSources) of(conditions ...clause) (out clause) {
	for i, one := range conditions {
		found := c.base.and(one.sql, one.args...)
		if i > 0 {
			out.sql += " UNION ALL "
		}
		out.sql += fromPatches + found.sql
		out.args = append(out.args, found.args...)
	}
	return out
}

func (c *columnSources) span(column string, s Span) {
	c.add(s.on(clause{}, c.walked(column)), c.of(s.on(clause{}, column)), true, column)
}

// between adds a range. Also is what a partial index insists on.
func (c *columnSources) between(column, also string, r Range) {
	c.add(r.on(clause{}, c.walked(column)), c.of(r.on(clause{}, column).and(also)), column != coverage || also != "", column)
}

// add asks for ids in the order of the index, where it has one: PostgreSQL would
// read the whole table instead, for a limit that it expects to reach soon, though
// what was asked for may all stand at its end.
func (c *columnSources) add(test, ids clause, indexed bool, order string) {
	if test.sql == "" {
		return
	}
	from := source{test: test, open: true, covered: slices.Contains(inOrderToo, order), rows: order == ""}
	if c.indexed && indexed {
		from.ids = ids
		if order != "" {
			from.ids.sql += " ORDER BY " + order
		}
	}
	c.sources = append(c.sources, from)
}
