// Package comment keeps what people say about a patch: comments in Markdown, who
// they mention, and the files they attach.
//
// Text is stored as it was typed; whoever shows it makes it safe. Files are stored
// in the database, in parts: replicas share nothing else, and a backup of it is
// whole.
package comment

import (
	"context"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// Service is the use cases.
type Service struct {
	db      *db.DB
	options Options
}

// Options bound what a team may store.
type Options struct {
	MaxFile int64 // bytes of one file; DefaultMaxFile when 0
	MaxTeam int64 // bytes of all files of a team; DefaultMaxTeam when 0
}

// New makes the service.
func New(d *db.DB, o Options) *Service {
	if o.MaxFile == 0 {
		o.MaxFile = DefaultMaxFile
	}
	if o.MaxTeam == 0 {
		o.MaxTeam = DefaultMaxTeam
	}
	return &Service{d, o}
}

// Person is somebody by name.
type Person struct{ ID, Name string }

// Comment is what somebody said about a patch.
type Comment struct {
	ID        string
	PatchID   string
	Author    Person
	Body      string // Markdown
	Mentions  []Person
	CreatedAt time.Time
	EditedAt  *time.Time
	Version   int64
}

// maxBody is how many letters a comment may have.
const maxBody = 20000

// List reads the comments on a patch, the latest first. Before is the id of the
// last one of the page before.
func (s *Service) List(ctx context.Context, t *team.Team, number int64, before string, limit int) ([]Comment, error) {
	var out []Comment
	err := s.db.View(ctx, func(g db.Reader) error {
		p, err := backlog.ByNumber(g, t.ID, number)
		if err != nil {
			return err
		}
		out, err = pageOf(g, p.ID, before, limit)
		return err
	})
	return out, err
}

// Add says something about a patch. It leaves the patch itself as it is, so that
// nobody who is editing it is held up.
func (s *Service) Add(ctx context.Context, who audit.Who, t *team.Team, number int64, body string) (*Comment, error) {
	body, err := checked(body)
	if err != nil {
		return nil, err
	}
	var c *Comment
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := backlog.ByNumber(tx.DB, t.ID, number)
		if err != nil {
			return err
		}
		c = &Comment{ID: db.NewID(), PatchID: p.ID, Author: Person{who.UserID, who.Name}, Body: body, CreatedAt: tx.Now, Version: 1}
		if err := insert(tx, t.ID, c); err != nil {
			return err
		}
		fresh, err := s.mention(tx, t, c)
		if err != nil {
			return err
		}
		return told(tx, who, t, p, c, "comment.added", fresh)
	})
	return c, err
}

// Edit changes one's own comment.
func (s *Service) Edit(ctx context.Context, who audit.Who, t *team.Team, number int64, id, body string, seen int64) (*Comment, error) {
	body, err := checked(body)
	if err != nil {
		return nil, err
	}
	var c *Comment
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p, held, err := find(tx, t, number, id)
		if err != nil {
			return err
		}
		c = held
		switch {
		case c.Author.ID != who.UserID:
			return fault.New(fault.Forbidden, "Only %s may change this comment; write one of your own.", c.Author.Name)
		case c.Version != seen:
			return fault.Stale(c, "You changed this comment elsewhere first. Look at it as it is now, then decide.")
		case c.Body == body:
			return nil
		}
		c.Body, c.EditedAt, c.Version = body, &tx.Now, c.Version+1
		if err := update(tx, c); err != nil {
			return err
		}
		fresh, err := s.mention(tx, t, c)
		if err != nil {
			return err
		}
		return told(tx, who, t, p, c, "comment.edited", fresh)
	})
	return c, err
}

// Delete takes a comment back: one's own, or with moderate anybody's.
func (s *Service) Delete(ctx context.Context, who audit.Who, t *team.Team, number int64, id string, moderate bool) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, c, err := find(tx, t, number, id)
		if err != nil {
			return err
		}
		if c.Author.ID != who.UserID && !moderate {
			return fault.New(fault.Forbidden, "Only %s, a Scrum master or an administrator may delete this comment.", c.Author.Name)
		}
		if err := remove(tx, id); err != nil {
			return err
		}
		return told(tx, who, t, p, c, "comment.deleted", nil)
	})
}

func checked(body string) (string, error) {
	body = strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n"))
	if body == "" {
		return "", fault.Wrong("/body", "A comment needs some words.")
	}
	if len([]rune(body)) > maxBody {
		return "", fault.Wrong("/body", "A comment has at most %d letters.", maxBody)
	}
	return body, nil
}

// find holds a comment on a patch of the team.
func find(tx *db.Tx, t *team.Team, number int64, id string) (*backlog.Patch, *Comment, error) {
	p, err := backlog.ByNumber(tx.DB, t.ID, number)
	if err != nil {
		return nil, nil, err
	}
	if err := tx.Lock("comments", id); err != nil {
		return nil, nil, err
	}
	c, err := byID(tx.DB, p.ID, id)
	return p, c, err
}

// told writes to the patch's history that something was said, not what, and tells
// those who look at it, and those who were mentioned.
func told(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch, c *Comment, action string, mentioned []Person) error {
	detail := map[string]any{"comment": c.ID}
	if c.Author.ID != who.UserID {
		detail["author"] = c.Author.Name
	}
	if len(mentioned) > 0 {
		names := make([]string, len(mentioned))
		for i, m := range mentioned {
			names[i] = m.Name
		}
		detail["mentioned"] = names
	}
	if err := audit.Write(tx, who, t.ID, action, p.ID, detail); err != nil {
		return err
	}
	key := backlog.Key(t.Key, p.Number)
	if err := event.Tell(tx, who, t.ID, event.Event{Kind: event.CommentChanged, Key: key}); err != nil || len(mentioned) == 0 {
		return err
	}
	return event.Tell(tx, who, t.ID, event.Event{Kind: event.MentionAdded, Key: key})
}
