package review

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// Link lets whoever holds its secret look at one review and comment on it. It works
// until it expires or is revoked, and as long as who made it is in the team.
type Link struct {
	ID        string
	By        string
	CreatedAt time.Time
	ExpiresAt time.Time
	Comments  int // made by it
}

const (
	// MaxLinks is how many links of a review work at a time.
	MaxLinks = 20

	secretBytes = 32
)

// Links lists those that still work, the latest first.
func (s *Service) Links(ctx context.Context, t *team.Team, number int64) ([]Link, error) {
	g := s.db.Read(ctx)
	sp, err := sprintOf(g, t.ID, number)
	if err != nil {
		return nil, err
	}
	return linksOf(g, sp.ID, s.db.Now())
}

// Invite makes a link for some days and returns its secret, which is stored nowhere.
func (s *Service) Invite(ctx context.Context, who audit.Who, t *team.Team, number int64, days int) (*Link, string, error) {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails
	secret := base64.RawURLEncoding.EncodeToString(b)
	var l *Link
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := hold(tx, t, number)
		if err != nil {
			return err
		}
		open, err := linksOf(tx.DB, r.SprintID, tx.Now)
		if err != nil {
			return err
		}
		if len(open) >= MaxLinks {
			return fault.New(fault.Conflict, "This review has %d links that work; revoke one first.", MaxLinks)
		}
		l = &Link{ID: db.NewID(), By: who.Name, CreatedAt: tx.Now, ExpiresAt: tx.Now.AddDate(0, 0, days)}
		if err := insertLink(tx, r.ID, who.UserID, digest(secret), l); err != nil {
			return err
		}
		return r.told(tx, who, "review.link_made", map[string]any{"link": l.ID, "days": days})
	})
	return l, secret, err
}

// digest is how a random secret is stored. It needs no salt and no slow function:
// nobody can guess 256 bits.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Revoke ends a link at once; who may not make one gets told so after the link was
// found. Also of a closed review: a guest may look at that one too.
func (s *Service) Revoke(ctx context.Context, who audit.Who, t *team.Team, number int64, id string, refused error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := hold(tx, t, number)
		if err != nil {
			return err
		}
		n, err := endLink(tx, r.ID, id)
		switch {
		case err != nil:
			return err
		case n == 0:
			return fault.New(fault.NotFound, "There is no such link that still works.")
		case refused != nil:
			return refused // and the transaction with it
		}
		return r.told(tx, who, "review.link_revoked", map[string]any{"link": id})
	})
}

// Visit is a review as a guest sees it.
type Visit struct {
	*Review
	Team      *team.Team
	ExpiresAt time.Time
}

// errNoLink is the one answer to a secret that does not open anything, whatever the
// reason.
var errNoLink = fault.New(fault.NotFound, "This link does not open a review: it may have expired or been taken back. Ask whoever sent it for a new one.")

// Visit opens a review by the secret of a link.
func (s *Service) Visit(ctx context.Context, secret string) (*Visit, error) {
	p, err := passOf(s.db.Read(ctx), digest(secret), s.db.Now())
	if err != nil {
		return nil, err
	}
	t, err := team.ByID(s.db.Read(ctx), p.teamID)
	if err != nil {
		return nil, err
	}
	r, err := s.Get(ctx, t, p.sprint)
	if fault.Is(err, fault.Conflict) { // the sprint was cancelled
		err = errNoLink
	}
	if err != nil {
		return nil, err
	}
	mine := []Comment{}
	for _, c := range r.Comments {
		if c.linkID != nil && *c.linkID == p.linkID {
			mine = append(mine, c)
		}
	}
	r.Comments = mine
	if r.ClosedAt == nil {
		r.Summary = "" // a draft
	}
	return &Visit{r, t, p.expires}, nil
}

// VisitTag stands for what a guest may see now: it changes with whatever happens in the
// team, and costs next to nothing. How much that is it does not tell.
func (s *Service) VisitTag(ctx context.Context, secret string) (string, error) {
	g, now := s.db.Read(ctx), s.db.Now()
	p, err := passOf(g, digest(secret), now)
	if err != nil {
		return "", err
	}
	last, err := event.Last(g, p.teamID)
	day := now.UTC().Format(time.DateOnly) // the outbox forgets
	return digest(fmt.Sprintf("%s %d %s", secret, last, day))[:32], err
}

// Guests' comments come by a link at most so often, so that a link that got about
// cannot fill the review.
const (
	guestComments = 10
	guestWindow   = 10 * time.Minute
	maxName       = 80
)

// VisitSay leaves a guest's comment. Client is the browser tab that sent it.
func (s *Service) VisitSay(ctx context.Context, secret, name, body, client string) error {
	if name = plainName(name); name == "" || len([]rune(name)) > maxName {
		return fault.Wrong("/name", "Say who you are, in at most %d letters.", maxName)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := passOf(tx.DB, digest(secret), tx.Now)
		if err != nil {
			return err
		}
		t, err := team.ByID(tx.DB, p.teamID)
		if err != nil {
			return err
		}
		r, err := hold(tx, t, p.sprint)
		if err != nil {
			return err
		}
		if p, err = passOf(tx.DB, digest(secret), tx.Now); err != nil { // revoked while this waited
			return err
		}
		if r.ClosedAt != nil {
			return errClosed
		}
		if err := slowDown(tx, p.linkID); err != nil {
			return err
		}
		return r.say(tx, audit.Who{Name: name + " (guest)", Client: client}, Comment{Author: name, Body: body, linkID: &p.linkID})
	})
}

// slowDown refuses a comment when the link has brought enough lately.
func slowDown(tx *db.Tx, linkID string) error {
	first, n, err := lately(tx.DB, linkID, tx.Now.Add(-guestWindow))
	if err != nil || n < guestComments {
		return err
	}
	wait := first.Add(guestWindow).Sub(tx.Now)
	return team.NewTooSoon(wait, "By one link come at most %d comments in %d minutes; try again later.", guestComments, int(guestWindow.Minutes()))
}
