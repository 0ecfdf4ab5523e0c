package scrum_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"patchline/internal/scrum"
)

func wall(t require.TestingT, text string, z *time.Location) time.Time {
	at, err := scrum.ParseWall(text, z)
	require.NoError(t, err)
	return at
}

func local(spans []scrum.Span, z *time.Location) (out []string) {
	for _, s := range spans {
		out = append(out, s.From.In(z).Format("2006-01-02T15:04-07")+" "+s.To.In(z).Format("2006-01-02T15:04-07"))
	}
	return out
}

func TestTheThirdTuesdayOverMidnightFollowsTheClocksOfItsZone(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	w := scrum.Window{Zone: berlin, Start: "22:00", End: "02:00", Repeat: scrum.Monthly, Weekdays: []time.Weekday{time.Tuesday}, Nth: 3, From: "2026-09-01", Except: []scrum.Day{"2026-11-17"}}
	require.NoError(t, w.Check())
	assert.Equal(t, []string{
		"2026-09-15T22:00+02 2026-09-16T02:00+02",
		"2026-10-20T22:00+02 2026-10-21T02:00+02",
		"2026-12-15T22:00+01 2026-12-16T02:00+01",
	}, local(w.Spans(wall(t, "2026-09-01T00:00", berlin), wall(t, "2027-01-01T00:00", berlin), 100), berlin))
}

func TestAWindowOverAChangeOfTheClocksEndsWhenTheyShowItsEnd(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	w := scrum.Window{Zone: berlin, Start: "22:00", End: "04:00", Repeat: scrum.Weekly, Weekdays: []time.Weekday{time.Saturday}, From: "2026-01-01"}
	autumn := w.Spans(wall(t, "2026-10-24T12:00", berlin), wall(t, "2026-10-25T12:00", berlin), 9)
	require.Len(t, autumn, 1)
	assert.Equal(t, 7*time.Hour, autumn[0].To.Sub(autumn[0].From), "the night has an hour more")
	spring := w.Spans(wall(t, "2026-03-28T12:00", berlin), wall(t, "2026-03-29T12:00", berlin), 9)
	require.Len(t, spring, 1)
	assert.Equal(t, 5*time.Hour, spring[0].To.Sub(spring[0].From), "and an hour less")
}

func TestAWindowInsideASkippedHourIsNotLost(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	w := scrum.Window{Zone: berlin, Start: "02:10", End: "02:50", Repeat: scrum.Daily, From: "2026-03-29", Until: "2026-03-29"}
	spans := w.Spans(wall(t, "2026-03-28T00:00", berlin), wall(t, "2026-03-31T00:00", berlin), 9)
	require.Len(t, spans, 1)
	assert.Equal(t, 40*time.Minute, spans[0].To.Sub(spans[0].From))
}

func TestEveryOtherWeekCountsWeeksFromMonday(t *testing.T) {
	utc := time.UTC
	w := scrum.Window{Zone: utc, Start: "20:00", End: "23:00", Repeat: scrum.Weekly, Every: 2, Weekdays: []time.Weekday{time.Sunday, time.Wednesday}, From: "2026-11-04"}
	assert.Equal(t, []string{
		"2026-11-04T20:00+00 2026-11-04T23:00+00",
		"2026-11-08T20:00+00 2026-11-08T23:00+00",
		"2026-11-18T20:00+00 2026-11-18T23:00+00",
		"2026-11-22T20:00+00 2026-11-22T23:00+00",
	}, local(w.Spans(wall(t, "2026-11-01T00:00", utc), wall(t, "2026-11-30T00:00", utc), 100), utc))
}

func TestTheLastFridayIsTheLastOneAlsoInAMonthWithFive(t *testing.T) {
	utc := time.UTC
	w := scrum.Window{Zone: utc, Start: "20:00", End: "21:00", Repeat: scrum.Monthly, Weekdays: []time.Weekday{time.Friday}, Nth: -1, From: "2026-10-01"}
	assert.Equal(t, []string{"2026-10-30T20:00+00 2026-10-30T21:00+00", "2026-11-27T20:00+00 2026-11-27T21:00+00"},
		local(w.Spans(wall(t, "2026-10-01T00:00", utc), wall(t, "2026-12-01T00:00", utc), 100), utc))
}

