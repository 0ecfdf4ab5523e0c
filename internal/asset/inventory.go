package asset

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"patchline/internal/db"
)

// Component is one thing that is installed on an asset.
type Component struct {
	Key     string // identity without a version, as findings use it
	Name    string
	Version string
}

// Inventory is the newest list of components of an asset by one source.
type Inventory struct {
	ID, AssetID, Source, Digest string
	Components                  int64
	SeenAt                      time.Time
}

// StoreInventory keeps what a source says is installed on an asset, in place of
// what it said before. A partial one replaces only the versions of the components
// that it names. The same list again, and one that is older than what is known,
// writes nothing.
func StoreInventory(tx *db.Tx, assetID, source string, list []Component, at time.Time, partial bool) (changed bool, err error) {
	old, err := inventoryOf(tx.DB, assetID, source)
	if err != nil {
		return false, err
	}
	if old == nil {
		old = &Inventory{ID: db.NewID(), AssetID: assetID, Source: source}
	} else if old.SeenAt.After(at) {
		return false, nil
	}
	list = distinct(list)
	digest := digestOf(list)
	if old.Digest == digest {
		return false, nil
	}
	var had []Component
	if old.Digest != "" {
		if had, err = componentsIn(tx.DB, old.ID); err != nil {
			return false, err
		}
	}
	if partial {
		list = distinct(append(list, unnamed(had, list)...))
		digest = digestOf(list)
	}
	if old.Digest == digest {
		return false, nil
	}
	old.Digest, old.Components, old.SeenAt = digest, int64(len(list)), at
	if err := keepInventory(tx, old); err != nil {
		return false, err
	}
	return true, replaceComponents(tx, old.ID, had, list)
}

// distinct sorts by key and version, and leaves out what comes twice, such as one
// package for two architectures.
func distinct(list []Component) []Component {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Component) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Version, b.Version)) })
	return slices.CompactFunc(list, func(a, b Component) bool { return a.Key == b.Key && a.Version == b.Version })
}

// unnamed are those of the components that another list does not name.
func unnamed(had, named []Component) []Component {
	keys := map[string]bool{}
	for _, c := range named {
		keys[c.Key] = true
	}
	return slices.DeleteFunc(slices.Clone(had), func(c Component) bool { return keys[c.Key] })
}

func digestOf(list []Component) string {
	h := sha256.New()
	for _, c := range list {
		h.Write([]byte(c.Key + "\x00" + c.Version + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// ComponentFilter narrows and pages the components of an asset.
type ComponentFilter struct {
	Q     string // part of the name
	After *InstalledComponent
	Limit int
}

// InstalledComponent is a component with who says so.
type InstalledComponent struct {
	Component
	Source string
	SeenAt time.Time
}

// Components lists what is installed on an asset, by name.
func (s *Service) Components(ctx context.Context, teamID, id string, f ComponentFilter) (items []InstalledComponent, more bool, err error) {
	g := s.db.Read(ctx)
	a, err := byID(g, teamID, id)
	if err != nil {
		return nil, false, err
	}
	items, err = componentsOf(g, a.ID, f)
	if more = len(items) > f.Limit; more {
		items = items[:f.Limit]
	}
	return items, more, err
}

// Detail is what the page of an asset shows beside the asset.
type Detail struct {
	Asset
	Names       []string // other names that lead here
	Inventories []Inventory
	Merges      []Merge // the latest first
}

// Detail reads an asset with its inventories and second names.
func (s *Service) Detail(ctx context.Context, teamID, id string) (*Detail, error) {
	a, err := s.Get(ctx, teamID, id)
	if err != nil {
		return nil, err
	}
	g := s.db.Read(ctx)
	d := &Detail{Asset: *a}
	if d.Names, err = secondNames(g, a.ID); err != nil {
		return nil, err
	}
	if d.Inventories, err = inventoriesOf(g, a.ID); err != nil {
		return nil, err
	}
	d.Merges, err = mergesInto(g, a.ID)
	return d, err
}
