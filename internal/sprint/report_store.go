package sprint

import (
	"database/sql"
	"slices"

	"gorm.io/gorm"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scrum"
)

func commitmentsOf(g *gorm.DB, teamKey, sprintID string) ([]scrum.Commitment, error) {
	return db.List(g, func(r *sql.Rows, c *scrum.Commitment) error {
		var number int64
		var due sql.NullInt64
		err := r.Scan(&number, &c.Points, &c.Risk, &due)
		c.Item, c.Due = backlog.Key(teamKey, number), db.MaybeTime(due)
		return err
	}, `SELECT p.number, c.points, c.risk, c.due_at FROM commitments c JOIN patches p ON p.id = c.patch_id
		WHERE c.sprint_id = ? ORDER BY c.rank`, sprintID)
}

// entriesOf reads the ledger: a row names the sprint only if that was active, so
// planning is not among them, whatever the clocks of several servers say. Nor are
// corrections made after a close, which have a detail.
func entriesOf(g *gorm.DB, teamKey string, sp *Sprint) ([]scrum.Entry, error) {
	return db.List(g, func(r *sql.Rows, e *scrum.Entry) error {
		var at, number int64
		err := r.Scan(&at, &e.Kind, &e.Detail, &number, &e.Points, &e.Risk, &e.Actor, &e.Reason)
		e.At, e.Item = db.Time(at), backlog.Key(teamKey, number)
		return err
	}, `SELECT l.at, l.kind, l.detail, p.number, l.points, l.risk, l.actor, l.reason FROM ledger l JOIN patches p ON p.id = l.patch_id
		WHERE l.sprint_id = ? AND l.kind <> '' AND NOT (l.kind = 'correction' AND l.detail <> '') ORDER BY l.at, l.id`, sp.ID)
}

// correctionsOf reads what was corrected after a close. It counts while that close
// stands.
func correctionsOf(g *gorm.DB, teamKey string, sp *Sprint) ([]Correction, error) {
	return db.List(g, func(r *sql.Rows, c *Correction) error {
		var at, number int64
		err := r.Scan(&at, &c.Kind, &c.Detail, &number, &c.Points, &c.Actor, &c.Reason)
		c.At, c.Item = db.Time(at), backlog.Key(teamKey, number)
		c.Counts = sp.State == scrum.Closed && !c.At.Before(*sp.ClosedAt)
		return err
	}, `SELECT l.at, l.kind, l.detail, p.number, l.points, l.actor, l.reason FROM ledger l JOIN patches p ON p.id = l.patch_id
		WHERE l.sprint_id = ? AND l.kind = 'correction' AND l.detail <> '' ORDER BY l.at, l.id`, sp.ID)
}

// riskOf reads the changes of the team's open risk from the start to the close. A
// sum over many items outside the sprint names none.
func riskOf(g *gorm.DB, teamKey string, sp *Sprint) ([]scrum.RiskEntry, error) {
	end := int64(1) << 62
	if sp.ClosedAt != nil {
		end = sp.ClosedAt.UnixMicro()
	}
	return db.List(g, func(r *sql.Rows, e *scrum.RiskEntry) error {
		var at int64
		var number sql.NullInt64
		err := r.Scan(&at, &e.Cause, &number, &e.Delta)
		if e.At = db.Time(at); number.Valid {
			e.Item = backlog.Key(teamKey, number.Int64)
		}
		return err
	}, `SELECT l.at, l.risk_kind, p.number, l.risk FROM ledger l LEFT JOIN patches p ON p.id = l.patch_id
		WHERE l.team_id = ? AND l.at > ? AND l.at <= ? AND l.risk_kind <> '' ORDER BY l.at, l.id`, sp.TeamID, sp.StartedAt.UnixMicro(), end)
}

func titlesOf(g *gorm.DB, teamKey, sprintID string) (map[string]string, error) {
	rows, err := g.Raw(`SELECT number, title FROM patches WHERE id IN (SELECT patch_id FROM commitments WHERE sprint_id = ?
		UNION SELECT patch_id FROM ledger WHERE sprint_id = ?)`, sprintID, sprintID).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var number int64
		var title string
		if err := rows.Scan(&number, &title); err != nil {
			return nil, err
		}
		out[backlog.Key(teamKey, number)] = title
	}
	return out, rows.Err()
}

// closedOf reads the last closed sprints, oldest first.
func closedOf(g *gorm.DB, teamID string, limit int) (out []*Sprint, err error) {
	err = g.Where("team_id = ? AND state = 'closed'", teamID).Order("closed_at DESC, number DESC").Limit(limit).Find(&out).Error
	slices.Reverse(out)
	return out, err
}

// lastResults are what the last closed sprints came to, oldest first.
func lastResults(g *gorm.DB, teamID string, limit int) ([]scrum.SprintResult, error) {
	out, err := db.List(g, func(r *sql.Rows, s *scrum.SprintResult) error { return r.Scan(&s.Number, &s.Committed, &s.Completed) },
		"SELECT number, committed, completed FROM sprints WHERE team_id = ? AND state = 'closed' ORDER BY closed_at DESC, number DESC LIMIT ?", teamID, limit)
	slices.Reverse(out)
	return out, err
}

func openWork(g *gorm.DB, teamID string) (points float64, unestimated int, err error) {
	err = db.One(g.Raw(`SELECT COALESCE(SUM(points), 0), COALESCE(SUM(CASE WHEN points IS NULL THEN 1 ELSE 0 END), 0)
		FROM patches WHERE team_id = ? AND is_open`, teamID), &points, &unestimated)
	return points, unestimated, err
}

// openWorkDownTo sums the open work above a patch in backlog order, and its own.
func openWorkDownTo(g *gorm.DB, p *backlog.Patch) (points float64, unestimated int, err error) {
	err = db.One(g.Raw(`SELECT COALESCE(SUM(points), 0), COALESCE(SUM(CASE WHEN points IS NULL THEN 1 ELSE 0 END), 0)
		FROM patches WHERE team_id = ? AND is_open AND (sort_value > ? OR sort_value = ? AND (tie_key < ? OR tie_key = ? AND id <= ?))`,
		p.TeamID, p.SortValue, p.SortValue, p.TieKey, p.TieKey, p.ID), &points, &unestimated)
	return points, unestimated, err
}
