package web

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEverybodyOfTheTeamHearsWhoLooksAtTheBoardAndNobodyElseDoes(t *testing.T) {
	onSite(t, func(s *site) {
		lines := s.as("viewer").listen("INF")
		member, viewer := s.as("member").with("X-Client-Id", "tab-1"), s.as("viewer")
		look := func(c *client, looking bool) (names []string) {
			list := c.put("/teams/INF/board/viewers", object{"looking": looking}).items()
			for _, p := range list {
				names = append(names, p["name"].(string))
			}
			return names
		}
		assert.Equal(s, []string{"member"}, look(member, true))
		s.soon(lines, "event: board.viewers")
		assert.NotContains(s, s.soon(lines, "data: "), "INF-")
		assert.Equal(s, []string{"member", "viewer"}, look(viewer, true))
		assert.Equal(s, []string{"viewer"}, look(member, false))
		s.as(outsider).put("/teams/INF/board/viewers", object{"looking": true}).want(404)
		var written int
		require.NoError(s, s.db.Read(s.Context()).Raw("SELECT COUNT(*) FROM events WHERE kind = 'board.viewers'").Row().Scan(&written))
		assert.Zero(s, written)
	})
}

func TestTheBoardKnowsLabelsGroupsAndWhichOfSeveralSprintsIsMeant(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as(adminName)
		at := "/teams/INF"
		b.patch(at, object{"parallel_sprints": true, "version": b.get(at).want(200)["version"]}).want(200)
		asset := b.post(at+"/assets", object{"name": "web-1"}).want(201)["id"].(string)
		b.post(at+"/asset-groups", object{"name": "Web", "rule": []object{{"field": "name", "op": "is", "values": []string{"web-1"}}}}).want(201)
		for i, labels := range [][]string{{"pci"}, {}} {
			n := string(rune('1' + i))
			p := b.post(at+"/patches", object{"title": "Patch " + n, "labels": labels, "asset_ids": []string{asset}}).want(201)
			b.post(at+"/sprints", object{}).want(201)
			sprint := b.put(at+"/sprints/"+n+"/items/"+p["key"].(string), nil).want(200)
			b.post(at+"/sprints/"+n+"/start", object{"version": sprint["version"]}).want(200)
		}
		card := func(query string) object {
			board := b.get(at + "/board" + query).want(200)
			assert.Equal(s, []any{1., 2.}, board["active_sprints"])
			return board["columns"].([]any)[0].(object)["cards"].([]any)[0].(object)
		}
		assert.Equal(s, []any{"pci"}, card("")["labels"])
		assert.Equal(s, "INF-2", card("?sprint=2")["key"])
		assert.Equal(s, "INF-1", card("?sprint=7")["key"], "one that is not active is the first")
		groups := b.get(at + "/board/groups").items()
		require.Len(s, groups, 1)
		assert.Equal(s, "Web", groups[0]["name"])
		assert.Equal(s, "[INF-1 INF-2]", fmt.Sprint(groups[0]["keys"]))
	})
}

// The board adds up its cards where the sprint's own page asks the database.
func TestTheBoardSumsItsSprintAsTheSprintDoes(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		sm.post("/teams/INF/sprints", object{}).want(201)
		for _, more := range []object{
			{"points": 3, "vulnerabilities": []string{"CVE-2014-0160"}}, {"points": 2.5}, {"points": 1}, {},
		} {
			key := sm.newPatch("same", more)["key"].(string)
			sm.put("/teams/INF/sprints/1/items/"+key, nil).want(200)
		}
		sm.post("/teams/INF/sprints/1/start", object{"version": sm.get("/teams/INF/sprints/1").want(200)["version"]}).want(200)
		done := sm.get("/teams/INF/patches/INF-2").want(200)
		sm.post("/teams/INF/patches/INF-2/move", object{"status": "verified", "reason": "Checked", "version": done["version"]}).want(200)

		for range 2 { // while it runs, and past its end
			sprint := sm.get("/teams/INF/sprints/1").want(200)
			assert.Equal(s, 2.5, sprint["totals"].(object)["completed"])
			assert.Equal(s, sprint, sm.get("/teams/INF/board").want(200)["sprint"])
			s.clock.Add(40 * 24 * time.Hour)
			sm = s.as("scrum_master") // whose session has ended by then
		}
	})
}
