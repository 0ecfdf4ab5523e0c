// Package sprint plans, starts and closes sprints, and remembers what was
// promised: at the start it freezes one commitment per item, and every figure
// afterwards is a fold of that and of the ledger.
package sprint

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Sprint is a plan, then what people made of it. Its dates are only the plan;
// state says what was done.
type Sprint struct {
	ID          string
	TeamID      string
	Number      int64
	Name        string
	Goal        string
	State       scrum.SprintState
	StartDate   scrum.Day
	EndDate     scrum.Day
	TimeZone    string     // this and the next two are the team's until the start, then frozen
	WorkingWeek []string   `gorm:"serializer:words"`
	Holidays    []string   `gorm:"serializer:words"`
	StartedAt   *time.Time `gorm:"serializer:time"`
	ClosedAt    *time.Time `gorm:"serializer:time"`
	GoalMet     *bool
	Committed   *float64 // points, once started
	Completed   *float64 // points, once closed
	FinalScope  *float64
	RiskAtStart *float64 // of the team's whole open backlog
	Imported    bool     // lived elsewhere
	Version     int64
	CreatedAt   time.Time `gorm:"serializer:time"`

	Totals   Totals   `gorm:"-"`
	Velocity *float64 `gorm:"-"` // mean of the last closed sprints, nil below three
}

// Totals are the sums of a sprint's items as they stand. They are computed over
// everything that is in it.
type Totals struct {
	Items       int
	Points      float64
	Unestimated int
	Risk        float64 // of its open items
	DueAtRisk   int     // open items due before the planned end, or past it
	KEV         int
	Completed   float64
}

// Summed is what totals are made of.
type Summed struct {
	Open, KEV bool
	Points    *float64
	Risk      float64
	DueAt     *time.Time
}

func (t *Totals) add(item *Summed, deadline time.Time) {
	t.Items++
	if item.KEV {
		t.KEV++
	}
	points := 0.0
	if item.Points == nil {
		t.Unestimated++
	} else {
		points = *item.Points
	}
	t.Points += points
	if !item.Open {
		t.Completed += points
		return
	}
	t.Risk += item.Risk
	if item.DueAt != nil && item.DueAt.Before(deadline) {
		t.DueAtRisk++
	}
}

// deadline is the planned end, or now where that is past.
func (s *Sprint) deadline(now time.Time) (time.Time, error) {
	cal, err := s.calendar()
	if err != nil {
		return now, err
	}
	if end := cal.EndOf(s.EndDate); now.Before(end) {
		return end, nil
	}
	return now, nil
}

func (s *Sprint) calendar() (scrum.Calendar, error) {
	return scrum.NewCalendar(s.TimeZone, s.WorkingWeek, s.Holidays)
}

// Planning is what a Scrum master says about a sprint; nil stays as it is.
type Planning struct {
	Name, Goal         *string
	StartDate, EndDate *string
}

const (
	maxDays = 100 // of a planned sprint
	maxName = 100 // characters
)

func (pl Planning) apply(s *Sprint) error {
	if pl.Name != nil {
		s.Name = strings.TrimSpace(*pl.Name)
	}
	if pl.Goal != nil {
		s.Goal = strings.TrimSpace(*pl.Goal)
	}
	for _, d := range []struct {
		pointer string
		text    *string
		to      *scrum.Day
	}{{"/start_date", pl.StartDate, &s.StartDate}, {"/end_date", pl.EndDate, &s.EndDate}} {
		if d.text == nil {
			continue
		}
		day, err := scrum.ParseDay(*d.text)
		if err != nil {
			return fault.Wrong(d.pointer, "This is not a day: write it as 2026-10-19.")
		}
		*d.to = day
	}
	return s.checkDates()
}

func (s *Sprint) checkDates() error {
	switch {
	case s.EndDate < s.StartDate:
		return fault.Wrong("/end_date", "The sprint ends before it starts.")
	case s.EndDate > s.StartDate.Add(maxDays):
		return fault.Wrong("/end_date", "A sprint lasts at most %d days.", maxDays)
	}
	return nil
}

// longest is how many days after its first a sprint that nobody gave dates ends at
// most: the Scrum Guide of 2020 wants a month or less. Without it, a sprint that was
// started long before its planned day would make all later ones longer.
const longest = 30

// usual are the dates of a sprint nobody gave dates: after the last one and as
// long, or two weeks from the next Monday. Its name counts the last one's up.
func (s *Sprint) usual(t *team.Team, last *Sprint, now time.Time) error {
	cal, err := t.Calendar()
	if err != nil {
		return err
	}
	today := cal.DayOf(now)
	start, length := today, 13
	for start.Weekday() != time.Monday {
		start = start.Add(1)
	}
	if last != nil {
		s.Name = nextName(last.Name)
		length = min(last.StartDate.DaysUntil(last.EndDate), longest)
		if next, err := cal.AddWorkingDays(last.EndDate, 1); err == nil && next >= today {
			start = next
		}
	} else {
		length = 11 // to the Friday of the second week
	}
	s.StartDate, s.EndDate = start, start.Add(length)
	return nil
}

// nextName counts a name that ends in a number up, "Wave 09" to "Wave 10". Any other
// name is of one sprint only.
func nextName(last string) string {
	digits := len(last)
	for digits > 0 && last[digits-1] >= '0' && last[digits-1] <= '9' {
		digits--
	}
	n, err := strconv.Atoi(last[digits:])
	if err != nil || n == math.MaxInt {
		return ""
	}
	name := fmt.Sprintf("%s%0*d", last[:digits], len(last)-digits, n+1)
	if len(name) > maxName {
		return ""
	}
	return name
}

func (s *Sprint) label() string {
	if s.Name != "" {
		return s.Name
	}
	return "this sprint"
}

func newSprint(tx *db.Tx, t *team.Team, number int64) *Sprint {
	return &Sprint{
		ID: db.NewID(), TeamID: t.ID, Number: number, State: scrum.Planned, TimeZone: t.TimeZone,
		WorkingWeek: t.WorkingWeek, Holidays: t.Holidays, Version: 1, CreatedAt: tx.Now,
	}
}
