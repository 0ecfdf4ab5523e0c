package asset

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/risk"
	"patchline/internal/team"
)

// Merge is the union of assets that turned out to be one. The others stay as its
// second names: a report that uses one of them is about the asset that is left.
type Merge struct {
	ID       string
	IntoID   string
	Names    []string // of those that were merged into it
	Who      string
	At       time.Time
	UndoneAt *time.Time
}

// Undoable tells whether the merge can still be taken back.
func (m *Merge) Undoable(now time.Time) bool { return m.UndoneAt == nil && now.Sub(m.At) <= undoFor }

// MaxMerge is how many assets can be merged into one at once.
const MaxMerge = 20

// moved is what a merge did, to undo it.
type moved struct {
	Was  values       `json:"was"`    // of the asset that is left
	Now  values       `json:"became"` // of it
	IDs  []string     `json:"identifiers"`
	From []movedAsset `json:"from"`
}

type movedAsset struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Inventories []string        `json:"inventories"` // ids of those that went along
	Parked      []string        `json:"parked"`      // inventories of the other that an own one replaced
	Names       []string        `json:"names"`       // ids of its own second names
	Findings    json.RawMessage `json:"findings"`
}

// MergeInto makes one asset of several: findings, components, groups, tags and
// names go to the one that is left. Criticality, exposure and regulations are the
// worst of all: what was protected stays protected.
func (s *Service) MergeInto(ctx context.Context, who audit.Who, teamID, into string, from []string) (*Merge, error) {
	if len(from) == 0 || len(from) > MaxMerge || slices.Contains(from, into) {
		return nil, fault.Wrong("/from", "Name 1 to %d other assets.", MaxMerge)
	}
	m := &Merge{IntoID: into, Who: who.Name, Names: []string{}}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, teamID); err != nil {
			return err
		}
		all, err := mergeable(tx, teamID, append([]string{into}, from...))
		if err != nil {
			return err
		}
		patches, err := s.scores.On(tx.DB, idsOf(all))
		if err != nil {
			return err
		}
		did, err := s.unite(tx, all)
		if err != nil {
			return err
		}
		m.ID, m.At = db.NewID(), tx.Now
		for _, a := range all[1:] {
			m.Names = append(m.Names, a.Name)
		}
		if err := addMerge(tx, teamID, m, did); err != nil {
			return err
		}
		if err := mergeTold(tx, who, teamID, all, "asset.merged"); err != nil {
			return err
		}
		return s.settleMerge(tx, who, teamID, all[0].ID, patches)
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// mergeable reads the assets, the one that is left first.
func mergeable(tx *db.Tx, teamID string, ids []string) ([]Asset, error) {
	found, err := byIDs(tx.DB, teamID, ids)
	if err != nil {
		return nil, err
	}
	at := map[string]Asset{}
	for _, a := range found {
		if a.MergedInto == nil {
			at[a.ID] = a
		}
	}
	all := make([]Asset, 0, len(ids))
	for _, id := range ids {
		a, there := at[id]
		if !there {
			return nil, fault.New(fault.NotFound, "One of these assets is not there any more; reload the page.")
		}
		delete(at, id)
		all = append(all, a)
	}
	return all, groupNames(tx.DB, all)
}

// unite moves everything to the first asset.
func (s *Service) unite(tx *db.Tx, all []Asset) (did moved, err error) {
	into := &all[0]
	did.Was, did.IDs = valuesOf(into), slices.Clone(into.Identifiers)
	now := valuesOf(into)
	for i := range all[1:] {
		a := &all[1+i]
		now = now.with(valuesOf(a))
		into.Identifiers = union(into.Identifiers, a.Identifiers)
		one, err := s.absorb(tx, into, a)
		if err != nil {
			return did, err
		}
		did.From = append(did.From, one)
	}
	was, became, _ := did.Was.unlike(now)
	did.Was, did.Now = was, became
	now.into(into, tx.Now)
	into.Version++
	if err := write(tx, into); err != nil {
		return did, err
	}
	in, _ := into.pins(was, became)
	if err := joinGroups(tx, in, "pinned"); err != nil {
		return did, err
	}
	_, err = regroup(tx, into.TeamID, all)
	return did, err
}

