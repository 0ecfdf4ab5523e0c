package backlog

import (
	"database/sql"
	"slices"

	"gorm.io/gorm"

	"patchline/internal/audit"
	"patchline/internal/db"
)

// isHeld tells whether an exception of a patch is asked for or in force.
func isHeld(g *gorm.DB, patchID string) (held bool, err error) {
	err = db.One(g.Raw("SELECT EXISTS (SELECT 1 FROM exceptions WHERE patch_id = ? AND state IN ('requested', 'approved'))", patchID), &held)
	return held, err
}

// nextPart is the number of the next part of a patch. It counts finished ones too,
// so that they can be reopened.
func nextPart(g *gorm.DB, p *Patch) (n int64, err error) {
	err = db.One(g.Raw(`SELECT 1 + COALESCE(MAX(part), 0) FROM patches WHERE team_id = ? AND (split_from = ? OR component = ? AND component <> '' AND stream = ?)`,
		p.TeamID, p.root(), p.Component, p.Stream), &n)
	return n, err
}

func descriptionOf(g *gorm.DB, patchID string) (text string, err error) {
	err = db.One(g.Raw("SELECT description FROM patch_texts WHERE id = ?", patchID), &text)
	return text, err
}

// takeAsset moves the findings on an asset, also the closed ones, and the naming of
// it by hand; it returns how many there were.
func takeAsset(tx *db.Tx, from, to, assetID string) (int64, error) {
	found := tx.Exec("UPDATE findings SET patch_id = ?, changed_at = ? WHERE patch_id = ? AND asset_id = ?", to, tx.Now.UnixMicro(), from, assetID)
	if found.Error != nil {
		return 0, found.Error
	}
	named := tx.Exec("UPDATE patch_assets SET patch_id = ? WHERE patch_id = ? AND asset_id = ?", to, from, assetID)
	return found.RowsAffected + named.RowsAffected, named.Error
}

func takeFinding(tx *db.Tx, from, to, findingID string) (int64, error) {
	res := tx.Exec("UPDATE findings SET patch_id = ?, changed_at = ? WHERE patch_id = ? AND id = ?", to, tx.Now.UnixMicro(), from, findingID)
	return res.RowsAffected, res.Error
}

// needers counts what a patch is open for: findings, and assets named by hand.
func needers(g *gorm.DB, patchID string) (n int64, err error) {
	err = db.One(g.Raw(`SELECT (SELECT COUNT(*) FROM findings WHERE patch_id = ? AND status = 'open') + (SELECT COUNT(*) FROM patch_assets WHERE patch_id = ?)`,
		patchID, patchID), &n)
	return n, err
}

// copyBeside gives a part what people know and decided about the patch: content,
// needs in both directions, vulnerabilities named by hand, helpers, and the tasks
// that are not done.
func copyBeside(tx *db.Tx, teamID, from, to string) error {
	for _, query := range []string{
		"INSERT INTO patch_contents (id, reboot, downtime, links) SELECT CAST(? AS TEXT), reboot, downtime, links FROM patch_contents WHERE id = ?",
		"INSERT INTO patch_needs (patch_id, needs_id, added_at) SELECT CAST(? AS TEXT), needs_id, added_at FROM patch_needs WHERE patch_id = ?",
		"INSERT INTO patch_needs (patch_id, needs_id, added_at) SELECT patch_id, CAST(? AS TEXT), added_at FROM patch_needs WHERE needs_id = ?",
		"INSERT INTO patch_vulnerabilities (patch_id, vulnerability_id) SELECT CAST(? AS TEXT), vulnerability_id FROM patch_vulnerabilities WHERE patch_id = ?",
	} {
		if err := tx.Exec(query, to, from).Error; err != nil {
			return err
		}
	}
	if err := copyCoAssignees(tx, from, to); err != nil {
		return err
	}
	tasks, err := tasksOf(tx.DB, from)
	for _, k := range tasks {
		if err != nil || k.State == TaskDone {
			continue
		}
		k.ID, k.PatchID, k.Version = db.NewID(), to, 1
		err = insertTask(tx, teamID, &k)
	}
	return err
}

