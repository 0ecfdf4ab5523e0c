package retro

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// MaxCards bounds a retrospective.
const MaxCards = 500

var collecting = []Phase{Facts, Collect}

// PutCard writes a card, or changes an own one. Its id is random and the writer's
// choice, so that a repeated request is the same card.
func (s *Service) PutCard(ctx context.Context, h Hand, t *team.Team, number int64, id string, heading int64, body string) error {
	body = strings.TrimSpace(body)
	if body == "" {
		return fault.Wrong("/text", "Write something on the card.")
	}
	return s.change(ctx, t, number, collecting, func(tx *db.Tx, r *Retro) error {
		if heading < 0 || heading >= int64(len(r.Headings)) {
			return fault.Wrong("/column", "This retrospective has the columns 0 to %d.", len(r.Headings)-1)
		}
		old, err := cardOf(tx.DB, r.ID, id)
		if err != nil {
			return err
		}
		if old != nil && !r.owns(h, old) {
			return notYours(r)
		}
		if old == nil {
			if err := r.mayAdd(tx, id); err != nil {
				return err
			}
		}
		if err := putCard(tx, r.ID, Card{ID: id, Heading: heading, Body: body, owner: r.token(h, id)}); err != nil {
			return err
		}
		return r.whispered(tx, h.Who, "retro.card_written", map[string]any{"card": id})
	})
}

// mayAdd wants a random id: one that holds a moment, or that is taken elsewhere,
// would tell something.
func (r *Retro) mayAdd(tx *db.Tx, id string) error {
	if u, err := uuid.Parse(id); err != nil || u.Version() != 4 || u.String() != id {
		return fault.Wrong("/path/id", "The id of a card is a random UUID (version 4) in small letters.")
	}
	if taken, err := cardTaken(tx.DB, id); err != nil || taken {
		return fault.Wrong("/path/id", "This id is taken; choose another random one.")
	}
	n, err := countCards(tx.DB, r.ID)
	if err == nil && n >= MaxCards {
		err = fault.New(fault.Conflict, "This retrospective has %d cards, and takes no more.", MaxCards)
	}
	return err
}

func notYours(r *Retro) error {
	if r.Anonymous {
		return errNoTicket
	}
	return fault.New(fault.Forbidden, "This is somebody else's card; only who wrote it changes it.")
}

// DropCard takes an own card away.
func (s *Service) DropCard(ctx context.Context, h Hand, t *team.Team, number int64, id string) error {
	return s.change(ctx, t, number, collecting, func(tx *db.Tx, r *Retro) error {
		c, err := theCard(tx.DB, r.ID, id)
		if err != nil {
			return err
		}
		if !r.owns(h, c) {
			return notYours(r)
		}
		if err := deleteCard(tx, id); err != nil {
			return err
		}
		return r.whispered(tx, h.Who, "retro.card_removed", map[string]any{"card": id})
	})
}

// MoveCard puts a card into another group, or into one of its own.
func (s *Service) MoveCard(ctx context.Context, h Hand, t *team.Team, number int64, id string, group *string) error {
	return s.change(ctx, t, number, []Phase{Group}, func(tx *db.Tx, r *Retro) error {
		c, err := theCard(tx.DB, r.ID, id)
		if err != nil {
			return err
		}
		to := ""
		if group == nil {
			if to, err = newGroup(tx, r.ID); err != nil {
				return err
			}
		} else {
			g, err := topicOf(tx.DB, r.ID, *group)
			if err != nil {
				return fault.Wrong("/group_id", "There is no such group in this retrospective.")
			}
			to = g.ID
		}
		if err := regroup(tx, r.ID, c.ID, to); err != nil {
			return err
		}
		return r.told(tx, h.Who, "retro.grouped", nil)
	})
}

// Topic changes the name of a group or its note; nil stays as it is.
func (s *Service) Topic(ctx context.Context, h Hand, t *team.Team, number int64, id string, name, note *string, seen int64) error {
	return s.change(ctx, t, number, []Phase{Group, Vote, Discuss, Actions}, func(tx *db.Tx, r *Retro) error {
		g, err := topicOf(tx.DB, r.ID, id)
		if err != nil {
			return err
		}
		if g.Version != seen {
			return fault.New(fault.Conflict, "Somebody changed this group first. Look at it as it is now, then decide.")
		}
		if name != nil {
			g.Name = strings.TrimSpace(*name)
		}
		if note != nil {
			g.Note = strings.TrimSpace(*note)
		}
		if err := saveTopic(tx, g); err != nil {
			return err
		}
		return r.told(tx, h.Who, "retro.group_changed", map[string]any{"group": id, "name": g.Name})
	})
}

// Dot gives a group so many of one's own dots, instead of those it had from one.
func (s *Service) Dot(ctx context.Context, h Hand, t *team.Team, number int64, id string, dots int64) error {
	return s.change(ctx, t, number, []Phase{Vote}, func(tx *db.Tx, r *Retro) error {
		if _, err := topicOf(tx.DB, r.ID, id); err != nil {
			return err
		}
		voter := r.voter(h)
		if voter == "" {
			return errNoTicket
		}
		if err := setDots(tx, r.ID, voter, id, dots); err != nil {
			return err
		}
		given, err := dotsOf(tx.DB, r.ID, voter)
		if err != nil {
			return err
		}
		if given > r.Dots {
			return fault.Wrong("/dots", "Everybody has %d dots. Take one away elsewhere first.", r.Dots)
		}
		return nil // hidden until the phase ends, so there is nothing to tell
	})
}

// BeReady says that somebody is ready for the next phase, or not yet.
func (s *Service) BeReady(ctx context.Context, h Hand, t *team.Team, number int64, ready bool) error {
	return s.change(ctx, t, number, Phases[:len(Phases)-1], func(tx *db.Tx, r *Retro) error {
		if err := setReady(tx, r.ID, h.Who.UserID, ready); err != nil {
			return err
		}
		return r.told(tx, h.Who, "retro.ready", map[string]any{"ready": ready, "phase": r.Phase})
	})
}
