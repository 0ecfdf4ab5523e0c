package estimate

import (
	"context"
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// State of a round.
type State string

// States.
const (
	Voting    State = "voting"
	Revealed  State = "revealed"
	Abandoned State = "abandoned" // its session was closed before
)

// Why a round was revealed.
const (
	ByPerson    = "person"
	ByEverybody = "everybody" // had voted
	ByDeadline  = "deadline"
)

// Votes beside those of the scale; they count in no statistics.
const (
	Unsure = "?"
	Coffee = "coffee" // a break is needed
)

// Round is one vote of the team on a patch. A vote again is another round.
type Round struct {
	ID, SessionID, PatchID string
	Session                string // its name
	Number                 int64
	Scale                  []team.ScaleValue // as it was when the round was opened
	State                  State
	OpenedBy               string // these are names
	OpenedAt               time.Time
	Deadline               *time.Time
	RevealedBy             string
	Why                    string // it was revealed
	RevealedAt             *time.Time
	Final                  *Final
	Votes                  []Vote
}

// Vote is what one person says. Value is empty where it may not be seen yet.
type Vote struct {
	Person
	Value string
}

// Final is the value that a person set after a round.
type Final struct {
	Points float64
	By     string // the name at that time
	At     time.Time
}

// At names a round of a session: the number of the patch and the round's own.
type At struct{ Patch, Round int64 }

// frozen is a team's scale as a round keeps it, without what always stands beside it.
func frozen(t *team.Team) ([]team.ScaleValue, error) {
	r, err := t.Rules()
	return slices.DeleteFunc(slices.Clone(r.Scale.Values), func(v team.ScaleValue) bool { return v.Label == Unsure || v.Label == Coffee }), err
}

func openRound(tx *db.Tx, who audit.Who, t *team.Team, e *Session, patchID string, number int64) error {
	scale, err := frozen(t)
	if err != nil {
		return err
	}
	r := &Round{ID: db.NewID(), SessionID: e.ID, PatchID: patchID, Number: number, Scale: scale, OpenedBy: who.Name, OpenedAt: tx.Now}
	if e.Deadline != nil && e.Deadline.After(tx.Now) { // else it waits for people
		r.Deadline = e.Deadline
	}
	return insertRound(tx, r)
}

// itemOf finds a patch in the queue of a session that is held, with its rounds.
func itemOf(tx *db.Tx, e *Session, number int64) (*Item, []Round, error) {
	items, err := queueOf(tx.DB, e.ID)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(items, func(i Item) bool { return i.Number == number })
	if i < 0 {
		return nil, nil, fault.New(fault.NotFound, "This patch is not in the queue of this estimation.")
	}
	rounds, err := roundsOf(tx.DB, "", "r.estimation_id = ? AND r.patch_id = ?", e.ID, items[i].PatchID)
	return &items[i], rounds, err
}

// roundAt finds a round of a session that is held, and tells whether it is the
// latest of its patch.
func roundAt(tx *db.Tx, e *Session, at At) (r *Round, latest bool, err error) {
	_, rounds, err := itemOf(tx, e, at.Patch)
	if err != nil {
		return nil, false, err
	}
	i := slices.IndexFunc(rounds, func(r Round) bool { return r.Number == at.Round })
	if i < 0 {
		return nil, false, fault.New(fault.NotFound, "There is no such round on this patch.")
	}
	return &rounds[i], i == len(rounds)-1, nil
}

// Vote puts, changes or with nil takes back the vote of the one who acts.
func (s *Service) Vote(ctx context.Context, who audit.Who, t *team.Team, id string, at At, value *string) (*Table, error) {
	return s.act(ctx, who, t, id, "estimation.voted", func(tx *db.Tx, e *Session) (map[string]any, error) {
		r, _, err := roundAt(tx, e, at)
		if err != nil {
			return nil, err
		}
		if err := r.takes(tx, t, who, value); err != nil {
			return nil, err
		}
		detail := map[string]any{"key": backlog.Key(t.Key, at.Patch), "round": at.Round}
		if value == nil {
			detail["taken_back"] = true
			return detail, deleteVote(tx, r.ID, who.UserID)
		}
		if err := putVote(tx, r.ID, who.UserID, *value); err != nil {
			return nil, err
		}
		return detail, revealIfComplete(tx, e, r)
	})
}

// takes refuses a vote that comes too late, is not a member's or not on the scale.
func (r *Round) takes(tx *db.Tx, t *team.Team, who audit.Who, value *string) error {
	switch {
	case r.State == Revealed:
		return fault.New(fault.Conflict, "The votes of this round are revealed; ask for another round to change yours.")
	case r.State != Voting, r.Deadline != nil && !r.Deadline.After(tx.Now):
		return fault.New(fault.Conflict, "This round takes no votes any more.")
	}
	member, err := team.IsMember(tx.DB, t.ID, who.UserID)
	if err != nil {
		return err
	}
	if !member {
		return fault.New(fault.Forbidden, "Only who works in this team votes; everybody else may watch.")
	}
	if value == nil || *value == Unsure || *value == Coffee {
		return nil
	}
	if !slices.ContainsFunc(r.Scale, func(v team.ScaleValue) bool { return v.Label == *value }) {
		return fault.Wrong("/value", "Vote with a value of this round's scale, ? or coffee.")
	}
	return nil
}

// revealIfComplete reveals a round that everybody who should has voted in: who is
// at the table of a live session that wants it, or the whole team.
func revealIfComplete(tx *db.Tx, e *Session, r *Round) error {
	if !e.AutoReveal {
		return nil
	}
	missing, voted, err := missingVotes(tx, e, r.ID)
	if err != nil || missing > 0 || e.Mode == Live && voted < 2 { // the first at the table waits for company
		return err
	}
	return r.revealByItself(tx, e, ByEverybody)
}

// revealByItself reveals a round without anybody who asks for it.
func (r *Round) revealByItself(tx *db.Tx, e *Session, why string) error {
	if err := revealRound(tx, r.ID, audit.Server.Name, why); err != nil {
		return err
	}
	detail := map[string]any{"patch": r.PatchID, "round": r.Number, "why": why}
	return audit.Write(tx, audit.Server, e.TeamID, "estimation.revealed", e.ID, detail)
}

// Reveal shows the votes of a round. Who comes second finds it done.
func (s *Service) Reveal(ctx context.Context, who Lead, t *team.Team, id string, at At) (*Table, error) {
	return s.act(ctx, who.Who, t, id, "estimation.revealed", func(tx *db.Tx, e *Session) (map[string]any, error) {
		if err := who.leads(e); err != nil {
			return nil, err
		}
		r, _, err := roundAt(tx, e, at)
		switch {
		case err != nil || r.State == Revealed:
			return nil, err
		case len(r.Votes) == 0:
			return nil, fault.New(fault.Conflict, "Nobody has voted yet.")
		}
		return map[string]any{"key": backlog.Key(t.Key, at.Patch), "round": at.Round}, revealRound(tx, r.ID, who.Name, ByPerson)
	})
}

// Again opens another round after a revealed one, which stays.
func (s *Service) Again(ctx context.Context, who Lead, t *team.Team, id string, at At) (*Table, error) {
	return s.act(ctx, who.Who, t, id, "estimation.repeated", func(tx *db.Tx, e *Session) (map[string]any, error) {
		if err := who.leads(e); err != nil {
			return nil, err
		}
		r, latest, err := roundAt(tx, e, at)
		switch {
		case err != nil || !latest: // somebody was first
			return nil, err
		case r.State != Revealed:
			return nil, fault.New(fault.Conflict, "Reveal this round first.")
		}
		return map[string]any{"key": backlog.Key(t.Key, at.Patch), "round": at.Round + 1}, openRound(tx, who.Who, t, e, r.PatchID, r.Number+1)
	})
}

// Settle sets the estimate of a patch after a round: a person decides, whatever the
// votes were. Seen is the version of the patch that it changes.
func (s *Service) Settle(ctx context.Context, who Lead, t *team.Team, id string, at At, points float64, seen int64) (*Table, error) {
	return s.act(ctx, who.Who, t, id, "estimation.settled", func(tx *db.Tx, e *Session) (map[string]any, error) {
		if err := who.leads(e); err != nil {
			return nil, err
		}
		r, latest, err := roundAt(tx, e, at)
		switch {
		case err != nil:
			return nil, err
		case r.State != Revealed || !latest:
			return nil, fault.New(fault.Conflict, "The value is set after the latest round, once it is revealed.")
		}
		if err := r.settle(tx, who.Who, t, at, points, seen); err != nil {
			return nil, err
		}
		return map[string]any{"key": backlog.Key(t.Key, at.Patch), "round": at.Round, "points": points}, nil
	})
}

// settle writes the estimate as every other change of a patch is written: in an
// active sprint it is a row of its ledger.
func (r *Round) settle(tx *db.Tx, who audit.Who, t *team.Team, at At, points float64, seen int64) error {
	p, err := backlog.Hold(tx, t.ID, at.Patch)
	if err != nil {
		return err
	}
	value := &points
	detail, err := backlog.EditIn(tx, who, t, p, backlog.Edit{Points: &value, Seen: seen})
	if err != nil {
		return err
	}
	detail["round"] = r.Number
	if err := setFinal(tx, r.ID, points, who); err != nil {
		return err
	}
	return backlog.Tell(tx, who, t, p, event.PatchChanged, "patch.changed", detail)
}
