// Package view keeps filters of the backlog under names, own ones and those a team
// shares, and what each person chose for the list.
package view

import (
	"context"
	"slices"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
)

// View is a filter under a name, with an order and what to show.
type View struct {
	ID        string
	TeamID    string
	OwnerID   string
	Name      string
	Shared    bool
	Query     string   // filter and order, as the address of the list has them
	Columns   []string `gorm:"serializer:words"` // none: the reader's own
	Density   string
	GoneAt    *time.Time `gorm:"serializer:time"`
	Version   int64
	CreatedAt time.Time `gorm:"serializer:time"`
	UpdatedAt time.Time `gorm:"serializer:time"`

	OwnerName string `gorm:"-"`
}

// Choices are what one person chose in one team.
type Choices struct {
	TeamID      string
	UserID      string
	DefaultView string   // id of a view, or the name of a built-in one
	Places      []string `gorm:"serializer:words"` // ids of views in order
	Columns     []string `gorm:"serializer:words"`
	Density     string
	Widths      map[string]int `gorm:"serializer:json"` // pixels by column
	UpdatedAt   time.Time      `gorm:"serializer:time"`
}

func (Choices) TableName() string { return "view_choices" }

// Draft is a new view, or a change of one; nil stays as it is.
type Draft struct {
	Name, Query, Density *string
	Shared               *bool
	Columns              *[]string
}

// Reader is who asks: May lists what roles allow beyond one's own views.
type Reader struct {
	audit.Who
	MayShare bool // share views with the team
	MayEdit  bool // change what others share
}

// Edits tells whether the reader may change a view.
func (r Reader) Edits(v *View) bool { return v.OwnerID == r.UserID || v.Shared && r.MayEdit }

// Service keeps views.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{d} }

const (
	mostOwn    = 100                 // views of one person in one team
	mostShared = 200                 // shared views of a team
	keep       = 30 * 24 * time.Hour // that a deleted one can be restored
)

// List reads the shared views and the person's own, in the person's order; those
// without a place follow by age.
func (s *Service) List(ctx context.Context, teamID, userID string) (views []View, c Choices, err error) {
	err = s.db.View(ctx, func(g db.Reader) error {
		if views, err = visible(g, teamID, userID); err != nil {
			return err
		}
		c, err = choicesOf(g, teamID, userID)
		return err
	})
	place := func(v View) int {
		if i := slices.Index(c.Places, v.ID); i >= 0 {
			return i
		}
		return len(c.Places)
	}
	slices.SortStableFunc(views, func(a, b View) int { return place(a) - place(b) })
	return views, c, err
}

// Create keeps a filter under a name.
func (s *Service) Create(ctx context.Context, r Reader, teamID string, d Draft) (*View, error) {
	v := &View{ID: db.NewID(), TeamID: teamID, OwnerID: r.UserID, Columns: []string{}, Version: 1}
	if err := d.apply(v, r); err != nil {
		return nil, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		v.CreatedAt, v.UpdatedAt = tx.Now, tx.Now
		if err := room(tx, v); err != nil {
			return err
		}
		if err := tx.Create(v).Error; err != nil {
			return err
		}
		v.OwnerName = r.Name
		return tell(tx, r, v, "view.created")
	})
	return v, err
}

// apply checks a draft and writes it into a view. To share, or to make one's own
// again, is the owner's to decide.
func (d Draft) apply(v *View, r Reader) error {
	if d.Name != nil {
		if v.Name = strings.TrimSpace(*d.Name); v.Name == "" {
			return fault.Wrong("/name", "A view needs a name.")
		}
	}
	if d.Shared != nil && *d.Shared != v.Shared {
		if *d.Shared && !r.MayShare {
			return fault.New(fault.Forbidden, "Somebody who only looks on cannot share a view; ask a member of the team.")
		}
		if v.OwnerID != r.UserID && v.Version > 1 {
			return fault.New(fault.Forbidden, "Only its owner decides whether a view is shared.")
		}
		v.Shared = *d.Shared
	}
	if d.Query != nil {
		v.Query = *d.Query
	}
	if d.Columns != nil {
		v.Columns = *d.Columns
	}
	if d.Density != nil {
		v.Density = *d.Density
	}
	return nil
}

