package backlog

import (
	"strings"

	"gorm.io/gorm"
)

// rare is how many matches a search may have to be read from the word index and
// sorted. A more common word is quicker found by walking the order and testing.
const rare = 1000

func (s *Service) matching(g *gorm.DB, c clause, f Filter) (clause, bool, error) {
	terms := termsOf(f.Words)
	if len(terms) == 0 {
		return f.wordless(c), strings.TrimSpace(f.Words) != "", nil
	}
	ids, err := s.search(g, f.TeamID, terms, rare+1)
	switch {
	case err != nil || len(ids) == 0:
		return c, true, err
	case len(ids) <= rare:
		return c.and("p.id IN ?", ids), false, nil
	}
	return s.walking(c, f, terms), false, nil
}

// wordless lets the patches of one status be counted by its own index alone: that
// they are open needs no look at the rows.
func (f *Filter) wordless(c clause) clause {
	if len(f.Statuses) == 1 && !f.narrow() {
		c.counted = &clause{sql: "patches p WHERE p.team_id = ? AND p.status = ?", args: []any{f.TeamID, string(f.Statuses[0])}}
	}
	return c
}

// walking tests row after row of an order for words that many have. To count them
// it asks the index, unless another filter leaves so few that this would go
// through all that have the words. PostgreSQL would make a join of EXISTS, and sort
// all that have them; a subquery for each row it leaves where it is.
func (s *Service) walking(c clause, f Filter, terms []string) clause {
	out := c
	for i, term := range terms {
		end := " %"
		if i == len(terms)-1 {
			end = "%"
		}
		out = out.and(`(SELECT ' ' || w.words || ' ' FROM patch_words w WHERE w.patch_id = p.id) LIKE ? ESCAPE '\'`,
			"% "+escapeLike(term)+end)
	}
	if !f.narrow() {
		match := s.match(f.TeamID, terms)
		out.counted = &clause{sql: match.sql + " AND " + c.sql, args: append(match.args, c.args...)}
	}
	return out
}

// match finds patches by the word index, as p beside w. Terms hold only letters,
// digits and joints, so quoting them is enough. SQLite reads tables that are cross
// joined from left to right.
func (s *Service) match(teamID string, terms []string) clause {
	if s.db.Postgres() {
		return clause{sql: "patch_words w JOIN patches p ON p.id = w.patch_id WHERE w.index @@ CAST(? AS tsquery)", args: []any{tsquery(terms)}}
	}
	return clause{sql: "patch_index i CROSS JOIN patch_words w ON w.id = i.rowid CROSS JOIN patches p ON p.id = w.patch_id WHERE patch_index MATCH ?",
		args: []any{ftsQuery(teamID, terms)}}
}

func tsquery(terms []string) string { return "'" + strings.Join(terms, "' & '") + "':*" }

func ftsQuery(teamID string, terms []string) string {
	return `team_id : "` + teamID + `" AND words : ("` + strings.Join(terms, `" AND "`) + `" *)`
}

// search asks the word index for patch ids, at most limit.
func (s *Service) search(g *gorm.DB, teamID string, terms []string, limit int) (ids []string, err error) {
	if s.db.Postgres() {
		err = g.Raw("SELECT patch_id FROM patch_words WHERE index @@ CAST(? AS tsquery) AND team_id = ? LIMIT ?", tsquery(terms), teamID, limit).Scan(&ids).Error
		return ids, err
	}
	err = g.Raw("SELECT w.patch_id FROM patch_index i JOIN patch_words w ON w.id = i.rowid WHERE patch_index MATCH ? LIMIT ?", ftsQuery(teamID, terms), limit).Scan(&ids).Error
	return ids, err
}
