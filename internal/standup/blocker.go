package standup

import (
	"context"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Blocker is what stops a patch. A patch has at most one that is open.
type Blocker struct {
	ID         string
	TeamID     string
	PatchID    string
	Since      time.Time
	ReportedBy string // the name at that time
	Owner      *Person
	Needed     string
	NextStep   string
	ResolvedAt *time.Time // nil while it is open
	PausedAt   *time.Time // when it was resolved the last time before it came back
	EscalateOn *scrum.Day // from this day of the team on it is escalated, if it is open then
	Escalated  *time.Time // when that was told
	Version    int64

	Days int // working days of the team since then, to the day that was asked for or its end

	Number int64 // this and the next two are the patch's
	Title  string
	DueAt  *time.Time // the date that it threatens
}

// Change is what is said about a blocker; nil stays as it is.
type Change struct {
	Needed, NextStep *string
	OwnerID          **string
	EscalateOn       **string
	Resolved         *bool
	Seen             int64
}

// Place is where a page of blockers ended.
type Place struct {
	Since int64 // microseconds since 1970
	ID    string
}

// Place is where this blocker stands in a list.
func (b *Blocker) Place() Place { return Place{b.Since.UnixMicro(), b.ID} }

// Blockers lists the open ones of a team, or the resolved ones, the oldest first.
// After is where the page before ended; nil for the first.
func (s *Service) Blockers(ctx context.Context, t *team.Team, resolved bool, after *Place, limit int) ([]Blocker, error) {
	list, err := pageOf(s.db.Read(ctx), t.ID, resolved, after, limit)
	if err != nil {
		return nil, err
	}
	return list, s.age(ctx, t, list)
}

// age counts the working days of blockers up to now.
func (s *Service) age(ctx context.Context, t *team.Team, list []Blocker) error {
	now := s.db.Now()
	cal, err := calendarOf(s.db.Read(ctx), t, now)
	if err == nil {
		count(cal, list, cal.DayOf(now))
	}
	return err
}

// count counts the working days that have begun since each blocker was reported,
// up to a day or to its end.
func count(cal scrum.Calendar, list []Blocker, until scrum.Day) {
	for i := range list {
		b, to := &list[i], until
		if b.ResolvedAt != nil {
			to = min(to, cal.DayOf(*b.ResolvedAt))
		}
		b.Days = cal.WorkingDays(cal.DayOf(b.Since).Add(1), to)
	}
}

// Block says that something stops a patch.
func (s *Service) Block(ctx context.Context, who audit.Who, t *team.Team, number int64, c Change) (*Blocker, error) {
	var b *Blocker
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		b, err = block(tx, who, t, number, c)
		return err
	})
	return b, err
}

func block(tx *db.Tx, who audit.Who, t *team.Team, number int64, c Change) (*Blocker, error) {
	p, err := backlog.ByNumber(tx.DB, t.ID, number)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.Wrong("/key", "There is no such patch in this team.")
	}
	if err != nil {
		return nil, err
	}
	if p, err = free(tx, t, p.ID); err != nil {
		return nil, err
	}
	b := &Blocker{ID: db.NewID(), TeamID: t.ID, PatchID: p.ID, Since: tx.Now, ReportedBy: who.Name, Version: 1}
	if err := c.apply(tx, b); err != nil {
		return nil, err
	}
	if err := insertBlocker(tx, b); err != nil {
		return nil, err
	}
	return told(tx, who, t, p, b, "blocker.reported")
}

// Update changes a blocker, resolves it or opens it again.
func (s *Service) Update(ctx context.Context, who audit.Who, t *team.Team, id string, c Change) (*Blocker, error) {
	var b *Blocker
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		p, held, err := hold(tx, t, id, c.Seen)
		if err != nil {
			return err
		}
		action := c.action(held)
		if action == "blocker.reopened" {
			if _, err := free(tx, t, p.ID); err != nil {
				return err
			}
			if err := insertPause(tx, held); err != nil {
				return err
			}
		}
		if err := c.apply(tx, held); err != nil {
			return err
		}
		if err := updateBlocker(tx, held); err != nil {
			return err
		}
		b, err = told(tx, who, t, p, held, action)
		return err
	})
	return b, err
}

