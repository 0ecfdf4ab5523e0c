package cli

import (
	"time"

	"patchline/internal/scrum"
)

// The demo's sprints take ten working days; the seventh is active, and today is
// its sixth day, or the day after that if the team does not work today.
const (
	demoZone      = "Europe/Berlin"
	demoSprint    = 7
	demoToday     = 6
	demoSprintLen = 10
)

// storyClock is the time of the story: it goes forward only, and never past the
// present.
type storyClock struct{ at, limit time.Time }

func (c *storyClock) now() time.Time { return c.at }

// begin sets the clock back once.
func (c *storyClock) begin(at time.Time) { c.at = at }

func (c *storyClock) set(at time.Time) {
	if at.After(c.limit) {
		at = c.limit
	}
	if earliest := c.at.Add(time.Second); at.Before(earliest) {
		at = earliest
	}
	c.at = at
}

// demoDays knows on which days the story happens.
type demoDays struct {
	calendar scrum.Calendar
	holidays []string
	first    scrum.Day // of the active sprint
}

func newDemoDays(now time.Time) (demoDays, error) {
	d := demoDays{holidays: demoHolidays(now)}
	var err error
	if d.calendar, err = scrum.NewCalendar(demoZone, []string{"mon", "tue", "wed", "thu", "fri"}, d.holidays); err != nil {
		return d, err
	}
	today := d.calendar.DayOf(now)
	if !d.calendar.IsWorking(today) {
		today = d.working(today, -1)
	}
	d.first = d.working(today, 1-demoToday)
	return d, nil
}

// working is the n-th working day from another; there always is one.
func (d demoDays) working(from scrum.Day, n int) scrum.Day {
	day, _ := d.calendar.AddWorkingDays(from, n)
	return day
}

// day is the n-th working day of a sprint, counted from 1; 0 is the one before.
func (d demoDays) day(sprint, n int) scrum.Day {
	return d.working(d.first, (sprint-demoSprint)*demoSprintLen+n-1)
}

// at is a time of day in the team's zone.
func (d demoDays) at(sprint, day, hour, minute int) time.Time {
	return d.calendar.StartOf(d.day(sprint, day)).Add(time.Duration(hour*60+minute) * time.Minute)
}

// demoHolidays are the public holidays of the whole of Germany from half a year ago
// to a year from now.
func demoHolidays(now time.Time) []string {
	var out []string
	from, to := now.AddDate(0, -6, 0), now.AddDate(1, 0, 0)
	for year := from.Year(); year <= to.Year(); year++ {
		easter := easterSunday(year)
		days := []time.Time{date(year, 1, 1), date(year, 5, 1), date(year, 10, 3), date(year, 12, 25), date(year, 12, 26)}
		for _, after := range []int{-2, 1, 39, 50} { // Good Friday, Easter Monday, Ascension, Whit Monday
			days = append(days, easter.AddDate(0, 0, after))
		}
		for _, day := range days {
			if day.After(from) && day.Before(to) {
				out = append(out, day.Format(time.DateOnly))
			}
		}
	}
	return out
}

func date(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

// easterSunday is the Gregorian computus in its anonymous form (Nature, 20 April
// 1876; Meeus, Astronomical Algorithms, chapter 8).
func easterSunday(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	n := h + l - 7*((a+11*h+22*l)/451) + 114
	return date(year, n/31, n%31+1)
}
