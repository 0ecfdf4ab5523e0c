package risk

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Regulations that bring a shipped policy with them.
const (
	RegulationPCI     = "PCI DSS"
	RegulationFedRAMP = "FedRAMP"
)

// Regulations are offered where somebody says what an asset is under. Others may
// be typed.
func Regulations() []string {
	return []string{RegulationPCI, RegulationFedRAMP, "HIPAA", "NIS2", "DORA", "GDPR"}
}

// RegulationKey is what two spellings of a regulation have in common: PCI DSS,
// pci-dss and PCI_DSS are one.
func RegulationKey(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

func regulationKeys(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = RegulationKey(name)
	}
	return out
}

// Ids of the shipped policies.
const (
	PolicyBOD      = "cisa-bod-26-04"
	PolicyPCI      = "pci-dss-6.3.3"
	PolicyFedRAMP  = "fedramp-rev5"
	PolicySeverity = "severity"
)

// maxPolicyDays bounds a policy to ten years, far beyond any real one.
const maxPolicyDays = 3650

// Policy says by when a patch must be in. It is data: it is stored, shown with
// its citation, and changed by writing a new version. It has one of SeverityDays,
// Timelines and Rules.
type Policy struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Version  string `json:"version"`
	Citation string `json:"citation"` // where the rule is written

	CitationURL string `json:"citation_url,omitempty"`
	CitedOn     string `json:"cited_on,omitempty"` // date of what is cited, such as 2026-06-10

	// ValidFrom and ValidUntil are the first and the last day, of UTC, on which the
	// policy counts; empty is without a bound.
	ValidFrom  string `json:"valid_from,omitempty"`
	ValidUntil string `json:"valid_until,omitempty"`

	// Scope limits the policy to patches that touch certain assets.
	Scope Scope `json:"scope,omitzero"`

	// Regulation limits the policy to patches that touch an asset tagged with
	// it. Empty applies to all.
	Regulation string `json:"regulation,omitempty"`

	// SeverityDays are the days allowed by severity. A severity that is absent
	// gets no date from this policy.
	SeverityDays map[Severity]int `json:"severity_days,omitempty"`

	// Timelines are the rows of a table like that of CISA BOD 26-04. A
	// combination that is absent gets no date from this policy.
	Timelines []TimelineRow `json:"timelines,omitempty"`

	// Rules are conditions with the days that they allow. Of those that match, the
	// one with the fewest days counts; where none does, there is no date.
	Rules []Rule `json:"rules,omitempty"`

	// NotPastKEVDue brings the date forward to the due date of the KEV
	// catalogue, where the catalogue has an earlier one.
	NotPastKEVDue bool `json:"not_past_kev_due,omitempty"`
}

// Circumstances are the four questions of the CISA BOD 26-04 table.
type Circumstances struct {
	KEV         bool `json:"kev"`
	Exposed     bool `json:"exposed"`
	Automatable bool `json:"automatable"`
	TotalImpact bool `json:"total_impact"`
}

// TimelineRow is one row of a table: under these circumstances, that long.
type TimelineRow struct {
	Circumstances
	Timeline
}

// ShippedPolicies are the policies a new installation starts with. Each call
// returns its own copy, free to edit.
func ShippedPolicies() []Policy {
	return []Policy{bodPolicy(), pciPolicy(), fedRAMPPolicy(), SeverityPolicy(7, 30, 90, 180)}
}

// SeverityPolicy is a plain table of days by severity; 0 leaves a severity
// without a date.
func SeverityPolicy(critical, high, medium, low int) Policy {
	return Policy{
		ID: PolicySeverity, Name: "Days by severity", Version: "1",
		Citation:     "Own rule; severities as rated by CVSS v3.1 specification, section 5",
		SeverityDays: severityDays(critical, high, medium, low),
	}
}

func bodPolicy() Policy {
	p := Policy{
		ID: PolicyBOD, Name: "CISA BOD 26-04", Version: "1.0.0",
		Citation:    "CISA Binding Operational Directive 26-04, Prioritizing Security Updates Based on Risk, Table 1",
		CitationURL: "https://www.cisa.gov/news-events/directives/bod-26-04-prioritizing-security-updates-based-risk", CitedOn: "2026-06-10",
	}
	for i := range 16 {
		c := Circumstances{i&8 != 0, i&4 != 0, i&2 != 0, i&1 != 0}
		p.Timelines = append(p.Timelines, TimelineRow{
			c, RemediationTimeline(c.KEV, c.Exposed, c.Automatable, c.TotalImpact),
		})
	}
	return p
}

