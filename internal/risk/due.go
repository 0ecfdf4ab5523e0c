package risk

import (
	"math"
	"slices"
	"time"
)

const day = 24 * time.Hour

// DueVulnerability is a vulnerability with its dates.
type DueVulnerability struct {
	Vulnerability            // being listed by KEV, KEVAdded or KEVDue is the same
	KEVAdded      *time.Time `json:"kev_added,omitempty"` // when the catalogue listed it
	KEVDue        *time.Time `json:"kev_due,omitempty"`   // the moment the catalogue's due date has passed

	// FirstDetected is when it was first seen on an asset, if that was not when
	// the patch was: a patch may learn of a new vulnerability late.
	FirstDetected *time.Time `json:"first_detected,omitempty"`
}

// DueFacts are what policies ask about a patch and its affected assets.
type DueFacts struct {
	Vulnerabilities []DueVulnerability `json:"vulnerabilities"` // none means one nothing is known of
	Exposure        Exposure           `json:"exposure"`        // the worst
	Regulations     []string           `json:"regulations"`     // of all affected assets
	FirstDetected   time.Time          `json:"first_detected"`

	Assets []AssetFacts `json:"assets,omitempty"` // for policies with a scope
	Risk   float64      `json:"risk,omitempty"`   // for rules that ask for its band
}

// DueDate is the date a policy demands, and how it came to be.
type DueDate struct {
	Due           time.Time `json:"due"` // UTC
	PolicyID      string    `json:"policy_id"`
	PolicyName    string    `json:"policy_name"`
	PolicyVersion string    `json:"policy_version"`
	Citation      string    `json:"citation"`
	Vulnerability string    `json:"vulnerability"` // id of the one that sets the date
	Start         time.Time `json:"start"`         // UTC; when its clock started, zero if only the KEV due date is known
	Days          int       `json:"days"`          // whole days allowed from Start
	ByKEVDue      bool      `json:"by_kev_due"`    // the catalogue's due date came before the policy's own
	Forensics     bool      `json:"forensics"`     // a policy that applies asks for a forensic investigation
	Assumed       []string  `json:"assumed"`       // missing facts that policies had to assume
}

// Due is the earliest date over the policies that apply and the vulnerabilities
// of the patch, each taken for itself: the listing of one and the total impact
// of another do not add up. Of equal dates the first policy's counts.
//
// The clock of a vulnerability starts at the earlier of KEV listing and first
// detection. A day is 24 hours of UTC, whatever local clocks do meanwhile.
// Unknown exposure counts as publicly exposed; automatable and technical impact
// are derived from the vector, otherwise taken as no and partial; a missing base
// score is taken as [AssumedBaseScore]. What was assumed is in Assumed.
//
// It is false when no policy sets a date; Assumed is filled even then.
func Due(policies []Policy, facts DueFacts) (DueDate, bool) {
	best, forensics, missing := DueDate{}, false, map[string]bool{}
	for _, found := range each(policies, facts, missing) {
		forensics = forensics || found.Forensics
		if !found.Due.IsZero() && (best.Due.IsZero() || found.Due.Before(best.Due)) {
			best = found
		}
	}
	best.Forensics, best.Assumed = forensics, inOrder(missing)
	return best, !best.Due.IsZero()
}

// DueEach is the date of each policy that applies, in the order of the policies.
// Due is zero for one that applies and sets no date.
func DueEach(policies []Policy, facts DueFacts) []DueDate {
	return each(policies, facts, map[string]bool{})
}

func each(policies []Policy, facts DueFacts, missing map[string]bool) []DueDate {
	var out []DueDate
	for _, p := range policies {
		if about, ok := p.narrow(facts); ok {
			out = append(out, p.earliest(about, missing))
		}
	}
	return out
}

// earliest is the policy's earliest date over the vulnerabilities.
func (p Policy) earliest(facts DueFacts, missing map[string]bool) DueDate {
	vulnerabilities := facts.Vulnerabilities
	if len(vulnerabilities) == 0 {
		vulnerabilities = []DueVulnerability{{}}
	}
	var best DueDate
	forensics := false
	for i, v := range vulnerabilities {
		found := p.date(v.under(facts), missing)
		forensics = forensics || found.Forensics
		if i == 0 || !found.Due.IsZero() && (best.Due.IsZero() || found.Due.Before(best.Due)) {
			best = found
		}
	}
	best.Forensics = forensics
	return best
}

