package advisory

import (
	"database/sql"
	"maps"
	"slices"

	"gorm.io/gorm"

	"patchline/internal/db"
)

func storedAliases(g *gorm.DB, ids []string) (aliases, error) {
	out := aliases{}
	err := each(g, "SELECT alias, vulnerability_id FROM aliases WHERE alias IN ?", ids, func(r *sql.Rows) error {
		var alias, id string
		err := r.Scan(&alias, &id)
		out[alias] = id
		return err
	})
	return out, err
}

// Canonical tells for each id under which one its vulnerability is kept: itself,
// if no better one is known.
func Canonical(g *gorm.DB, ids []string) (map[string]string, error) {
	known, err := storedAliases(g, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(ids))
	for _, id := range ids {
		out[id] = known.follow(id)
	}
	return out, nil
}

// Join learns which ids name the same vulnerability. It returns the id to use for
// each group's own id, and those ids that are kept under another one from now on:
// what was stored under them has to move.
func Join(tx *db.Tx, groups []Group) (canonical, moved map[string]string, err error) {
	all := map[string]bool{}
	for _, g := range groups {
		if members := g.members(); len(members) > 1 || !isCVE(g.ID) { // a CVE is nobody's alias
			for _, id := range members {
				all[id] = true
			}
		}
	}
	known, err := storedAliases(tx.DB, slices.Sorted(maps.Keys(all)))
	if err != nil {
		return nil, nil, err
	}
	canonical, moved = make(map[string]string, len(groups)), map[string]string{}
	for _, g := range groups {
		if members := g.members(); len(members) > 1 {
			known.join(members, moved)
		}
	}
	for _, g := range groups {
		canonical[g.ID] = known.follow(g.ID)
	}
	return canonical, moved, keepAliases(tx, known, moved)
}

// keepAliases writes what is new; older aliases of an id that moved follow it.
func keepAliases(tx *db.Tx, known aliases, moved map[string]string) error {
	ids := slices.Sorted(maps.Keys(moved))
	var cells []any
	add := func(id string) {
		moved[id] = known.follow(id)
		cells = append(cells, id, moved[id])
	}
	for _, id := range ids {
		add(id)
	}
	err := each(tx.DB, "SELECT alias, vulnerability_id FROM aliases WHERE vulnerability_id IN ?", ids, func(r *sql.Rows) error {
		var alias, id string
		err := r.Scan(&alias, &id)
		if _, twice := known[alias]; !twice {
			known[alias] = id
			add(alias)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := follow(tx, moved); err != nil {
		return err
	}
	return put(tx, intoAliases, cells)
}

var intoAliases = db.Insert("aliases", "alias text, vulnerability_id text",
	"ON CONFLICT (alias) DO UPDATE SET vulnerability_id = excluded.vulnerability_id")
