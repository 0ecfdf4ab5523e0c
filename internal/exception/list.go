package exception

import (
	"context"
	"strings"

	"patchline/internal/team"
)

func replaceAll(query, patch string) string { return strings.ReplaceAll(query, "@", patch) }

// View is which exceptions a list shows.
type View string

// The views.
const (
	Waiting  View = "waiting"  // for an approver, the oldest first
	Active   View = "active"   // in force, the first to expire first
	Expiring View = "expiring" // in force, and expire within 14 days or want a review
	Past     View = "past"     // the newest first
	All      View = "all"      // the newest first
)

// Filter says which exceptions to list.
type Filter struct {
	View        View
	Kind        Kind   // empty: any
	PatchNumber int64  // 0: any
	WaitingFor  string // with Waiting: not asked for by this person
	After       *Place
	Limit       int
}

// Place is where a page ended.
type Place struct {
	At int64
	ID string
}

// never is later than every expiry.
const never = "9000000000000000000"

// sorted is the value by which a view is in order, smallest first.
func (v View) sorted() string {
	switch v {
	case Waiting:
		return "e.requested_at"
	case Active, Expiring:
		return "COALESCE(e.expires_at, " + never + ")"
	}
	return "-e.created_at"
}

// Place is where this exception stands in a view.
func (e *Exception) Place(v View) Place {
	switch {
	case v == Waiting:
		return Place{e.RequestedAt.UnixMicro(), e.ID}
	case (v == Active || v == Expiring) && e.ExpiresAt != nil:
		return Place{e.ExpiresAt.UnixMicro(), e.ID}
	case v == Active || v == Expiring:
		return Place{9000000000000000000, e.ID}
	}
	return Place{-e.CreatedAt, e.ID}
}

// List reads exceptions of a team, and counts those that want something. It reads
// one more than the limit, so that the caller knows whether there is a next page.
func (s *Service) List(ctx context.Context, t *team.Team, userID string, f Filter) ([]Exception, Counts, error) {
	g, now := s.db.Read(ctx), s.db.Now()
	counts, err := countsOf(g, t.ID, userID, now)
	if err != nil {
		return nil, counts, err
	}
	where, args := "WHERE e.team_id = ?", []any{t.ID}
	and := func(when bool, sql string, more ...any) {
		if when {
			where, args = where+" AND "+sql, append(args, more...)
		}
	}
	and(f.View == Waiting, "e.state = 'requested'")
	and(f.View == Active, "e.state = 'approved'")
	and(f.View == Expiring, "e.state = 'approved' AND (e.expires_at <= ? OR e.review_at IS NOT NULL)", now.Add(near).UnixMicro())
	and(f.View == Past, "e.state IN ('rejected', 'withdrawn', 'expired', 'ended')")
	and(f.Kind != "", "e.kind = ?", f.Kind)
	and(f.PatchNumber > 0, "p.number = ?", f.PatchNumber)
	and(f.WaitingFor != "", "e.requested_by <> ?", f.WaitingFor)
	if f.After != nil {
		and(true, "("+f.View.sorted()+", e.id) > (?, ?)", f.After.At, f.After.ID)
	}
	out, err := list(g, where+" ORDER BY "+f.View.sorted()+", e.id LIMIT ?", append(args, f.Limit+1)...)
	return out, counts, err
}
