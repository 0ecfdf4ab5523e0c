package board

import (
	"context"
	"database/sql"

	"patchline/internal/db"
	"patchline/internal/team"
)

// Group is a group of assets with the patches in active sprints that some of its
// assets still need, or have got there.
type Group struct {
	ID, Name string
	Numbers  []int64
}

// Groups are a team's groups of assets that the board concerns, by name.
func (s *Service) Groups(ctx context.Context, t *team.Team) ([]Group, error) {
	type row struct {
		id, name, order string
		number          int64
	}
	rows, err := db.List(s.db.Read(ctx), func(r *sql.Rows, v *row) error {
		return r.Scan(&v.id, &v.name, &v.number, &v.order)
	}, `SELECT DISTINCT g.id, g.name, p.number, g.name_key
		FROM (SELECT p.number, f.asset_id FROM sprints s JOIN patches p ON p.sprint_id = s.id JOIN findings f ON f.patch_id = p.id
				WHERE s.team_id = ? AND s.state = 'active'
			UNION SELECT p.number, a.asset_id FROM sprints s JOIN patches p ON p.sprint_id = s.id JOIN patch_assets a ON a.patch_id = p.id
				WHERE s.team_id = ? AND s.state = 'active') p
			JOIN asset_group_members m ON m.asset_id = p.asset_id JOIN asset_groups g ON g.id = m.group_id
		WHERE m.pinned OR m.matched ORDER BY g.name_key, g.id, p.number`, t.ID, t.ID)
	out := []Group{}
	for _, v := range rows {
		if n := len(out); n == 0 || out[n-1].ID != v.id {
			out = append(out, Group{ID: v.id, Name: v.name})
		}
		last := &out[len(out)-1]
		last.Numbers = append(last.Numbers, v.number)
	}
	return out, err
}
