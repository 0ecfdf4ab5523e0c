package backlog

import (
	"database/sql"
	"encoding/json"
	"math"
	"slices"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// mostMoves bounds what one answer reads: the latest ones.
const mostMoves = 5000

// writeMoves keeps which of the judged patches have moved markedly, and why. It
// reads their old scores, so it comes before the new ones are written.
func (s *scoring) writeMoves(tx *db.Tx, before map[string]Patch, changed []judged) error {
	least := marked
	if s.rebaseline {
		least = markedRebaseline
	}
	var ids []string
	for _, j := range changed {
		if j.scored && math.Abs(j.patch.Priority-before[j.patch.ID].Priority) >= least-1e-9 {
			ids = append(ids, j.patch.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	old, err := scoresOf(tx.DB, ids)
	if err != nil {
		return err
	}
	var cells []any
	for _, j := range changed {
		was, moved := old[j.patch.ID]
		if !moved {
			continue
		}
		b := before[j.patch.ID]
		c := why(was, j.score, [2]int64{b.Vulnerabilities, j.patch.Vulnerabilities})
		if s.rebaseline && c.cause == CauseEPSS {
			c.cause = CauseRebaseline
		}
		cells = append(cells, db.NewID(), j.patch.TeamID, j.patch.ID, tx.Now.UnixMicro(), b.Priority, j.patch.Priority, c.cause, c.was, c.became)
	}
	return intoMoves.Write(tx, cells)
}

var intoMoves = db.Insert("score_moves", `id text, team_id text, patch_id text, at bigint, priority_before double precision, priority_after double precision,
	cause text, was text, became text`, "")

func scoresOf(g *gorm.DB, ids []string) (map[string]Score, error) {
	out := make(map[string]Score, len(ids))
	err := db.Each(g, func(r *sql.Rows) error {
		var id, text string
		if err := r.Scan(&id, &text); err != nil {
			return err
		}
		var s Score
		err := json.Unmarshal([]byte(text), &s)
		out[id] = s
		return err
	}, "SELECT id, score FROM patch_scores WHERE id IN ?", ids)
	return out, err
}

// movesOf reads a team's marked changes since a moment, the oldest first.
func movesOf(g *gorm.DB, teamID string, since time.Time) ([]Move, error) {
	rows, err := db.List(g, func(r *sql.Rows, m *Move) error {
		var at int64
		err := r.Scan(&m.PatchID, &at, &m.Before, &m.After, &m.Cause, &m.Was, &m.Became)
		m.At = db.Time(at)
		return err
	}, `SELECT patch_id, at, priority_before, priority_after, cause, was, became FROM score_moves
		WHERE team_id = ? AND at > ? ORDER BY at DESC, id DESC LIMIT ?`, teamID, since.UnixMicro(), mostMoves)
	slices.Reverse(rows)
	return rows, err
}

// openBefore are those of the patches that are open and were there at a moment.
func openBefore(g *gorm.DB, ids []string, then time.Time) (map[string]Patch, error) {
	out := map[string]Patch{}
	for part := range slices.Chunk(ids, 500) {
		err := db.Each(g, func(r *sql.Rows) error {
			var p Patch
			err := r.Scan(&p.ID, &p.Number, &p.Title, &p.KEV, &p.Status)
			out[p.ID] = p
			return err
		}, "SELECT id, number, title, kev, status FROM patches WHERE id IN ? AND is_open AND created_at <= ?", part, then.UnixMicro())
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// cameOrWent are the patches that were made, or closed, since a moment, the most
// important first. What has been changed since is found by an index.
func cameOrWent(g *gorm.DB, teamID string, since time.Time, came bool) ([]Patch, error) {
	which := "is_open AND created_at > ?"
	if !came {
		which = "NOT is_open AND created_at <= ? AND superseded_by IS NULL"
	}
	return db.List(g, func(r *sql.Rows, p *Patch) error {
		var created, updated int64
		err := r.Scan(&p.ID, &p.Number, &p.Title, &p.Priority, &p.KEV, &p.Status, &created, &updated)
		p.CreatedAt, p.UpdatedAt = db.Time(created), db.Time(updated)
		return err
	}, `SELECT id, number, title, priority, kev, status, created_at, updated_at FROM patches
		WHERE team_id = ? AND updated_at > ? AND `+which+` ORDER BY priority DESC, id LIMIT ?`, teamID, since.UnixMicro(), since.UnixMicro(), CountCap)
}

func lookOf(g *gorm.DB, userID, teamID string) (*time.Time, error) {
	found, err := db.List(g, func(r *sql.Rows, at *int64) error { return r.Scan(at) },
		"SELECT at FROM looks WHERE user_id = ? AND team_id = ?", userID, teamID)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	at := db.Time(found[0])
	return &at, nil
}

func setLook(tx *db.Tx, userID, teamID string, at time.Time) error {
	return tx.Exec(`INSERT INTO looks (user_id, team_id, at) VALUES (?, ?, ?)
		ON CONFLICT (user_id, team_id) DO UPDATE SET at = excluded.at WHERE looks.at < excluded.at`, userID, teamID, at.UnixMicro()).Error
}
