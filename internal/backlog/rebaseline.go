package backlog

import (
	"cmp"
	"context"
	"math"
	"slices"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/team"
)

// Rebaseline is Rescore after the EPSS model has changed: all scores stand on
// another base, so only large moves are kept one by one.
func Rebaseline(tx *db.Tx, who audit.Who, t *team.Team, patchIDs []string, reason string) (changed int, err error) {
	return rescore(tx, who, t, patchIDs, reason, scoring{rebaseline: true})
}

// TellRebaseline gives a team the one summary of a re-baseline.
func TellRebaseline(tx *db.Tx, teamID, from, to string, moves []BigMove, kept int) error {
	b := NoticeBody{From: from, To: to, Kept: kept}
	for _, m := range moves {
		switch {
		case m.After > m.Before:
			b.Up++
		case m.After < m.Before:
			b.Down++
		}
	}
	slices.SortFunc(moves, func(x, y BigMove) int {
		return cmp.Or(cmp.Compare(math.Abs(y.After-y.Before), math.Abs(x.After-x.Before)), cmp.Compare(x.PatchID, y.PatchID))
	})
	for _, m := range moves[:min(10, len(moves))] {
		if m.After != m.Before {
			b.Top = append(b.Top, m)
		}
	}
	if b.Up+b.Down == 0 {
		return nil
	}
	_, err := addNotice(tx, teamID, NoticeRebaseline, from+" to "+to, b)
	return err
}

// Anchor remembers beside what a placed patch stands: right below another one
// that risk ranks, or above all of those.
type Anchor struct{ PatchID, Above string }

// Anchors reads the anchors of a team's placed patches, from the top.
func Anchors(ctx context.Context, d *db.DB, teamID string) (out []Anchor, err error) {
	err = d.View(ctx, func(g db.Reader) error {
		placed, err := placedOf(g, teamID)
		if err != nil {
			return err
		}
		for _, p := range placed {
			above, err := rankedAbove(g, &p)
			if err != nil {
				return err
			}
			out = append(out, Anchor{p.ID, above})
		}
		return nil
	})
	return out, err
}

// KeepNeighbours puts placed patches below their anchors again, where the others
// have moved away, and tells how many it had to. Several below the same one keep
// their order.
func KeepNeighbours(tx *db.Tx, teamID string, anchors []Anchor) (kept int, err error) {
	if err := tx.LockWord("order of " + teamID); err != nil {
		return 0, err
	}
	for len(anchors) > 0 {
		n := 1
		for n < len(anchors) && anchors[n].Above == anchors[0].Above {
			n++
		}
		moved, err := keepGroup(tx, anchors[:n])
		if kept += moved; err != nil {
			return kept, err
		}
		anchors = anchors[n:]
	}
	return kept, nil
}

// keepGroup moves those that stand below the same anchor, if one of them does not
// any more: from the last one, each right below the anchor.
func keepGroup(tx *db.Tx, group []Anchor) (moved int, err error) {
	var astray []*Patch
	for _, a := range group {
		p, err := ByID(tx.DB, a.PatchID)
		if err != nil {
			return 0, err
		}
		now, err := rankedAbove(tx.DB, p)
		if err != nil {
			return 0, err
		}
		if p.IsOpen && p.PlacedAt != nil && now != a.Above {
			moved++
		}
		astray = append(astray, p)
	}
	if moved == 0 {
		return 0, nil
	}
	for _, p := range slices.Backward(astray) {
		if p.IsOpen && p.PlacedAt != nil {
			if err := group[0].hold(tx, p); err != nil {
				return 0, err
			}
		}
	}
	return moved, nil
}

// hold puts a patch right below the anchor; its version stays, as with a score.
func (a Anchor) hold(tx *db.Tx, p *Patch) error {
	above, below, err := a.neighbours(tx, p)
	if err != nil || above == nil && below == nil {
		return err
	}
	at, err := between(tx, p, above, below)
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE patches SET sort_value = ?, tie_key = ? WHERE id = ?", at.value, at.key, p.ID).Error
}

func (a Anchor) neighbours(tx *db.Tx, p *Patch) (above, below *Patch, err error) {
	if a.Above == "" {
		below, err = first(tx.DB, p)
		return nil, below, err
	}
	if above, err = ByID(tx.DB, a.Above); err != nil || !above.IsOpen {
		return nil, nil, err
	}
	below, err = next(tx.DB, p, above)
	return above, below, err
}