// dueCase is one vulnerability with every question answered.
type dueCase struct {
	id       string
	severity Severity
	band     Band
	asked    Circumstances
	assumed  struct{ cvss, exposure, automatable, total bool }
	start    time.Time // zero when no clock has started
	kevDue   time.Time // zero without
}

// under answers the questions of all policies for one vulnerability.
func (v DueVulnerability) under(facts DueFacts) dueCase {
	known := v.resolve()
	c := dueCase{id: v.ID, severity: SeverityOf(AssumedBaseScore), band: BandOf(facts.Risk), start: v.clockStart(facts.FirstDetected)}
	c.assumed.cvss = known.cvss == nil
	if known.cvss != nil {
		c.severity = SeverityOf(*known.cvss)
	}
	c.asked.KEV = v.KEV || v.KEVAdded != nil || v.KEVDue != nil
	c.asked.Exposed, c.assumed.exposure = facts.Exposure.PubliclyExposed()
	c.asked.Automatable, c.assumed.automatable = yes(known.automatable)
	c.asked.TotalImpact, c.assumed.total = yes(known.total)
	if v.KEVDue != nil {
		c.kevDue = v.KEVDue.UTC()
	}
	return c
}

// clockStart is the earlier of KEV listing and first detection.
func (v DueVulnerability) clockStart(detected time.Time) time.Time {
	if v.FirstDetected != nil && !v.FirstDetected.IsZero() {
		detected = *v.FirstDetected
	}
	if v.KEVAdded != nil && !v.KEVAdded.IsZero() && (detected.IsZero() || v.KEVAdded.Before(detected)) {
		detected = *v.KEVAdded
	}
	return detected.UTC()
}

// date applies one policy to one vulnerability and notes which missing facts it
// asked for. Due is zero when the policy sets no date.
func (p Policy) date(c dueCase, missing map[string]bool) DueDate {
	allowed := p.allowed(c, missing)
	out := DueDate{
		PolicyID: p.ID, PolicyName: p.Name, PolicyVersion: p.Version, Citation: p.Citation,
		Vulnerability: c.id, Start: c.start, Forensics: allowed.Forensics,
	}
	if allowed.HasDate() && !c.start.IsZero() {
		out.Days = min(allowed.Days, maxPolicyDays)
		out.Due = c.start.Add(time.Duration(out.Days) * day)
	}
	if p.NotPastKEVDue && !c.kevDue.IsZero() && (out.Due.IsZero() || c.kevDue.Before(out.Due)) {
		out.Due, out.ByKEVDue, out.Days = c.kevDue, true, 0
		if !c.start.IsZero() {
			out.Days = max(0, int(c.kevDue.Sub(c.start)/day))
		}
	}
	return out
}

// allowed looks up the days a policy gives.
func (p Policy) allowed(c dueCase, missing map[string]bool) Timeline {
	if len(p.Rules) > 0 {
		return p.byRules(c, missing)
	}
	if len(p.Timelines) == 0 {
		missing[AssumedCVSS] = missing[AssumedCVSS] || c.assumed.cvss
		return Timeline{Days: p.SeverityDays[c.severity]}
	}
	missing[AssumedExposure] = missing[AssumedExposure] || c.assumed.exposure
	missing[AssumedAutomatable] = missing[AssumedAutomatable] || c.assumed.automatable
	missing[AssumedTechnicalImpact] = missing[AssumedTechnicalImpact] || c.assumed.total
	i := slices.IndexFunc(p.Timelines, func(row TimelineRow) bool { return row.Circumstances == c.asked })
	if i < 0 {
		return Timeline{}
	}
	return p.Timelines[i].Timeline
}

// Elapsed is the share of the allowed time that is used: 0 before the start and
// without a due date, 1 at the due date, more when overdue. Where no time was
// allowed, or its start is not known, it is 0 before the due date and 1 from it on.
func Elapsed(start, due, now time.Time) float64 {
	if due.IsZero() {
		return 0
	}
	allowed := due.Sub(start)
	if start.IsZero() || allowed <= 0 {
		if now.Before(due) {
			return 0
		}
		return 1
	}
	return math.Max(0, float64(now.Sub(start))/float64(allowed))
}

// yes takes an unknown answer as no, and says so.
func yes(answer *bool) (value, assumed bool) {
	if answer == nil {
		return false, true
	}
	return *answer, false
}

// inOrder lists the names that are set in the order they are always listed.
func inOrder(missing map[string]bool) []string {
	out := []string{}
	for _, name := range []string{AssumedExposure, AssumedCVSS, AssumedAutomatable, AssumedTechnicalImpact} {
		if missing[name] {
			out = append(out, name)
		}
	}
	return out
}
