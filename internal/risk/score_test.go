package risk_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"patchline/internal/risk"
)

func ptr[T any](value T) *T { return &value }

// known is a vulnerability of which everything is known.
func known(epss, cvss float64, automatable, total bool) risk.Vulnerability {
	return risk.Vulnerability{EPSS: &epss, CVSS: &cvss, Automatable: &automatable, TotalImpact: &total}
}

func points(r risk.Result) (out []float64) {
	for _, part := range r.Parts {
		out = append(out, part.Points)
	}
	return out
}

// The expected numbers of these cases were worked out by hand from the formula.
func TestScoreFollowsTheFormula(t *testing.T) {
	onlyAsset := risk.Context{Criticality: risk.CriticalityCritical, Exposure: risk.ExposureInternet, Affected: 999}
	urgent := onlyAsset
	urgent.Regulated, urgent.Elapsed = true, 0.8
	lowly := risk.Context{Criticality: risk.CriticalityLow, Exposure: risk.ExposureIsolated, Affected: 9}

	for name, c := range map[string]struct {
		vulnerability risk.Vulnerability
		context       risk.Context
		score         float64
		points        []float64
	}{
		// threat 65 × .85 × (1 + log10(.01)/4) = 27.625
		"predicted threat counts by the logarithm of EPSS": {
			known(0.01, 5, false, false), onlyAsset, 37.6, []float64{27.6, 10, 0, 0, 0, 0, 0},
		},
		// base 27.625 + 10 + 7.5 = 45.125, times .4 + .1 × 1/3 = .43333
		"context takes off what the assets are not worth": {
			known(0.01, 5, true, false), lowly, 19.6, []float64{27.6, 10, 7.5, -25.5, 0, 0, 0},
		},
		// 27.625 + 10 + 5 + 6
		"regulation and urgency come on top": {
			known(0.01, 5, false, false), urgent, 48.6, []float64{27.6, 10, 0, 0, 5, 6, 0},
		},
		// 65 + 20 + 15 + 5 + 6 - 11
		"nothing is above 100": {
			risk.Vulnerability{KEV: true, CVSS: ptr(10.0), Automatable: ptr(true), TotalImpact: ptr(true)}, urgent,
			100, []float64{65, 20, 15, 0, 5, 6, -11},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := risk.Score(risk.Input{Vulnerabilities: []risk.Vulnerability{c.vulnerability}, Context: c.context})
			assert.Equal(t, c.score, got.Score)
			assert.Equal(t, c.points, points(got))
			assert.Empty(t, got.Assumed)
			assert.Equal(t, risk.Formula, got.Formula)
		})
	}
}

func TestPartsAreListedInTheirFixedOrder(t *testing.T) {
	var names []string
	for _, part := range risk.Score(risk.Input{}).Parts {
		names = append(names, part.Name)
	}
	assert.Equal(t, []string{"threat", "severity", "ease", "context", "regulation", "sla", "cap"}, names)
}

func TestNothingKnownIsAssumedAndNeverZero(t *testing.T) {
	everything := []string{"epss", "cvss", "automatable", "technical_impact"}
	none := risk.Score(risk.Input{Context: risk.Context{Affected: 1}})
	empty := risk.Score(risk.Input{Vulnerabilities: []risk.Vulnerability{{}}, Context: risk.Context{Affected: 1}})

	assert.Equal(t, everything, none.Assumed)
	assert.Equal(t, none, empty, "no vulnerability and an unknown one are the same")
	assert.Equal(t, 30.6, none.Score)
	assert.Equal(t, risk.Signals{EPSS: 0.007, CVSS: 6, Automatable: 0.5, TotalImpact: 0.5}, roundEPSS(none.Signals))
}

func roundEPSS(s risk.Signals) risk.Signals {
	s.EPSS = math.Round(s.EPSS*1e6) / 1e6
	return s
}

func TestSeveralVulnerabilitiesJoinTheirChancesAndTheirWorst(t *testing.T) {
	got := risk.Score(risk.Input{Vulnerabilities: []risk.Vulnerability{
		known(0.5, 4, true, false), known(0.5, 8, false, true), known(0, 2, false, false),
	}})
	assert.Equal(t, risk.Signals{EPSS: 0.75, EPSSKnown: true, CVSS: 8, Automatable: 1, TotalImpact: 1}, got.Signals)

	got = risk.Score(risk.Input{Vulnerabilities: []risk.Vulnerability{known(0.5, 4, true, false), {KEV: true}}})
	assert.True(t, got.KEV, "one listed is enough")
	assert.Equal(t, 65.0, got.Parts[0].Points)
}

