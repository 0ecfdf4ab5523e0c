package risk_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"patchline/internal/risk"
)

func TestTheWorstAssetIsFoundWhateverTheOrder(t *testing.T) {
	assert.Equal(t, risk.CriticalityCritical, risk.WorstCriticality("low", "critical", "high"))
	assert.Equal(t, risk.CriticalityMedium, risk.WorstCriticality(), "medium when there is none")
	assert.Equal(t, risk.CriticalityMedium, risk.WorstCriticality("low", ""), "not set counts as medium")
	assert.Equal(t, risk.CriticalityHigh, risk.WorstCriticality("nonsense", "high"))

	assert.Equal(t, risk.ExposureInternet, risk.WorstExposure("internet", "isolated"))
	assert.Equal(t, risk.ExposureUnknown, risk.WorstExposure("internal", ""), "unknown is worse than internal")
	assert.Equal(t, risk.ExposureUnknown, risk.WorstExposure())
	assert.Equal(t, risk.ExposureIsolated, risk.WorstExposure("isolated"))
}

func TestAssetsAreReadAsSSVCFactsOnTheCautiousSide(t *testing.T) {
	for exposure, want := range map[risk.Exposure]risk.SystemExposure{
		"isolated": "small", "internal": "controlled", "unknown": "open", "internet": "open", "": "open",
	} {
		assert.Equal(t, want, exposure.SystemExposure(), exposure)
	}
	for criticality, want := range map[risk.Criticality][2]string{
		"low": {"low", "low"}, "medium": {"medium", "medium"}, "": {"medium", "medium"},
		"high": {"high", "high"}, "critical": {"high", "very high"},
	} {
		got := [2]string{string(criticality.MissionImpact()), string(criticality.HumanImpact())}
		assert.Equal(t, want, got, criticality)
	}
}
