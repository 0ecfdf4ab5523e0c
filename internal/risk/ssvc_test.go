package risk_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/risk"
)

var (
	exploitations = []risk.Exploitation{risk.ExploitationNone, risk.ExploitationPoC, risk.ExploitationActive}
	missions      = []risk.MissionImpact{risk.MissionLow, risk.MissionMedium, risk.MissionHigh}
	systems       = []risk.SystemExposure{risk.SystemSmall, risk.SystemControlled, risk.SystemOpen}
	humans        = []risk.HumanImpact{risk.HumanLow, risk.HumanMedium, risk.HumanHigh, risk.HumanVeryHigh}
	decisions     = map[risk.Decision]int{risk.Track: 0, risk.TrackStar: 1, risk.Attend: 2, risk.Act: 3}
	priorities    = map[risk.Priority]int{risk.Defer: 0, risk.Scheduled: 1, risk.OutOfCycle: 2, risk.Immediate: 3}
	noYes         = []bool{false, true}
)

// These hold without the published files: corners of the tables, how often each
// answer occurs, and that no worse fact ever gives a calmer answer.

func TestRemediationTimelinesHoldTheirCornersAndCounts(t *testing.T) {
	assert.Equal(t, risk.Timeline{}, risk.RemediationTimeline(false, false, false, false))
	assert.Equal(t, risk.Timeline{Days: 3, Forensics: true}, risk.RemediationTimeline(true, true, true, true))
	assert.Equal(t, risk.Timeline{Days: 3}, risk.RemediationTimeline(true, true, true, false), "partial control asks no forensics")
	assert.Equal(t, risk.Timeline{Days: 60}, risk.RemediationTimeline(false, false, true, true))

	counts := map[string]int{}
	for i := range 16 {
		counts[risk.RemediationTimeline(i&1 > 0, i&2 > 0, i&4 > 0, i&8 > 0).String()]++
	}
	assert.Equal(t, map[string]int{
		"fix on system upgrade": 2, "60 days": 3, "14 days": 6, "3 days": 2, "3 days & forensic investigation": 3,
	}, counts)
}

func TestAWorseFactNeverAllowsMoreDays(t *testing.T) {
	days := func(i int) int {
		found := risk.RemediationTimeline(i&1 > 0, i&2 > 0, i&4 > 0, i&8 > 0)
		if !found.HasDate() {
			return 1 << 20
		}
		return found.Days
	}
	for i := range 16 {
		for bit := 1; bit < 16; bit *= 2 {
			assert.LessOrEqual(t, days(i|bit), days(i), "%04b with %04b", i, bit)
		}
	}
}

func TestTheCoordinatorTableGrowsWithEveryFact(t *testing.T) {
	counts := map[risk.Decision]int{}
	at := func(e, a, ti, m int) int {
		found, err := risk.CoordinatorDecision(exploitations[min(e, 2)], noYes[min(a, 1)], noYes[min(ti, 1)], missions[min(m, 2)])
		require.NoError(t, err)
		counts[found]++
		return decisions[found]
	}
	for i := range 36 {
		e, a, ti, m := i/12, i/6%2, i/3%2, i%3
		here := at(e, a, ti, m)
		for _, worse := range []int{at(e+1, a, ti, m), at(e, a+1, ti, m), at(e, a, ti+1, m), at(e, a, ti, m+1)} {
			assert.GreaterOrEqual(t, worse, here)
		}
	}
	assert.Len(t, counts, 4, "every decision occurs")
}

func TestTheDeployerTableGrowsWithEveryFact(t *testing.T) {
	counts := map[risk.Priority]int{}
	at := func(e, s, a, h int) int {
		found, err := risk.DeployerPriority(exploitations[min(e, 2)], systems[min(s, 2)], noYes[min(a, 1)], humans[min(h, 3)])
		require.NoError(t, err)
		counts[found]++
		return priorities[found]
	}
	for i := range 72 {
		e, s, a, h := i/24, i/8%3, i/4%2, i%4
		here := at(e, s, a, h)
		for _, worse := range []int{at(e+1, s, a, h), at(e, s+1, a, h), at(e, s, a+1, h), at(e, s, a, h+1)} {
			assert.GreaterOrEqual(t, worse, here)
		}
	}
	assert.Len(t, counts, 4, "every priority occurs")
}

func TestValuesAreReadInEveryPublishedSpelling(t *testing.T) {
	for _, text := range []string{"poc", "PoC", "public poc", "Public PoC", "public_poc", " PUBLIC-POC "} {
		got, err := risk.ParseExploitation(text)
		require.NoError(t, err, text)
		assert.Equal(t, risk.ExploitationPoC, got)
	}
	active, err := risk.ParseExploitation("Active")
	require.NoError(t, err)
	assert.Equal(t, risk.ExploitationActive, active)
	high, err := risk.ParseHumanImpact("very_high")
	require.NoError(t, err)
	assert.Equal(t, risk.HumanVeryHigh, high)
	open, err := risk.ParseSystemExposure("Open")
	require.NoError(t, err)
	assert.Equal(t, risk.SystemOpen, open)
	mission, err := risk.ParseMissionImpact("HIGH")
	require.NoError(t, err)
	assert.Equal(t, risk.MissionHigh, mission)
	total, err := risk.ParseTechnicalImpact("Total")
	require.NoError(t, err)
	assert.True(t, total)
	automatable, err := risk.ParseAutomatable("No")
	require.NoError(t, err)
	assert.False(t, automatable)

	decision, err := risk.CoordinatorDecision("Public PoC", true, true, "High")
	require.NoError(t, err)
	assert.Equal(t, risk.Attend, decision)
}

func TestAnUnknownSSVCValueNamesTheOnesThereAre(t *testing.T) {
	_, err := risk.ParseExploitation("<b>maybe</b>")
	require.ErrorIs(t, err, risk.ErrSSVC)
	assert.ErrorContains(t, err, "none, poc, active")
	assert.NotContains(t, err.Error(), "maybe", "the rejected value is not repeated")

	for _, wrong := range []string{"", "yes please", "veryhigh"} {
		_, err = risk.ParseAutomatable(wrong)
		assert.ErrorIs(t, err, risk.ErrSSVC)
		_, err = risk.ParseTechnicalImpact(wrong)
		assert.ErrorIs(t, err, risk.ErrSSVC)
		_, err = risk.CoordinatorDecision(risk.ExploitationNone, true, true, risk.MissionImpact(wrong))
		assert.ErrorIs(t, err, risk.ErrSSVC)
		_, err = risk.CoordinatorDecision(risk.Exploitation(wrong), true, true, risk.MissionLow)
		assert.ErrorIs(t, err, risk.ErrSSVC)
		_, err = risk.DeployerPriority(risk.Exploitation(wrong), risk.SystemOpen, true, risk.HumanLow)
		assert.ErrorIs(t, err, risk.ErrSSVC)
		_, err = risk.DeployerPriority(risk.ExploitationNone, risk.SystemExposure(wrong), true, risk.HumanLow)
		assert.ErrorIs(t, err, risk.ErrSSVC)
		_, err = risk.DeployerPriority(risk.ExploitationNone, risk.SystemOpen, true, risk.HumanImpact(wrong))
		assert.ErrorIs(t, err, risk.ErrSSVC)
	}
}
