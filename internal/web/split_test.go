package web

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/fault"
)

const splitFirst = "/teams/INF/patches/INF-1/split"

// found3 imports a component with a fix on three hosts, with one more vulnerability
// on the first, and returns the ids of the hosts by their names.
func (s *site) found3() map[string]string {
	s.Helper()
	s.importing()
	c := s.as("member")
	s.findings(c, "full", onHosts("1.2", "a1:CVE-2026-1001", "a1:CVE-2026-1002", "a2:CVE-2026-1001", "a3:CVE-2026-1001"))
	ids := map[string]string{}
	for _, f := range c.get("/teams/INF/patches/INF-1/findings").items() {
		ids[f["asset"].(object)["name"].(string)] = f["asset"].(object)["id"].(string)
	}
	require.Len(s, ids, 3)
	return ids
}

// onHosts are the rows of a report, for "host:vulnerability" each.
func onHosts(fixed string, found ...string) (rows string) {
	for _, f := range found {
		rows += fmt.Sprintf("%s,host,widget,npm,%s,1.0,%s,high\n", f[:2], f[3:], fixed)
	}
	return rows
}

// on tells which findings a patch has.
func (s *site) on(key string) []string {
	s.Helper()
	out := []string{}
	for _, f := range s.as("viewer").get("/teams/INF/patches/" + key + "/findings").items() {
		out = append(out, f["asset"].(object)["name"].(string)+":"+f["vulnerability"].(string))
	}
	return out
}

func TestASplitConservesThePointsAndItsSprintsScope(t *testing.T) {
	onSite(t, func(s *site) {
		hosts := s.found3()
		sm := s.as("scrum_master")
		sm.patch("/teams/INF/patches/INF-1", object{"version": 1, "points": 8, "labels": []string{"dmz"}, "co_assignee_ids": []string{s.people["approver"].ID}}).want(200)
		sm.tasks("Back up", "Deploy")
		done := sm.get(firstTasks).items()[0]
		sm.patch(firstTasks+"/"+done["id"].(string), object{"version": 1, "state": "done"}).want(200)
		sprint := sm.post("/teams/INF/sprints", object{}).want(201)
		sm.put("/teams/INF/sprints/1/items/INF-1", object{}).want(200)
		sprint = sm.get("/teams/INF/sprints/1").want(200)
		sm.post("/teams/INF/sprints/1/start", object{"version": sprint["version"]}).want(200)
		p := sm.get("/teams/INF/patches/INF-1").want(200)

		body := object{"points": 3, "reason": "the third host waits", "version": p["version"], "parts": []object{
			{"points": 1.5, "asset_ids": []string{hosts["a2"]}}, {"title": "The last", "points": 3.5, "asset_ids": []string{hosts["a3"]}}}}
		s.as("member").post(splitFirst, body).want(403)
		arrived := s.causes()["arrived"]
		all := sm.post(splitFirst, body).items()
		require.Len(s, all, 3)
		assert.Equal(s, []any{3.0, 1.5, 3.5}, []any{all[0]["points"], all[1]["points"], all[2]["points"]})
		assert.Equal(s, []string{"Update widget to 1.2", "Update widget to 1.2 (part 2)", "The last"}, titles(all))
		for _, part := range all {
			assert.Equal(s, []any{p["due_at"], "ready", []any{"dmz"}, 1.0, 1.0}, []any{part["due_at"], statusBut(part), part["labels"], part["sprint"], part["assets"]})
		}
		assert.Equal(s, [][]string{{"a1:CVE-2026-1001", "a1:CVE-2026-1002"}, {"a2:CVE-2026-1001"}, {"a3:CVE-2026-1001"}}, [][]string{s.on("INF-1"), s.on("INF-2"), s.on("INF-3")})
		assert.Equal(s, []string{"Deploy"}, titles(sm.get("/teams/INF/patches/INF-2/tasks").items()), "what is not done is to be done on each")
		assert.Len(s, sm.get("/teams/INF/patches/INF-3").want(200)["co_assignees"], 1)
		parts := sm.get("/teams/INF/patches/INF-2/content").want(200)["parts"].([]any)
		assert.Equal(s, []any{"INF-1", "INF-3"}, []any{parts[0].(object)["key"], parts[1].(object)["key"]})
		assert.Equal(s, "patch.split", s.actions("INF-1")[0])

		report := sm.get("/teams/INF/sprints/1/report").want(200)
		assert.EqualValues(s, []any{8.0, 8.0}, []any{report["committed"], report["final_scope"]})
		sum := 0.0
		for _, row := range report["scope_ledger"].([]any) {
			assert.Equal(s, []any{"split", "the third host waits"}, []any{row.(object)["kind"], row.(object)["reason"]})
			sum += row.(object)["delta"].(float64)
		}
		assert.Len(s, report["scope_ledger"], 4)
		assert.Zero(s, sum)
		assert.Equal(s, arrived, s.causes()["arrived"], "no risk arrives by counting apart")

		now := sm.get("/teams/INF/patches/INF-2").want(200)
		sm.post("/teams/INF/patches/INF-2/move", object{"status": "verified", "version": now["version"]}).want(200)
		sprint = sm.get("/teams/INF/sprints/1").want(200)
		closed := sm.post("/teams/INF/sprints/1/close", object{"version": sprint["version"], "goal_met": true, "otherwise": "backlog_rank"}).want(200)
		assert.EqualValues(s, 1.5, closed["totals"].(object)["completed"])
		carry := sm.get("/teams/INF/sprints/1/report").want(200)
		assert.EqualValues(s, 6.5, carry["final_scope"].(float64)-carry["completed"].(float64))
	})
}

