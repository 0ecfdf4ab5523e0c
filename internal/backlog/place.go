package backlog

import (
	"context"
	"errors"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Service changes and reads the backlog.
type Service struct {
	db   *db.DB
	bell chan struct{} // due dates are to be set anew
}

// New makes the service.
func New(d *db.DB) *Service { return &Service{d, make(chan struct{}, 1)} }

// Placing is where a patch shall stand: above the patch with number Before, below
// the one with number After; 0 leaves that side open. Both name the neighbours
// that the mover saw. End names an end of the whole backlog in their place.
type Placing struct {
	Before, After int64
	End           End
	Reason        string
	Seen          int64 // the version the mover saw
}

// End is the top or the end of the backlog.
type End string

const (
	First End = "first"
	Last  End = "last"
)

// Neighbours is a conflict over a place: the patch and what now stands around it.
type Neighbours struct {
	Item         *Patch
	Above, Below *Patch // of the place that was asked for; nil at an end
}

// Place puts a patch between its new neighbours: one row is written.
func (s *Service) Place(ctx context.Context, who audit.Who, t *team.Team, number int64, to Placing) (*Patch, error) {
	switch beside := to.Before != 0 || to.After != 0; {
	case !beside && to.End == "":
		return nil, fault.Wrong("/before", "Name the patch it shall stand above or the one it shall stand below.")
	case beside && to.End != "":
		return nil, fault.Wrong("/end", "An end of the backlog and neighbours cannot both be meant.")
	}
	if to.Before == number || to.After == number {
		return nil, fault.Wrong("/before", "A patch cannot stand beside itself.")
	}
	var p *Patch
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if err := tx.LockWord("order of " + t.ID); err != nil {
			return err
		}
		if p, err = Hold(tx, t.ID, number); err != nil {
			return err
		}
		if err := placeable(p, to.Seen); err != nil {
			return err
		}
		return s.place(tx, who, t, p, to)
	})
	return p, err
}

func placeable(p *Patch, seen int64) error {
	if p.Version != seen {
		return stale(p)
	}
	if !p.IsOpen {
		return fault.New(fault.Conflict, "This patch is %s, so it has no place in the backlog.", p.Status.Label())
	}
	return nil
}

func (s *Service) place(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, to Placing) error {
	above, below, err := around(tx, p, to)
	if err != nil {
		return err
	}
	spot, err := between(tx, p, above, below)
	if err != nil {
		return err
	}
	from := p.SortValue
	err = Change(tx, who, p, p.Version, map[string]any{
		"sort_value": spot.value, "tie_key": spot.key, "placed_by": userOf(who), "placed_at": tx.Now.UnixMicro(), "placed_reason": to.Reason,
	})
	if err != nil {
		return err
	}
	detail := map[string]any{"from": from, "to": p.SortValue, "priority": p.Priority, "reason": to.Reason}
	if above != nil {
		detail["below"] = Key(t.Key, above.Number)
	}
	return s.placed(tx, who, t, p, "patch.placed", detail)
}

// around reads the two patches the new place lies between, and insists that they
// still are what the mover saw.
func around(tx *db.Tx, p *Patch, to Placing) (above, below *Patch, err error) {
	switch to.End {
	case First:
		below, err = first(tx.DB, p)
		return nil, below, err
	case Last:
		above, err = last(tx.DB, p)
		return above, nil, err
	}
	if to.After > 0 {
		if above, err = open(tx, p.TeamID, to.After); err != nil {
			return nil, nil, err
		}
		if below, err = next(tx.DB, p, above); err != nil {
			return nil, nil, err
		}
		if to.Before > 0 && (below == nil || below.Number != to.Before) {
			return nil, nil, moved(p, above, below)
		}
		return above, below, nil
	}
	if below, err = open(tx, p.TeamID, to.Before); err != nil {
		return nil, nil, err
	}
	above, err = previous(tx.DB, p, below)
	return above, below, err
}

func moved(p, above, below *Patch) error {
	return fault.Stale(Neighbours{p, above, below}, "The backlog changed there meanwhile. Look at the place again, then decide.")
}