// pciPolicy takes a month as 30 days, the shorter of the lengths the standard's
// own description of timeframes gives it.
func pciPolicy() Policy {
	return Policy{
		ID: PolicyPCI, Name: "PCI DSS 6.3.3", Version: "4.0.1",
		Citation:    "PCI DSS v4.0.1, requirement 6.3.3: critical within one month (section 7: a month is 30 to 31 days)",
		CitationURL: "https://www.pcisecuritystandards.org/document_library/", CitedOn: "2024-06-11",
		Regulation:   RegulationPCI,
		SeverityDays: severityDays(30, 0, 0, 0),
	}
}

// fedRAMPPolicy knows high, moderate and low; what CVSS calls critical is high.
func fedRAMPPolicy() Policy {
	return Policy{
		ID: PolicyFedRAMP, Name: "FedRAMP Rev 5", Version: "Rev 5",
		Citation:    "FedRAMP Rev 5 baselines, RA-5 (d): high 30, moderate 90, low 180 days from discovery; not past the KEV due date",
		CitationURL: "https://www.fedramp.gov/rev5/", CitedOn: "2023-05-30",
		Regulation:    RegulationFedRAMP,
		SeverityDays:  severityDays(30, 30, 90, 180),
		NotPastKEVDue: true,
	}
}

func severityDays(critical, high, medium, low int) map[Severity]int {
	out := map[Severity]int{}
	for severity, days := range map[Severity]int{
		SeverityCritical: critical, SeverityHigh: high, SeverityMedium: medium, SeverityLow: low,
	} {
		if days != 0 {
			out[severity] = days
		}
	}
	return out
}

// Validate names everything that is wrong with a policy somebody wrote.
func (p Policy) Validate() error {
	var faults []error
	refuse := func(when bool, format string, args ...any) {
		if when {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	refuse(p.ID == "" || p.Name == "" || p.Version == "", "id, name and version are required")
	given := 0
	for _, n := range []int{len(p.SeverityDays), len(p.Timelines), len(p.Rules)} {
		given += min(n, 1)
	}
	refuse(given != 1, "give either severity_days or timelines or rules")
	refuse(p.ValidFrom != "" && p.ValidUntil != "" && p.ValidUntil < p.ValidFrom, "valid_until lies before valid_from")
	for _, severity := range slices.Sorted(maps.Keys(p.SeverityDays)) {
		days := p.SeverityDays[severity]
		refuse(!severity.Valid(), "severity_days may name none, low, medium, high and critical only")
		refuse(days < 1 || days > maxPolicyDays, "severity_days must be from 1 to %d", maxPolicyDays)
	}
	seen := map[Circumstances]bool{}
	for i, row := range p.Timelines {
		refuse(seen[row.Circumstances], "timelines[%d] repeats the circumstances of an earlier row", i)
		refuse(row.Days < 0 || row.Days > maxPolicyDays, "timelines[%d].days must be from 0 to %d", i, maxPolicyDays)
		seen[row.Circumstances] = true
	}
	for i, rule := range p.Rules {
		refuse(rule.Days < 1 || rule.Days > maxPolicyDays, "rules[%d].days must be from 1 to %d", i, maxPolicyDays)
	}
	return errors.Join(faults...)
}

// InForce tells whether the policy counts at a moment. Days begin at midnight UTC.
func (p Policy) InForce(now time.Time) bool {
	today := now.UTC().Format(time.DateOnly)
	return today >= p.ValidFrom && (p.ValidUntil == "" || today <= p.ValidUntil)
}

// narrow keeps of the facts what the policy is about: where it has a scope, the
// assets in it. It is false when the policy does not bind the patch.
func (p Policy) narrow(facts DueFacts) (DueFacts, bool) {
	if p.Regulation != "" && !slices.Contains(regulationKeys(facts.Regulations), RegulationKey(p.Regulation)) {
		return facts, false
	}
	return p.Scope.narrow(facts)
}

// names tells whether a list has a word, whatever its letter case.
func names(words []string, word string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		return strings.EqualFold(strings.TrimSpace(w), strings.TrimSpace(word))
	})
}