func TestTheLoadedSnapshotsMedianStandsInForAMissingEPSS(t *testing.T) {
	low := risk.Score(risk.Input{MedianEPSS: 0.001})
	high := risk.Score(risk.Input{MedianEPSS: 0.5})
	assert.Less(t, low.Score, risk.Score(risk.Input{}).Score)
	assert.Greater(t, high.Score, risk.Score(risk.Input{}).Score)
	for _, useless := range []float64{-1, 1.5, math.NaN(), math.Inf(1)} {
		assert.Equal(t, risk.Score(risk.Input{}), risk.Score(risk.Input{MedianEPSS: useless}))
	}
}

func TestAKnownFactThatDecidesIsNotCalledAssumed(t *testing.T) {
	worse := known(0.2, 9.8, true, true)
	got := risk.Score(risk.Input{Vulnerabilities: []risk.Vulnerability{{EPSS: ptr(0.1)}, worse}})
	assert.Empty(t, got.Assumed)

	milder := known(0.2, 3.1, false, false)
	got = risk.Score(risk.Input{Vulnerabilities: []risk.Vulnerability{{EPSS: ptr(0.1)}, milder}})
	assert.Equal(t, []string{"cvss", "automatable", "technical_impact"}, got.Assumed)
	assert.Equal(t, 6.0, got.CVSS)
}

func TestEPSSOfAListedVulnerabilityIsUnknownButNotMissed(t *testing.T) {
	got := risk.Score(risk.Input{Vulnerabilities: []risk.Vulnerability{{KEV: true}}})
	assert.NotContains(t, got.Assumed, "epss")
	assert.False(t, got.EPSSKnown)
	assert.True(t, got.KEV)
}

func TestTheVectorGivesScoreAndSSVCAnswersThatAreMissing(t *testing.T) {
	v := risk.Vulnerability{EPSS: ptr(0.1), CVSS: ptr(1.0), Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}
	got := risk.Score(risk.Input{Vulnerabilities: []risk.Vulnerability{v}})
	assert.Equal(t, 9.8, got.CVSS, "the recomputed score goes before the published one")
	assert.Equal(t, 1.0, got.Automatable)
	assert.Equal(t, 1.0, got.TotalImpact)
	assert.Empty(t, got.Assumed)

	v.Automatable = ptr(false)
	got = risk.Score(risk.Input{Vulnerabilities: []risk.Vulnerability{v}})
	assert.Equal(t, 0.0, got.Automatable, "a published answer goes before the derived one")

	v.Vector, v.Automatable = "CVSS:3.1/nonsense", nil
	got = risk.Score(risk.Input{Vulnerabilities: []risk.Vulnerability{v}})
	assert.Equal(t, 1.0, got.CVSS, "a broken vector leaves the published score")
	assert.Equal(t, []string{"automatable", "technical_impact"}, got.Assumed)
}

func TestNumbersThatAreNoneAreUnknownAndOthersAreClamped(t *testing.T) {
	score := func(epss, cvss float64) risk.Result {
		return risk.Score(risk.Input{Vulnerabilities: []risk.Vulnerability{known(epss, cvss, true, true)}})
	}
	assert.Equal(t, []string{"epss", "cvss"}, score(math.NaN(), math.NaN()).Assumed)
	assert.Equal(t, []string{"epss", "cvss"}, score(math.Inf(1), math.Inf(-1)).Assumed)
	assert.Equal(t, score(1, 10), score(7, 11))
	assert.Equal(t, score(0, 0), score(-7, -11))
}

func TestUnknownAssetsCountAsMediumAndPossiblyExposed(t *testing.T) {
	named := risk.Context{Criticality: risk.CriticalityMedium, Exposure: risk.ExposureUnknown}
	strange := risk.Context{Criticality: "vital", Exposure: "dmz", Affected: -4, Elapsed: math.NaN()}
	assert.Equal(t, risk.Score(risk.Input{Context: named}), risk.Score(risk.Input{Context: risk.Context{}}))
	assert.Equal(t, risk.Score(risk.Input{Context: named}), risk.Score(risk.Input{Context: strange}))
}

func TestAResultCanBeStoredAndReadAgain(t *testing.T) {
	want := risk.Score(risk.Input{Vulnerabilities: []risk.Vulnerability{known(0.3, 7.5, true, false)}})
	stored, err := json.Marshal(want)
	require.NoError(t, err)
	var got risk.Result
	require.NoError(t, json.Unmarshal(stored, &got))
	assert.Equal(t, want, got)
	assert.NotContains(t, string(stored), "-0,", "no negative zero")
}

