package sprint

import (
	"errors"

	"gorm.io/gorm"

	"patchline/internal/audit"
	"patchline/internal/db"
)

// noteClosing keeps what a close came to, what it found, and the sprint that it made.
func noteClosing(tx *db.Tx, who audit.Who, sp, made *Sprint, items []closedItem) error {
	c := &Closed{
		ID: db.NewID(), SprintID: sp.ID, ClosedAt: *sp.ClosedAt, ClosedBy: who.Name,
		Completed: *sp.Completed, FinalScope: *sp.FinalScope, GoalMet: sp.GoalMet,
	}
	if made != nil {
		c.NextMade = &made.ID
	}
	if err := tx.Create(c).Error; err != nil {
		return err
	}
	for i := range items {
		items[i].ClosingID = c.ID
	}
	if len(items) == 0 {
		return nil
	}
	return tx.CreateInBatches(items, 500).Error
}

// standing is the close that a closed sprint ended with; nil where a version that
// kept none closed it.
func standing(g *gorm.DB, sprintID string) (*Closed, error) {
	var c Closed
	err := g.Where("sprint_id = ? AND reopened_at IS NULL", sprintID).Order("closed_at DESC").Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	return &c, err
}

func closedItems(g *gorm.DB, closingID string) (out []closedItem, err error) {
	err = g.Where("closing_id = ?", closingID).Order("patch_id").Find(&out).Error
	return out, err
}

// noteReopening writes what became of a close beside it.
func noteReopening(tx *db.Tx, who audit.Who, c *Closed, reason string) error {
	return tx.Table("sprint_closings").Where("id = ?", c.ID).Updates(map[string]any{
		"reopened_at": tx.Now.UnixMicro(), "reopened_by": who.Name, "reason": reason,
	}).Error
}

func noteMovedOn(tx *db.Tx, c closedItem, where string) error {
	return tx.Table("sprint_closing_items").Where("closing_id = ? AND patch_id = ?", c.ClosingID, c.PatchID).Update("moved_on", where).Error
}

// reopenings are the closes of a sprint that were taken back, the oldest first.
func reopenings(g *gorm.DB, sprintID string) (out []*Closed, err error) {
	if err = g.Where("sprint_id = ? AND reopened_at IS NOT NULL", sprintID).Order("closed_at").Find(&out).Error; err != nil {
		return nil, err
	}
	for _, c := range out {
		err := g.Raw(`SELECT p.number, i.moved_on AS "where" FROM sprint_closing_items i JOIN patches p ON p.id = i.patch_id
			WHERE i.closing_id = ? AND i.moved_on <> '' ORDER BY p.number`, c.ID).Scan(&c.MovedOn).Error
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// isUsed tells whether a planned sprint has items, or anything else names it.
func isUsed(g *gorm.DB, sprintID string) (used bool, err error) {
	err = db.One(g.Raw(`SELECT EXISTS (SELECT 1 FROM patches WHERE sprint_id = ?) OR EXISTS (SELECT 1 FROM memberships WHERE sprint_id = ?)
		OR EXISTS (SELECT 1 FROM ledger WHERE sprint_id = ?) OR EXISTS (SELECT 1 FROM retros WHERE sprint_id = ?)
		OR EXISTS (SELECT 1 FROM lessons WHERE sprint_id = ?) OR EXISTS (SELECT 1 FROM reviews WHERE sprint_id = ?)`,
		sprintID, sprintID, sprintID, sprintID, sprintID, sprintID), &used)
	return used, err
}

// forget removes a sprint that was only planned. The close that made it keeps which it
// was in its audit row.
func forget(tx *db.Tx, sprintID string) error {
	if err := tx.Exec("UPDATE sprint_closing_items SET next_sprint_id = NULL WHERE next_sprint_id = ?", sprintID).Error; err != nil {
		return err
	}
	return tx.Exec("DELETE FROM sprints WHERE id = ?", sprintID).Error
}
