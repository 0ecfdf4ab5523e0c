package estimate

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/team"
)

// shownHistory is how many changes and rounds the history of one patch shows.
const shownHistory = 50

// History is how a patch came to its estimate.
type History struct {
	Changes []Change // the latest first
	Rounds  []Round  // revealed ones, the latest first
}

// Change is one of the estimate. Nil is none.
type Change struct {
	At       time.Time
	Who      string
	From, To *float64
	Round    *int64 // after which it was set; nil where no round was held
}

// History reads who estimated a patch when, and what the team voted.
func (s *Service) History(ctx context.Context, t *team.Team, number int64) (*History, error) {
	out := &History{}
	err := s.db.View(ctx, func(g db.Reader) error {
		p, err := backlog.ByNumber(g, t.ID, number)
		if err != nil {
			return err
		}
		if out.Changes, err = changesOf(g, p.ID, shownHistory); err != nil {
			return err
		}
		rounds, err := roundsOf(g, "", "r.patch_id = ? AND r.state = 'revealed'", p.ID)
		slices.SortFunc(rounds, func(a, b Round) int { return b.OpenedAt.Compare(a.OpenedAt) })
		out.Rounds = rounds[:min(len(rounds), shownHistory)]
		return err
	})
	return out, err
}

// change reads what the audit keeps of a change; ok is false where the points stayed.
func (c *Change) read(detail string) (ok bool) {
	var d struct {
		Points struct{ From, To *float64 } `json:"points"`
		Round  *int64                      `json:"round"`
	}
	if json.Unmarshal([]byte(detail), &d) != nil {
		return false
	}
	c.From, c.To, c.Round = d.Points.From, d.Points.To, d.Round
	return d.Round != nil || (c.From == nil) != (c.To == nil) || c.From != nil && *c.From != *c.To
}
