package web

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// usual are the rules as they are read, ready to be changed and sent back.
func (s *site) usual() object {
	rules := s.as("scrum_master").get("/teams/INF/rules").want(200)
	delete(rules, "scales")
	return rules
}

func column(status string, limit int) object { return object{"status": status, "limit": limit} }

func TestATeamChoosesItsScaleColumnsAndDefinitions(t *testing.T) {
	onSite(t, func(s *site) {
		rules := s.usual()
		assert.Equal(s, "fibonacci", rules["scale"].(object)["kind"])
		assert.Len(s, rules["columns"], 7)
		rules["scale"] = object{"kind": "own", "values": []object{{"label": "big", "points": 5}, {"label": "small", "points": 0.5}}}
		rules["columns"] = []object{column("verified", 0), column("ready", 0), column("in_progress", 2)}
		s.as("member").put("/teams/INF/rules", rules).want(403)
		set := s.as("scrum_master").put("/teams/INF/rules", rules).want(200)
		assert.Equal(s, "small", set["scale"].(object)["values"].([]any)[0].(object)["label"], "from small to large")
		s.as("scrum_master").put("/teams/INF/rules", rules).want(409)
		board := s.as("viewer").get("/teams/INF/board").want(200)
		require.Len(s, board["columns"], 3)
		assert.Equal(s, "ready", board["columns"].([]any)[0].(object)["status"], "in the order of work")
		assert.EqualValues(s, 2, board["columns"].([]any)[1].(object)["limit"])
	})
}

func TestWhatIsWrongInTheRulesIsNamedAllAtOnce(t *testing.T) {
	onSite(t, func(s *site) {
		rules := s.usual()
		rules["scale"] = object{"kind": "own", "values": []object{{"label": "a", "points": 0.3}}}
		rules["columns"] = []object{column("new", 0), column("ready", 0), column("verified", 0)}
		rules["ready"] = object{"mode": "block", "items": []object{{"text": "tested"}, {"text": " tested "}}}
		wrong := s.as("scrum_master").put("/teams/INF/rules", rules).want(422)
		var pointers []string
		for _, e := range wrong["errors"].([]any) {
			pointers = append(pointers, e.(object)["pointer"].(string))
		}
		assert.ElementsMatch(s, []string{"/scale/values", "/scale/values/0/points", "/columns/0/status", "/columns", "/ready/items/1/text"}, pointers)
	})
}

func TestALimitThatBlocksLetsACardPassWithAReason(t *testing.T) {
	onSite(t, func(s *site) {
		rules := s.usual()
		rules["limits"], rules["columns"] = "block", []object{column("ready", 0), column("in_progress", 1), column("testing", 0), column("verified", 0)}
		sm, member := s.as("scrum_master"), s.as("member")
		sm.put("/teams/INF/rules", rules).want(200)
		planned := s.sprintWith(1, 2, 3)
		sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		member.post("/teams/INF/patches/INF-1/move", object{"status": "in_progress", "version": 2}).want(200)
		full := member.post("/teams/INF/patches/INF-2/move", object{"status": "in_progress", "version": 2}).want(422)
		assert.Equal(s, "/reason", full["errors"].([]any)[0].(object)["pointer"])
		member.post("/teams/INF/patches/INF-2/move", object{"status": "in_progress", "version": 2, "reason": "waits for a reboot"}).want(200)
		member.post("/teams/INF/patches/INF-1/move", object{"status": "testing", "version": 3}).want(200)
		member.post("/teams/INF/patches/INF-1/move", object{"status": "in_progress", "version": 4}).want(200)
		member.post("/teams/INF/patches/INF-3/move", object{"status": "scheduled", "version": 2}).want(409)
		member.newPatch("fire", object{"points": 1})
		sm.put("/teams/INF/sprints/1/items/INF-4", object{"how": "emergency", "reason": "KEV"}).want(200)
		member.post("/teams/INF/patches/INF-4/move", object{"status": "in_progress", "version": 2}).want(200)
	})
}

func TestALimitOfAPersonCountsWhatIsInProgress(t *testing.T) {
	onSite(t, func(s *site) {
		rules := s.usual()
		rules["limits"], rules["person_limit"] = "block", 1
		sm, member := s.as("scrum_master"), s.as("member")
		sm.put("/teams/INF/rules", rules).want(200)
		planned := s.sprintWith(1, 2)
		for _, key := range []string{"INF-1", "INF-2"} {
			member.patch("/teams/INF/patches/"+key, object{"assignee_id": s.people["member"].ID, "version": 2}).want(200)
		}
		sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		member.post("/teams/INF/patches/INF-1/move", object{"status": "in_progress", "version": 3}).want(200)
		member.post("/teams/INF/patches/INF-2/move", object{"status": "in_progress", "version": 3}).want(422)
		member.post("/teams/INF/patches/INF-1/move", object{"status": "testing", "version": 4}).want(200)
		member.post("/teams/INF/patches/INF-1/move", object{"status": "verified", "version": 5}).want(200)
		member.post("/teams/INF/patches/INF-2/move", object{"status": "in_progress", "version": 3}).want(200)
	})
}

