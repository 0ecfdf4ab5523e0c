// Package estimate lets a team estimate patches together: planning poker, live or
// until a deadline. It keeps who voted, what came of it, and finds finished patches
// that are similar.
//
// Until its round is revealed the value of a vote leaves the database for nobody but
// the voter: the queries of this package do not select it.
package estimate

import (
	"context"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Service runs estimations.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{d} }

// Mode is how a team comes together.
type Mode string

// Modes.
const (
	Live  Mode = "live"  // one patch at a time, everybody at the table
	Async Mode = "async" // all patches at once, until a deadline
)

// Person is somebody by id and name.
type Person struct{ ID, Name string }

// Session is one estimation of a queue of patches.
type Session struct {
	ID         string
	TeamID     string
	Name       string
	Mode       Mode
	AutoReveal bool
	Deadline   *time.Time
	Current    *string // id of the patch that a live one is about
	OpenedBy   Person
	OpenedAt   time.Time
	ClosedAt   *time.Time

	Items      int // these are counts
	Estimated  int // with a final value
	OpenRounds int
	Waiting    int // open rounds without a vote of who asks
}

// Table is a session with everything on its table, as one person may see it.
type Table struct {
	Session
	Queue   []Item
	Present []Seat
}

// Item is a patch in the queue, as it is now, with its rounds.
type Item struct {
	PatchID  string
	Number   int64
	Title    string
	Status   scrum.Status
	Priority float64
	Points   *float64
	Version  int64
	Rounds   []Round
}

// Seat is somebody who is there now.
type Seat struct {
	Person
	Watching bool // and does not vote
}

// List reads a team's sessions, the newest first; open or closed ones. Before is the
// id of the last one of the page before, or empty.
func (s *Service) List(ctx context.Context, t *team.Team, userID string, closed bool, before string, limit int) ([]Session, error) {
	return sessionsOf(s.db.Read(ctx), t.ID, userID, closed, before, limit)
}

// Get reads a session as a person may see it.
func (s *Service) Get(ctx context.Context, t *team.Team, userID, id string) (*Table, error) {
	var out *Table
	err := s.db.View(ctx, func(g db.Reader) (err error) {
		out, err = tableOf(g, t.ID, userID, id, s.db.Now())
		return err
	})
	return out, err
}

func tableOf(g db.Reader, teamID, userID, id string, now time.Time) (*Table, error) {
	e, err := sessionOf(g, teamID, userID, id)
	if err != nil {
		return nil, err
	}
	out := &Table{Session: *e}
	if out.Queue, err = queueOf(g, id); err != nil {
		return nil, err
	}
	rounds, err := roundsOf(g, userID, "r.estimation_id = ?", id)
	if err != nil {
		return nil, err
	}
	for i := range out.Queue {
		for _, r := range rounds {
			if r.PatchID == out.Queue[i].PatchID {
				out.Queue[i].Rounds = append(out.Queue[i].Rounds, r)
			}
		}
	}
	out.Present, err = presentIn(g, id, now)
	return out, err
}

// act changes an open session that is held until the change is written. A change
// that returns no detail changed nothing, and nobody is told.
func (s *Service) act(ctx context.Context, who audit.Who, t *team.Team, id, action string, do func(*db.Tx, *Session) (map[string]any, error)) (*Table, error) {
	var out *Table
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := hold(tx, t.ID, id)
		if err != nil {
			return err
		}
		detail, err := do(tx, e)
		if err == nil && detail != nil {
			err = told(tx, who, e, action, detail)
		}
		if err != nil {
			return err
		}
		out, err = tableOf(tx.DB, t.ID, who.UserID, id, tx.Now)
		return err
	})
	return out, err
}

// hold reads an open session and lets one at a time change it.
func hold(tx *db.Tx, teamID, id string) (*Session, error) {
	if err := tx.Lock("estimations", id); err != nil {
		return nil, err
	}
	e, err := sessionOf(tx.DB, teamID, "", id)
	if err == nil && e.ClosedAt != nil {
		err = fault.New(fault.Conflict, "This estimation is closed; start another one.")
	}
	return e, err
}

// told writes down what was done, never with the value of a vote, and tells those
// who look.
func told(tx *db.Tx, who audit.Who, e *Session, action string, detail map[string]any) error {
	if err := audit.Write(tx, who, e.TeamID, action, e.ID, detail); err != nil {
		return err
	}
	return tell(tx, who, e)
}

func tell(tx *db.Tx, who audit.Who, e *Session) error {
	return event.Tell(tx, who, e.TeamID, event.Event{Kind: event.EstimateChanged, Key: e.ID})
}

// Lead is who acts, and whether his role leads ceremonies.
type Lead struct {
	audit.Who
	Plans bool
}

// leads refuses what only a Scrum master and who opened the session may do.
func (l Lead) leads(e *Session) error {
	if l.Plans || l.UserID == e.OpenedBy.ID {
		return nil
	}
	return fault.New(fault.Forbidden, "Only %s, who opened this estimation, or a Scrum master may do this.", e.OpenedBy.Name)
}
