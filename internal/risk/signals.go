package risk

import "math"

// What stands in for values nobody has published.
const (
	// DefaultMedianEPSS is used when no EPSS snapshot is loaded, whose own
	// median would be better.
	DefaultMedianEPSS = 0.007
	// AssumedBaseScore is the CVSS base score of a vulnerability not yet scored.
	AssumedBaseScore = 6.0
	// unknownShare counts an unknown yes-or-no as half a yes.
	unknownShare = 0.5
)

// Vulnerability is what is known about one vulnerability. Ids that are aliases
// must be one entry, or their EPSS would count twice.
type Vulnerability struct {
	ID   string   `json:"id"`
	KEV  bool     `json:"kev"`            // listed in a trusted catalogue of known exploited vulnerabilities
	EPSS *float64 `json:"epss,omitempty"` // probability of exploitation in 30 days, 0 to 1
	CVSS *float64 `json:"cvss,omitempty"` // published base score, 0 to 10; a valid Vector goes before it

	// Vector is the CVSS vector of any version; it yields the base score, and
	// the two SSVC answers below when they are missing.
	Vector      string `json:"vector,omitempty"`
	Automatable *bool  `json:"automatable,omitempty"`  // SSVC: can the first steps of an attack be automated
	TotalImpact *bool  `json:"total_impact,omitempty"` // SSVC: technical impact is total, not partial
}

// Signals are the inputs of the score, combined over the vulnerabilities a patch
// removes: KEV of any, EPSS of at least one being exploited, the rest the maximum.
type Signals struct {
	KEV         bool    `json:"kev"`
	EPSS        float64 `json:"epss"`       // not used when KEV is set
	EPSSKnown   bool    `json:"epss_known"` // false when a median stands in for at least one
	CVSS        float64 `json:"cvss"`
	Automatable float64 `json:"automatable"`  // 1 yes, 0 no, 0.5 not known
	TotalImpact float64 `json:"total_impact"` // 1 total, 0 partial, 0.5 not known
}

// combine merges the vulnerabilities and names what had to be assumed. A fact
// counts as assumed only if the assumption shaped the result: EPSS does not
// matter beside a KEV listing, and an unscored vulnerability does not matter
// beside a worse one that is scored.
func combine(all []Vulnerability, median float64) (Signals, []string) {
	if len(all) == 0 {
		all = []Vulnerability{{}}
	}
	epss := noisyOr{none: 1, known: true}
	var cvss, automatable, total maximum
	s := Signals{}
	for _, v := range all {
		s.KEV = s.KEV || v.KEV
		epss.add(v.EPSS, median)
		known := v.resolve()
		cvss.add(known.cvss, AssumedBaseScore)
		automatable.add(share(known.automatable), unknownShare)
		total.add(share(known.total), unknownShare)
	}
	s.EPSS, s.EPSSKnown = epss.probability(), epss.known
	s.CVSS, s.Automatable, s.TotalImpact = cvss.value(), automatable.value(), total.value()

	assumed := []string{}
	note := func(name string, when bool) {
		if when {
			assumed = append(assumed, name)
		}
	}
	note(AssumedEPSS, !s.EPSSKnown && !s.KEV)
	note(AssumedCVSS, cvss.assumed())
	note(AssumedAutomatable, automatable.assumed())
	note(AssumedTechnicalImpact, total.assumed())
	return s, assumed
}

// resolved holds the facts after the vector was consulted; nil is unknown.
type resolved struct {
	cvss               *float64
	automatable, total *bool
}

// resolve recomputes the base score from the vector and derives the SSVC
// answers that nobody gave. A vector that cannot be read is as good as none.
func (v Vulnerability) resolve() resolved {
	out := resolved{cvss: finite(v.CVSS, 10), automatable: v.Automatable, total: v.TotalImpact}
	if v.Vector == "" {
		return out
	}
	read, err := readVector(v.Vector)
	if err != nil {
		return out
	}
	out.cvss = &read.score
	automatable, total := read.derive()
	if out.automatable == nil {
		out.automatable = &automatable
	}
	if out.total == nil {
		out.total = &total
	}
	return out
}

// noisyOr is the probability that at least one of independent events happens.
type noisyOr struct {
	none  float64 // probability that none happens
	known bool    // no median was needed
}

func (n *noisyOr) add(p *float64, otherwise float64) {
	value := otherwise
	if checked := finite(p, 1); checked != nil {
		value = *checked
	} else {
		n.known = false
	}
	n.none *= 1 - value
}

func (n *noisyOr) probability() float64 { return clamp(1-n.none, 0, 1) }

// maximum keeps the largest known value apart from the largest assumed one.
type maximum struct{ known, guess float64 }

func (m *maximum) add(value *float64, otherwise float64) {
	if value == nil {
		m.guess = max(m.guess, otherwise)
		return
	}
	m.known = max(m.known, *value)
}

func (m *maximum) value() float64 { return max(m.known, m.guess) }
func (m *maximum) assumed() bool  { return m.guess > m.known }

// share turns a yes-or-no into 1 or 0, and keeps unknown unknown.
func share(answer *bool) *float64 {
	if answer == nil {
		return nil
	}
	value := 0.0
	if *answer {
		value = 1
	}
	return &value
}

// finite clamps a published number to 0..limit. What is not a number at all
// tells nothing, so it is unknown.
func finite(value *float64, limit float64) *float64 {
	if value == nil || math.IsNaN(*value) || math.IsInf(*value, 0) {
		return nil
	}
	clamped := clamp(*value, 0, limit)
	return &clamped
}

func clamp(x, low, high float64) float64 { return min(max(x, low), high) }
