package review

import (
	"context"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// Verdict is what the product owner says about an item that is done.
type Verdict struct {
	Accepted bool
	Feedback string
	By       string // the product owner's name
	At       time.Time
	FollowUp string // key of the item that came of it; empty for none
	Version  int64

	patchID string
}

// Judgement is a new verdict, or another one. Seen is the version of the one that was
// seen, or 0 for none.
type Judgement struct {
	Accepted bool
	Feedback string
	Seen     int64
}

// Judge accepts a done item, or not, with feedback.
func (s *Service) Judge(ctx context.Context, who audit.Who, t *team.Team, number, patch int64, j Judgement) error {
	j.Feedback = strings.TrimSpace(j.Feedback)
	if !j.Accepted && j.Feedback == "" {
		return fault.Wrong("/feedback", "Say what is missing, so that somebody can see to it.")
	}
	return s.change(ctx, t, number, func(tx *db.Tx, r *Review) error {
		v, err := judged(tx, t, r, patch)
		if err != nil {
			return err
		}
		if v.Version != j.Seen {
			return fault.Stale(v, "%s judged this item first. Look at it as it is now, then decide.", v.By)
		}
		if err := putVerdict(tx, r.ID, v.patchID, who.UserID, j); err != nil {
			return err
		}
		return r.told(tx, who, "review.judged", map[string]any{"key": key(t, patch), "accepted": j.Accepted, "feedback": j.Feedback})
	})
}

// judged is the verdict on a done item; an empty one where there is none yet.
func judged(tx *db.Tx, t *team.Team, r *Review, patch int64) (*Verdict, error) {
	id, done, err := doneIn(tx.DB, r.Sprint.ID, patch)
	switch {
	case err != nil:
		return nil, err
	case id == "":
		return nil, fault.New(fault.NotFound, "There is no such item in this sprint.")
	case !done:
		return nil, fault.New(fault.Conflict, "%s is not done; only what is done can be accepted.", key(t, patch))
	}
	all, err := verdictsOf(tx.DB, t.Key, r.ID)
	if err != nil {
		return nil, err
	}
	v := all[key(t, patch)]
	if v == nil {
		v = &Verdict{}
	}
	v.patchID = id
	return v, nil
}

// maxTitle is how long a title may be.
const maxTitle = 300

// FollowUp puts an item into the backlog for what a done one still lacks; once.
func (s *Service) FollowUp(ctx context.Context, who audit.Who, t *team.Team, number, patch int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, t.ID); err != nil { // before the sprint, as everywhere
			return err
		}
		r, err := hold(tx, t, number)
		if err != nil {
			return err
		}
		if r.ClosedAt != nil {
			return errClosed
		}
		v, err := judged(tx, t, r, patch)
		if err != nil {
			return err
		}
		switch {
		case v.Version == 0 || v.Accepted:
			return fault.New(fault.Conflict, "A follow-up is for an item that was not accepted.")
		case v.FollowUp != "":
			return fault.New(fault.Conflict, "%s follows up on it already.", v.FollowUp)
		}
		return follow(tx, who, t, r, v, patch)
	})
}

func follow(tx *db.Tx, who audit.Who, t *team.Team, r *Review, v *Verdict, patch int64) error {
	old, err := backlog.ByNumber(tx.DB, t.ID, patch)
	if err != nil {
		return err
	}
	title := []rune("Follow-up of " + key(t, patch) + ": " + old.Title)
	p, err := backlog.CreateIn(tx, who, t, backlog.Draft{
		Title: string(title[:min(len(title), maxTitle)]), AssigneeID: old.AssigneeID,
		Description: key(t, patch) + " was not accepted in the review of " + label(r.Sprint) + ": " + v.Feedback,
	})
	if err != nil {
		return err
	}
	if err := setFollowUp(tx, r.ID, v.patchID, p.ID); err != nil {
		return err
	}
	return r.told(tx, who, "review.followed_up", map[string]any{"key": key(t, patch), "follow_up": key(t, p.Number)})
}
