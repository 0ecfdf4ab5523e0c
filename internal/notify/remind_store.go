package notify

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/team"
)

func allTeams(g *gorm.DB) ([]place, error) {
	return db.List(g, func(r *sql.Rows, p *place) error { return r.Scan(&p.id, &p.key) }, "SELECT id, key FROM teams ORDER BY id")
}

// dueItem is a patch that is due soon, or was.
type dueItem struct {
	id, title, assignee string
	number              int64
	due                 time.Time
}

// dueOf finds what is due within the days that whom it is assigned to chose, and was
// not told to them. The due date counts as a part of the occasion.
func dueOf(g *gorm.DB, teamID string, now time.Time) ([]dueItem, error) {
	day := (24 * time.Hour).Microseconds()
	return db.List(g, func(r *sql.Rows, d *dueItem) error {
		var due int64
		err := r.Scan(&d.id, &d.title, &d.assignee, &d.number, &due)
		d.due = db.Time(due)
		return err
	}, `SELECT p.id, p.title, p.assignee_id, p.number, p.due_at FROM patches p LEFT JOIN notice_people c ON c.user_id = p.assignee_id
		WHERE p.team_id = ? AND p.is_open AND p.assignee_id IS NOT NULL AND p.due_at > ? AND p.due_at <= ? + COALESCE(c.due_days, ?) * ?
		AND COALESCE(c.due_days, ?) > 0
		AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.user_id = p.assignee_id
			AND n.source = CASE WHEN p.due_at <= ? THEN 'overdue ' ELSE 'due ' END || p.id || ' ' || p.due_at)
		ORDER BY p.due_at, p.id LIMIT 5000`,
		teamID, now.Add(-late).UnixMicro(), now.UnixMicro(), DueDays, day, DueDays, now.UnixMicro())
}

// stuckItem is a blocker that has been open for long.
type stuckItem struct {
	id, needed, owner string
	number            int64
	since             time.Time
}

func stuckOf(g *gorm.DB, teamID string, before time.Time) ([]stuckItem, error) {
	return db.List(g, func(r *sql.Rows, b *stuckItem) error {
		var since int64
		err := r.Scan(&b.id, &b.needed, &b.owner, &b.number, &since)
		b.since = db.Time(since)
		return err
	}, `SELECT b.id, b.needed, COALESCE(b.owner_id, ''), p.number, b.since FROM blockers b JOIN patches p ON p.id = b.patch_id
		WHERE b.team_id = ? AND b.resolved_at IS NULL AND b.since <= ? ORDER BY b.since, b.id LIMIT 1000`, teamID, before.UnixMicro())
}

func peopleAs(g *gorm.DB, teamID string, roles ...team.Role) ([]person, error) {
	return people(g, "SELECT u.id, u.name FROM members m JOIN users u ON u.id = m.user_id WHERE m.team_id = ? AND m.role IN ? ORDER BY u.id", teamID, roles)
}
