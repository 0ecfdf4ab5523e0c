package risk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"patchline/internal/risk"
)

const day = 24 * time.Hour

var detected = time.Date(2026, 3, 20, 14, 30, 0, 0, time.UTC)

// finding is one vulnerability on one internal asset, first seen at detected.
func finding(v risk.DueVulnerability, regulations ...string) risk.DueFacts {
	return risk.DueFacts{
		Vulnerabilities: []risk.DueVulnerability{v}, Exposure: risk.ExposureInternal,
		Regulations: regulations, FirstDetected: detected,
	}
}

// scored is a vulnerability of that base score which BOD 26-04 lets wait.
func scored(cvss float64) risk.DueVulnerability {
	v := risk.DueVulnerability{Vulnerability: known(0.1, cvss, false, false)}
	v.ID = "CVE-2026-0001"
	return v
}

// listed is scored, listed by KEV so long before the detection.
func listed(cvss float64, before time.Duration) risk.DueVulnerability {
	v := scored(cvss)
	v.KEVAdded = ptr(detected.Add(-before))
	return v
}

func only(ids ...string) (out []risk.Policy) {
	for _, p := range risk.ShippedPolicies() {
		for _, id := range ids {
			if p.ID == id {
				out = append(out, p)
			}
		}
	}
	return out
}

func TestDaysBySeverityAreCountedFromFirstDetection(t *testing.T) {
	for cvss, days := range map[float64]int{10: 7, 9: 7, 8.9: 30, 7: 30, 6.9: 90, 4: 90, 3.9: 180, 0.1: 180} {
		got, ok := risk.Due(risk.ShippedPolicies(), finding(scored(cvss)))
		require.True(t, ok, cvss)
		assert.Equal(t, risk.DueDate{
			Due: detected.Add(time.Duration(days) * day), Start: detected, Days: days,
			PolicyID: risk.PolicySeverity, PolicyName: "Days by severity", PolicyVersion: "1",
			Citation:      "Own rule; severities as rated by CVSS v3.1 specification, section 5",
			Vulnerability: "CVE-2026-0001", Assumed: []string{},
		}, got)
	}
}

func TestAHarmlessVulnerabilityHasNoDueDate(t *testing.T) {
	got, ok := risk.Due(risk.ShippedPolicies(), finding(scored(0)))
	assert.False(t, ok, "next upgrade, and no severity")
	assert.Equal(t, risk.DueDate{Assumed: []string{}}, got)

	_, ok = risk.Due(nil, finding(scored(10)))
	assert.False(t, ok, "no policy")
}

func TestTheClockStartsAtTheEarlierOfListingAndDetection(t *testing.T) {
	before, ok := risk.Due(only(risk.PolicyBOD), finding(listed(5, 10*day)))
	require.True(t, ok)
	assert.Equal(t, detected.Add(-10*day), before.Start)
	assert.Equal(t, detected.Add(4*day), before.Due)

	after, ok := risk.Due(only(risk.PolicyBOD), finding(listed(5, -10*day)))
	require.True(t, ok)
	assert.Equal(t, detected, after.Start)
	assert.Equal(t, detected.Add(14*day), after.Due)
}

func TestWithoutAnyClockThereIsNoDate(t *testing.T) {
	facts := finding(scored(9))
	facts.FirstDetected = time.Time{}
	_, ok := risk.Due(risk.ShippedPolicies(), facts)
	assert.False(t, ok)

	facts.Vulnerabilities[0].KEVAdded = &detected
	got, ok := risk.Due(risk.ShippedPolicies(), facts)
	assert.True(t, ok)
	assert.Equal(t, detected, got.Start, "a listing alone starts it")
}

func TestAVulnerabilityThatJoinsLateHasItsOwnClock(t *testing.T) {
	late := scored(9.8)
	late.ID, late.FirstDetected = "CVE-2026-0002", ptr(detected.Add(100*day))
	facts := finding(scored(5))
	facts.Vulnerabilities = append(facts.Vulnerabilities, late)
	got, ok := risk.Due(only(risk.PolicySeverity), facts)
	require.True(t, ok)
	assert.Equal(t, detected.Add(90*day), got.Due, "not seven days after the first")
	assert.Equal(t, "CVE-2026-0001", got.Vulnerability)
}

