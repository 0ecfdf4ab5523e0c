package backlog

import (
	"cmp"
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// detailOf reads a patch with its text, its names, its sprint and its successor at
// one go: reading one patch is what is done most.
func detailOf(g *gorm.DB, teamID string, number int64) (*Detail, error) {
	found, err := db.List(g, func(r *sql.Rows, d *Detail) error {
		var detected sql.NullInt64
		err := scanWith(r, &d.Patch, &d.Stream, &d.DropReason, &detected, &d.AssigneeName, &d.PlacedByName, &d.SprintNumber, &d.Description, &d.DropNote, &d.Successor, &d.helped)
		d.DetectedAt, d.Text.ID = db.MaybeTime(detected), d.Patch.ID
		return err
	}, "SELECT "+columns+`, p.stream, p.drop_reason, p.detected_at, COALESCE(a.name, ''), COALESCE(b.name, ''), s.number, t.description, t.drop_note, n.number,
			EXISTS (SELECT 1 FROM co_assignees c WHERE c.patch_id = p.id)
		FROM patches p JOIN patch_texts t ON t.id = p.id LEFT JOIN users a ON a.id = p.assignee_id LEFT JOIN users b ON b.id = p.placed_by
		LEFT JOIN sprints s ON s.id = p.sprint_id AND s.state IN ('planned', 'active') LEFT JOIN patches n ON n.id = p.superseded_by
		WHERE p.team_id = ? AND p.number = ?`, teamID, number)
	if err != nil || len(found) == 0 {
		return nil, cmp.Or(err, noSuchPatch())
	}
	return &found[0], nil
}

func findingsOf(g *gorm.DB, patchID, after string, limit int) ([]Finding, error) {
	out, err := db.List(g, func(r *sql.Rows, f *Finding) error {
		var seen int64
		err := r.Scan(&f.ID, &f.AssetID, &f.AssetName, &f.Component, &f.InstalledVersion, &f.FixedVersion, &f.VulnerabilityID, &f.Severity, &f.KEV, &f.Status, &seen)
		f.FirstSeenAt, f.Sources = db.Time(seen), []string{}
		return err
	}, `SELECT f.id, f.asset_id, a.name, f.component, f.installed_version, f.fixed_version, f.vulnerability_id, f.severity, k.id IS NOT NULL, f.status, f.first_seen_at
		FROM findings f JOIN assets a ON a.id = f.asset_id LEFT JOIN kev k ON k.id = f.vulnerability_id
		WHERE f.patch_id = ? AND f.id > ? ORDER BY f.id LIMIT ?`, patchID, after, limit)
	if err != nil || len(out) == 0 {
		return out, err
	}
	return out, addSources(g, out)
}

func addSources(g *gorm.DB, findings []Finding) error {
	at := map[string]int{}
	ids := make([]string, len(findings))
	for i, f := range findings {
		at[f.ID], ids[i] = i, f.ID
	}
	rows, err := g.Raw("SELECT finding_id, source FROM finding_sources WHERE finding_id IN ? AND seen ORDER BY source", ids).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, source string
		if err := rows.Scan(&id, &source); err != nil {
			return err
		}
		findings[at[id]].Sources = append(findings[at[id]].Sources, source)
	}
	return rows.Err()
}
