package backlog

import (
	"errors"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/scrum"
)

// next is the open patch right below another in the order, leaving out p itself;
// nil at the end. Like a page, it is sought range by range.
func next(g *gorm.DB, p, above *Patch) (*Patch, error) {
	const order = " ORDER BY sort_value DESC, tie_key, id LIMIT 1"
	found, err := one(g.Raw(others+"AND sort_value = ? AND (tie_key, id) > (?, ?)"+order, p.TeamID, p.ID, above.SortValue, above.TieKey, above.ID))
	if found != nil || err != nil {
		return found, err
	}
	return one(g.Raw(others+"AND sort_value < ?"+order, p.TeamID, p.ID, above.SortValue))
}

// previous is the open patch right above another; nil at the top.
func previous(g *gorm.DB, p, below *Patch) (*Patch, error) {
	const order = " ORDER BY sort_value, tie_key DESC, id DESC LIMIT 1"
	found, err := one(g.Raw(others+"AND sort_value = ? AND (tie_key, id) < (?, ?)"+order, p.TeamID, p.ID, below.SortValue, below.TieKey, below.ID))
	if found != nil || err != nil {
		return found, err
	}
	return one(g.Raw(others+"AND sort_value > ?"+order, p.TeamID, p.ID, below.SortValue))
}

const others = "SELECT * FROM patches WHERE team_id = ? AND is_open AND id <> ? "

// first is the topmost open patch other than p.
func first(g *gorm.DB, p *Patch) (*Patch, error) {
	return one(g.Raw(`SELECT * FROM patches WHERE team_id = ? AND is_open AND id <> ?
		ORDER BY sort_value DESC, tie_key, id LIMIT 1`, p.TeamID, p.ID))
}

// last is the open patch other than p that stands at the end.
func last(g *gorm.DB, p *Patch) (*Patch, error) {
	return one(g.Raw(others+"ORDER BY sort_value, tie_key DESC, id DESC LIMIT 1", p.TeamID, p.ID))
}

func one(q *gorm.DB) (*Patch, error) {
	var p Patch
	err := q.Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	return &p, err
}

// spread gives every patch that shares a sort value a fresh short key, in the
// order they stand. The caller holds the order's lock.
func spread(tx *db.Tx, teamID string, value float64) error {
	var ids []string
	err := tx.Raw(`SELECT id FROM patches WHERE team_id = ? AND sort_value = ? ORDER BY tie_key, id`, teamID, value).Scan(&ids).Error
	if err != nil {
		return err
	}
	for i, key := range scrum.RankSpread(len(ids)) {
		if err := tx.Exec("UPDATE patches SET tie_key = ? WHERE id = ?", key, ids[i]).Error; err != nil {
			return err
		}
	}
	return nil
}

// driftCap is where counting the places between two points of the order stops.
const driftCap = 1000

// drift counts the places a placed patch stands above its computed place;
// negative below it.
func drift(g *gorm.DB, p *Patch) (int, error) {
	if p.PlacedAt == nil || !p.IsOpen {
		return 0, nil
	}
	own := scrum.RankAt(p.Number)
	high, highKey, low, lowKey, sign := p.SortValue, p.TieKey, p.Priority, own, 1
	if p.Priority > p.SortValue || p.Priority == p.SortValue && own < p.TieKey {
		high, highKey, low, lowKey, sign = p.Priority, own, p.SortValue, p.TieKey, -1
	}
	// Range by range: one condition over both columns would read all that tie.
	const some = "SELECT 1 FROM patches WHERE team_id = ? AND is_open AND id <> ? AND "
	query, args := some+"sort_value = ? AND tie_key > ? AND tie_key < ?", []any{p.TeamID, p.ID, high, highKey, lowKey}
	if high != low {
		query = some + "sort_value = ? AND tie_key > ? UNION ALL " + some + "sort_value < ? AND sort_value > ? UNION ALL " + some + "sort_value = ? AND tie_key < ?"
		args = []any{p.TeamID, p.ID, high, highKey, p.TeamID, p.ID, high, low, p.TeamID, p.ID, low, lowKey}
	}
	var n int
	err := db.One(g.Raw("SELECT COUNT(*) FROM ("+query+" LIMIT ?) AS between_them", append(args, driftCap)...), &n)
	return sign * n, err
}
