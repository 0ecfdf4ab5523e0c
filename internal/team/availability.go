package team

import (
	"context"
	"encoding/json"
	"slices"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
)

// Activities into which a day can be divided.
var Activities = []string{"analyse", "test", "deploy", "verify", "other"}

// Availability is how much of a day a member gives to the sprint.
type Availability struct {
	TeamID, UserID string
	Name           string
	Role           Role
	Hours          float64            // of a full working day, 0–24
	Focus          float64            // share of them that goes into the sprint, 0–1
	Activities     map[string]float64 // hours a day by activity; empty: not divided
}

// Usual hours and focus of a member about whom nothing else is known: six of eight
// hours reach the sprint.
const (
	usualHours = 8
	usualFocus = .75
)

// SetAvailability changes a member's hours, focus and activities: one's own, or for
// who manages the team anybody's.
func (s *Service) SetAvailability(ctx context.Context, who audit.Who, t *Team, role Role, a Availability) error {
	if err := a.check(); err != nil {
		return err
	}
	if err := mayNote(who, role, &a.UserID); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		ok, err := IsMember(tx.DB, t.ID, a.UserID)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.NotFound, "There is no such member who works in this team.")
		}
		if err := keepAvailability(tx, t.ID, a); err != nil {
			return err
		}
		detail := map[string]any{"hours": a.Hours, "focus": a.Focus, "activities": a.Activities}
		if err := audit.Write(tx, who, t.ID, "availability.changed", a.UserID, detail); err != nil {
			return err
		}
		return event.Tell(tx, who, t.ID, event.Event{Kind: event.CalendarChanged})
	})
}

func (a *Availability) check() error {
	if !(a.Hours >= 0 && a.Hours <= 24) {
		return fault.Wrong("/hours_per_day", "A day has 0 to 24 hours.")
	}
	if !(a.Focus >= 0 && a.Focus <= 1) {
		return fault.Wrong("/focus", "Focus is a share from 0 to 1.")
	}
	sum := 0.0
	for name, hours := range a.Activities {
		if !slices.Contains(Activities, name) || !(hours >= 0) {
			return fault.Wrong("/activities", "Activities are hours a day for analyse, test, deploy, verify and other.")
		}
		sum += hours
	}
	if sum > a.Hours+1e-9 {
		return fault.Wrong("/activities", "The activities take more hours than the day has.")
	}
	return nil
}

// activitiesText is the stored form of activities.
func activitiesText(a map[string]float64) string {
	text, err := json.Marshal(a) // finite numbers, by check
	if err != nil || len(a) == 0 {
		return "{}"
	}
	return string(text)
}

// Availabilities lists how much of a day each person who works in the team gives to
// its sprints, by name.
func (s *Service) Availabilities(ctx context.Context, teamID string) ([]Availability, error) {
	return AvailabilitiesOf(s.db.Read(ctx), teamID)
}
