package exception

import (
	"context"
	"fmt"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Service keeps the exceptions of teams.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{d} }

func days(n int64) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// Get reads one exception of a team.
func (s *Service) Get(ctx context.Context, t *team.Team, id string) (*Exception, error) {
	return byID(s.db.Read(ctx), t.ID, id)
}

// Request asks for an exception of an open patch. A patch has one request at a time.
func (s *Service) Request(ctx context.Context, who audit.Who, t *team.Team, number int64, d Draft) (*Exception, error) {
	return s.request(ctx, who, t, func(tx *db.Tx) (*backlog.Patch, *Exception, error) {
		p, err := backlog.Hold(tx, t.ID, number)
		if fault.Is(err, fault.NotFound) {
			err = fault.Wrong("/key", "There is no such patch in this team.")
		}
		if err != nil {
			return nil, nil, err
		}
		if !p.IsOpen {
			return nil, nil, fault.New(fault.Conflict, "%s is %s: there is nothing to except.", backlog.Key(t.Key, p.Number), p.Status.Label())
		}
		if len(d.AssetIDs) == 0 {
			held, err := wholeInForce(tx.DB, p.ID)
			if err != nil {
				return nil, nil, err
			}
			if held != nil {
				return nil, nil, fault.Stale(held, "An exception of this patch is in force already. Renew or end that one.")
			}
		}
		e := &Exception{}
		e.PatchID = p.ID
		return p, e, d.apply(tx, t, e)
	})
}

// Renew asks for the prolongation of an exception. The one in force stays until the
// new one is approved, or until it expires.
func (s *Service) Renew(ctx context.Context, who audit.Who, t *team.Team, id string, expires *scrum.Day, reason string) (*Exception, error) {
	return s.request(ctx, who, t, func(tx *db.Tx) (*backlog.Patch, *Exception, error) {
		p, old, err := hold(tx, t, id)
		if err != nil {
			return nil, nil, err
		}
		if old.State != Approved && !(old.State == Expired && p.IsOpen) {
			return nil, nil, fault.Stale(old, "This exception is %s and cannot be renewed.", old.State)
		}
		d := Draft{Kind: old.Kind, Reason: reason, Control: old.Control, Expires: expires}
		for _, a := range old.Assets {
			d.AssetIDs = append(d.AssetIDs, a.ID)
		}
		e := &Exception{Renews: &old.ID, Renewals: old.Renewals + 1}
		e.PatchID = p.ID
		return p, e, d.apply(tx, t, e)
	})
}

func (s *Service) request(ctx context.Context, who audit.Who, t *team.Team, draft func(tx *db.Tx) (*backlog.Patch, *Exception, error)) (*Exception, error) {
	var out *Exception
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, e, err := draft(tx)
		if err != nil {
			return err
		}
		other, err := requestOf(tx.DB, p.ID)
		if err != nil {
			return err
		}
		if other != nil {
			return fault.Stale(other, "%s has asked for an exception of this patch already; it waits for an approver.", other.RequestedName)
		}
		e.ID, e.TeamID, e.State, e.Version = db.NewID(), t.ID, Requested, 1
		e.RequestedBy, e.RequestedName, e.RequestedAt = who.UserID, who.Name, tx.Now
		if err := insert(tx, e); err != nil {
			return err
		}
		out, err = told(tx, who, t, p, e.ID, "exception.requested")
		return err
	})
	return out, err
}

