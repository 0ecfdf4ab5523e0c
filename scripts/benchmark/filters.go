package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// condition is a filter of the list as the API and as SQL say it. The plus before
// a column leaves the order's index to SQLite, which would sort otherwise.
type condition struct{ query, where string }

const labelled = "(SELECT COUNT(*) FROM patch_labels l WHERE l.patch_id = p.id AND l.label IN (%s)) > 0"

// conditions are one at least of every kind the list knows, also ones that hold
// for very few, for nearly all, and for the end of the order only.
func conditions() []condition {
	now, day := time.Now().UnixMicro(), func(date string) int64 {
		t, _ := time.Parse(time.DateOnly, date) // written below
		return t.UnixMicro()
	}
	host, person := id(assetID, 7), id(userID, 3)
	onHost := "p.id IN (SELECT f.patch_id FROM findings f WHERE f.asset_id = '" + host + "' AND f.status = 'open')"
	sprint := func(n int) string { return id(sprintID, n) }
	const excepted = "(SELECT e.patch_id FROM exceptions e WHERE e.state IN (%s))"
	return []condition{
		{"kev=false", "NOT p.kev"},
		{"min_risk=60", "+p.risk >= 60"},
		{"max_risk=60", "+p.risk <= 60"},
		{"min_risk=20&max_risk=30", "+p.risk >= 20 AND +p.risk <= 30"},
		{"max_risk=10", "+p.risk <= 10"},
		{"min_epss=0.5", "+p.epss >= 0.5"},
		{"min_epss=0.99", "p.epss >= 0.99"},
		{"max_epss=0.5", "+p.epss <= 0.5"},
		{"min_cvss=9.9", "+p.cvss >= 9.9"},
		{"min_cvss=4&max_cvss=6", "+p.cvss >= 4 AND +p.cvss <= 6"},
		{"min_points=5", "+p.points >= 5"},
		{"max_points=3", "+p.points <= 3"},
		{"min_assets=9", "+p.assets >= 9"},
		{"max_assets=1", "+p.assets <= 1"},
		{"min_coverage=50", "p.patched > 0 AND p.patched * 100.0 / (p.patched + p.assets) >= 50"},
		{"max_coverage=50", "p.patched * 100.0 / NULLIF(p.patched + p.assets, 0) <= 50"},
		{"overdue=true", fmt.Sprintf("+p.due_at < %d", now)},
		{"overdue=false", fmt.Sprintf("(+p.due_at IS NULL OR +p.due_at >= %d)", now)},
		{"due=true", "+p.due_at IS NOT NULL"},
		{"due=false", "+p.due_at IS NULL"},
		{"due_from=2026-12-01", fmt.Sprintf("+p.due_at >= %d", day("2026-12-01"))},
		{"due_within=7", fmt.Sprintf("+p.due_at < %d", time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 8).UnixMicro())},
		{"placed=true", "p.placed_at IS NOT NULL"},
		{"placed=false", "p.placed_at IS NULL"},
		{"estimated=true", "p.points IS NOT NULL"},
		{"estimated=false", "p.points IS NULL"},
		{"regulated=false", "NOT p.regulated"},
		{"exception=in_force", "p.id IN " + fmt.Sprintf(excepted, "'approved'")},
		{"exception=none", "p.id NOT IN " + fmt.Sprintf(excepted, "'approved', 'requested'")},
		{"assignee=none", "p.assignee_id IS NULL"},
		{"assignee=" + person, "p.assignee_id = '" + person + "'"},
		{"assignee=" + person + ",none", "(p.assignee_id = '" + person + "' OR p.assignee_id IS NULL)"},
		{"sprint=none", "p.sprint_id IS NULL"},
		{"sprint=" + fmt.Sprint(active), "p.sprint_id = '" + sprint(active) + "'"},
		{fmt.Sprintf("sprint=%d,%d", active, active+1), "p.sprint_id IN ('" + sprint(active) + "', '" + sprint(active+1) + "')"},
		{"label=web", fmt.Sprintf(labelled, "'web'")},
		{"label=nowhere", "p.id IN (SELECT l.patch_id FROM patch_labels l WHERE l.team_id = (SELECT id FROM teams WHERE key = '" + teamKey + "') AND l.label = 'nowhere')"},
		{"label=web,nowhere", fmt.Sprintf(labelled, "'web', 'nowhere'")},
		{"all_labels=web,database", fmt.Sprintf(labelled, "'web'") + " AND " + fmt.Sprintf(labelled, "'database'")},
		{"no_labels=web", "NOT " + fmt.Sprintf(labelled, "'web'")},
		{"asset=" + host, onHost},
		{"group=" + group, onHost},
		{"ecosystem=debian", "p.ecosystem = 'debian'"},
		{"ecosystem=debian,npm", "p.ecosystem IN ('debian', 'npm')"},
		{"kind=patch", "p.kind = 'patch'"},
		{"kind=improvement", "p.kind = 'improvement'"},
		{"created_since=2026-01-06", fmt.Sprintf("p.created_at >= %d", day("2026-01-06"))},
		{"updated_since=2026-01-06", fmt.Sprintf("p.updated_at >= %d", day("2026-01-06"))},
		{"status=new,ready", "p.status IN ('new', 'ready')"},
		{"order=created", ""},
		{"order=updated", ""},
		{"order=key", ""},
		{"label=web&order=risk", fmt.Sprintf(labelled, "'web'")},
		{"kev=true&min_cvss=7", "p.kev AND p.cvss >= 7"},
	}
}

// filtered are rows for every filter and order.
func filtered() []work {
	var out []work
	for _, c := range conditions() {
		name := strings.NewReplacer(id(assetID, 7), "ID", id(userID, 3), "ID", group, "ID").Replace(c.query)
		out = append(out, work{name: "list, " + name, limit: 2.0, call: get("/patches?limit=50&" + c.query)})
	}
	return out
}

// samePages insists that both sides find the same patches in the same order by
// every filter. How far they count is their own business.
func (s *stage) samePages() error {
	for _, c := range conditions() {
		var keys [2][]string
		for i, side := range []*side{s.floor, s.product} {
			text, _, err := side.ask(http.MethodGet, "/patches?limit=50&"+c.query, nil)
			if err != nil {
				return fmt.Errorf("%s: %w", side.name, err)
			}
			var page struct{ Items []struct{ Key string } }
			if err := json.Unmarshal(text, &page); err != nil {
				return fmt.Errorf("%s: %s: %w", side.name, c.query, err)
			}
			for _, p := range page.Items {
				keys[i] = append(keys[i], p.Key)
			}
		}
		if !slices.Equal(keys[0], keys[1]) {
			return fmt.Errorf("%s: the floor finds %v, the product %v", c.query, keys[0], keys[1])
		}
	}
	return nil
}
