package backlog

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"patchline/internal/db"
	"patchline/internal/team"
)

// Happening is one thing that happened to a patch: somebody did it, or its score
// changed by what became known.
type Happening struct {
	ID     string
	At     time.Time
	Who    string
	Action string
	Detail map[string]any
}

// ActivityKind is a part of what happens to a patch.
type ActivityKind string

// Everything that happens is of one kind.
const (
	AboutEdits    ActivityKind = "edits"    // of its fields, and what it needs
	AboutComments ActivityKind = "comments" // and attachments
	AboutMoves    ActivityKind = "moves"    // on the board and in the backlog, and whatever is of no other kind
	AboutSprints  ActivityKind = "sprints"  // it came into or left
	AboutScores   ActivityKind = "scores"   // that changed
)

// Activity lists what happened to a patch, the latest first. Before is the id of
// the last one of the page before; no kinds are all kinds.
func (s *Service) Activity(ctx context.Context, t *team.Team, number int64, kinds []ActivityKind, before string, limit int) ([]Happening, error) {
	var out []Happening
	err := s.db.View(ctx, func(g db.Reader) error {
		p, err := ByNumber(g, t.ID, number)
		if err != nil {
			return err
		}
		if len(kinds) == 0 || slices.ContainsFunc(kinds, func(k ActivityKind) bool { return k != AboutScores }) {
			if out, err = doneTo(g, p.ID, kinds, before, limit); err != nil {
				return err
			}
		}
		if len(kinds) > 0 && !slices.Contains(kinds, AboutScores) {
			return nil
		}
		scores, err := scoreChangesOf(g, p.ID, before, limit)
		out = append(out, scores...)
		return err
	})
	slices.SortFunc(out, func(a, b Happening) int { return cmp.Compare(b.ID, a.ID) }) // ids begin with their time
	return out[:min(limit, len(out))], err
}

// noteworthy tells whether a change of score belongs in the patch's history: its
// risk moved by a point or more, it became listed, or it is due otherwise. The
// daily drift of EPSS does not.
func (j *judged) noteworthy() bool {
	if j.was == nil {
		return false
	}
	moved := j.patch.Risk - j.was.Risk
	return moved >= 1 || moved <= -1 || j.patch.KEV && !j.was.KEV || !equalTime(j.was.DueAt, j.patch.DueAt)
}

func fieldsOf(detail string) map[string]any {
	out := map[string]any{}
	_ = json.Unmarshal([]byte(detail), &out) // only audit.Write writes it
	return out
}
