// Package risk turns what is known about vulnerabilities and assets into a
// score with its parts, an SSVC decision, and a due date with the policy that
// set it.
//
// It is arithmetic over values: it reads no clock, database or request. Time
// enters as a parameter, and missing knowledge is replaced by a documented
// assumption that is always named in the answer, never by zero.
//
// Score and due date are separate on purpose. The score says what matters most;
// the due date says what a policy demands. Their only link is urgency: the share
// of the allowed time that is used (see [Elapsed]) adds to the score.
package risk

// Names of the facts that an answer may list as assumed.
const (
	AssumedExposure        = "exposure"
	AssumedEPSS            = "epss"
	AssumedCVSS            = "cvss"
	AssumedAutomatable     = "automatable"
	AssumedTechnicalImpact = "technical_impact"
)
