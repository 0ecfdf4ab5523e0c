package scrum_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"patchline/internal/scrum"
)

func zone(t require.TestingT, name string) *time.Location {
	z, err := scrum.ParseZone(name)
	require.NoError(t, err)
	return z
}

func workweek(t require.TestingT, zoneName string, holidays ...string) scrum.Calendar {
	c, err := scrum.NewCalendar(zoneName, []string{"mon", "tue", "wed", "thu", "fri"}, holidays)
	require.NoError(t, err)
	return c
}

func TestADayIsCutInTheTeamsZoneAcrossDaylightSaving(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	require.Equal(t, 25*time.Hour, scrum.Day("2026-10-25").End(berlin).Sub(scrum.Day("2026-10-25").Start(berlin)))
	require.Equal(t, 23*time.Hour, scrum.Day("2026-03-29").End(berlin).Sub(scrum.Day("2026-03-29").Start(berlin)))
	require.Equal(t, scrum.Day("2026-10-23"), scrum.DayOf(time.Date(2026, 10, 22, 22, 30, 0, 0, time.UTC), berlin))
	require.Equal(t, scrum.Day("2026-10-25"), scrum.DayOf(time.Date(2026, 10, 25, 22, 30, 0, 0, time.UTC), berlin))
}

func TestADayWithoutMidnightBeginsWhereTheClocksSkip(t *testing.T) {
	for name, day := range map[string]scrum.Day{
		"America/Sao_Paulo": "2018-11-04", "Asia/Beirut": "2026-03-29", "Africa/Cairo": "2026-04-24", "America/Havana": "2026-03-08",
	} {
		start := day.Start(zone(t, name))
		require.Equal(t, "01:00", start.Format("15:04"), name)
		require.Equal(t, day.Add(-1), scrum.DayOf(start.Add(-1), start.Location()), name)
		require.Equal(t, start, day.Add(-1).End(start.Location()), name)
	}
	havana := zone(t, "America/Havana") // 01:00 goes back to 00:00: midnight comes twice
	require.Equal(t, 25*time.Hour, scrum.Day("2026-11-01").End(havana).Sub(scrum.Day("2026-11-01").Start(havana)))
	apia := zone(t, "Pacific/Apia") // this day did not exist
	require.Equal(t, scrum.Day("2011-12-31").Start(apia), scrum.Day("2011-12-30").Start(apia))
}

func TestDaysFollowEachOtherWithoutAGapInEveryZone(t *testing.T) {
	names := []string{"UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo", "Asia/Tokyo", "Asia/Beirut",
		"Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "Africa/Casablanca", "Atlantic/Azores", "America/Havana"}
	rapid.Check(t, func(t *rapid.T) {
		z := zone(t, rapid.SampledFrom(names).Draw(t, "zone"))
		at := time.Unix(rapid.Int64Range(946684800, 2208988800).Draw(t, "at"), 0)
		day := scrum.DayOf(at, z)
		require.False(t, at.Before(day.Start(z)))
		require.True(t, at.Before(day.End(z)))
		require.Equal(t, day.End(z), day.Add(1).Start(z))
		require.Equal(t, day, scrum.DayOf(day.Start(z), z))
	})
}

func TestAWallClockTimeThatComesTwiceIsTheFirstAndASkippedOneIsLater(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for text, want := range map[string]string{
		"2026-10-25T02:30":    "2026-10-25T02:30:00+02:00",
		"2026-10-25T03:00":    "2026-10-25T03:00:00+01:00",
		"2026-03-29T02:30":    "2026-03-29T03:30:00+02:00",
		"2026-07-01T12:00:05": "2026-07-01T12:00:05+02:00",
	} {
		got, err := scrum.ParseWall(text, berlin)
		require.NoError(t, err)
		require.Equal(t, want, got.Format(time.RFC3339), text)
	}
	for _, text := range []string{"", "2026-10-25", "2026-10-25 02:30", "2026-02-30T10:00", "2026-10-25T02:30Z", "0000-01-01T00:00"} {
		_, err := scrum.ParseWall(text, berlin)
		require.ErrorContains(t, err, "2026-10-19T10:00", text)
	}
}

func TestWorkingDaysLeaveOutWeekendsAndHolidays(t *testing.T) {
	c := workweek(t, "Europe/Berlin", "2026-10-26", "2026-10-31")
	require.Equal(t, 9, c.WorkingDays("2026-10-19", "2026-10-30"))
	require.Equal(t, 0, c.WorkingDays("2026-10-24", "2026-10-26"))
	require.Equal(t, 0, c.WorkingDays("2026-10-30", "2026-10-19"))
	require.False(t, c.IsWorking("2026-10-26"))
	day, err := c.AddWorkingDays("2026-10-23", 1)
	require.NoError(t, err)
	require.Equal(t, scrum.Day("2026-10-27"), day)
	day, err = c.AddWorkingDays("2026-10-27", -1)
	require.NoError(t, err)
	require.Equal(t, scrum.Day("2026-10-23"), day)
}

func TestCountingWorkingDaysAgreesWithWalkingThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := scrum.Calendar{Holidays: map[scrum.Day]bool{}}
		for i := range c.Week {
			c.Week[i] = rapid.Bool().Draw(t, "works")
		}
		from := scrum.Day("2024-02-20").Add(rapid.IntRange(0, 60).Draw(t, "from"))
		to := from.Add(rapid.IntRange(-3, 400).Draw(t, "length"))
		for range 5 {
			c.Holidays[from.Add(rapid.IntRange(-5, 400).Draw(t, "holiday"))] = true
		}
		walked := 0
		for day := from; day <= to; day = day.Add(1) {
			if c.IsWorking(day) {
				walked++
			}
		}
		require.Equal(t, walked, c.WorkingDays(from, to))
	})
	require.Equal(t, 521722*5+5, workweek(t, "UTC").WorkingDays("0001-01-01", "9999-12-31"))
}

