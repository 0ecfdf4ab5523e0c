package asset

import (
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
)

// Seed is an asset as a report names it, with the release it runs; empty if the
// report does not say.
type Seed struct{ Name, Kind, Stream string }

// Ensure finds assets by name and makes those that are missing, with criticality
// medium, exposure and environment unknown. The result is by the names of the
// seeds; made are the ids of the new ones. The caller holds the team.
func Ensure(tx *db.Tx, who audit.Who, teamID string, seeds []Seed) (found map[string]Asset, made []string, err error) {
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
		return nil, nil, err
	}
	if made, err = discover(tx, who, teamID, seeds, keys, known); err != nil {
		return nil, nil, err
	}
	found = make(map[string]Asset, len(seeds))
	for name, key := range keys {
		found[name] = known[key]
	}
	return found, made, upgrade(tx, seeds, found)
}

// upgrade notes which release the assets run now.
func upgrade(tx *db.Tx, seeds []Seed, found map[string]Asset) error {
	to := map[string][]string{}
	for _, s := range seeds {
		if a := found[s.Name]; s.Stream != "" && a.Stream != s.Stream {
			to[s.Stream] = append(to[s.Stream], a.ID)
			a.Stream = s.Stream
			found[s.Name] = a
		}
	}
	for stream, ids := range to {
		if err := setStream(tx, ids, stream); err != nil {
			return err
		}
	}
	return nil
}

// Return brings retired assets back that a report covers: one made after they were
// retired, or one that does not say when it was made. It returns their ids.
func Return(tx *db.Tx, who audit.Who, teamID string, found map[string]Asset, reported time.Time) (ids []string, err error) {
	for _, a := range found {
		if a.RetiredAt == nil || !reported.IsZero() && !reported.After(*a.RetiredAt) || slices.Contains(ids, a.ID) {
			continue
		}
		ids = append(ids, a.ID)
		if err := audit.Write(tx, who, teamID, "asset.returned", a.ID, map[string]any{"reason": "a report covers it"}); err != nil {
			return nil, err
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return ids, bringBack(tx, ids)
}

// discover makes the assets that are not known yet.
func discover(tx *db.Tx, who audit.Who, teamID string, seeds []Seed, keys map[string]string, known map[string]Asset) (made []string, err error) {
	var fresh []*Asset
	for _, s := range seeds {
		key := keys[s.Name]
		if _, there := known[key]; there {
			continue
		}
		a := blank()
		a.ID, a.TeamID, a.CreatedAt, a.Name, a.NameKey, a.Stream = db.NewID(), teamID, tx.Now, tidy(s.Name), key, s.Stream
		if s.Kind != "" {
			a.Kind = s.Kind
		}
		known[key] = *a
		fresh, made = append(fresh, a), append(made, a.ID)
	}
	if len(fresh) == 0 {
		return nil, nil
	}
	if err := add(tx, fresh); err != nil {
		return nil, err
	}
	now := make([]Asset, len(fresh))
	for i, a := range fresh {
		now[i] = *a
	}
	if _, err := regroup(tx, teamID, now); err != nil {
		return nil, err
	}
	names := make([]string, 0, 20)
	for _, a := range fresh[:min(len(fresh), 20)] {
		names = append(names, a.Name)
	}
	return made, audit.Write(tx, who, teamID, "assets.discovered", teamID, map[string]any{"count": len(fresh), "first": names})
}