// statusBut is the status of a part: that of the patch, new or ready.
func statusBut(p object) any {
	if p["status"] == "new" {
		return "ready"
	}
	return p["status"]
}

func TestASplitIsTakenBackAndTheSprintAddsUpAllTheWhile(t *testing.T) {
	for name, state := range map[string]string{"in an active sprint": "active", "in a planned one": "planned", "outside of any": ""} {
		t.Run(name, func(t *testing.T) {
			onSite(t, func(s *site) {
				hosts, sm := s.found3(), s.as("scrum_master")
				sm.patch("/teams/INF/patches/INF-1", object{"version": 1, "points": 8}).want(200)
				s.inSprint("INF-1", state)
				p := sm.get("/teams/INF/patches/INF-1").want(200)
				before := s.on("INF-1")
				arrived := s.causes()["arrived"]
				all := sm.post(splitFirst, object{"points": 3, "reason": "x", "version": p["version"], "parts": []object{
					{"points": 1.5, "asset_ids": []string{hosts["a2"]}}, {"points": 3.5, "asset_ids": []string{hosts["a3"]}}}}).items()
				require.Len(s, all, 3)

				s.as("member").post(splitFirst+"/undo", taking(all)).want(403)
				back := sm.post(splitFirst+"/undo", taking(all)).want(200)
				assert.Equal(s, []any{8.0, p["risk"], p["sprint"], p["status"]}, []any{back["points"], back["risk"], back["sprint"], back["status"]})
				assert.ElementsMatch(s, before, s.on("INF-1"))
				for _, key := range []string{"INF-2", "INF-3"} {
					part := sm.get("/teams/INF/patches/" + key).want(200)
					assert.Equal(s, []any{"dropped", "superseded", "INF-1", nil}, []any{part["status"], part["drop_reason"], part["superseded_by"], part["sprint"]})
					assert.Empty(s, s.on(key))
				}
				assert.Equal(s, "patch.unsplit", s.actions("INF-1")[0])
				sm.post(splitFirst+"/undo", taking(all)).want(409) // once
				if state != "active" {
					return
				}
				assert.Equal(s, arrived, s.causes()["arrived"], "no risk arrives by counting together")
				report := sm.get("/teams/INF/sprints/1/report").want(200)
				assert.EqualValues(s, []any{8.0, 8.0}, []any{report["committed"], report["final_scope"]})
				sprint := sm.get("/teams/INF/sprints/1").want(200)
				sm.post("/teams/INF/sprints/1/close", object{"version": sprint["version"], "otherwise": "backlog_rank"}).want(200) // a ledger that does not add up is not closed
				assert.Equal(s, object{"INF-1": 8.0}, sm.get("/teams/INF/sprints/1/report").want(200)["carry_over"])
			})
		})
	}
}

// inSprint puts a patch into the first sprint, of that state if any.
func (s *site) inSprint(key, state string) {
	if state == "" {
		return
	}
	sm := s.as("scrum_master")
	sm.post("/teams/INF/sprints", object{}).want(201)
	sm.put("/teams/INF/sprints/1/items/"+key, object{}).want(200)
	if state == "active" {
		sm.post("/teams/INF/sprints/1/start", object{"version": sm.get("/teams/INF/sprints/1").want(200)["version"]}).want(200)
	}
}

// taking is what takes a split back that gave these.
func taking(all []map[string]any) object {
	parts := []object{}
	for _, p := range all[1:] {
		parts = append(parts, object{"key": p["key"], "version": p["version"]})
	}
	return object{"version": all[0]["version"], "parts": parts}
}

