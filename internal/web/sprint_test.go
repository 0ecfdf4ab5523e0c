package web

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sprintWith plans a sprint with patches of the given points.
func (s *site) sprintWith(points ...float64) object {
	sm := s.as("scrum_master")
	var list []string
	for i, p := range points {
		list = append(list, sm.newPatch(string(rune('a'+i)), object{"points": p})["key"].(string))
	}
	sm.post("/teams/INF/sprints", object{"goal": "patch the edge"}).want(201)
	if len(list) == 0 {
		return sm.get("/teams/INF/sprints/1").want(200)
	}
	return sm.post("/teams/INF/sprints/1/items", object{"keys": list}).want(200)
}

func TestASprintFromPlanToReport(t *testing.T) {
	onSite(t, func(s *site) {
		planned := s.sprintWith(3, 5, 8)
		sm, member, po := s.as("scrum_master"), s.as("member"), s.as("product_owner")
		totals := planned["totals"].(object)
		assert.EqualValues(s, 3, totals["items"])
		assert.EqualValues(s, 16, totals["points"])

		list := sm.get("/teams/INF/sprints/1/start").want(200)
		assert.Equal(s, true, list["can_start"])
		assert.EqualValues(s, 16, list["commitment"].(object)["points"])
		member.post("/teams/INF/sprints/1/start", object{"version": 1}).want(403)
		started := sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		assert.Equal(s, "active", started["state"])
		sm.post("/teams/INF/sprints/1/start", object{"version": started["version"]}).want(409)

		s.clock.Add(26 * time.Hour)
		sm, member, po = s.as("scrum_master"), s.as("member"), s.as("product_owner")
		moved := member.post("/teams/INF/patches/INF-1/move", object{"status": "in_progress", "version": 2}).want(200)
		assert.EqualValues(s, 3, version(moved))
		member.post("/teams/INF/patches/INF-1/move", object{"status": "verified", "version": 3}).want(200)
		member.newPatch("late", object{"points": 2})
		member.put("/teams/INF/sprints/1/items/INF-4", object{}).want(403)
		po.put("/teams/INF/sprints/1/items/INF-4", object{"how": "emergency", "reason": "KEV"}).want(200)

		report := member.get("/teams/INF/sprints/1/report").want(200)
		assert.EqualValues(s, 16, report["committed"])
		assert.EqualValues(s, 3, report["completed"])
		assert.EqualValues(s, 18, report["final_scope"])
		ledger := report["scope_ledger"].([]any)
		require.Len(s, ledger, 2)
		assert.Equal(s, "emergency", ledger[1].(object)["detail"])
		assert.Equal(s, "product_owner", ledger[1].(object)["who"])
		assert.Equal(s, "KEV", ledger[1].(object)["reason"])
		csv := member.get("/teams/INF/sprints/1/report.csv").raw
		assert.Contains(s, csv, "day,working,scope,done,remaining,guideline,risk_total_open,risk_in_sprint,risk_retired,risk_arrived,risk_rescored,risk_accepted,risk_returned")
		assert.Equal(s, len(report["days"].([]any))+1, strings.Count(csv, "\n"))

		check := sm.get("/teams/INF/sprints/1/close").want(200)
		assert.Len(s, check["unfinished"], 3)
		body := object{"version": started["version"], "goal_met": true, "otherwise": "next_sprint"}
		missing := object{"version": started["version"]}
		sm.post("/teams/INF/sprints/1/close", missing).want(422)
		closed := sm.post("/teams/INF/sprints/1/close", body).want(200)
		assert.Equal(s, "closed", closed["state"])
		next := sm.get("/teams/INF/sprints/2/items").want(200)
		assert.Len(s, next["items"], 3)
		assert.Equal(s, "carried", next["items"].([]any)[0].(object)["membership"])
		assert.Equal(s, false, sm.get("/teams/INF/velocity").want(200)["enough"])
		assert.Equal(s, false, sm.get("/teams/INF/forecast").want(200)["enough"])
	})
}

