package retro

import (
	"database/sql"
	"errors"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

// topicsOf lists the groups, the most wanted first, with the dots of one voter.
func topicsOf(g *gorm.DB, retroID, voter string) ([]Topic, error) {
	return topics(g, voter, "t.retro_id = ?", retroID)
}

func topics(g *gorm.DB, voter, where string, args ...any) ([]Topic, error) {
	return db.List(g, func(r *sql.Rows, t *Topic) error {
		return r.Scan(&t.ID, &t.Name, &t.Note, &t.Votes, &t.Version, &t.Mine)
	}, `SELECT t.id, t.name, t.note, t.votes, t.version, COALESCE(v.dots, 0) FROM retro_groups t
		LEFT JOIN retro_votes v ON v.group_id = t.id AND v.voter = ? AND v.voter <> ''
		WHERE `+where+" ORDER BY t.votes DESC, t.id", append([]any{voter}, args...)...)
}

func topicOf(g *gorm.DB, retroID, id string) (*Topic, error) {
	list, err := topics(g, "", "t.retro_id = ? AND t.id = ?", retroID, id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "There is no such group in this retrospective.")
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// mostWanted is the first group to talk about; nil when there is none.
func mostWanted(g *gorm.DB, retroID string) (*string, error) {
	list, err := topicsOf(g, retroID, "")
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0].ID, nil
}

// newGroup makes an empty group under a random id.
func newGroup(tx *db.Tx, retroID string) (string, error) {
	id := uuid.NewString()
	return id, tx.Exec("INSERT INTO retro_groups (id, retro_id, name, note, votes, version) VALUES (?, ?, '', '', 0, 1)", id, retroID).Error
}

// regroup moves a card, and lets go of groups that are empty now.
func regroup(tx *db.Tx, retroID, cardID, groupID string) error {
	if err := tx.Exec("UPDATE retro_cards SET group_id = ? WHERE id = ?", groupID, cardID).Error; err != nil {
		return err
	}
	return tx.Exec(`DELETE FROM retro_groups WHERE retro_id = ? AND NOT EXISTS (SELECT 1 FROM retro_cards c WHERE c.group_id = retro_groups.id)
		AND NOT EXISTS (SELECT 1 FROM retro_actions a WHERE a.group_id = retro_groups.id)`, retroID).Error
}

func saveTopic(tx *db.Tx, t *Topic) error {
	return tx.Exec("UPDATE retro_groups SET name = ?, note = ?, version = version + 1 WHERE id = ?", t.Name, t.Note, t.ID).Error
}

// setDots writes how many dots of a voter a group has.
func setDots(tx *db.Tx, retroID, voter, groupID string, dots int64) error {
	if dots == 0 {
		return tx.Exec("DELETE FROM retro_votes WHERE retro_id = ? AND voter = ? AND group_id = ?", retroID, voter, groupID).Error
	}
	return tx.Exec(`INSERT INTO retro_votes (retro_id, voter, group_id, dots) VALUES (?, ?, ?, ?)
		ON CONFLICT (retro_id, voter, group_id) DO UPDATE SET dots = excluded.dots`, retroID, voter, groupID, dots).Error
}

func dotsOf(g *gorm.DB, retroID, voter string) (n int64, err error) {
	err = db.One(g.Raw("SELECT COALESCE(SUM(dots), 0) FROM retro_votes WHERE retro_id = ? AND voter = ?", retroID, voter), &n)
	return n, err
}

// count ends the voting: the sums stay.
func count(tx *db.Tx, retroID string) error {
	return tx.Exec("UPDATE retro_groups SET votes = (SELECT COALESCE(SUM(v.dots), 0) FROM retro_votes v WHERE v.group_id = retro_groups.id) WHERE retro_id = ?", retroID).Error
}

func uncount(tx *db.Tx, retroID string) error {
	return tx.Exec("UPDATE retro_groups SET votes = 0 WHERE retro_id = ?", retroID).Error
}

func clearVotes(tx *db.Tx, retroID string) error {
	return tx.Exec("DELETE FROM retro_votes WHERE retro_id = ?", retroID).Error
}

// ---- actions

func actionsOf(g *gorm.DB, where string, args ...any) ([]Action, error) {
	return db.List(g, func(r *sql.Rows, a *Action) error {
		return r.Scan(&a.ID, &a.PatchID, &a.Number, &a.Title, &a.Status, &a.IsOpen, &a.OwnerID, &a.Owner, &a.DueSprint, &a.Kept, &a.Sprint, &a.Group)
	}, `SELECT x.id, p.id, p.number, p.title, p.status, p.is_open, p.assignee_id, COALESCE(u.name, ''), x.due_sprint, x.kept, s.number, x.group_id
		FROM retro_actions x JOIN patches p ON p.id = x.patch_id JOIN retros r ON r.id = x.retro_id JOIN sprints s ON s.id = r.sprint_id
		LEFT JOIN users u ON u.id = p.assignee_id WHERE `+where, args...)
}

// formerActions are the open ones of retrospectives of earlier sprints.
func formerActions(g *gorm.DB, r *Retro) ([]Action, error) {
	return actionsOf(g, "x.team_id = ? AND p.is_open AND s.number < ? ORDER BY s.number, p.number LIMIT 200", r.TeamID, r.Sprint.Number)
}

func actionOf(g *gorm.DB, teamID, id string) (*Action, error) {
	list, err := actionsOf(g, "x.team_id = ? AND x.id = ?", teamID, id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "There is no such action in this team.")
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func insertAction(tx *db.Tx, r *Retro, patchID string, w Wish) error {
	err := tx.Exec("INSERT INTO retro_actions (id, team_id, retro_id, group_id, patch_id, due_sprint, kept) VALUES (?, ?, ?, ?, ?, ?, 0)",
		db.NewID(), r.TeamID, r.ID, w.Group, patchID, w.DueSprint).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		err = fault.New(fault.Conflict, "This is an action already.")
	}
	return err
}

func keepAction(tx *db.Tx, id string, due int64) error {
	return tx.Exec("UPDATE retro_actions SET due_sprint = ?, kept = kept + 1 WHERE id = ?", due, id).Error
}
