package audit

import (
	"encoding/json"

	"gorm.io/gorm"
)

// Of lists what was done to a target, the latest first. Before is the id of the
// last record of the page before, or empty.
func Of(g *gorm.DB, target, before string, limit int) ([]Record, error) {
	q := g.Where("target = ?", target)
	if before != "" {
		q = q.Where("id < ?", before)
	}
	var out []Record
	err := q.Order("id DESC").Limit(limit).Find(&out).Error
	return out, err
}

// Fields is a record's detail as an object.
func (r Record) Fields() map[string]any {
	out := map[string]any{}
	_ = json.Unmarshal([]byte(r.Detail), &out) // only Write writes it
	return out
}
