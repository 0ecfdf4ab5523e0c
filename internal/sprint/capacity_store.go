package sprint

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// emergencyShares are the parts of the scope of the last five closed sprints that
// came as emergencies, oldest first.
func emergencyShares(g *gorm.DB, teamID string) ([]float64, error) {
	return db.List(g, func(r *sql.Rows, share *float64) error { return r.Scan(share) },
		`SELECT x.share FROM (
			SELECT s.closed_at, CASE WHEN s.final_scope > 0 THEN COALESCE((SELECT SUM(l.points) FROM ledger l
				WHERE l.sprint_id = s.id AND l.kind = 'added' AND l.detail = 'emergency'), 0) / s.final_scope ELSE 0 END AS share
			FROM sprints s WHERE s.team_id = ? AND s.state = 'closed' ORDER BY s.closed_at DESC LIMIT 5) AS x ORDER BY x.closed_at`, teamID)
}

func pointsByAssignee(g *gorm.DB, sprintID string) (map[string]float64, error) {
	out := map[string]float64{}
	return out, db.Each(g, func(r *sql.Rows) error {
		var id string
		var sum float64
		err := r.Scan(&id, &sum)
		out[id] = sum
		return err
	}, "SELECT assignee_id, COALESCE(SUM(points), 0) FROM patches WHERE sprint_id = ? AND assignee_id IS NOT NULL GROUP BY assignee_id", sprintID)
}

// candidate is what a proposal weighs of a patch.
type candidate struct {
	id, title string
	number    int64
	points    *float64
	risk      float64
	due       *int64
	sprint    sql.NullString
}

// candidatesOf are the items of a planned sprint, then the open items of the
// backlog that are in no sprint, in backlog order.
func candidatesOf(g *gorm.DB, sp *Sprint, limit int) ([]candidate, error) {
	return db.List(g, func(r *sql.Rows, c *candidate) error {
		return r.Scan(&c.id, &c.number, &c.title, &c.points, &c.risk, &c.due, &c.sprint)
	}, `SELECT p.id, p.number, p.title, p.points, p.risk, p.due_at, p.sprint_id FROM patches p
		WHERE p.id IN (SELECT id FROM patches WHERE sprint_id = ? AND is_open)
			OR p.id IN (SELECT b.id FROM patches b WHERE b.team_id = ? AND b.is_open AND b.sprint_id IS NULL
				ORDER BY b.sort_value DESC, b.tie_key, b.id LIMIT ?)
		ORDER BY p.sort_value DESC, p.tie_key, p.id LIMIT ?`, sp.ID, sp.TeamID, limit, limit)
}

// groupsOf are the groups of the assets that patches touch, by patch.
func groupsOf(g *gorm.DB, ids []string) (map[string][]string, error) {
	out := map[string][]string{}
	return out, db.Each(g, func(r *sql.Rows) error {
		var patch, group string
		err := r.Scan(&patch, &group)
		out[patch] = append(out[patch], group)
		return err
	}, `SELECT DISTINCT x.patch_id, m.group_id FROM (
			SELECT f.patch_id, f.asset_id FROM findings f WHERE f.patch_id IN ? AND f.status = 'open'
			UNION SELECT a.patch_id, a.asset_id FROM patch_assets a WHERE a.patch_id IN ?) AS x
		JOIN asset_group_members m ON m.asset_id = x.asset_id WHERE m.pinned OR m.matched`, ids, ids)
}

// rankedOf are the first open items of a backlog in its order.
func rankedOf(g *gorm.DB, teamID string, limit int) ([]candidate, error) {
	return db.List(g, func(r *sql.Rows, c *candidate) error {
		return r.Scan(&c.number, &c.points, &c.due)
	}, `SELECT number, points, due_at FROM patches WHERE team_id = ? AND is_open
		ORDER BY sort_value DESC, tie_key, id LIMIT ?`, teamID, limit)
}
