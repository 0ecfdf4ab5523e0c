package retro

import (
	"database/sql"
	"strings"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

func lessons(g *gorm.DB, where string, args ...any) ([]Lesson, error) {
	return db.List(g, func(r *sql.Rows, l *Lesson) error {
		var at int64
		err := r.Scan(&l.ID, &l.Body, &l.Vendor, &l.Product, &l.Sprint, &l.Patch, &l.Author, &l.Version, &at)
		l.CreatedAt = db.Time(at)
		return err
	}, `SELECT l.id, l.body, l.vendor, l.product, s.number, p.number, l.author, l.version, l.created_at FROM lessons l
		LEFT JOIN sprints s ON s.id = l.sprint_id LEFT JOIN patches p ON p.id = l.patch_id WHERE `+where, args...)
}

func lessonOf(g *gorm.DB, teamID, id string) (*Lesson, error) {
	list, err := lessons(g, "l.team_id = ? AND l.id = ?", teamID, id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "There is no such lesson in this team.")
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// likes escapes what LIKE would read as a pattern.
var likes = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

func searchLessons(g *gorm.DB, teamID string, words []string, before string, limit int) ([]Lesson, error) {
	where, args := "l.team_id = ?", []any{teamID}
	for _, w := range words {
		where, args = where+` AND l.words LIKE ? ESCAPE '\'`, append(args, "%"+likes.Replace(w)+"%")
	}
	if before != "" {
		where, args = where+" AND l.id < ?", append(args, before)
	}
	return lessons(g, where+" ORDER BY l.id DESC LIMIT ?", append(args, limit)...)
}

func lessonsAbout(g *gorm.DB, teamID, vendor, product string, limit int) ([]Lesson, error) {
	return lessons(g, "l.team_id = ? AND l.product_key = ? AND l.vendor_key IN ('', ?) ORDER BY l.id DESC LIMIT ?", teamID, product, vendor, limit)
}

func insertLesson(tx *db.Tx, teamID string, l *Lesson, from origin) error {
	return tx.Exec(`INSERT INTO lessons (id, team_id, body, vendor, product, vendor_key, product_key, words, sprint_id, patch_id, author, version, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
		l.ID, teamID, l.Body, l.Vendor, l.Product, key(l.Vendor), key(l.Product), l.words(), from.sprintID, from.patchID, l.Author, l.CreatedAt.UnixMicro()).Error
}

func updateLesson(tx *db.Tx, l *Lesson) error {
	return tx.Exec("UPDATE lessons SET body = ?, vendor = ?, product = ?, vendor_key = ?, product_key = ?, words = ?, version = version + 1 WHERE id = ?",
		l.Body, l.Vendor, l.Product, key(l.Vendor), key(l.Product), l.words(), l.ID).Error
}

func deleteLesson(tx *db.Tx, id string) error {
	return tx.Exec("DELETE FROM lessons WHERE id = ?", id).Error
}

func (l *Lesson) words() string { return strings.ToLower(l.Body + " " + l.Vendor + " " + l.Product) }

// countLessons counts a team's lessons, by product and vendor as compared.
func countLessons(g *gorm.DB, teamID string) (map[string]map[string]int, error) {
	out := map[string]map[string]int{}
	return out, db.Each(g, func(r *sql.Rows) error {
		var product, vendor string
		var n int
		if err := r.Scan(&product, &vendor, &n); err != nil {
			return err
		}
		if out[product] == nil {
			out[product] = map[string]int{}
		}
		out[product][vendor] = n
		return nil
	}, "SELECT product_key, vendor_key, COUNT(*) FROM lessons WHERE team_id = ? AND product_key <> '' GROUP BY product_key, vendor_key", teamID)
}

func eachComponent(g *gorm.DB, teamID string, numbers []int64, fn func(number int64, component, ecosystem string)) error {
	return db.Each(g, func(r *sql.Rows) error {
		var number int64
		var component, ecosystem string
		err := r.Scan(&number, &component, &ecosystem)
		fn(number, component, ecosystem)
		return err
	}, "SELECT number, component, ecosystem FROM patches WHERE team_id = ? AND number IN ?", teamID, numbers)
}
