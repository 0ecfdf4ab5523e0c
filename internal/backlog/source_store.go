package backlog

import (
	"gorm.io/gorm"

	"patchline/internal/db"
)

// columns are the conditions on columns that an index can find, if in another
// order than the list's.
func (s *Service) columns(f *Filter, base clause) []source {
	c := columnSources{Service: s, base: base, indexed: allOpen(f.Statuses)}
	if len(f.Statuses) > 1 && allOpen(f.Statuses) {
		words := make([]string, len(f.Statuses))
		for i, status := range f.Statuses {
			words[i] = string(status)
		}
		c.statuses(words)
	}
	c.values("p.sprint_id", f.Sprints)
	if len(f.Assignees) > 1 && !f.helped {
		c.values("p.assignee_id", f.Assignees)
	}
	if len(f.Ecosystems) > 1 {
		c.values("p.ecosystem", f.Ecosystems)
	}
	if len(f.Kinds) == 1 && f.Kinds[0] == KindImprovement { // most teams have few, or none
		const improvement = "p.kind = 'improvement'" // in the words of its index
		c.add(clause{sql: improvement}, c.of(clause{sql: improvement}), true, "")
	}
	if f.Overdue != nil && *f.Overdue {
		now := s.db.Now()
		c.span("p.due_at", Span{To: &now})
	}
	c.span("p.due_at", f.Due)
	c.span("p.created_at", f.Created)
	c.span("p.updated_at", f.Updated)
	c.between("p.risk", "", f.Risk)
	c.between("p.epss", "p.epss IS NOT NULL", f.EPSS)
	c.between("p.cvss", "p.cvss IS NOT NULL", f.CVSS)
	c.between("p.points", "p.points IS NOT NULL", f.Points)
	c.between("p.assets", "", f.Assets)
	begun := "" // only what has begun is in the index
	if f.Coverage.Min != nil && *f.Coverage.Min > 0 {
		begun = "p.patched > 0"
	}
	c.between(coverage, begun, f.Coverage)
	return c.sources
}

// coverage is the percentage of a patch's hosts that are patched; null without
// hosts. An index has the same words.
const coverage = "p.patched * 100.0 / NULLIF(p.patched + p.assets, 0)"

// walked names a column so that SQLite, which has no statistics of the values,
// does not leave the order's index for the column's own.
func (s *Service) walked(column string) string {
	if s.db.Postgres() {
		return column
	}
	return "+" + column
}

// hasLabel is a subquery for each row: EXISTS would become a join, which sorts all
// that have the label.
const hasLabel = "(SELECT COUNT(*) FROM patch_labels l WHERE l.patch_id = p.id AND l.label IN ?) > 0"

// lists are the conditions on what a patch has several of.
func (s *Service) lists(f *Filter, base clause) []source {
	var out []source
	label := func(labels []string) {
		out = append(out, source{
			ids:  s.labelled(f.TeamID, labels, base),
			any:  anyLabelled(f.TeamID, labels),
			test: clause{sql: hasLabel, args: []any{labels}},
			open: true,
		})
	}
	if len(f.Labels) > 0 {
		label(f.Labels)
	}
	for _, one := range f.AllLabels {
		label([]string{one})
	}
	if f.helped {
		out = append(out, workedBy(f, base))
	}
	if len(f.OnAssets) > 0 {
		out = append(out, source{ids: idsOnAssets(f.OnAssets), test: onAssets(f.OnAssets)})
	}
	if len(f.InGroups) > 0 {
		out = append(out, inGroups(f.InGroups))
	}
	if len(f.Exceptions) > 0 {
		out = append(out, excepted(f, base))
	}
	return out
}

// excepted finds patches by the state of their exceptions. Few have any, so that
// none is a test of each row.
func excepted(f *Filter, base clause) source {
	const of = "(SELECT COUNT(*) FROM exceptions e WHERE e.patch_id = p.id AND e.state IN ?)"
	var states []string
	none := false
	for _, e := range f.Exceptions {
		switch e {
		case ExceptionInForce:
			states = append(states, "approved")
		case ExceptionRequested:
			states = append(states, "requested")
		case None:
			none = true
		}
	}
	without := clause{sql: of + " = 0", args: []any{[]string{"approved", "requested"}}}
	with := clause{sql: of + " > 0", args: []any{states}}
	switch {
	case len(states) == 0:
		return source{test: without}
	case none:
		return source{test: clause{sql: "(" + without.sql + " OR " + with.sql + ")", args: append(without.args, with.args...)}}
	}
	found := clause{sql: "e.team_id = ? AND e.state IN ?", args: []any{f.TeamID, states}}.and(base.sql, base.args...)
	ids := clause{sql: "SELECT DISTINCT p.id FROM exceptions e JOIN patches p ON p.id = e.patch_id WHERE " + found.sql, args: found.args}
	return source{ids: ids, test: with, open: true}
}

