package notify

import (
	"database/sql"
	"errors"
	"maps"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

func choicesOf(g *gorm.DB, userID string) (Choices, error) {
	c := Choices{Mail: maps.Clone(usual), DigestAt: UsualDigestAt, DueDays: DueDays, Muted: []string{}}
	err := db.Each(g, func(r *sql.Rows) error {
		var kind Kind
		var mail string
		err := r.Scan(&kind, &mail)
		c.Mail[kind] = mail
		return err
	}, "SELECT kind, mail FROM notice_choices WHERE user_id = ?", userID)
	if err != nil {
		return c, err
	}
	err = db.One(g.Raw("SELECT digest_at, time_zone, due_days FROM notice_people WHERE user_id = ?", userID), &c.DigestAt, &c.TimeZone, &c.DueDays)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return c, err
	}
	muted, err := db.List(g, func(r *sql.Rows, key *string) error { return r.Scan(key) },
		"SELECT t.key FROM notice_mutes q JOIN teams t ON t.id = q.team_id JOIN members m ON m.team_id = t.id AND m.user_id = q.user_id WHERE q.user_id = ? ORDER BY t.key", userID)
	c.Muted = append(c.Muted, muted...)
	return c, err
}

// choose keeps how a kind is mailed, and lets what waits follow.
func choose(tx *db.Tx, userID string, kind Kind, mail string) error {
	err := tx.Exec(`INSERT INTO notice_choices (user_id, kind, inbox, mail) VALUES (?, ?, ?, ?)
		ON CONFLICT (user_id, kind) DO UPDATE SET mail = excluded.mail`, userID, kind, true, mail).Error
	if err != nil {
		return err
	}
	if mail == Off {
		mail = ""
	}
	return tx.Exec("UPDATE notifications SET mail = ? WHERE user_id = ? AND kind = ? AND mail <> '' AND mail_id IS NULL", mail, userID, kind).Error
}

// mute keeps from which teams somebody wants no mail; what waits of them is not sent.
func mute(tx *db.Tx, userID string, keys []string) error {
	if err := tx.Exec("DELETE FROM notice_mutes WHERE user_id = ?", userID).Error; err != nil {
		return err
	}
	for _, key := range keys {
		res := tx.Exec(`INSERT INTO notice_mutes (user_id, team_id) SELECT m.user_id, t.id FROM members m JOIN teams t ON t.id = m.team_id
			WHERE m.user_id = ? AND t.key = ? ON CONFLICT (user_id, team_id) DO NOTHING`, userID, key)
		if res.Error == nil && res.RowsAffected == 0 {
			res.Error = fault.Wrong("/muted_teams", "Name teams of yours, each once.")
		}
		if res.Error != nil {
			return res.Error
		}
	}
	return tx.Exec(`UPDATE notifications SET mail = '' WHERE user_id = ? AND mail <> '' AND mail_id IS NULL
		AND team_id IN (SELECT team_id FROM notice_mutes WHERE user_id = ?)`, userID, userID).Error
}

func savePerson(tx *db.Tx, userID string, c Choices) error {
	return tx.Exec(`INSERT INTO notice_people (user_id, due_days, digest_at, time_zone, digested) VALUES (?, ?, ?, ?, '')
		ON CONFLICT (user_id) DO UPDATE SET due_days = excluded.due_days, digest_at = excluded.digest_at, time_zone = excluded.time_zone`,
		userID, c.DueDays, c.DigestAt, c.TimeZone).Error
}

// recipient is somebody who can be told something in a team.
type recipient struct {
	muted bool
	mail  map[Kind]string // what they chose
}

// mailed is when news of a kind are mailed; empty when they are not.
func (r *recipient) mailed(k Kind) string {
	mail, chosen := r.mail[k]
	if !chosen {
		mail = usual[k]
	}
	if r.muted || mail == Off {
		return ""
	}
	return mail
}

// recipientsOf are the people of a team, with what they chose.
func recipientsOf(g *gorm.DB, teamID string) (map[string]*recipient, error) {
	out := map[string]*recipient{}
	return out, db.Each(g, func(r *sql.Rows) error {
		var id string
		var kind, mail sql.NullString
		var muted bool
		if err := r.Scan(&id, &kind, &mail, &muted); err != nil {
			return err
		}
		if out[id] == nil {
			out[id] = &recipient{muted, map[Kind]string{}}
		}
		if kind.Valid {
			out[id].mail[Kind(kind.String)] = mail.String
		}
		return nil
	}, `SELECT m.user_id, c.kind, c.mail, q.user_id IS NOT NULL FROM members m JOIN users u ON u.id = m.user_id AND u.disabled_at IS NULL
		LEFT JOIN notice_choices c ON c.user_id = m.user_id
		LEFT JOIN notice_mutes q ON q.user_id = m.user_id AND q.team_id = m.team_id WHERE m.team_id = ?`, teamID)
}
