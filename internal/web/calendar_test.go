package web

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func thirdTuesday() object {
	return object{"kind": "maintenance", "name": "Patch night", "rule": object{
		"time_zone": "Europe/Berlin", "start": "22:00", "end": "02:00", "repeat": "monthly", "weekdays": []string{"tue"}, "nth": 3, "from": "2026-01-01"}}
}

func TestAWindowIsKeptChangedAndTakenOut(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		s.as("member").post("/teams/INF/windows", thirdTuesday()).want(403)
		made := sm.post("/teams/INF/windows", thirdTuesday()).want(201)
		assert.Len(s, made["next"], 3)
		change := thirdTuesday()
		change["version"], change["name"], change["kind"] = 1, "Year's end", "freeze"
		path := "/teams/INF/windows/" + made["id"].(string)
		s.as("scrum_master").put(path, change).want(200)
		stale := sm.put(path, change).want(409)
		assert.Equal(s, "Year's end", stale["current"].(object)["name"])
		assert.Len(s, sm.get("/teams/INF/windows").want(200)["items"], 1)
		sm.del(path).want(204)
		assert.Empty(s, sm.get("/teams/INF/windows").want(200)["items"])
	})
}

func TestAWindowThatCannotBeNamesWhy(t *testing.T) {
	onSite(t, func(s *site) {
		w := thirdTuesday()
		w["rule"].(object)["nth"], w["rule"].(object)["time_zone"] = 0, "Mars/Base"
		wrong := s.as("scrum_master").post("/teams/INF/windows", w).want(422)
		assert.Equal(s, "/rule", wrong["errors"].([]any)[0].(object)["pointer"])
		w = thirdTuesday()
		w["group_id"] = "019b0000-0000-7000-8000-000000000000"
		s.as("scrum_master").post("/teams/INF/windows", w).want(422)
	})
}

func TestEverybodyNotesTheirOwnDaysOffAndScrumMastersThoseOfAll(t *testing.T) {
	onSite(t, func(s *site) {
		member, sm := s.as("member"), s.as("scrum_master")
		mine := member.post("/teams/INF/absences", object{"user_id": s.people["member"].ID, "from": "2026-12-24", "to": "2026-12-31"}).want(201)
		member.post("/teams/INF/absences", object{"user_id": s.people["approver"].ID, "from": "2026-12-24", "to": "2026-12-31"}).want(403)
		member.post("/teams/INF/absences", object{"from": "2026-12-24", "to": "2026-12-24"}).want(403)
		team := sm.post("/teams/INF/absences", object{"from": "2026-12-23", "to": "2026-12-23", "half": true, "note": "outing"}).want(201)
		sm.post("/teams/INF/absences", object{"user_id": s.people["viewer"].ID, "from": "2026-12-24", "to": "2026-12-31"}).want(422)
		member.del("/teams/INF/absences/" + team["id"].(string)).want(403)
		list := s.as("viewer").get("/teams/INF/calendar?from=2026-12-20&to=2026-12-25").want(200)
		assert.Len(s, list["absences"], 2)
		sm.del("/teams/INF/absences/" + mine["id"].(string)).want(204)
		assert.Len(s, member.get("/teams/INF/calendar?from=2026-12-20&to=2026-12-25").want(200)["absences"], 1)
		s.as(outsider).get("/teams/INF/calendar").want(404)
	})
}

func TestCapacityCountsWhoIsThere(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		sm.post("/teams/INF/sprints", object{"start_date": "2026-12-14", "end_date": "2026-12-18"}).want(201)
		before := sm.get("/teams/INF/sprints/1/capacity").want(200)
		people := len(before["people"].([]any))
		assert.EqualValues(s, 5, before["working_days"])
		assert.EqualValues(s, 5*people, before["person_days"])
		assert.EqualValues(s, float64(5*people)*8*.75, before["hours"])
		sm.put("/teams/INF/availability/"+s.people["member"].ID, object{"hours_per_day": 4, "focus": 0.5,
			"activities": []object{{"activity": "deploy", "hours": 3}, {"activity": "test", "hours": 1}}}).want(204)
		sm.post("/teams/INF/absences", object{"user_id": s.people["member"].ID, "from": "2026-12-14", "to": "2026-12-14", "half": true}).want(201)
		freeze := thirdTuesday()
		freeze["kind"], freeze["rule"] = "freeze", object{"time_zone": "UTC", "start": "08:00", "end": "20:00", "repeat": "once", "from": "2026-12-17"}
		sm.post("/teams/INF/windows", freeze).want(201)
		after := sm.get("/teams/INF/sprints/1/capacity").want(200)
		assert.Equal(s, []any{"2026-12-17"}, after["freeze_days"])
		assert.EqualValues(s, float64(5*people)-.5, after["person_days"])
		for _, p := range after["people"].([]any) {
			if p.(object)["user"].(object)["name"] == "member" {
				assert.EqualValues(s, 4.5*4*.5, p.(object)["hours"])
			}
		}
		assert.Equal(s, []any{object{"activity": "test", "hours": 2.25}, object{"activity": "deploy", "hours": 5.25}}, after["activities"])
		s.as("member").put("/teams/INF/availability/"+s.people["approver"].ID, object{"hours_per_day": 4, "focus": 0.5}).want(403)
	})
}

