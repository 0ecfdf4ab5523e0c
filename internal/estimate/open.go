package estimate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// maxQueue is how many patches one session holds: more than a team estimates in a day.
const maxQueue = 100

// Draft is a session to open. Numbers are of patches, 0 for a key that nobody could
// read; Top adds that many of the highest unestimated ones.
type Draft struct {
	Name       string
	Mode       Mode
	AutoReveal bool
	Deadline   *time.Time
	Numbers    []int64
	Top        int
}

// Open starts a session. A live one begins with its first patch, an asynchronous one
// with a round for each.
func (s *Service) Open(ctx context.Context, who audit.Who, t *team.Team, d Draft) (*Table, error) {
	var out *Table
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock("teams", t.ID); err != nil { // two who start at once do not queue the same patches
			return err
		}
		e, err := d.session(tx, who, t)
		if err != nil {
			return err
		}
		patches, err := d.patches(tx, t)
		if err != nil {
			return err
		}
		if e.Mode == Live {
			e.Current = &patches[0].ID
		}
		if err := insertSession(tx, e); err != nil {
			return err
		}
		if err := queue(tx, who, t, e, patches, 0); err != nil {
			return err
		}
		if err := told(tx, who, e, "estimation.opened", map[string]any{"name": e.Name, "mode": e.Mode, "items": len(patches)}); err != nil {
			return err
		}
		out, err = tableOf(tx.DB, t.ID, who.UserID, e.ID, tx.Now)
		return err
	})
	return out, err
}

func (d *Draft) session(tx *db.Tx, who audit.Who, t *team.Team) (*Session, error) {
	name := strings.TrimSpace(d.Name)
	switch {
	case name == "":
		return nil, fault.Wrong("/name", "Say what is estimated.")
	case d.Mode == Async && d.Deadline == nil:
		return nil, fault.Wrong("/deadline", "Say until when votes are taken.")
	case d.Mode == Live && d.Deadline != nil:
		return nil, fault.Wrong("/deadline", "A live estimation has no deadline.")
	case d.Deadline != nil && !d.Deadline.After(tx.Now):
		return nil, fault.Wrong("/deadline", "The deadline must be in the future.")
	}
	return &Session{
		ID: db.NewID(), TeamID: t.ID, Name: name, Mode: d.Mode, AutoReveal: d.AutoReveal || d.Mode == Async, Deadline: d.Deadline,
		OpenedBy: Person{who.UserID, who.Name}, OpenedAt: tx.Now,
	}, nil
}

// patches are those that were named, then the highest unestimated ones.
func (d *Draft) patches(tx *db.Tx, t *team.Team) ([]backlog.Patch, error) {
	out, err := named(tx, t, d.Numbers)
	if err != nil {
		return nil, err
	}
	if d.Top > 0 {
		more, err := unestimated(tx, t.ID, d.Top)
		if err != nil {
			return nil, err
		}
		out = once(append(out, more...))
	}
	switch {
	case len(out) == 0 && d.Top > 0:
		return nil, fault.Wrong("/top", "Nothing in the backlog waits for an estimate; name patches instead.")
	case len(out) == 0:
		return nil, fault.Wrong("/keys", "Name at least one patch.")
	case len(out) > maxQueue:
		return nil, fault.Wrong("/keys", "One estimation holds at most %d patches.", maxQueue)
	}
	return out, nil
}

// named finds open patches by their numbers, and says which are none.
func named(tx *db.Tx, t *team.Team, numbers []int64) ([]backlog.Patch, error) {
	var out []backlog.Patch
	for i, n := range numbers {
		pointer := fmt.Sprint("/keys/", i)
		p, err := backlog.ByNumber(tx.DB, t.ID, n)
		switch {
		case fault.Is(err, fault.NotFound):
			return nil, fault.Wrong(pointer, "This is not the key of a patch of this team.")
		case err != nil:
			return nil, err
		case !p.IsOpen:
			return nil, fault.Wrong(pointer, "%s is %s: there is nothing left to estimate.", backlog.Key(t.Key, n), p.Status.Label())
		}
		out = append(out, *p)
	}
	return once(out), nil
}

func once(patches []backlog.Patch) (out []backlog.Patch) {
	seen := map[string]bool{}
	for _, p := range patches {
		if !seen[p.ID] {
			out = append(out, p)
		}
		seen[p.ID] = true
	}
	return out
}

// queue puts patches at the end of a session's queue, and opens the rounds that may
// begin.
func queue(tx *db.Tx, who audit.Who, t *team.Team, e *Session, patches []backlog.Patch, from int) error {
	for i, p := range patches {
		if err := insertItem(tx, e.ID, p.ID, from+i); err != nil {
			return err
		}
		if e.Mode == Async || e.Current != nil && *e.Current == p.ID {
			if err := openRound(tx, who, t, e, p.ID, 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// Add puts patches at the end of the queue; those that are in it stay where they are.
func (s *Service) Add(ctx context.Context, who audit.Who, t *team.Team, id string, numbers []int64) (*Table, error) {
	return s.act(ctx, who, t, id, "estimation.extended", func(tx *db.Tx, e *Session) (map[string]any, error) {
		patches, err := named(tx, t, numbers)
		if err != nil {
			return nil, err
		}
		items, err := queueOf(tx.DB, e.ID)
		if err != nil {
			return nil, err
		}
		there := map[string]bool{}
		for _, i := range items {
			there[i.PatchID] = true
		}
		var more []backlog.Patch
		for _, p := range patches {
			if !there[p.ID] {
				more = append(more, p)
			}
		}
		if len(items)+len(more) > maxQueue {
			return nil, fault.Wrong("/keys", "One estimation holds at most %d patches.", maxQueue)
		}
		if len(more) == 0 {
			return nil, nil
		}
		return map[string]any{"items": len(more)}, queue(tx, who, t, e, more, len(items))
	})
}

// Turn makes a patch of the queue the one that a live session is about.
func (s *Service) Turn(ctx context.Context, who Lead, t *team.Team, id string, number int64) (*Table, error) {
	return s.act(ctx, who.Who, t, id, "estimation.turned", func(tx *db.Tx, e *Session) (map[string]any, error) {
		if err := who.leads(e); err != nil {
			return nil, err
		}
		if e.Mode != Live {
			return nil, fault.New(fault.Conflict, "All patches of this estimation are open at once; vote on whichever you like.")
		}
		item, rounds, err := itemOf(tx, e, number)
		if err != nil || e.Current != nil && *e.Current == item.PatchID {
			return nil, err
		}
		if len(rounds) == 0 {
			if err := openRound(tx, who.Who, t, e, item.PatchID, 1); err != nil {
				return nil, err
			}
		}
		return map[string]any{"key": backlog.Key(t.Key, number)}, setCurrent(tx, e.ID, item.PatchID)
	})
}

// Close ends a session. The votes of rounds that were not revealed are forgotten.
func (s *Service) Close(ctx context.Context, who Lead, t *team.Team, id string) (*Table, error) {
	return s.act(ctx, who.Who, t, id, "estimation.closed", func(tx *db.Tx, e *Session) (map[string]any, error) {
		if err := who.leads(e); err != nil {
			return nil, err
		}
		return map[string]any{"name": e.Name}, closeSession(tx, e.ID)
	})
}
