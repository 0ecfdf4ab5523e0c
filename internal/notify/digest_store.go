package notify

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/team"
)

// sleepers are all who may be sent a digest. Without a zone of their own, that of
// the team they joined first is theirs.
func sleepers(g *gorm.DB) ([]sleeper, error) {
	return db.List(g, func(r *sql.Rows, s *sleeper) error { return r.Scan(&s.userID, &s.at, &s.zone, &s.digested) },
		`SELECT u.id, COALESCE(p.digest_at, ?), COALESCE(NULLIF(p.time_zone, ''), (SELECT t.time_zone FROM members m JOIN teams t ON t.id = m.team_id
			WHERE m.user_id = u.id ORDER BY m.joined_at, t.id LIMIT 1)), COALESCE(p.digested, '')
		FROM users u LEFT JOIN notice_people p ON p.user_id = u.id
		WHERE u.disabled_at IS NULL AND EXISTS (SELECT 1 FROM members m WHERE m.user_id = u.id) ORDER BY u.id`, UsualDigestAt)
}

// digested keeps that somebody has their digest of a day; it tells whether they had
// not before.
func digested(tx *db.Tx, userID, day string) (bool, error) {
	res := tx.Exec(`INSERT INTO notice_people (user_id, due_days, digest_at, time_zone, digested) VALUES (?, ?, ?, '', ?)
		ON CONFLICT (user_id) DO UPDATE SET digested = excluded.digested WHERE notice_people.digested < excluded.digested`,
		userID, DueDays, UsualDigestAt, day)
	return res.RowsAffected > 0, res.Error
}

// dropDueNotices keeps single warnings out of a digest whose overview holds them.
func dropDueNotices(tx *db.Tx, userID string) error {
	return tx.Exec("UPDATE notifications SET mail = '' WHERE user_id = ? AND kind = ? AND mail = ? AND mail_id IS NULL", userID, Due, Digest).Error
}

// mine is a team with somebody's role in it.
type mine struct {
	id, key string
	role    team.Role
}

// teamsOf are somebody's teams, without those that they muted.
func teamsOf(g *gorm.DB, userID string) ([]mine, error) {
	return db.List(g, func(r *sql.Rows, t *mine) error { return r.Scan(&t.id, &t.key, &t.role) },
		`SELECT t.id, t.key, m.role FROM members m JOIN teams t ON t.id = m.team_id WHERE m.user_id = ?
		AND NOT EXISTS (SELECT 1 FROM notice_mutes q WHERE q.user_id = m.user_id AND q.team_id = m.team_id) ORDER BY t.key`, userID)
}

// dueFor is what is assigned to somebody and due until a moment.
func dueFor(g *gorm.DB, teamID, userID string, until time.Time) ([]dueItem, error) {
	return db.List(g, func(r *sql.Rows, d *dueItem) error {
		var due int64
		err := r.Scan(&d.title, &d.number, &due)
		d.due = db.Time(due)
		return err
	}, `SELECT title, number, due_at FROM patches WHERE team_id = ? AND is_open AND assignee_id = ? AND due_at <= ? ORDER BY due_at, id LIMIT 500`,
		teamID, userID, until.UnixMicro())
}

func blockersFor(g *gorm.DB, teamID, userID string, all bool) ([]stuckItem, error) {
	return db.List(g, func(r *sql.Rows, b *stuckItem) error {
		var since int64
		err := r.Scan(&b.needed, &b.number, &since)
		b.since = db.Time(since)
		return err
	}, `SELECT b.needed, p.number, b.since FROM blockers b JOIN patches p ON p.id = b.patch_id
		WHERE b.team_id = ? AND b.resolved_at IS NULL AND (? OR b.owner_id = ? OR p.assignee_id = ?) ORDER BY b.since, b.id LIMIT 500`,
		teamID, all, userID, userID)
}

func unreadMentions(g *gorm.DB, teamID, userID string, since time.Time) (n int, err error) {
	err = db.One(g.Raw(`SELECT COUNT(*) FROM notifications WHERE user_id = ? AND team_id = ? AND kind = ? AND shown AND read_at IS NULL AND at >= ?`,
		userID, teamID, Mention, since.UnixMicro()), &n)
	return n, err
}
