package asset

import (
	"database/sql"
	"encoding/json"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

func addMerge(tx *db.Tx, teamID string, m *Merge, did moved) error {
	text, err := json.Marshal(did)
	if err != nil {
		return err
	}
	return tx.Exec("INSERT INTO asset_merges (id, team_id, into_id, moved, who, at) VALUES (?, ?, ?, ?, ?, ?)",
		m.ID, teamID, m.IntoID, string(text), m.Who, m.At.UnixMicro()).Error
}

func scanMerge(r *sql.Rows, m *Merge, did *moved) error {
	var text string
	var at int64
	var undone sql.NullInt64
	if err := r.Scan(&m.ID, &m.IntoID, &text, &m.Who, &at, &undone); err != nil {
		return err
	}
	m.At, m.UndoneAt, m.Names = db.Time(at), db.MaybeTime(undone), []string{}
	err := json.Unmarshal([]byte(text), did)
	for _, a := range did.From {
		m.Names = append(m.Names, a.Name)
	}
	return err
}

func mergeByID(g *gorm.DB, teamID, id string) (*Merge, moved, error) {
	var did moved
	found, err := db.List(g, func(r *sql.Rows, m *Merge) error { return scanMerge(r, m, &did) },
		"SELECT id, into_id, moved, who, at, undone_at FROM asset_merges WHERE id = ? AND team_id = ?", id, teamID)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "There is no such merge in this team.")
	}
	if err != nil {
		return nil, did, err
	}
	return &found[0], did, nil
}

func mergesInto(g *gorm.DB, assetID string) ([]Merge, error) {
	return db.List(g, func(r *sql.Rows, m *Merge) error { return scanMerge(r, m, &moved{}) },
		"SELECT id, into_id, moved, who, at, undone_at FROM asset_merges WHERE into_id = ? ORDER BY at DESC, id DESC LIMIT 20", assetID)
}

// latestMerge refuses to undo a merge beneath a later one of the same asset.
func latestMerge(g *gorm.DB, m *Merge) error {
	var later int
	err := db.One(g.Raw("SELECT COUNT(*) FROM asset_merges WHERE into_id = ? AND id > ? AND undone_at IS NULL", m.IntoID, m.ID), &later)
	if err == nil && later == 0 {
		err = db.One(g.Raw("SELECT COUNT(*) FROM assets WHERE id = ? AND merged_into IS NOT NULL", m.IntoID), &later)
	}
	if err == nil && later > 0 {
		return fault.New(fault.Conflict, "The asset was merged again since; undo the later merge first.")
	}
	return err
}

func endMerge(tx *db.Tx, m *Merge) error {
	return tx.Exec("UPDATE asset_merges SET undone_at = ? WHERE id = ?", m.UndoneAt.UnixMicro(), m.ID).Error
}

// renamesOf are the ids of an asset's second names.
func renamesOf(g *gorm.DB, assetID string) (ids []string, err error) {
	ids = []string{}
	err = g.Raw("SELECT id FROM assets WHERE merged_into = ? ORDER BY id", assetID).Scan(&ids).Error
	return ids, err
}

// moveInventories gives an asset's inventories to another. Where both have one by
// the same source the newer counts, and the other is kept aside.
func moveInventories(tx *db.Tx, a, into *Asset, one *movedAsset) error {
	one.Inventories, one.Parked = []string{}, []string{}
	own, err := inventoriesOf(tx.DB, a.ID)
	if err != nil {
		return err
	}
	for _, i := range own {
		theirs, err := inventoryOf(tx.DB, into.ID, i.Source)
		if err != nil {
			return err
		}
		if theirs != nil && !i.SeenAt.After(theirs.SeenAt) {
			continue
		}
		if theirs != nil {
			one.Parked = append(one.Parked, theirs.ID)
		}
		one.Inventories = append(one.Inventories, i.ID)
	}
	if err := giveInventories(tx, one.Parked, a.ID); err != nil {
		return err
	}
	return giveInventories(tx, one.Inventories, into.ID)
}

func giveInventories(tx *db.Tx, ids []string, assetID string) error {
	if len(ids) == 0 {
		return nil
	}
	return tx.Exec("UPDATE asset_inventories SET asset_id = ? WHERE id IN ?", assetID, ids).Error
}

// markMerged makes an asset, and its second names, second names of another.
func markMerged(tx *db.Tx, id string, into *Asset) error {
	if err := tx.Exec("UPDATE assets SET merged_into = ?, version = version + 1 WHERE id = ? OR merged_into = ?", into.ID, id, id).Error; err != nil {
		return err
	}
	return tx.Exec("UPDATE assets SET scanned_at = ? WHERE id = ?", db.Micros(into.ScannedAt), into.ID).Error
}

// unmark makes a merged asset one of its own again.
func unmark(tx *db.Tx, one movedAsset, into string) error {
	if err := giveInventories(tx, one.Inventories, one.ID); err != nil {
		return err
	}
	if err := giveInventories(tx, one.Parked, into); err != nil {
		return err
	}
	if err := tx.Exec("UPDATE assets SET merged_into = NULL, version = version + 1 WHERE id = ?", one.ID).Error; err != nil || len(one.Names) == 0 {
		return err
	}
	return tx.Exec("UPDATE assets SET merged_into = ? WHERE id IN ?", one.ID, one.Names).Error
}
