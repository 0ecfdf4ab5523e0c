// Package board moves items through the gates of the active sprint: what may go
// where, who may let it pass, and in which place of a column it stands.
package board

import (
	"context"
	"errors"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// Service shows and works the board.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{d} }

// Card is what the board shows of a patch, with how it came into the sprint. It is
// much smaller than the patch: a board has hundreds.
type Card struct {
	Number                            int64
	Title                             string
	Status                            scrum.Status
	Priority, Risk                    float64
	KEV                               bool
	DueAt                             *time.Time
	Points                            *float64
	AssigneeID                        *string
	AssigneeName                      string
	Carried, Assets, Patched, Version int64
	How                               string
	Unplanned                         bool
	BlockedSince                      *time.Time // nil without an open blocker
	Since                             *time.Time // when it came into its column; nil while it has not moved
	Labels                            []string
	Tasks                             backlog.TaskCount
	CoAssignees                       []backlog.Person // who works on it beside the assignee
}

// Column is one status with its cards from top to bottom.
type Column struct {
	Status scrum.Status
	Points float64
	Limit  int // of cards in progress there; 0 for none
	Cards  []Card
}

// Board is the active sprint; Sprint is nil when none is active.
type Board struct {
	Sprint  *sprint.Sprint
	Active  []int64 // numbers of all active sprints
	Columns []Column
	Rules   team.Rules
}

// Get reads the board of an active sprint: of the one with a number, or else of
// the first.
func (s *Service) Get(ctx context.Context, t *team.Team, number int64) (*Board, error) {
	rules, err := t.Rules()
	if err != nil {
		return nil, err
	}
	out := &Board{Rules: rules}
	err = s.db.View(ctx, func(g db.Reader) (err error) {
		if err = out.choose(g, t, number); err != nil {
			return err
		}
		var cards []Card
		if out.Sprint != nil {
			if cards, err = cardsOf(g, out.Sprint.ID); err != nil {
				return err
			}
			if err := out.sum(g, s.db.Now(), cards); err != nil {
				return err
			}
		}
		out.Columns = columnsOf(rules, cards)
		return nil
	})
	return out, err
}

// sum fills the sprint's totals from its cards, which are all that is in it.
func (b *Board) sum(g db.Reader, now time.Time, cards []Card) error {
	items := make([]sprint.Summed, len(cards))
	for i := range cards {
		c := &cards[i]
		items[i] = sprint.Summed{Open: c.Status.Open(), KEV: c.KEV, Points: c.Points, Risk: c.Risk, DueAt: c.DueAt}
	}
	return sprint.FillFrom(g, now, b.Sprint, items)
}

// choose finds the active sprints, and the one that is shown.
func (b *Board) choose(g db.Reader, t *team.Team, number int64) error {
	all, err := sprint.AllActive(g, t.ID)
	for i, sp := range all {
		b.Active = append(b.Active, sp.Number)
		if i == 0 || sp.Number == number {
			b.Sprint = sp
		}
	}
	return err
}

// columnsOf gives the team's columns their cards. A column that the team no longer
// has is shown as long as there are cards in it.
func columnsOf(rules team.Rules, cards []Card) []Column {
	by := map[scrum.Status]*Column{}
	for i := range cards {
		status := cards[i].Status.Column()
		if by[status] == nil {
			by[status] = &Column{Status: status}
		}
		by[status].Cards = append(by[status].Cards, cards[i])
		if p := cards[i].Points; p != nil {
			by[status].Points += *p
		}
	}
	out := make([]Column, 0, len(scrum.BoardColumns))
	for _, status := range scrum.BoardColumns {
		rule, has := rules.Column(status)
		c := by[status]
		if c == nil && has {
			c = &Column{Status: status, Cards: []Card{}}
		}
		if c != nil {
			c.Limit = rule.Limit
			out = append(out, *c)
		}
	}
	return out
}

// Move is where a card goes. Before and After are the numbers of the neighbours
// that the mover saw; without them it goes to the end of the column.
type Move struct {
	Status        scrum.Status
	Before, After int64
	Reason        string
	Reopen        scrum.ReopenReason
	MayApprove    bool
	Seen          int64

	enters bool // another column than it is in
}

// Move gives a patch another status and a place in that column.
func (s *Service) Move(ctx context.Context, who audit.Who, t *team.Team, number int64, m Move) (*backlog.Patch, error) {
	var p *backlog.Patch
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if p, err = backlog.Hold(tx, t.ID, number); err != nil {
			return err
		}
		if p.Version != m.Seen {
			return m.stale(tx, p)
		}
		detail, err := MoveIn(tx, who, t, p, m)
		if err != nil {
			return err
		}
		if err := backlog.Fill(tx.DB, p); err != nil {
			return err
		}
		return backlog.Tell(tx, who, t, p, event.PatchMoved, "patch.moved", detail)
	})
	return p, err
}

