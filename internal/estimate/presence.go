package estimate

import (
	"context"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// stays is how long somebody counts as present after the last sign of life. Pages
// give one every ten seconds.
const stays = 30 * time.Second

// Being is what somebody does at the table.
type Being string

// Beings.
const (
	Playing  Being = "voting"
	Watching Being = "watching"
	Gone     Being = "gone"
)

// Here is a sign of life at the table of a session; it returns who is there. Only
// who comes, goes or changes sides is told to the others.
func (s *Service) Here(ctx context.Context, who audit.Who, t *team.Team, id string, as Being) ([]Seat, error) {
	var out []Seat
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := hold(tx, t.ID, id)
		if fault.Is(err, fault.Conflict) { // closed: nobody needs to be there
			out = nil
			return nil
		}
		if err != nil {
			return err
		}
		changed, err := sit(tx, e, who, as)
		if err != nil {
			return err
		}
		if changed {
			if err := settleTable(tx, e); err != nil {
				return err
			}
			if err := tell(tx, who, e); err != nil {
				return err
			}
		}
		out, err = presentIn(tx.DB, id, tx.Now)
		return err
	})
	return out, err
}

// sit notes where somebody is; changed tells whether the others see a difference.
func sit(tx *db.Tx, e *Session, who audit.Who, as Being) (changed bool, err error) {
	was, err := beingOf(tx, e.ID, who.UserID)
	if err != nil {
		return false, err
	}
	if as == Gone {
		return was != Gone, leave(tx, e.ID, who.UserID)
	}
	member, err := team.IsMember(tx.DB, e.TeamID, who.UserID)
	if err != nil {
		return false, err
	}
	if !member {
		as = Watching
	}
	return was != as, stay(tx, e.ID, who.UserID, as == Watching)
}

// settleTable reveals the round on the table when the one it waited for has left.
func settleTable(tx *db.Tx, e *Session) error {
	if e.Mode != Live || e.Current == nil {
		return nil
	}
	rounds, err := roundsOf(tx.DB, "", "r.estimation_id = ? AND r.patch_id = ? AND r.state = 'voting'", e.ID, *e.Current)
	if err != nil || len(rounds) == 0 {
		return err
	}
	return revealIfComplete(tx, e, &rounds[0])
}

// Watch reveals the rounds whose deadline has come. It is a scheduled job.
func Watch(ctx context.Context, d *db.DB) error {
	due, err := dueRounds(d.Read(ctx), d.Now(), 500)
	for _, at := range due {
		if err != nil {
			return err
		}
		err = d.Write(ctx, func(tx *db.Tx) error { return revealDue(tx, at) })
	}
	return err
}

// dueRound names a round whose deadline has come.
type dueRound struct{ id, sessionID, teamID string }

func revealDue(tx *db.Tx, at dueRound) error {
	e, err := hold(tx, at.teamID, at.sessionID)
	if fault.Is(err, fault.Conflict) {
		return nil // closed meanwhile
	}
	if err != nil {
		return err
	}
	rounds, err := roundsOf(tx.DB, "", "r.id = ? AND r.state = 'voting'", at.id)
	if err != nil || len(rounds) == 0 {
		return err
	}
	if err := rounds[0].revealByItself(tx, e, ByDeadline); err != nil {
		return err
	}
	return tell(tx, audit.Server, e)
}
