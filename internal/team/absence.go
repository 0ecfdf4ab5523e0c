package team

import (
	"context"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
)

// Absence is a stretch of days on which somebody, or the whole team, does not work,
// beside the team's holidays.
type Absence struct {
	ID        string
	TeamID    string
	UserID    *string // nil: the whole team
	FromDay   scrum.Day
	ToDay     scrum.Day // included
	Half      bool      // half of each of the days
	Note      string
	CreatedBy string
	CreatedAt time.Time `gorm:"serializer:time"`
	Name      string    `gorm:"-"` // of the person
}

// maxAbsence is the most days of one absence.
const maxAbsence = 366

// Absences lists those that touch the days from one to another, by their first day.
func (s *Service) Absences(ctx context.Context, teamID string, from, to scrum.Day) ([]Absence, error) {
	return AbsencesBetween(s.db.Read(ctx), teamID, from, to)
}

// AddAbsence notes days off. Anybody who works in the team notes their own; those
// of others and of the whole team are for who manages it.
func (s *Service) AddAbsence(ctx context.Context, who audit.Who, t *Team, role Role, a Absence) (*Absence, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	if err := mayNote(who, role, a.UserID); err != nil {
		return nil, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if a.UserID != nil {
			ok, err := IsMember(tx.DB, t.ID, *a.UserID)
			if err != nil {
				return err
			}
			if !ok {
				return fault.Wrong("/user_id", "Days off are those of somebody who works in this team.")
			}
		}
		a.ID, a.TeamID, a.CreatedBy, a.CreatedAt = db.NewID(), t.ID, who.Name, tx.Now
		if err := tx.Create(&a).Error; err != nil {
			return err
		}
		return tellAbsence(tx, who, t, "absence.added", &a)
	})
	return &a, err
}

// RemoveAbsence takes days off back.
func (s *Service) RemoveAbsence(ctx context.Context, who audit.Who, t *Team, role Role, id string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := db.Find[Absence](tx.DB, "absence", "id = ? AND team_id = ?", id, t.ID)
		if err != nil {
			return err
		}
		if err := mayNote(who, role, a.UserID); err != nil {
			return err
		}
		if err := tx.Exec("DELETE FROM absences WHERE id = ?", id).Error; err != nil {
			return err
		}
		return tellAbsence(tx, who, t, "absence.removed", a)
	})
}

func mayNote(who audit.Who, role Role, userID *string) error {
	if userID != nil && *userID == who.UserID || role.May(Manage) {
		return nil
	}
	return fault.New(fault.Forbidden, "Only a Scrum master or an administrator notes days off for others.")
}

func tellAbsence(tx *db.Tx, who audit.Who, t *Team, action string, a *Absence) error {
	detail := map[string]any{"user_id": a.UserID, "from": a.FromDay, "to": a.ToDay, "half": a.Half}
	if err := audit.Write(tx, who, t.ID, action, a.ID, detail); err != nil {
		return err
	}
	return event.Tell(tx, who, t.ID, event.Event{Kind: event.CalendarChanged})
}

func (a *Absence) check() error {
	a.Note = strings.TrimSpace(a.Note)
	from, err := scrum.ParseDay(string(a.FromDay))
	if err != nil {
		return fault.Wrong("/from", "The first day is a day of the calendar, such as 2026-10-03.")
	}
	to, err := scrum.ParseDay(string(a.ToDay))
	if err != nil || to < from || from.DaysUntil(to) >= maxAbsence {
		return fault.Wrong("/to", "The last day is not before the first, and at most a year later.")
	}
	return nil
}

// DaysOff are the single days of absences, for a sum of capacity.
func DaysOff(list []Absence, from, to scrum.Day) (all []scrum.DayOff, own map[string][]scrum.DayOff) {
	own = map[string][]scrum.DayOff{}
	for _, a := range list {
		for d := max(from, a.FromDay); d <= min(to, a.ToDay); d = d.Add(1) {
			off := scrum.DayOff{Day: d, Half: a.Half}
			if a.UserID == nil {
				all = append(all, off)
			} else {
				own[*a.UserID] = append(own[*a.UserID], off)
			}
		}
	}
	return all, own
}
