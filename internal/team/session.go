package team

import (
	"context"
	"crypto/subtle"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
)

// Session is one browser that somebody signed in with.
type Session struct {
	ID           string
	UserID       string
	RefreshHash  string
	PreviousHash *string
	RotatedAt    time.Time `gorm:"serializer:time"`
	UserAgent    string
	Address      string
	CreatedAt    time.Time  `gorm:"serializer:time"`
	LastSeenAt   time.Time  `gorm:"serializer:time"`
	ExpiresAt    time.Time  `gorm:"serializer:time"`
	EndedAt      *time.Time `gorm:"serializer:time"`
}

const (
	idleFor      = 14 * 24 * time.Hour // a session ends when not used for so long
	sessionFor   = 90 * 24 * time.Hour // and in any case after so long
	refreshGrace = 30 * time.Second    // an exchanged refresh secret still works
	seenEvery    = time.Minute         // how exactly "last seen" is kept
)

// From is where a request comes from.
type From struct{ Address, UserAgent, Client string }

// Signed is what somebody has just signed in with.
type Signed struct {
	User        *User
	SessionID   string
	Access      string // content of the access cookie
	AccessUntil time.Time
	Refresh     string // content of the refresh cookie
	Until       time.Time
}

var errWrongPassword = fault.New(fault.Unsigned, "E-mail or password is wrong.")

// SignIn begins a session. Known and unknown people, right and wrong passwords
// take the same way through it.
func (s *Service) SignIn(ctx context.Context, email, password string, from From) (*Signed, error) {
	user, err := s.recognise(ctx, email, password, from)
	if err != nil {
		return nil, err
	}
	var out *Signed
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		out, err = s.begin(tx, user.ID, user.PasswordHash, from)
		return err
	})
	return out, err
}

// recognise finds the enabled person whose password this is. One who guesses is
// slowed down; a disabled account answers like a wrong password.
func (s *Service) recognise(ctx context.Context, email, password string, from From) (*User, error) {
	email = foldEmail(email)
	if err := s.limit.check(email, from.Address); err != nil {
		return nil, err
	}
	user, err := userByEmail(s.db.Read(ctx), email)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	stored := ""
	if user != nil && !user.Disabled() {
		stored = user.PasswordHash
	}
	ok, err := s.hasher.matches(ctx, password, stored)
	if err != nil {
		return nil, err
	}
	if err := s.limit.check(email, from.Address); err != nil { // others may have failed while this one waited
		return nil, err
	}
	if !ok {
		s.limit.failed(email, from.Address)
		return nil, errWrongPassword
	}
	s.limit.passed(email)
	return user, nil
}

// begin makes a session for a user whose password hash still is the one that was
// compared.
func (s *Service) begin(tx *db.Tx, userID, passwordHash string, from From) (*Signed, error) {
	user, err := lockUser(tx, userID)
	if err != nil {
		return nil, err
	}
	if user.Disabled() || user.PasswordHash != passwordHash {
		return nil, errWrongPassword
	}
	secret := newSecret()
	session := &Session{
		ID: db.NewID(), UserID: user.ID, RefreshHash: digest(secret), RotatedAt: tx.Now,
		UserAgent: printable(from.UserAgent, 300), Address: printable(from.Address, 60),
		CreatedAt: tx.Now, LastSeenAt: tx.Now, ExpiresAt: tx.Now.Add(idleFor),
	}
	if err := tx.Create(session).Error; err != nil {
		return nil, err
	}
	if err := audit.Write(tx, whoIs(user, from), "", "session.started", session.ID, map[string]any{"address": session.Address}); err != nil {
		return nil, err
	}
	return s.signed(tx, user, session, secret)
}

func (s *Service) signed(tx *db.Tx, user *User, session *Session, secret string) (*Signed, error) {
	access, until, err := s.ticket(session.ID, tx.Now)
	return &Signed{
		User: user, SessionID: session.ID, Access: access, AccessUntil: until,
		Refresh: session.ID + "." + secret, Until: session.ExpiresAt,
	}, err
}

