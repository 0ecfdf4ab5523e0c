package asset

import (
	"patchline/internal/audit"
	"patchline/internal/db"
)

// Seed is an asset as a report names it.
type Seed struct{ Name, Kind string }

// Ensure finds assets by name and makes those that are missing, with criticality
// medium, exposure and environment unknown. The result is by the names of the
// seeds. The caller holds the team.
func Ensure(tx *db.Tx, who audit.Who, teamID string, seeds []Seed) (map[string]Asset, error) {
	keys := make(map[string]string, len(seeds))
	var wanted []string
	for _, s := range seeds {
		if _, twice := keys[s.Name]; !twice {
			keys[s.Name] = NameKey(s.Name)
			wanted = append(wanted, keys[s.Name])
		}
	}
	known, err := byKeys(tx.DB, teamID, wanted)
	if err != nil {
		return nil, err
	}
	if err := discover(tx, who, teamID, seeds, keys, known); err != nil {
		return nil, err
	}
	out := make(map[string]Asset, len(seeds))
	for name, key := range keys {
		out[name] = known[key]
	}
	return out, nil
}

// discover makes the assets that are not known yet.
func discover(tx *db.Tx, who audit.Who, teamID string, seeds []Seed, keys map[string]string, known map[string]Asset) error {
	var fresh []*Asset
	for _, s := range seeds {
		key := keys[s.Name]
		if _, there := known[key]; there {
			continue
		}
		a := blank()
		a.ID, a.TeamID, a.CreatedAt, a.Name, a.NameKey = db.NewID(), teamID, tx.Now, tidy(s.Name), key
		if s.Kind != "" {
			a.Kind = s.Kind
		}
		known[key] = *a
		fresh = append(fresh, a)
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := add(tx, fresh); err != nil {
		return err
	}
	names := make([]string, 0, 20)
	for _, a := range fresh[:min(len(fresh), 20)] {
		names = append(names, a.Name)
	}
	return audit.Write(tx, who, teamID, "assets.discovered", teamID, map[string]any{"count": len(fresh), "first": names})
}
