// Package retro keeps the retrospectives of sprints with the actions that follow
// from them, and the lessons that come back on later patches.
//
// # Anonymity
//
// An anonymous retrospective must not lead from a card or a vote to its author, for
// anybody: not in answers, events, audit, exports, logs, and not for an administrator
// who reads the database.
//
//   - A card has no author and no moment, and its id is random. Writing one is told
//     to nobody: neither an audit row nor an event is written, since both would name
//     a person or a time. Screens ask again from time to time instead.
//   - That somebody may change their own cards and votes no more than their dots, the
//     server gives each person one ticket, once, and writes down only that it did.
//     The ticket is signed, so that the server knows it without having kept it; the
//     browser keeps it and sends it along. Of a card the digest of its id with the
//     ticket is stored: it tells the owner's browser, and differs from card to card.
//   - When collecting ends the digests are erased and the cards are written anew in a
//     random order. When voting ends the sums stay and the votes are deleted. When
//     the retrospective is closed the key that signed the tickets is erased.
//
// What this cannot do: who changes this program or listens to its memory sees who
// asks for what. Who reads the files of the database while collecting lasts (the
// physical order of rows, the write-ahead log, backups taken at short intervals) can
// guess from the order of things. Who can write to the database can forge a ticket,
// as he could forge a vote. A ticket that is lost, with the browser's storage, is not
// given again: its owner can still write cards, but neither change them nor vote.
// And a card's own words may give its author away.
package retro

import (
	"context"
	"time"

	"patchline/internal/db"
	"patchline/internal/report"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// Service runs retrospectives and keeps lessons.
type Service struct {
	db     *db.DB
	report *report.Service
}

// New makes the service.
func New(d *db.DB) *Service { return &Service{d, report.New(d, sprint.New(d))} }

// Phase is how far a retrospective is.
type Phase string

const (
	Facts   Phase = "facts"   // what happened, and what came of former actions
	Collect Phase = "collect" // cards; already in the phase before
	Group   Phase = "group"
	Vote    Phase = "vote"
	Discuss Phase = "discuss"
	Actions Phase = "actions"
	Closed  Phase = "closed" // nothing changes any more
)

// Phases are all, in order.
var Phases = []Phase{Facts, Collect, Group, Vote, Discuss, Actions, Closed}

func (p Phase) step() int {
	for i, q := range Phases {
		if p == q {
			return i
		}
	}
	return -1
}

// before tells whether this phase comes earlier than another one.
func (p Phase) before(q Phase) bool { return p.step() < q.step() }

// Own is the format whose columns the team names itself.
const Own = "own"

// Formats are the columns of those that everybody knows.
var Formats = map[string][]string{
	"went_well":  {"Went well", "To improve"},
	"start_stop": {"Start", "Stop", "Continue"},
	"four_ls":    {"Liked", "Learned", "Lacked", "Longed for"},
	Own:          nil,
}

// Retro is the retrospective of one sprint.
type Retro struct {
	ID         string
	TeamID     string
	SprintID   string
	Format     string
	Headings   []string `gorm:"serializer:words"`
	Anonymous  bool
	Dots       int64
	Phase      Phase
	EndsAt     *time.Time `gorm:"serializer:time"`
	Discussing *string
	Secret     string
	Summary    string
	ClosedAt   *time.Time `gorm:"serializer:time"`
	Version    int64      // 0 while nobody has written anything

	Sprint      *sprint.Sprint `gorm:"-"` // this and the rest are filled for the one who looks
	Now         time.Time      `gorm:"-"`
	Cards       []Card         `gorm:"-"`
	Counts      []int64        `gorm:"-"` // of cards, by column
	Groups      []Topic        `gorm:"-"`
	Ready       int64          `gorm:"-"`
	Members     int64          `gorm:"-"` // who may work, and so be ready
	MineReady   bool           `gorm:"-"`
	TicketTaken bool           `gorm:"-"`
	DotsLeft    int64          `gorm:"-"`
	Actions     []Action       `gorm:"-"`
	OpenActions []Action       `gorm:"-"` // of former retrospectives, the oldest first
}

func (Retro) TableName() string { return "retros" }

// Card is what somebody put down. Its text is empty to others while cards are
// collected; its author is known in a retrospective that is not anonymous.
type Card struct {
	ID      string
	Heading int64
	Body    string
	Group   *string
	Shown   bool
	Mine    bool
	Author  string

	owner string
}

// Topic is a group of cards with what was said about it.
type Topic struct {
	ID, Name, Note string
	Votes          int64 // 0 until the voting has ended
	Mine           int64 // one's own dots while it lasts
	Version        int64
}

// start is a retrospective that nobody has written in yet.
func start(sp *sprint.Sprint) *Retro {
	return &Retro{ID: db.NewID(), TeamID: sp.TeamID, SprintID: sp.ID, Format: "went_well", Headings: Formats["went_well"], Dots: 3, Phase: Facts, Secret: newSecret()}
}

// Get reads the retrospective of a sprint as one person sees it. One that nobody has
// begun is shown as it would begin.
func (s *Service) Get(ctx context.Context, t *team.Team, number int64, h Hand) (*Retro, error) {
	var r *Retro
	err := s.db.View(ctx, func(g db.Reader) error {
		sp, err := sprintOf(g, t.ID, number)
		if err != nil {
			return err
		}
		if err := canLookBack(sp); err != nil {
			return err
		}
		if r, err = retroOf(g, sp.ID); err != nil {
			return err
		}
		if r == nil {
			r = start(sp)
		}
		r.Sprint, r.Now = sp, s.db.Now()
		return fill(g, r, h)
	})
	return r, err
}

func canLookBack(sp *sprint.Sprint) error {
	if sp.StartedAt == nil || sp.State == scrum.Cancelled || sp.State == scrum.Planned {
		return errNotStarted
	}
	return nil
}

// hideFrom keeps from a person what is not theirs to see yet.
func (r *Retro) hideFrom(h Hand) {
	for i := range r.Cards {
		c := &r.Cards[i]
		c.Mine = r.owns(h, c)
		if r.Anonymous {
			c.Author = ""
		}
		if !c.Mine && !c.Shown {
			c.Body, c.Author = "", ""
		}
	}
}
