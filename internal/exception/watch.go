package exception

import (
	"context"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Watch ends the exceptions whose time is over, and those of patches that are
// done; reminds of those that soon expire; and flags those whose patch has a new
// KEV listing. Each happens once, however many servers watch.
func Watch(ctx context.Context, d *db.DB) error {
	now := d.Now()
	g := d.Read(ctx)
	over, err := toEnd(g, now)
	if err != nil {
		return err
	}
	for _, at := range over {
		if err := endOne(ctx, d, at); err != nil {
			return err
		}
	}
	soon, err := toRemind(g, now)
	if err != nil {
		return err
	}
	for _, at := range soon {
		err := watched(ctx, d, at, "exception.reminder", func(tx *db.Tx, _ *backlog.Patch, e *Exception) (bool, error) {
			given := nextReminder(e.ExpiresAt, tx.Now)
			if given == e.Reminded {
				return false, nil
			}
			e.Reminded = given
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	return flag(ctx, d)
}

// flag marks exceptions whose patch got a KEV listing since they were approved.
func flag(ctx context.Context, d *db.DB) error {
	listedSince, err := toReview(d.Read(ctx))
	if err != nil {
		return err
	}
	for _, at := range listedSince {
		err := watched(ctx, d, at, "exception.kev_listed", func(tx *db.Tx, p *backlog.Patch, e *Exception) (bool, error) {
			n, err := listed(tx.DB, p.ID)
			if err != nil || n <= e.Listed || e.ReviewAt != nil {
				return false, err
			}
			e.ReviewAt, e.Listed = &tx.Now, n
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func endOne(ctx context.Context, d *db.DB, at place) error {
	action := "exception.expired"
	if at.done {
		action = "exception.closed"
	}
	return watched(ctx, d, at, action, func(tx *db.Tx, p *backlog.Patch, e *Exception) (bool, error) {
		switch {
		case e.State == Requested && p.Status == scrum.Verified:
			e.State, e.EndedReason = Withdrawn, "the patch is verified"
		case e.State != Approved:
			return false, nil
		case p.Status == scrum.Verified:
			e.State, e.EndedReason = Ended, "the patch is verified"
		case e.ExpiresAt != nil && !e.ExpiresAt.After(tx.Now):
			e.State = Expired
		default:
			return false, nil
		}
		e.EndedName, e.EndedAt = audit.Server.Name, &tx.Now
		return true, nil
	})
}

// watched does one thing to an exception, if it is still to be done once the row is
// held.
func watched(ctx context.Context, d *db.DB, at place, action string, f func(*db.Tx, *backlog.Patch, *Exception) (bool, error)) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		t, err := team.ByID(tx.DB, at.teamID)
		if err != nil {
			return err
		}
		p, e, err := hold(tx, t, at.id)
		if err != nil {
			return err
		}
		before := e.State
		do, err := f(tx, p, e)
		if err != nil || !do {
			return err
		}
		if err := save(tx, e); err != nil {
			return err
		}
		if before == Approved && e.State != Approved {
			if err := enforce(tx, audit.Server, t, p, e); err != nil {
				return err
			}
		}
		_, err = told(tx, audit.Server, t, p, e.ID, action)
		return err
	})
}

// near is how long before the expiry an exception is about to expire.
const near = 14 * 24 * time.Hour
