package retro

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// Hand is who asks, and the ticket that stands for them in an anonymous
// retrospective.
type Hand struct {
	Who    audit.Who
	Ticket string
}

var (
	errNotStarted = fault.New(fault.Conflict, "A retrospective looks back on a sprint that has started.")
	errClosed     = fault.New(fault.Conflict, "This retrospective is closed; nothing changes it any more.")
	errNoTicket   = fault.New(fault.Conflict, "This takes your ticket of this anonymous retrospective. It is in the browser that got it; paste its code here, or go on there.")
	errSoon       = fault.New(fault.Conflict, "This phase of the retrospective does not allow it. Look at it as it is now.")
)

func newSecret() string { return rand.Text() }

// Ticket gives somebody their ticket of an anonymous retrospective, once. Only that
// they have one is written down.
func (s *Service) Ticket(ctx context.Context, who audit.Who, t *team.Team, number int64) (string, error) {
	ticket := ""
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := hold(tx, t, number)
		if err != nil {
			return err
		}
		if r.Phase == Closed {
			return errClosed
		}
		if !r.Anonymous {
			return fault.New(fault.Conflict, "This retrospective is not anonymous; nobody needs a ticket.")
		}
		given, err := insertTicket(tx, r.ID, who.UserID)
		if err != nil {
			return err
		}
		if !given {
			return fault.New(fault.Conflict, "You have your ticket already: it is in the browser that got it. A second one would let you vote twice.")
		}
		nonce := rand.Text()
		ticket = nonce + "." + r.sign(nonce)
		return nil
	})
	return ticket, err
}

func (r *Retro) sign(nonce string) string {
	m := hmac.New(sha256.New, []byte(r.Secret))
	m.Write([]byte(r.ID + "\n" + nonce))
	return hex.EncodeToString(m.Sum(nil))
}

// knows tells whether a ticket is one of this retrospective.
func (r *Retro) knows(ticket string) bool {
	nonce, signature, ok := strings.Cut(ticket, ".")
	return ok && r.Secret != "" && hmac.Equal([]byte(signature), []byte(r.sign(nonce)))
}

// Knows tells whether somebody holds a ticket of this retrospective.
func (r *Retro) Knows(h Hand) bool { return r.Anonymous && r.knows(h.Ticket) }

// token stands for somebody on one thing: a card, or the ballot. It is empty for
// somebody without a ticket.
func (r *Retro) token(h Hand, thing string) string {
	if !r.Anonymous {
		return h.Who.UserID
	}
	if !r.knows(h.Ticket) {
		return ""
	}
	sum := sha256.Sum256([]byte(thing + "\n" + h.Ticket))
	return hex.EncodeToString(sum[:])
}

func (r *Retro) owns(h Hand, c *Card) bool { return c.owner != "" && c.owner == r.token(h, c.ID) }

func (r *Retro) voter(h Hand) string { return r.token(h, "ballot "+r.ID) }

// hold reads the retrospective of a sprint and lets one at a time change it. It is
// made when it is not there yet.
func hold(tx *db.Tx, t *team.Team, number int64) (*Retro, error) {
	sp, err := sprint.Hold(tx, t.ID, number)
	if err != nil {
		return nil, err
	}
	if err := canLookBack(sp); err != nil {
		return nil, err
	}
	r, err := retroOf(tx.DB, sp.ID)
	if err != nil {
		return nil, err
	}
	if r == nil {
		r = start(sp)
		r.Version = 1
		if err := tx.Create(r).Error; err != nil {
			return nil, err
		}
	}
	r.Sprint, r.Now = sp, tx.Now
	return r, nil
}

// told writes who did what. Of an anonymous retrospective detail must name no card.
func (r *Retro) told(tx *db.Tx, who audit.Who, action string, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["sprint"] = r.Sprint.Number
	if err := audit.Write(tx, who, r.TeamID, action, r.ID, detail); err != nil {
		return err
	}
	return event.Tell(tx, who, r.TeamID, event.Event{Kind: event.RetroChanged, Sprint: r.Sprint.Number})
}

// whispered is told, but for what must stay without an author: of that nothing is
// written where the retrospective is anonymous.
func (r *Retro) whispered(tx *db.Tx, who audit.Who, action string, detail map[string]any) error {
	if r.Anonymous {
		return nil
	}
	return r.told(tx, who, action, detail)
}

// change runs one change of a retrospective that is open, in one of some phases.
func (s *Service) change(ctx context.Context, t *team.Team, number int64, in []Phase, fn func(tx *db.Tx, r *Retro) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := hold(tx, t, number)
		if err != nil {
			return err
		}
		if r.Phase == Closed {
			return errClosed
		}
		for _, p := range in {
			if p == r.Phase {
				return fn(tx, r)
			}
		}
		return errSoon
	})
}
