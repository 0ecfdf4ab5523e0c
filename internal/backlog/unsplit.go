package backlog

import (
	"context"
	"fmt"
	"slices"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Unsplit takes a split back: the parts give what they have to the patch again.
type Unsplit struct {
	Parts []SeenPart
	Seen  int64 // version of the patch since the split
}

// SeenPart is a part, at the version that the split gave it.
type SeenPart struct{ Number, Seen int64 }

// Unsplit joins a patch and its parts again, if nobody has changed or worked on any of
// them since. In an active sprint the points return by rows of the ledger like those
// of the split, and a part leaves it as superseded, with no points. What was found on
// a part meanwhile comes along.
func (s *Service) Unsplit(ctx context.Context, who audit.Who, t *team.Team, number int64, u Unsplit) (*Patch, error) {
	var p *Patch
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if p, err = Hold(tx, t.ID, number); err != nil {
			return err
		}
		parts, err := u.hold(tx, t, p)
		if err != nil {
			return err
		}
		ids := []string{p.ID}
		for _, part := range parts {
			if err := giveBack(tx, who, t, part, p); err != nil {
				return err
			}
			ids = append(ids, part.ID)
		}
		if _, err := rescore(tx, who, t, ids, "a split was taken back", scoring{cause: scrum.RiskRescored}); err != nil {
			return err
		}
		if p, err = ByID(tx.DB, p.ID); err != nil {
			return err
		}
		return s.endParts(tx, who, t, p, parts)
	})
	return p, err
}

// hold reads the parts in the order of their numbers, which two at once share, and
// refuses what has a history of its own by now.
func (u *Unsplit) hold(tx *db.Tx, t *team.Team, p *Patch) ([]*Patch, error) {
	slices.SortFunc(u.Parts, func(a, b SeenPart) int { return int(a.Number - b.Number) })
	if err := untouched(tx, t, p, u.Seen); err != nil {
		return nil, err
	}
	var out []*Patch
	for i, seen := range u.Parts {
		at := fmt.Sprintf("/parts/%d/key", i)
		if i > 0 && u.Parts[i-1].Number == seen.Number {
			return nil, fault.Wrong(at, "A part is named once.")
		}
		part, err := Hold(tx, t.ID, seen.Number)
		if err != nil {
			return nil, err
		}
		if part.ID == p.ID || part.SplitFrom == nil || *part.SplitFrom != p.root() {
			return nil, fault.Wrong(at, "%s is no part of %s.", Key(t.Key, part.Number), Key(t.Key, p.Number))
		}
		if err := untouched(tx, t, part, seen.Seen); err != nil {
			return nil, err
		}
		if worked, err := workedOn(tx.DB, part); err != nil {
			return nil, err
		} else if worked != "" {
			return nil, fault.New(fault.Conflict, "%s has %s since the split, so it stays a patch of its own.", Key(t.Key, part.Number), worked)
		}
		out = append(out, part)
	}
	return out, nil
}

// untouched tells what speaks against joining a patch: that it is not as the split
// left it.
func untouched(tx *db.Tx, t *team.Team, p *Patch, seen int64) error {
	key := Key(t.Key, p.Number)
	if p.Version != seen {
		return fault.Stale(p, "%s changed %s since the split, so it is not taken back.", p.ChangedBy, key)
	}
	if !p.IsOpen {
		return fault.New(fault.Conflict, "%s is %s by now, so the split is not taken back.", key, p.Status.Label())
	}
	if held, err := isHeld(tx.DB, p.ID); err != nil {
		return err
	} else if held {
		return fault.New(fault.Conflict, "An exception of %s is asked for or in force. End it first: it was decided about this part.", key)
	}
	return nil
}

// root is the id of what a patch was once a part of, or its own.
func (p *Patch) root() string {
	if p.SplitFrom != nil {
		return *p.SplitFrom
	}
	return p.ID
}

// giveBack moves findings, assets and points of a part to its patch.
func giveBack(tx *db.Tx, who audit.Who, t *team.Team, part, p *Patch) error {
	if err := takeAll(tx, part.ID, p.ID); err != nil {
		return err
	}
	state, err := stateOf(tx, p)
	if err != nil {
		return err
	}
	if state == scrum.Active {
		const reason = "the split was taken back"
		from := Step{Kind: scrum.KindSplit, Detail: Key(t.Key, p.Number), Points: -part.points(), Reason: reason}
		if err := Record(tx, who, part, from); err != nil {
			return err
		}
		to := Step{Kind: scrum.KindSplit, Detail: Key(t.Key, part.Number), Points: part.points(), Reason: reason}
		if err := Record(tx, who, p, to); err != nil {
			return err
		}
	}
	if part.Points == nil {
		return nil
	}
	sum, none := p.points()+part.points(), 0.0
	if err := Change(tx, who, part, part.Version, map[string]any{"points": &none}); err != nil {
		return err
	}
	return Change(tx, who, p, p.Version, map[string]any{"points": &sum})
}

// endParts closes the parts, which have nothing left, in favour of their patch.
func (s *Service) endParts(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, parts []*Patch) error {
	var keys []string
	for _, gone := range parts {
		part, err := ByID(tx.DB, gone.ID)
		if err != nil {
			return err
		}
		note := "joined with " + Key(t.Key, p.Number) + " again"
		if err := DropIn(tx, who, t, part, Dropping{Reason: scrum.Superseded, Note: note}); err != nil {
			return err
		}
		if err := tx.Exec("UPDATE patches SET superseded_by = ? WHERE id = ?", p.ID, part.ID).Error; err != nil {
			return err
		}
		keys = append(keys, Key(t.Key, part.Number))
		if err := Tell(tx, who, t, part, event.PatchChanged, "patch.unsplit", map[string]any{"into": Key(t.Key, p.Number)}); err != nil {
			return err
		}
	}
	return s.told(tx, who, t, p, "patch.unsplit", map[string]any{"parts": keys, "points": p.Points})
}
