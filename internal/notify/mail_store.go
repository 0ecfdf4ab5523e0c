package notify

import (
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

// waitingFor is what somebody waits to be mailed.
type waitingFor struct {
	userID      string
	calm        bool
	first, last time.Time
}

func toCollect(g *gorm.DB) ([]waitingFor, error) {
	return db.List(g, func(r *sql.Rows, w *waitingFor) error {
		var first, last int64
		err := r.Scan(&w.userID, &w.calm, &first, &last)
		w.first, w.last = db.Time(first), db.Time(last)
		return err
	}, `SELECT user_id, calm, MIN(at), MAX(at) FROM (SELECT user_id, kind IN ? AS calm, at FROM notifications
		WHERE mail <> '' AND mail_id IS NULL AND mail = ?) x GROUP BY user_id, calm ORDER BY user_id, calm`, calm, Immediate)
}

// collect makes one mail of what somebody waits for; with isCalm of one sort only.
// What they have read meanwhile is not mailed.
func collect(tx *db.Tx, userID, mail string, isCalm *bool) error {
	where, args := "user_id = ? AND mail = ? AND mail_id IS NULL", []any{userID, mail}
	if isCalm != nil {
		where, args = where+" AND (kind IN ?) = ?", append(args, calm, *isCalm)
	}
	if err := tx.Exec("UPDATE notifications SET mail = '' WHERE mail <> '' AND read_at IS NOT NULL AND "+where, args...).Error; err != nil {
		return err
	}
	id := db.NewID()
	res := tx.Exec("UPDATE notifications SET mail_id = ? WHERE mail <> '' AND "+where, append([]any{id}, args...)...)
	if res.Error != nil || res.RowsAffected == 0 {
		return res.Error // another server was faster
	}
	return tx.Exec(`INSERT INTO mails (id, user_id, subject, body, html, state, attempts, next_at, error, created_at) VALUES (?, ?, '', '', '', ?, 0, ?, '', ?)`,
		id, userID, Waiting, tx.Now.UnixMicro(), tx.Now.UnixMicro()).Error
}

// dueMail are a few mails to hand in now, also those whose sender was killed.
func dueMail(g *gorm.DB, now time.Time) ([]string, error) {
	return db.List(g, func(r *sql.Rows, id *string) error { return r.Scan(id) },
		"SELECT id FROM mails WHERE state IN ('waiting', 'sending') AND next_at <= ? ORDER BY next_at, id LIMIT 4", now.UnixMicro())
}

// claimMail takes a mail until a moment. It returns the number of the attempt; 0 if
// somebody else was faster.
func claimMail(tx *db.Tx, id string, until time.Time) (attempt int64, err error) {
	err = db.One(tx.Raw(`UPDATE mails SET state = ?, attempts = attempts + 1, next_at = ? WHERE id = ? AND state IN ('waiting', 'sending') AND next_at <= ?
		RETURNING attempts`, Sending, until.UnixMicro(), id, tx.Now.UnixMicro()), &attempt)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return attempt, err
}

func saveMail(tx *db.Tx, id string, attempt int64, state string, next time.Time, failure string) error {
	var sent *time.Time
	if state == Sent {
		sent = &tx.Now
	}
	return tx.Exec("UPDATE mails SET state = ?, next_at = ?, error = ?, sent_at = ? WHERE id = ? AND state = ? AND attempts = ?",
		state, next.UnixMicro(), failure, db.Micros(sent), id, Sending, attempt).Error
}

func nameMail(tx *db.Tx, id, subject string) error {
	return tx.Exec("UPDATE mails SET subject = ? WHERE id = ?", subject, id).Error
}

func retryMail(tx *db.Tx, id string) error {
	return tx.Exec("UPDATE mails SET state = ?, next_at = ? WHERE id = ?", Waiting, tx.Now.UnixMicro(), id).Error
}

func forgetOneMail(tx *db.Tx, id string) error {
	return tx.Exec("DELETE FROM mails WHERE id = ?", id).Error
}

func forgetMails(tx *db.Tx, before time.Time) error {
	return tx.Exec("DELETE FROM mails WHERE created_at < ?", before.UnixMicro()).Error
}

// addressee is who a mail goes to.
type addressee struct{ name, email string }

// told is a notice as a mail says it.
type told struct {
	team, title, body, path string
	digest                  bool
}

// contentOf is what a mail says: those of its notices that its person may see now.
// Who was disabled or has left a team is told nothing of it any more.
func contentOf(g *gorm.DB, id string) (to addressee, news []told, err error) {
	news, err = db.List(g, func(r *sql.Rows, n *told) error {
		return r.Scan(&to.name, &to.email, &n.team, &n.title, &n.body, &n.path, &n.digest)
	}, `SELECT u.name, u.email, t.name, n.title, n.body, n.path, n.mail = 'digest' FROM mails l
		JOIN users u ON u.id = l.user_id AND u.disabled_at IS NULL
		JOIN notifications n ON n.user_id = l.user_id AND n.mail_id = l.id
		JOIN members m ON m.team_id = n.team_id AND m.user_id = n.user_id
		JOIN teams t ON t.id = n.team_id WHERE l.id = ? ORDER BY t.name, t.id, n.shown, n.id`, id)
	return to, news, err
}

const postColumns = `SELECT l.id, u.name, u.email, l.subject, l.state, l.attempts, l.next_at, l.error, l.created_at, l.sent_at
	FROM mails l JOIN users u ON u.id = l.user_id WHERE `

func scanPost(r *sql.Rows, p *Post) error {
	var next, created int64
	var sent sql.NullInt64
	err := r.Scan(&p.ID, &p.Name, &p.Email, &p.Subject, &p.State, &p.Attempts, &next, &p.Error, &created, &sent)
	p.NextAt, p.CreatedAt, p.SentAt = db.Time(next), db.Time(created), db.MaybeTime(sent)
	return err
}

func mailsOf(g *gorm.DB, state, before string, limit int) ([]Post, error) {
	where, args := "1 = 1", []any{}
	if state != "" {
		where, args = where+" AND l.state = ?", append(args, state)
	}
	if before != "" {
		where, args = where+" AND l.id < ?", append(args, before)
	}
	return db.List(g, scanPost, postColumns+where+" ORDER BY l.id DESC LIMIT ?", append(args, limit)...)
}

func mailByID(g *gorm.DB, id string) (*Post, error) {
	found, err := db.List(g, scanPost, postColumns+"l.id = ?", id)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, fault.New(fault.NotFound, "There is no such mail.")
	}
	return &found[0], nil
}
