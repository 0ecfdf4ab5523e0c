package risk

// DecisionInput is one fact that a decision stands on, with where it comes from.
type DecisionInput struct {
	Name    string // of the SSVC decision point, in lower case with "_"
	Value   string
	Source  string
	Assumed bool // nobody has said it
}

// DecisionView is what a decision table answers, and to what.
type DecisionView struct {
	Outcome string
	Inputs  []DecisionInput
}

// Where the inputs of decisions come from.
const (
	fromRecord = "CVE record (CISA ADP)"
	fromKEV    = "KEV listing"
	fromVector = "CVSS vector"
	fromAsset  = "asset"
	fromNobody = "unknown"
)

// Decisions looks a vulnerability on an asset up in the CISA Coordinator and the
// Deployer tables. Exploitation is the SSVC value of the CVE record, empty if it
// has none. What nobody knows is assumed on the cautious side, except for
// exploitation: without evidence of attacks it is none.
func (v Vulnerability) Decisions(exploitation string, c Criticality, e Exposure) (coordinator, deployer DecisionView) {
	exploited := v.exploitation(exploitation)
	known := v.resolve()
	automatable := answer("automatable", v.Automatable, known.automatable, "yes", "no")
	impact := answer("technical_impact", v.TotalImpact, known.total, "total", "partial")
	mission := DecisionInput{"mission_impact", string(c.MissionImpact()), fromAsset, !c.Valid()}
	exposure := DecisionInput{"system_exposure", string(e.SystemExposure()), fromAsset, e.OrDefault() == ExposureUnknown}
	human := DecisionInput{"human_impact", string(c.HumanImpact()), fromAsset, !c.Valid()}

	does, total := automatable.Value == "yes", impact.Value == "total"
	decision, _ := CoordinatorDecision(Exploitation(exploited.Value), does, total, c.MissionImpact()) // all are values of ours
	priority, _ := DeployerPriority(Exploitation(exploited.Value), e.SystemExposure(), does, c.HumanImpact())
	return DecisionView{string(decision), []DecisionInput{exploited, automatable, impact, mission}},
		DecisionView{string(priority), []DecisionInput{exploited, exposure, automatable, human}}
}

// exploitation is active where the vulnerability is listed as exploited, whatever
// an older record says.
func (v Vulnerability) exploitation(said string) DecisionInput {
	const name = "exploitation"
	value, err := ParseExploitation(said)
	switch {
	case v.KEV && (err != nil || value != ExploitationActive):
		return DecisionInput{name, string(ExploitationActive), fromKEV, false}
	case err != nil:
		return DecisionInput{name, string(ExploitationNone), fromNobody, true}
	}
	return DecisionInput{name, string(value), fromRecord, false}
}

// answer prefers what the record says to what the vector yields, and without
// either takes the worse of the two answers.
func answer(name string, said, derived *bool, yes, no string) DecisionInput {
	value, source := said, fromRecord
	if value == nil {
		value, source = derived, fromVector
	}
	switch {
	case value == nil:
		return DecisionInput{name, yes, fromNobody, true}
	case *value:
		return DecisionInput{name, yes, source, false}
	}
	return DecisionInput{name, no, source, false}
}