// drawVulnerability draws anything a feed may contain, nonsense included.
func drawVulnerability(t *rapid.T) risk.Vulnerability {
	number := func(name string, low, high float64) *float64 {
		usual := rapid.Float64Range(low, high)
		return rapid.Ptr(rapid.OneOf(usual, usual, rapid.Float64(), rapid.Just(math.NaN())), true).Draw(t, name)
	}
	return risk.Vulnerability{
		KEV: rapid.Bool().Draw(t, "kev"), EPSS: number("epss", 0, 1), CVSS: number("cvss", 0, 10),
		Vector:      rapid.SampledFrom([]string{"", "AV:N/AC:L/Au:N/C:C/I:C/A:C", "rubbish"}).Draw(t, "vector"),
		Automatable: rapid.Ptr(rapid.Bool(), true).Draw(t, "automatable"),
		TotalImpact: rapid.Ptr(rapid.Bool(), true).Draw(t, "total"),
	}
}

func drawInput(t *rapid.T) risk.Input {
	return risk.Input{
		Vulnerabilities: rapid.SliceOfN(rapid.Custom(drawVulnerability), 0, 5).Draw(t, "vulnerabilities"),
		Context: risk.Context{
			Criticality: rapid.SampledFrom([]risk.Criticality{"low", "medium", "high", "critical", ""}).Draw(t, "criticality"),
			Exposure:    rapid.SampledFrom([]risk.Exposure{"isolated", "internal", "unknown", "internet", "?"}).Draw(t, "exposure"),
			Affected:    rapid.Int().Draw(t, "affected"),
			Regulated:   rapid.Bool().Draw(t, "regulated"),
			Elapsed:     rapid.OneOf(rapid.Float64Range(0, 2), rapid.Float64(), rapid.Just(math.Inf(1))).Draw(t, "elapsed"),
		},
		MedianEPSS: rapid.OneOf(rapid.Float64Range(0, 1), rapid.Float64()).Draw(t, "median"),
	}
}

// soundResult holds what is true of every result, whatever went in.
func soundResult(t *rapid.T, got risk.Result) {
	sum, by := 0.0, map[string]float64{}
	for _, part := range got.Parts {
		sum += part.Points
		by[part.Name] = part.Points
	}
	assert.InDelta(t, got.Score, sum, 1e-6, "the parts sum to the score")
	for _, value := range []float64{got.Score, got.Risk, got.Base} {
		assert.True(t, value >= 0 && value <= 100, "%v is on the scale", value)
		assert.InDelta(t, math.Round(value*10), value*10, 1e-6, "%v is rounded to 0.1", value)
	}
	for _, name := range []string{"threat", "severity", "ease", "regulation", "sla"} {
		assert.GreaterOrEqual(t, by[name], 0.0, name)
	}
	assert.LessOrEqual(t, by["context"], 0.0)
	assert.LessOrEqual(t, by["cap"], 0.0)
}

func TestPartsAlwaysSumToAScoreFromZeroToHundred(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { soundResult(t, risk.Score(drawInput(t))) })
}

func TestMoreThreatNeverLowersTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		in.Vulnerabilities = append(in.Vulnerabilities, drawVulnerability(t))
		changed := &in.Vulnerabilities[len(in.Vulnerabilities)-1]
		changed.EPSS = ptr(rapid.Float64Range(0, 1).Draw(t, "some epss"))
		changed.KEV = false
		before := risk.Score(in)

		changed.EPSS = ptr(rapid.Float64Range(*changed.EPSS, 1).Draw(t, "higher epss"))
		higher := risk.Score(in)
		assert.GreaterOrEqual(t, higher.Score, before.Score, "EPSS rose")

		changed.KEV = true
		assert.GreaterOrEqual(t, risk.Score(in).Score, higher.Score, "listed in KEV")
	})
}

func TestWorseAssetsAndLessTimeNeverLowerTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		in.Context.Elapsed = rapid.Float64Range(0, 2).Draw(t, "elapsed")
		before := risk.Score(in)
		worse := in
		worse.Context.Criticality = risk.WorstCriticality(in.Context.Criticality, risk.CriticalityHigh)
		worse.Context.Exposure = risk.WorstExposure(in.Context.Exposure, risk.ExposureUnknown)
		worse.Context.Affected = max(in.Context.Affected, 50)
		worse.Context.Regulated = true
		worse.Context.Elapsed += rapid.Float64Range(0, 2).Draw(t, "later")
		assert.GreaterOrEqual(t, risk.Score(worse).Score, before.Score)
	})
}
