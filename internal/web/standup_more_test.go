package web

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// keysIn are the keys of a list of patches.
func keysIn(list any) []string {
	out := []string{}
	for _, v := range list.([]any) {
		out = append(out, v.(object)["key"].(string))
	}
	return out
}

// move gives a patch another status.
func (c *client) move(key, status string) {
	c.site.Helper()
	p := c.get("/teams/INF/patches/" + key).want(200)
	c.post("/teams/INF/patches/"+key+"/move", object{"status": status, "version": p["version"]}).want(200)
}

func TestANewEntryBeginsWithTheLastPlanAndWhatItsWriterMoved(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		for _, title := range []string{"planned and moved", "planned and left", "moved", "moved by somebody else"} {
			c.newPatch(title, nil)
		}
		c.put(standups+"today", note("the gateway", object{"items": []string{"INF-1", "INF-2"}})).want(200)
		s.clock.Add(5 * time.Minute)
		c.move("INF-1", "in_progress")
		c.move("INF-3", "in_progress")
		s.as("scrum_master").move("INF-4", "in_progress")
		s.at("2026-03-03T08:00:00Z")
		c = s.as("member")
		draft := c.get(standups + "today/draft").want(200)
		assert.Equal(s, "the gateway", draft["plan"])
		assert.Equal(s, "2026-03-02T09:00:00Z", draft["since"])
		assert.Equal(s, []string{"INF-1", "INF-2", "INF-3"}, keysIn(draft["yesterday_items"]))
		assert.Equal(s, []string{"INF-1", "INF-2", "INF-3"}, keysIn(draft["items"]))
		step := draft["yesterday_items"].([]any)[0].(object)
		assert.Equal(s, []any{"new", "in_progress", true, true}, []any{step["from"], step["to"], step["ticked"], step["planned"]})
		assert.Equal(s, false, draft["yesterday_items"].([]any)[1].(object)["ticked"])
		assert.Equal(s, false, draft["yesterday_items"].([]any)[2].(object)["planned"])

		written := c.put(standups+"today", note("", object{"today": "verify", "yesterday_items": []string{"INF-1", "INF-2"}})).want(200)
		c.move("INF-2", "in_progress")
		again := c.get(standups + "today").want(200)["entries"].([]any)[0].(object)["yesterday_items"].([]any)
		assert.Equal(s, []string{"INF-1", "INF-2"}, keysIn(written["yesterday_items"]))
		assert.Equal(s, false, again[1].(object)["ticked"], "an entry says what was true when it was written")
		assert.Equal(s, "in_progress", again[1].(object)["status"])
		s.as("viewer").get(standups + "today/draft").want(403)
		assert.Empty(s, s.as("approver").get(standups + "today/draft").want(200)["yesterday_items"])
	})
}

func TestWhatAnEntrySaidBeforeItWasChangedIsKept(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("OpenSSL", nil)
		c.put(standups+"today", note("first", object{"items": []string{"INF-1"}})).want(200)
		assert.Empty(s, c.get(standups+"today/versions").items())
		s.clock.Add(time.Minute)
		second := c.put(standups+"today", note("second", object{"version": 1})).want(200)
		assert.Equal(s, "2026-03-02T09:01:00Z", second["changed_at"])
		s.clock.Add(time.Minute)
		c.put(standups+"today", note("third", object{"version": 2})).want(200)
		c.put(standups+"today", note("stale", object{"version": 2})).want(409)
		kept := s.as("viewer").get(standups + "today/versions?member=" + s.people["member"].ID).items()
		require.Len(s, kept, 2)
		assert.Equal(s, []any{"second", "first"}, []any{kept[0]["today"], kept[1]["today"]})
		assert.Equal(s, []any{"2026-03-02T09:01:00Z", "2026-03-02T09:00:00Z"}, []any{kept[0]["written_at"], kept[1]["written_at"]})
		assert.Equal(s, []string{"INF-1"}, keysIn(kept[1]["items"]))
		assert.Empty(s, c.get(standups+"today/versions?member="+s.people["approver"].ID).items())
	})
}

func TestABlockerComesWithTheEntryOrNothingDoes(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("OpenSSL", nil)
		wrong := c.put(standups+"today", note("x", object{"blockers": []object{{"key": "INF-1", "needed": "a window"}, {"key": "INF-9", "needed": "x"}}})).want(422)
		assert.Equal(s, []string{"/blockers/1/key"}, pointers(wrong))
		day := c.get(standups + "today").want(200)
		assert.Empty(s, day["entries"])
		assert.Empty(s, day["blockers"])
		c.put(standups+"today", note("x", object{"blockers": []object{{"key": "INF-1", "needed": "a window"}}})).want(200)
		assert.Equal(s, []string{"INF-1"}, keysIn(c.get(standups + "today").want(200)["blockers"]))
		twice := c.put(standups+"today", note("y", object{"version": 1, "blockers": []object{{"key": "INF-1", "needed": "more"}}})).want(409)
		assert.Equal(s, "a window", twice["current"].(object)["blocker"].(object)["needed"])
	})
}

