package comment

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

func files(g *gorm.DB, where string, args ...any) ([]Attachment, error) {
	return db.List(g, func(r *sql.Rows, a *Attachment) error {
		var created int64
		err := r.Scan(&a.ID, &a.PatchID, &a.By.ID, &a.By.Name, &a.Name, &a.Media, &a.Size, &a.SHA256, &created)
		a.CreatedAt = db.Time(created)
		return err
	}, `SELECT a.id, a.patch_id, u.id, u.name, a.name, a.media, a.size, a.sha256, a.created_at
		FROM attachments a JOIN users u ON u.id = a.user_id WHERE a.complete AND `+where, args...)
}

func filesOf(g *gorm.DB, patchID string, limit int) ([]Attachment, error) {
	return files(g, "a.patch_id = ? ORDER BY a.id LIMIT ?", patchID, limit)
}

func fileByID(g *gorm.DB, patchID, id string) (*Attachment, error) {
	list, err := files(g, "a.patch_id = ? AND a.id = ?", patchID, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "There is no such file on this patch.")
	}
	return &list[0], nil
}

func countFiles(g *gorm.DB, patchID string) (n int, err error) {
	err = db.One(g.Raw("SELECT COUNT(*) FROM attachments WHERE patch_id = ?", patchID), &n)
	return n, err
}

// stored is how many bytes a team has attached.
func stored(g *gorm.DB, teamID string) (bytes int64, err error) {
	err = db.One(g.Raw("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM attachments WHERE team_id = ?", teamID), &bytes)
	return bytes, err
}

func insertFile(tx *db.Tx, teamID string, a *Attachment) error {
	return tx.Exec(`INSERT INTO attachments (id, team_id, patch_id, user_id, name, media, size, sha256, complete, created_at)
		VALUES (?, ?, ?, ?, ?, '', 0, '', ?, ?)`, a.ID, teamID, a.PatchID, a.By.ID, a.Name, false, a.CreatedAt.UnixMicro()).Error
}

func completeFile(tx *db.Tx, a *Attachment) error {
	return tx.Exec("UPDATE attachments SET media = ?, size = ?, sha256 = ?, complete = ? WHERE id = ?", a.Media, a.Size, a.SHA256, true, a.ID).Error
}

func insertPart(tx *db.Tx, id string, number int64, data []byte) error {
	return tx.Exec("INSERT INTO attachment_parts (attachment_id, number, data) VALUES (?, ?, ?)", id, number, data).Error
}

// partOf is nil after the last part.
func partOf(g *gorm.DB, id string, number int64) (data []byte, err error) {
	err = db.Each(g, func(r *sql.Rows) error { return r.Scan(&data) },
		"SELECT data FROM attachment_parts WHERE attachment_id = ? AND number = ?", id, number)
	return data, err
}

func removeFile(tx *db.Tx, id string) error {
	if err := tx.Exec("DELETE FROM attachment_parts WHERE attachment_id = ?", id).Error; err != nil {
		return err
	}
	return tx.Exec("DELETE FROM attachments WHERE id = ?", id).Error
}

func brokenOff(g *gorm.DB, before time.Time) (ids []string, err error) {
	err = g.Raw("SELECT id FROM attachments WHERE NOT complete AND created_at < ?", before.UnixMicro()).Scan(&ids).Error
	return ids, err
}
