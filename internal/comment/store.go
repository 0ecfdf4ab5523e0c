package comment

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

const commentColumns = `SELECT c.id, c.patch_id, c.author_id, u.name, c.body, c.created_at, c.edited_at, c.version
	FROM comments c JOIN users u ON u.id = c.author_id `

func comments(g *gorm.DB, where string, args ...any) ([]Comment, error) {
	out, err := db.List(g, func(r *sql.Rows, c *Comment) error {
		var created int64
		var edited sql.NullInt64
		err := r.Scan(&c.ID, &c.PatchID, &c.Author.ID, &c.Author.Name, &c.Body, &created, &edited, &c.Version)
		c.CreatedAt, c.EditedAt, c.Mentions = db.Time(created), db.MaybeTime(edited), []Person{}
		return err
	}, commentColumns+where, args...)
	if err != nil || len(out) == 0 {
		return out, err
	}
	return out, addMentions(g, out)
}

func addMentions(g *gorm.DB, list []Comment) error {
	at, ids := map[string]int{}, make([]string, len(list))
	for i, c := range list {
		at[c.ID], ids[i] = i, c.ID
	}
	return db.Each(g, func(r *sql.Rows) error {
		var id string
		var p Person
		err := r.Scan(&id, &p.ID, &p.Name)
		c := &list[at[id]]
		c.Mentions = append(c.Mentions, p)
		return err
	}, "SELECT m.comment_id, u.id, u.name FROM mentions m JOIN users u ON u.id = m.user_id WHERE m.comment_id IN ? ORDER BY u.name, u.id", ids)
}

func pageOf(g *gorm.DB, patchID, before string, limit int) ([]Comment, error) {
	return comments(g, "WHERE c.patch_id = ? AND (? = '' OR c.id < ?) ORDER BY c.id DESC LIMIT ?", patchID, before, before, limit)
}

func byID(g *gorm.DB, patchID, id string) (*Comment, error) {
	list, err := comments(g, "WHERE c.patch_id = ? AND c.id = ?", patchID, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "There is no such comment on this patch.")
	}
	return &list[0], nil
}

func insert(tx *db.Tx, teamID string, c *Comment) error {
	return tx.Exec("INSERT INTO comments (id, team_id, patch_id, author_id, body, created_at, version) VALUES (?, ?, ?, ?, ?, ?, ?)",
		c.ID, teamID, c.PatchID, c.Author.ID, c.Body, c.CreatedAt.UnixMicro(), c.Version).Error
}

func update(tx *db.Tx, c *Comment) error {
	return tx.Exec("UPDATE comments SET body = ?, edited_at = ?, version = ? WHERE id = ?", c.Body, db.Micros(c.EditedAt), c.Version, c.ID).Error
}

func remove(tx *db.Tx, id string) error {
	if err := tx.Exec("DELETE FROM mentions WHERE comment_id = ?", id).Error; err != nil {
		return err
	}
	return tx.Exec("DELETE FROM comments WHERE id = ?", id).Error
}

// peopleOf are those who can be mentioned: whoever belongs to the team.
func peopleOf(g *gorm.DB, teamID string) ([]Person, error) {
	return db.List(g, func(r *sql.Rows, p *Person) error { return r.Scan(&p.ID, &p.Name) },
		"SELECT u.id, u.name FROM members m JOIN users u ON u.id = m.user_id WHERE m.team_id = ? AND u.disabled_at IS NULL ORDER BY u.name, u.id", teamID)
}

func addMention(tx *db.Tx, teamID string, c *Comment, userID string) error {
	return tx.Exec("INSERT INTO mentions (comment_id, user_id, team_id, patch_id, by_id, at) VALUES (?, ?, ?, ?, ?, ?)",
		c.ID, userID, teamID, c.PatchID, c.Author.ID, tx.Now.UnixMicro()).Error
}

func unmention(tx *db.Tx, commentID, userID string) error {
	return tx.Exec("DELETE FROM mentions WHERE comment_id = ? AND user_id = ?", commentID, userID).Error
}