func TestAProposalKeepsWhatIsPlannedAndFillsTheRest(t *testing.T) {
	onSite(t, func(s *site) {
		s.sprintWith(3)
		sm := s.as("scrum_master")
		sm.newPatch("large", object{"points": 8})
		sm.newPatch("small", object{"points": 2})
		sm.newPatch("unknown", nil)
		p := sm.post("/teams/INF/sprints/1/proposal", object{"capacity": 6}).want(200)
		reasons := map[string]any{}
		for _, i := range p["items"].([]any) {
			reasons[i.(object)["key"].(string)] = i.(object)["reason"]
		}
		assert.Equal(s, map[string]any{"INF-1": "kept", "INF-2": "capacity", "INF-3": "risk", "INF-4": "unestimated"}, reasons)
		assert.EqualValues(s, 5, p["points"])
		assert.Equal(s, true, p["exact"])
		out := sm.post("/teams/INF/sprints/1/proposal", object{"capacity": 6, "leave_out": []string{"INF-1"}, "assumed_points": 4}).want(200)
		assert.EqualValues(s, 6, out["points"])
		sm.post("/teams/INF/sprints/1/proposal", object{}).want(422)
		sm.post("/teams/INF/sprints/1/proposal", object{"capacity": 6, "keep": []string{"OPS-1"}}).want(404)
	})
}

func TestWhatNoWindowLetsInIsNotProposed(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		sm.post("/teams/INF/sprints", object{"start_date": "2026-12-14", "end_date": "2026-12-18"}).want(201)
		sm.newPatch("one", object{"points": 2})
		w := thirdTuesday()
		w["rule"].(object)["nth"] = 1
		made := sm.post("/teams/INF/windows", w).want(201)
		item := func() any {
			p := sm.post("/teams/INF/sprints/1/proposal", object{"capacity": 6}).want(200)
			return p["items"].([]any)[0].(object)["reason"]
		}
		assert.Equal(s, "barred", item())
		sm.del("/teams/INF/windows/" + made["id"].(string)).want(204)
		assert.Equal(s, "due", item())
	})
}

func TestACalendarProgramReadsTheTeamByItsSecretAddress(t *testing.T) {
	onSite(t, func(s *site) {
		sm, viewer := s.as("scrum_master"), s.as("viewer")
		sm.post("/teams/INF/windows", thirdTuesday()).want(201)
		sm.post("/teams/INF/sprints", object{"start_date": "2026-12-14", "end_date": "2026-12-18", "goal": "a, b; c"}).want(201)
		path := strings.TrimPrefix(viewer.post("/teams/INF/calendar/feed", nil).want(200)["path"].(string), "/api/v1")
		nobody := s.nobody()
		file := nobody.get(path).raw
		for _, part := range []string{"BEGIN:VCALENDAR", "SUMMARY:Sprint 1 (planned)", "DTSTART;VALUE=DATE:20261214", "DTEND;VALUE=DATE:20261219", "SUMMARY:Maintenance: Patch night", `DESCRIPTION:a\, b\; c`} {
			assert.Contains(s, file, part)
		}
		assert.Equal(s, strings.Count(file, "\n"), strings.Count(file, "\r\n"), "every line ends as RFC 5545 wants it")
		viewer.post("/teams/INF/calendar/feed", nil).want(200)
		nobody.get(path).want(404)
	})
}

func TestHolidaysComeFromACalendarFile(t *testing.T) {
	onSite(t, func(s *site) {
		year := s.clock.Now().Format("2006")
		file := strings.ReplaceAll("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"+
			"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:YYYY1224\r\nDTEND;VALUE=DATE:YYYY1227\r\nSUMMARY:Feast\r\nEND:VEVENT\r\n"+
			"BEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20000501\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:May\r\nEND:VEVENT\r\n"+
			"BEGIN:VEVENT\r\nUID:3\r\nDTSTART:YYYY0601T100000Z\r\nSUMMARY:Meeting\r\nEND:VEVENT\r\n"+
			"END:VCALENDAR\r\n", "YYYY", year)
		sm := s.as("scrum_master")
		got := sm.with("Content-Type", "text/calendar").post("/teams/INF/holidays/import", file).want(200)
		assert.Contains(s, got["added"], year+"-12-26")
		assert.NotContains(s, got["added"], year+"-12-27")
		assert.Contains(s, got["added"], year+"-05-01")
		assert.NotContains(s, got["added"], "2000-05-01")
		assert.EqualValues(s, 1, got["skipped"])
		again := s.as("scrum_master").with("Content-Type", "text/calendar").post("/teams/INF/holidays/import", file).want(200)
		assert.Empty(s, again["added"])
		sm.with("Content-Type", "text/calendar").post("/teams/INF/holidays/import", "hello").want(422)
		s.as("member").with("Content-Type", "text/calendar").post("/teams/INF/holidays/import", file).want(403)
	})
}
