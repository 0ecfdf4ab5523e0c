package estimate

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/team"
)

const sessionColumns = `SELECT e.id, e.team_id, e.name, e.mode, e.auto_reveal, e.deadline, e.current_id, e.opened_by, e.opened_name, e.opened_at, e.closed_at,
	(SELECT COUNT(*) FROM estimation_items i WHERE i.estimation_id = e.id),
	(SELECT COUNT(DISTINCT r.patch_id) FROM estimation_rounds r WHERE r.estimation_id = e.id AND r.final_at IS NOT NULL),
	(SELECT COUNT(*) FROM estimation_rounds r WHERE r.estimation_id = e.id AND r.state = 'voting'),
	(SELECT COUNT(*) FROM estimation_rounds r WHERE r.estimation_id = e.id AND r.state = 'voting'
		AND NOT EXISTS (SELECT 1 FROM estimation_votes v WHERE v.round_id = r.id AND v.user_id = ?))
	FROM estimations e `

func sessions(g *gorm.DB, userID, where string, args ...any) ([]Session, error) {
	return db.List(g, func(r *sql.Rows, e *Session) error {
		var opened int64
		var deadline, closed sql.NullInt64
		err := r.Scan(&e.ID, &e.TeamID, &e.Name, &e.Mode, &e.AutoReveal, &deadline, &e.Current, &e.OpenedBy.ID, &e.OpenedBy.Name, &opened, &closed,
			&e.Items, &e.Estimated, &e.OpenRounds, &e.Waiting)
		e.OpenedAt, e.Deadline, e.ClosedAt = db.Time(opened), db.MaybeTime(deadline), db.MaybeTime(closed)
		return err
	}, sessionColumns+where, append([]any{userID}, args...)...)
}

func sessionsOf(g *gorm.DB, teamID, userID string, closed bool, before string, limit int) ([]Session, error) {
	where := "WHERE e.team_id = ? AND e.closed_at IS NULL"
	if closed {
		where = "WHERE e.team_id = ? AND e.closed_at IS NOT NULL"
	}
	return sessions(g, userID, where+" AND (? = '' OR e.id < ?) ORDER BY e.id DESC LIMIT ?", teamID, before, before, limit)
}