func TestTheDefinitionOfReadyGuardsTheStart(t *testing.T) {
	onSite(t, func(s *site) {
		rules := s.usual()
		rules["ready"] = object{"mode": "block", "items": []object{{"text": "Estimated", "auto": "estimated"}, {"text": "The owner agrees"}}}
		sm, member := s.as("scrum_master"), s.as("member")
		sm.put("/teams/INF/rules", rules).want(200)
		planned := s.sprintWith(1)
		list := sm.get("/teams/INF/sprints/1/start").want(200)
		assert.Equal(s, false, list["can_start"])
		sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(409)
		member.put("/teams/INF/patches/INF-1/checks", object{"list": "ready", "item": "Estimated", "met": true}).want(422)
		checks := member.put("/teams/INF/patches/INF-1/checks", object{"list": "ready", "item": "The owner agrees", "met": true}).want(200)
		ready := checks["ready"].([]any)
		assert.Equal(s, object{"text": "Estimated", "auto": true, "met": true, "who": ""}, ready[0])
		assert.Equal(s, object{"text": "The owner agrees", "auto": false, "met": true, "who": "member"}, ready[1])
		sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		member.newPatch("pulled", nil)
		sm.put("/teams/INF/sprints/1/items/INF-2", object{}).want(422)
		sm.put("/teams/INF/sprints/1/items/INF-2", object{"reason": "it is small"}).want(200)
	})
}

func TestTheDefinitionOfDoneGuardsTheLastColumn(t *testing.T) {
	onSite(t, func(s *site) {
		rules := s.usual()
		rules["done"] = object{"mode": "block", "items": []object{{"text": "Evidence is attached"}}}
		sm, member := s.as("scrum_master"), s.as("member")
		sm.put("/teams/INF/rules", rules).want(200)
		planned := s.sprintWith(1, 1)
		sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		refused := member.post("/teams/INF/patches/INF-1/move", object{"status": "verified", "version": 2}).want(422)
		assert.Contains(s, refused["detail"], "Evidence is attached")
		s.as("viewer").put("/teams/INF/patches/INF-1/checks", object{"list": "done", "item": "Evidence is attached", "met": true}).want(403)
		member.put("/teams/INF/patches/INF-1/checks", object{"list": "done", "item": "Evidence is attached", "met": true}).want(200)
		member.post("/teams/INF/patches/INF-1/move", object{"status": "verified", "version": 2}).want(200)
	})
}

func TestEmergenciesBeyondTheirBudgetNeedAReason(t *testing.T) {
	onSite(t, func(s *site) {
		rules := s.usual()
		rules["emergency_points"] = 3
		sm := s.as("scrum_master")
		sm.put("/teams/INF/rules", rules).want(200)
		planned := s.sprintWith(1)
		sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		for range 2 {
			sm.newPatch("fire", object{"points": 2})
		}
		sm.put("/teams/INF/sprints/1/items/INF-2", object{"how": "emergency"}).want(200)
		sm.put("/teams/INF/sprints/1/items/INF-3", object{"how": "emergency"}).want(422)
		sm.put("/teams/INF/sprints/1/items/INF-3", object{"how": "emergency", "reason": "exploited in the wild"}).want(200)
	})
}

func TestACardTellsSinceWhenItIsInItsColumn(t *testing.T) {
	onSite(t, func(s *site) {
		sm, member := s.as("scrum_master"), s.as("member")
		planned := s.sprintWith(1, 1)
		sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		card := func() object {
			for _, c := range member.get("/teams/INF/board").want(200)["columns"].([]any) {
				for _, card := range c.(object)["cards"].([]any) {
					if card.(object)["key"] == "INF-1" {
						return card.(object)
					}
				}
			}
			return nil
		}
		assert.Nil(s, card()["since"])
		member.post("/teams/INF/patches/INF-1/move", object{"status": "testing", "version": 2}).want(200)
		since := card()["since"]
		require.NotNil(s, since)
		s.clock.Add(60e9)
		member.post("/teams/INF/patches/INF-1/move", object{"status": "testing", "version": 3}).want(200)
		assert.Equal(s, since, card()["since"], "a place within the column is no new column")
	})
}
