package team

import (
	"errors"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

func setting(g *gorm.DB, name string) (value string, err error) {
	err = g.Raw("SELECT value FROM settings WHERE name = ?", name).Scan(&value).Error
	return value, err
}

func addSetting(tx *db.Tx, name, value string) error {
	return tx.Exec("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", name, value).Error
}

func userByEmail(g *gorm.DB, email string) (*User, error) {
	return found(db.Find[User](g, "person", "email = ?", email))
}

func userByID(g *gorm.DB, id string) (*User, error) {
	return found(db.Find[User](g, "person", "id = ?", id))
}

// found leaves nothing half filled beside an error.
func found[T any](row *T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return row, nil
}

func lockUser(tx *db.Tx, id string) (*User, error) {
	if err := tx.Lock("users", id); err != nil {
		return nil, err
	}
	return userByID(tx.DB, id)
}

func lockSession(tx *db.Tx, id string) (*Session, *User, error) {
	if err := tx.Lock("sessions", id); err != nil {
		return nil, nil, err
	}
	session, err := found(db.Find[Session](tx.DB, "session", "id = ?", id))
	if err != nil {
		return nil, nil, err
	}
	user, err := userByID(tx.DB, session.UserID)
	return session, user, err
}

func rotateSession(tx *db.Tx, s *Session, old, next string) error {
	return tx.Exec("UPDATE sessions SET refresh_hash = ?, previous_hash = ?, rotated_at = ?, last_seen_at = ?, expires_at = ? WHERE id = ?",
		next, old, tx.Now.UnixMicro(), tx.Now.UnixMicro(), s.ExpiresAt.UnixMicro(), s.ID).Error
}

func sessionsOf(g *gorm.DB, userID string, now time.Time) ([]Session, error) {
	var out []Session
	err := g.Where("user_id = ? AND ended_at IS NULL AND expires_at > ?", userID, now.UnixMicro()).
		Order("last_seen_at DESC, id DESC").Limit(200).Find(&out).Error
	return out, err
}

func endSession(tx *db.Tx, userID, id string) (int64, error) {
	r := tx.Exec("UPDATE sessions SET ended_at = ? WHERE id = ? AND user_id = ? AND ended_at IS NULL", tx.Now.UnixMicro(), id, userID)
	return r.RowsAffected, r.Error
}

// endSessions ends the live sessions that meet a condition of ours.
func endSessions(tx *db.Tx, where string, args ...any) error {
	return tx.Exec("UPDATE sessions SET ended_at = ? WHERE ended_at IS NULL AND "+where, append([]any{tx.Now.UnixMicro()}, args...)...).Error
}

func setPassword(tx *db.Tx, userID, hash string) error {
	return tx.Exec("UPDATE users SET password_hash = ?, version = version + 1 WHERE id = ?", hash, userID).Error
}

func duplicate(err error) bool { return errors.Is(err, gorm.ErrDuplicatedKey) }

func seen(tx *db.Tx, table, column, id string) error {
	return tx.Exec("UPDATE "+table+" SET "+column+" = ? WHERE id = ? AND ("+column+" IS NULL OR "+column+" <= ?)",
		tx.Now.UnixMicro(), id, tx.Now.Add(-seenEvery).UnixMicro()).Error
}

func addUser(tx *db.Tx, u *User) error {
	err := tx.Create(u).Error
	if duplicate(err) {
		return fault.Wrong("/email", "Somebody with this e-mail address is here already.")
	}
	return err
}
