package risk_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"patchline/internal/risk"
)

func TestATeamsOwnWeightsAreUsedAndNamed(t *testing.T) {
	own := risk.DefaultWeights()
	own.Threat, own.Severity = 25, 60
	in := risk.Input{
		Vulnerabilities: []risk.Vulnerability{known(0.0001, 10, false, false)},
		Context:         risk.Context{Criticality: risk.CriticalityCritical, Exposure: risk.ExposureInternet, Affected: 999},
	}
	got := risk.ScoreWith(own, in)
	assert.Equal(t, 60.0, got.Score)
	assert.Equal(t, 20.0, risk.Score(in).Score)
	assert.Equal(t, own.Version(), got.Formula)
	assert.NotEqual(t, risk.Formula, got.Formula)
	assert.Equal(t, risk.Formula, risk.DefaultWeights().Version())
}

func TestWeightsThatLeaveTheScaleAreRefused(t *testing.T) {
	assert.NoError(t, risk.DefaultWeights().Validate())
	for name, change := range map[string]func(*risk.Weights){
		"must add up to 100": func(w *risk.Weights) { w.Threat = 66 },
		"must add up to 1":   func(w *risk.Weights) { w.Spread = 0.2 },
		"from 0 to 100":      func(w *risk.Weights) { w.Urgency = -1 },
		"number":             func(w *risk.Weights) { w.Threat = math.NaN() },
		"at most 1":          func(w *risk.Weights) { w.Predicted = 1.01 },
	} {
		own := risk.DefaultWeights()
		change(&own)
		assert.ErrorContains(t, own.Validate(), name)
		assert.Equal(t, risk.Score(risk.Input{}), risk.ScoreWith(own, risk.Input{}), "and never used")
	}
}

func TestPartsSumToTheScoreWithAnyWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		share := func(name string) float64 { return rapid.Float64Range(0, 1).Draw(t, name) }
		w := risk.Weights{
			Predicted: share("predicted"), Regulation: 20 * share("regulation"), Urgency: 20 * share("urgency"),
		}
		w.Threat = 60 * share("threat")
		w.Severity = 40 * share("severity")
		w.Automatable = (100 - w.Threat - w.Severity) * share("automatable")
		w.TotalImpact = max(0, 100-w.Threat-w.Severity-w.Automatable)
		w.Floor, w.Criticality = 0.5*share("floor"), 0.5*share("criticality")
		w.Exposure = (1 - w.Floor - w.Criticality) * share("exposure")
		w.Spread = max(0, 1-w.Floor-w.Criticality-w.Exposure)
		assert.NoError(t, w.Validate())
		soundResult(t, risk.ScoreWith(w, drawInput(t)))
	})
}
