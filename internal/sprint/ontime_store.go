package sprint

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// deepest is how far down the backlog a forecast for single items looks: below it
// lie more points than a team does in the years that are foretold.
const deepest = 20_000

// between is the number of a row that stands for all items above the next one.
const between = 0

// placed is an open item with its place in the backlog.
type placed struct {
	candidate
	value   float64
	tie, id string
}

// ranksOf reads some open items in backlog order, and before each the points of
// those that lie between it and the one before. Items further down than deepest are
// left out.
func ranksOf(g *gorm.DB, teamID string, numbers []int64) ([]candidate, error) {
	items, err := db.List(g, func(r *sql.Rows, p *placed) error {
		return r.Scan(&p.number, &p.points, &p.due, &p.value, &p.tie, &p.id)
	}, `SELECT number, points, due_at, sort_value, tie_key, id FROM patches WHERE team_id = ? AND is_open AND number IN ?
		ORDER BY sort_value DESC, tie_key, id`, teamID, numbers)
	if err != nil {
		return nil, err
	}
	var out []candidate
	left := deepest
	for i := range items {
		var above *placed
		if i > 0 {
			above = &items[i-1]
		}
		n, points, err := gap(g, teamID, above, &items[i], left)
		if err != nil {
			return nil, err
		}
		if left -= n + 1; left < 0 {
			break
		}
		out = append(out, candidate{number: between, points: &points}, items[i].candidate)
	}
	return out, nil
}

// gap counts and sums the open items above one, down from another or from the top.
// It stops counting past a limit.
func gap(g *gorm.DB, teamID string, above, item *placed, limit int) (n int, points float64, err error) {
	where := "team_id = ? AND is_open AND sort_value >= ? AND (sort_value > ? OR tie_key < ? OR tie_key = ? AND id < ?)"
	args := []any{teamID, item.value, item.value, item.tie, item.tie, item.id}
	if above != nil {
		where += " AND sort_value <= ? AND (sort_value < ? OR tie_key > ? OR tie_key = ? AND id > ?)"
		args = append(args, above.value, above.value, above.tie, above.tie, above.id)
	}
	err = db.One(g.Raw("SELECT COUNT(*), COALESCE(SUM(points), 0) FROM (SELECT points FROM patches WHERE "+where+
		" ORDER BY sort_value DESC, tie_key, id LIMIT ?) AS x", append(args, limit+1)...), &n, &points)
	return n, points, err
}
