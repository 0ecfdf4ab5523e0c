package intake

import (
	"database/sql"
	"slices"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// unsettled are those of the open patches that have no score yet, or count other
// findings than they have: an import was cut short before it scored them.
func unsettled(g *gorm.DB, ids []string) (out []string, err error) {
	for part := range slices.Chunk(ids, 500) {
		err = db.Each(g, func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			out = append(out, id)
			return err
		}, `SELECT p.id FROM patches p WHERE p.id IN ? AND p.is_open AND (
			NOT EXISTS (SELECT 1 FROM patch_scores s WHERE s.id = p.id)
			OR p.findings <> (SELECT COUNT(*) FROM findings f WHERE f.patch_id = p.id AND f.status = 'open'))`, part)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// openByTeam groups those of the patches that are open by their team.
func openByTeam(g *gorm.DB, ids []string) (map[string][]string, error) {
	return teamsOf(g, ids, " AND is_open")
}

// teamsOf groups patches by their team, with one more condition.
func teamsOf(g *gorm.DB, ids []string, and string) (map[string][]string, error) {
	out := map[string][]string{}
	for part := range slices.Chunk(ids, 500) {
		err := db.Each(g, func(r *sql.Rows) error {
			var id, teamID string
			err := r.Scan(&id, &teamID)
			out[teamID] = append(out[teamID], id)
			return err
		}, "SELECT id, team_id FROM patches WHERE id IN ?"+and, part)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// standings reads how patches stand.
func standings(g *gorm.DB, ids []string) (map[string]standing, error) {
	out := make(map[string]standing, len(ids))
	for part := range slices.Chunk(ids, 500) {
		err := db.Each(g, func(r *sql.Rows) error {
			var id string
			var s standing
			err := r.Scan(&id, &s.priority, &s.kev)
			out[id] = s
			return err
		}, "SELECT id, priority, kev FROM patches WHERE id IN ?", part)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// assumingEPSS are the open patches whose scores stand on the median, by team.
func assumingEPSS(g *gorm.DB) (map[string][]string, error) {
	out := map[string][]string{}
	err := db.Each(g, func(r *sql.Rows) error {
		var id, teamID string
		err := r.Scan(&id, &teamID)
		out[teamID] = append(out[teamID], id)
		return err
	}, `SELECT id, team_id FROM patches WHERE is_open AND assumed LIKE '%"epss"%'`)
	return out, err
}
