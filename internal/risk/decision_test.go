package risk

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDecisionsNameTheirInputsAndWhatIsAssumed(t *testing.T) {
	yes, no := true, false
	const worm = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
	for name, c := range map[string]struct {
		v           Vulnerability
		said        string
		criticality Criticality
		exposure    Exposure
		coordinator string
		deployer    string
		assumed     []string
	}{
		"all known":                   {Vulnerability{Automatable: &yes, TotalImpact: &yes}, "active", CriticalityCritical, ExposureInternet, "act", "immediate", nil},
		"the record in other letters": {Vulnerability{Automatable: &no, TotalImpact: &no}, "Public PoC", CriticalityMedium, ExposureInternal, "track", "scheduled", nil},
		"listed beats an old record":  {Vulnerability{KEV: true, Automatable: &no, TotalImpact: &no}, "none", CriticalityHigh, ExposureIsolated, "attend", "out-of-cycle", nil},
		"derived from the vector":     {Vulnerability{Vector: worm}, "poc", CriticalityHigh, ExposureInternet, "attend", "out-of-cycle", nil},
		"nothing known":               {Vulnerability{}, "", CriticalityMedium, ExposureUnknown, "track", "scheduled", []string{"exploitation", "automatable", "technical_impact", "system_exposure"}},
	} {
		t.Run(name, func(t *testing.T) {
			coordinator, deployer := c.v.Decisions(c.said, c.criticality, c.exposure)
			assert.Equal(t, []string{c.coordinator, c.deployer}, []string{coordinator.Outcome, deployer.Outcome})
			var assumed []string
			for _, in := range append(coordinator.Inputs, deployer.Inputs[1]) {
				if in.Assumed {
					assumed = append(assumed, in.Name)
				}
			}
			assert.Equal(t, c.assumed, assumed)
		})
	}
}
