package team

import (
	"database/sql"
	"errors"
	"time"

	"patchline/internal/db"
)

// repeat is a request that was made before with the same key.
type repeat struct {
	request  string
	answered bool
	answer   Answer
	at       time.Time
}

// takeKey takes a key that is free or was forgotten, or reads who has it.
func takeKey(tx *db.Tx, userID, key, request string, forgotten time.Time) (*repeat, error) {
	if err := tx.Exec("DELETE FROM idempotency WHERE user_id = ? AND key = ? AND created_at < ?", userID, key, forgotten.UnixMicro()).Error; err != nil {
		return nil, err
	}
	r := tx.Exec("INSERT INTO idempotency (user_id, key, request, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (user_id, key) DO NOTHING",
		userID, key, request, tx.Now.UnixMicro())
	if r.Error != nil || r.RowsAffected == 1 {
		return nil, r.Error
	}
	return readKey(tx, userID, key)
}

func readKey(tx *db.Tx, userID, key string) (*repeat, error) {
	var out repeat
	var status, at sql.NullInt64
	var body sql.NullString
	err := db.One(tx.Raw("SELECT request, status, body, created_at FROM idempotency WHERE user_id = ? AND key = ?", userID, key),
		&out.request, &status, &body, &at)
	if errors.Is(err, sql.ErrNoRows) { // freed at this moment
		return nil, errKeyBusy
	}
	out.answered, out.answer, out.at = status.Valid, Answer{int(status.Int64), body.String}, db.Time(at.Int64)
	return &out, err
}

func keepAnswer(tx *db.Tx, userID, key string, a Answer) error {
	return tx.Exec("UPDATE idempotency SET status = ?, body = ? WHERE user_id = ? AND key = ?", a.Status, a.Body, userID, key).Error
}

func freeKey(tx *db.Tx, userID, key string) error {
	return tx.Exec("DELETE FROM idempotency WHERE user_id = ? AND key = ? AND status IS NULL", userID, key).Error
}