func TestForensicsIsAskedEvenWhereAnotherPolicyIsEarlier(t *testing.T) {
	v := listed(9.8, 0)
	v.TotalImpact = ptr(true)
	facts := finding(v)
	facts.Exposure = risk.ExposureInternet
	got, ok := risk.Due(risk.ShippedPolicies(), facts)
	require.True(t, ok)
	assert.Equal(t, risk.PolicyBOD, got.PolicyID)
	assert.Equal(t, 3, got.Days)
	assert.True(t, got.Forensics)

	strict := risk.SeverityPolicy(1, 1, 1, 1)
	got, ok = risk.Due(append(risk.ShippedPolicies(), strict), facts)
	require.True(t, ok)
	assert.Equal(t, 1, got.Days)
	assert.True(t, got.Forensics)
}

func TestFactsOfDifferentVulnerabilitiesDoNotAddUp(t *testing.T) {
	total := scored(5)
	total.TotalImpact = ptr(true)
	facts := finding(listed(5, 0))
	facts.Exposure = risk.ExposureInternet
	facts.Vulnerabilities = append(facts.Vulnerabilities, total)
	got, ok := risk.Due(only(risk.PolicyBOD), facts)
	require.True(t, ok)
	assert.Equal(t, 14, got.Days, "one listed, another total: neither is three days")
	assert.False(t, got.Forensics)
}

func TestUnknownFactsAreAssumedAndReported(t *testing.T) {
	facts := finding(risk.DueVulnerability{Vulnerability: risk.Vulnerability{ID: "CVE-2026-0003"}})
	facts.Exposure = ""
	got, ok := risk.Due(risk.ShippedPolicies(), facts)
	require.True(t, ok)
	assert.Equal(t, []string{"exposure", "cvss", "automatable", "technical_impact"}, got.Assumed)
	assert.Equal(t, 60, got.Days, "unknown exposure counts as exposed")
	assert.Equal(t, risk.PolicyBOD, got.PolicyID)

	facts.Vulnerabilities = nil
	empty, ok := risk.Due(risk.ShippedPolicies(), facts)
	require.True(t, ok)
	assert.Equal(t, got.Assumed, empty.Assumed, "none given is one nothing is known of")
	assert.Equal(t, got.Due, empty.Due)
}

func TestTheVectorAnswersWhatIsMissing(t *testing.T) {
	facts := finding(risk.DueVulnerability{Vulnerability: risk.Vulnerability{Vector: v31Worst}})
	facts.Exposure = risk.ExposureInternet
	got, ok := risk.Due(risk.ShippedPolicies(), facts)
	require.True(t, ok)
	assert.Equal(t, 3, got.Days)
	assert.Empty(t, got.Assumed)

	facts.Vulnerabilities[0].Automatable = ptr(false)
	got, _ = risk.Due(only(risk.PolicyBOD), facts)
	assert.Equal(t, 14, got.Days, "a published answer goes before the derived one")
}

func TestRegulationsBindOnlyTheAssetsTaggedWithThem(t *testing.T) {
	_, ok := risk.Due(only(risk.PolicyPCI, risk.PolicyFedRAMP), finding(scored(9.1), "hipaa"))
	assert.False(t, ok)

	got, ok := risk.Due(only(risk.PolicyPCI), finding(scored(9.0), "hipaa", " PCI-DSS "))
	require.True(t, ok)
	assert.Equal(t, 30, got.Days, "a month is 30 days")

	_, ok = risk.Due(only(risk.PolicyPCI), finding(scored(8.9), risk.RegulationPCI))
	assert.False(t, ok, "PCI DSS 6.3.3 dates critical ones only")

	for cvss, days := range map[float64]int{9.8: 30, 7: 30, 6.9: 90, 3.9: 180} {
		got, ok = risk.Due(only(risk.PolicyFedRAMP), finding(scored(cvss), risk.RegulationFedRAMP))
		require.True(t, ok)
		assert.Equal(t, days, got.Days, cvss)
	}
}

func TestARegulationIsTheSameHoweverItIsSpelt(t *testing.T) {
	for _, spelt := range []string{"pci-dss", "PCI DSS", "Pci_Dss", " PCIDSS "} {
		_, ok := risk.Due(only(risk.PolicyPCI), finding(scored(9), spelt))
		assert.True(t, ok, spelt)
		scope := risk.Scope{Regulations: []string{spelt}}
		assert.True(t, scope.Holds(risk.AssetFacts{Regulations: []string{risk.RegulationPCI}}), spelt)
	}
	_, ok := risk.Due(only(risk.PolicyPCI), finding(scored(9), "PCI PIN"))
	assert.False(t, ok)
	assert.Subset(t, risk.Regulations(), []string{risk.RegulationPCI, risk.RegulationFedRAMP})
}