func TestASplitStaysWhenSomebodyWorkedOnAPartSince(t *testing.T) {
	const part = "/teams/INF/patches/INF-2"
	for name, c := range map[string]struct {
		work   func(c *client, version any)
		reason string
	}{
		"estimated": {func(c *client, v any) { c.patch(part, object{"version": v, "points": 5}).want(200) }, "member changed INF-2 since the split"},
		"moved":     {func(c *client, v any) { c.post(part+"/move", object{"version": v, "status": "in_progress"}).want(200) }, "member changed INF-2 since the split"},
		"talked":    {func(c *client, _ any) { c.post(part+"/comments", object{"body": "hm"}).want(201) }, "INF-2 has comments since the split"},
		"tasks":     {func(c *client, _ any) { c.post(part+"/tasks", object{"title": "Deploy", "kind": "deploy"}).want(201) }, "INF-2 has tasks of its own since the split"},
		"first": {func(c *client, _ any) {
			v := c.get("/teams/INF/patches/INF-1").want(200)["version"]
			c.patch("/teams/INF/patches/INF-1", object{"version": v, "title": "Another"}).want(200)
		}, "member changed INF-1 since the split"},
	} {
		t.Run(name, func(t *testing.T) {
			onSite(t, func(s *site) {
				hosts, sm := s.found3(), s.as("scrum_master")
				s.inSprint("INF-1", "active")
				v := sm.get("/teams/INF/patches/INF-1").want(200)["version"]
				all := sm.post(splitFirst, object{"points": nil, "reason": "x", "version": v, "parts": []object{{"points": nil, "asset_ids": []string{hosts["a2"]}}}}).items()
				s.clock.Add(time.Second)
				c.work(s.as("member"), all[1]["version"])
				refused := sm.post(splitFirst+"/undo", taking(all)).want(409)
				assert.Contains(s, refused["detail"], c.reason)
				assert.Equal(s, []string{"a2:CVE-2026-1001"}, s.on("INF-2"), "nothing is half taken back")
			})
		})
	}
}

func TestOnlyPartsOfAPatchAreJoinedWithIt(t *testing.T) {
	onSite(t, func(s *site) {
		s.found3()
		other := s.as("member").newPatch("Another", nil)
		body := object{"version": 1, "parts": []object{{"key": other["key"], "version": other["version"]}}}
		s.as("scrum_master").post(splitFirst+"/undo", body).want(422)
		s.as("scrum_master").post(splitFirst+"/undo", object{"version": 1, "parts": []object{{"key": "INF-1", "version": 1}}}).want(422)
	})
}

func TestASplitThatDoesNotAddUpIsRefused(t *testing.T) {
	onSite(t, func(s *site) {
		hosts := s.found3()
		sm := s.as("scrum_master")
		sm.patch("/teams/INF/patches/INF-1", object{"version": 1, "points": 8}).want(200)
		one := []string{hosts["a1"]}
		every := []string{hosts["a1"], hosts["a2"], hosts["a3"]}
		for name, c := range map[string]struct {
			points  any
			parts   []object
			pointer string
		}{
			"too many points":  {6, []object{{"points": 3, "asset_ids": one}}, "/points"},
			"none":             {8, []object{{"points": nil, "asset_ids": one}}, "/parts/0/points"},
			"not its asset":    {5, []object{{"points": 3, "asset_ids": []string{"other"}}}, "/parts/0/asset_ids"},
			"twice":            {2, []object{{"points": 3, "asset_ids": one}, {"points": 3, "asset_ids": one}}, "/parts/1/asset_ids"},
			"nothing stays":    {5, []object{{"points": 3, "asset_ids": every}}, "/parts"},
			"nothing named":    {5, []object{{"points": 3}}, "/parts/0"},
			"not its findings": {5, []object{{"points": 3, "finding_ids": []string{"x"}}}, "/parts/0/finding_ids"},
		} {
			wrong := sm.post(splitFirst, object{"points": c.points, "parts": c.parts, "reason": "x", "version": 2}).want(422)
			assert.Equal(s, c.pointer, wrong["errors"].([]any)[0].(object)["pointer"], name)
		}
		fits := object{"points": 5, "parts": []object{{"points": 3, "asset_ids": one}}, "reason": "x", "version": 2}
		sm.post("/teams/INF/exceptions", object{"key": "INF-1", "kind": "false_positive", "reason": "not installed"}).want(201)
		assert.Contains(s, sm.post(splitFirst, fits).want(409)["detail"], "exception")
		assert.Len(s, sm.get("/teams/INF/patches").items(), 1, "nothing is half done")
	})
}

