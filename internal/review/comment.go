package review

import (
	"context"
	"strings"
	"time"
	"unicode"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// Comment is what somebody says about the sprint as a whole: of the team, or a guest.
type Comment struct {
	ID        string
	UserID    *string // nil of a guest
	Author    string
	Body      string
	CreatedAt time.Time

	linkID *string
}

// IsGuest tells a guest's comment from the team's.
func (c *Comment) IsGuest() bool { return c.UserID == nil }

// MaxComments bounds a review, for whoever writes in it.
const MaxComments = 500

// Say comments on a review.
func (s *Service) Say(ctx context.Context, who audit.Who, t *team.Team, number int64, body string) error {
	return s.change(ctx, t, number, func(tx *db.Tx, r *Review) error {
		return r.say(tx, who, Comment{UserID: &who.UserID, Author: who.Name, Body: body})
	})
}

func (r *Review) say(tx *db.Tx, who audit.Who, c Comment) error {
	c.Body = strings.TrimSpace(strings.ReplaceAll(c.Body, "\r\n", "\n"))
	if c.Body == "" {
		return fault.Wrong("/text", "A comment needs some words.")
	}
	n, err := countComments(tx.DB, r.ID)
	if err != nil {
		return err
	}
	if n >= MaxComments {
		return fault.New(fault.Conflict, "This review has %d comments, and takes no more.", MaxComments)
	}
	c.ID, c.CreatedAt = db.NewID(), tx.Now
	if err := insertComment(tx, r.ID, &c); err != nil {
		return err
	}
	return r.told(tx, who, "review.commented", map[string]any{"comment": c.ID, "guest": c.IsGuest()})
}

// Unsay takes a comment back: one's own, or with moderate anybody's.
func (s *Service) Unsay(ctx context.Context, who audit.Who, t *team.Team, number int64, id string, moderate bool) error {
	return s.change(ctx, t, number, func(tx *db.Tx, r *Review) error {
		c, err := commentOf(tx.DB, r.ID, id)
		if err != nil {
			return err
		}
		if !moderate && (c.IsGuest() || *c.UserID != who.UserID) {
			return fault.New(fault.Forbidden, "Only who wrote it, a Scrum master or an administrator may delete this comment.")
		}
		if err := deleteComment(tx, c.ID); err != nil {
			return err
		}
		return r.told(tx, who, "review.comment_deleted", map[string]any{"comment": c.ID, "author": c.Author, "text": c.Body})
	})
}

// plainName keeps a guest's name on one line, and from changing how what stands around
// it is read.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, name)
	return strings.Join(strings.Fields(name), " ")
}
