package retro

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

// Lesson is what a team learned about a product, to be shown on later patches of it.
type Lesson struct {
	ID        string
	Body      string
	Vendor    string // empty: whoever makes it
	Product   string // empty: it is about work at large, and found by search only
	Sprint    *int64 // where it comes from
	Patch     *int64
	Author    string // the name at that time
	Version   int64
	CreatedAt time.Time
}

// Learned is what somebody says about a lesson; nil stays as it is. Sprint and Patch
// count for a new one.
type Learned struct {
	Body, Vendor, Product *string
	Sprint, Patch         *int64
	Seen                  int64
}

// Learn keeps a lesson. About a patch, vendor and product are its own unless named.
func (s *Service) Learn(ctx context.Context, who audit.Who, t *team.Team, c Learned) (*Lesson, error) {
	var out *Lesson
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		l := &Lesson{ID: db.NewID(), Author: who.Name, Version: 1, CreatedAt: tx.Now}
		from, err := c.origin(tx, t, l)
		if err != nil {
			return err
		}
		if err := c.apply(l); err != nil {
			return err
		}
		if err := insertLesson(tx, t.ID, l, from); err != nil {
			return err
		}
		out, err = taught(tx, who, t, l.ID, "lesson.added")
		return err
	})
	return out, err
}

// origin finds where a lesson comes from.
func (c Learned) origin(tx *db.Tx, t *team.Team, l *Lesson) (from origin, err error) {
	if c.Sprint != nil {
		sp, err := sprintOf(tx.DB, t.ID, *c.Sprint)
		if err != nil {
			return from, fault.Wrong("/sprint", "There is no such sprint in this team.")
		}
		from.sprintID = &sp.ID
	}
	if c.Patch != nil {
		p, err := backlog.ByNumber(tx.DB, t.ID, *c.Patch)
		if err != nil {
			return from, fault.Wrong("/key", "There is no such patch in this team.")
		}
		from.patchID = &p.ID
		l.Vendor, l.Product = MadeBy(p.Component, p.Ecosystem)
	}
	return from, nil
}

type origin struct{ sprintID, patchID *string }

func (c Learned) apply(l *Lesson) error {
	if c.Body != nil {
		l.Body = strings.TrimSpace(*c.Body)
	}
	if l.Body == "" {
		return fault.Wrong("/text", "Say what was learned.")
	}
	if c.Vendor != nil {
		l.Vendor = strings.TrimSpace(*c.Vendor)
	}
	if c.Product != nil {
		l.Product = strings.TrimSpace(*c.Product)
	}
	if l.Vendor != "" && l.Product == "" {
		return fault.Wrong("/product", "Name the product of this vendor too.")
	}
	return nil
}

// Relearn changes a lesson.
func (s *Service) Relearn(ctx context.Context, who audit.Who, t *team.Team, id string, c Learned) (*Lesson, error) {
	var out *Lesson
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock("lessons", id); err != nil {
			return err
		}
		l, err := lessonOf(tx.DB, t.ID, id)
		if err != nil {
			return err
		}
		if l.Version != c.Seen {
			return fault.Stale(l, "Somebody changed this lesson first. Look at it as it is now, then decide.")
		}
		if err := c.apply(l); err != nil {
			return err
		}
		if err := updateLesson(tx, l); err != nil {
			return err
		}
		out, err = taught(tx, who, t, id, "lesson.changed")
		return err
	})
	return out, err
}

// Unlearn deletes a lesson; the audit keeps its text.
func (s *Service) Unlearn(ctx context.Context, who audit.Who, t *team.Team, id string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := lessonOf(tx.DB, t.ID, id); err != nil {
			return err
		}
		if _, err := taught(tx, who, t, id, "lesson.removed"); err != nil {
			return err
		}
		return deleteLesson(tx, id)
	})
}

func taught(tx *db.Tx, who audit.Who, t *team.Team, id, action string) (*Lesson, error) {
	l, err := lessonOf(tx.DB, t.ID, id)
	if err != nil {
		return nil, err
	}
	detail := map[string]any{"text": l.Body, "vendor": l.Vendor, "product": l.Product}
	if err := audit.Write(tx, who, t.ID, action, id, detail); err != nil {
		return nil, err
	}
	return l, event.Tell(tx, who, t.ID, event.Event{Kind: event.LessonChanged, Key: id, Version: l.Version})
}

// Lessons searches a team's lessons, the latest first. Each word must occur. Before
// is the id of the last one of the page before, or empty.
func (s *Service) Lessons(ctx context.Context, t *team.Team, q, before string, limit int) ([]Lesson, error) {
	return searchLessons(s.db.Read(ctx), t.ID, strings.Fields(strings.ToLower(q)), before, limit)
}

// mostShown is how many lessons a patch shows.
const mostShown = 20

// Matching are the lessons about the product of a patch, the latest first, and what
// a new one would be about.
func (s *Service) Matching(ctx context.Context, t *team.Team, number int64) (list []Lesson, vendor, product string, err error) {
	g := s.db.Read(ctx)
	p, err := backlog.ByNumber(g, t.ID, number)
	if err != nil {
		return nil, "", "", err
	}
	vendor, product = MadeBy(p.Component, p.Ecosystem)
	if product == "" {
		return nil, "", "", nil
	}
	list, err = lessonsAbout(g, t.ID, key(vendor), key(product), mostShown)
	return list, vendor, product, err
}

// Known counts the lessons about the product of each of some patches, by number;
// those without any are left out.
func (s *Service) Known(ctx context.Context, t *team.Team, numbers []int64) (map[int64]int, error) {
	out := map[int64]int{}
	err := s.db.View(ctx, func(g db.Reader) error {
		byProduct, err := countLessons(g, t.ID)
		if err != nil || len(byProduct) == 0 || len(numbers) == 0 {
			return err
		}
		return eachComponent(g, t.ID, numbers, func(number int64, component, ecosystem string) {
			vendor, product := MadeBy(component, ecosystem)
			about := byProduct[key(product)]
			n := about[""]
			if v := key(vendor); v != "" {
				n += about[v]
			}
			if product != "" && n > 0 {
				out[number] = n
			}
		})
	})
	return out, err
}