// Edit changes what was asked for, by who did. A decision was about the content as
// it was: a request that was rejected waits again, and an approval of an older
// version is refused.
func (s *Service) Edit(ctx context.Context, who audit.Who, t *team.Team, id string, d Draft, seen int64) (*Exception, error) {
	return s.change(ctx, who, t, id, seen, "exception.edited", func(tx *db.Tx, p *backlog.Patch, e *Exception) error {
		if e.State != Requested && e.State != Rejected {
			return fault.Stale(e, "This exception is %s. Only a request can be edited; renew or end an approved one.", e.State)
		}
		if e.RequestedBy != who.UserID {
			return fault.New(fault.Forbidden, "Only %s, who asked for it, may edit this request.", e.RequestedName)
		}
		if err := mayAskAgain(tx, e); err != nil {
			return err
		}
		e.State, e.RequestedAt = Requested, tx.Now
		e.DecidedBy, e.DecidedName, e.DecidedAt, e.Decision = nil, "", nil, ""
		return d.apply(tx, t, e)
	})
}

// mayAskAgain refuses a second request about one patch.
func mayAskAgain(tx *db.Tx, e *Exception) error {
	other, err := requestOf(tx.DB, e.PatchID)
	if err == nil && other != nil && other.ID != e.ID {
		return fault.Stale(other, "%s has asked for an exception of this patch meanwhile.", other.RequestedName)
	}
	return err
}

// Withdraw takes a request back, by who asked for it.
func (s *Service) Withdraw(ctx context.Context, who audit.Who, t *team.Team, id string, seen int64) (*Exception, error) {
	return s.change(ctx, who, t, id, seen, "exception.withdrawn", func(tx *db.Tx, _ *backlog.Patch, e *Exception) error {
		if e.State != Requested {
			return fault.Stale(e, "This exception is %s already.", e.State)
		}
		if e.RequestedBy != who.UserID {
			return fault.New(fault.Forbidden, "Only %s, who asked for it, may withdraw this request; an approver rejects it.", e.RequestedName)
		}
		e.State, e.EndedName, e.EndedAt = Withdrawn, who.Name, &tx.Now
		return nil
	})
}

// change lets one at a time change an exception that they have seen as it is.
func (s *Service) change(ctx context.Context, who audit.Who, t *team.Team, id string, seen int64, action string, f func(*db.Tx, *backlog.Patch, *Exception) error) (*Exception, error) {
	var out *Exception
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, e, err := hold(tx, t, id)
		if err != nil {
			return err
		}
		if e.Version != seen {
			return fault.Stale(e, "Somebody changed this exception first; it is %s now. Look at it as it is, then decide.", e.State)
		}
		if err := f(tx, p, e); err != nil {
			return err
		}
		if err := save(tx, e); err != nil {
			return err
		}
		if action == "exception.approved" || action == "exception.ended" {
			if err := enforce(tx, who, t, p, e); err != nil {
				return err
			}
		}
		out, err = told(tx, who, t, p, id, action)
		return err
	})
	return out, err
}

// hold reads an exception and its patch, whose row lets one at a time decide.
func hold(tx *db.Tx, t *team.Team, id string) (*backlog.Patch, *Exception, error) {
	e, err := byID(tx.DB, t.ID, id)
	if err != nil {
		return nil, nil, err
	}
	p, err := backlog.Hold(tx, t.ID, e.Number)
	if err != nil {
		return nil, nil, err
	}
	e, err = byID(tx.DB, t.ID, id)
	return p, e, err
}

// told writes a change to the patch's history and tells those who look.
func told(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch, id, action string) (*Exception, error) {
	e, err := byID(tx.DB, t.ID, id)
	if err != nil {
		return nil, err
	}
	detail := map[string]any{"exception": e.ID, "kind": e.Kind, "reason": e.Reason, "state": e.State, "until": e.ExpiresAt}
	if e.Decision != "" {
		detail["note"] = e.Decision
	}
	if e.EndedReason != "" {
		detail["note"] = e.EndedReason
	}
	if err := backlog.Tell(tx, who, t, p, event.PatchChanged, action, detail); err != nil {
		return nil, err
	}
	return e, event.Tell(tx, who, t.ID, event.Event{Kind: event.ExceptionChanged, Key: backlog.Key(t.Key, p.Number), Version: e.Version, Status: string(e.State)})
}
