package web

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/team"
)

const standups = "/teams/INF/standups/"

func note(today string, more object) object {
	out := object{"yesterday": "tested it", "today": today}
	for k, v := range more {
		out[k] = v
	}
	return out
}

// at puts the clock to a moment written as in RFC 3339.
func (s *site) at(moment string) {
	at, err := time.Parse(time.RFC3339, moment)
	require.NoError(s, err)
	s.clock.Set(at)
}

// namesIn are the names in a list of people, or of what has a member.
func namesIn(list any) (out []string) {
	for _, v := range list.([]any) {
		p := v.(object)
		if m, ok := p["member"].(object); ok {
			p = m
		}
		out = append(out, p["name"].(string))
	}
	return out
}

func TestAMemberHasOneEntryADayAndChangesKeepWhenItWasWritten(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("OpenSSL", nil)
		first := c.put(standups+"today", note(" deploy it ", object{"items": []string{"inf-1", "INF-1"}})).want(200)
		assert.Equal(s, "deploy it", first["today"])
		assert.Equal(s, "2026-03-02", first["date"])
		assert.Equal(s, false, first["edited"])
		assert.Equal(s, []any{object{"key": "INF-1", "title": "OpenSSL", "status": "new"}}, first["items"])

		s.clock.Add(time.Minute)
		again := c.put(standups+"today", note("another", nil)).want(409)
		assert.Equal(s, first, again["current"].(object)["entry"])
		changed := c.put(standups+"2026-03-02", note("verify it", object{"version": 1})).want(200)
		assert.Equal(s, true, changed["edited"])
		assert.Equal(s, first["written_at"], changed["written_at"])
		assert.Empty(s, changed["items"])
		stale := c.put(standups+"today", note("x", object{"version": 1})).want(409)
		assert.Equal(s, changed, stale["current"].(object)["entry"])

		po := s.as("product_owner")
		assert.Nil(s, po.put(standups+"today", note("x", object{"version": 1})).want(409)["current"])
		po.put(standups+"today", note("rank", nil)).want(200)
		day := s.as("viewer").get(standups + "today").want(200)
		assert.Equal(s, []string{"member", "product_owner"}, namesIn(day["entries"]))
		assert.Equal(s, changed, day["entries"].([]any)[0])
	})
}

func TestAnEntryIsWrittenByWhoWorksInTheTeamAndSaysSomething(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("viewer").put(standups+"today", note("watch", nil)).want(403)
		refused := s.as(adminName).put(standups+"today", note("manage", nil)).want(403)
		assert.Contains(s, refused["detail"], "who works in this team")
		c := s.as("member")
		empty := c.put(standups+"today", object{"yesterday": " ", "today": "\n"}).want(422)
		assert.Equal(s, []string{"/today"}, pointers(empty))
		c.put(standups+"2026-02-30", note("x", nil)).want(422)
		c.get(standups + "yesterday").want(404)
		s.as("scrum_master").put(standups+"today", note("plan", nil)).want(200)
	})
}

func TestEveryItemThatIsNoPatchOfTheTeamIsNamed(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("OpenSSL", nil)
		s.as(outsider).post("/teams/OPS/patches", object{"title": "theirs"}).want(201)
		refused := c.put(standups+"today", note("x", object{"items": []string{"INF-1", "INF-9", "OPS-1", "INF-99999999999999999999", "-"}})).want(422)
		assert.Equal(s, []string{"/items/1", "/items/2", "/items/3", "/items/4"}, pointers(refused))
		assert.Empty(s, c.get(standups + "today").want(200)["entries"])
	})
}

func TestADayBeginsAndEndsInTheTeamsZone(t *testing.T) {
	onSite(t, func(s *site) {
		s.at("2026-03-06T22:30:00Z") // Friday 23:30 in Berlin
		c := s.as("member")
		assert.Contains(s, c.put(standups+"2026-03-05", note("x", nil)).want(409)["detail"], "closed")
		assert.Contains(s, c.put(standups+"2026-03-07", note("x", nil)).want(409)["detail"], "too early")
		c.put(standups+"2026-03-10", note("x", nil)).want(409)
		c.put(standups+"today", note("go home", nil)).want(200)
		monday := c.put(standups+"2026-03-09", note("begin", nil)).want(200)
		assert.Equal(s, "2026-03-06T22:30:00Z", monday["written_at"])

		s.at("2026-03-06T23:30:00Z") // Saturday 00:30 there
		c = s.as("member")
		c.put(standups+"2026-03-06", note("x", object{"version": 1})).want(409)
		saturday := c.get(standups + "today").want(200)
		assert.Equal(s, "2026-03-07", saturday["date"])
		assert.Equal(s, false, saturday["working"])

		s.as("scrum_master").patch("/teams/INF", object{"holidays": []string{"2026-03-09"}, "version": 1}).want(200)
		c.put(standups+"2026-03-09", note("x", object{"version": 1})).want(409)
		c.put(standups+"2026-03-10", note("after the holiday", nil)).want(200)
	})
}