func TestACalendarWithoutWorkingDaysIsSaidSo(t *testing.T) {
	_, err := scrum.Calendar{}.AddWorkingDays("2026-10-19", 1)
	require.ErrorIs(t, err, scrum.ErrNoWorkingDay)
	_, err = workweek(t, "UTC").AddWorkingDays("9999-12-30", 5)
	require.ErrorIs(t, err, scrum.ErrNoWorkingDay)
	day, err := scrum.Calendar{}.AddWorkingDays("2026-10-19", 0)
	require.NoError(t, err)
	require.Equal(t, scrum.Day("2026-10-19"), day)
}

func TestBadCalendarsAreRefusedWithEveryReason(t *testing.T) {
	_, err := scrum.NewCalendar("Mars/Base", []string{"Mon"}, []string{"26.10.2026", "2026-02-30"})
	for _, part := range []string{"Mars/Base", `"Mon"`, "26.10.2026", "2026-02-30"} {
		require.ErrorContains(t, err, part)
	}
	for _, week := range [][]string{nil, {"mon", "mon"}, {"monday"}} {
		_, err := scrum.ParseWeek(week)
		require.Error(t, err, week)
	}
	for _, name := range []string{"", "Local", "../etc/passwd"} {
		_, err := scrum.ParseZone(name)
		require.Error(t, err, name)
	}
}

func TestACalendarSurvivesItsJSONAndEqualOnesLookTheSame(t *testing.T) {
	c := workweek(t, "Europe/Berlin", "2026-12-25", "2026-10-26")
	data, err := json.Marshal(c)
	require.NoError(t, err)
	require.JSONEq(t, `{"time_zone":"Europe/Berlin","working_week":["mon","tue","wed","thu","fri"],"holidays":["2026-10-26","2026-12-25"]}`, string(data))
	var back scrum.Calendar
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, c.Week, back.Week)
	require.Equal(t, c.Holidays, back.Holidays)
	require.Error(t, json.Unmarshal([]byte(`{"time_zone":"Europe/Berlin","working_week":[]}`), &back))
}

func TestADayReadsOnlyRealDates(t *testing.T) {
	var day scrum.Day
	require.NoError(t, json.Unmarshal([]byte(`"2026-10-19"`), &day))
	for _, text := range []string{`"2026-02-29"`, `"19.10.2026"`, `"2026-10-19T10:00"`, `"0000-01-01"`} {
		require.Error(t, json.Unmarshal([]byte(text), &day), text)
	}
	require.Equal(t, scrum.Day("9999-12-31"), scrum.Day("9999-12-31").Add(1))
}

func TestADayIsToldAsPeopleReadIt(t *testing.T) {
	require.Equal(t, "Nov 3, 2026", scrum.Day("2026-11-03").Text())
}
