package risk

import (
	"maps"
	"slices"
)

// Rule is one line of a policy somebody wrote: when all its conditions hold, that
// many days. A condition that is not given holds always.
type Rule struct {
	Name        string     `json:"name"`
	Severities  []Severity `json:"severities,omitempty"`
	Bands       []Band     `json:"bands,omitempty"` // of the patch's risk
	KEV         *bool      `json:"kev,omitempty"`
	Exposed     *bool      `json:"exposed,omitempty"` // reachable from the internet, or unknown
	Automatable *bool      `json:"automatable,omitempty"`
	TotalImpact *bool      `json:"total_impact,omitempty"`
	Days        int        `json:"days"` // from 1 to 3650
	Forensics   bool       `json:"forensics,omitempty"`
}

// Band is a range of risk or priority.
type Band string

// The bands, least first.
const (
	BandLow      Band = "low"
	BandMedium   Band = "medium"
	BandHigh     Band = "high"
	BandCritical Band = "critical"
)

// BandOf is critical from 80, high from 60, medium from 35, else low.
func BandOf(value float64) Band {
	switch {
	case value >= 80:
		return BandCritical
	case value >= 60:
		return BandHigh
	case value >= 35:
		return BandMedium
	}
	return BandLow
}

// matches tells whether all conditions hold, and notes those that had to be
// assumed.
func (r Rule) matches(c dueCase, missing map[string]bool) bool {
	note := func(name string, asked, assumed bool) {
		if asked && assumed {
			missing[name] = true
		}
	}
	note(AssumedCVSS, len(r.Severities) > 0, c.assumed.cvss)
	note(AssumedExposure, r.Exposed != nil, c.assumed.exposure)
	note(AssumedAutomatable, r.Automatable != nil, c.assumed.automatable)
	note(AssumedTechnicalImpact, r.TotalImpact != nil, c.assumed.total)
	return (len(r.Severities) == 0 || slices.Contains(r.Severities, c.severity)) &&
		(len(r.Bands) == 0 || slices.Contains(r.Bands, c.band)) &&
		holds(r.KEV, c.asked.KEV) && holds(r.Exposed, c.asked.Exposed) &&
		holds(r.Automatable, c.asked.Automatable) && holds(r.TotalImpact, c.asked.TotalImpact)
}

func holds(condition *bool, fact bool) bool { return condition == nil || *condition == fact }

// byRules finds the fewest days of the rules that match.
func (p Policy) byRules(c dueCase, missing map[string]bool) Timeline {
	var out Timeline
	for _, r := range p.Rules {
		if !r.matches(c, missing) {
			continue
		}
		if out.Forensics = out.Forensics || r.Forensics; out.Days == 0 || r.Days < out.Days {
			out.Days = r.Days
		}
	}
	return out
}

// AsksForBand tells whether a rule asks for the band of the risk.
func (p Policy) AsksForBand() bool {
	return slices.ContainsFunc(p.Rules, func(r Rule) bool { return len(r.Bands) > 0 })
}

// AsRules is the policy with its table written as rules, which is the form that
// people edit. It sets the same dates.
func (p Policy) AsRules() Policy {
	for _, severity := range slices.Sorted(maps.Keys(p.SeverityDays)) {
		p.Rules = append(p.Rules, Rule{Name: "severity " + string(severity), Severities: []Severity{severity}, Days: p.SeverityDays[severity]})
	}
	for _, row := range p.Timelines {
		if row.HasDate() {
			p.Rules = append(p.Rules, row.rule())
		}
	}
	if p.Regulation != "" {
		p.Scope.Regulations = []string{p.Regulation}
	}
	p.SeverityDays, p.Timelines, p.Regulation = nil, nil, ""
	return p
}

func (t TimelineRow) rule() Rule {
	c := t.Circumstances
	say := func(yes bool, is, not string) string {
		if yes {
			return is
		}
		return not
	}
	name := say(c.KEV, "KEV", "not KEV") + ", " + say(c.Exposed, "exposed", "not exposed") + ", " +
		say(c.Automatable, "automatable", "not automatable") + ", " + say(c.TotalImpact, "total impact", "partial impact")
	return Rule{Name: name, KEV: &c.KEV, Exposed: &c.Exposed, Automatable: &c.Automatable, TotalImpact: &c.TotalImpact, Days: t.Days, Forensics: t.Forensics}
}
