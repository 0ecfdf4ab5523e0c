package notify

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// visible narrows notifications n to what somebody may see now.
const visible = ` FROM notifications n JOIN teams t ON t.id = n.team_id
	JOIN members m ON m.team_id = n.team_id AND m.user_id = n.user_id WHERE n.user_id = ? AND n.shown `

func (f Filter) where() (sql string, args []any) {
	if f.Unread {
		sql += " AND n.read_at IS NULL"
	}
	if f.Kind != "" {
		sql, args = sql+" AND n.kind = ?", append(args, f.Kind)
	}
	if f.Team != "" {
		sql, args = sql+" AND t.key = ?", append(args, f.Team)
	}
	if f.Before != "" {
		sql, args = sql+" AND n.id < ?", append(args, f.Before)
	}
	return sql, args
}

func itemsOf(g *gorm.DB, userID string, f Filter) ([]Item, error) {
	where, args := f.where()
	args = append(append([]any{userID}, args...), f.Limit+1)
	return db.List(g, func(r *sql.Rows, i *Item) error {
		var at int64
		var read sql.NullInt64
		err := r.Scan(&i.ID, &i.Team, &i.Kind, &i.Title, &i.Body, &i.Path, &at, &read)
		i.At, i.ReadAt = db.Time(at), db.MaybeTime(read)
		return err
	}, "SELECT n.id, t.key, n.kind, n.title, n.body, n.path, n.at, n.read_at"+visible+where+" ORDER BY n.id DESC LIMIT ?", args...)
}

func unreadOf(g *gorm.DB, userID string) (n int, err error) {
	err = db.One(g.Raw("SELECT COUNT(*) FROM (SELECT 1"+visible+" AND n.read_at IS NULL LIMIT ?) x", userID, MostUnread), &n)
	return n, err
}

// mark returns the teams of what it has marked.
func mark(tx *db.Tx, userID string, m Marking) ([]string, error) {
	sql, args := "SELECT n.id, n.team_id"+visible, []any{userID}
	if len(m.IDs) > 0 {
		sql, args = sql+" AND n.id IN ?", append(args, m.IDs)
	} else {
		where, more := Filter{Kind: m.Kind, Team: m.Team}.where()
		sql, args = sql+where+" AND n.id <= ?", append(append(args, more...), m.Until)
	}
	if m.Read {
		sql += " AND n.read_at IS NULL"
	} else {
		sql += " AND n.read_at IS NOT NULL"
	}
	ids, teams, err := idsAndTeams(tx.DB, sql, args)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var at any
	if m.Read {
		at = tx.Now.UnixMicro()
	}
	return teams, db.InBatches(ids, 1, func(_ int, part []any) error {
		return tx.Exec("UPDATE notifications SET read_at = ? WHERE id IN ?", at, part).Error
	})
}

func idsAndTeams(g *gorm.DB, query string, args []any) (ids []any, teams []string, err error) {
	seen := map[string]bool{}
	err = db.Each(g, func(r *sql.Rows) error {
		var id, team string
		if err := r.Scan(&id, &team); err != nil {
			return err
		}
		if ids = append(ids, id); !seen[team] {
			seen[team] = true
			teams = append(teams, team)
		}
		return nil
	}, query+" ORDER BY n.team_id, n.id", args...)
	return ids, teams, err
}

func forget(tx *db.Tx, before time.Time) error {
	return tx.Exec("DELETE FROM notifications WHERE at < ?", before.UnixMicro()).Error
}
