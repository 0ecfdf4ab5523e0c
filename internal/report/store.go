package report

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

const lived = " AND NOT EXISTS (SELECT 1 FROM history_items h WHERE h.patch_id = p.id)"

// statuses counts a team's patches as they stand.
func statuses(g *gorm.DB, teamID string) (map[scrum.Status]int, error) {
	out := map[scrum.Status]int{}
	err := db.Each(g, func(r *sql.Rows) error {
		var status scrum.Status
		var n int
		err := r.Scan(&status, &n)
		out[status] = n
		return err
	}, "SELECT p.status, COUNT(*) FROM patches p WHERE p.team_id = ?"+lived+" GROUP BY p.status", teamID)
	return out, err
}

// movesSince are the changes of status, and the new patches, from a moment on. A
// new patch is as it was before its first change.
func movesSince(g *gorm.DB, teamID string, since time.Time) ([]scrum.Move, error) {
	scan := func(r *sql.Rows, m *scrum.Move) error {
		var at int64
		err := r.Scan(&at, &m.From, &m.To)
		m.At = db.Time(at)
		return err
	}
	moves, err := db.List(g, scan, `SELECT c.at, c.from_status, c.to_status FROM status_changes c JOIN patches p ON p.id = c.patch_id
		WHERE c.team_id = ? AND c.at >= ?`+lived+` ORDER BY c.at, c.to_status`, teamID, since.UnixMicro())
	if err != nil {
		return nil, err
	}
	made, err := db.List(g, scan, `SELECT p.created_at, '', COALESCE((SELECT c.from_status FROM status_changes c WHERE c.patch_id = p.id ORDER BY c.at LIMIT 1), p.status)
		FROM patches p WHERE p.team_id = ? AND p.created_at >= ?`+lived, teamID, since.UnixMicro())
	return append(made, moves...), err
}

// cyclesSince are the finished items, the latest first. Work begins when an item
// first leaves the waiting statuses, and ends when it was last verified.
func cyclesSince(g *gorm.DB, t *team.Team, since time.Time, limit int) ([]Cycle, error) {
	return db.List(g, func(r *sql.Rows, c *Cycle) error {
		var number, done, started int64
		err := r.Scan(&c.id, &number, &c.Title, &c.Points, &done, &started)
		c.Key, c.Done, c.Started = keyOf(t, number), db.Time(done), db.Time(started)
		return err
	}, `SELECT p.id, p.number, p.title, p.points, d.at, (SELECT MIN(b.at) FROM status_changes b WHERE b.patch_id = p.id AND b.to_status NOT IN ('new', 'ready', 'dropped'))
		FROM (SELECT c.patch_id, MAX(c.at) AS at FROM status_changes c WHERE c.team_id = ? AND c.at >= ? AND c.to_status = 'verified' GROUP BY c.patch_id) d
		JOIN patches p ON p.id = d.patch_id WHERE p.status = 'verified'`+lived+` ORDER BY d.at DESC, p.id LIMIT ?`, t.ID, since.UnixMicro(), limit)
}

// span is how long something stood in the way.
type span struct {
	since, until time.Time
	open         bool
}

// spans are the times a team's blockers stood in the way: one that was resolved and
// came back has several, and the time between them was not blocked.
const spans = `(SELECT b.id, b.patch_id, b.needed,
		COALESCE((SELECT MAX(x.reopened_at) FROM blocker_pauses x WHERE x.blocker_id = b.id), b.since) AS since, b.resolved_at AS until
	FROM blockers b WHERE b.team_id = ?
	UNION ALL SELECT b.id, b.patch_id, b.needed,
		COALESCE((SELECT MAX(y.reopened_at) FROM blocker_pauses y WHERE y.blocker_id = b.id AND y.reopened_at <= x.resolved_at), b.since), x.resolved_at
	FROM blockers b JOIN blocker_pauses x ON x.blocker_id = b.id WHERE b.team_id = ?) AS s`

