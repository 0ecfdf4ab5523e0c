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
	Done             []Step    // yesterday's
	Items            []Item    // today's
	WrittenAt        time.Time // first; a change leaves it
	ChangedAt        *time.Time
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
	Done             []int64 // what yesterday was about
	Items            []int64 // what today is about
	Blockers         []Stop  // reported with it: all or nothing
	Seen             int64
}

// Stop is a blocker that is reported with an entry.
type Stop struct {
	Number int64
	Change Change
}

// Write puts the entry of the one who acts for today or the next working day.
func (s *Service) Write(ctx context.Context, who audit.Who, t *team.Team, date string, n Note) (*Entry, error) {
	var e *Entry
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		cal, err := calendarOf(tx.DB, t, tx.Now)
		if err != nil {
			return err
		}
		day, err := openDay(cal, tx.Now, date)
		if err != nil {
			return err
		}
		if err := n.check(tx, t.ID, who.UserID); err != nil {
			return err
		}
		if e, err = put(tx, cal, t.ID, who.UserID, day, n); err != nil {
			return err
		}
		if err := n.block(tx, who, t); err != nil {
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
	if n.Yesterday == "" && n.Today == "" && len(n.Items) == 0 && len(n.Done) == 0 {
		return fault.Wrong("/today", "Say something about yesterday or today.")
	}
	member, err := team.IsMember(tx.DB, teamID, userID)
	if err != nil {
		return err
	}
	if !member {
		return fault.New(fault.Forbidden, "Only who works in this team has an entry in its stand-up; ask a Scrum master to add you.")
	}
	items, err := itemsOf(tx.DB, teamID, slices.Concat(n.Items, n.Done))
	if err != nil {
		return err
	}
	f := &fault.Fault{Kind: fault.Invalid, Detail: noPatch}
	n.Items, n.Done = known(f, "/items/", n.Items, items), known(f, "/yesterday_items/", n.Done, items)
	if f.Fields != nil {
		return f
	}
	return nil
}

const noPatch = "This is not the key of a patch of this team."

// known names every number without a patch, and returns each patch once.
func known(f *fault.Fault, list string, numbers []int64, items map[int64]Item) (once []int64) {
	for i, number := range numbers {
		if _, there := items[number]; !there {
			f.Fields = append(f.Fields, fault.Field{Pointer: fmt.Sprint(list, i), Detail: noPatch})
		}
		if !slices.Contains(once, number) {
			once = append(once, number)
		}
	}
	return once
}

// block reports what stands in the way.
func (n *Note) block(tx *db.Tx, who audit.Who, t *team.Team) error {
	for i, stop := range n.Blockers {
		if _, err := block(tx, who, t, stop.Number, stop.Change); err != nil {
			return under(err, fmt.Sprint("/blockers/", i))
		}
	}
	return nil
}

// under puts the fields of a fault where they stand in a larger body.
func under(err error, place string) error {
	f := fault.Of(err)
	if f.Kind != fault.Invalid {
		return err
	}
	moved := *f
	moved.Fields = slices.Clone(f.Fields)
	for i := range moved.Fields {
		moved.Fields[i].Pointer = place + moved.Fields[i].Pointer
	}
	return &moved
}

func put(tx *db.Tx, cal scrum.Calendar, teamID, userID string, day scrum.Day, n Note) (*Entry, error) {
	since, _, err := lastSaid(tx.DB, cal, teamID, userID, day)
	if err != nil {
		return nil, err
	}
	done, err := stepsOf(tx.DB, teamID, n.Done, since)
	if err != nil {
		return nil, err
	}
	write := insertEntry
	if n.Seen > 0 {
		write = updateEntry
	}
	rows, err := write(tx, teamID, userID, day, n, done)
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
