package web

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lived is a sprint of a week with an emergency, a blocker, a drop and something
// left over. It begins on Monday, 2 March 2026, 9:00.
func (s *site) lived() {
	planned := s.sprintWith(3, 5, 8, 2)
	sm := s.as("scrum_master")
	sm.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
	move := func(key, status string, version int) {
		s.as("member").post("/teams/INF/patches/"+key+"/move", object{"status": status, "version": version}).want(200)
	}
	s.clock.Add(24 * time.Hour) // Tuesday
	move("INF-1", "in_progress", 2)
	move("INF-2", "in_progress", 2)
	blocker := s.as("member").post("/teams/INF/blockers", object{"key": "INF-2", "needed": "a *window*"}).want(201)
	s.clock.Add(24 * time.Hour)
	move("INF-1", "verified", 3)
	s.as("member").newPatch("hot", object{"points": 1})
	s.as("product_owner").put("/teams/INF/sprints/1/items/INF-5", object{"how": "emergency", "reason": "KEV | listed"}).want(200)
	s.clock.Add(24 * time.Hour) // Thursday
	s.as("member").patch("/teams/INF/blockers/"+blocker["id"].(string), object{"resolved": true, "version": 1}).want(200)
	move("INF-2", "testing", 3)
	move("INF-2", "verified", 4)
	s.as("product_owner").post("/teams/INF/patches/INF-4/drop", object{"reason": "duplicate", "version": 2}).want(200)
}

func TestFlowAndCycleTimesFollowEveryChangeOfAStatus(t *testing.T) {
	onSite(t, func(s *site) {
		s.lived()
		s.told1([]byte(newYork))
		got := s.as("viewer").get("/teams/INF/flow?days=6").want(200)
		var lines []string
		for _, d := range got["days"].([]any) {
			day := d.(object)
			counts := day["counts"].(object)
			lines = append(lines, day["day"].(string)[8:]+cells(counts, "new", "in_progress", "verified", "dropped"))
		}
		assert.Equal(s, []string{"28 0 0 0 0", "01 0 0 0 0", "02 4 0 0 0", "03 2 2 0 0", "04 3 1 1 0", "05 2 0 2 1"}, lines)
		cycles := got["cycles"].([]any)
		require.Len(s, cycles, 2)
		s.holds(object{"key": "INF-1", "days": 1.0, "blocked_days": 0.0}, cycles[0], "")
		s.holds(object{"key": "INF-2", "days": 2.0, "blocked_days": 2.0}, cycles[1], "")
		s.holds(object{"p50": 1.0, "p85": 2.0, "p95": 2.0, "truncated": false}, got, "")
		s.as("viewer").get("/teams/INF/flow?days=0").want(422)
	})
}

func cells(counts object, names ...string) string {
	var out strings.Builder
	for _, name := range names {
		n, _ := counts[name].(float64)
		out.WriteString(" " + string(rune('0'+int(n))))
	}
	return out.String()
}

