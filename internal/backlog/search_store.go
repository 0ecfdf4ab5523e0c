package backlog

import (
	"strconv"
	"strings"

	"gorm.io/gorm"

	"patchline/internal/advisory"
	"patchline/internal/asset"
)

// words are where a search finds patches: under the id of a vulnerability alone
// where the words are one that the team has, otherwise by the word index, and by
// assets whose names begin so. None means that the words hold nothing to look for.
func (s *Service) words(g *gorm.DB, f *Filter, base clause) (from []source, none bool, err error) {
	if strings.TrimSpace(f.Words) == "" {
		return nil, false, nil
	}
	terms := termsOf(f.Words)
	if len(terms) == 0 {
		return nil, true, nil
	}
	if len(terms) == 1 && looksLikeID(terms[0]) {
		exact, err := s.vulnerability(g, f, terms[0])
		if err != nil || exact.ids.sql != "" {
			return []source{exact}, false, err
		}
	}
	out := source{ids: s.match(f.TeamID, terms, base), test: hasWords(terms), open: true}
	if !s.db.Postgres() {
		out.some = wholeWords(f.TeamID, terms, base)
	}
	assets, err := assetsNamed(g, f.TeamID, f.Words)
	if err != nil || len(assets) == 0 {
		return []source{out}, false, err
	}
	return []source{out.or(idsOnAssets(assets), onAssets(assets))}, false, nil
}

// or finds what either finds.
func (s source) or(ids, test clause) source {
	return source{
		ids: clause{sql: "SELECT id FROM (SELECT id FROM (" + s.ids.sql + " LIMIT " + strconv.Itoa(few+1) + ") AS these UNION " + ids.sql + ") AS either",
			args: append(s.ids.args, ids.args...)},
		some: s.some,
		test: clause{sql: "(" + s.test.sql + " OR " + test.sql + ")", args: append(s.test.args, test.args...)},
		slow: true,
	}
}

// looksLikeID tells ids of vulnerabilities, such as CVE-2021-44228 or
// GHSA-jfh8-c2jp-5v3q, from other words.
func looksLikeID(term string) bool {
	head, rest, joined := strings.Cut(term, "-")
	return joined && rest != "" && strings.Trim(head, "abcdefghijklmnopqrstuvwxyz") == "" && strings.ContainsAny(rest, "0123456789")
}

// vulnerability finds the patches that remove one vulnerability, by any of its
// ids; an empty source when the team has none.
func (s *Service) vulnerability(g *gorm.DB, f *Filter, term string) (source, error) {
	ids, err := s.idsOf(g, term)
	if err != nil {
		return source{}, err
	}
	found := clause{sql: `SELECT x.patch_id FROM (SELECT patch_id FROM findings WHERE vulnerability_id IN ? AND team_id = ? AND patch_id IS NOT NULL AND status <> 'not_affected'
		UNION SELECT patch_id FROM patch_vulnerabilities WHERE vulnerability_id IN ?) AS x JOIN patches p ON p.id = x.patch_id WHERE p.team_id = ?`,
		args: []any{ids, f.TeamID, ids, f.TeamID}}
	var one []string
	if err := g.Raw(found.sql+" LIMIT 1", found.args...).Scan(&one).Error; err != nil || len(one) == 0 {
		return source{}, err
	}
	return source{ids: found, test: clause{sql: `(SELECT COUNT(*) FROM findings f WHERE f.patch_id = p.id AND f.vulnerability_id IN ? AND f.status <> 'not_affected')
		+ (SELECT COUNT(*) FROM patch_vulnerabilities v WHERE v.patch_id = p.id AND v.vulnerability_id IN ?) > 0`, args: []any{ids, ids}}}, nil
}

// idsOf are the spellings under which a vulnerability may be kept: CVEs in upper
// case, GitHub's in lower behind their prefix.
func (s *Service) idsOf(g *gorm.DB, term string) ([]string, error) {
	upper := strings.ToUpper(term)
	head, rest, _ := strings.Cut(term, "-")
	spellings := []string{upper, strings.ToUpper(head) + "-" + rest}
	known, err := advisory.Canonical(g, spellings)
	if err != nil {
		return nil, err
	}
	for _, id := range known {
		spellings = append(spellings, id)
	}
	return tidy(spellings), nil
}

// mostAssets is of how many assets, found by the beginning of a name, the patches
// are shown.
const mostAssets = 20

// assetsNamed finds assets by the beginning of their name.
func assetsNamed(g *gorm.DB, teamID, words string) (ids []string, err error) {
	name := asset.NameKey(words)
	if len(name) < 2 {
		return nil, nil
	}
	err = g.Raw("SELECT id FROM assets WHERE team_id = ? AND name_key >= ? AND name_key < ? ORDER BY name_key LIMIT ?",
		teamID, name, name+"\U0010ffff", mostAssets).Scan(&ids).Error
	return ids, err
}

// hasWords tests one patch for words. PostgreSQL would make a join of EXISTS, and
// sort all that have them; a subquery for each row it leaves where it is.
func hasWords(terms []string) clause {
	out := clause{}
	for i, term := range terms {
		end := " %"
		if i == len(terms)-1 {
			end = "%"
		}
		out = out.and(`(SELECT ' ' || w.words || ' ' FROM patch_words w WHERE w.patch_id = p.id) LIKE ? ESCAPE '\'`,
			"% "+escapeLike(term)+end)
	}
	return out
}

var escaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func escapeLike(text string) string { return escaper.Replace(text) }

// match finds patches by the word index, of which the last word may be the
// beginning. Terms hold only letters, digits and joints, so quoting them is enough.
func (s *Service) match(teamID string, terms []string, base clause) clause {
	if s.db.Postgres() {
		return clause{sql: "SELECT p.id FROM patch_words w JOIN patches p ON p.id = w.patch_id WHERE w.index @@ CAST(? AS tsquery)", args: []any{tsquery(terms)}}.and(base.sql, base.args...)
	}
	return fts(ftsQuery(teamID, terms, " *"), base)
}

// wholeWords finds what has the last word as it is. SQLite merges all entries of an
// index under the beginning of a word before it gives the first of them, but only
// reads along the entries of one word.
func wholeWords(teamID string, terms []string, base clause) clause {
	return fts(ftsQuery(teamID, terms, ""), base)
}

// fts asks SQLite's index. Tables that are cross joined are read from left to right.
func fts(query string, base clause) clause {
	return clause{
		sql:  "SELECT p.id FROM patch_index i CROSS JOIN patch_words w ON w.id = i.rowid CROSS JOIN patches p ON p.id = w.patch_id WHERE patch_index MATCH ?",
		args: []any{query},
	}.and(base.sql, base.args...)
}

func tsquery(terms []string) string { return "'" + strings.Join(terms, "' & '") + "':*" }

func ftsQuery(teamID string, terms []string, end string) string {
	return `team_id : "` + teamID + `" AND words : ("` + strings.Join(terms, `" AND "`) + `"` + end + `)`
}
