package scrum_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/scrum"
)

// told replays a small sprint of one week, Monday 10:00 to Friday 16:00.
func told(t require.TestingT, events string) scrum.Sprint {
	sprint, err := tell(events)
	require.NoError(t, err)
	require.NoError(t, sprint.Check())
	return sprint
}

func tell(events string) (scrum.Sprint, error) {
	sc, err := scrum.ParseScenario([]byte(`{"time_zone":"Europe/Berlin","start":"2026-10-19T10:00","close":"2026-10-23T16:00",
		"planned_end":"2026-10-23","holidays":["2026-10-21"],"working_week":["mon","tue","wed","thu","fri"],"events":[` + events + `]}`))
	if err != nil {
		return scrum.Sprint{}, err
	}
	return scrum.Replay(sc)
}

const planned = `["2026-10-16T10:00","add","A",5],["2026-10-16T10:01","add","B",3],["2026-10-16T10:02","add","C",null]`

// story is the ledger in short, "completed A -5".
func story(s scrum.Sprint) (lines []string) {
	for _, e := range s.Entries {
		words := []string{e.Kind.Spelled(), e.Item, trim(e.Points)}
		if e.Detail != "" {
			words = append(words, e.Detail)
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return lines
}

func TestASmallSprintAddsUp(t *testing.T) {
	s := told(t, planned+`,
		["2026-10-19T09:59","estimate","A",8],
		["2026-10-19T10:00","complete","B",null],
		["2026-10-20T23:59","add","F",2,"emergency"],
		["2026-10-21T00:00","estimate","C",1.5],
		["2026-10-22T12:00","complete","F",null],
		["2026-10-23T16:00","drop","C","superseded"],
		["2026-10-23T16:01","complete","A",null]`)
	require.Equal(t, []string{"completed B -3", "added F 2 emergency", "estimated C 1.5", "completed F -2", "dropped C -1.5 superseded"}, story(s))
	got := fields(t, s.Report(time.Time{}))
	for name, want := range map[string]string{
		"committed": "11", "committed_items": "3", "unestimated_at_start": `["C"]`, "unestimated": "[]",
		"completed": "5", "completed_of_committed": "3", "completed_of_added": "2", "final_scope": "13", "remaining": "8",
		"emergency": "2", "dropped": `["C"]`, "carry_over": `{"A":8}`, "velocity": "5", "say_do": "0.2727",
		"days": `[
			{"day":"2026-10-19","working":true,"scope":11,"done":3,"remaining":8,"guideline":8.25},
			{"day":"2026-10-20","working":true,"scope":13,"done":3,"remaining":10,"guideline":5.5},
			{"day":"2026-10-21","working":false,"scope":14.5,"done":3,"remaining":11.5,"guideline":5.5},
			{"day":"2026-10-22","working":true,"scope":14.5,"done":5,"remaining":9.5,"guideline":2.75},
			{"day":"2026-10-23","working":true,"scope":13,"done":5,"remaining":8,"guideline":0}]`,
	} {
		assert.JSONEq(t, want, string(got[name]), name)
	}
	require.Equal(t, .1538, s.Report(time.Time{}).EmergencyShare())
}

func TestCreditIsThePointsInForceAtCompletion(t *testing.T) {
	s := told(t, planned+`,
		["2026-10-20T10:00","complete","A",null],
		["2026-10-20T11:00","estimate","A",13],
		["2026-10-20T12:00","complete","A",null],
		["2026-10-22T10:00","reopen","A","failed_verification"],
		["2026-10-22T11:00","complete","A",null]`)
	require.Equal(t, []string{"completed A -5", "reopened A 5 failed_verification", "re-estimated A 8", "completed A -13"}, story(s))
	require.Equal(t, 13.0, s.Report(time.Time{}).Completed)
}

func TestEventsThatCannotMatterWriteNothing(t *testing.T) {
	s := told(t, planned+`,
		["2026-10-19T11:00","add","A",8],
		["2026-10-19T11:01","estimate","A",5],
		["2026-10-19T11:02","reopen","A",null],
		["2026-10-19T11:03","complete","X",null],
		["2026-10-19T11:04","remove","X",null],
		["2026-10-19T11:05","drop","X","duplicate"],
		["2026-10-19T11:06","split","A",6,"A2"],
		["2026-10-19T11:07","split","A",1,"B"],
		["2026-10-20T10:00","complete","B",null],
		["2026-10-20T10:01","complete","B",null],
		["2026-10-20T10:02","remove","B",null],
		["2026-10-20T10:03","drop","B","false_positive"],
		["2026-10-20T10:04","add","B",1]`)
	require.Equal(t, []string{"completed B -3"}, story(s))
}

func TestASplitPromiseStaysPromisedAndARemovedItemMayComeBack(t *testing.T) {
	s := told(t, planned+`,
		["2026-10-19T12:00","split","A",2,"A2"],
		["2026-10-20T10:00","complete","A2"],
		["2026-10-20T11:00","remove","B"],
		["2026-10-21T11:00","estimate","B",2],
		["2026-10-22T11:00","add","B",null,"carried"],
		["2026-10-22T12:00","correction","A2",-0.5]`)
	require.Equal(t, []string{
		"split A -2 A2", "split A2 2 A", "completed A2 -2", "removed B -3", "added B 2 carried", "correction A2 -0.5",
	}, story(s))
	r := s.Report(time.Time{})
	require.Equal(t, 1.5, r.CompletedOfCommitted)
	require.Equal(t, map[string]float64{"A": 3, "B": 2, "C": 0}, r.CarryOver)
	require.Equal(t, []string{"C"}, r.Unestimated)
}

func TestPlanningBeforeTheStartIsNoChangeOfScope(t *testing.T) {
	s := told(t, planned+`,
		["2026-10-17T10:00","remove","B",null],["2026-10-17T10:01","split","A",2,"A2"],["2026-10-17T10:02","drop","C","duplicate"],
		["2026-10-17T10:03","estimate","Z",3],["2026-10-17T10:04","complete","A2",null],["2026-10-17T10:05","reopen","A2",null],
		["2026-10-17T10:06","correction","A",1],["2026-10-17T10:07","correction","A",-100],
		["2026-10-19T12:00","add","Z",null]`)
	require.Equal(t, []string{"added Z 3 pulled"}, story(s))
	require.Len(t, s.Commitments, 1)
	require.Equal(t, 4.0, *s.Commitments[0].Points)
}

func TestAMalformedHistoryIsRefusedWithItsPosition(t *testing.T) {
	for events, part := range map[string]string{
		`["2026-10-19T10:00","add","A",5],["2026-10-40T10:00","add","B",5]`: "event 2",
		`["2026-11-19T10:00","explode","A",5]`:                              `"explode"`,
		`["2026-10-19T10:00","add","A",-1]`:                                 "-1",
		`["2026-10-19T10:00","add","A",1e300]`:                              "points are",
		`["2026-10-19T10:00","add","A","five"]`:                             "points is not readable",
		`["2026-10-19T10:00","add","A",5,"stolen"]`:                         `"stolen"`,
		`["2026-10-19T10:00","add","",5]`:                                   "names an item",
		`["2026-10-19T10:00","drop","A",null]`:                              "risk_accepted",
		`["2026-10-19T10:00","reopen","A","mood"]`:                          "failed_verification",
		`["2026-10-19T10:00","complete","A",3]`:                             "no value",
		`["2026-10-19T10:00","split","A",3]`:                                "another item",
		`["2026-10-19T10:00","correction","A"]`:                             "change of points",
		`["2026-10-19T10:00"]`:                                              "an event is",
		`{"at":"2026-10-19T10:00"}`:                                         "an event is",
	} {
		_, err := tell(events)
		require.ErrorContains(t, err, part, events)
	}
	for _, text := range []string{``, `[]`, `{"scenario":3}`, `{"start":"x"}`, `{"scenario":{}}`} {
		sc, err := scrum.ParseScenario([]byte(text))
		if err == nil {
			_, err = scrum.Replay(sc)
		}
		require.Error(t, err, text)
	}
	sc := scrum.Scenario{Zone: "UTC", Week: []string{"mon"}, Start: "2026-10-19T10:00", Close: "2026-10-18T10:00", PlannedEnd: "2026-10-23"}
	_, err := scrum.Replay(sc)
	require.ErrorContains(t, err, "closes before")
}

func TestAStepThatIsNotAllowedIsRefusedInASentence(t *testing.T) {
	in := scrum.Standing{In: true, Points: 5, Estimated: true}
	done := scrum.Standing{In: true, Done: true, Points: 5, Estimated: true}
	for _, c := range []struct {
		st     scrum.Standing
		kind   scrum.Kind
		points float64
		code   scrum.RefusalCode
	}{
		{in, scrum.KindAdded, 1, scrum.AlreadyInSprint},
		{done, scrum.KindAdded, 1, scrum.AlreadyInSprint},
		{scrum.Standing{}, scrum.KindAdded, -1, scrum.BadPoints},
		{scrum.Standing{}, scrum.KindCompleted, 0, scrum.NotInSprint},
		{done, scrum.KindCompleted, 0, scrum.AlreadyDone},
		{done, scrum.KindReEstimated, 3, scrum.AlreadyDone},
		{in, scrum.KindReEstimated, -3, scrum.BadPoints},
		{in, scrum.KindEstimated, 3, scrum.BadDetail},
		{in, scrum.KindReopened, 0, scrum.NotDone},
		{in, scrum.KindSplit, 6, scrum.BadPoints},
		{done, scrum.KindSplit, 1, scrum.AlreadyDone},
		{in, scrum.KindCorrection, -6, scrum.BadPoints},
		{scrum.Standing{}, scrum.KindCorrection, 1, scrum.NotInSprint},
		{in, "stolen", 1, scrum.BadDetail},
	} {
		_, err := c.st.Delta(c.kind, c.points)
		requireRefused(t, c.code, err)
	}
}

func TestABrokenLedgerIsFoundOut(t *testing.T) {
	at := time.Date(2026, 10, 20, 10, 0, 0, 0, time.UTC)
	for name, rows := range map[string][]scrum.Entry{
		"wrong points":          {{At: at, Kind: scrum.KindCompleted, Item: "A", Points: -4}},
		"completed twice":       {{At: at, Kind: scrum.KindCompleted, Item: "A", Points: -5}, {At: at, Kind: scrum.KindCompleted, Item: "A", Points: -5}},
		"never a member":        {{At: at, Kind: scrum.KindCompleted, Item: "Q", Points: -4}},
		"removed, points stay":  {{At: at, Kind: scrum.KindRemoved, Item: "A", Points: -1}},
		"no reason to drop":     {{At: at, Kind: scrum.KindDropped, Item: "A", Points: -5}},
		"a kind nobody knows":   {{At: at, Kind: "stolen", Item: "A", Points: -5}},
		"reopened without done": {{At: at, Kind: scrum.KindReopened, Item: "A", Detail: "other", Points: 5}},
	} {
		s := told(t, planned)
		s.Entries = rows
		require.Error(t, s.Check(), name)
		require.NotPanics(t, func() { s.Report(time.Time{}) }, name)
	}
	s := told(t, planned)
	s.Commitments = append(s.Commitments, s.Commitments[0])
	require.ErrorContains(t, s.Check(), "committed twice")
}

func FuzzAnyHistoryReplaysIntoBalancedBooksOrIsRefused(f *testing.F) {
	f.Add([]byte(`{"scenario":{"time_zone":"Europe/Berlin","start":"2026-10-19T10:00","close":"2026-10-23T16:00","planned_end":"2026-10-23",
		"working_week":["mon"],"events":[["2026-10-16T10:00","add","A",5],["2026-10-20T10:00","split","A",2,"B"],["2026-10-21T02:30","drop","B","duplicate"]],
		"risk_at_start":{"A":3},"risk_events":[["2026-10-20T10:00","rescored","A",7]]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		sc, err := scrum.ParseScenario(data)
		if err != nil {
			return
		}
		sprint, err := scrum.Replay(sc)
		if err != nil {
			return
		}
		require.NoError(t, sprint.Check())
		_, err = json.Marshal(sprint.Report(sprint.Start))
		require.NoError(t, err)
	})
}