func sessionOf(g *gorm.DB, teamID, userID, id string) (*Session, error) {
	list, err := sessions(g, userID, "WHERE e.team_id = ? AND e.id = ?", teamID, id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "There is no such estimation in this team.")
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func insertSession(tx *db.Tx, e *Session) error {
	return tx.Exec(`INSERT INTO estimations (id, team_id, name, mode, auto_reveal, deadline, current_id, opened_by, opened_name, opened_at, closed_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`, e.ID, e.TeamID, e.Name, string(e.Mode), e.AutoReveal, db.Micros(e.Deadline), e.Current,
		e.OpenedBy.ID, e.OpenedBy.Name, tx.Now.UnixMicro()).Error
}

func setCurrent(tx *db.Tx, id, patchID string) error {
	return tx.Exec("UPDATE estimations SET current_id = ? WHERE id = ?", patchID, id).Error
}

// closeSession ends a session and forgets votes that nobody will see.
func closeSession(tx *db.Tx, id string) error {
	for _, query := range []string{
		"DELETE FROM estimation_votes WHERE round_id IN (SELECT id FROM estimation_rounds WHERE estimation_id = ? AND state = 'voting')",
		"UPDATE estimation_rounds SET state = 'abandoned' WHERE estimation_id = ? AND state = 'voting'",
		"DELETE FROM estimation_presence WHERE estimation_id = ?",
	} {
		if err := tx.Exec(query, id).Error; err != nil {
			return err
		}
	}
	return tx.Exec("UPDATE estimations SET closed_at = ? WHERE id = ?", tx.Now.UnixMicro(), id).Error
}

func insertItem(tx *db.Tx, sessionID, patchID string, position int) error {
	return tx.Exec("INSERT INTO estimation_items (estimation_id, patch_id, position) VALUES (?, ?, ?)", sessionID, patchID, position).Error
}

func queueOf(g *gorm.DB, sessionID string) ([]Item, error) {
	return db.List(g, func(r *sql.Rows, i *Item) error {
		return r.Scan(&i.PatchID, &i.Number, &i.Title, &i.Status, &i.Priority, &i.Points, &i.Version)
	}, `SELECT p.id, p.number, p.title, p.status, p.priority, p.points, p.version FROM estimation_items i JOIN patches p ON p.id = i.patch_id
		WHERE i.estimation_id = ? ORDER BY i.position`, sessionID)
}

// unestimated are the highest of the backlog without an estimate that no open
// session has in its queue already.
func unestimated(tx *db.Tx, teamID string, limit int) ([]backlog.Patch, error) {
	var out []backlog.Patch
	err := tx.Where(`team_id = ? AND is_open AND points IS NULL AND NOT EXISTS (SELECT 1 FROM estimation_items i JOIN estimations e ON e.id = i.estimation_id
		WHERE i.patch_id = patches.id AND e.closed_at IS NULL)`, teamID).Order("sort_value DESC, tie_key, id").Limit(limit).Find(&out).Error
	return out, err
}

func presentIn(g *gorm.DB, sessionID string, now time.Time) ([]Seat, error) {
	return db.List(g, func(r *sql.Rows, s *Seat) error { return r.Scan(&s.ID, &s.Name, &s.Watching) },
		`SELECT u.id, u.name, p.watching FROM estimation_presence p JOIN users u ON u.id = p.user_id
		WHERE p.estimation_id = ? AND p.seen_at > ? AND u.disabled_at IS NULL ORDER BY LOWER(u.name), u.id`, sessionID, now.Add(-stays).UnixMicro())
}

func beingOf(tx *db.Tx, sessionID, userID string) (Being, error) {
	rows, err := db.List(tx.DB, func(r *sql.Rows, watching *bool) error { return r.Scan(watching) },
		"SELECT watching FROM estimation_presence WHERE estimation_id = ? AND user_id = ? AND seen_at > ?", sessionID, userID, tx.Now.Add(-stays).UnixMicro())
	switch {
	case err != nil || len(rows) == 0:
		return Gone, err
	case rows[0]:
		return Watching, nil
	}
	return Playing, nil
}

func stay(tx *db.Tx, sessionID, userID string, watching bool) error {
	return tx.Exec(`INSERT INTO estimation_presence (estimation_id, user_id, watching, seen_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (estimation_id, user_id) DO UPDATE SET watching = excluded.watching, seen_at = excluded.seen_at`,
		sessionID, userID, watching, tx.Now.UnixMicro()).Error
}

func leave(tx *db.Tx, sessionID, userID string) error {
	return tx.Exec("DELETE FROM estimation_presence WHERE estimation_id = ? AND user_id = ?", sessionID, userID).Error
}

// missingVotes counts who should vote in a round and has not, and who has.
func missingVotes(tx *db.Tx, e *Session, roundID string) (missing, voted int, err error) {
	present := ""
	args := []any{roundID, e.TeamID, team.WhoMay(team.Work), roundID}
	if e.Mode == Live {
		present = " AND EXISTS (SELECT 1 FROM estimation_presence p WHERE p.estimation_id = ? AND p.user_id = m.user_id AND p.seen_at > ? AND NOT p.watching)"
		args = append(args, e.ID, tx.Now.Add(-stays).UnixMicro())
	}
	err = db.One(tx.Raw(`SELECT COUNT(*), (SELECT COUNT(*) FROM estimation_votes WHERE round_id = ?) FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.team_id = ? AND m.role IN ? AND u.disabled_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM estimation_votes v WHERE v.round_id = ? AND v.user_id = m.user_id)`+present, args...), &missing, &voted)
	return missing, voted, err
}
