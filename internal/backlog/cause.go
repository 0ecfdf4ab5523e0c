package backlog

import (
	"fmt"
	"math"
	"strconv"

	"patchline/internal/risk"
)

// Causes of a marked change of a priority.
const (
	CauseKEV         = "kev"         // became, or is no longer, known exploited
	CauseEPSS        = "epss"        // another probability of exploitation
	CauseRebaseline  = "rebaseline"  // another EPSS model
	CauseCVSS        = "cvss"        // another base score
	CauseSSVC        = "ssvc"        // automatable or technical impact is known otherwise
	CauseFindings    = "findings"    // it removes more or fewer vulnerabilities
	CauseAssets      = "assets"      // more or fewer assets are affected
	CauseCriticality = "criticality" // of an affected asset
	CauseExposure    = "exposure"    // of an affected asset
	CauseRegulation  = "regulation"  // a regulated asset is, or is no longer, affected
	CauseDue         = "due"         // the due date nears, or is another
)

// change is why a priority moved: its strongest cause, and what that was and
// became.
type change struct{ cause, was, became string }

// why compares two scores by the points that each of their inputs is worth, and
// names the largest difference. What the assets take off counts by their factor,
// because the part named context also moves with the base.
func why(was, now Score, vulnerabilities [2]int64) change {
	a, b := was.Result, now.Result
	effects := []struct {
		points float64
		change func(was, now Score) change
	}{
		{a.Context * (part(b, risk.PartThreat) - part(a, risk.PartThreat)), whyThreat},
		{a.Context * (part(b, risk.PartSeverity) - part(a, risk.PartSeverity)), whySeverity},
		{a.Context * (part(b, risk.PartEase) - part(a, risk.PartEase)), whyEase},
		{a.Base * (b.Context - a.Context), whyContext},
		{part(b, risk.PartRegulation) - part(a, risk.PartRegulation), whyRegulation},
		{part(b, risk.PartSLA) - part(a, risk.PartSLA), whyDue},
	}
	strongest := effects[0]
	for _, e := range effects[1:] {
		if math.Abs(e.points) > math.Abs(strongest.points) {
			strongest = e
		}
	}
	c := strongest.change(was, now)
	ofFindings := c.cause == CauseEPSS || c.cause == CauseCVSS || c.cause == CauseSSVC
	if ofFindings && vulnerabilities[0] != vulnerabilities[1] {
		return change{CauseFindings, fmt.Sprint(vulnerabilities[0]), fmt.Sprint(vulnerabilities[1])}
	}
	return c
}

func part(r risk.Result, name string) float64 {
	for _, p := range r.Parts {
		if p.Name == name {
			return p.Points
		}
	}
	return 0
}

func whyThreat(was, now Score) change {
	a, b := was.Result.Signals, now.Result.Signals
	if a.KEV != b.KEV {
		return change{CauseKEV, yes(a.KEV), yes(b.KEV)}
	}
	return change{CauseEPSS, share(a), share(b)}
}

// share is a probability as people write it; empty where the median stood in.
func share(s risk.Signals) string {
	if !s.EPSSKnown {
		return ""
	}
	return strconv.FormatFloat(s.EPSS, 'g', 3, 64)
}

func whySeverity(was, now Score) change {
	one := func(s Score) string { return strconv.FormatFloat(s.Result.CVSS, 'f', 1, 64) }
	return change{CauseCVSS, one(was), one(now)}
}

func whyEase(was, now Score) change {
	one := func(s Score) string {
		return "automatable " + answer(s.Result.Automatable) + ", total impact " + answer(s.Result.TotalImpact)
	}
	return change{CauseSSVC, one(was), one(now)}
}

func whyContext(was, now Score) change {
	a, b := was.Context, now.Context
	switch {
	case a.Criticality != b.Criticality:
		return change{CauseCriticality, string(a.Criticality), string(b.Criticality)}
	case a.Exposure != b.Exposure:
		return change{CauseExposure, string(a.Exposure), string(b.Exposure)}
	}
	return change{CauseAssets, fmt.Sprint(a.Affected), fmt.Sprint(b.Affected)}
}

func whyRegulation(was, now Score) change {
	return change{CauseRegulation, yes(was.Context.Regulated), yes(now.Context.Regulated)}
}

func whyDue(was, now Score) change {
	one := func(s Score) string {
		return strconv.Itoa(int(math.Round(100*max(0, min(s.Context.Elapsed, 10))))) + " %"
	}
	return change{CauseDue, one(was), one(now)}
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// answer is an SSVC value between 0 and 1; half is not known.
func answer(v float64) string {
	switch v {
	case 0:
		return "no"
	case 1:
		return "yes"
	}
	return "unknown"
}
