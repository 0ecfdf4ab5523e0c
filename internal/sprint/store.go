package sprint

import (
	"database/sql"
	"errors"
	"maps"
	"time"

	"gorm.io/gorm"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
)

func byNumber(g *gorm.DB, teamID string, number int64) (*Sprint, error) {
	return db.Find[Sprint](g, "sprint in this team", "team_id = ? AND number = ?", teamID, number)
}

func byID(g *gorm.DB, id string) (*Sprint, error) { return db.Find[Sprint](g, "sprint", "id = ?", id) }

// lock reads a sprint and holds it until the transaction ends. Seen is the
// version the caller saw; 0 means that it does not matter.
func lock(tx *db.Tx, teamID string, number, seen int64) (*Sprint, error) {
	sp, err := byNumber(tx.DB, teamID, number)
	if err != nil {
		return nil, err
	}
	if err := tx.Lock("sprints", sp.ID); err != nil {
		return nil, err
	}
	if sp, err = byID(tx.DB, sp.ID); err != nil {
		return nil, err
	}
	if seen != 0 && sp.Version != seen {
		return nil, fault.Stale(sp, "Somebody changed this sprint first. Look at it as it is now, then decide.")
	}
	return sp, nil
}

// save writes columns of a locked sprint and moves its version on.
func save(tx *db.Tx, sp *Sprint, columns map[string]any) error {
	set := maps.Clone(columns)
	sp.Version++
	set["version"] = sp.Version
	return tx.Table("sprints").Where("id = ?", sp.ID).Updates(set).Error
}

// lockWith holds the sprint as lock does, with those that the patches are in now: all
// in one order, so that no two wait for each other.
func lockWith(tx *db.Tx, teamID string, number int64, patches []int64) (*Sprint, error) {
	if tx.Postgres() {
		var ids []string
		err := tx.Raw(`SELECT id FROM sprints WHERE team_id = ? AND (number = ? OR id IN (SELECT sprint_id FROM patches WHERE team_id = ? AND number IN ?)) ORDER BY id`,
			teamID, number, teamID, patches).Scan(&ids).Error
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if err := tx.Lock("sprints", id); err != nil {
				return nil, err
			}
		}
	}
	return lock(tx, teamID, number, 0)
}

func list(g *gorm.DB, teamID string, states []string, before int64, limit int) (out []*Sprint, err error) {
	q := g.Where("team_id = ?", teamID)
	if len(states) > 0 {
		q = q.Where("state IN ?", states)
	}
	if before > 0 {
		q = q.Where("number < ?", before)
	}
	err = q.Order("number DESC").Limit(limit).Find(&out).Error
	return out, err
}

func activeOf(g *gorm.DB, teamID string) (out []*Sprint, err error) {
	err = g.Where("team_id = ? AND state = 'active'", teamID).Order("number").Find(&out).Error
	return out, err
}

// AllActive are the team's active sprints, by number.
func AllActive(g *gorm.DB, teamID string) ([]*Sprint, error) { return activeOf(g, teamID) }

