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
	return db.List(g, func(r *sql.Rows, c *Card) error {
		var due, blocked sql.NullInt64
		err := r.Scan(&c.Number, &c.Title, &c.Status, &c.Priority, &c.KEV, &due, &c.Points, &c.AssigneeID, &c.AssigneeName,
			&c.Carried, &c.Assets, &c.Patched, &c.Version, &c.How, &c.Unplanned, &blocked)
		c.DueAt, c.BlockedSince = db.MaybeTime(due), db.MaybeTime(blocked)
		return err
	}, `SELECT p.number, p.title, p.status, p.priority, p.kev, p.due_at, p.points, p.assignee_id, COALESCE(u.name, ''),
			p.carried, p.assets, p.patched, p.version, COALESCE(m.how, ''), COALESCE(m.unplanned, ?), b.since
		FROM patches p LEFT JOIN users u ON u.id = p.assignee_id LEFT JOIN memberships m ON m.sprint_id = p.sprint_id AND m.patch_id = p.id
			LEFT JOIN blockers b ON b.patch_id = p.id AND b.resolved_at IS NULL
		WHERE p.sprint_id = ? ORDER BY p.board_key, p.id`, false, sprintID)
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
