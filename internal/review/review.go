// Package review runs sprint reviews: what was done, carried and dropped, each with
// what proves it, what the product owner accepts, and what stakeholders say.
//
// Stakeholders need no account. A link lets whoever holds it look at one review, and
// leave comments. A guest sees the sprint's name, goal and dates; of each item its key,
// title, state, whether it was accepted, and as evidence on how many hosts it has
// arrived and whether a scan confirms it; the summary once the review is closed; and
// the comments that were made by the same link. Nothing else: no names of people, no
// assets, vulnerabilities or scanners, no reasons of dropped items, no feedback, no
// comments of the team or of other guests.
package review

import (
	"context"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/report"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// Service holds reviews.
type Service struct {
	db     *db.DB
	report *report.Service
}

// New makes the service.
func New(d *db.DB) *Service { return &Service{d, report.New(d, sprint.New(d))} }

// Review is the review of one sprint. It is open from the sprint's start until the
// Scrum master closes it with a summary; from then on nothing changes it.
type Review struct {
	ID       string
	TeamID   string
	SprintID string
	Summary  string     // Markdown
	Items    string     // what was looked at, once closed
	ClosedAt *time.Time `gorm:"serializer:time"`
	ClosedBy string
	Version  int64 // 0 while nobody has written anything

	Sprint    *sprint.Sprint `gorm:"-"` // this and the rest are filled for the one who looks
	Looked    []Item         `gorm:"-"`
	Truncated bool           `gorm:"-"`
	Comments  []Comment      `gorm:"-"`
	Waiting   int            `gorm:"-"` // done items without a verdict
}

var (
	errNotStarted = fault.New(fault.Conflict, "A review looks at a sprint that has started.")
	errImported   = fault.New(fault.Conflict, "This sprint was lived elsewhere, and so was its review.")
	errClosed     = fault.New(fault.Conflict, "This review is closed; nothing changes it any more.")
)

func canReview(sp *sprint.Sprint) error {
	switch {
	case sp.Imported:
		return errImported
	case sp.StartedAt == nil || sp.State == scrum.Cancelled || sp.State == scrum.Planned:
		return errNotStarted
	}
	return nil
}

// Get reads the review of a sprint. One that nobody has begun is shown as it begins.
func (s *Service) Get(ctx context.Context, t *team.Team, number int64) (*Review, error) {
	var r *Review
	err := s.db.View(ctx, func(g db.Reader) error {
		sp, err := sprintOf(g, t.ID, number)
		if err != nil {
			return err
		}
		if err := canReview(sp); err != nil {
			return err
		}
		if r, err = reviewOf(g, sp.ID); err != nil {
			return err
		}
		if r == nil {
			r = &Review{TeamID: t.ID, SprintID: sp.ID}
		}
		r.Sprint = sp
		r.Comments, err = commentsOf(g, r.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, s.fill(ctx, t, r)
}

// hold reads the review of a sprint and lets one at a time change it. It is made when
// it is not there yet.
func hold(tx *db.Tx, t *team.Team, number int64) (*Review, error) {
	sp, err := sprint.Hold(tx, t.ID, number)
	if err != nil {
		return nil, err
	}
	if err := canReview(sp); err != nil {
		return nil, err
	}
	r, err := reviewOf(tx.DB, sp.ID)
	if err != nil {
		return nil, err
	}
	if r == nil {
		r = &Review{ID: db.NewID(), TeamID: t.ID, SprintID: sp.ID, Version: 1}
		if err := tx.Create(r).Error; err != nil {
			return nil, err
		}
	}
	r.Sprint = sp
	return r, nil
}

// change runs one change of a review that is open.
func (s *Service) change(ctx context.Context, t *team.Team, number int64, fn func(tx *db.Tx, r *Review) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := hold(tx, t, number)
		if err != nil {
			return err
		}
		if r.ClosedAt != nil {
			return errClosed
		}
		return fn(tx, r)
	})
}

// told writes who did what, and tells those who look.
func (r *Review) told(tx *db.Tx, who audit.Who, action string, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["sprint"] = r.Sprint.Number
	if err := audit.Write(tx, who, r.TeamID, action, r.ID, detail); err != nil {
		return err
	}
	return event.Tell(tx, who, r.TeamID, event.Event{Kind: event.ReviewChanged, Sprint: r.Sprint.Number})
}

// Overview is a review in a list.
type Overview struct {
	Sprint        int64
	Name          string
	State         scrum.SprintState
	Done          int // completed items
	Judged        int // of them, with a verdict
	NotAccepted   int
	Comments      int
	GuestComments int
	ClosedAt      *time.Time
}

// listed is how many reviews a list shows.
const listed = 12

// List shows the reviews of the sprints that started last, the latest first.
func (s *Service) List(ctx context.Context, t *team.Team) ([]Overview, error) {
	return overviews(s.db.Read(ctx), t.ID, listed)
}