// Active is the team's active sprint, the first one if there are several; nil if
// there is none.
func Active(g *gorm.DB, teamID string) (*Sprint, error) {
	all, err := activeOf(g, teamID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

func nextPlanned(g *gorm.DB, teamID string) (*Sprint, error) {
	return maybe(g.Where("team_id = ? AND state = 'planned'", teamID).Order("start_date, number"))
}

// lastOf is the sprint planned furthest ahead that was not cancelled.
func lastOf(g *gorm.DB, teamID string) (*Sprint, error) {
	return maybe(g.Where("team_id = ? AND state <> 'cancelled'", teamID).Order("end_date DESC, number DESC"))
}

func maybe(q *gorm.DB) (*Sprint, error) {
	var sp Sprint
	err := q.Take(&sp).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	return &sp, err
}

// FillFrom computes what is shown beside the row of a sprint that is not closed, of
// which all items are at hand.
func FillFrom(g *gorm.DB, now time.Time, sp *Sprint, items []Summed) error {
	deadline, err := sp.deadline(now)
	if err != nil {
		return err
	}
	for i := range items {
		sp.Totals.add(&items[i], deadline)
	}
	velocity, err := velocityOf(g, sp.TeamID)
	sp.Velocity = velocity.Mean
	return err
}

// fill computes what is shown beside the rows of sprints.
func fill(g *gorm.DB, now time.Time, sprints ...*Sprint) error {
	if len(sprints) == 0 {
		return nil
	}
	velocity, err := velocityOf(g, sprints[0].TeamID)
	if err != nil {
		return err
	}
	for _, sp := range sprints {
		sp.Velocity = velocity.Mean
		if err := total(g, now, sp); err != nil {
			return err
		}
	}
	return nil
}

func total(g *gorm.DB, now time.Time, sp *Sprint) error {
	deadline, err := sp.deadline(now)
	if err != nil {
		return err
	}
	if sp.State == scrum.Closed {
		return closedTotal(g, sp)
	}
	t := &sp.Totals
	return db.One(g.Raw(`SELECT COUNT(*), COALESCE(SUM(points), 0), COALESCE(SUM(CASE WHEN points IS NULL THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN is_open THEN risk ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN is_open AND due_at < ? THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN kev THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN is_open THEN 0 ELSE points END), 0)
		FROM patches WHERE sprint_id = ?`, deadline.UnixMicro(), sp.ID), &t.Items, &t.Points, &t.Unestimated, &t.Risk, &t.DueAtRisk, &t.KEV, &t.Completed)
}

// closedTotal counts a closed sprint's items by how they left.
func closedTotal(g *gorm.DB, sp *Sprint) error {
	sp.Totals.Points, sp.Totals.Completed = *sp.FinalScope, *sp.Completed
	return db.One(g.Raw("SELECT COUNT(*) FROM memberships WHERE sprint_id = ? AND outcome IN ('completed', 'carried')", sp.ID), &sp.Totals.Items)
}

// itemsOf lists a sprint's patches in backlog order.
func itemsOf(g *gorm.DB, sprintID string, limit int) ([]Item, error) {
	patches, err := backlog.OfSprint(g, sprintID, limit)
	if err != nil {
		return nil, err
	}
	how, err := membershipsOf(g, sprintID)
	if err != nil {
		return nil, err
	}
	out := make([]Item, len(patches))
	for i, p := range patches {
		m := how[p.ID]
		out[i] = Item{p, m.How, m.Unplanned}
	}
	return out, nil
}

// Membership is how a patch came into a sprint.
type Membership struct {
	How       string
	Unplanned bool
}

func membershipsOf(g *gorm.DB, sprintID string) (map[string]Membership, error) {
	out := map[string]Membership{}
	rows, err := g.Raw("SELECT patch_id, how, unplanned FROM memberships WHERE sprint_id = ?", sprintID).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var m Membership
		if err := rows.Scan(&id, &m.How, &m.Unplanned); err != nil {
			return nil, err
		}
		out[id] = m
	}
	return out, rows.Err()
}

// lastKey is a board key behind all cards of a column.
func lastKey(g *gorm.DB, sprintID string, status scrum.Status) (string, error) {
	var last sql.NullString
	err := db.One(g.Raw("SELECT MAX(board_key) FROM patches WHERE sprint_id = ? AND status = ?", sprintID, string(status)), &last)
	if err != nil {
		return "", err
	}
	return scrum.RankBetween(last.String, "")
}

// commit writes one immutable row per open item, and orders the board like the
// backlog. An item finished before the start was never promised: it leaves.
func commit(tx *db.Tx, sp *Sprint) error {
	items, err := itemsOf(tx.DB, sp.ID, 1_000_000)
	if err != nil {
		return err
	}
	keys, rank := scrum.RankSpread(len(items)), 0
	for _, item := range items {
		if !item.IsOpen {
			if err := backlog.Leave(tx, item.ID, sp.ID, "", false); err != nil {
				return err
			}
			if err := tx.Exec("UPDATE patches SET sprint_id = NULL WHERE id = ?", item.ID).Error; err != nil {
				return err
			}
			continue
		}
		err := tx.Exec(`INSERT INTO commitments (sprint_id, patch_id, points, risk, due_at, assignee_id, rank) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			sp.ID, item.ID, item.Points, item.Risk, db.Micros(item.DueAt), item.AssigneeID, rank+1).Error
		if err != nil {
			return err
		}
		if err := tx.Exec("UPDATE patches SET board_key = ? WHERE id = ?", keys[rank], item.ID).Error; err != nil {
			return err
		}
		rank++
	}
	return tx.Exec("UPDATE memberships SET how = 'committed' WHERE sprint_id = ? AND how = 'planned'", sp.ID).Error
}

// sums are the commitment and the open risk of the whole backlog.
func sums(g *gorm.DB, sp *Sprint) (committed, openRisk float64, err error) {
	if err = db.One(g.Raw("SELECT COALESCE(SUM(points), 0) FROM commitments WHERE sprint_id = ?", sp.ID), &committed); err != nil {
		return 0, 0, err
	}
	err = db.One(g.Raw("SELECT COALESCE(SUM(risk), 0) FROM patches WHERE team_id = ? AND is_open", sp.TeamID), &openRisk)
	return committed, openRisk, err
}

// release returns the open items of a cancelled sprint to the backlog.
func release(tx *db.Tx, who audit.Who, sp *Sprint, started bool) error {
	items, err := itemsOf(tx.DB, sp.ID, 1_000_000)
	if err != nil {
		return err
	}
	for i := range items {
		p := &items[i].Patch
		if !p.IsOpen {
			continue
		}
		if err := backlog.Leave(tx, p.ID, sp.ID, backlog.OutcomeRemoved, started); err != nil {
			return err
		}
		if err := backlog.Change(tx, who, p, p.Version, map[string]any{"sprint_id": nil}); err != nil {
			return err
		}
	}
	return nil
}

// emergencyPoints are those of the emergencies that came into a sprint and are
// still part of it.
func emergencyPoints(g *gorm.DB, sprintID string) (sum float64, err error) {
	err = db.One(g.Raw(`SELECT COALESCE(SUM(p.points), 0) FROM memberships m JOIN patches p ON p.id = m.patch_id
		WHERE m.sprint_id = ? AND m.how = ? AND m.outcome IN ('', ?)`, sprintID, backlog.HowEmergency, backlog.OutcomeCompleted), &sum)
	return sum, err
}

// NumberOf is the number of the planned or active sprint with an id; nil for none
// and any other.
func NumberOf(tx *db.Tx, id *string) (*int64, error) {
	if id == nil {
		return nil, nil
	}
	sp, err := byID(tx.DB, *id)
	if err != nil || sp.State.Over() {
		return nil, err
	}
	return &sp.Number, nil
}
