package risk

// AssetFacts is what the scope of a policy asks about one affected asset, or about
// several that are alike.
type AssetFacts struct {
	Kind        string
	Environment string
	Criticality Criticality
	Exposure    Exposure
	Regulations []string
	Tags        []string
	Groups      []string // ids of the groups the asset is in
}

// Scope names assets by what they are. An asset is in it when each list that is
// given names it; a scope without lists holds every patch, even one without
// assets.
type Scope struct {
	Groups        []string      `json:"groups,omitempty"`
	Tags          []string      `json:"tags,omitempty"`
	Kinds         []string      `json:"kinds,omitempty"`
	Environments  []string      `json:"environments,omitempty"`
	Regulations   []string      `json:"regulations,omitempty"`
	Criticalities []Criticality `json:"criticalities,omitempty"`
	Exposures     []Exposure    `json:"exposures,omitempty"`
}

// IsZero tells whether the scope holds everything.
func (s Scope) IsZero() bool {
	return len(s.Groups)+len(s.Tags)+len(s.Kinds)+len(s.Environments)+len(s.Regulations)+len(s.Criticalities)+len(s.Exposures) == 0
}

// Holds tells whether an asset is in the scope.
func (s Scope) Holds(a AssetFacts) bool {
	return oneOf(s.Groups, a.Groups...) && oneOf(s.Tags, a.Tags...) && oneOf(s.Kinds, a.Kind) && oneOf(s.Environments, a.Environment) &&
		oneOf(regulationKeys(s.Regulations), regulationKeys(a.Regulations)...) && oneOf(s.Criticalities, a.Criticality.OrDefault()) && oneOf(s.Exposures, a.Exposure.OrDefault())
}

// oneOf tells whether a list, if it is given, names one of the words.
func oneOf[T ~string](list []T, words ...T) bool {
	if len(list) == 0 {
		return true
	}
	named := make([]string, len(list))
	for i, w := range list {
		named[i] = string(w)
	}
	for _, w := range words {
		if names(named, string(w)) {
			return true
		}
	}
	return false
}

// narrow keeps the assets in the scope: how exposed the patch is, is how exposed
// they are. It is false when none is in it.
func (s Scope) narrow(facts DueFacts) (DueFacts, bool) {
	if s.IsZero() {
		return facts, true
	}
	var in []AssetFacts
	var exposures []Exposure
	for _, a := range facts.Assets {
		if s.Holds(a) {
			in, exposures = append(in, a), append(exposures, a.Exposure)
		}
	}
	facts.Assets = in
	if len(in) > 0 {
		facts.Exposure = WorstExposure(exposures...)
	}
	return facts, len(in) > 0
}