func TestAFreezeOfTwoWeeksThatHasBegunIsSeenInItsMiddle(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	freeze := scrum.Window{Zone: berlin, Start: "18:00", End: "08:00", Days: 13, From: "2026-12-18"}
	spans := freeze.Spans(wall(t, "2026-12-28T09:00", berlin), wall(t, "2026-12-28T10:00", berlin), 9)
	assert.Equal(t, []string{"2026-12-18T18:00+01 2027-01-01T08:00+01"}, local(spans, berlin))

	cal, err := scrum.NewCalendar("Europe/Berlin", []string{"mon", "tue", "wed", "thu", "fri"}, nil)
	require.NoError(t, err)
	frozen := scrum.FrozenDays(cal, []scrum.Window{freeze}, "2026-12-16", "2027-01-04")
	assert.Len(t, frozen, 15)
	assert.False(t, frozen["2026-12-17"])
	assert.True(t, frozen["2026-12-18"])
	assert.True(t, frozen["2027-01-01"])
	assert.False(t, frozen["2027-01-02"])
}

func TestAFreezeTakesWindowsAway(t *testing.T) {
	utc := time.UTC
	night := scrum.Window{Zone: utc, Start: "22:00", End: "02:00", Repeat: scrum.Weekly, Weekdays: []time.Weekday{time.Tuesday}, From: "2026-11-01"}
	freeze := scrum.Window{Zone: utc, Start: "00:00", End: "00:00", Days: 6, From: "2026-11-16"}
	from, to := wall(t, "2026-11-16T00:00", utc), wall(t, "2026-11-21T00:00", utc)
	assert.True(t, scrum.OpenWithin([]scrum.Window{night}, nil, from, to))
	assert.False(t, scrum.OpenWithin([]scrum.Window{night}, []scrum.Window{freeze}, from, to))
	assert.True(t, scrum.OpenWithin([]scrum.Window{night}, []scrum.Window{freeze}, from, to.AddDate(0, 0, 7)))
	assert.True(t, scrum.OpenWithin(nil, nil, from, to), "without windows any time will do")
	assert.False(t, scrum.OpenWithin(nil, []scrum.Window{freeze}, from, to))
}

func TestWhatIsWrongWithAWindowIsNamedAllAtOnce(t *testing.T) {
	err := scrum.Window{Start: "24:00", End: "2:00", Repeat: scrum.Monthly, From: "2026-11-02", Until: "2026-11-01"}.Check()
	require.Error(t, err)
	for _, part := range []string{"24:00", "2:00", "time zone", "before the first", "day of the week", "1st to 5th"} {
		assert.ErrorContains(t, err, part)
	}
}

func TestSpansAreInOrderWholeAndWithinWhatWasAsked(t *testing.T) {
	zones := []string{"Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		z := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		clock := func(name string) string {
			return time.Unix(int64(rapid.IntRange(0, 1439).Draw(t, name))*60, 0).UTC().Format("15:04")
		}
		w := scrum.Window{Zone: z, Start: clock("start"), End: clock("end"), From: "2026-01-01", Nth: rapid.SampledFrom([]int{-1, 1, 3, 5}).Draw(t, "nth"),
			Repeat: rapid.SampledFrom([]scrum.Repeat{scrum.Daily, scrum.Weekly, scrum.Monthly}).Draw(t, "repeat"),
			Every:  rapid.IntRange(0, 3).Draw(t, "every"), Weekdays: []time.Weekday{time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday"))}}
		from := time.Date(2026, 1, 1+rapid.IntRange(0, 700).Draw(t, "from"), 7, 0, 0, 0, z)
		to := from.AddDate(0, 0, rapid.IntRange(1, 200).Draw(t, "days"))
		before := time.Time{}
		for _, s := range w.Spans(from, to, 1000) {
			require.True(t, s.From.Before(s.To))
			require.True(t, s.Overlaps(scrum.Span{From: from, To: to}))
			require.True(t, s.From.After(before))
			before = s.From
		}
	})
}
