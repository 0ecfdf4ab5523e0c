// Package standup keeps the daily notes of a team, and the blockers that stay on
// every stand-up until they are cleared.
package standup

import (
	"context"
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
	Working    bool // by the team's calendar
	SprintDay  *int // from 1; nil on a day that is no working day of the active sprint
	SprintDays *int // working days of the active sprint; nil without one
	Entries    []Entry
	Missing    []Person
	Blockers   []Blocker // open at the end of the day, the oldest first
}

// Person is somebody by id and name.
type Person struct{ ID, Name string }

// Get reads the stand-up of a day, a date or "today" in the team's zone.
func (s *Service) Get(ctx context.Context, t *team.Team, date string) (*Standup, error) {
	cal, err := t.Calendar()
	if err != nil {
		return nil, err
	}
	day, err := dayOf(cal, s.db.Now(), date)
	if err != nil {
		return nil, err
	}
	out, end := &Standup{Day: day, Working: cal.IsWorking(day)}, cal.EndOf(day)
	err = s.db.View(ctx, func(g db.Reader) (err error) {
		if out.Entries, err = entriesOf(g, t.ID, day, ""); err != nil {
			return err
		}
		if out.Missing, err = missingOf(g, t.ID, day, end); err != nil {
			return err
		}
		if out.Blockers, err = openAt(g, t.ID, end); err != nil {
			return err
		}
		active, err := sprint.Active(g, t.ID)
		if err != nil || active == nil {
			return err
		}
		return out.count(active)
	})
	return out, err
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