// blockersOf are the spans of blockers that were open after a moment, by patch.
func blockersOf(g *gorm.DB, teamID string, since time.Time) (map[string][]span, error) {
	out := map[string][]span{}
	err := db.Each(g, func(r *sql.Rows) error {
		var patch string
		var from int64
		var until sql.NullInt64
		if err := r.Scan(&patch, &from, &until); err != nil {
			return err
		}
		s := span{since: db.Time(from), until: time.Unix(1<<40, 0)}
		if until.Valid {
			s.until = db.Time(until.Int64)
		}
		out[patch] = append(out[patch], s)
		return nil
	}, "SELECT s.patch_id, s.since, s.until FROM "+spans+" WHERE s.until IS NULL OR s.until >= ?", teamID, teamID, since.UnixMicro())
	return out, err
}

// blocker is one that stood in the way of a sprint, with its spans in order.
type blocker struct {
	id, key, title, needed string
	spans                  []span
}

// blockersIn are the blockers of a sprint's items between two moments, the oldest
// first. Of a closed sprint they are those known at its close.
func blockersIn(g *gorm.DB, t *team.Team, sprintID string, from, to time.Time) ([]*blocker, error) {
	var out []*blocker
	known := map[string]*blocker{}
	err := db.Each(g, func(r *sql.Rows) error {
		var b blocker
		var number, since int64
		var until sql.NullInt64
		if err := r.Scan(&b.id, &number, &b.title, &b.needed, &since, &until); err != nil {
			return err
		}
		s := span{since: db.Time(since), until: to, open: true}
		if until.Valid && !db.Time(until.Int64).After(to) {
			s.until, s.open = db.Time(until.Int64), false
		}
		if known[b.id] == nil {
			b.key = keyOf(t, number)
			known[b.id] = &b
			out = append(out, &b)
		}
		known[b.id].spans = append(known[b.id].spans, s)
		return nil
	}, `SELECT s.id, p.number, p.title, s.needed, s.since, s.until FROM `+spans+` JOIN patches p ON p.id = s.patch_id
		WHERE s.since <= ? AND (s.until IS NULL OR s.until >= ?)
			AND s.patch_id IN (SELECT patch_id FROM memberships WHERE sprint_id = ?) ORDER BY s.since, s.id`,
		t.ID, t.ID, to.UnixMicro(), from.UnixMicro(), sprintID)
	return out, err
}

// carriedTimes counts, of the items a sprint carried over, out of how many sprints
// each was carried up to then, by number.
func carriedTimes(g *gorm.DB, teamID, sprintID string, until int64) (map[int64]int, error) {
	out := map[int64]int{}
	err := db.Each(g, func(r *sql.Rows) error {
		var number int64
		var n int
		err := r.Scan(&number, &n)
		out[number] = n
		return err
	}, `SELECT p.number, COUNT(*) FROM memberships m JOIN sprints s ON s.id = m.sprint_id JOIN patches p ON p.id = m.patch_id
		WHERE s.team_id = ? AND m.outcome = 'carried' AND s.closed_at <= ? AND m.patch_id IN (SELECT patch_id FROM memberships WHERE sprint_id = ?)
		GROUP BY p.number`, teamID, until, sprintID)
	return out, err
}

// openTasks are how many tasks of a sprint's patches are not done, by the patch's
// number; of a closed sprint, how many were not when it closed.
func openTasks(g *gorm.DB, sprintID string, closed bool) (map[int64]int, error) {
	open := "(SELECT COUNT(*) FROM tasks k WHERE k.patch_id = m.patch_id AND k.state <> 'done')"
	if closed {
		open = "m.open_tasks"
	}
	out := map[int64]int{}
	return out, db.Each(g, func(r *sql.Rows) error {
		var number int64
		var n int
		err := r.Scan(&number, &n)
		out[number] = n
		return err
	}, "SELECT p.number, "+open+" FROM memberships m JOIN patches p ON p.id = m.patch_id WHERE m.sprint_id = ?", sprintID)
}
