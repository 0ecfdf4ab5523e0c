package backlog

import (
	"context"

	"patchline/internal/db"
)

// exportPage is how many rows an export reads at once: it needs memory for these,
// however many there are.
const exportPage = 500

// Pages reads all that a filter finds, a page at each call, in its order; nil
// after the last. What changes meanwhile is seen as it is when its turn comes.
func (s *Service) Pages(ctx context.Context, f Filter) func() ([]Patch, error) {
	f.Limit = exportPage
	done := false
	return func() ([]Patch, error) {
		if done {
			return nil, nil
		}
		page, err := s.List(ctx, f)
		f.Cursor, done = page.Next, page.Next == ""
		return page.Items, err
	}
}

// Helpers are those who work on patches beside the one responsible, by the id of the
// patch.
func (s *Service) Helpers(ctx context.Context, page []Patch) (out map[string][]Person, err error) {
	ids := make([]string, len(page))
	for i := range page {
		ids[i] = page[i].ID
	}
	err = s.db.View(ctx, func(g db.Reader) error {
		out, err = coAssigneesOf(g, ids)
		return err
	})
	return out, err
}

// Facets are what a filter can choose from.
type Facets struct{ Labels, Ecosystems []string }

// Facets lists the labels and ecosystems that a team's patches have, by name.
func (s *Service) Facets(ctx context.Context, teamID string) (f Facets, err error) {
	err = s.db.View(ctx, func(g db.Reader) error {
		if f.Labels, err = distinct(g, "label", "patch_labels WHERE team_id = ?", teamID); err != nil {
			return err
		}
		f.Ecosystems, err = distinct(g, "ecosystem", "patches WHERE team_id = ? AND is_open AND ecosystem <> ''", teamID)
		return err
	})
	return f, err
}
