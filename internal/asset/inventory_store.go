package asset

import (
	"database/sql"

	"gorm.io/gorm"

	"patchline/internal/db"
)

func scanInventory(r *sql.Rows, i *Inventory) error {
	var seen int64
	err := r.Scan(&i.ID, &i.AssetID, &i.Source, &i.Digest, &i.Components, &seen)
	i.SeenAt = db.Time(seen)
	return err
}

func inventoriesOf(g *gorm.DB, assetID string) ([]Inventory, error) {
	return db.List(g, scanInventory, "SELECT id, asset_id, source, digest, components, seen_at FROM asset_inventories WHERE asset_id = ? ORDER BY source, id", assetID)
}

// inventoryOf is nil when the source has never listed the asset.
func inventoryOf(g *gorm.DB, assetID, source string) (*Inventory, error) {
	found, err := db.List(g, scanInventory, "SELECT id, asset_id, source, digest, components, seen_at FROM asset_inventories WHERE asset_id = ? AND source = ? ORDER BY seen_at DESC", assetID, source)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func keepInventory(tx *db.Tx, i *Inventory) error {
	return tx.Exec(`INSERT INTO asset_inventories (id, asset_id, source, digest, components, seen_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, components = excluded.components, seen_at = excluded.seen_at`,
		i.ID, i.AssetID, i.Source, i.Digest, i.Components, i.SeenAt.UnixMicro()).Error
}

func componentsIn(g *gorm.DB, inventoryID string) ([]Component, error) {
	return db.List(g, func(r *sql.Rows, c *Component) error { return r.Scan(&c.Key, &c.Version, &c.Name) },
		"SELECT component, version, name FROM asset_components WHERE inventory_id = ?", inventoryID)
}

// replaceComponents writes only the lines that came and went.
func replaceComponents(tx *db.Tx, id string, had, has []Component) error {
	type line struct{ key, version string }
	gone := map[line]bool{}
	for _, c := range had {
		gone[line{c.Key, c.Version}] = true
	}
	var fresh, old []any
	for _, c := range has {
		if at := (line{c.Key, c.Version}); gone[at] {
			delete(gone, at)
		} else {
			fresh = append(fresh, id, c.Key, c.Version, c.Name)
		}
	}
	for at := range gone {
		old = append(old, at.key, at.version)
	}
	err := db.InBatches(old, 2, func(rows int, part []any) error {
		return tx.Exec("DELETE FROM asset_components WHERE inventory_id = ? AND (component, version) IN (VALUES "+db.Tuples(rows, 2)+")", append([]any{id}, part...)...).Error
	})
	if err != nil {
		return err
	}
	return intoComponents.Write(tx, fresh)
}

var intoComponents = db.Insert("asset_components", "inventory_id text, component text, version text, name text", "")

func componentsOf(g *gorm.DB, assetID string, f ComponentFilter) ([]InstalledComponent, error) {
	where, args := "i.asset_id = ?", []any{assetID}
	if q := NameKey(f.Q); q != "" {
		where, args = where+` AND LOWER(c.name) LIKE ? ESCAPE '\'`, append(args, like(q))
	}
	if a := f.After; a != nil {
		where, args = where+" AND (c.component, c.version, i.source) > (?, ?, ?)", append(args, a.Key, a.Version, a.Source)
	}
	return db.List(g, func(r *sql.Rows, c *InstalledComponent) error {
		var seen int64
		err := r.Scan(&c.Key, &c.Version, &c.Name, &c.Source, &seen)
		c.SeenAt = db.Time(seen)
		return err
	}, `SELECT c.component, c.version, c.name, i.source, i.seen_at FROM asset_inventories i JOIN asset_components c ON c.inventory_id = i.id
		WHERE `+where+" ORDER BY c.component, c.version, i.source LIMIT ?", append(args, f.Limit+1)...)
}

func secondNames(g *gorm.DB, assetID string) (names []string, err error) {
	names = []string{}
	err = g.Raw("SELECT name FROM assets WHERE merged_into = ? ORDER BY name_key", assetID).Scan(&names).Error
	return names, err
}