func TestWhoIsOffIsNotMissingAndTheTeamsDayOffIsNoStandUp(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		off := func(day string, user any, half bool) {
			sm.post("/teams/INF/absences", object{"user_id": user, "from": day, "to": day, "half": half, "note": ""}).want(201)
		}
		off("2026-03-02", s.people["member"].ID, false)
		off("2026-03-02", s.people["approver"].ID, true)
		off("2026-03-02", nil, true)
		off("2026-03-03", nil, false)
		day := sm.get(standups + "today").want(200)
		assert.Equal(s, []string{"product_owner", "scrum_master"}, namesIn(day["missing"]), "half a day of the whole team excuses nobody")
		assert.Equal(s, []string{"approver", "member"}, namesIn(day["off"]), "an own half day may be the half with the stand-up")
		assert.Equal(s, []any{"2026-02-27", "2026-03-04", "2026-03-04"}, []any{day["before"], day["after"], day["last"]})
		assert.Equal(s, false, sm.get(standups + "2026-03-03").want(200)["working"])
		sm.put(standups+"2026-03-03", note("x", nil)).want(409)
		sm.put(standups+"2026-03-04", note("the evening before", nil)).want(200)
		s.as("member").put(standups+"today", note("I came after all", nil)).want(200)
		s.as("approver").put(standups+"today", note("from noon on", nil)).want(200)
		assert.Empty(s, sm.get(standups + "today").want(200)["off"])
	})
}

func TestOneLeadsThroughTheStandUpAndAllSeeWhoseTurnItIs(t *testing.T) {
	onSite(t, func(s *site) {
		c, sm, other := s.as("member"), s.as("scrum_master"), s.as("approver")
		walk := standups + "today/walk"
		c.post(walk, object{"pace": "next"}).want(409)
		s.as("viewer").post(walk, object{"pace": "start"}).want(403)
		lines := s.as("viewer").listen("INF")
		first := c.post(walk, object{"pace": "start"}).want(200)["walk"].(object)
		s.soon(lines, "event: standup.changed")
		assert.Equal(s, "approver", first["current"].(object)["name"])
		assert.Equal(s, []any{1.0, 4.0, "member"}, []any{first["position"], first["total"], first["started_by"].(object)["name"]})
		assert.Equal(s, first, other.post(walk, object{"pace": "start"}).want(409)["current"].(object)["walk"])
		assert.Contains(s, other.post(walk, object{"pace": "next", "current": s.people["approver"].ID}).want(403)["detail"], "member leads")

		s.clock.Add(90 * time.Second)
		second := sm.post(walk, object{"pace": "next", "current": s.people["approver"].ID}).want(200)["walk"].(object)
		assert.Equal(s, "member", second["current"].(object)["name"])
		assert.Equal(s, "2026-03-02T09:01:30Z", second["since"])
		day := other.get(standups + "today").want(200)
		assert.Equal(s, second, day["walk"])
		assert.Equal(s, "2026-03-02T09:01:30Z", day["now"])
		c.post(walk, object{"pace": "next", "current": s.people["approver"].ID}).want(409) // who pressed at the same moment skips nobody
		c.post(walk, object{"pace": "previous", "current": s.people["member"].ID}).want(200)
		for _, name := range []string{"approver", "member", "product_owner"} {
			c.post(walk, object{"pace": "next", "current": s.people[name].ID}).want(200)
		}
		assert.Nil(s, c.post(walk, object{"pace": "next", "current": s.people["scrum_master"].ID}).want(200)["walk"])
		assert.Nil(s, c.get(standups + "today").want(200)["walk"])
		again := other.post(walk, object{"pace": "start"}).want(200)["walk"].(object)
		other.post(walk, object{"pace": "stop", "current": again["current"].(object)["id"]}).want(200)
		c.post(standups+"2026-03-03/walk", object{"pace": "start"}).want(409)
	})
}

func TestABlockerIsEscalatedOnceItsDayHasComeInTheTeamsZone(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("OpenSSL", nil)
		b := c.post(blockersPath, object{"key": "INF-1", "needed": "a window", "escalate_on": "2026-03-04"}).want(201)
		assert.Equal(s, "2026-03-04", b["escalate_on"])
		c.patch(blockersPath+"/"+b["id"].(string), object{"version": 1, "escalate_on": "2026-02-30"}).want(422)
		s.at("2026-03-03T22:59:00Z")
		require.NoError(s, s.Standup.Escalate(s.Context()))
		c = s.as("member")
		assert.Nil(s, c.get(blockersPath).items()[0]["escalated_at"])
		s.at("2026-03-03T23:00:00Z") // midnight in Berlin
		lines := c.listen("INF")
		require.NoError(s, s.Standup.Escalate(s.Context()))
		require.NoError(s, s.Standup.Escalate(s.Context()))
		s.soon(lines, "event: blocker.escalated")
		assert.Contains(s, s.soon(lines, "data: "), `"key":"INF-1"`)
		now := c.get(blockersPath).items()[0]
		assert.Equal(s, []any{"2026-03-03T23:00:00Z", 2.0, 2.0}, []any{now["escalated_at"], now["version"], now["days"]})
		later := c.patch(blockersPath+"/"+b["id"].(string), object{"version": 2, "escalate_on": "2026-03-09"}).want(200)
		assert.Nil(s, later["escalated_at"])
		assert.Nil(s, c.patch(blockersPath+"/"+b["id"].(string), object{"version": 3, "escalate_on": nil}).want(200)["escalate_on"])
	})
}

