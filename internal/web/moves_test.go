package web

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const kevDay = `{"catalogVersion":"2026.03.02","dateReleased":"2026-03-02T00:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2024-3400",
	"vendorProject":"Acme","product":"Widget","vulnerabilityName":"Acme Widget","dateAdded":"2026-03-02","dueDate":"2026-03-05","requiredAction":"Patch"}]}`

func TestMembersSeeWhatBecameKnownExploitedAndCanTakeItIntoTheSprint(t *testing.T) {
	onSite(t, func(s *site) {
		s.importing()
		master := s.as("scrum_master")
		master.post("/teams/INF/sprints", object{}).want(201)
		s.imported(master, "?filename=scan.json", smallReport)
		other := master.post("/teams/INF/patches", object{"title": "Other"}).want(201)["key"].(string)
		sprint := master.put("/teams/INF/sprints/1/items/"+other, nil).want(200)
		master.post("/teams/INF/sprints/1/start", object{"version": sprint["version"]}).want(200)
		due := master.get("/teams/INF/patches/INF-1").want(200)["due_at"]
		lines := s.as("viewer").listen("INF")

		s.imported(master, "?filename=kev.json", kevDay)
		assert.Contains(s, s.soon(lines, "event: kev.added"), "kev.added")
		assert.Contains(s, s.soon(lines, "data: "), `"keys":["INF-1"]`)
		notice := s.as("viewer").get("/teams/INF/notices").items()[0]
		assert.Equal(s, []any{"kev.added", []any{"CVE-2024-3400"}, 1.0, nil}, []any{notice["kind"], notice["vulnerabilities"], notice["patch_count"], notice["rebaseline"]})
		patch := notice["patches"].([]any)[0].(object)
		assert.Equal(s, []any{"INF-1", true}, []any{patch["key"], patch["kev"]})
		assert.Less(s, patch["due_at"], due, "the due date is shortened")

		s.as("product_owner").put("/teams/INF/sprints/1/items/INF-1", object{"how": "emergency", "reason": "known exploited"}).want(200)
		patch = s.as("viewer").get("/teams/INF/notices").items()[0]["patches"].([]any)[0].(object)
		assert.EqualValues(s, 1, patch["sprint"], "the notice shows how things are now")

		s.as("viewer").del("/teams/INF/notices/" + notice["id"].(string)).want(204)
		assert.Empty(s, s.as("viewer").get("/teams/INF/notices").items())
		assert.Len(s, master.get("/teams/INF/notices").items(), 1, "each puts it away for themselves")
		s.as(outsider).del("/teams/OPS/notices/" + notice["id"].(string)).want(404)
	})
}

func TestWhatMovedIsShownUntilOneHasSeenIt(t *testing.T) {
	onSite(t, func(s *site) {
		s.importing()
		c := s.as("member")
		s.imported(c, "?filename=scan.json", smallReport)
		s.clock.Add(time.Hour)
		c = s.as("member")
		m := c.get("/teams/INF/moves").want(200)
		assert.Equal(s, []any{false, 0.0, 1.0, 0.0}, []any{m["looked"], m["moved"], m["new"], m["closed"]})
		c.post("/teams/INF/moves/seen", object{"until": m["until"]}).want(204)
		s.clock.Add(time.Hour)
		c = s.as("member")
		assert.Empty(s, c.get("/teams/INF/moves").want(200)["items"])
		s.imported(c, "?filename=kev.json", kevDay)
		m = c.get("/teams/INF/moves").want(200)
		require.Len(s, m["items"], 1)
		one := m["items"].([]any)[0].(object)
		assert.Equal(s, []any{"INF-1", "moved", "kev", "no", "yes", true}, []any{one["key"], one["kind"], one["cause"], one["was"], one["became"], one["kev"]})
		assert.Greater(s, one["after"], one["before"])
		assert.Len(s, s.as("viewer").get("/teams/INF/moves").want(200)["items"], 1, "others have their own mark")
		assert.Len(s, c.get("/teams/INF/moves?since=2026-01-01T00:00:00Z").want(200)["items"], 1)
		c.post("/teams/INF/moves/seen", object{"until": "2099-01-01T00:00:00Z"}).want(204)
		assert.Empty(s, c.get("/teams/INF/moves").want(200)["items"], "not beyond the present")
	})
}
