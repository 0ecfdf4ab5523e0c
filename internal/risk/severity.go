package risk

import "math"

// Severity is the qualitative rating of a CVSS base score.
type Severity string

// The ratings, least first.
const (
	SeverityNone     Severity = "none"
	SeverityLow      Severity = "low"
	SeverityMedium   Severity = "medium"
	SeverityHigh     Severity = "high"
	SeverityCritical Severity = "critical"
)

// Valid reports whether s is one of the five ratings.
func (s Severity) Valid() bool {
	switch s {
	case SeverityNone, SeverityLow, SeverityMedium, SeverityHigh, SeverityCritical:
		return true
	}
	return false
}

// SeverityOf rates a base score by the table of CVSS v3.1 specification,
// section 5: 0.0 none, from 0.1 low, from 4.0 medium, from 7.0 high, from 9.0
// critical. CVSS v4.0 has the same table; scores of version 2.0 are rated by it
// too, so that one number has one name. NaN has no rating.
func SeverityOf(score float64) Severity {
	score = tenth(score)
	switch {
	case math.IsNaN(score):
		return ""
	case score >= 9:
		return SeverityCritical
	case score >= 7:
		return SeverityHigh
	case score >= 4:
		return SeverityMedium
	case score > 0:
		return SeverityLow
	}
	return SeverityNone
}
