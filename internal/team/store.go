package team

import (
	"database/sql"
	"errors"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

// ByID finds a team.
func ByID(g *gorm.DB, id string) (*Team, error) {
	return db.Find[Team](g, "team", "id = ?", id)
}

// ByKey finds a team by its key, such as INF.
func ByKey(g *gorm.DB, key string) (*Team, error) {
	return db.Find[Team](g, "team", "key = ?", key)
}

// Lock holds a team's row until the transaction ends, then reads it: what is
// decided from it is decided by one at a time. It comes before any other lock.
func Lock(tx *db.Tx, id string) (*Team, error) {
	if err := tx.Lock("teams", id); err != nil {
		return nil, err
	}
	return ByID(tx.DB, id)
}

// TakePatchNumbers reserves n numbers in a row for new patches and returns the
// first. A transaction that fails gives them back.
func TakePatchNumbers(tx *db.Tx, teamID string, n int64) (first int64, err error) {
	last, err := take(tx, "last_patch", teamID, n)
	return last - n + 1, err
}

// TakeSprintNumber reserves the number of a new sprint.
func TakeSprintNumber(tx *db.Tx, teamID string) (int64, error) {
	return take(tx, "last_sprint", teamID, 1)
}

// ReturnSprintNumber frees the last number that was taken, of a sprint that is gone.
func ReturnSprintNumber(tx *db.Tx, teamID string, number int64) error {
	return tx.Exec("UPDATE teams SET last_sprint = last_sprint - 1 WHERE id = ? AND last_sprint = ?", teamID, number).Error
}

func take(tx *db.Tx, counter, teamID string, n int64) (last int64, err error) {
	query := "UPDATE teams SET " + counter + " = " + counter + " + ? WHERE id = ? RETURNING " + counter
	err = db.One(tx.Raw(query, n, teamID), &last)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no such team.")
	}
	return last, err
}

// Names finds the names of users by their ids; an id that is not there has none.
func Names(g *gorm.DB, ids []string) (map[string]string, error) {
	out := make(map[string]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := g.Raw("SELECT id, name FROM users WHERE id IN ?", ids).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		out[id] = name
	}
	return out, rows.Err()
}

// IsMember tells whether work can be given to somebody: an enabled person of the
// team who is more than a viewer.
func IsMember(g *gorm.DB, teamID, userID string) (bool, error) {
	var n int
	err := db.One(g.Raw(`SELECT COUNT(*) FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.team_id = ? AND m.user_id = ? AND m.role <> ? AND u.disabled_at IS NULL`,
		teamID, userID, Viewer), &n)
	return n == 1, err
}