func open(tx *db.Tx, teamID string, number int64) (*Patch, error) {
	p, err := ByNumber(tx.DB, teamID, number)
	if fault.Is(err, fault.NotFound) || err == nil && !p.IsOpen {
		return nil, fault.Wrong("/after", "A neighbour named is not in the backlog.")
	}
	return p, err
}

type spot struct {
	value float64
	key   string
}

// between decides sort value and tie key. A patch goes next to its upper
// neighbour's value, behind it; at the very top it takes the lower neighbour's
// value, before it. Keys that have no room left, or grow long, are spread first.
func between(tx *db.Tx, p, above, below *Patch) (spot, error) {
	for attempt := 0; ; attempt++ {
		at, err := squeeze(p, above, below)
		if err == nil && len(at.key) < scrum.RankLimit {
			return at, nil
		}
		if err != nil && !errors.Is(err, scrum.ErrNoRoom) || attempt > 0 {
			return at, err
		}
		if err := spread(tx, p.TeamID, at.value); err != nil {
			return at, err
		}
		for _, n := range []*Patch{above, below} {
			if n == nil {
				continue
			}
			fresh, err := ByID(tx.DB, n.ID)
			if err != nil {
				return at, err
			}
			*n = *fresh
		}
	}
}

func squeeze(p, above, below *Patch) (spot, error) {
	switch {
	case above == nil && below == nil:
		return spot{p.Priority, p.TieKey}, nil
	case above == nil:
		key, err := scrum.RankBetween("", below.TieKey)
		return spot{below.SortValue, key}, err
	case below == nil || below.SortValue != above.SortValue:
		key, err := scrum.RankBetween(above.TieKey, "")
		return spot{above.SortValue, key}, err
	}
	key, err := scrum.RankBetween(above.TieKey, below.TieKey)
	return spot{above.SortValue, key}, err
}

// Unplace returns a patch to risk order.
func (s *Service) Unplace(ctx context.Context, who audit.Who, t *team.Team, number, seen int64) (*Patch, error) {
	var p *Patch
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if p, err = Hold(tx, t.ID, number); err != nil {
			return err
		}
		if p.Version != seen {
			return stale(p)
		}
		if p.PlacedAt == nil {
			return nil
		}
		if err = Change(tx, who, p, seen, InRiskOrder(p)); err != nil {
			return err
		}
		return s.placed(tx, who, t, p, "patch.unplaced", nil)
	})
	return p, err
}

// InRiskOrder are the columns of a patch that nobody has placed.
func InRiskOrder(p *Patch) map[string]any {
	return map[string]any{
		"sort_value": p.Priority, "tie_key": scrum.RankAt(p.Number),
		"placed_by": nil, "placed_at": nil, "placed_reason": "",
	}
}

func (s *Service) placed(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, action string, detail map[string]any) error {
	if err := audit.Write(tx, who, t.ID, action, p.ID, detail); err != nil {
		return err
	}
	if err := s.fill(tx.DB, p); err != nil {
		return err
	}
	return event.Tell(tx, who, t.ID, event.Event{Kind: event.PatchPlaced, Key: Key(t.Key, p.Number), Version: p.Version})
}

// Top puts a patch above every other one, as closing a sprint may ask for.
func Top(tx *db.Tx, who audit.Who, p *Patch, reason string) error {
	if err := tx.LockWord("order of " + p.TeamID); err != nil {
		return err
	}
	below, err := first(tx.DB, p)
	if err != nil || below == nil {
		return err
	}
	at, err := between(tx, p, nil, below)
	if err != nil {
		return err
	}
	return Change(tx, who, p, p.Version, map[string]any{
		"sort_value": at.value, "tie_key": at.key, "placed_by": userOf(who), "placed_at": tx.Now.UnixMicro(), "placed_reason": reason,
	})
}

// userOf is the id of who acts; none when it is the server itself.
func userOf(who audit.Who) any {
	if who.UserID == "" {
		return nil
	}
	return who.UserID
}
