package exception

import (
	"context"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Approve puts a request into force, as it is at the version that the approver saw.
// The caller has made sure that they may approve; nobody approves their own.
func (s *Service) Approve(ctx context.Context, who audit.Who, t *team.Team, id, note string, seen int64) (*Exception, error) {
	return s.change(ctx, who, t, id, seen, "exception.approved", func(tx *db.Tx, p *backlog.Patch, e *Exception) error {
		if err := e.decide(tx, who, Approved, note); err != nil {
			return err
		}
		if e.ExpiresAt != nil && !e.ExpiresAt.After(tx.Now) {
			return fault.New(fault.Conflict, "Its last day has passed. Reject it, or ask for another one.")
		}
		if err := replace(tx, who, e); err != nil {
			return err
		}
		if !p.IsOpen && !(e.Renews != nil && dropped(p, e)) {
			return fault.New(fault.Conflict, "The patch is %s by now: there is nothing to except. Reject the request.", p.Status.Label())
		}
		var err error
		e.Listed, err = listed(tx.DB, p.ID)
		e.Reminded = nextReminder(e.ExpiresAt, tx.Now)
		return err
	})
}

// Reject refuses a request, with a reason.
func (s *Service) Reject(ctx context.Context, who audit.Who, t *team.Team, id, note string, seen int64) (*Exception, error) {
	if strings.TrimSpace(note) == "" {
		return nil, fault.Wrong("/note", "Say why, so that who asked for it can do better.")
	}
	return s.change(ctx, who, t, id, seen, "exception.rejected", func(tx *db.Tx, _ *backlog.Patch, e *Exception) error {
		return e.decide(tx, who, Rejected, note)
	})
}

// decide writes who decided what; it is somebody else than who asked.
func (e *Exception) decide(tx *db.Tx, who audit.Who, state State, note string) error {
	if e.State != Requested {
		return fault.Stale(e, "%s: this exception is %s already.", e.lastName(), e.State)
	}
	if e.RequestedBy == who.UserID {
		return fault.New(fault.Forbidden, "You asked for this exception, so somebody else decides about it. You can withdraw it.")
	}
	e.State, e.DecidedBy, e.DecidedName, e.DecidedAt, e.Decision = state, &who.UserID, who.Name, &tx.Now, strings.TrimSpace(note)
	return nil
}

func (e *Exception) lastName() string {
	if e.EndedName != "" {
		return e.EndedName
	}
	return e.DecidedName
}

// replace ends the exception that this one renews. The patch stays as it is.
func replace(tx *db.Tx, who audit.Who, e *Exception) error {
	if e.Renews == nil {
		return nil
	}
	old, err := byID(tx.DB, e.TeamID, *e.Renews)
	if err != nil || old.State != Approved {
		return err
	}
	old.State, old.EndedName, old.EndedAt, old.EndedReason = Ended, who.Name, &tx.Now, "renewed"
	return save(tx, old)
}

// dropped tells whether an exception of this kind took the patch out of the
// backlog.
func dropped(p *backlog.Patch, e *Exception) bool {
	return e.Whole && e.Kind.drops() && p.Status == scrum.Dropped && p.DropReason != nil && *p.DropReason == string(e.Kind)
}

// enforce lets the patch follow an exception that was approved or is over.
func enforce(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch, e *Exception) error {
	on := e.State == Approved
	switch {
	case on && dropped(p, e): // renewed
		return backlog.Change(tx, who, p, p.Version, map[string]any{"drop_until": db.Micros(e.ExpiresAt)})
	case on && e.Whole && e.Kind.drops():
		return backlog.DropIn(tx, who, t, p, backlog.Dropping{Reason: scrum.DropReason(e.Kind), Note: e.Reason, Until: e.ExpiresAt})
	case on:
		return backlog.RescoreAs(tx, who, t, p, "exception: "+e.Kind.Label(), e.cause())
	case dropped(p, e):
		return backlog.Return(tx, who, t, p)
	case p.IsOpen:
		return backlog.RescoreAs(tx, who, t, p, "an exception is over", scrum.RiskReturned)
	}
	return nil
}

func (e *Exception) cause() scrum.RiskCause {
	if e.Kind == FalsePositive {
		return scrum.RiskRescored
	}
	return scrum.RiskTaken
}

// End ends an exception that is in force before it expires; the patch returns on
// its original clock. Who asked for it may, and with any set, everybody.
func (s *Service) End(ctx context.Context, who audit.Who, t *team.Team, id, reason string, seen int64, any bool) (*Exception, error) {
	return s.change(ctx, who, t, id, seen, "exception.ended", func(tx *db.Tx, _ *backlog.Patch, e *Exception) error {
		if e.State != Approved {
			return fault.Stale(e, "This exception is %s; there is nothing to end.", e.State)
		}
		if e.RequestedBy != who.UserID && !any {
			return fault.New(fault.Forbidden, "Only %s, who asked for it, an approver or the product owner may end this exception.", e.RequestedName)
		}
		e.State, e.EndedName, e.EndedAt, e.EndedReason = Ended, who.Name, &tx.Now, strings.TrimSpace(reason)
		return nil
	})
}

// Acknowledge takes the review flag away: somebody who may approve has looked at
// the new KEV listing, and the exception stands.
func (s *Service) Acknowledge(ctx context.Context, who audit.Who, t *team.Team, id string, seen int64) (*Exception, error) {
	return s.change(ctx, who, t, id, seen, "exception.reviewed", func(tx *db.Tx, p *backlog.Patch, e *Exception) (err error) {
		if e.State != Approved || e.ReviewAt == nil {
			return fault.Stale(e, "There is nothing to review.")
		}
		if e.RequestedBy == who.UserID {
			return fault.New(fault.Forbidden, "You asked for this exception, so somebody else reviews it.")
		}
		e.ReviewAt = nil
		e.Listed, err = listed(tx.DB, p.ID)
		return err
	})
}

// reminders are how many days before the expiry people are reminded.
var reminders = []int64{14, 3}

// nextReminder is the reminder that counts as given, because the expiry is nearer.
func nextReminder(expires *time.Time, now time.Time) (given int64) {
	for _, n := range reminders {
		if expires != nil && expires.Sub(now) <= time.Duration(n)*24*time.Hour {
			given = n
		}
	}
	return given
}
