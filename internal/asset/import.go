package asset

import (
	"context"
	"io"
	"slices"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/team"
)

// Imported is what a table changed.
type Imported struct {
	Rows, Created, Updated, Unchanged int
	Rejected                          []Rejection // the first 1,000
}

// Rejection is a row that was left out.
type Rejection struct{ Position, Reason string }

const (
	maxRejections = 1000
	importChunk   = 400 // rows in a transaction, so that others wait only briefly
)

// ImportCSV creates and updates assets from a table, matched by name. Rows that
// say what is known already write nothing.
func (s *Service) ImportCSV(ctx context.Context, who audit.Who, teamID string, r io.Reader) (Imported, error) {
	out := Imported{Rejected: []Rejection{}}
	rows, read, err := readCSV(r, func(position, reason string) {
		if len(out.Rejected) < maxRejections {
			out.Rejected = append(out.Rejected, Rejection{position, reason})
		}
	})
	if err != nil {
		return out, err
	}
	out.Rows = read
	for part := range slices.Chunk(rows, importChunk) {
		if err := s.importPart(ctx, who, teamID, part, &out); err != nil {
			return out, err
		}
	}
	return out, s.db.Write(ctx, func(tx *db.Tx) error {
		detail := map[string]any{"rows": out.Rows, "created": out.Created, "updated": out.Updated, "rejected": out.Rows - len(rows)}
		if err := audit.Write(tx, who, teamID, "assets.imported", teamID, detail); err != nil {
			return err
		}
		if out.Created+out.Updated == 0 {
			return nil
		}
		return event.Tell(tx, who, teamID, event.Event{Kind: event.AssetChanged})
	})
}

// importPart counts into a copy first, because a transaction may run twice.
func (s *Service) importPart(ctx context.Context, who audit.Who, teamID string, part []row, out *Imported) error {
	var sum Imported
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if _, err := team.Lock(tx, teamID); err != nil {
			return err
		}
		sum = *out
		return s.importRows(tx, who, teamID, part, &sum)
	})
	if err == nil {
		*out = sum
	}
	return err
}

func (s *Service) importRows(tx *db.Tx, who audit.Who, teamID string, part []row, sum *Imported) error {
	keys := make([]string, len(part))
	for i, one := range part {
		keys[i] = NameKey(*one.draft.Name)
	}
	known, err := byKeys(tx.DB, teamID, keys)
	if err != nil {
		return err
	}
	var fresh []*Asset
	var heavier []string
	var touched []Asset
	latest := map[string]bool{}
	for i, one := range part {
		old, there := known[keys[i]]
		if !there {
			old = *blank()
			old.ID, old.TeamID, old.CreatedAt = db.NewID(), teamID, tx.Now
		}
		if twice := sum.again(latest, &old, one.position); twice {
			continue
		}
		now := old
		if old.NameKey != keys[i] && there {
			one.draft.Name = nil // a second name of this asset
		}
		if err := one.draft.apply(&now); err != nil {
			return err
		}
		if !there {
			fresh, touched = append(fresh, &now), append(touched, now)
			continue
		}
		touched = append(touched, now)
		if err := sum.update(tx, &old, &now, &heavier); err != nil {
			return err
		}
	}
	sum.Created += len(fresh)
	if err := add(tx, fresh); err != nil {
		return err
	}
	moved, err := regroup(tx, teamID, touched)
	if err != nil {
		return err
	}
	heavier = append(heavier, moved...)
	slices.Sort(heavier)
	return s.rescore(tx, who, teamID, slices.Compact(heavier))
}

// again refuses a row about an asset that another row has named otherwise.
func (sum *Imported) again(seen map[string]bool, a *Asset, position string) bool {
	twice := seen[a.ID]
	if seen[a.ID] = true; twice && len(sum.Rejected) < maxRejections {
		sum.Rejected = append(sum.Rejected, Rejection{position, "Another row names the same asset: " + a.Name + "."})
	}
	return twice
}

// update writes an asset that differs, and notes it if its patches weigh
// otherwise now.
func (sum *Imported) update(tx *db.Tx, old, now *Asset, heavier *[]string) error {
	if len(old.diff(now)) == 0 {
		sum.Unchanged++
		return nil
	}
	sum.Updated++
	now.Version++
	if old.weighsUnlike(now) {
		*heavier = append(*heavier, now.ID)
	}
	return write(tx, now)
}