func TestFedRAMPIsNeverPastTheKEVDueDate(t *testing.T) {
	v := listed(5, day)
	v.KEVDue = ptr(detected.Add(13 * day))
	got, ok := risk.Due(only(risk.PolicyFedRAMP), finding(v, risk.RegulationFedRAMP))
	require.True(t, ok)
	assert.Equal(t, *v.KEVDue, got.Due)
	assert.True(t, got.ByKEVDue)
	assert.Equal(t, 14, got.Days)

	v.KEVDue = ptr(detected.Add(200 * day))
	got, _ = risk.Due(only(risk.PolicyFedRAMP), finding(v, risk.RegulationFedRAMP))
	assert.Equal(t, 90, got.Days, "a later one changes nothing")
	assert.False(t, got.ByKEVDue)

	harmless := scored(0)
	harmless.KEVDue = ptr(detected.Add(-5 * day))
	got, ok = risk.Due(only(risk.PolicyFedRAMP), finding(harmless, risk.RegulationFedRAMP))
	require.True(t, ok, "listed is listed, whatever the score")
	assert.Equal(t, 0, got.Days, "the date was over before the detection")
}

func TestADayIs24HoursWhereverTheClockStands(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	facts := finding(scored(9.5)) // summer time begins nine days later
	facts.FirstDetected = time.Date(2026, 3, 25, 9, 0, 0, 0, berlin)
	got, ok := risk.Due(only(risk.PolicySeverity), facts)
	require.True(t, ok)
	assert.Equal(t, 7*day, got.Due.Sub(facts.FirstDetected))
	assert.Equal(t, time.UTC, got.Due.Location())
	assert.Equal(t, 10, got.Due.In(berlin).Hour(), "an hour later on the wall")
}

func TestTheDueDateIsTheEarliestOfAllPolicies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := risk.DueFacts{
			Exposure:      rapid.SampledFrom([]risk.Exposure{"isolated", "internal", "unknown", "internet"}).Draw(t, "exposure"),
			Regulations:   rapid.SliceOf(rapid.SampledFrom([]string{"pci-dss", "fedramp", "iso"})).Draw(t, "regulations"),
			FirstDetected: detected,
		}
		for range rapid.IntRange(1, 4).Draw(t, "vulnerabilities") {
			v := risk.DueVulnerability{Vulnerability: drawVulnerability(t)}
			if rapid.Bool().Draw(t, "dated") {
				v.KEVAdded = ptr(detected.Add(time.Duration(rapid.IntRange(-100, 100).Draw(t, "added")) * day))
				v.KEVDue = ptr(v.KEVAdded.Add(14 * day))
			}
			facts.Vulnerabilities = append(facts.Vulnerabilities, v)
		}
		all, found := risk.Due(risk.ShippedPolicies(), facts)
		any := false
		for _, p := range risk.ShippedPolicies() {
			if alone, ok := risk.Due([]risk.Policy{p}, facts); ok {
				any = true
				assert.False(t, alone.Due.Before(all.Due), "%s alone is not earlier", p.ID)
			}
		}
		assert.Equal(t, any, found)

		listed := facts
		listed.Vulnerabilities = append([]risk.DueVulnerability{}, facts.Vulnerabilities...)
		listed.Vulnerabilities[0].KEV = true
		sooner, ok := risk.Due(risk.ShippedPolicies(), listed)
		assert.True(t, ok, "a listed vulnerability always has a date")
		assert.False(t, found && sooner.Due.After(all.Due), "a KEV listing never moves it back")
	})
}

func TestElapsedIsTheShareOfTheAllowedTime(t *testing.T) {
	due := detected.Add(10 * day)
	for name, c := range map[string]struct {
		start, due, now time.Time
		want            float64
	}{
		"no due date":              {detected, time.Time{}, due, 0},
		"before the start":         {detected, due, detected.Add(-day), 0},
		"at the start":             {detected, due, detected, 0},
		"half way":                 {detected, due, detected.Add(5 * day), 0.5},
		"at the due date":          {detected, due, due, 1},
		"overdue":                  {detected, due, detected.Add(30 * day), 3},
		"no time allowed, not yet": {due, due, due.Add(-1), 0},
		"no time allowed, and due": {due, due, due, 1},
		"due before the start":     {due, detected, due, 1},
		"start unknown, not yet":   {time.Time{}, due, detected, 0},
		"start unknown, overdue":   {time.Time{}, due, due.Add(day), 1},
	} {
		assert.Equal(t, c.want, risk.Elapsed(c.start, c.due, c.now), name)
	}
}