func TestTheSummaryTellsWhatAScrumMasterWrites(t *testing.T) {
	onSite(t, func(s *site) {
		s.lived()
		read := func() object { return s.as("viewer").get("/teams/INF/sprints/1/summary").want(200) }
		got := read()
		s.holds(object{"committed": 18.0, "completed": 8.0, "final_scope": 17.0, "goal_met": nil, "working_days": 10.0, "due_met": 0.0}, got, "")
		assert.Len(s, got["completed_items"], 2)
		assert.Len(s, got["carried"], 2)
		s.holds([]any{object{"item": "INF-5", "title": "hot", "points": 1.0, "reason": "KEV | listed", "who": "product_owner"}}, got["emergencies"], "")
		s.holds([]any{object{"item": "INF-4", "detail": "duplicate", "points": 2.0}}, got["dropped"], "")
		s.holds([]any{object{"key": "INF-2", "needed": "a *window*", "days": 3.0, "open": false}}, got["blockers"], "")
		text := got["markdown"].(string)
		for _, part := range []string{"# Sprint 1,", "**Goal:** patch the edge\n", "| Committed | 18 |", "## Emergencies (1)", `KEV \| listed`, `a \*window\*, 3 working days`, "## Still open (2)"} {
			assert.Contains(s, text, part)
		}
		sprint := s.as("viewer").get("/teams/INF/sprints/1").want(200)
		s.as("scrum_master").post("/teams/INF/sprints/1/close", object{"version": sprint["version"], "goal_met": false, "otherwise": "next_sprint"}).want(200)
		closed := read()
		assert.Contains(s, closed["markdown"], "(not met)")
		s.as("member").patch("/teams/INF/patches/INF-3", object{"version": s.as("viewer").get("/teams/INF/patches/INF-3").want(200)["version"], "points": 1}).want(200)
		s.clock.Add(48 * time.Hour)
		assert.Equal(s, closed, read(), "a closed sprint never changes")
		s.as("viewer").get("/teams/INF/sprints/2/summary").want(409)
		n := s.told1([]byte(newYork))["sprint"]
		require.EqualValues(s, 3, n)
		imported := s.as("viewer").get("/teams/INF/sprints/3/summary").want(200)
		s.holds([]any{object{"item": "D", "points": 2.0}}, imported["emergencies"], "")
	})
}

func TestDaysOnWhichABlockerWasResolvedAreNotBlockedOnes(t *testing.T) {
	onSite(t, func(s *site) {
		planned := s.sprintWith(3)
		s.as("scrum_master").post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200) // Monday
		m := s.as("member")
		blocker := m.post("/teams/INF/blockers", object{"key": "INF-1", "needed": "a window"}).want(201)
		path, day := "/teams/INF/blockers/"+blocker["id"].(string), 24*time.Hour
		resolved := func(yes bool, version int) {
			s.as("member").patch(path, object{"resolved": yes, "version": version}).want(200)
		}
		s.clock.Add(day)
		resolved(true, 1) // Tuesday
		s.clock.Add(2 * day)
		resolved(false, 2) // Thursday
		resolved(true, 3)
		s.clock.Add(time.Hour)
		resolved(false, 4) // Thursday once more
		s.clock.Add(day)
		got := s.as("viewer").get("/teams/INF/sprints/1/summary").want(200)["blockers"].([]any)
		require.Len(s, got, 1, "it is one blocker")
		s.holds(object{"key": "INF-1", "days": 4.0, "open": true}, got[0], "Monday, Tuesday, Thursday and Friday")
	})
}

func TestAForecastCanEndWithAnyItemOfTheBacklog(t *testing.T) {
	onSite(t, func(s *site) {
		m := s.as("member")
		for _, points := range []int{3, 5, 8} {
			m.newPatch("x", object{"points": points})
		}
		s.told([]byte("sprint,start,end,committed,completed\nA,2026-01-05,2026-01-09,1,4\nB,2026-01-12,2026-01-16,1,4\nC,2026-01-19,2026-01-23,1,4\n")).want(200)
		list := m.get("/teams/INF/patches").items()
		second := list[1]["key"].(string)
		sum := list[0]["points"].(float64) + list[1]["points"].(float64)
		got := m.get("/teams/INF/forecast?through=" + second).want(200)
		assert.Equal(s, sum, got["remaining"])
		assert.EqualValues(s, 16, m.get("/teams/INF/forecast").want(200)["remaining"])
		m.get("/teams/INF/forecast?through=INF-999").want(422)
		m.get("/teams/INF/forecast?through=OPS-1").want(422)
	})
}

func TestTheBurndownAloneIsThatOfTheReport(t *testing.T) {
	onSite(t, func(s *site) {
		s.lived()
		s.told([]byte(newYork)).want(200)
		for _, n := range []string{"1", "2"} {
			report := s.as("viewer").get("/teams/INF/sprints/" + n + "/report").want(200)
			alone := s.as("viewer").get("/teams/INF/sprints/" + n + "/burndown").want(200)
			assert.Equal(s, report["days"], alone["days"])
			assert.Equal(s, report["committed"], alone["committed"])
		}
	})
}
