package backlog

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"patchline/internal/db"
	"patchline/internal/scrum"
)

// A priority has moved markedly when it differs by this much. A new EPSS model
// moves nearly all of them, so there only the large ones are noted.
const (
	marked           = 1.0
	markedRebaseline = 5.0
)

// MovesKept is how long marked changes are remembered.
const MovesKept = 45 * 24 * time.Hour

// Kinds of what has happened to an item since somebody looked.
const (
	MoveMoved  = "moved"
	MoveNew    = "new"
	MoveClosed = "closed"
)

// Move is an item of the backlog that is not where it was. Before and After are
// its priority; of a new one Before is 0, of a closed one After.
type Move struct {
	PatchID       string
	Key, Title    string
	Kind          string
	At            time.Time
	Before, After float64
	Cause         string // of a moved one: the strongest
	Was, Became   string // of what caused it, as people write it; may be empty
	KEV           bool
	Status        scrum.Status
}

// Moves is what has happened to a team's backlog in a span of time. Counts stop
// at CountCap.
type Moves struct {
	Since, Until       time.Time
	Looked             bool // Since is when this person looked last
	Moved, New, Closed int
	Items              []Move // the moved ones first, the largest first
	Rebaseline         *Notice
}

// unlooked is the span that is shown to somebody who has never looked.
const unlooked = 24 * time.Hour

// MovesSince lists what moved since a moment, or since the person looked last
// when none is given. Limit bounds each kind.
func (s *Service) MovesSince(ctx context.Context, userID, teamID, teamKey string, since *time.Time, limit int) (*Moves, error) {
	out := &Moves{Until: s.db.Now()}
	err := s.db.View(ctx, func(g db.Reader) error {
		if err := out.from(g, userID, teamID, since); err != nil {
			return err
		}
		rows, err := movesOf(g, teamID, out.Since)
		if err != nil {
			return err
		}
		if err := out.addMoved(g, fold(rows), teamKey, limit); err != nil {
			return err
		}
		if err := out.addNewAndClosed(g, teamID, teamKey, limit); err != nil {
			return err
		}
		out.Rebaseline, err = lastNotice(g, teamID, NoticeRebaseline, out.Since)
		return err
	})
	return out, err
}

func (m *Moves) from(g db.Reader, userID, teamID string, since *time.Time) error {
	m.Since = m.Until.Add(-unlooked)
	if since != nil {
		m.Since = *since
		return nil
	}
	at, err := lookOf(g, userID, teamID)
	if at != nil {
		m.Since, m.Looked = *at, true
	}
	return err
}

// fold makes one move of all the rows of a patch: from where it stood to where it
// stands, with the cause of the largest step. What came back to its place is left
// out.
func fold(rows []Move) []Move {
	at := map[string]int{}
	steps := map[string]float64{}
	var out []Move
	for _, r := range rows {
		step := math.Abs(r.After - r.Before)
		i, seen := at[r.PatchID]
		if !seen {
			at[r.PatchID] = len(out)
			out, steps[r.PatchID] = append(out, r), step
			continue
		}
		m := &out[i]
		m.After, m.At = r.After, r.At
		if step > steps[r.PatchID] {
			m.Cause, m.Was, m.Became, steps[r.PatchID] = r.Cause, r.Was, r.Became, step
		}
	}
	out = slices.DeleteFunc(out, func(m Move) bool { return math.Abs(m.After-m.Before) < marked })
	slices.SortFunc(out, func(a, b Move) int {
		return cmp.Or(cmp.Compare(math.Abs(b.After-b.Before), math.Abs(a.After-a.Before)), cmp.Compare(a.PatchID, b.PatchID))
	})
	return out
}

// addMoved leaves out what is new or closed meanwhile: that says more.
func (m *Moves) addMoved(g db.Reader, moved []Move, teamKey string, limit int) error {
	ids := make([]string, len(moved))
	for i := range moved {
		ids[i] = moved[i].PatchID
	}
	known, err := openBefore(g, ids, m.Since)
	if err != nil {
		return err
	}
	for _, move := range moved {
		p, there := known[move.PatchID]
		if !there {
			continue
		}
		if m.Moved++; m.Moved <= limit {
			move.Kind, move.Key, move.Title, move.KEV, move.Status = MoveMoved, Key(teamKey, p.Number), p.Title, p.KEV, p.Status
			m.Items = append(m.Items, move)
		}
	}
	return nil
}

func (m *Moves) addNewAndClosed(g db.Reader, teamID, teamKey string, limit int) error {
	for _, kind := range []string{MoveNew, MoveClosed} {
		found, err := cameOrWent(g, teamID, m.Since, kind == MoveNew)
		if err != nil {
			return err
		}
		n := len(found)
		for _, p := range found[:min(n, limit)] {
			move := Move{PatchID: p.ID, Key: Key(teamKey, p.Number), Title: p.Title, Kind: kind, At: p.CreatedAt, After: p.Priority, KEV: p.KEV, Status: p.Status}
			if kind == MoveClosed {
				move.At, move.Before, move.After = p.UpdatedAt, p.Priority, 0
			}
			m.Items = append(m.Items, move)
		}
		if kind == MoveNew {
			m.New = n
		} else {
			m.Closed = n
		}
	}
	return nil
}

// Looked notes until when somebody has seen what moved. It never goes back, and
// not beyond the present.
func (s *Service) Looked(ctx context.Context, userID, teamID string, until time.Time) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if until.After(tx.Now) {
			until = tx.Now
		}
		return setLook(tx, userID, teamID, until)
	})
}

// ForgetMoves drops what is older than anybody looks back.
func ForgetMoves(tx *db.Tx) error {
	for _, drop := range []string{
		"DELETE FROM score_moves WHERE at < ?",
		"DELETE FROM notices_seen WHERE notice_id IN (SELECT id FROM notices WHERE at < ?)",
		"DELETE FROM notices WHERE at < ?",
	} {
		if err := tx.Exec(drop, tx.Now.Add(-MovesKept).UnixMicro()).Error; err != nil {
			return err
		}
	}
	return nil
}
