package backlog

import (
	"context"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// maxNeeds is how many others a patch may need.
const maxNeeds = 50

// Need says that a patch of the team cannot go in before another one. Saying it
// again changes nothing.
func (s *Service) Need(ctx context.Context, who audit.Who, t *team.Team, number, other int64) (*Content, error) {
	return s.relate(ctx, who, t, number, other, func(tx *db.Tx, p, o *Patch) (string, error) {
		if p.ID == o.ID {
			return "", fault.New(fault.Conflict, "A patch cannot need itself.")
		}
		circle, err := reachesNeed(tx.DB, o.ID, p.ID)
		if err != nil {
			return "", err
		}
		if circle {
			return "", fault.New(fault.Conflict, "%s needs %s already, so neither could go in first.", Key(t.Key, o.Number), Key(t.Key, p.Number))
		}
		known, err := needsOf(tx.DB, p.ID)
		if err == nil && len(known) >= maxNeeds {
			return "", fault.New(fault.Conflict, "A patch needs at most %d others.", maxNeeds)
		}
		if err != nil {
			return "", err
		}
		n, err := addNeed(tx, p.ID, o.ID)
		return action(n, "patch.need_added"), err
	})
}

// Unneed says that a patch does not need another one first.
func (s *Service) Unneed(ctx context.Context, who audit.Who, t *team.Team, number, other int64) (*Content, error) {
	return s.relate(ctx, who, t, number, other, func(tx *db.Tx, p, o *Patch) (string, error) {
		n, err := removeNeed(tx, p.ID, o.ID)
		return action(n, "patch.need_removed"), err
	})
}

// action is empty when no row was written.
func action(rows int64, name string) string {
	if rows == 0 {
		return ""
	}
	return name
}

// relate changes how two patches stand to each other, one change of a team at a
// time: two changes that are each right could close a circle together. Both
// patches tell of it.
func (s *Service) relate(ctx context.Context, who audit.Who, t *team.Team, number, other int64, change func(tx *db.Tx, p, o *Patch) (string, error)) (*Content, error) {
	var c *Content
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.LockWord("needs of " + t.ID); err != nil {
			return err
		}
		p, err := ByNumber(tx.DB, t.ID, number)
		if err != nil {
			return err
		}
		o, err := ByNumber(tx.DB, t.ID, other)
		if err != nil {
			return err
		}
		done, err := change(tx, p, o)
		if err != nil {
			return err
		}
		if c, err = contentOf(tx.DB, p); err != nil || done == "" {
			return err
		}
		if err := Tell(tx, who, t, p, event.PatchChanged, done, map[string]any{"needs": Key(t.Key, o.Number)}); err != nil {
			return err
		}
		return Tell(tx, who, t, o, event.PatchChanged, done, map[string]any{"needed_by": Key(t.Key, p.Number)})
	})
	return c, err
}