// joinLike puts a part into the sprint of its patch, as it came there: work split
// out of a promise is still promised.
func joinLike(tx *db.Tx, who audit.Who, p, part *Patch) error {
	var how string
	var unplanned bool
	row := tx.Raw("SELECT how, unplanned FROM memberships WHERE sprint_id = ? AND patch_id = ?", *p.SprintID, p.ID)
	if err := db.One(row, &how, &unplanned); err != nil {
		return err
	}
	return Join(tx, who, part.ID, *p.SprintID, how, unplanned)
}

// partsOf are the other parts of what a patch was once.
func partsOf(g *gorm.DB, p *Patch) ([]Related, error) {
	return related(g, "WHERE (p.split_from = ? OR p.id = ?) AND p.id <> ? ORDER BY p.number LIMIT ?", p.root(), p.root(), p.ID, shownRelated)
}

// SplitComponents are the components that have open parts; most teams have none.
func SplitComponents(g *gorm.DB, teamID string) (map[string]bool, error) {
	out := map[string]bool{}
	return out, db.Each(g, func(r *sql.Rows) error {
		var component string
		err := r.Scan(&component)
		out[component] = true
		return err
	}, "SELECT DISTINCT component FROM patches WHERE team_id = ? AND is_open AND part > 0", teamID)
}

// Homes tells in which open patch all findings of a component on an asset are: there
// belong the new ones. What is in several parts has no home. The keys are asset and
// component.
func Homes(g *gorm.DB, assetIDs, components []string) (map[[2]string]string, error) {
	out := map[[2]string]string{}
	for some := range slices.Chunk(assetIDs, 500) {
		err := db.Each(g, func(r *sql.Rows) error {
			var key [2]string
			var patchID string
			err := r.Scan(&key[0], &key[1], &patchID)
			out[key] = patchID
			return err
		}, `SELECT f.asset_id, f.component, MIN(p.id) FROM findings f JOIN patches p ON p.id = f.patch_id AND p.is_open
			WHERE f.asset_id IN ? AND f.component IN ? GROUP BY f.asset_id, f.component HAVING COUNT(DISTINCT p.id) = 1`, some, components)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// takeAll moves what a part has to its patch, and takes it out of what needs what: the
// patch has the needs that it was made with.
func takeAll(tx *db.Tx, from, to string) error {
	now := tx.Now.UnixMicro()
	if err := tx.Exec("UPDATE findings SET patch_id = ?, changed_at = ? WHERE patch_id = ?", to, now, from).Error; err != nil {
		return err
	}
	if err := tx.Exec("INSERT INTO patch_assets (patch_id, asset_id) SELECT CAST(? AS TEXT), asset_id FROM patch_assets WHERE patch_id = ? ON CONFLICT DO NOTHING", to, from).Error; err != nil {
		return err
	}
	for _, query := range []string{"DELETE FROM patch_assets WHERE patch_id = ?", "DELETE FROM patch_needs WHERE patch_id = ?", "DELETE FROM patch_needs WHERE needs_id = ?"} {
		if err := tx.Exec(query, from).Error; err != nil {
			return err
		}
	}
	return nil
}

// workedOn names what people have put into a part since it was made; empty when
// nothing. None of it changes the version of the patch.
func workedOn(g *gorm.DB, part *Patch) (what string, err error) {
	made := part.CreatedAt.UnixMicro()
	err = db.One(g.Raw(`SELECT CASE
		WHEN EXISTS (SELECT 1 FROM comments WHERE patch_id = ?) THEN 'comments'
		WHEN EXISTS (SELECT 1 FROM attachments WHERE patch_id = ?) THEN 'files'
		WHEN EXISTS (SELECT 1 FROM blockers WHERE patch_id = ?) THEN 'a blocker'
		WHEN EXISTS (SELECT 1 FROM tasks WHERE patch_id = ? AND updated_at > ?) THEN 'tasks of its own'
		ELSE '' END`, part.ID, part.ID, part.ID, part.ID, made), &what)
	return what, err
}
