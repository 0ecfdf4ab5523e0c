package risk

import "math"

// Names of the parts, in the order they are listed.
const (
	PartThreat     = "threat"     // likelihood: known or predicted exploitation
	PartSeverity   = "severity"   // CVSS base score
	PartEase       = "ease"       // attack can be automated, and gives total control
	PartContext    = "context"    // what the affected assets take off; never positive
	PartRegulation = "regulation" // a regulated asset is affected
	PartSLA        = "sla"        // the allowed time is running out
	PartCap        = "cap"        // what 100 cuts off; never positive
)

// Context is what is known about the affected assets that are not excepted.
type Context struct {
	Criticality Criticality `json:"criticality"` // the worst; empty counts as medium
	Exposure    Exposure    `json:"exposure"`    // the worst; empty counts as unknown
	Affected    int         `json:"affected"`    // number of assets; give 1 when it is not known yet
	Regulated   bool        `json:"regulated"`   // at least one is under a regulation
	Elapsed     float64     `json:"elapsed"`     // share of the allowed time used, 0 without due date; see [Elapsed]
}

// Input is everything a score is made of.
type Input struct {
	Vulnerabilities []Vulnerability `json:"vulnerabilities"` // none means that nothing is known
	Context         Context         `json:"context"`
	MedianEPSS      float64         `json:"median_epss"` // of the loaded snapshot; 0 means none is loaded
}

// Part is one reason for a score.
type Part struct {
	Name   string  `json:"name"`
	Points float64 `json:"points"` // to 0.1, may be negative
}

// Result is a score and the reasons for it. Score, Risk, Base and the parts are
// rounded to 0.1; the parts sum to Score.
type Result struct {
	Formula string   `json:"formula"` // version of formula and weights
	Score   float64  `json:"score"`   // priority: risk plus urgency, 0 to 100
	Risk    float64  `json:"risk"`    // base × context, 0 to 100
	Base    float64  `json:"base"`    // of the vulnerabilities alone, 0 to 100
	Context float64  `json:"context"` // factor of the assets, to 0.0001
	Parts   []Part   `json:"parts"`
	Assumed []string `json:"assumed"` // facts that were missing and mattered
	Signals          // the combined inputs
}

// MostUrgent is how far [Score] puts a priority above the risk at most: what
// regulation and urgency add, and what rounding may.
var MostUrgent = DefaultWeights().Regulation + DefaultWeights().Urgency + 0.2

// Score ranks a patch by [DefaultWeights]. Numbers out of range are clamped and
// numbers that are none count as unknown, so every input has a score.
func Score(in Input) Result { return ScoreWith(DefaultWeights(), in) }

// ScoreWith ranks a patch by a team's own weights. Weights that do not validate
// are replaced by the default ones, which Result.Formula then tells.
func ScoreWith(w Weights, in Input) Result {
	if w.Validate() != nil {
		w = DefaultWeights()
	}
	signals, assumed := combine(in.Vulnerabilities, medianOrDefault(in.MedianEPSS))
	threat, severity, ease := w.base(signals)
	factor := w.factor(in.Context)
	base := threat + severity + ease
	risk := min(base*factor, 100) // weights may add up to a hair over 100

	regulation := 0.0
	if in.Context.Regulated {
		regulation = tenth(w.Regulation)
	}
	top := settle(risk, regulation, w.Urgency*urgency(in.Context.Elapsed))
	low := explain(base, threat, severity, ease)
	return Result{
		Formula: w.Version(),
		Score:   top.score, Risk: top.risk, Base: tenth(base), Context: math.Round(factor*1e4) / 1e4,
		Parts: []Part{
			{PartThreat, low[0]}, {PartSeverity, low[1]}, {PartEase, low[2]},
			{PartContext, tenth(top.risk - tenth(base))},
			{PartRegulation, top.regulation}, {PartSLA, top.sla}, {PartCap, top.cap},
		},
		Assumed: assumed, Signals: signals,
	}
}

// base is V in its three parts. EPSS spans orders of magnitude, so its logarithm
// counts: 0.0001 and below is no threat, 1.0 is Predicted of a known one.
func (w Weights) base(s Signals) (threat, severity, ease float64) {
	share := 1.0
	if !s.KEV {
		share = w.Predicted * clamp(1+math.Log10(max(s.EPSS, 1e-4))/4, 0, 1)
	}
	return w.Threat * share, w.Severity * s.CVSS / 10, w.Automatable*s.Automatable + w.TotalImpact*s.TotalImpact
}

// factor is C. The number of assets counts by its logarithm up to 999.
func (w Weights) factor(c Context) float64 {
	spread := min(1, math.Log10(1+float64(max(c.Affected, 0)))/3)
	return min(1, w.Floor+w.Criticality*c.Criticality.Weight()+w.Exposure*c.Exposure.Weight()+w.Spread*spread)
}

// urgency begins at half of the allowed time and is complete at its end.
func urgency(elapsed float64) float64 {
	if math.IsNaN(elapsed) {
		return 0
	}
	return clamp((elapsed-0.5)/0.5, 0, 1)
}

// explain rounds the three parts of the base so that they sum to the rounded
// base. What rounding leaves over goes to the largest, where it shows least.
func explain(base float64, parts ...float64) []float64 {
	out, rest, largest := make([]float64, len(parts)), tenth(base), 0
	for i, part := range parts {
		out[i] = tenth(part)
		rest -= out[i]
		if part > parts[largest] {
			largest = i
		}
	}
	out[largest] = tenth(out[largest] + rest)
	return out
}

// settled are the rounded numbers from risk to score.
type settled struct{ score, risk, regulation, sla, cap float64 }

// settle adds regulation, already rounded, and urgency, cuts at 100, and rounds
// so that the parts sum to the score: the cap takes what rounding leaves over,
// else urgency does.
func settle(risk, regulation, sla float64) settled {
	out := settled{risk: tenth(risk), regulation: regulation, sla: tenth(sla)}
	total := risk + regulation + sla
	switch {
	case total > 100:
		out.score = 100
		out.cap = tenth(100 - out.risk - out.regulation - out.sla)
	case sla == 0: // nothing but risk was rounded, so nothing may be left over
		out.score = min(100, tenth(out.risk+out.regulation))
	default:
		out.score = tenth(total)
		out.sla = tenth(out.score - out.risk - out.regulation)
	}
	return out
}

func medianOrDefault(median float64) float64 {
	if median > 0 && median <= 1 { // false for NaN
		return median
	}
	return DefaultMedianEPSS
}

// tenth rounds to 0.1, half away from zero, without a negative zero.
func tenth(x float64) float64 {
	if r := math.Round(x*10) / 10; r != 0 {
		return r
	}
	return 0
}
