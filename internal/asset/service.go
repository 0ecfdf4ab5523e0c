package asset

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// Scores are what the backlog does for assets: it finds the patches that
// touch them, by id, scores patches again, and moves the findings of one asset to
// another and back.
type Scores struct {
	On    func(g db.Reader, assetIDs []string) ([]string, error)
	Again func(tx *db.Tx, who audit.Who, teamID string, patchIDs []string) error
	Move  func(tx *db.Tx, from, to string) (did json.RawMessage, err error)
	Back  func(tx *db.Tx, from, to string, did json.RawMessage) error
}

// Service holds the use cases.
type Service struct {
	db     *db.DB
	scores Scores
}

// New makes the service.
func New(d *db.DB, scores Scores) *Service { return &Service{d, scores} }

// rescore scores the patches that touch assets again, within the transaction that
// changed the assets.
func (s *Service) rescore(tx *db.Tx, who audit.Who, teamID string, assetIDs []string) error {
	if len(assetIDs) == 0 {
		return nil
	}
	ids, err := s.scores.On(tx.DB, assetIDs)
	if err != nil || len(ids) == 0 {
		return err
	}
	return s.scores.Again(tx, who, teamID, ids)
}

// scoreChunk is how many patches are scored in one transaction when many are.
const scoreChunk = 100

// scoreLater scores the patches that touch many assets again, each once, in small
// transactions of their own.
func (s *Service) scoreLater(ctx context.Context, who audit.Who, teamID string, assetIDs []string) error {
	patches := map[string]bool{}
	for ids := range slices.Chunk(assetIDs, 500) {
		on, err := s.scores.On(s.db.Read(ctx), ids)
		if err != nil {
			return err
		}
		for _, id := range on {
			patches[id] = true
		}
	}
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(patches)), scoreChunk) {
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return s.scores.Again(tx, who, teamID, ids) }); err != nil {
			return err
		}
	}
	return nil
}

// Get returns an asset of a team.
func (s *Service) Get(ctx context.Context, teamID, id string) (*Asset, error) {
	a, err := byID(s.db.Read(ctx), teamID, id)
	if err != nil {
		return nil, err
	}
	one := []Asset{*a}
	return &one[0], groupNames(s.db.Read(ctx), one)
}

// Create adds an asset.
func (s *Service) Create(ctx context.Context, who audit.Who, teamID string, d Draft) (*Asset, error) {
	a := blank()
	if d.Name == nil {
		return nil, fault.Wrong("/name", "An asset needs a name.")
	}
	if err := d.apply(a); err != nil {
		return nil, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, teamID); err != nil {
			return err
		}
		a.ID, a.TeamID, a.CreatedAt = db.NewID(), teamID, tx.Now
		if err := free(tx.DB, a); err != nil {
			return err
		}
		if err := add(tx, []*Asset{a}); err != nil {
			return err
		}
		if _, err := regroup(tx, teamID, []Asset{*a}); err != nil {
			return err
		}
		if err := nameGroups(tx, a); err != nil {
			return err
		}
		if err := audit.Write(tx, who, teamID, "asset.created", a.ID, map[string]any{"name": a.Name}); err != nil {
			return err
		}
		return event.Tell(tx, who, teamID, event.Event{Kind: event.AssetChanged, Key: a.ID, Version: a.Version})
	})
	return a, err
}

// Update changes an asset that is still at the version seen. Patches that touch
// it are scored again when it counts for the score.
func (s *Service) Update(ctx context.Context, who audit.Who, teamID, id string, seen int64, d Draft) (*Asset, error) {
	var a *Asset
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, teamID); err != nil {
			return err
		}
		var err error
		if a, err = byID(tx.DB, teamID, id); err != nil {
			return err
		}
		if a.Version != seen {
			return fault.Stale(a, "Somebody changed this asset first. Look at it as it is now, then decide.")
		}
		before := *a
		if err := d.apply(a); err != nil {
			return err
		}
		if a.NameKey != before.NameKey {
			if err := free(tx.DB, a); err != nil {
				return err
			}
		}
		return s.change(tx, who, &before, a)
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// change writes what differs, with its audit row and its consequences.
func (s *Service) change(tx *db.Tx, who audit.Who, before, a *Asset) error {
	diff := before.diff(a)
	if len(diff) == 0 {
		return nameGroups(tx, a)
	}
	a.Version++
	if err := write(tx, a); err != nil {
		return err
	}
	if err := audit.Write(tx, who, a.TeamID, "asset.changed", a.ID, diff); err != nil {
		return err
	}
	moved, err := regroup(tx, a.TeamID, []Asset{*a})
	if err != nil {
		return err
	}
	if err := nameGroups(tx, a); err != nil {
		return err
	}
	if before.weighsUnlike(a) || len(moved) > 0 {
		if err := s.rescore(tx, who, a.TeamID, []string{a.ID}); err != nil {
			return err
		}
	}
	return event.Tell(tx, who, a.TeamID, event.Event{Kind: event.AssetChanged, Key: a.ID, Version: a.Version})
}

func nameGroups(tx *db.Tx, a *Asset) error {
	one := []Asset{*a}
	err := groupNames(tx.DB, one)
	a.Groups = one[0].Groups
	return err
}

// weighsUnlike tells whether patches of the asset have to be scored again: the score
// or the scope of a due-date policy depends on it.
func (a *Asset) weighsUnlike(b *Asset) bool {
	return a.Criticality != b.Criticality || a.Exposure != b.Exposure || !slices.Equal(a.Regulations, b.Regulations) ||
		(a.RetiredAt == nil) != (b.RetiredAt == nil) || a.Kind != b.Kind || a.Environment != b.Environment || !slices.Equal(a.Tags, b.Tags)
}

// diff lists the fields that differ with both values, for the audit.
func (a *Asset) diff(b *Asset) map[string]any {
	out := map[string]any{}
	note := func(field string, from, to any, differ bool) {
		if differ {
			out[field] = []any{from, to}
		}
	}
	note("name", a.Name, b.Name, a.Name != b.Name)
	note("kind", a.Kind, b.Kind, a.Kind != b.Kind)
	note("environment", a.Environment, b.Environment, a.Environment != b.Environment)
	note("criticality", a.Criticality, b.Criticality, a.Criticality != b.Criticality)
	note("exposure", a.Exposure, b.Exposure, a.Exposure != b.Exposure)
	note("owner", a.Owner, b.Owner, a.Owner != b.Owner)
	note("description", len(a.Description), len(b.Description), a.Description != b.Description)
	note("regulations", a.Regulations, b.Regulations, !slices.Equal(a.Regulations, b.Regulations))
	note("tags", a.Tags, b.Tags, !slices.Equal(a.Tags, b.Tags))
	note("identifiers", a.Identifiers, b.Identifiers, !slices.Equal(a.Identifiers, b.Identifiers))
	note("retired", a.RetiredAt != nil, b.RetiredAt != nil, (a.RetiredAt == nil) != (b.RetiredAt == nil))
	return out
}
