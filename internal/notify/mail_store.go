package notify

import (
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

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