// MoveIn gives a patch that is held another status, inside a transaction. Detail
// is what to audit.
func MoveIn(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch, m Move) (detail map[string]any, err error) {
	if err := scrum.CheckMove(p.Status, m.Status, t.ApprovalRequired, m.MayApprove); err != nil {
		return nil, refusal(err)
	}
	from := p.Status
	m.enters = from.Column() != m.Status.Column()
	if err := m.keepsRules(tx, t, p); err != nil {
		return nil, err
	}
	if err := m.apply(tx, who, p); err != nil {
		return nil, err
	}
	return map[string]any{"from": from, "to": p.Status, "reason": m.Reason}, nil
}

func (m Move) stale(tx *db.Tx, p *backlog.Patch) error {
	if err := backlog.Fill(tx.DB, p); err != nil {
		return err
	}
	return fault.Stale(p, "%s changed this first: it is %s now. Look at it, then decide.", p.ChangedBy, p.Status.Label())
}

func refusal(err error) error {
	var r *scrum.Refusal
	if errors.As(err, &r) && r.Code == scrum.NeedsApproval {
		return fault.New(fault.Forbidden, "%s", r.Message)
	}
	return fault.New(fault.Conflict, "%s", err)
}

// apply writes the new status with what it means for the ledger, then the place.
func (m Move) apply(tx *db.Tx, who audit.Who, p *backlog.Patch) error {
	if scrum.Reopens(p.Status, m.Status) {
		if !m.Reopen.Valid() {
			return fault.Wrong("/reopen_reason", "This patch is verified. Say why it is opened again: rolled_back, failed_verification or other.")
		}
		if err := backlog.ComponentFree(tx, p); err != nil {
			return err
		}
		if err := backlog.Reopen(tx, who, p, m.Status, m.Reopen, m.Reason); err != nil {
			return err
		}
		return m.place(tx, who, p, map[string]any{})
	}
	if scrum.Completes(p.Status, m.Status) {
		if err := backlog.Complete(tx, who, p, m.Reason); err != nil {
			return err
		}
	}
	return m.place(tx, who, p, map[string]any{"status": string(m.Status), "is_open": m.Status.Open()})
}

// place writes the board key between the neighbours, with the other columns.
func (m Move) place(tx *db.Tx, who audit.Who, p *backlog.Patch, columns map[string]any) error {
	if m.enters {
		columns["moved_at"] = tx.Now.UnixMicro()
	}
	if p.SprintID != nil {
		key, err := m.key(tx, p)
		if err != nil {
			return err
		}
		columns["board_key"] = key
	}
	if len(columns) == 0 {
		return nil
	}
	return backlog.Change(tx, who, p, p.Version, columns)
}

func (m Move) key(tx *db.Tx, p *backlog.Patch) (string, error) {
	for attempt := 0; ; attempt++ {
		above, below, err := m.around(tx, p)
		if err != nil {
			return "", err
		}
		key, err := scrum.RankBetween(above, below)
		if err == nil && len(key) < scrum.RankLimit || attempt > 0 {
			return key, err
		}
		if err := spread(tx, *p.SprintID, m.Status.Column()); err != nil {
			return "", err
		}
	}
}

// around finds the keys of the neighbours. A named neighbour must still be in
// that column of that sprint.
func (m Move) around(tx *db.Tx, p *backlog.Patch) (above, below string, err error) {
	column := m.Status.Column()
	switch {
	case m.After > 0:
		if above, err = neighbour(tx, p, column, m.After); err != nil {
			return "", "", err
		}
		below, err = keyAfter(tx, p, column, above)
		return above, below, err
	case m.Before > 0:
		if below, err = neighbour(tx, p, column, m.Before); err != nil {
			return "", "", err
		}
		above, err = keyBefore(tx, p, column, below)
		return above, below, err
	}
	above, err = keyBefore(tx, p, column, "")
	return above, "", err
}

func neighbour(tx *db.Tx, p *backlog.Patch, column scrum.Status, number int64) (string, error) {
	n, err := backlog.ByNumber(tx.DB, p.TeamID, number)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	if err != nil || n.ID == p.ID || n.SprintID == nil || *n.SprintID != *p.SprintID || n.Status.Column() != column {
		return "", fault.New(fault.Conflict, "The card it should stand beside has moved meanwhile. Look at the column again.")
	}
	return n.BoardKey, nil
}