func whoIs(u *User, from From) audit.Who {
	return audit.Who{UserID: u.ID, Name: u.Name, Client: from.Client}
}

// printable makes a text from outside fit to be stored and shown.
func printable(text string, limit int) string {
	text = strings.Map(func(r rune) rune {
		if unprintable(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if r := []rune(text); len(r) > limit {
		return string(r[:limit])
	}
	return text
}

// Refresh exchanges a refresh secret for a new pair. One that was exchanged more
// than 30 seconds ago is in two hands, and nobody knows which is the thief's: the
// session ends.
func (s *Service) Refresh(ctx context.Context, refresh string, from From) (*Signed, error) {
	sessionID, secret, ok := strings.Cut(refresh, ".")
	if !ok {
		return nil, errSignedOut
	}
	var out *Signed
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		out = nil
		session, user, err := lockSession(tx, sessionID)
		if fault.Is(err, fault.NotFound) || err == nil && !alive(session, user, tx.Now) {
			return errSignedOut
		}
		if err != nil {
			return err
		}
		out, err = s.rotate(tx, session, user, secret, from)
		return err
	})
	if err == nil && out == nil {
		err = errSignedOut
	}
	return out, err
}

func alive(s *Session, u *User, now time.Time) bool {
	return s.EndedAt == nil && now.Before(s.ExpiresAt) && !u.Disabled()
}

// rotate answers nothing when it had to end the session, which must be committed.
func (s *Service) rotate(tx *db.Tx, session *Session, user *User, secret string, from From) (*Signed, error) {
	hash, next := digest(secret), s.nextRefresh(session.ID, secret)
	switch {
	case same(hash, session.RefreshHash):
		session.ExpiresAt = earlier(tx.Now.Add(idleFor), session.CreatedAt.Add(sessionFor))
		if err := rotateSession(tx, session, hash, digest(next)); err != nil {
			return nil, err
		}
	case session.PreviousHash != nil && same(hash, *session.PreviousHash) && tx.Now.Sub(session.RotatedAt) <= refreshGrace:
		// The other tab was faster: this one gets the same pair.
	default:
		detail := map[string]any{"reason": "a refresh secret was used again"}
		if err := endSessions(tx, "id = ?", session.ID); err != nil {
			return nil, err
		}
		return nil, audit.Write(tx, whoIs(user, from), "", "session.ended", session.ID, detail)
	}
	return s.signed(tx, user, session, next)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Sessions lists the live sessions of a person, the latest used first.
func (s *Service) Sessions(ctx context.Context, userID string) ([]Session, error) {
	return sessionsOf(s.db.Read(ctx), userID, s.db.Now())
}

// EndSession ends a session of the one who acts; it stops working at once.
func (s *Service) EndSession(ctx context.Context, who audit.Who, sessionID string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := endSession(tx, who.UserID, sessionID)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "You have no such session.")
		}
		return audit.Write(tx, who, "", "session.ended", sessionID, nil)
	})
}

// ChangePassword gives the one who acts a new password and ends their other
// sessions; keep is the one that stays, or empty.
func (s *Service) ChangePassword(ctx context.Context, who audit.Who, email, current, next, keep string, from From) error {
	user, err := s.recognise(ctx, email, current, from)
	if fault.Is(err, fault.Unsigned) {
		return fault.Wrong("/current", "This is not your current password.")
	}
	if err != nil {
		return err
	}
	if err := checkPassword("/new", next, user.Email); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, next)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := setPassword(tx, user.ID, hash); err != nil {
			return err
		}
		if err := endSessions(tx, "user_id = ? AND id <> ?", user.ID, keep); err != nil {
			return err
		}
		return audit.Write(tx, who, "", "user.password", user.ID, nil)
	})
}
