package scrum

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Calendar says which days a team works, and where its days begin. A sprint
// freezes the calendar of its team at its start: its JSON form is the same for
// equal calendars.
type Calendar struct {
	Zone     *time.Location // nil is UTC
	Week     [7]bool        // by time.Weekday
	Holidays map[Day]bool
}

// weekdays is the spelling of a working week, by time.Weekday.
var weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ErrNoWorkingDay says that a calendar has no working day to go to.
var ErrNoWorkingDay = errors.New("this calendar has no such working day")

// NewCalendar reads a calendar as people write it: an IANA zone, days of the
// week "mon" to "sun", holidays as "2026-10-26". All wrong parts are named.
func NewCalendar(zone string, week, holidays []string) (Calendar, error) {
	location, zoneErr := ParseZone(zone)
	days, weekErr := ParseWeek(week)
	c := Calendar{Zone: location, Week: days, Holidays: map[Day]bool{}}
	errs := []error{zoneErr, weekErr}
	for _, text := range holidays {
		day, err := ParseDay(text)
		errs = append(errs, err)
		c.Holidays[day] = true
	}
	if err := errors.Join(errs...); err != nil {
		return Calendar{}, err
	}
	return c, nil
}

// ParseZone reads an IANA time zone. It refuses "" and "Local", whose meaning
// depends on the machine.
func ParseZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("a time zone is named like Europe/Berlin, not %q", name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("there is no time zone %q; a zone is named like Europe/Berlin", name)
	}
	return zone, nil
}

// ParseWeekday reads a day of the week as a working week spells it.
func ParseWeekday(name string) (time.Weekday, error) {
	i := slices.Index(weekdays[:], name)
	if i < 0 {
		return 0, fmt.Errorf("a day of the week is one of mon, tue, wed, thu, fri, sat, sun, not %q", name)
	}
	return time.Weekday(i), nil
}

// ParseWeek reads the working days of a week. A week without working days is
// refused, as is a day named twice.
func ParseWeek(names []string) (week [7]bool, err error) {
	for _, name := range names {
		day, err := ParseWeekday(name)
		if err != nil {
			return [7]bool{}, err
		}
		if week[day] {
			return [7]bool{}, fmt.Errorf("the working week names %q twice", name)
		}
		week[day] = true
	}
	if len(names) == 0 {
		return week, errors.New("the working week has no working day")
	}
	return week, nil
}

// WeekNames is the inverse of ParseWeek, from Monday on.
func WeekNames(week [7]bool) []string {
	names := []string{}
	for i := range week {
		if day := (i + 1) % 7; week[day] {
			names = append(names, weekdays[day])
		}
	}
	return names
}

func (c Calendar) zone() *time.Location { return cmp.Or(c.Zone, time.UTC) }

// DayOf returns the day an instant falls on in the team's zone.
func (c Calendar) DayOf(at time.Time) Day { return DayOf(at, c.zone()) }

// StartOf returns the first instant of a day in the team's zone.
func (c Calendar) StartOf(d Day) time.Time { return d.Start(c.zone()) }

// EndOf returns the first instant after a day in the team's zone.
func (c Calendar) EndOf(d Day) time.Time { return d.End(c.zone()) }

// IsWorking reports whether the team works that day.
func (c Calendar) IsWorking(d Day) bool { return c.Week[d.Weekday()] && !c.Holidays[d] }

// WorkingDays counts the working days from one day to another, both included;
// 0 when to is before from.
func (c Calendar) WorkingDays(from, to Day) int {
	days := from.DaysUntil(to) + 1
	if days <= 0 {
		return 0
	}
	count := 0
	for i := range 7 { // each weekday comes this often in the range
		if c.Week[(int(from.Weekday())+i)%7] {
			count += (days - i + 6) / 7
		}
	}
	for day, off := range c.Holidays {
		if off && from <= day && day <= to && c.Week[day.Weekday()] {
			count--
		}
	}
	return count
}

// AddWorkingDays returns the n-th working day after d (before d when n < 0; d
// itself when n is 0). It returns ErrNoWorkingDay when the week has none or the
// answer lies outside the years 1 to 9999.
func (c Calendar) AddWorkingDays(d Day, n int) (Day, error) {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	if n > 0 && c.Week == [7]bool{} {
		return "", ErrNoWorkingDay
	}
	for n > 0 {
		next := d.Add(step)
		if next == d {
			return "", ErrNoWorkingDay
		}
		if d = next; c.IsWorking(d) {
			n--
		}
	}
	return d, nil
}

// calendarJSON is the stored form of a calendar.
type calendarJSON struct {
	Zone     string   `json:"time_zone"`
	Week     []string `json:"working_week"`
	Holidays []string `json:"holidays"`
}

func (c Calendar) MarshalJSON() ([]byte, error) {
	out := calendarJSON{Zone: c.zone().String(), Week: WeekNames(c.Week), Holidays: []string{}}
	for day, off := range c.Holidays {
		if off {
			out.Holidays = append(out.Holidays, string(day))
		}
	}
	slices.Sort(out.Holidays)
	return json.Marshal(out)
}

func (c *Calendar) UnmarshalJSON(data []byte) error {
	var in calendarJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	read, err := NewCalendar(in.Zone, in.Week, in.Holidays)
	if err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	*c = read
	return nil
}
