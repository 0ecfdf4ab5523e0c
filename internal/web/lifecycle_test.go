package web

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAClosedSprintIsReopenedByWhoPlansAndSaysWhatMovedOn(t *testing.T) {
	onSite(t, func(s *site) {
		planned := s.sprintWith(3, 5)
		sm := s.as("scrum_master")
		started := sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		sm.post("/teams/INF/sprints/1/reopen", object{"version": version(started), "reason": "x"}).want(409)
		closed := sm.post("/teams/INF/sprints/1/close", object{"version": version(started), "otherwise": "backlog_rank"}).want(200)
		assert.NotNil(s, closed["reopenable_until"])
		sm.post("/teams/INF/sprints", object{}).want(201)
		sm.post("/teams/INF/sprints/2/items", object{"keys": []string{"INF-2"}}).want(200)

		s.as("member").post("/teams/INF/sprints/1/reopen", object{"version": version(closed), "reason": "x"}).want(403)
		sm.post("/teams/INF/sprints/1/reopen", object{"version": version(closed)}).want(422)
		stale := sm.post("/teams/INF/sprints/1/reopen", object{"version": 1, "reason": "x"}).want(409)
		assert.Equal(s, "closed", stale["current"].(object)["sprint"].(object)["state"])
		back := sm.post("/teams/INF/sprints/1/reopen", object{"version": version(closed), "reason": "too early"}).want(200)
		assert.Equal(s, "active", back["sprint"].(object)["state"])
		assert.Nil(s, back["sprint"].(object)["reopenable_until"])
		assert.Equal(s, []any{"INF-1"}, back["returned"])
		assert.Equal(s, []any{object{"key": "INF-2", "where": "in sprint 2"}}, back["moved_on"])
		for _, page := range []string{"report", "summary"} {
			r := sm.get("/teams/INF/sprints/1/" + page).want(200)
			reopening := r["reopenings"].([]any)[0].(object)
			assert.Equal(s, "too early", reopening["reason"])
			assert.EqualValues(s, 8, reopening["final_scope"])
			assert.EqualValues(s, 3, r["final_scope"])
		}
		audit := sm.get("/teams/INF/patches/INF-1/activity").items()
		require.NotEmpty(s, audit)
		assert.Contains(s, sm.get("/teams/INF/sprints/1/summary").want(200)["markdown"], "reopened on")
	})
}

func TestACorrectionOfAClosedSprintIsARowOfItsReport(t *testing.T) {
	onSite(t, func(s *site) {
		planned := s.sprintWith(3, 5)
		sm := s.as("scrum_master")
		started := sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		late := object{"key": "INF-2", "what": "completed", "reason": "it was in on Friday"}
		sm.post("/teams/INF/sprints/1/corrections", late).want(409)
		sm.post("/teams/INF/sprints/1/close", object{"version": version(started), "otherwise": "backlog_rank"}).want(200)
		s.clock.Add(time.Minute)

		s.as("member").post("/teams/INF/sprints/1/corrections", late).want(403)
		sm.post("/teams/INF/sprints/1/corrections", object{"key": "INF-2", "what": "points", "reason": "x"}).want(422)
		sm.post("/teams/INF/sprints/1/corrections", object{"key": "INF-2", "what": "completed", "reason": ""}).want(422)
		out := sm.post("/teams/INF/sprints/1/corrections", late).want(201)
		assert.EqualValues(s, 5, out["figures"].(object)["completed"])
		sm.post("/teams/INF/sprints/1/corrections", late).want(409)
		r := sm.get("/teams/INF/sprints/1/report").want(200)
		assert.EqualValues(s, 0, r["completed"], "as it was at the close")
		row := r["corrections"].(object)["items"].([]any)[0].(object)
		assert.Equal(s, "INF-2", row["key"])
		assert.Equal(s, "scrum_master", row["who"])
		assert.Equal(s, "it was in on Friday", row["reason"])
		assert.EqualValues(s, -5, row["delta"])
		assert.NotEmpty(s, row["at"])
		assert.Empty(s, r["scope_ledger"])
		summary := sm.get("/teams/INF/sprints/1/summary").want(200)
		assert.EqualValues(s, 5, summary["corrections"].(object)["figures"].(object)["completed"])
		assert.Contains(s, summary["markdown"], "Corrected: 5 of 8 points completed; at the close it was 0 of 8.")
		assert.EqualValues(s, 0, sm.get("/teams/INF/velocity").want(200)["sprints"].([]any)[0].(object)["completed"])
	})
}
