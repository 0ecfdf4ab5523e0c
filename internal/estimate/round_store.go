package estimate

import (
	"database/sql"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"patchline/internal/audit"
	"patchline/internal/db"
)

// roundsOf reads rounds with their votes, the oldest first. The value of a vote is
// read only where its round is revealed, or for the voter.
func roundsOf(g *gorm.DB, userID, where string, args ...any) ([]Round, error) {
	rounds, err := db.List(g, scanRound, `SELECT r.id, r.estimation_id, e.name, r.patch_id, r.number, r.scale, r.state, r.opened_by, r.opened_at, r.deadline,
		r.revealed_by, r.revealed_why, r.revealed_at, r.final_points, r.final_by, r.final_at
		FROM estimation_rounds r JOIN estimations e ON e.id = r.estimation_id WHERE `+where+" ORDER BY r.patch_id, r.number, r.id", args...)
	if err != nil || len(rounds) == 0 {
		return nil, err
	}
	byID, ids := map[string]*Round{}, []string{}
	for i := range rounds {
		byID[rounds[i].ID] = &rounds[i]
		ids = append(ids, rounds[i].ID)
	}
	return rounds, db.Each(g, func(rows *sql.Rows) error {
		var id string
		var v Vote
		if err := rows.Scan(&id, &v.ID, &v.Name, &v.Value); err != nil {
			return err
		}
		byID[id].Votes = append(byID[id].Votes, v)
		return nil
	}, `SELECT v.round_id, u.id, u.name, CASE WHEN r.state = 'revealed' OR v.user_id = ? THEN v.value ELSE '' END
		FROM estimation_votes v JOIN estimation_rounds r ON r.id = v.round_id JOIN users u ON u.id = v.user_id
		WHERE v.round_id IN ? ORDER BY LOWER(u.name), u.id`, userID, ids)
}

func scanRound(rows *sql.Rows, r *Round) error {
	var scale, by string
	var opened int64
	var deadline, revealed, settled sql.NullInt64
	var points *float64
	err := rows.Scan(&r.ID, &r.SessionID, &r.Session, &r.PatchID, &r.Number, &scale, &r.State, &r.OpenedBy, &opened, &deadline,
		&r.RevealedBy, &r.Why, &revealed, &points, &by, &settled)
	if err != nil {
		return err
	}
	r.OpenedAt, r.Deadline, r.RevealedAt = db.Time(opened), db.MaybeTime(deadline), db.MaybeTime(revealed)
	if points != nil && settled.Valid {
		r.Final = &Final{*points, by, db.Time(settled.Int64)}
	}
	return json.Unmarshal([]byte(scale), &r.Scale)
}

func insertRound(tx *db.Tx, r *Round) error {
	scale, err := json.Marshal(r.Scale)
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO estimation_rounds (id, estimation_id, patch_id, number, scale, state, opened_by, opened_at, deadline, revealed_by, revealed_why, final_by)
		VALUES (?, ?, ?, ?, ?, 'voting', ?, ?, ?, '', '', '')`,
		r.ID, r.SessionID, r.PatchID, r.Number, string(scale), r.OpenedBy, r.OpenedAt.UnixMicro(), db.Micros(r.Deadline)).Error
}

// putVote writes the one vote of a person in a round.
func putVote(tx *db.Tx, roundID, userID, value string) error {
	return tx.Exec(`INSERT INTO estimation_votes (round_id, user_id, value, voted_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (round_id, user_id) DO UPDATE SET value = excluded.value, voted_at = excluded.voted_at`,
		roundID, userID, value, tx.Now.UnixMicro()).Error
}

func deleteVote(tx *db.Tx, roundID, userID string) error {
	return tx.Exec("DELETE FROM estimation_votes WHERE round_id = ? AND user_id = ?", roundID, userID).Error
}

func revealRound(tx *db.Tx, id, by, why string) error {
	return tx.Exec("UPDATE estimation_rounds SET state = 'revealed', revealed_by = ?, revealed_why = ?, revealed_at = ? WHERE id = ? AND state = 'voting'",
		by, why, tx.Now.UnixMicro(), id).Error
}

func setFinal(tx *db.Tx, id string, points float64, who audit.Who) error {
	return tx.Exec("UPDATE estimation_rounds SET final_points = ?, final_by_id = ?, final_by = ?, final_at = ? WHERE id = ?",
		points, who.UserID, who.Name, tx.Now.UnixMicro(), id).Error
}

func dueRounds(g *gorm.DB, now time.Time, limit int) ([]dueRound, error) {
	return db.List(g, func(r *sql.Rows, d *dueRound) error { return r.Scan(&d.id, &d.sessionID, &d.teamID) },
		`SELECT r.id, e.id, e.team_id FROM estimation_rounds r JOIN estimations e ON e.id = r.estimation_id
		WHERE r.state = 'voting' AND r.deadline IS NOT NULL AND r.deadline <= ? ORDER BY r.deadline, r.id LIMIT ?`, now.UnixMicro(), limit)
}
