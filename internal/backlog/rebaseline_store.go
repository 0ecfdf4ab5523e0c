package backlog

import "gorm.io/gorm"

// placedOf reads the open patches that somebody placed, from the top.
func placedOf(g *gorm.DB, teamID string) (out []Patch, err error) {
	err = g.Raw(`SELECT * FROM patches WHERE team_id = ? AND placed_at IS NOT NULL AND is_open
		ORDER BY sort_value DESC, tie_key, id`, teamID).Scan(&out).Error
	return out, err
}

// rankedAbove is the id of the nearest open patch above another that nobody
// placed; "" when there is none.
func rankedAbove(g *gorm.DB, p *Patch) (string, error) {
	const order = " AND placed_at IS NULL ORDER BY sort_value, tie_key DESC, id DESC LIMIT 1"
	found, err := one(g.Raw(others+"AND sort_value = ? AND (tie_key, id) < (?, ?)"+order, p.TeamID, p.ID, p.SortValue, p.TieKey, p.ID))
	if found == nil && err == nil {
		found, err = one(g.Raw(others+"AND sort_value > ?"+order, p.TeamID, p.ID, p.SortValue))
	}
	if found == nil || err != nil {
		return "", err
	}
	return found.ID, nil
}
