package backlog

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// OpenNeeds are the numbers of the open patches that each of the patches needs
// first, by its id.
func OpenNeeds(g *gorm.DB, patchIDs []string) (map[string][]int64, error) {
	out := map[string][]int64{}
	if len(patchIDs) == 0 {
		return out, nil
	}
	return out, db.Each(g, func(r *sql.Rows) error {
		var id string
		var number int64
		err := r.Scan(&id, &number)
		out[id] = append(out[id], number)
		return err
	}, `SELECT n.patch_id, p.number FROM patch_needs n JOIN patches p ON p.id = n.needs_id
		WHERE n.patch_id IN ? AND p.is_open ORDER BY p.number`, patchIDs)
}
