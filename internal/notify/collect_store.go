package notify

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// waitingFor is what somebody waits to be mailed.
type waitingFor struct {
	userID, sort string
	first, last  time.Time
}

const isCalm = "n.kind IN ('" + string(Assigned) + "', '" + string(Comment) + "', '" + string(Sprint) + "')"

// waiting are the notices that wait for a mail at once, each with its sort and with
// the moment from which it counts. What it costs grows with what waits, and with
// nothing else.
const waiting = `SELECT n.id, n.user_id, CASE WHEN NOT ` + isCalm + ` THEN '` + urgent + `'
		WHEN MAX(CASE WHEN ` + isCalm + ` AND s.state = 'planned' THEN 1 ELSE 0 END) OVER (PARTITION BY n.user_id, n.team_id) = 1 THEN n.team_id
		ELSE '` + calm + `' END AS sort,
	CASE WHEN ` + isCalm + ` AND n.at < a.started_at THEN a.started_at ELSE n.at END AS since
	FROM notifications n LEFT JOIN patches p ON p.id = n.patch_id LEFT JOIN sprints s ON s.id = p.sprint_id
	LEFT JOIN (SELECT team_id, MAX(started_at) AS started_at FROM sprints WHERE state = 'active' GROUP BY team_id) a ON a.team_id = n.team_id
	WHERE n.mail <> '' AND n.mail_id IS NULL AND n.mail = '` + Immediate + `'`

func toCollect(g *gorm.DB) ([]waitingFor, error) {
	return db.List(g, func(r *sql.Rows, w *waitingFor) error {
		var first, last int64
		err := r.Scan(&w.userID, &w.sort, &first, &last)
		w.first, w.last = db.Time(first), db.Time(last)
		return err
	}, "SELECT user_id, sort, MIN(since), MAX(since) FROM ("+waiting+") w GROUP BY user_id, sort ORDER BY user_id, sort")
}

// idsToCollect are the notices that wait for the morning, or for a mail of one sort.
func idsToCollect(tx *db.Tx, userID, mail, sort string) (ids []any, err error) {
	query, args := "SELECT id FROM notifications WHERE user_id = ? AND mail = ? AND mail <> '' AND mail_id IS NULL ORDER BY id", []any{userID, mail}
	if mail == Immediate {
		query, args = "SELECT id FROM ("+waiting+" AND n.user_id = ?) w WHERE sort = ? ORDER BY id", []any{userID, sort}
	}
	return ids, db.Each(tx.DB, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, query, args...)
}

// moot is what need not be mailed any more: it was read meanwhile, or the work that
// it gave to its person is not theirs any more.
const moot = `read_at IS NOT NULL OR kind = '` + string(Assigned) + `' AND patch_id IS NOT NULL AND CASE WHEN task_id IS NOT NULL
	THEN NOT EXISTS (SELECT 1 FROM tasks k WHERE k.id = task_id AND k.assignee_id = user_id)
	ELSE NOT EXISTS (SELECT 1 FROM patches p WHERE p.id = patch_id AND p.assignee_id = user_id)
		AND NOT EXISTS (SELECT 1 FROM co_assignees c WHERE c.patch_id = notifications.patch_id AND c.user_id = notifications.user_id) END`

// collect makes one mail of what somebody waits for in the morning, or of one sort.
func collect(tx *db.Tx, userID, mail, sort string) error {
	ids, err := idsToCollect(tx, userID, mail, sort)
	if err != nil || len(ids) == 0 {
		return err // another server was faster
	}
	id, taken := db.NewID(), int64(0)
	err = db.InBatches(ids, 1, func(_ int, part []any) error {
		if err := tx.Exec("UPDATE notifications SET mail = '' WHERE id IN ? AND ("+moot+")", part).Error; err != nil {
			return err
		}
		res := tx.Exec("UPDATE notifications SET mail_id = ? WHERE id IN ? AND mail <> ''", id, part)
		taken += res.RowsAffected
		return res.Error
	})
	if err != nil || taken == 0 {
		return err
	}
	return tx.Exec(`INSERT INTO mails (id, user_id, subject, body, html, state, attempts, next_at, error, created_at) VALUES (?, ?, '', '', '', ?, 0, ?, '', ?)`,
		id, userID, Waiting, tx.Now.UnixMicro(), tx.Now.UnixMicro()).Error
}