func TestOfTwoWhoSplitTheSamePatchOneWins(t *testing.T) {
	onSite(t, func(s *site) {
		hosts := s.found3()
		var both sync.WaitGroup
		errs := make([]error, 2)
		for i, host := range []string{"a2", "a3"} {
			both.Go(func() {
				split := backlog.Split{Parts: []backlog.Part{{AssetIDs: []string{hosts[host]}}}, Reason: host, Seen: 1}
				_, errs[i] = s.Backlog.Split(s.Context(), audit.Who{UserID: s.people["scrum_master"].ID, Name: host}, s.teams["INF"], 1, split)
			})
		}
		both.Wait()
		won := 0
		if errs[1] == nil {
			won = 1
		}
		require.NoError(s, errs[won])
		assert.True(s, fault.Is(errs[1-won], fault.Conflict), "%v", errs[1-won])
		assert.Contains(s, errs[1-won].Error(), "changed this first")
		assert.Len(s, s.as("viewer").get("/teams/INF/patches").items(), 2)
		assert.Len(s, s.on("INF-1"), 3)
	})
}

func TestFindingsOfASplitPatchLandInTheirPart(t *testing.T) {
	onSite(t, func(s *site) {
		hosts := s.found3()
		sm, c := s.as("scrum_master"), s.as("member")
		sm.post(splitFirst, object{"points": nil, "reason": "x", "version": 1, "parts": []object{{"points": nil, "asset_ids": []string{hosts["a2"]}}}}).want(200)

		s.findings(c, "full", onHosts("1.2", "a1:CVE-2026-1001", "a1:CVE-2026-1002", "a2:CVE-2026-1001", "a2:CVE-2026-1003", "a3:CVE-2026-1001", "a4:CVE-2026-1001"))
		assert.ElementsMatch(s, []string{"INF-1", "INF-2"}, keys(c.get("/teams/INF/patches").items()))
		assert.ElementsMatch(s, []string{"a2:CVE-2026-1001", "a2:CVE-2026-1003"}, s.on("INF-2"), "what is new on the host of a part belongs to the part")
		assert.Contains(s, s.on("INF-1"), "a4:CVE-2026-1001", "what is new elsewhere belongs to the first")

		s.findings(c, "full", onHosts("1.3", "a1:CVE-2026-1001", "a2:CVE-2026-1001", "a2:CVE-2026-1003", "a3:CVE-2026-1001"))
		assert.ElementsMatch(s, []string{"INF-3", "INF-4"}, keys(c.get("/teams/INF/patches").items()), "a newer fix supersedes each")
		assert.ElementsMatch(s, []string{"a2:CVE-2026-1001", "a2:CVE-2026-1003"}, s.on("INF-4"))
		assert.Equal(s, "Update widget to 1.3 (part 2)", c.get("/teams/INF/patches/INF-4").want(200)["title"])

		s.findings(c, "full", onHosts("1.3", "a1:CVE-2026-1001", "a3:CVE-2026-1001"))
		s.findings(c, "full", onHosts("1.3", "a1:CVE-2026-1001", "a2:CVE-2026-1001", "a3:CVE-2026-1001"))
		assert.Contains(s, s.on("INF-4"), "a2:CVE-2026-1001", "also what comes back")
		assert.ElementsMatch(s, []string{"INF-3", "INF-4"}, keys(c.get("/teams/INF/patches").items()))
	})
}

func TestFindingsAreSplitApartToo(t *testing.T) {
	onSite(t, func(s *site) {
		s.found3()
		sm := s.as("scrum_master")
		var one string
		for _, f := range sm.get("/teams/INF/patches/INF-1/findings").items() {
			if f["vulnerability"] == "CVE-2026-1002" {
				one = f["id"].(string)
			}
		}
		sm.post(splitFirst, object{"points": nil, "reason": "x", "version": 1, "parts": []object{{"points": nil, "finding_ids": []string{one}}}}).want(200)
		assert.Equal(s, []string{"a1:CVE-2026-1002"}, s.on("INF-2"))
		assert.Len(s, s.on("INF-1"), 3)
		s.findings(s.as("member"), "full", onHosts("1.2", "a1:CVE-2026-1001", "a1:CVE-2026-1002", "a1:CVE-2026-1004", "a2:CVE-2026-1001", "a3:CVE-2026-1001"))
		assert.Equal(s, []string{"a1:CVE-2026-1002"}, s.on("INF-2"))
		assert.Contains(s, s.on("INF-1"), "a1:CVE-2026-1004", "of a host in several parts the first has what is new")
	})
}
