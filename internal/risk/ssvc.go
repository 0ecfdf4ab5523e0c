package risk

import "fmt"

// Timeline is the answer of the CISA BOD 26-04 table.
type Timeline struct {
	Days      int  `json:"days"`      // days allowed; 0 means to fix on the next system upgrade, without a date
	Forensics bool `json:"forensics"` // look for a compromise before calling it done
}

// HasDate is false when fixing can wait for the next system upgrade.
func (t Timeline) HasDate() bool { return t.Days > 0 }

// String writes the answer as the published table does.
func (t Timeline) String() string {
	switch {
	case !t.HasDate():
		return "fix on system upgrade"
	case t.Forensics:
		return fmt.Sprintf("%d days & forensic investigation", t.Days)
	}
	return fmt.Sprintf("%d days", t.Days)
}

// The answers the BOD 26-04 table knows.
var (
	onUpgrade      = Timeline{}
	days60         = Timeline{Days: 60}
	days14         = Timeline{Days: 14}
	days3          = Timeline{Days: 3}
	days3Forensics = Timeline{Days: 3, Forensics: true}
)

// remediation is indexed by KEV and public exposure, then by automatable and
// total impact: [no no] [no yes] [yes no] [yes yes].
//
// Source: CISA Binding Operational Directive 26-04, remediation timelines, as
// SSVC decision table "CISA BOD 26-04 Remediation Timelines" 1.0.0.
var remediation = [2][2][4]Timeline{
	{ // not in KEV
		{onUpgrade, onUpgrade, days60, days60},
		{days60, days14, days14, days3},
	},
	{ // in KEV
		{days14, days14, days14, days3Forensics},
		{days14, days3Forensics, days3, days3Forensics},
	},
}

// RemediationTimeline is how long CISA BOD 26-04 allows, given whether the
// vulnerability is in the KEV catalogue, the asset publicly exposed, an attack
// automatable, and its technical impact total.
func RemediationTimeline(kev, exposed, automatable, total bool) Timeline {
	return remediation[index(kev)][index(exposed)][2*index(automatable)+index(total)]
}

// Decision is what a coordinator does about a vulnerability (CISA levels 1.1.0).
type Decision string

// The decisions, calmest first.
const (
	Track     Decision = "track"
	TrackStar Decision = "track*" // track, and watch for changes
	Attend    Decision = "attend"
	Act       Decision = "act"
)

// coordinator is indexed by exploitation, then by automatable and total impact
// as above, then by mission and well-being impact low, medium, high.
//
// Source: SSVC decision table "CISA Coordinator" 2.0.3.
var coordinator = [3][4][3]Decision{
	{ // none
		{Track, Track, Track},
		{Track, Track, TrackStar},
		{Track, Track, Attend},
		{Track, Track, Attend},
	},
	{ // public poc
		{Track, Track, TrackStar},
		{Track, TrackStar, Attend},
		{Track, Track, Attend},
		{Track, TrackStar, Attend},
	},
	{ // active
		{Track, Track, Attend},
		{Track, Attend, Act},
		{Attend, Attend, Act},
		{Attend, Act, Act},
	},
}

// CoordinatorDecision looks up the CISA Coordinator table. Values may be written
// in any case and in their published variants; the error names the first fact
// that is not a value of its decision point.
func CoordinatorDecision(e Exploitation, automatable, total bool, m MissionImpact) (Decision, error) {
	i, err := exploitations.index(e)
	if err != nil {
		return "", err
	}
	k, err := missionImpacts.index(m)
	if err != nil {
		return "", err
	}
	return coordinator[i][2*index(automatable)+index(total)][k], nil
}

// Priority is when a deployer installs a patch (SSVC 1.0.0).
type Priority string

// The priorities, calmest first.
const (
	Defer      Priority = "defer"
	Scheduled  Priority = "scheduled"    // with the regular maintenance
	OutOfCycle Priority = "out-of-cycle" // sooner than the regular maintenance
	Immediate  Priority = "immediate"
)

// deployer is indexed by exploitation, system exposure (small, controlled,
// open), automatable, then human impact low, medium, high, very high.
//
// Source: SSVC decision table "Deployer Patch Application Priority" 1.0.0.
var deployer = [3][3][2][4]Priority{
	{ // none
		{{Defer, Defer, Scheduled, Scheduled}, {Defer, Scheduled, Scheduled, Scheduled}},
		{{Defer, Scheduled, Scheduled, Scheduled}, {Scheduled, Scheduled, Scheduled, Scheduled}},
		{{Defer, Scheduled, Scheduled, Scheduled}, {Scheduled, Scheduled, Scheduled, OutOfCycle}},
	},
	{ // public poc
		{{Defer, Scheduled, Scheduled, Scheduled}, {Scheduled, Scheduled, Scheduled, Scheduled}},
		{{Defer, Scheduled, Scheduled, Scheduled}, {Scheduled, Scheduled, Scheduled, OutOfCycle}},
		{{Scheduled, Scheduled, Scheduled, OutOfCycle}, {Scheduled, Scheduled, OutOfCycle, OutOfCycle}},
	},
	{ // active
		{{Scheduled, Scheduled, OutOfCycle, OutOfCycle}, {Scheduled, OutOfCycle, OutOfCycle, OutOfCycle}},
		{{Scheduled, Scheduled, OutOfCycle, OutOfCycle}, {OutOfCycle, OutOfCycle, OutOfCycle, OutOfCycle}},
		{{Scheduled, OutOfCycle, OutOfCycle, Immediate}, {OutOfCycle, OutOfCycle, Immediate, Immediate}},
	},
}

// DeployerPriority looks up the SSVC Deployer table. Values and errors are
// treated as in [CoordinatorDecision].
func DeployerPriority(e Exploitation, s SystemExposure, automatable bool, h HumanImpact) (Priority, error) {
	i, err := exploitations.index(e)
	if err != nil {
		return "", err
	}
	j, err := systemExposures.index(s)
	if err != nil {
		return "", err
	}
	k, err := humanImpacts.index(h)
	if err != nil {
		return "", err
	}
	return deployer[i][j][index(automatable)][k], nil
}

// index turns a no or yes into 0 or 1.
func index(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