// Update changes a view that is still at the version seen.
func (s *Service) Update(ctx context.Context, r Reader, teamID, id string, seen int64, d Draft) (*View, error) {
	return s.change(ctx, r, teamID, id, "view.changed", func(tx *db.Tx, v *View) error {
		if v.GoneAt != nil {
			return errNone
		}
		if v.Version != seen {
			return fault.Stale(v, "Somebody changed this view first. Look at it as it is now, then decide.")
		}
		was := v.Shared
		if err := d.apply(v, r); err != nil || v.Shared == was {
			return err
		}
		return room(tx, v)
	})
}

// Delete takes a view away; Restore brings it back within 30 days.
func (s *Service) Delete(ctx context.Context, r Reader, teamID, id string) error {
	_, err := s.change(ctx, r, teamID, id, "view.deleted", func(tx *db.Tx, v *View) error {
		if v.GoneAt != nil {
			return errNone
		}
		v.GoneAt = &tx.Now
		return forget(tx, tx.Now.Add(-keep))
	})
	return err
}

// Restore brings a deleted view back.
func (s *Service) Restore(ctx context.Context, r Reader, teamID, id string) (*View, error) {
	return s.change(ctx, r, teamID, id, "view.restored", func(tx *db.Tx, v *View) error {
		v.GoneAt = nil
		return room(tx, v)
	})
}

var errNone = fault.New(fault.NotFound, "There is no such view in this team.")

// change writes what do makes of a view that the person may change.
func (s *Service) change(ctx context.Context, r Reader, teamID, id, action string, do func(tx *db.Tx, v *View) error) (*View, error) {
	var v *View
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if v, err = held(tx, teamID, id); err != nil {
			return err
		}
		if v.OwnerID != r.UserID && !v.Shared {
			return errNone // others' own views are nobody's business
		}
		if !r.Edits(v) {
			return fault.New(fault.Forbidden, "Only its owner, a Scrum master, a product owner or an administrator changes this view. Save it under another name to have your own.")
		}
		if err := do(tx, v); err != nil {
			return err
		}
		if err := write(tx, v); err != nil {
			return err
		}
		return tell(tx, r, v, action)
	})
	return v, err
}

// tell audits a change, and announces it where it concerns others.
func tell(tx *db.Tx, r Reader, v *View, action string) error {
	if err := audit.Write(tx, r.Who, v.TeamID, action, v.ID, map[string]any{"name": v.Name, "shared": v.Shared, "query": v.Query}); err != nil {
		return err
	}
	if !v.Shared {
		return nil
	}
	return event.Tell(tx, r.Who, v.TeamID, event.Event{Kind: event.ViewChanged, Key: v.ID, Version: v.Version})
}

// Choosing changes what a person chose; nil stays as it is.
type Choosing struct {
	DefaultView, Density *string
	Places, Columns      *[]string
	Widths               *map[string]int
}

// Choose keeps what a person chose. It concerns nobody else, so that there is
// neither an event nor an audit row.
func (s *Service) Choose(ctx context.Context, teamID, userID string, to Choosing) (Choices, error) {
	var c Choices
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if c, err = choicesOf(tx.DB, teamID, userID); err != nil {
			return err
		}
		set(&c.DefaultView, to.DefaultView)
		set(&c.Density, to.Density)
		set(&c.Places, to.Places)
		set(&c.Columns, to.Columns)
		set(&c.Widths, to.Widths)
		c.UpdatedAt = tx.Now
		return keepChoices(tx, &c)
	})
	return c, err
}

func set[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}
