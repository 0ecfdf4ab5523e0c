package backlog

import (
	"database/sql"
	"slices"
	"time"

	"gorm.io/gorm"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/risk"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// holding is what the exceptions in force mean for an open patch.
type holding struct {
	until  *time.Time // the patch is deferred or mitigated as a whole, until then
	kind   string
	partly bool // some of its assets are excepted
}

// PolicyException is the id, where a due date names its policy, of an exception
// that postponed it.
const PolicyException = "exception"

var exceptionNames = map[string]string{"deferred": "Exception: deferred", "mitigated": "Exception: mitigated"}

// postpone moves the due date of a patch that is deferred or mitigated to the
// expiry of its exception; its clock stays, and with it the share of time used.
func (f *facts) postpone(j *judged) {
	if f.held == nil {
		return
	}
	if f.excepted > 0 && f.excepted == f.assets { // nothing is left that must be patched by a date
		j.dated, j.due = false, risk.DueDate{}
		return
	}
	until := f.held.until
	if until == nil || !j.dated || !until.After(j.due.Due) {
		return
	}
	j.due.Due, j.due.PolicyID, j.due.PolicyName, j.due.PolicyVersion = *until, PolicyException, exceptionNames[f.held.kind], ""
	j.due.Citation, j.due.ByKEVDue = "An approved exception; the policy's date returns when it ends", false
	if !j.due.Start.IsZero() {
		j.due.Days = int(until.Sub(j.due.Start) / (24 * time.Hour))
	}
}

// loadHoldings reads the exceptions in force of patches that stay in the backlog.
func loadHoldings(g *gorm.DB, byID map[string]*facts) error {
	return db.Each(g, func(r *sql.Rows) error {
		var id, kind string
		var whole bool
		var expires sql.NullInt64
		if err := r.Scan(&id, &kind, &whole, &expires); err != nil {
			return err
		}
		f := byID[id]
		if f.held == nil {
			f.held = &holding{}
		}
		if !whole {
			f.held.partly = true
		} else if _, stays := exceptionNames[kind]; stays {
			f.held.until, f.held.kind = db.MaybeTime(expires), kind
		}
		return nil
	}, "SELECT patch_id, kind, whole, expires_at FROM exceptions WHERE patch_id IN ? AND state = 'approved'", idsOf(byID))
}

// moveExceptions lets what was asked for and approved about a superseded patch go
// on about its successor.
func moveExceptions(tx *db.Tx, from, to string) error {
	return tx.Exec("UPDATE exceptions SET patch_id = ? WHERE patch_id = ? AND state IN ('requested', 'approved')", to, from).Error
}

// isExcepted tells whether an exception in force took a whole patch out of the
// backlog.
func isExcepted(g *gorm.DB, patchID string) (bool, error) {
	var n int
	err := db.One(g.Raw("SELECT COUNT(*) FROM exceptions WHERE patch_id = ? AND state = 'approved' AND whole", patchID), &n)
	return n > 0, err
}

// RescoreAs scores patches again because of an exception: what that changes about
// the open risk is recorded under its cause.
func RescoreAs(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, reason string, cause scrum.RiskCause) error {
	if _, err := rescore(tx, who, t, []string{p.ID}, reason, scoring{cause: cause}); err != nil {
		return err
	}
	now, err := ByID(tx.DB, p.ID)
	if err == nil {
		*p = *now
	}
	return err
}

// Return brings a patch back whose exception is over; its due date runs on the
// original clock. Where another open patch is about the same component by now, its
// findings go there, with the time at which they were first seen.
func Return(tx *db.Tx, who audit.Who, t *team.Team, p *Patch) error {
	err := RestoreIn(tx, who, t, p)
	if !fault.Is(err, fault.Conflict) || p.SupersededBy != nil {
		return err
	}
	open, err := openByComponent(tx.DB, t.ID, []Fix{{Component: p.Component}})
	at := slices.IndexFunc(open[p.Component], func(o *Patch) bool { return o.subject() == p.subject() && o.Part == p.Part })
	if err != nil || at < 0 {
		return err
	}
	into := open[p.Component][at]
	if err := moveFindings(tx, p.ID, into.ID); err != nil {
		return err
	}
	err = Change(tx, who, p, p.Version, map[string]any{"drop_reason": string(scrum.Superseded), "drop_until": nil, "superseded_by": into.ID})
	if err != nil {
		return err
	}
	_, err = rescore(tx, who, t, []string{into.ID}, "an exception of "+Key(t.Key, p.Number)+" is over", scoring{cause: scrum.RiskReturned})
	return err
}
