package intake

import (
	"time"

	"patchline/internal/advisory"
	"patchline/internal/db"
	"patchline/internal/scan"
)

// Statuses of a finding.
const (
	statusOpen        = "open"
	statusNotSeen     = "not_seen"
	statusNotAffected = "not_affected"
	statusFixed       = "fixed"
)

// stored is a finding as it is in the database, with its patch and its sources.
type stored struct {
	id, patchID                        string
	installed, fixed, severity, status string
	firstSeen                          int64
	patchStatus, patchVersion          string
	patchStream                        string
	mine                               *bool // this source sees it; nil if it never did
	others                             int   // other sources that see it
}

// dismissedByOther tells whether a source has said that the component is not
// affected, and it was not this one: a scanner that does not know that statement
// must not undo it every day. The source itself may change its mind.
func (s *stored) dismissedByOther() bool {
	return s != nil && s.status == statusNotAffected && (s.mine == nil || *s.mine)
}

// judge says what becomes of a finding by what the report says of it.
func (o *observed) judge() {
	s := o.stored
	switch {
	case s == nil && opens(o.Status):
		o.status = statusOpen
	case s == nil:
		o.quiet = true // nothing known, and nothing to do about it
		return
	case o.Status == statusNotAffected:
		o.status = statusNotAffected
	case o.Status == statusFixed && s.others > 0 && s.status == statusOpen:
		o.status = statusOpen // another scanner still sees it
	case o.Status == statusFixed && (s.status == statusOpen || s.status == statusNotSeen):
		o.status = statusFixed
	case o.Status == statusFixed || s.dismissedByOther():
		o.status = s.status
	default:
		o.status = statusOpen
	}
	if s != nil {
		o.settle(s)
	}
}

// settle decides what is written of a finding that is known. Values only change
// in ways that two scanners with different opinions cannot turn back and forth:
// fixed versions get newer, and the worst severity counts while another source
// sees the finding too.
func (o *observed) settle(s *stored) {
	f := *o.Finding // the report's own is read again when a transaction is repeated
	eco := f.Component.Ecosystem
	if !o.sees() || !o.upgraded() && (o.fixed == "" || s.fixed != "" && scan.Compare(eco, o.fixed, s.fixed) <= 0) {
		o.fixed = s.fixed
	}
	if !o.sees() || f.Component.Installed == "" || s.installed != "" && scan.Compare(eco, f.Component.Installed, s.installed) == 0 {
		f.Component.Installed = s.installed
	}
	switch {
	case !o.sees():
		f.Severity = s.severity
	case s.others > 0:
		f.Severity = advisory.Worst(s.severity, f.Severity)
	}
	if o.patchID == "" && !o.leaves {
		o.patchID = s.patchID
	}
	o.Finding = &f
	o.quiet = s.mine != nil && *s.mine == o.sees() && o.status == s.status && o.patchID == s.patchID &&
		o.fixed == s.fixed && f.Component.Installed == s.installed && f.Severity == s.severity
}

// firstSeen is when any source saw it first.
func (o *observed) firstSeen(now time.Time) time.Time {
	if o.stored != nil {
		return db.Time(o.stored.firstSeen)
	}
	return now
}

// sees tells whether the source says that the component is affected.
func (o *observed) sees() bool { return opens(o.Status) }

// tally counts what became of a finding.
func (o *observed) tally(e *effect) {
	s := o.stored
	was := s != nil && s.status == statusOpen
	is := o.status == statusOpen
	switch {
	case s == nil && is:
		e.findings.New++
	case s != nil && is && !was:
		e.findings.New++
		e.returned++
	case was && !is:
		e.findings.Closed++
	case s != nil:
		e.findings.Unchanged++
	}
	if is && o.patchID == "" {
		e.findings.WithoutFix++
	}
	switch {
	case is && !was:
		e.open[o.assetID]++
	case was && !is:
		e.open[o.assetID]--
	}
	if is {
		e.met.add(o.patchID)
	}
	if !o.quiet {
		e.changed.add(o.patchID)
		if s != nil {
			e.changed.add(s.patchID)
		}
	}
}
