package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/scrum"
)

// goldenSprint is the difficult sprint with every number, or a loud skip.
func goldenSprint(t testing.TB) []byte {
	dir := os.Getenv("PATCHLINE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	data, err := os.ReadFile(filepath.Join(dir, "golden", "sprint.json"))
	if err != nil {
		t.Skipf("THE SHARED FOLDER IS MISSING: %v", err)
	}
	return data
}

// told imports a file as the Scrum master.
func (s *site) told(file []byte) *reply {
	return s.as("scrum_master").post("/teams/INF/history?filename=history.json", file)
}

// told1 imports a file with one sprint.
func (s *site) told1(file []byte) object {
	s.Helper()
	list := s.told(file).want(200)["sprints"].([]any)
	require.Len(s, list, 1)
	return list[0].(object)
}

// holds checks that got has every field, element and value of want; objects of got
// may have more.
func (s *site) holds(want, got any, path string) {
	s.Helper()
	switch w := want.(type) {
	case object:
		g, _ := got.(object)
		for name, value := range w {
			if assert.Contains(s, g, name, path) {
				s.holds(value, g[name], path+"/"+name)
			}
		}
	case []any:
		g, _ := got.([]any)
		if assert.Len(s, g, len(w), path) {
			for i := range w {
				s.holds(w[i], g[i], path+"/"+strconv.Itoa(i))
			}
		}
	default:
		assert.Equal(s, want, got, path)
	}
}

func TestTheReportOfTheImportedGoldenSprintGivesEveryNumberOfItsFile(t *testing.T) {
	file := goldenSprint(t)
	var golden object
	require.NoError(t, json.Unmarshal(file, &golden))
	delete(golden, "scenario")
	onSite(t, func(s *site) {
		done := s.told1(file)
		assert.EqualValues(s, 19, done["committed"])
		assert.EqualValues(s, 2, done["carried"])
		csv := s.as("viewer").get(fmt.Sprintf("/teams/INF/sprints/%v/report.csv", done["sprint"])).raw
		assert.Contains(s, csv, "2026-10-29,true,26,11,15,2.11,220,155,-40,0,0,-15,0\n", "with the risk by cause")
		report := s.as("viewer").get(fmt.Sprintf("/teams/INF/sprints/%v/report", done["sprint"])).want(200)
		for name, want := range golden {
			s.holds(want, report[name], name)
		}
		assert.Equal(s, golden["carry_over"], report["carry_over"], "no item more")
	})
}

func TestTheForecastOfTheGoldenFileComesFromAnyInputsThatACallerNames(t *testing.T) {
	file := goldenSprint(t)
	var golden struct {
		Forecast struct {
			Samples   []float64
			Remaining float64
			P         []any          `json:"p_done_within_n"`
			Half      []any          `json:"p_with_half_capacity_sprint3"`
			Percent   map[string]any `json:"percentile_sprints"`
		}
		SLA []scrum.OnTime
	}
	require.NoError(t, json.Unmarshal(file, &golden))
	onSite(t, func(s *site) {
		q := url.Values{"samples": {join(golden.Forecast.Samples)}, "remaining": {fmt.Sprint(golden.Forecast.Remaining)}}
		above := 0.0
		var items []string
		for _, row := range golden.SLA {
			items = append(items, fmt.Sprintf("%s:%g:%d", row.Item, row.Cumulative-above, row.DueSprint))
			above = row.Cumulative
		}
		q.Set("items", strings.Join(items, ","))
		got := s.as("viewer").get("/teams/INF/forecast?" + q.Encode()).want(200)
		s.holds(golden.Forecast.P, got["p_done_within_n"], "p")
		s.holds(golden.Forecast.Percent, got["percentile_sprints"], "percentiles")
		for i, row := range golden.SLA {
			s.holds(object{"item": row.Item, "cumulative": row.Cumulative, "p_on_time": *row.P}, got["sla"].([]any)[i], row.Item)
		}
		q.Set("capacity", "1,1,0.5")
		got = s.as("viewer").get("/teams/INF/forecast?" + q.Encode()).want(200)
		s.holds(golden.Forecast.Half, got["p_done_within_n"], "half")
		for _, wrong := range []string{"items=A:1", "items=A:x:1", "items=A:1:999", "samples=-1", "remaining=many", "capacity=-1"} {
			s.as("viewer").get("/teams/INF/forecast?" + wrong).want(422)
		}
	})
}

func join(list []float64) string {
	texts := make([]string, len(list))
	for i, x := range list {
		texts[i] = strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strings.Join(texts, ",")
}

// Scenarios of the same shape, each difficult in its own way.
const (
	newYork = `{"time_zone":"America/New_York","start":"2026-03-02T09:00","close":"2026-03-13T17:00","planned_end":"2026-03-13",
		"working_week":["mon","tue","wed","thu","fri"],
		"events":[["2026-02-27T10:00","add","A",5],["2026-02-27T10:01","add","B",3],["2026-02-27T10:02","add","C",null],
			["2026-03-08T01:59","complete","A",null],["2026-03-08T02:30","add","D",2,"emergency"],["2026-03-08T23:59","complete","D",null],
			["2026-03-09T00:00","estimate","C",8],["2026-03-10T09:00","split","C",3,"C2"],["2026-03-11T09:00","complete","C2",null],
			["2026-03-12T09:00","correction","A",-1],["2026-03-13T17:00","remove","B",null],["2026-03-13T17:01","add","Z",13]],
		"risk_at_start":{"A":60,"B":20,"C":5},"risk_events":[["2026-03-08T01:59","retired","A"],["2026-03-08T02:30","arrived","D",99],["2026-03-08T23:59","retired","D"]]}`
	apia = `{"time_zone":"Pacific/Apia","start":"2026-09-28T00:00","close":"2026-10-02T23:59","planned_end":"2026-10-02",
		"working_week":["mon","tue","wed","thu","fri"],"holidays":[],
		"events":[["2026-09-27T23:59","add","A",1],["2026-09-28T00:00","add","B",2],["2026-10-02T23:59","complete","B",null],["2026-10-03T00:00","complete","A",null]]}`
	nothingIn = `{"time_zone":"UTC","start":"2026-05-04T09:00","close":"2026-05-08T09:00","planned_end":"2026-05-08","working_week":["mon"],"events":[]}`
	allGone   = `{"time_zone":"Asia/Kathmandu","start":"2026-05-04T09:00","close":"2026-05-20T09:00","planned_end":"2026-05-08","working_week":["sun","mon","tue","wed","thu"],"holidays":["2026-05-06"],
		"events":[["2026-05-01T09:00","add","A",5],["2026-05-01T09:00","add","B",3],["2026-05-05T09:00","drop","A","duplicate"],["2026-05-06T09:00","drop","B","false_positive"]]}`
)

func TestAnyOtherScenarioReportsWhatThePureRulesSay(t *testing.T) {
	onSite(t, func(s *site) {
		for name, text := range map[string]string{"New York": newYork, "Apia": apia, "nothing": nothingIn, "all gone": allGone} {
			sc, err := scrum.ParseScenario([]byte(text))
			require.NoError(s, err)
			folded, err := scrum.Replay(sc)
			require.NoError(s, err)
			done := s.told1([]byte(text))
			got := s.as("viewer").get(fmt.Sprintf("/teams/INF/sprints/%v/report", done["sprint"])).want(200)
			var want object
			data, err := json.Marshal(folded.Report(time.Time{}))
			require.NoError(s, err)
			require.NoError(s, json.Unmarshal(data, &want))
			for _, internal := range []string{"remaining", "emergency", "unestimated"} {
				delete(want, internal)
			}
			s.holds(want, got, name)
			last := got["days"].([]any)[len(got["days"].([]any))-1].(object)
			carried := 0.0
			for _, points := range got["carry_over"].(object) {
				carried += points.(float64)
			}
			assert.InDelta(s, got["final_scope"].(float64), got["completed"].(float64)+carried, 1e-9, name)
			assert.Equal(s, got["completed"], last["done"], name)
		}
	})
}

func TestNumbersOfDifficultScenariosCountedByHand(t *testing.T) {
	onSite(t, func(s *site) {
		n := s.told1([]byte(newYork))["sprint"]
		got := s.as("viewer").get(fmt.Sprintf("/teams/INF/sprints/%v/report", n)).want(200)
		// 8 committed; D +2, C estimated +8, split 0, A corrected -1, B -3 = 14 in scope; A 4 + D 2 + C2 3 done, C 5 left
		s.holds(object{
			"committed": 8.0, "committed_items": 3.0, "final_scope": 14.0, "completed": 9.0, "completed_of_committed": 7.0, "completed_of_added": 2.0,
			"carry_over": object{"C": 5.0}, "say_do": .875, "dropped": []any{},
		}, got, "")
		rows := got["scope_ledger"].([]any)
		assert.Equal(s, "2026-03-08T01:59:00-05:00", rows[0].(object)["at"], "before the clocks go forward")
		assert.Equal(s, "2026-03-08T03:30:00-04:00", rows[1].(object)["at"], "half past two does not exist on this day")
		day := got["days"].([]any)[6].(object) // Sunday the 8th, 23 hours long
		s.holds(object{"day": "2026-03-08", "working": false, "scope": 10.0, "done": 7.0}, day, "")
		n = s.told1([]byte(apia))["sprint"]
		got = s.as("viewer").get(fmt.Sprintf("/teams/INF/sprints/%v/report", n)).want(200)
		s.holds(object{"committed": 1.0, "completed": 2.0, "final_scope": 3.0, "carry_over": object{"A": 1.0}, "say_do": 0.0}, got, "")
		assert.Equal(s, "2026-09-28T00:00:00+13:00", got["scope_ledger"].([]any)[0].(object)["at"])
		n = s.told1([]byte(allGone))["sprint"]
		got = s.as("viewer").get(fmt.Sprintf("/teams/INF/sprints/%v/report", n)).want(200)
		s.holds(object{"committed": 8.0, "completed": 0.0, "final_scope": 0.0, "dropped": []any{"A", "B"}, "carry_over": object{}, "say_do": 0.0}, got, "")
		assert.Len(s, got["days"], 17, "it ran over")
	})
}

func TestTheSameHistoryTwiceChangesNothingAndTheBacklogOfTodayStaysAsItIs(t *testing.T) {
	onSite(t, func(s *site) {
		v := s.as("viewer")
		s.as("member").newPatch("of today", object{"points": 3})
		first := s.told1([]byte(newYork))
		reports := v.get("/teams/INF/sprints/1/report").want(200)
		again := s.told1([]byte(`{"scenario":` + newYork + `,"more":1}`))
		assert.Equal(s, true, again["already"])
		assert.Equal(s, first["sprint"], again["sprint"])
		assert.Len(s, v.get("/teams/INF/sprints").items(), 1)
		assert.Len(s, v.get("/teams/INF/patches").items(), 1, "only that of today is open")
		assert.EqualValues(s, 3, v.get("/teams/INF/forecast").want(200)["remaining"])
		verified := v.get("/teams/INF/patches?status=verified").items()
		assert.Len(s, verified, 3, "A, D and C2")
		dropped := v.get("/teams/INF/patches?status=dropped&q=C").items()
		require.Len(s, dropped, 1)
		s.as("product_owner").del(fmt.Sprintf("/teams/INF/patches/%v/drop?version=1", dropped[0]["key"])).want(200)
		require.NotEmpty(s, s.told([]byte(allGone)).want(200))
		assert.Equal(s, reports, v.get("/teams/INF/sprints/1/report").want(200), "a closed sprint never changes")
		assert.Equal(s, true, reports["sprint"].(object)["imported"])
	})
}

func TestImportedSprintsMakeVelocityAndForecastInOrderOfTime(t *testing.T) {
	onSite(t, func(s *site) {
		text := "\ufeffSprint Name;Start date;End;Committed;Completed points\r\nThird;2026-02-02;2026-02-13;20;18,5\r\n\r\nFirst;05.01.2026;16.01.2026;10;12\r\nSecond;2026-01-19;2026-01-30;30;30\r\n"
		list := s.told([]byte(text)).want(200)["sprints"].([]any)
		require.Len(s, list, 3)
		for i, name := range []string{"First", "Second", "Third"} {
			s.holds(object{"sprint": float64(i + 1), "name": name, "format": "csv"}, list[i], name)
		}
		v := s.as("viewer")
		velocity := v.get("/teams/INF/velocity").want(200)
		assert.Equal(s, 20.17, velocity["mean"])
		assert.Equal(s, []any{12.0, 30.0, 18.5}, v.get("/teams/INF/forecast").want(200)["samples"])
		r := v.get("/teams/INF/sprints/1/report").want(200)
		s.holds(object{"committed": 10.0, "completed": 12.0, "completed_of_committed": 10.0, "completed_of_added": 2.0, "final_scope": 12.0, "say_do": 1.0, "committed_items": 0.0}, r, "First")
		assert.Equal(s, true, r["history"].(object)["sums_only"])
		assert.Empty(s, v.get("/teams/INF/patches?status=verified").items(), "sums have no items")
		assert.Equal(s, true, s.told([]byte(text)).want(200)["sprints"].([]any)[0].(object)["already"])
	})
}

func TestAFileThatIsNoHistoryIsRefusedWithASentenceAndNothingIsKept(t *testing.T) {
	good := strings.Replace(nothingIn, "UTC", "Europe/Berlin", 1)
	onSite(t, func(s *site) {
		for text, part := range map[string]string{
			"":                                       "empty",
			"\xff\xfe\x00":                           "UTF-8",
			"{":                                      "byte 1",
			"[]":                                     "empty",
			"{}":                                     "no history",
			`{"events":3,"start":"x"}`:               "events",
			"just a line":                            "columns sprint",
			"sprint,start,end,committed\n1":          "columns sprint",
			"sprint,start,end,committed,completed\n": "no sprint",
			"sprint,start,end,committed,completed\nA,2026-01-05,2026-01-04,1,1":                             "Line 2: the sprint ends",
			"sprint,start,end,committed,completed\nA,01/02/2026,2026-01-04,x,-1":                            "Line 2: start is not a day",
			"sprint,start,end,committed,completed\nA,2026-01-05,2026-01-09,1,\"1\n":                         "Line 2",
			`[` + good + `,{"start":"x","events":[]}]`:                                                      "Sprint 2 of the file",
			`[` + good + `,` + strings.Replace(good, "[]", `[["2026-05-04T09:00","explode","A"]]`, 1) + `]`: "event 1",
			strings.Replace(good, `"close":"2026-05-08T09:00",`, "", 1):                                     "closed",
			strings.Replace(good, `2026-05-08T09:00`, `9026-05-08T09:00`, 1):                                "longer",
			strings.Replace(good, "[]", `[["2026-05-04T09:00","add","A\u0000",1]]`, 1):                      "control",
			`{"sprints":[],"issues":[]}`:                                                                    "no closed sprint",
			`{"sprints":3,"issues":[]}`:                                                                     "sprints",
			`{"sprints":[{"id":"x"}],"issues":[]}`:                                                          "Sprint 1",
		} {
			got := s.told([]byte(text))
			assert.Equal(s, 422, got.code, text)
			assert.Contains(s, got.raw, part, text)
		}
		assert.Empty(s, s.as("viewer").get("/teams/INF/sprints").items())
		s.as("member").post("/teams/INF/history", []byte(good)).want(403)
		s.as(outsider).post("/teams/INF/history", []byte(good)).want(404)
	})
}