func TestMissingAreTheMembersWhoMayWorkAndHaveSaidNothing(t *testing.T) {
	onSite(t, func(s *site) {
		s.disabled()
		s.as("member").put(standups+"today", note("x", nil)).want(200)
		assert.Equal(s, []string{"approver", "product_owner", "scrum_master"}, namesIn(s.as("viewer").get(standups + "today").want(200)["missing"]))
		s.clock.Add(24 * time.Hour)
		s.person("newcomer", "INF", team.Member)
		c := s.as("viewer")
		assert.Equal(s, []string{"approver", "product_owner", "scrum_master"}, namesIn(c.get(standups + "2026-03-02").want(200)["missing"]))
		assert.Equal(s, []string{"approver", "member", "newcomer", "product_owner", "scrum_master"}, namesIn(c.get(standups + "today").want(200)["missing"]))
	})
}

func TestTheDayOfTheSprintIsCountedInItsFrozenCalendar(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		assert.Nil(s, sm.get(standups + "today").want(200)["sprint_days"])
		planned := s.sprintWith(1)
		assert.Nil(s, sm.get(standups + "today").want(200)["sprint_day"])
		sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		sm.patch("/teams/INF", object{"working_week": []string{"mon", "sat"}, "version": 1}).want(200)
		for date, day := range map[string]any{"2026-03-02": 1.0, "2026-03-06": 5.0, "2026-03-07": nil, "2026-03-09": 6.0, "2026-03-13": 10.0, "2026-03-16": nil, "2026-02-27": nil} {
			got := sm.get(standups + date).want(200)
			assert.Equal(s, day, got["sprint_day"], date)
			assert.EqualValues(s, 10, got["sprint_days"], date)
			assert.Equal(s, date == "2026-03-07" || date == "2026-03-02" || date == "2026-03-09" || date == "2026-03-16", got["working"], date)
		}
	})
}

const blockersPath = "/teams/INF/blockers"

// block makes a blocker of a patch.
func (c *client) block(key, needed string) object {
	c.site.Helper()
	return c.post(blockersPath, object{"key": key, "needed": needed}).want(201)
}

// card is the patch on the board.
func (c *client) card(key string) object {
	for _, column := range c.get("/teams/INF/board").want(200)["columns"].([]any) {
		for _, card := range column.(object)["cards"].([]any) {
			if card.(object)["key"] == key {
				return card.(object)
			}
		}
	}
	return nil
}

func TestABlockerStopsACardUntilItIsResolvedAndMayComeBack(t *testing.T) {
	onSite(t, func(s *site) {
		planned := s.sprintWith(1)
		s.as("scrum_master").post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		c := s.as("member")
		assert.Nil(s, c.card("INF-1")["blocked_since"])
		b := c.post(blockersPath, object{"key": "inf-1", "needed": " a window ", "next_step": "ask", "owner_id": s.people["approver"].ID}).want(201)
		assert.Equal(s, "a window", b["needed"])
		assert.Equal(s, "member", b["reported_by"])
		assert.Equal(s, object{"id": s.people["approver"].ID, "name": "approver"}, b["owner"])
		assert.Equal(s, b["since"], c.card("INF-1")["blocked_since"])
		twice := c.post(blockersPath, object{"key": "INF-1", "needed": "money"}).want(409)
		assert.Contains(s, twice["detail"], "INF-1 has an open blocker already: “a window”")
		assert.Equal(s, b, twice["current"].(object)["blocker"])

		one := blockersPath + "/" + b["id"].(string)
		changed := c.patch(one, object{"version": 1, "owner_id": nil, "next_step": "ask again"}).want(200)
		assert.Nil(s, changed["owner"])
		assert.Equal(s, "a window", changed["needed"])
		stale := c.patch(one, object{"version": 1, "resolved": true}).want(409)
		assert.Equal(s, changed, stale["current"].(object)["blocker"])
		s.clock.Add(time.Minute)
		resolved := c.patch(one, object{"version": 2, "resolved": true}).want(200)
		assert.Equal(s, "2026-03-02T09:01:00Z", resolved["resolved_at"])
		assert.Nil(s, c.card("INF-1")["blocked_since"])
		assert.EqualValues(s, 2, c.card("INF-1")["version"], "a blocker changes nothing of the patch itself")
		reopened := c.patch(one, object{"version": 3, "resolved": false}).want(200)
		assert.Nil(s, reopened["resolved_at"])
		assert.Equal(s, b["since"], c.card("INF-1")["blocked_since"])

		var actions []any
		for _, a := range c.get("/teams/INF/patches/INF-1/activity").items() {
			actions = append(actions, a["action"])
		}
		assert.Equal(s, []any{"blocker.reopened", "blocker.resolved", "blocker.changed", "blocker.reported"}, actions[:4])
	})
}

