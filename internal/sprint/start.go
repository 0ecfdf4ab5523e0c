package sprint

import (
	"context"
	"fmt"
	"math"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Levels of a check.
const (
	LevelOK       = "ok"
	LevelWarning  = "warning"
	LevelBlocking = "blocking"
)

// Check is one line of a checklist.
type Check struct{ ID, Level, Text string }

// Checklist is what starting now would freeze, and what speaks against it.
type Checklist struct {
	Sprint       *Sprint
	WorkingDays  int
	DueBeforeEnd int
	Checks       []Check
}

// CanStart tells that nothing blocks.
func (c Checklist) CanStart() bool {
	for _, check := range c.Checks {
		if check.Level == LevelBlocking {
			return false
		}
	}
	return true
}

// StartChecklist shows the numbers that a start would freeze.
func (s *Service) StartChecklist(ctx context.Context, t *team.Team, number int64) (*Checklist, error) {
	var c *Checklist
	err := s.db.View(ctx, func(g db.Reader) error {
		sp, err := byNumber(g, t.ID, number)
		if err != nil {
			return err
		}
		if err := fill(g, s.db.Now(), sp); err != nil {
			return err
		}
		c, err = s.checklist(g, t, sp)
		return err
	})
	return c, err
}

func (s *Service) checklist(g db.Reader, t *team.Team, sp *Sprint) (*Checklist, error) {
	cal, err := t.Calendar()
	if err != nil {
		return nil, err
	}
	c := &Checklist{Sprint: sp, WorkingDays: cal.WorkingDays(sp.StartDate, sp.EndDate), DueBeforeEnd: sp.Totals.DueAtRisk}
	active, err := activeOf(g, t.ID)
	if err != nil {
		return nil, err
	}
	c.stateChecks(t, active)
	c.planChecks(cal.DayOf(s.db.Now()))
	return c, c.readyCheck(g, t)
}

func (c *Checklist) add(id, level, format string, args ...any) {
	c.Checks = append(c.Checks, Check{id, level, fmt.Sprintf(format, args...)})
}

func (c *Checklist) stateChecks(t *team.Team, active []*Sprint) {
	if _, err := c.Sprint.State.Become(scrum.Active); err != nil {
		c.add("state", LevelBlocking, "%s", err)
		return
	}
	if len(active) > 0 && !t.ParallelSprints {
		c.add("active", LevelBlocking, "Sprint %d is active. Close it first.", active[0].Number)
	}
}

func (c *Checklist) planChecks(today scrum.Day) {
	sp, totals := c.Sprint, c.Sprint.Totals
	switch {
	case totals.Items == 0:
		c.add("items", LevelWarning, "The sprint is empty.")
	case totals.Unestimated > 0:
		c.add("estimates", LevelWarning, "%d of %d items have no estimate and count 0 points.", totals.Unestimated, totals.Items)
	default:
		c.add("estimates", LevelOK, "All %d items are estimated.", totals.Items)
	}
	if sp.Goal == "" {
		c.add("goal", LevelWarning, "The sprint has no goal.")
	} else {
		c.add("goal", LevelOK, "The goal is set.")
	}
	if c.WorkingDays == 0 {
		c.add("days", LevelWarning, "There is no working day between %s and %s.", sp.StartDate.Text(), sp.EndDate.Text())
	}
	if today > sp.EndDate {
		c.add("dates", LevelWarning, "The planned end, %s, is past.", sp.EndDate.Text())
	} else if today != sp.StartDate {
		c.add("dates", LevelWarning, "Planned to start on %s; today is %s. The days count from today.", sp.StartDate.Text(), today.Text())
	}
	switch v := sp.Velocity; {
	case v == nil:
		c.add("velocity", LevelOK, "Not enough closed sprints yet to compare %g points with.", totals.Points)
	case totals.Points > *v*1.15:
		c.add("velocity", LevelWarning, "%g points are more than the %g the team usually completes.", totals.Points, math.Round(*v*10)/10)
	default:
		c.add("velocity", LevelOK, "%g points against a usual %g.", totals.Points, math.Round(*v*10)/10)
	}
	if c.DueBeforeEnd > 0 {
		c.add("due", LevelOK, "%d items are due before the sprint ends or are overdue.", c.DueBeforeEnd)
	}
}

// Start freezes the commitment: one immutable row per item. What changes from now
// on is a change of scope.
func (s *Service) Start(ctx context.Context, who audit.Who, t *team.Team, number, seen int64) (*Sprint, error) {
	var sp *Sprint
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		fresh, err := team.Lock(tx, t.ID)
		if err != nil {
			return err
		}
		if sp, err = lock(tx, t.ID, number, seen); err != nil {
			return err
		}
		if err := startable(tx, fresh, sp); err != nil {
			return err
		}
		if err := freeze(tx, fresh, sp); err != nil {
			return err
		}
		return s.told(tx, who, sp, "sprint.started", map[string]any{"committed": sp.Committed, "end": sp.EndDate})
	})
	return sp, err
}

func startable(tx *db.Tx, t *team.Team, sp *Sprint) error {
	if _, err := sp.State.Become(scrum.Active); err != nil {
		return fault.New(fault.Conflict, "%s", err)
	}
	if err := allReady(tx, t, sp); err != nil || t.ParallelSprints {
		return err
	}
	active, err := activeOf(tx.DB, t.ID)
	if err == nil && len(active) > 0 {
		return fault.New(fault.Conflict, "Sprint %d is active. Close it first.", active[0].Number)
	}
	return err
}

// freeze writes the commitment and copies the calendar, so that a later change of
// the team's settings moves no day of this sprint.
func freeze(tx *db.Tx, t *team.Team, sp *Sprint) error {
	cal, err := t.Calendar()
	if err != nil {
		return err
	}
	today := cal.DayOf(tx.Now)
	if sp.EndDate < today {
		sp.EndDate = today
	}
	if err := commit(tx, sp); err != nil {
		return err
	}
	committed, openRisk, err := sums(tx.DB, sp)
	if err != nil {
		return err
	}
	sp.State, sp.StartedAt, sp.StartDate = scrum.Active, &tx.Now, today
	sp.Committed, sp.RiskAtStart = &committed, &openRisk
	sp.TimeZone, sp.WorkingWeek, sp.Holidays = t.TimeZone, t.WorkingWeek, t.Holidays
	return save(tx, sp, map[string]any{
		"state": string(sp.State), "started_at": tx.Now.UnixMicro(), "start_date": today, "end_date": sp.EndDate,
		"committed": committed, "risk_at_start": openRisk,
		"time_zone": t.TimeZone, "working_week": db.JoinWords(t.WorkingWeek), "holidays": db.JoinWords(t.Holidays),
	})
}