// hold reads a blocker that nobody has changed since, and its patch, whose row
// lets one at a time change its blockers.
func hold(tx *db.Tx, t *team.Team, id string, seen int64) (*backlog.Patch, *Blocker, error) {
	b, err := blockerOf(tx.DB, t.ID, id)
	if err != nil {
		return nil, nil, err
	}
	if err := tx.Lock("patches", b.PatchID); err != nil {
		return nil, nil, err
	}
	if b, err = blockerOf(tx.DB, t.ID, id); err != nil {
		return nil, nil, err
	}
	if b.Version != seen {
		return nil, nil, fault.Stale(b, "Somebody changed this blocker first. Look at it as it is now, then decide.")
	}
	p, err := backlog.ByID(tx.DB, b.PatchID)
	return p, b, err
}

// free holds a patch that a blocker may stop: it is open and nothing stops it yet.
func free(tx *db.Tx, t *team.Team, patchID string) (*backlog.Patch, error) {
	if err := tx.Lock("patches", patchID); err != nil {
		return nil, err
	}
	p, err := backlog.ByID(tx.DB, patchID)
	if err != nil {
		return nil, err
	}
	key := backlog.Key(t.Key, p.Number)
	if !p.IsOpen {
		return nil, fault.New(fault.Conflict, "%s is %s: nothing stops it any more.", key, p.Status.Label())
	}
	other, err := openOf(tx.DB, patchID)
	if err == nil && other != nil {
		return nil, fault.Stale(other, "%s has an open blocker already: “%s”. Change or resolve that one.", key, other.Needed)
	}
	return p, err
}

// action is how the audit calls a change.
func (c Change) action(b *Blocker) string {
	switch {
	case c.Resolved == nil || *c.Resolved == (b.ResolvedAt != nil):
		return "blocker.changed"
	case *c.Resolved:
		return "blocker.resolved"
	}
	return "blocker.reopened"
}

func (c Change) apply(tx *db.Tx, b *Blocker) error {
	if c.Needed != nil {
		b.Needed = strings.TrimSpace(*c.Needed)
	}
	if b.Needed == "" {
		return fault.Wrong("/needed", "Say what is needed.")
	}
	if c.NextStep != nil {
		b.NextStep = strings.TrimSpace(*c.NextStep)
	}
	switch {
	case c.Resolved == nil || *c.Resolved == (b.ResolvedAt != nil):
	case *c.Resolved:
		b.ResolvedAt = &tx.Now
	default:
		b.ResolvedAt = nil
	}
	if err := c.setEscalation(b); err != nil {
		return err
	}
	return c.own(tx, b)
}

// setEscalation sets the day; another one makes it count anew.
func (c Change) setEscalation(b *Blocker) error {
	if c.EscalateOn == nil {
		return nil
	}
	var day *scrum.Day
	if text := *c.EscalateOn; text != nil && *text != "" {
		d, err := scrum.ParseDay(*text)
		if err != nil {
			return fault.Wrong("/escalate_on", "This is not a day: write it as 2026-10-19.")
		}
		day = &d
	}
	if (day == nil) != (b.EscalateOn == nil) || day != nil && *day != *b.EscalateOn {
		b.Escalated = nil
	}
	b.EscalateOn = day
	return nil
}

func (c Change) own(tx *db.Tx, b *Blocker) error {
	if c.OwnerID == nil {
		return nil
	}
	if b.Owner = nil; *c.OwnerID == nil {
		return nil
	}
	ok, err := team.IsMember(tx.DB, b.TeamID, **c.OwnerID)
	if err == nil && !ok {
		return fault.Wrong("/owner_id", "The owner must be somebody of this team who may work on patches.")
	}
	b.Owner = &Person{ID: **c.OwnerID}
	return err
}

// told writes a change to the patch's history, and tells those who look at the
// stand-up and at the card. It returns the blocker as it is shown.
func told(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch, b *Blocker, action string) (*Blocker, error) {
	now, err := blockerOf(tx.DB, t.ID, b.ID)
	if err != nil {
		return nil, err
	}
	detail := map[string]any{"blocker": now.ID, "needed": now.Needed, "next_step": now.NextStep}
	if now.EscalateOn != nil {
		detail["escalate_on"] = *now.EscalateOn
	}
	if now.Owner != nil {
		detail["owner"] = now.Owner.Name
	}
	if err := event.Tell(tx, who, t.ID, event.Event{Kind: event.BlockerChanged, Key: backlog.Key(t.Key, p.Number), Version: now.Version}); err != nil {
		return nil, err
	}
	cal, err := calendarOf(tx.DB, t, tx.Now)
	if err != nil {
		return nil, err
	}
	list := []Blocker{*now}
	count(cal, list, cal.DayOf(tx.Now))
	return &list[0], backlog.Tell(tx, who, t, p, event.PatchChanged, action, detail)
}
