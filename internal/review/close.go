package review

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// Change is what the Scrum master writes: the summary, and with Close the end of the
// review. Seen is the version that was seen, 0 for one that nobody has begun.
type Change struct {
	Summary *string
	Close   bool
	Seen    int64
}

// Change writes the summary, or closes the review with it. What was looked at is kept
// as it is at that moment: evidence that comes or goes later changes nothing in it.
func (s *Service) Change(ctx context.Context, who audit.Who, t *team.Team, number int64, c Change) error {
	var items []Item
	if c.Close {
		var err error
		if items, err = s.look(ctx, t, number); err != nil {
			return err
		}
	}
	return s.change(ctx, t, number, func(tx *db.Tx, r *Review) error {
		if r.Version != max(c.Seen, 1) {
			return fault.New(fault.Conflict, "Somebody wrote in this review first. Look at it as it is now, then decide.")
		}
		if c.Summary != nil {
			r.Summary = strings.TrimSpace(*c.Summary)
		}
		action := "review.changed"
		if c.Close {
			if err := r.close(tx, who, items); err != nil {
				return err
			}
			action = "review.closed"
		}
		r.Version++
		if err := saveReview(tx, r); err != nil {
			return err
		}
		return r.told(tx, who, action, map[string]any{"summary": r.Summary})
	})
}

func (r *Review) close(tx *db.Tx, who audit.Who, items []Item) error {
	if r.Summary == "" {
		return fault.Wrong("/summary", "A review is closed with a summary: write what the sprint came to.")
	}
	text, err := json.Marshal(items)
	r.Items, r.ClosedAt, r.ClosedBy = string(text), &tx.Now, who.Name
	return err
}

func label(sp *sprint.Sprint) string {
	if sp.Name != "" {
		return sp.Name
	}
	return fmt.Sprintf("Sprint %d", sp.Number)
}
