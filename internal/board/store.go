package board

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scrum"
)

// cardsOf reads only what a card shows, column by column from top to bottom.
func cardsOf(g *gorm.DB, sprintID string) ([]Card, error) {
	cards, err := db.List(g, func(r *sql.Rows, c *Card) error {
		var due, blocked, moved sql.NullInt64
		var labels string
		err := r.Scan(&c.Number, &c.Title, &c.Status, &c.Priority, &c.Risk, &c.KEV, &due, &c.Points, &c.AssigneeID, &c.AssigneeName,
			&c.Carried, &c.Assets, &c.Patched, &c.Version, &c.How, &c.Unplanned, &blocked, &moved, &labels)
		c.Labels = db.SplitWords(labels)
		c.DueAt, c.BlockedSince, c.Since = db.MaybeTime(due), db.MaybeTime(blocked), db.MaybeTime(moved)
		return err
	}, `SELECT p.number, p.title, p.status, p.priority, p.risk, p.kev, p.due_at, p.points, p.assignee_id, COALESCE(u.name, ''),
			p.carried, p.assets, p.patched, p.version, COALESCE(m.how, ''), COALESCE(m.unplanned, ?), b.since, p.moved_at, p.labels
		FROM patches p LEFT JOIN users u ON u.id = p.assignee_id LEFT JOIN memberships m ON m.sprint_id = p.sprint_id AND m.patch_id = p.id
			LEFT JOIN blockers b ON b.patch_id = p.id AND b.resolved_at IS NULL
		WHERE p.sprint_id = ? ORDER BY p.board_key, p.id`, false, sprintID)
	if err != nil {
		return nil, err
	}
	return cards, addWork(g, sprintID, cards)
}

// addWork adds to cards what most have not.
func addWork(g *gorm.DB, sprintID string, cards []Card) error {
	work, err := backlog.WorkOfSprint(g, sprintID)
	for i := range cards {
		w := work[cards[i].Number]
		cards[i].Tasks, cards[i].CoAssignees = w.Tasks, w.CoAssignees
	}
	return err
}

// inColumn is the statuses a column shows: "To do" holds new and ready items.
func inColumn(column scrum.Status) []string {
	if column == scrum.Ready {
		return []string{string(scrum.New), string(scrum.Ready)}
	}
	return []string{string(column)}
}

func keyAfter(tx *db.Tx, p *backlog.Patch, column scrum.Status, key string) (string, error) {
	var found sql.NullString
	err := db.One(tx.Raw("SELECT MIN(board_key) FROM patches WHERE sprint_id = ? AND status IN ? AND board_key > ? AND id <> ?",
		*p.SprintID, inColumn(column), key, p.ID), &found)
	return found.String, err
}

// keyBefore is the last key before one, or the last of the column when key is
// empty.
func keyBefore(tx *db.Tx, p *backlog.Patch, column scrum.Status, key string) (string, error) {
	var found sql.NullString
	query := "SELECT MAX(board_key) FROM patches WHERE sprint_id = ? AND status IN ? AND id <> ?"
	args := []any{*p.SprintID, inColumn(column), p.ID}
	if key != "" {
		query, args = query+" AND board_key < ?", append(args, key)
	}
	err := db.One(tx.Raw(query, args...), &found)
	return found.String, err
}

// spread gives the cards of a column fresh short keys in the order they stand.
func spread(tx *db.Tx, sprintID string, column scrum.Status) error {
	var ids []string
	err := tx.Raw("SELECT id FROM patches WHERE sprint_id = ? AND status IN ? ORDER BY board_key, id", sprintID, inColumn(column)).Scan(&ids).Error
	if err != nil {
		return err
	}
	for i, key := range scrum.RankSpread(len(ids)) {
		if err := tx.Exec("UPDATE patches SET board_key = ? WHERE id = ?", key, ids[i]).Error; err != nil {
			return err
		}
	}
	return nil
}

// counts are the cards in progress beside one of them.
type counts struct {
	column, person int
	emergency      bool // the card itself came as one
}

// countsOf counts the other cards of a column and of the assignee that are in
// progress in the sprint. Emergencies have their own lane and do not count.
func countsOf(tx *db.Tx, p *backlog.Patch, to scrum.Status) (n counts, err error) {
	var working []string
	for _, s := range scrum.Statuses {
		if inProgress(s) {
			working = append(working, string(s))
		}
	}
	assignee := ""
	if p.AssigneeID != nil {
		assignee = *p.AssigneeID
	}
	err = db.One(tx.Raw(`SELECT COALESCE(SUM(CASE WHEN p.status IN ? THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN p.assignee_id = ? AND p.status IN ? THEN 1 ELSE 0 END), 0),
			EXISTS (SELECT 1 FROM memberships e WHERE e.sprint_id = ? AND e.patch_id = ? AND e.how = ?)
		FROM patches p LEFT JOIN memberships m ON m.sprint_id = p.sprint_id AND m.patch_id = p.id
		WHERE p.sprint_id = ? AND p.id <> ? AND COALESCE(m.how, '') <> ?`,
		inColumn(to.Column()), assignee, working, *p.SprintID, p.ID, backlog.HowEmergency, *p.SprintID, p.ID, backlog.HowEmergency),
		&n.column, &n.person, &n.emergency)
	return n, err
}
