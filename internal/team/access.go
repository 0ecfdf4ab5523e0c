package team

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
)

// Access is who asks, by what right, and what they are in the team they ask about.
type Access struct {
	User      User
	SessionID string   // of a browser; empty for a program
	TokenID   string   // of a program; empty for a browser
	Scopes    []string // of the token
	Team      *Team    // nil when none was named or it is not there
	Role      Role     // in Team; empty for those who do not belong to it

	Until time.Time // when the access cookie ends; zero for a program

	seen time.Time // as stored
}

// Who is the one who acts.
func (a *Access) Who(client string) audit.Who {
	return audit.Who{UserID: a.User.ID, Name: a.User.Name, Client: client}
}

// ByTicket tells whom an access cookie belongs to, as things are at this moment:
// an ended session and a disabled person have no access.
func (s *Service) ByTicket(ctx context.Context, ticket, teamKey string) (*Access, error) {
	sessionID, until, err := s.readTicket(ticket)
	if err != nil {
		return nil, err
	}
	a, err := accessBySession(s.db.Read(ctx), sessionID, teamKey, s.db.Now())
	if err != nil {
		return nil, err
	}
	a.Until = until
	return a, s.saw(ctx, a, "sessions", "last_seen_at", a.SessionID)
}

// TokenPrefix is how every API token begins, so that scanners for leaked secrets
// can find it.
const TokenPrefix = "plt_"

// ByToken tells whom an API token belongs to, as things are at this moment.
func (s *Service) ByToken(ctx context.Context, secret, teamKey string) (*Access, error) {
	if !strings.HasPrefix(secret, TokenPrefix) {
		return nil, errNoToken
	}
	a, err := accessByToken(s.db.Read(ctx), digest(secret), teamKey, s.db.Now())
	if err != nil {
		return nil, err
	}
	return a, s.saw(ctx, a, "tokens", "last_used_at", a.TokenID)
}

var errNoToken = fault.New(fault.Unsigned, "This API token is not known, has expired or was revoked; make a new one.")

// saw keeps when a session or token was last used. A server that cannot write can
// still be read from.
func (s *Service) saw(ctx context.Context, a *Access, table, column, id string) error {
	if s.db.Now().Sub(a.seen) < seenEvery {
		return nil
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error { return seen(tx, table, column, id) })
	if err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "cannot keep when it was last used", "what", table, "error", err)
	}
	return nil
}

// Again looks whether an access is still there, for who stays connected. It
// answers an error when the session, token or person has ended, and the present
// role otherwise.
func (s *Service) Again(ctx context.Context, a *Access) (*Access, error) {
	key := ""
	if a.Team != nil {
		key = a.Team.Key
	}
	if a.TokenID != "" {
		return accessByTokenID(s.db.Read(ctx), a.TokenID, key, s.db.Now())
	}
	return accessBySession(s.db.Read(ctx), a.SessionID, key, s.db.Now())
}

// Scopes of an API token.
const (
	ScopeAll     = "all"
	ScopeRead    = "read"
	ScopeBacklog = "backlog"
	ScopeImports = "imports"
	ScopeSprints = "sprints"
	ScopeBoard   = "board"
	ScopePeople  = "people"
)

// Scopes are all there are.
var Scopes = []string{ScopeAll, ScopeRead, ScopeBacklog, ScopeImports, ScopeSprints, ScopeBoard, ScopePeople}

// Covers tells whether the way in allows a change in a scope. A browser may do all
// that its person may; ScopeAll as the needed one means: no smaller scope will do.
func (a *Access) Covers(scope string) bool {
	return a.TokenID == "" || slices.Contains(a.Scopes, ScopeAll) || slices.Contains(a.Scopes, scope)
}
