package review

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/backlog"
	"patchline/internal/db"
)

const ofSprint = "(SELECT patch_id FROM memberships WHERE sprint_id = ?)"

// evidenceOf reads what speaks for each item of a sprint, by key. Findings move along
// when a later patch supersedes an earlier one, which then shows none.
func evidenceOf(g *gorm.DB, teamKey, sprintID string) (map[string]*Evidence, error) {
	byID, out := map[string]*Evidence{}, map[string]*Evidence{}
	err := db.Each(g, func(r *sql.Rows) error {
		var e Evidence
		var id string
		var number int64
		err := r.Scan(&id, &number, &e.Checks, &e.Comments, &e.Files)
		byID[id], out[backlog.Key(teamKey, number)] = &e, &e
		return err
	}, `SELECT p.id, p.number, (SELECT COUNT(*) FROM patch_checks c WHERE c.patch_id = p.id AND c.list = 'done'),
			(SELECT COUNT(*) FROM comments c WHERE c.patch_id = p.id), (SELECT COUNT(*) FROM attachments a WHERE a.patch_id = p.id AND a.complete)
		FROM patches p WHERE p.id IN `+ofSprint, sprintID)
	if err != nil {
		return nil, err
	}
	if err := addHosts(g, sprintID, byID); err != nil {
		return nil, err
	}
	return out, addScans(g, sprintID, byID)
}

func addHosts(g *gorm.DB, sprintID string, byID map[string]*Evidence) error {
	return db.Each(g, func(r *sql.Rows) error {
		var id string
		var hosts, open int64
		err := r.Scan(&id, &hosts, &open)
		if e := byID[id]; e != nil {
			e.Hosts, e.Patched = hosts, hosts-open
		}
		return err
	}, `SELECT h.patch_id, COUNT(*), SUM(h.affected) FROM (
			SELECT f.patch_id, f.asset_id, MAX(CASE WHEN f.status = 'open' THEN 1 ELSE 0 END) AS affected
			FROM findings f JOIN assets a ON a.id = f.asset_id AND a.retired_at IS NULL
			WHERE f.status <> 'not_affected' AND f.patch_id IN `+ofSprint+` GROUP BY f.patch_id, f.asset_id) AS h GROUP BY h.patch_id`, sprintID)
}

func addScans(g *gorm.DB, sprintID string, byID map[string]*Evidence) error {
	return db.Each(g, func(r *sql.Rows) error {
		var id string
		var s Scan
		var at sql.NullInt64
		err := r.Scan(&id, &s.Source, &s.Gone, &s.Seen, &at)
		s.At = db.MaybeTime(at)
		if e := byID[id]; e != nil {
			e.Scans = append(e.Scans, s)
		}
		return err
	}, `SELECT f.patch_id, s.source, SUM(CASE WHEN s.seen THEN 0 ELSE 1 END), SUM(CASE WHEN s.seen THEN 1 ELSE 0 END), MAX(CASE WHEN s.seen THEN NULL ELSE s.since END)
		FROM findings f JOIN finding_sources s ON s.finding_id = f.id WHERE f.status <> 'not_affected' AND f.patch_id IN `+ofSprint+`
		GROUP BY f.patch_id, s.source ORDER BY f.patch_id, s.source`, sprintID)
}
