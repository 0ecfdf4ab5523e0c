package team

import (
	"strings"

	"gorm.io/gorm"

	"patchline/internal/db"
)

func anyUser(g *gorm.DB) (some bool, err error) {
	err = db.One(g.Raw("SELECT EXISTS (SELECT 1 FROM users)"), &some)
	return some, err
}

func otherAdministrators(g *gorm.DB, id string) (n int, err error) {
	err = db.One(g.Raw("SELECT COUNT(*) FROM users WHERE is_admin AND disabled_at IS NULL AND id <> ?", id), &n)
	return n, err
}

func saveUser(tx *db.Tx, u *User) error {
	return tx.Exec("UPDATE users SET name = ?, is_admin = ?, disabled_at = ?, password_hash = ?, version = ? WHERE id = ?",
		u.Name, u.IsAdmin, db.Micros(u.DisabledAt), u.PasswordHash, u.Version, u.ID).Error
}

// teamIDsOf lists a person's teams in the order in which they are locked.
func teamIDsOf(g *gorm.DB, userID string) (ids []string, err error) {
	err = g.Raw("SELECT team_id FROM members WHERE user_id = ? ORDER BY team_id", userID).Scan(&ids).Error
	return ids, err
}

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// like narrows users to those with a part in their name or address. The names are
// few: a scan is good enough.
func like(g *gorm.DB, q string) *gorm.DB {
	if q == "" {
		return g
	}
	part := "%" + likeEscape.Replace(strings.ToLower(q)) + "%"
	return g.Where(`(LOWER(name) LIKE ? ESCAPE '\' OR email LIKE ? ESCAPE '\')`, part, part)
}

func usersLike(g *gorm.DB, q string, after *User, limit int) (out []User, err error) {
	g = like(g, q)
	name := byBytes(g, "name")
	if after != nil {
		g = g.Where("("+name+", id) > (?, ?)", after.Name, after.ID)
	}
	err = g.Order(name + ", id").Limit(limit).Find(&out).Error
	return out, err
}

// byBytes orders by a column as SQLite does, whatever the locale of PostgreSQL.
func byBytes(g *gorm.DB, column string) string {
	if g.Name() == "postgres" {
		return column + ` COLLATE "C"`
	}
	return column
}

// maxCount is where counting stops.
const maxCount = 1000

func countUsersLike(g *gorm.DB, q string) (n int, err error) {
	some := like(g.Session(&gorm.Session{}).Model(&User{}), q).Select("id").Limit(maxCount + 1)
	err = db.One(g.Raw("SELECT COUNT(*) FROM (?) AS found", some), &n)
	return n, err
}
