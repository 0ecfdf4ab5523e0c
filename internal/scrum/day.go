package scrum

import (
	"fmt"
	"time"
)

// Day is a date without a time or a zone, "2006-01-02". Days compare and sort
// with the operators of strings. The zero Day is no day.
type Day string

// ParseDay reads "2026-10-19" and refuses everything else, also dates that do
// not exist and the year 0.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1 {
		return "", fmt.Errorf("a day is a date like 2026-10-19, not %q", text)
	}
	return Day(text), nil
}

// DayOf returns the date an instant has in a zone.
func DayOf(at time.Time, zone *time.Location) Day { return Day(at.In(zone).Format(time.DateOnly)) }

// UnmarshalText refuses what ParseDay refuses; "" stays the zero Day.
func (d *Day) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = ""
		return nil
	}
	day, err := ParseDay(string(text))
	*d = day
	return err
}

// midnight is the day as a moment of UTC, for arithmetic on dates only.
func (d Day) midnight() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d)) // a Day that did not come from here is year 1
	return t
}

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.midnight().Weekday() }

// Text is the day as people read it: "Oct 19, 2026".
func (d Day) Text() string { return d.midnight().Format("Jan 2, 2006") }

// Add returns the day n days later, or the same day where a year would leave 1–9999.
func (d Day) Add(n int) Day {
	t := d.midnight().AddDate(0, 0, n)
	if t.Year() < 1 || t.Year() > 9999 {
		return d
	}
	return Day(t.Format(time.DateOnly))
}

// DaysUntil returns how many days other is after d; negative when it is before.
func (d Day) DaysUntil(other Day) int {
	const secondsADay = 24 * 60 * 60 // of UTC, which has no DST; a Duration would end after 292 years
	return int((other.midnight().Unix() - d.midnight().Unix()) / secondsADay)
}

// Start returns the first instant of the day in a zone. Where the clocks skip
// midnight the day begins at the skip; where they repeat it, at the first one.
func (d Day) Start(zone *time.Location) time.Time { return resolveWall(d.midnight(), zone) }

// End returns the first instant after the day, which may be 23 or 25 hours long.
func (d Day) End(zone *time.Location) time.Time {
	return resolveWall(d.midnight().AddDate(0, 0, 1), zone)
}

// ParseWall reads a wall-clock time "2006-01-02T15:04" (seconds allowed) in a
// zone. A time that comes twice when the clocks go back is the first of the two;
// one that is skipped when they go forward is as much later as the skip is long.
// A time that names its own offset, "2006-01-02T15:04:05+01:00", is that instant.
func ParseWall(text string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil && t.Year() >= 1 {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= 1 {
			return resolveWall(t, zone), nil
		}
	}
	return time.Time{}, fmt.Errorf("a local time is written like 2026-10-19T10:00, not %q", text)
}

// resolveWall finds the instant at which clocks in the zone show what wall shows
// in UTC. time.Date leaves open which of two instants it returns.
func resolveWall(wall time.Time, zone *time.Location) time.Time {
	guess := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	before, after := offsetsAround(guess)
	for _, offset := range []int{max(before, after), min(before, after)} { // the larger offset is the earlier instant
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if _, actual := at.Zone(); actual == offset {
			return at
		}
	}
	return wall.Add(-time.Duration(min(before, after)) * time.Second).In(zone) // skipped
}

// offsetsAround returns the offsets before and after the transition nearest to t,
// in seconds east of UTC; twice the same where the zone has none.
func offsetsAround(t time.Time) (before, after int) {
	begins, ends := t.ZoneBounds()
	_, here := t.Zone()
	switch {
	case !begins.IsZero() && (ends.IsZero() || t.Sub(begins) <= ends.Sub(t)):
		_, before = begins.Add(-1).Zone()
		return before, here
	case !ends.IsZero():
		_, after = ends.Zone()
		return here, after
	}
	return here, here
}
