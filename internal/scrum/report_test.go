package scrum_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"patchline/internal/scrum"
)

func trim(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func reopened(s scrum.Sprint) scrum.Sprint {
	s.Close = time.Time{}
	return s
}

func at(t require.TestingT, wall string) time.Time {
	instant, err := scrum.ParseWall(wall, zone(t, "Europe/Berlin"))
	require.NoError(t, err)
	return instant
}

func TestAnActiveSprintShowsTheDaysToComeWithoutFigures(t *testing.T) {
	s := reopened(told(t, planned+`,["2026-10-20T10:00","complete","B",null]`))
	r := s.Report(at(t, "2026-10-20T12:00"))
	require.Len(t, r.Days, 5)
	require.Equal(t, 5.0, *r.Days[1].Remaining)
	for _, day := range r.Days[2:] {
		require.Nil(t, day.Scope, day.Day)
		require.Nil(t, day.Done, day.Day)
		require.Nil(t, day.Remaining, day.Day)
	}
	require.Contains(t, string(fields(t, r)["days"]), `{"day":"2026-10-23","working":true,"scope":null,"done":null,"remaining":null,"guideline":0}`)
}

func TestARowDatedSlightlyAheadOfNowStillCounts(t *testing.T) {
	s := reopened(told(t, planned+`,["2026-10-20T00:00","complete","B",null]`))
	r := s.Report(at(t, "2026-10-19T23:59"))
	require.Equal(t, 3.0, r.Completed)
	require.Equal(t, 3.0, *r.Days[1].Done)
	s.Entries[0].At = at(t, "2026-10-19T09:59") // a clock behind the one that started the sprint
	require.Equal(t, 3.0, *s.Report(at(t, "2026-10-19T23:59")).Days[0].Done)
}

func TestASprintPastItsPlannedEndShowsTheOverdueDays(t *testing.T) {
	s := reopened(told(t, planned))
	r := s.Report(at(t, "2026-10-27T12:00"))
	require.Len(t, r.Days, 9)
	for _, day := range r.Days[4:] {
		require.Zero(t, day.Guideline)
		require.Equal(t, 8.0, *day.Remaining)
	}
	require.Equal(t, "8 points remain, 2 working days past the planned end", r.Projection.Headline)
	s.Close = at(t, "2026-10-26T00:00")
	require.Len(t, s.Report(time.Time{}).Days, 8)
}

func TestASprintClosedEarlyKeepsItsPlanAndItsFigures(t *testing.T) {
	s := told(t, planned+`,["2026-10-19T12:00","complete","A",null]`)
	s.Close = at(t, "2026-10-20T12:00")
	r := s.Report(time.Time{})
	require.Len(t, r.Days, 5)
	require.Equal(t, 3.0, *r.Days[4].Remaining)
	require.Nil(t, r.Projection)
}

func TestAnEmptySprintHasNoNumbersToDivideBy(t *testing.T) {
	r := told(t, "").Report(time.Time{})
	require.Nil(t, r.SayDo)
	data, err := json.Marshal(r)
	require.NoError(t, err)
	for _, part := range []string{`"say_do":null`, `"dropped":[]`, `"carry_over":{}`, `"scope_ledger":[]`, `"unestimated_at_start":[]`} {
		require.Contains(t, string(data), part)
	}
	zero, err := json.Marshal(scrum.Sprint{}.Report(time.Time{}))
	require.NoError(t, err)
	require.Contains(t, string(zero), `"days":[]`)
	require.Zero(t, r.EmergencyShare())
}

func TestAOneDaySprintEndsOnTheGuideline(t *testing.T) {
	s := told(t, planned)
	s.Close, s.PlannedEnd = at(t, "2026-10-19T18:00"), "2026-10-19"
	r := s.Report(time.Time{})
	require.Len(t, r.Days, 1)
	require.Zero(t, r.Days[0].Guideline)
}

func TestTheGuidelineIsFlatWhereNobodyWorks(t *testing.T) {
	s := told(t, planned)
	s.Calendar.Week = [7]bool{}
	for _, day := range s.Report(time.Time{}).Days {
		require.Equal(t, 8.0, day.Guideline)
		require.False(t, day.Working)
	}
	s.PlannedEnd = "2026-10-01" // planned to end before it started
	require.Zero(t, s.Report(time.Time{}).Days[0].Guideline)
}

func TestAForgottenSprintDoesNotFillTheMemory(t *testing.T) {
	s := reopened(told(t, planned))
	s.PlannedEnd = "9999-12-31"
	require.Len(t, s.Report(at(t, "2026-10-20T12:00")).Days, scrum.MaxDays)
}

func TestPointsWithTenthsLeaveNoNoise(t *testing.T) {
	s := told(t, `["2026-10-16T10:00","add","A",0.1],["2026-10-16T10:00","add","B",0.2],["2026-10-20T10:00","complete","A"],["2026-10-20T11:00","complete","B"]`)
	r := s.Report(time.Time{})
	require.Equal(t, []float64{.3, .3, 0}, []float64{r.Committed, r.Completed, r.Remaining})
	data, err := json.Marshal(r)
	require.NoError(t, err)
	require.NotContains(t, string(data), "000000")
	require.NotContains(t, string(data), "-0,")
}

func TestMarkersNameWhoChangedTheScopeAndWhy(t *testing.T) {
	s := told(t, planned+`,["2026-10-20T23:30","add","F",2,"emergency"],["2026-10-21T10:00","complete","F"]`)
	s.Entries[0].Actor, s.Entries[0].Reason = "ada", "KEV"
	require.Equal(t, []scrum.Marker{{
		At: s.Entries[0].At, Day: "2026-10-20", Kind: "added", Detail: "emergency", Item: "F", Delta: 2, Actor: "ada", Reason: "KEV",
	}}, s.Markers())
}

func TestRiskIsSplitByCauseAndLeavingTheSprintLowersOnlyItsOwn(t *testing.T) {
	s := told(t, planned+`,["2026-10-20T10:00","remove","A"]`)
	s.Risk = &scrum.RiskFlow{AtStart: map[string]float64{"A": 90, "B": 40}, Rest: 500, Entries: []scrum.RiskEntry{
		{At: at(t, "2026-10-22T10:00"), Cause: scrum.RiskRetired, Item: "B", Delta: -40},
		{At: at(t, "2026-10-19T12:00"), Cause: scrum.RiskArrived, Item: "N", Delta: 70.1},
		{At: at(t, "2026-10-19T13:00"), Cause: scrum.RiskArrived, Item: "O", Delta: 70.2},
		{At: at(t, "2026-10-24T10:00"), Cause: scrum.RiskTaken, Item: "A", Delta: -90},
	}}
	risk := s.Report(time.Time{}).Risk
	require.Equal(t, "[770.3 770.3 770.3 730.3 730.3]", values(risk.TotalOpen))
	require.Equal(t, "[130 40 40 0 0]", values(risk.InSprint))
	require.Equal(t, map[scrum.RiskCause]float64{scrum.RiskArrived: 140.3, scrum.RiskRetired: -40}, risk.Causes())
	open := reopened(s).Report(at(t, "2026-10-20T12:00")).Risk
	require.Nil(t, open.TotalOpen[2])
}

func TestScoresBecomeChangesOfOpenRisk(t *testing.T) {
	sc, err := scrum.ParseScenario([]byte(`{"time_zone":"UTC","start":"2026-10-19T10:00","close":"","planned_end":"2026-10-23","working_week":["mon"],
		"risk_at_start":{"A":50,"Z":0},"risk_events":[
		["2026-10-20T10:00","retired","A"],["2026-10-20T11:00","retired","A"],["2026-10-20T12:00","rescored","A",70],
		["2026-10-20T13:00","returned","A"],["2026-10-20T14:00","rescored","Z",10],["2026-10-20T15:00","accepted","Q"]]}`))
	require.NoError(t, err)
	s, err := scrum.Replay(sc)
	require.NoError(t, err)
	var deltas []float64
	for _, e := range s.Risk.Entries {
		deltas = append(deltas, e.Delta)
	}
	require.Equal(t, []float64{-50, 70, 10}, deltas)
	for _, bad := range []scrum.RiskEvent{
		{At: "2026-10-20T10:00", Cause: "gone", Item: "A"}, {At: "2026-10-20T10:00", Cause: scrum.RiskArrived, Item: "A"},
		{At: "x", Cause: scrum.RiskRetired, Item: "A"}, {At: "2026-10-20T10:00", Cause: scrum.RiskRetired, Item: "A", Risk: new(101.0)},
	} {
		sc.RiskEvents = []scrum.RiskEvent{bad}
		_, err := scrum.Replay(sc)
		require.ErrorContains(t, err, "risk event 1")
	}
}

func values(series []*float64) string {
	var out []string
	for _, v := range series {
		out = append(out, trim(*v))
	}
	return fmt.Sprint(out)
}

func TestAHugeSprintIsFoldedOnce(t *testing.T) {
	s := huge(t, 20_000)
	require.NoError(t, s.Check())
	require.Equal(t, 10_000.0, s.Report(at(t, "2026-10-23T12:00")).Completed)
}

func huge(t require.TestingT, rows int) scrum.Sprint {
	s := reopened(told(t, planned))
	for i := range rows / 2 {
		when, item := s.Start.Add(time.Duration(i)*time.Second), "I"+strconv.Itoa(i)
		s.Entries = append(s.Entries,
			scrum.Entry{At: when, Kind: scrum.KindAdded, Detail: "pulled", Item: item, Points: 1},
			scrum.Entry{At: when, Kind: scrum.KindCompleted, Item: item, Points: -1})
	}
	return s
}

func BenchmarkReportOfTwentyThousandRows(b *testing.B) {
	s, now := huge(b, 20_000), at(b, "2026-10-23T12:00")
	for b.Loop() {
		s.Report(now)
	}
}
