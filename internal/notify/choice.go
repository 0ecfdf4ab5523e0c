package notify

import (
	"context"
	"maps"
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
)

// When news are mailed. The inbox has them always.
const (
	Immediate = "immediate" // with what else comes in these minutes
	Digest    = "digest"    // in the morning
	Off       = "off"
)

// Overview is how things stand in the morning: it comes by mail alone.
const Overview Kind = "overview"

// Mailed are the kinds that people choose by, in the order in which they are shown.
var Mailed = append(slices.Clone(Kinds), Overview)

// usual is what applies to who has chosen nothing: at once where somebody waits for
// an answer, in the morning what can wait until then. Who was at the stand-up needs
// no mail about it.
var usual = map[Kind]string{
	Mention: Immediate, Assigned: Immediate, KEV: Immediate, Blocker: Immediate, Exception: Immediate,
	Review: Immediate, Comment: Digest, Due: Digest, Sprint: Digest, Standup: Off, Overview: Digest,
}

// UsualDigestAt is when the morning's mail comes to who has chosen nothing.
const UsualDigestAt = "07:30"

// Choices are what somebody wants to be mailed, and when.
type Choices struct {
	Mail     map[Kind]string
	DigestAt string   // such as 07:30
	TimeZone string   // empty: that of their first team
	DueDays  int64    // how long before a due date they are warned; 0: not before
	Muted    []string // keys of teams that mail nothing
}

// Choosing changes choices; nil stays as it is.
type Choosing struct {
	Mail               map[Kind]string
	DigestAt, TimeZone *string
	DueDays            *int64
	Muted              *[]string
}

// MailFrom is the address that mail comes from; empty when this server sends none.
func (s *Service) MailFrom() string {
	if s.mail == nil {
		return ""
	}
	return s.mail.From.Address
}

// Choices are what somebody chose, and the usual for the rest.
func (s *Service) Choices(ctx context.Context, userID string) (c Choices, err error) {
	return c, s.db.View(ctx, func(g db.Reader) error {
		c, err = choicesOf(g, userID)
		return err
	})
}

// Choose changes somebody's choices. They hold for what waits to be mailed, too.
func (s *Service) Choose(ctx context.Context, who audit.Who, to Choosing) (c Choices, err error) {
	if err := to.check(); err != nil {
		return c, err
	}
	return c, s.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.LockWord("mail of " + who.UserID); err != nil {
			return err
		}
		if c, err = choicesOf(tx.DB, who.UserID); err != nil {
			return err
		}
		for _, kind := range slices.Sorted(maps.Keys(to.Mail)) {
			if err := choose(tx, who.UserID, kind, to.Mail[kind]); err != nil {
				return err
			}
		}
		if to.Muted != nil {
			if err := mute(tx, who.UserID, *to.Muted); err != nil {
				return err
			}
		}
		change(&c.DigestAt, to.DigestAt)
		change(&c.TimeZone, to.TimeZone)
		change(&c.DueDays, to.DueDays)
		if err := savePerson(tx, who.UserID, c); err != nil {
			return err
		}
		if c, err = choicesOf(tx.DB, who.UserID); err != nil {
			return err
		}
		detail := map[string]any{"mail": c.Mail, "digest_at": c.DigestAt, "time_zone": c.TimeZone, "due_days": c.DueDays, "muted": c.Muted}
		return audit.Write(tx, who, "", "user.notifications", who.UserID, detail)
	})
}

func change[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}

func (to Choosing) check() error {
	for kind, mail := range to.Mail {
		switch {
		case !slices.Contains(Mailed, kind):
			return fault.Wrong("/kinds", "There is no such kind of news.")
		case !slices.Contains([]string{Immediate, Digest, Off}, mail):
			return fault.Wrong("/kinds", "News are mailed at once, in the morning or not at all.")
		case kind == Overview && mail == Immediate:
			return fault.Wrong("/kinds", "The overview comes in the morning or not at all.")
		}
	}
	if to.DigestAt != nil {
		if _, err := time.Parse("15:04", *to.DigestAt); err != nil || len(*to.DigestAt) != len("07:30") {
			return fault.Wrong("/digest_at", "A time of day is such as 07:30.")
		}
	}
	if to.TimeZone != nil && *to.TimeZone != "" {
		if _, err := time.LoadLocation(*to.TimeZone); err != nil || *to.TimeZone == "Local" {
			return fault.Wrong("/time_zone", "A time zone is such as Europe/Berlin; empty for that of your first team.")
		}
	}
	if to.DueDays != nil && (*to.DueDays < 0 || *to.DueDays > MostDueDays) {
		return fault.Wrong("/due_days", "People are warned at most %d days before.", MostDueDays)
	}
	return nil
}