func TestTheAgeingOfBlockersCountsTheTeamsWorkingDays(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("scrum_master").patch("/teams/INF", object{"holidays": []string{"2026-03-03"}, "version": 1}).want(200)
		c := s.as("member")
		for _, title := range []string{"a", "b", "c"} {
			c.newPatch(title, nil)
		}
		mine := c.post(blockersPath, object{"key": "INF-1", "needed": "x", "owner_id": s.people["member"].ID}).want(201)
		c.block("INF-2", "y")
		s.at("2026-03-09T09:00:00Z") // four working days later: 4, 5, 6 and 9 March
		c = s.as("member")
		c.block("INF-3", "z")
		c.patch(blockersPath+"/"+mine["id"].(string), object{"version": 1, "resolved": true}).want(200)
		got := s.as("viewer").get(blockersPath + "/ageing").want(200)
		assert.Equal(s, []string{"INF-2", "INF-3"}, keysIn(got["open"]))
		assert.EqualValues(s, 4, got["open"].([]any)[0].(object)["days"])
		assert.Equal(s, object{"count": 1.0, "mean_days": 4.0, "median_days": 4.0}, got["resolved"])
		var counts []any
		for _, b := range got["buckets"].([]any) {
			counts = append(counts, b.(object)["count"])
		}
		assert.Equal(s, []any{1.0, 0.0, 1.0, 0.0, 0.0}, counts)
		owners := got["owners"].([]any)
		require.Len(s, owners, 2)
		assert.Nil(s, owners[0].(object)["owner"])
		assert.Equal(s, []any{2.0, 4.0}, []any{owners[0].(object)["open"], owners[0].(object)["oldest_days"]})
		rows, err := csv.NewReader(strings.NewReader(s.as("viewer").get(blockersPath + "/ageing.csv").raw)).ReadAll()
		require.NoError(s, err)
		require.Len(s, rows, 4)
		assert.Equal(s, []string{"INF-2", "b", "2026-03-02T09:00:00Z", "4", "", "", "y", "", "", "false", "2026-05-01T09:00:00Z"}, rows[1])
		assert.Equal(s, []string{"INF-1", "2026-03-09T09:00:00Z", "member"}, []string{rows[3][0], rows[3][4], rows[3][5]}, "the resolved ones come last")
	})
}

func TestTheDigestSaysWhoSaidWhatAndWritesNoMarkup(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("Open*SSL", nil)
		c.put(standups+"today", note("deploy <b>it</b>\nnow", object{"items": []string{"INF-1"}, "blockers": []object{{"key": "INF-1", "needed": "a window"}}})).want(200)
		got := s.as("viewer").get(standups + "today/digest").want(200)
		text := got["markdown"].(string)
		for _, part := range []string{"# Stand-up of Team INF, Mar 2, 2026\n", "## member", "Today: deploy \\<b>it\\</b> now", "- INF-1 Open\\*SSL", "- **INF-1** Open\\*SSL: a window (0 working days, no owner", "No entry: approver, product\\_owner, scrum\\_master"} {
			assert.Contains(s, text, part)
		}
		assert.Equal(s, []string{"member"}, namesIn(got["standup"].(object)["entries"]))
	})
}

func TestTheTimeInWhichABlockerWasResolvedIsNotBlocked(t *testing.T) {
	onSite(t, func(s *site) {
		planned := s.sprintWith(3)
		s.as("scrum_master").post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		c := s.as("member")
		c.move("INF-1", "in_progress")
		blocker := blockersPath + "/" + c.block("INF-1", "a window")["id"].(string)
		for i, resolved := range []bool{true, false, true} { // blocked a day, free a day, blocked a day
			s.clock.Add(24 * time.Hour)
			s.as("member").patch(blocker, object{"version": i + 1, "resolved": resolved}).want(200)
		}
		s.clock.Add(24 * time.Hour)
		s.as("member").move("INF-1", "verified")
		cycles := s.as("viewer").get("/teams/INF/flow?days=10").want(200)["cycles"].([]any)
		require.Len(s, cycles, 1)
		s.holds(object{"key": "INF-1", "days": 4.0, "blocked_days": 2.0}, cycles[0], "")
	})
}