func TestTheBoardShowsTheActiveSprintAndKeepsItsOrder(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		assert.Nil(s, c.get("/teams/INF/board").want(200)["sprint"])
		planned := s.sprintWith(1, 1, 1)
		s.as("scrum_master").post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		column := func(status string) (out []string) {
			for _, col := range c.get("/teams/INF/board").want(200)["columns"].([]any) {
				if col.(object)["status"] != status {
					continue
				}
				for _, card := range col.(object)["cards"].([]any) {
					out = append(out, card.(object)["key"].(string))
				}
			}
			return out
		}
		require.Equal(s, []string{"INF-1", "INF-2", "INF-3"}, column("ready"))
		c.post("/teams/INF/patches/INF-3/move", object{"status": "testing", "version": 2}).want(200)
		c.post("/teams/INF/patches/INF-2/move", object{"status": "testing", "before": "INF-3", "version": 2}).want(200)
		c.post("/teams/INF/patches/INF-1/move", object{"status": "testing", "after": "INF-2", "version": 2}).want(200)
		assert.Equal(s, []string{"INF-2", "INF-1", "INF-3"}, column("testing"))
		assert.Empty(s, column("ready"))

		stale := c.post("/teams/INF/patches/INF-1/move", object{"status": "deployed", "version": 2}).want(409)
		assert.Equal(s, "member", stale["current"].(object)["changed_by"])
		assert.Equal(s, "testing", stale["current"].(object)["item"].(object)["status"])
		c.post("/teams/INF/patches/INF-1/move", object{"status": "deployed", "after": "INF-2", "version": 3}).want(409)
		c.post("/teams/INF/patches/INF-1/move", object{"status": "dropped", "version": 3}).want(409)
		s.as("viewer").post("/teams/INF/patches/INF-1/move", object{"status": "deployed", "version": 3}).want(403)
	})
}

func TestOnlyAnApproverPassesTheGateWhereTheTeamWantsApproval(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		sm.patch("/teams/INF", object{"approval_required": true, "version": 1}).want(200)
		planned := s.sprintWith(1)
		sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		member := s.as("member")
		refused := member.post("/teams/INF/patches/INF-1/move", object{"status": "scheduled", "version": 2}).want(403)
		assert.Contains(s, refused["detail"], "approv")
		member.post("/teams/INF/patches/INF-1/move", object{"status": "awaiting_approval", "version": 2}).want(200)
		s.as("approver").post("/teams/INF/patches/INF-1/move", object{"status": "scheduled", "version": 3}).want(200)
		verified := member.post("/teams/INF/patches/INF-1/move", object{"status": "verified", "version": 4}).want(200)
		member.post("/teams/INF/patches/INF-1/move", object{"status": "testing", "version": version(verified)}).want(422)
		member.post("/teams/INF/patches/INF-1/move", object{"status": "testing", "reopen_reason": "rolled_back", "version": version(verified)}).want(200)
	})
}

func TestAnotherPersonsMoveArrivesOnTheStream(t *testing.T) {
	onSite(t, func(s *site) {
		planned := s.sprintWith(1)
		s.as("scrum_master").post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		lines := s.as("viewer").listen("INF")
		s.as("member").with("X-Client-Id", "tab-1").post("/teams/INF/patches/INF-1/move", object{"status": "testing", "version": 2}).want(200)
		s.soon(lines, "event: patch.moved")
		var event object
		require.NoError(s, json.Unmarshal([]byte(strings.TrimPrefix(s.soon(lines, "data: "), "data: ")), &event))
		assert.Equal(s, "INF-1", event["key"])
		assert.Equal(s, "testing", event["status"])
		assert.Equal(s, "tab-1", event["client"])
		assert.Equal(s, "member", event["actor"].(object)["name"])
	})
}

func TestASprintIsCancelledAndItsItemsReturn(t *testing.T) {
	onSite(t, func(s *site) {
		planned := s.sprintWith(1, 2)
		sm := s.as("scrum_master")
		cancelled := sm.post("/teams/INF/sprints/1/cancel", object{"version": planned["version"], "reason": "reorganised"}).want(200)
		assert.Equal(s, "cancelled", cancelled["state"])
		assert.Len(s, sm.get("/teams/INF/patches?sprint=none").items(), 2)
		sm.patch("/teams/INF/sprints/1", object{"goal": "x", "version": cancelled["version"]}).want(409)
		sm.get("/teams/INF/sprints/1/report").want(409)
		sm.post("/teams/INF/sprints", object{"start_date": "2026-03-20", "end_date": "2026-03-10"}).want(422)
		sm.post("/teams/INF/sprints", object{"start_date": "2026-02-30"}).want(422)
	})
}
