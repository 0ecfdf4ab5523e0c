package review

import (
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// works is when a link l of a user u opens its review.
const works = `l.ended_at IS NULL AND l.expires_at > ? AND u.disabled_at IS NULL
	AND (u.is_admin OR EXISTS (SELECT 1 FROM members m WHERE m.team_id = r.team_id AND m.user_id = u.id))`

func linksOf(g *gorm.DB, sprintID string, now time.Time) ([]Link, error) {
	return db.List(g, func(r *sql.Rows, l *Link) error {
		var made, until int64
		err := r.Scan(&l.ID, &l.By, &made, &until, &l.Comments)
		l.CreatedAt, l.ExpiresAt = db.Time(made), db.Time(until)
		return err
	}, `SELECT l.id, u.name, l.created_at, l.expires_at, (SELECT COUNT(*) FROM review_comments c WHERE c.link_id = l.id)
		FROM review_links l JOIN reviews r ON r.id = l.review_id JOIN users u ON u.id = l.user_id
		WHERE r.sprint_id = ? AND `+works+" ORDER BY l.id DESC", sprintID, now.UnixMicro())
}

func insertLink(tx *db.Tx, reviewID, userID, hash string, l *Link) error {
	return tx.Exec("INSERT INTO review_links (id, review_id, secret_hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
		l.ID, reviewID, hash, userID, l.CreatedAt.UnixMicro(), l.ExpiresAt.UnixMicro()).Error
}

func endLink(tx *db.Tx, reviewID, id string) (int64, error) {
	r := tx.Exec("UPDATE review_links SET ended_at = ? WHERE id = ? AND review_id = ? AND ended_at IS NULL AND expires_at > ?",
		tx.Now.UnixMicro(), id, reviewID, tx.Now.UnixMicro())
	return r.RowsAffected, r.Error
}

// pass is what the secret of a link opens.
type pass struct {
	linkID, teamID string
	sprint         int64
	expires        time.Time
}

func passOf(g *gorm.DB, hash string, now time.Time) (*pass, error) {
	var p pass
	var until int64
	err := db.One(g.Raw(`SELECT l.id, r.team_id, s.number, l.expires_at FROM review_links l JOIN reviews r ON r.id = l.review_id
		JOIN sprints s ON s.id = r.sprint_id JOIN users u ON u.id = l.user_id WHERE l.secret_hash = ? AND `+works, hash, now.UnixMicro()),
		&p.linkID, &p.teamID, &p.sprint, &until)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errNoLink
	}
	p.expires = db.Time(until)
	return &p, err
}

// lately counts the comments by a link since a moment, with the time of the first.
func lately(g *gorm.DB, linkID string, since time.Time) (first time.Time, n int64, err error) {
	var at sql.NullInt64
	err = db.One(g.Raw("SELECT MIN(created_at), COUNT(*) FROM review_comments WHERE link_id = ? AND created_at > ?", linkID, since.UnixMicro()), &at, &n)
	return db.Time(at.Int64), n, err
}
