package standup

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Entry is what a member says on a day. Its items are as they are now.
type Entry struct {
	Member           Person
	Day              scrum.Day
	Yesterday, Today string
	Items            []Item
	WrittenAt        time.Time // first; a change leaves it
	Version          int64
}

// Edited tells whether it was changed after it was written.
func (e *Entry) Edited() bool { return e.Version > 1 }

// Item is a patch named for today.
type Item struct {
	Number int64
	Title  string
	Status scrum.Status
}

// Note is what somebody writes. Seen is the version that it changes, 0 for a new
// entry. A number that is no patch's stands for a key that nobody could read.
type Note struct {
	Yesterday, Today string
	Items            []int64
	Seen             int64
}

// Write puts the entry of the one who acts for today or the next working day.
func (s *Service) Write(ctx context.Context, who audit.Who, t *team.Team, date string, n Note) (*Entry, error) {
	cal, err := t.Calendar()
	if err != nil {
		return nil, err
	}
	var e *Entry
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		day, err := openDay(cal, tx.Now, date)
		if err != nil {
			return err
		}
		if err := n.check(tx, t.ID, who.UserID); err != nil {
			return err
		}
		if e, err = put(tx, t.ID, who.UserID, day, n); err != nil {
			return err
		}
		if err := audit.Write(tx, who, t.ID, "standup.written", who.UserID, map[string]any{"day": day, "version": e.Version}); err != nil {
			return err
		}
		return event.Tell(tx, who, t.ID, event.Event{Kind: event.StandupChanged, Key: string(day)})
	})
	return e, err
}

// openDay refuses a day that is past, or further ahead than the next working day.
func openDay(cal scrum.Calendar, now time.Time, date string) (scrum.Day, error) {
	day, err := dayOf(cal, now, date)
	if err != nil {
		return "", err
	}
	today := cal.DayOf(now)
	next, err := cal.AddWorkingDays(today, 1)
	switch {
	case day < today:
		return "", fault.New(fault.Conflict, "The stand-up of %s is closed; write what is new today.", day)
	case day == today, err == nil && day == next:
		return day, nil
	}
	return "", fault.New(fault.Conflict, "It is too early for %s: an entry is written on its day, or after the working day before.", day)
}

// check tidies a note, and refuses one that says nothing, is not a member's, or
// names what is not there.
func (n *Note) check(tx *db.Tx, teamID, userID string) error {
	n.Yesterday, n.Today = strings.TrimSpace(n.Yesterday), strings.TrimSpace(n.Today)
	if n.Yesterday == "" && n.Today == "" && len(n.Items) == 0 {
		return fault.Wrong("/today", "Say something about yesterday or today.")
	}
	member, err := team.IsMember(tx.DB, teamID, userID)
	if err != nil {
		return err
	}
	if !member {
		return fault.New(fault.Forbidden, "Only who works in this team has an entry in its stand-up; ask a Scrum master to add you.")
	}
	items, err := itemsOf(tx.DB, teamID, n.Items)
	if err != nil {
		return err
	}
	return n.known(items)
}

// known names every number without a patch, then leaves each patch once.
func (n *Note) known(items map[int64]Item) error {
	const sentence = "This is not the key of a patch of this team."
	f := &fault.Fault{Kind: fault.Invalid, Detail: sentence}
	var once []int64
	for i, number := range n.Items {
		if _, there := items[number]; !there {
			f.Fields = append(f.Fields, fault.Field{Pointer: fmt.Sprint("/items/", i), Detail: sentence})
		}
		if !slices.Contains(once, number) {
			once = append(once, number)
		}
	}
	if f.Fields != nil {
		return f
	}
	n.Items = once
	return nil
}

func put(tx *db.Tx, teamID, userID string, day scrum.Day, n Note) (*Entry, error) {
	write := insertEntry
	if n.Seen > 0 {
		write = updateEntry
	}
	rows, err := write(tx, teamID, userID, day, n)
	if err != nil {
		return nil, err
	}
	mine, err := entriesOf(tx.DB, teamID, day, userID)
	switch {
	case err != nil:
		return nil, err
	case len(mine) == 0:
		return nil, fault.New(fault.Conflict, "There is no entry of yours on %s that could be changed; write a new one, without a version.", day)
	case rows == 0:
		return nil, fault.Stale(&mine[0], "You have written this entry elsewhere meanwhile. Look at it as it is now, then decide.")
	}
	return &mine[0], nil
}
