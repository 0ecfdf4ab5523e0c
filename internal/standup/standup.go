// Package standup keeps the daily notes of a team, and the blockers that stay on
// every stand-up until they are cleared.
package standup

import (
	"context"
	"slices"
	"time"

	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// Service shows stand-ups, and takes entries and blockers.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{d} }

// Standup is one day of a team.
type Standup struct {
	Day        scrum.Day
	Before     scrum.Day // the working day before
	After      scrum.Day // and after it
	Last       scrum.Day // the last day that may be written now
	Now        time.Time // the server's, for the timer of the walk
	Working    bool      // by the team's calendar and its days off
	SprintDay  *int      // from 1; nil on a day that is no working day of the active sprint
	SprintDays *int      // working days of the active sprint; nil without one
	Entries    []Entry
	Missing    []Person
	Off        []Person  // who has no entry because of a day off
	Walk       *Walk     // nil unless the team goes through the stand-up
	Blockers   []Blocker // open at the end of the day, the oldest first
}

// Person is somebody by id and name.
type Person struct{ ID, Name string }

// Get reads the stand-up of a day, a date or "today" in the team's zone.
func (s *Service) Get(ctx context.Context, t *team.Team, date string) (*Standup, error) {
	var out *Standup
	err := s.db.View(ctx, func(g db.Reader) error {
		now := s.db.Now()
		cal, err := calendarOf(g, t, now)
		if err != nil {
			return err
		}
		day, err := dayOf(cal, now, date)
		if err != nil {
			return err
		}
		out = &Standup{Day: day, Working: cal.IsWorking(day), Now: now}
		out.neighbours(cal, cal.DayOf(now))
		return out.fill(g, t, cal)
	})
	return out, err
}

// calendarOf is the team's calendar, in which the whole team's days off of a year
// around now are holidays too.
func calendarOf(g db.Reader, t *team.Team, now time.Time) (scrum.Calendar, error) {
	cal, err := t.Calendar()
	if err != nil {
		return cal, err
	}
	from, to := cal.DayOf(now).Add(-366), cal.DayOf(now).Add(366)
	list, err := team.AbsencesBetween(g, t.ID, from, to)
	all, _ := team.DaysOff(list, from, to)
	for _, off := range all {
		if !off.Half {
			cal.Holidays[off.Day] = true
		}
	}
	return cal, err
}

// neighbours finds the working days beside the day; where a team never works, the
// calendar days.
func (s *Standup) neighbours(cal scrum.Calendar, today scrum.Day) {
	beside := func(d scrum.Day, n int) scrum.Day {
		if other, err := cal.AddWorkingDays(d, n); err == nil {
			return other
		}
		return d.Add(n)
	}
	s.Before, s.After, s.Last = beside(s.Day, -1), beside(s.Day, 1), beside(today, 1)
}

func (s *Standup) fill(g db.Reader, t *team.Team, cal scrum.Calendar) (err error) {
	end := cal.EndOf(s.Day)
	if s.Entries, err = entriesOf(g, t.ID, s.Day, ""); err != nil {
		return err
	}
	if s.Missing, err = missingOf(g, t.ID, s.Day, end); err != nil {
		return err
	}
	if err := s.excuse(g, t.ID); err != nil {
		return err
	}
	if s.Blockers, err = openAt(g, t.ID, end); err != nil {
		return err
	}
	count(cal, s.Blockers, min(s.Day, cal.DayOf(s.Now)))
	if s.Walk, err = walkOf(g, t.ID, s.Day); err != nil {
		return err
	}
	s.Walk.place(s.Round())
	active, err := sprint.Active(g, t.ID)
	if err != nil || active == nil {
		return err
	}
	return s.count(active)
}

// excuse takes those who are off out of the missing: whoever is away for the day or
// for half of it, which may be the half with the stand-up. Half a day that the whole
// team is off excuses nobody, since they meet in the other half; with an own half
// day it makes a whole one.
func (s *Standup) excuse(g db.Reader, teamID string) error {
	list, err := team.AbsencesBetween(g, teamID, s.Day, s.Day)
	_, own := team.DaysOff(list, s.Day, s.Day)
	var missing []Person
	for _, p := range s.Missing {
		if len(own[p.ID]) > 0 {
			s.Off = append(s.Off, p)
		} else {
			missing = append(missing, p)
		}
	}
	s.Missing = missing
	return err
}

// Round is everybody whose turn comes in the stand-up, always in the same order.
func (s *Standup) Round() []Person {
	out := slices.Clone(s.Missing)
	for _, e := range s.Entries {
		out = append(out, e.Member)
	}
	slices.SortFunc(out, Person.compare)
	return out
}

// count finds the day's place in a sprint, by the calendar that was frozen at its
// start.
func (s *Standup) count(sp *sprint.Sprint) error {
	cal, err := scrum.NewCalendar(sp.TimeZone, sp.WorkingWeek, sp.Holidays)
	if err != nil {
		return err
	}
	days := cal.WorkingDays(sp.StartDate, sp.EndDate)
	s.SprintDays = &days
	if sp.StartDate <= s.Day && s.Day <= sp.EndDate && cal.IsWorking(s.Day) {
		nth := cal.WorkingDays(sp.StartDate, s.Day)
		s.SprintDay = &nth
	}
	return nil
}

func dayOf(cal scrum.Calendar, now time.Time, date string) (scrum.Day, error) {
	if date == "today" {
		return cal.DayOf(now), nil
	}
	day, err := scrum.ParseDay(date)
	if err != nil {
		return "", fault.Wrong("/path/date", "This is not a day: write it as 2026-10-19, or today.")
	}
	return day, nil
}