// lookForHelp finds out whether one of the assignees asked for works on a patch of
// somebody else. Most do not, and then the assignee's own index is enough.
func (f *Filter) lookForHelp(g *gorm.DB) error {
	if len(f.Assignees) == 0 {
		return nil
	}
	return db.One(g.Raw("SELECT EXISTS (SELECT 1 FROM co_assignees WHERE user_id IN ?)", f.Assignees), &f.helped)
}

// workedBy finds the patches that somebody is responsible for, or works on.
func workedBy(f *Filter, base clause) source {
	own := anyOf("p.assignee_id", f.Assignees)
	test := clause{sql: "(" + own.sql, args: own.args}
	test.sql, test.args = test.sql+" OR (SELECT COUNT(*) FROM co_assignees c WHERE c.patch_id = p.id AND c.user_id IN ?) > 0)", append(test.args[:len(test.args):len(test.args)], f.Assignees)
	if !allOpen(f.Statuses) {
		return source{test: test}
	}
	mine := base.and(own.sql, own.args...)
	helped := base.and("c.user_id IN ?", f.Assignees)
	ids := clause{
		sql:  "SELECT p.id FROM patches p WHERE " + mine.sql + " UNION SELECT p.id FROM co_assignees c JOIN patches p ON p.id = c.patch_id WHERE " + helped.sql,
		args: append(append([]any{}, mine.args...), helped.args...),
	}
	return source{ids: ids, test: test, open: true}
}

// inGroups finds the patches that an asset of one of the groups needs.
func inGroups(groups []string) source {
	const members = "(SELECT m.asset_id FROM asset_group_members m WHERE m.group_id IN ?)"
	return source{
		ids: clause{sql: `SELECT patch_id FROM (SELECT patch_id FROM (
				SELECT DISTINCT f.patch_id FROM findings f WHERE f.asset_id IN ` + members + ` AND f.status = 'open' AND f.patch_id IS NOT NULL LIMIT ?) AS found
			UNION SELECT a.patch_id FROM patch_assets a WHERE a.asset_id IN ` + members + `) AS x`, args: []any{groups, few + 1, groups}},
		test: clause{sql: `(SELECT COUNT(*) FROM findings f WHERE f.patch_id = p.id AND f.asset_id IN ` + members + ` AND f.status = 'open')
			+ (SELECT COUNT(*) FROM patch_assets a WHERE a.patch_id = p.id AND a.asset_id IN ` + members + `) > 0`, args: []any{groups, groups}},
	}
}

// labelled finds each patch once; with one label there is nothing to weed out.
// SQLite reads tables that are cross joined from left to right: it would read all
// patches for a label that few have.
func (s *Service) labelled(teamID string, labels []string, base clause) clause {
	each := "SELECT p.id"
	if len(labels) > 1 {
		each = "SELECT DISTINCT p.id"
	}
	join := " CROSS JOIN "
	if s.db.Postgres() {
		join = " JOIN "
	}
	c := clause{sql: "l.team_id = ? AND l.label IN ?", args: []any{teamID, labels}}.and(base.sql, base.args...)
	return clause{sql: each + " FROM patch_labels l" + join + "patches p ON p.id = l.patch_id WHERE " + c.sql, args: c.args}
}

// anyLabelled asks for one label without the patches, which takes long to plan; in
// the order of the index, because a generic plan would rather read the table.
func anyLabelled(teamID string, labels []string) clause {
	if len(labels) > 1 {
		return clause{}
	}
	return clause{sql: "SELECT patch_id FROM patch_labels WHERE team_id = ? AND label = ? ORDER BY patch_id", args: []any{teamID, labels[0]}}
}

// idsOnAssets stops where there are too many to be sorted: a host can have very
// many findings.
func idsOnAssets(assets []string) clause {
	return clause{sql: `SELECT patch_id FROM (SELECT patch_id FROM (
			SELECT DISTINCT f.patch_id FROM findings f WHERE f.asset_id IN ? AND f.status = 'open' AND f.patch_id IS NOT NULL LIMIT ?) AS found
		UNION SELECT a.patch_id FROM patch_assets a WHERE a.asset_id IN ?) AS x`, args: []any{assets, few + 1, assets}}
}

func onAssets(assets []string) clause {
	return clause{sql: `(SELECT COUNT(*) FROM findings f WHERE f.patch_id = p.id AND f.asset_id IN ? AND f.status = 'open')
		+ (SELECT COUNT(*) FROM patch_assets a WHERE a.patch_id = p.id AND a.asset_id IN ?) > 0`, args: []any{assets, assets}}
}

// mostFacets is how many different values are listed.
const mostFacets = 500

// distinct lists the values of an indexed column, jumping from each to the next
// instead of reading all rows.
func distinct(g *gorm.DB, column, from, teamID string) (values []string, err error) {
	err = g.Raw(`WITH RECURSIVE x (v) AS (
			SELECT MIN(`+column+`) FROM `+from+`
			UNION ALL SELECT (SELECT MIN(`+column+`) FROM `+from+` AND `+column+` > x.v) FROM x WHERE x.v IS NOT NULL)
		SELECT v FROM x WHERE v IS NOT NULL LIMIT ?`, teamID, teamID, mostFacets).Scan(&values).Error
	return values, err
}