func TestABlockerIsRefusedWhereNothingCanBeStopped(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("done", nil)
		c.newPatch("open", nil)
		assert.Equal(s, []string{"/key"}, pointers(c.post(blockersPath, object{"key": "INF-9", "needed": "x"}).want(422)))
		assert.Equal(s, []string{"/key"}, pointers(c.post(blockersPath, object{"key": "", "needed": "x"}).want(422)))
		assert.Equal(s, []string{"/needed"}, pointers(c.post(blockersPath, object{"key": "INF-1", "needed": " "}).want(422)))
		for _, stranger := range []string{"viewer", outsider, adminName} {
			refused := c.post(blockersPath, object{"key": "INF-1", "needed": "x", "owner_id": s.people[stranger].ID}).want(422)
			assert.Equal(s, []string{"/owner_id"}, pointers(refused), stranger)
		}
		old := blockersPath + "/" + c.block("INF-1", "a window")["id"].(string)
		c.patch(old, object{"version": 1, "needed": "  "}).want(422)
		s.as("product_owner").post("/teams/INF/patches/INF-1/drop", object{"reason": "risk_accepted", "version": 1}).want(200)
		c.patch(old, object{"version": 1, "resolved": true}).want(409) // the drop did it
		assert.Contains(s, c.patch(old, object{"version": 2, "resolved": false}).want(409)["detail"], "nothing stops it any more")
		c.post(blockersPath, object{"key": "INF-1", "needed": "x"}).want(409)

		first := blockersPath + "/" + c.block("INF-2", "first")["id"].(string)
		c.patch(first, object{"version": 1, "resolved": true}).want(200)
		c.block("INF-2", "second")
		assert.Contains(s, c.patch(first, object{"version": 2, "resolved": false}).want(409)["detail"], "“second”")
		c.patch(first, object{"version": 2, "next_step": "none"}).want(200)
	})
}

func TestAPastStandUpShowsTheBlockersThatWereOpenAtItsEnd(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("long", nil)
		c.newPatch("short", nil)
		long := c.block("INF-1", "long")
		short := c.block("INF-2", "short")
		c.patch(blockersPath+"/"+short["id"].(string), object{"version": 1, "resolved": true}).want(200)
		s.at("2026-03-03T22:59:00Z") // 23:59 in Berlin
		c = s.as("member")
		again := c.block("INF-2", "again")
		s.at("2026-03-03T23:01:00Z")
		c = s.as("member")
		c.patch(blockersPath+"/"+long["id"].(string), object{"version": 1, "resolved": true}).want(200)
		for date, want := range map[string][]any{
			"2026-03-01": {}, "2026-03-02": {long["id"]}, "2026-03-03": {long["id"], again["id"]}, "today": {again["id"]}, "2026-03-05": {again["id"]},
		} {
			ids := []any{}
			for _, b := range c.get(standups + date).want(200)["blockers"].([]any) {
				ids = append(ids, b.(object)["id"])
			}
			assert.Equal(s, want, ids, date)
		}
	})
}

func TestBlockersAreListedInPagesTheOldestFirst(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		var all []string
		for _, key := range []string{"INF-1", "INF-2", "INF-3", "INF-4", "INF-5"} {
			c.newPatch(key, nil)
			all = append(all, c.block(key, "x")["id"].(string)) // at one moment: the id decides
		}
		c.patch(blockersPath+"/"+all[1], object{"version": 1, "resolved": true}).want(200)
		var seen []string
		for path := blockersPath + "?limit=2"; path != ""; {
			page := c.get(path).want(200)
			for _, b := range page["items"].([]any) {
				seen = append(seen, b.(object)["id"].(string))
			}
			path = ""
			if next, more := page["next_cursor"].(string); more {
				path = blockersPath + "?limit=2&cursor=" + next
			}
		}
		assert.Equal(s, slices.Delete(slices.Clone(all), 1, 2), seen)
		resolved := c.get(blockersPath + "?resolved=true").items()
		require.Len(s, resolved, 1)
		assert.Equal(s, all[1], resolved[0]["id"])
		assert.Len(s, c.get(blockersPath+"?resolved=false").items(), 4)
		c.get(blockersPath + "?cursor=x").want(422)
	})
}

func TestOfManyAtOnceOneWritesTheEntryAndOneTheBlocker(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("contested", nil)
		codes := make([][]int, 2)
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				entry := c.put(standups+"today", note("x", nil)).code
				blocker := c.post(blockersPath, object{"key": "INF-1", "needed": "x"}).code
				mu.Lock()
				defer mu.Unlock()
				codes[0], codes[1] = append(codes[0], entry), append(codes[1], blocker)
			})
		}
		all.Wait()
		for i, made := range []int{200, 201} {
			slices.Sort(codes[i])
			assert.Equal(s, []int{made, 409, 409, 409, 409, 409}, codes[i])
		}
	})
}

func TestEntriesAndBlockersArriveOnTheStream(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("live", nil)
		lines := s.as("viewer").listen("INF")
		c.put(standups+"today", note("x", nil)).want(200)
		s.soon(lines, "event: standup.changed")
		assert.Contains(s, s.soon(lines, "data: "), `"key":"2026-03-02"`)
		c.block("INF-1", "x")
		s.soon(lines, "event: blocker.changed")
		assert.Contains(s, s.soon(lines, "data: "), `"key":"INF-1"`)
		s.soon(lines, "event: patch.changed")
	})
}
