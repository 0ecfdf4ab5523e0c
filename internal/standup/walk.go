package standup

import (
	"context"
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Walk is whose turn it is while a team goes through its stand-up.
type Walk struct {
	Current   Person
	Since     time.Time // of this turn
	StartedBy Person
	StartedAt time.Time
	Position  int // of the turn in the round, from 1; 0 when this person has left it
	Total     int
}

func (w *Walk) place(round []Person) {
	if w == nil {
		return
	}
	w.Total = len(round)
	w.Position = slices.IndexFunc(round, func(p Person) bool { return p.ID == w.Current.ID }) + 1
}

// Pace is what is done with a walk.
type Pace string

// The walk begins with the first of the round and ends after the last.
const (
	Begin    Pace = "start"
	Next     Pace = "next"
	Previous Pace = "previous"
	End      Pace = "stop"
)

// Walk begins, moves or ends the walk through today's stand-up. Seen is the id of
// whose turn it was on the screen of who asks, so that two who press next at once
// skip nobody. Who manages the team may always, and whoever began it.
func (s *Service) Walk(ctx context.Context, who audit.Who, t *team.Team, role team.Role, date string, pace Pace, seen string) (*Walk, error) {
	var w *Walk
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		day, err := walkDay(tx, t, date)
		if err != nil {
			return err
		}
		if err := tx.LockWord("walk of " + t.ID); err != nil {
			return err
		}
		round, err := roundOf(tx, t, day)
		if err != nil {
			return err
		}
		now, err := walkOf(tx.DB, t.ID, day)
		if err != nil {
			return err
		}
		now.place(round)
		if err := now.allows(who, role, pace, seen); err != nil {
			return err
		}
		if err := step(tx, who, t.ID, day, now, round, pace); err != nil {
			return err
		}
		if w, err = walkOf(tx.DB, t.ID, day); err != nil {
			return err
		}
		w.place(round)
		if err := audit.Write(tx, who, t.ID, "standup.walk", t.ID, map[string]any{"day": day, "pace": pace}); err != nil {
			return err
		}
		return event.Tell(tx, who, t.ID, event.Event{Kind: event.StandupChanged, Key: string(day)})
	})
	return w, err
}

// walkDay is today; a stand-up of another day is read, not held.
func walkDay(tx *db.Tx, t *team.Team, date string) (scrum.Day, error) {
	cal, err := calendarOf(tx.DB, t, tx.Now)
	if err != nil {
		return "", err
	}
	day, err := dayOf(cal, tx.Now, date)
	if err == nil && day != cal.DayOf(tx.Now) {
		err = fault.New(fault.Conflict, "Only today's stand-up is walked through.")
	}
	return day, err
}

func roundOf(tx *db.Tx, t *team.Team, day scrum.Day) ([]Person, error) {
	cal, err := t.Calendar()
	if err != nil {
		return nil, err
	}
	s := &Standup{Day: day}
	if s.Entries, err = entriesOf(tx.DB, t.ID, day, ""); err != nil {
		return nil, err
	}
	if s.Missing, err = missingOf(tx.DB, t.ID, day, cal.EndOf(day)); err != nil {
		return nil, err
	}
	if err := s.excuse(tx.DB, t.ID); err != nil {
		return nil, err
	}
	if len(s.Round()) == 0 {
		return nil, fault.New(fault.Conflict, "Nobody has a turn today: everybody is off, or nobody works in this team.")
	}
	return s.Round(), nil
}

func (w *Walk) allows(who audit.Who, role team.Role, pace Pace, seen string) error {
	switch {
	case pace == Begin && w != nil:
		return fault.Stale(w, "%s has begun already.", w.StartedBy.Name)
	case pace == Begin:
		return nil
	case w == nil:
		return fault.New(fault.Conflict, "Nobody walks through this stand-up now; start first.")
	case w.StartedBy.ID != who.UserID && !role.May(team.Manage):
		return fault.New(fault.Forbidden, "%s leads through this stand-up; they or a Scrum master go on.", w.StartedBy.Name)
	case seen != w.Current.ID:
		return fault.Stale(w, "It is %s's turn already.", w.Current.Name)
	}
	return nil
}

// step writes whose turn it is next. Somebody who has left the round meanwhile
// keeps their place in its order.
func step(tx *db.Tx, who audit.Who, teamID string, day scrum.Day, w *Walk, round []Person, pace Pace) error {
	if pace == Begin {
		return beginWalk(tx, teamID, day, round[0].ID, who.UserID)
	}
	if pace == End {
		return endWalk(tx, teamID, day)
	}
	i, there := slices.BinarySearchFunc(round, w.Current, Person.compare)
	if pace == Next && there {
		i++
	} else if pace == Previous {
		i--
	}
	if i >= len(round) {
		return endWalk(tx, teamID, day)
	}
	return turn(tx, teamID, day, round[max(i, 0)].ID)
}