// absorb gives one asset's findings, inventories and names to another.
func (s *Service) absorb(tx *db.Tx, into, a *Asset) (one movedAsset, err error) {
	one = movedAsset{ID: a.ID, Name: a.Name}
	if one.Findings, err = s.scores.Move(tx, a.ID, into.ID); err != nil {
		return one, err
	}
	if one.Names, err = renamesOf(tx.DB, a.ID); err != nil {
		return one, err
	}
	if err := moveInventories(tx, a, into, &one); err != nil {
		return one, err
	}
	if a.ScannedAt != nil && (into.ScannedAt == nil || a.ScannedAt.After(*into.ScannedAt)) {
		into.ScannedAt = a.ScannedAt
	}
	a.MergedInto = &into.ID
	return one, markMerged(tx, a.ID, into)
}

// with is the worst of two assets' values, and the union of their words.
func (v values) with(w values) values {
	c, e := risk.WorstCriticality(*v.Criticality, *w.Criticality), risk.WorstExposure(*v.Exposure, *w.Exposure)
	v.Criticality, v.Exposure = &c, &e
	if *v.Owner == "" {
		v.Owner = w.Owner
	}
	if *v.Environment == "unknown" {
		v.Environment = w.Environment
	}
	retired := *v.Retired && *w.Retired
	tags, regulations, groups := union(*v.Tags, *w.Tags), union(*v.Regulations, *w.Regulations), union(*v.Groups, *w.Groups)
	slices.Sort(groups)
	v.Tags, v.Regulations, v.Groups, v.Retired = &tags, &regulations, &groups, &retired
	return v
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, w := range b {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// UndoMerge takes a merge back, for a day: what each asset brought returns to it.
// What was reported since stays with the asset that was left.
func (s *Service) UndoMerge(ctx context.Context, who audit.Who, teamID, id string) (*Merge, error) {
	var m *Merge
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, teamID); err != nil {
			return err
		}
		found, did, err := mergeByID(tx.DB, teamID, id)
		if err != nil {
			return err
		}
		if m = found; !m.Undoable(tx.Now) {
			return fault.New(fault.Conflict, "A merge can be undone once, within a day.")
		}
		if err := latestMerge(tx.DB, m); err != nil {
			return err
		}
		return s.separate(tx, who, teamID, m, did)
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

func (s *Service) separate(tx *db.Tx, who audit.Who, teamID string, m *Merge, did moved) error {
	patches, err := s.scores.On(tx.DB, []string{m.IntoID})
	if err != nil {
		return err
	}
	ids := []string{m.IntoID}
	for _, one := range slices.Backward(did.From) {
		if err := s.scores.Back(tx, one.ID, m.IntoID, one.Findings); err != nil {
			return err
		}
		if err := unmark(tx, one, m.IntoID); err != nil {
			return err
		}
		ids = append(ids, one.ID)
	}
	if err := restore(tx, teamID, m.IntoID, did); err != nil {
		return err
	}
	all, err := byIDs(tx.DB, teamID, ids)
	if err != nil {
		return err
	}
	if _, err := regroup(tx, teamID, all); err != nil {
		return err
	}
	at := tx.Now
	m.UndoneAt = &at
	if err := endMerge(tx, m); err != nil {
		return err
	}
	if err := mergeTold(tx, who, teamID, all, "asset.merge_undone"); err != nil {
		return err
	}
	more, err := s.scores.On(tx.DB, ids)
	if err != nil {
		return err
	}
	return s.settleMerge(tx, who, teamID, m.IntoID, union(patches, more))
}

// restore takes from the asset that others were merged into what it had from them.
func restore(tx *db.Tx, teamID, id string, did moved) error {
	into, err := byID(tx.DB, teamID, id)
	if err != nil {
		return err
	}
	one := []Asset{*into}
	if err := groupNames(tx.DB, one); err != nil {
		return err
	}
	a := &one[0]
	now := valuesOf(a)
	old := now.back(did.Was, did.Now)
	was, became, _ := now.unlike(old)
	old.into(a, tx.Now)
	a.Identifiers, a.Version = did.IDs, a.Version+1
	if err := write(tx, a); err != nil {
		return err
	}
	_, out := a.pins(was, became)
	return leaveGroups(tx, out, "pinned", "matched")
}

func mergeTold(tx *db.Tx, who audit.Who, teamID string, all []Asset, action string) error {
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].Name
	}
	for i := range all {
		if err := audit.Write(tx, who, teamID, action, all[i].ID, map[string]any{"assets": names}); err != nil {
			return err
		}
	}
	return nil
}

// settleMerge scores what the merge has touched.
func (s *Service) settleMerge(tx *db.Tx, who audit.Who, teamID, id string, patches []string) error {
	if len(patches) > 0 {
		if err := s.scores.Again(tx, who, teamID, patches); err != nil {
			return err
		}
	}
	return event.Tell(tx, who, teamID, event.Event{Kind: event.AssetChanged, Key: id})
}
