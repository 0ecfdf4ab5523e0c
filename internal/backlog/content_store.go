package backlog

import (
	"database/sql"
	"encoding/json"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// shownRelated bounds the lists of a patch's page.
const shownRelated = 50

func contentOf(g *gorm.DB, p *Patch) (*Content, error) {
	c := &Content{Number: p.Number, Version: p.Version, Reboot: RebootUnknown, Links: []Link{}}
	err := db.Each(g, func(r *sql.Rows) error {
		var links string
		if err := r.Scan(&c.Reboot, &c.Downtime, &links); err != nil {
			return err
		}
		return json.Unmarshal([]byte(links), &c.Links)
	}, "SELECT reboot, downtime, links FROM patch_contents WHERE id = ?", p.ID)
	if err != nil {
		return nil, err
	}
	if p.SupersededBy != nil {
		found, err := related(g, "WHERE p.id = ?", *p.SupersededBy)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			c.SupersededBy = &found[0]
		}
	}
	if c.Supersedes, err = related(g, "WHERE p.superseded_by = ? ORDER BY p.number DESC LIMIT ?", p.ID, shownRelated); err != nil {
		return nil, err
	}
	if c.Parts, err = partsOf(g, p); err != nil {
		return nil, err
	}
	if c.Needs, err = needsOf(g, p.ID); err != nil {
		return nil, err
	}
	c.NeededBy, err = related(g, "JOIN patch_needs n ON n.patch_id = p.id WHERE n.needs_id = ? ORDER BY p.number LIMIT ?", p.ID, shownRelated)
	return c, err
}

func needsOf(g *gorm.DB, patchID string) ([]Related, error) {
	return related(g, "JOIN patch_needs n ON n.needs_id = p.id WHERE n.patch_id = ? ORDER BY p.number", patchID)
}

func related(g *gorm.DB, where string, args ...any) ([]Related, error) {
	return db.List(g, func(r *sql.Rows, o *Related) error {
		return r.Scan(&o.ID, &o.Number, &o.Title, &o.Status, &o.IsOpen)
	}, "SELECT p.id, p.number, p.title, p.status, p.is_open FROM patches p "+where, args...)
}

func saveContent(tx *db.Tx, patchID string, e ContentEdit) error {
	links, err := json.Marshal(e.Links)
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO patch_contents (id, reboot, downtime, links) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET reboot = excluded.reboot, downtime = excluded.downtime, links = excluded.links`,
		patchID, e.Reboot, e.Downtime, string(links)).Error
}

// handOver gives what is known about installing a patch to the one that supersedes
// it: the same component takes as long, and needs the same before it. Links stay,
// for they are about the older version. It runs while the new patch has neither.
func handOver(tx *db.Tx, from, to string) error {
	err := tx.Exec(`INSERT INTO patch_contents (id, reboot, downtime, links) SELECT ?, reboot, downtime, '[]' FROM patch_contents WHERE id = ?`, to, from).Error
	if err != nil {
		return err
	}
	if err := tx.Exec("UPDATE patch_needs SET patch_id = ? WHERE patch_id = ?", to, from).Error; err != nil {
		return err
	}
	if err := tx.Exec("UPDATE patch_needs SET needs_id = ? WHERE needs_id = ?", to, from).Error; err != nil {
		return err
	}
	if err := copyCoAssignees(tx, from, to); err != nil {
		return err
	}
	// another version has to be tested and deployed anew
	if err := tx.Exec("UPDATE tasks SET patch_id = ?, state = 'to_do', version = version + 1, updated_at = ? WHERE patch_id = ?", to, tx.Now.UnixMicro(), from).Error; err != nil {
		return err
	}
	return tx.Exec("UPDATE blockers SET patch_id = ?, version = version + 1 WHERE patch_id = ? AND resolved_at IS NULL", to, from).Error
}

// reachesNeed tells whether a patch needs another one, be it through others.
func reachesNeed(g *gorm.DB, from, to string) (bool, error) {
	var n int
	err := db.One(g.Raw(`WITH RECURSIVE needed (id) AS (
			SELECT CAST(? AS TEXT) UNION SELECT n.needs_id FROM patch_needs n JOIN needed ON needed.id = n.patch_id)
		SELECT COUNT(*) FROM needed WHERE id = ?`, from, to), &n)
	return n > 0, err
}

func addNeed(tx *db.Tx, patchID, needsID string) (int64, error) {
	r := tx.Exec("INSERT INTO patch_needs (patch_id, needs_id, added_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", patchID, needsID, tx.Now.UnixMicro())
	return r.RowsAffected, r.Error
}

func removeNeed(tx *db.Tx, patchID, needsID string) (int64, error) {
	r := tx.Exec("DELETE FROM patch_needs WHERE patch_id = ? AND needs_id = ?", patchID, needsID)
	return r.RowsAffected, r.Error
}
