package risk

// Criticality says how much the organisation depends on an asset.
type Criticality string

// The criticalities, least first.
const (
	CriticalityLow      Criticality = "low"
	CriticalityMedium   Criticality = "medium"
	CriticalityHigh     Criticality = "high"
	CriticalityCritical Criticality = "critical"
)

// Valid reports whether c is one of the four criticalities.
func (c Criticality) Valid() bool {
	switch c {
	case CriticalityLow, CriticalityMedium, CriticalityHigh, CriticalityCritical:
		return true
	}
	return false
}

// OrDefault is c, or medium when nobody has said how critical the asset is.
func (c Criticality) OrDefault() Criticality {
	if c.Valid() {
		return c
	}
	return CriticalityMedium
}

// Weight is the share of the criticality weight that counts, 0 to 1.
func (c Criticality) Weight() float64 {
	switch c.OrDefault() {
	case CriticalityLow:
		return 0
	case CriticalityHigh:
		return 2.0 / 3
	case CriticalityCritical:
		return 1
	}
	return 1.0 / 3
}

// MissionImpact reads the criticality as the SSVC mission and well-being impact,
// for the coordinator's decision view. SSVC knows three levels, so the two
// highest criticalities meet.
func (c Criticality) MissionImpact() MissionImpact {
	switch c.OrDefault() {
	case CriticalityLow:
		return MissionLow
	case CriticalityMedium:
		return MissionMedium
	}
	return MissionHigh
}

// HumanImpact reads the criticality as the SSVC human impact, for the
// deployer's decision view.
func (c Criticality) HumanImpact() HumanImpact {
	switch c.OrDefault() {
	case CriticalityLow:
		return HumanLow
	case CriticalityHigh:
		return HumanHigh
	case CriticalityCritical:
		return HumanVeryHigh
	}
	return HumanMedium
}

// WorstCriticality is the highest criticality given; medium when none is given.
// A value nobody has set counts as medium.
func WorstCriticality(all ...Criticality) Criticality {
	return worst(all, Criticality.OrDefault, Criticality.Weight)
}

// Exposure says from where an asset can be reached.
type Exposure string

// The exposures, least first. Unknown stands above internal: an asset nobody
// has looked at may well be reachable.
const (
	ExposureIsolated Exposure = "isolated"
	ExposureInternal Exposure = "internal"
	ExposureUnknown  Exposure = "unknown"
	ExposureInternet Exposure = "internet"
)

// Valid reports whether e is one of the four exposures.
func (e Exposure) Valid() bool {
	switch e {
	case ExposureIsolated, ExposureInternal, ExposureUnknown, ExposureInternet:
		return true
	}
	return false
}

// OrDefault is e, or unknown when it says nothing we understand.
func (e Exposure) OrDefault() Exposure {
	if e.Valid() {
		return e
	}
	return ExposureUnknown
}

// Weight is the share of the exposure weight that counts, 0 to 1.
func (e Exposure) Weight() float64 {
	switch e.OrDefault() {
	case ExposureIsolated:
		return 0
	case ExposureInternal:
		return 0.5
	case ExposureInternet:
		return 1
	}
	return 0.75
}

// PubliclyExposed answers the question of the CISA BOD 26-04 table. Unknown
// counts as exposed, the cautious side; assumed then tells that it was not known.
func (e Exposure) PubliclyExposed() (exposed, assumed bool) {
	switch e.OrDefault() {
	case ExposureInternet:
		return true, false
	case ExposureUnknown:
		return true, true
	}
	return false, false
}

// SystemExposure reads the exposure as the SSVC decision point of that name, for
// the deployer's decision view. SSVC asks to take open when it is not known.
func (e Exposure) SystemExposure() SystemExposure {
	switch e.OrDefault() {
	case ExposureIsolated:
		return SystemSmall
	case ExposureInternal:
		return SystemControlled
	}
	return SystemOpen
}

// WorstExposure is the widest exposure given; unknown when none is given. A
// value nobody has set counts as unknown.
func WorstExposure(all ...Exposure) Exposure {
	return worst(all, Exposure.OrDefault, Exposure.Weight)
}

// worst is the value of the largest weight, and the default of an empty list.
func worst[T ~string](all []T, orDefault func(T) T, weight func(T) float64) T {
	if len(all) == 0 {
		return orDefault("")
	}
	found := orDefault(all[0])
	for _, value := range all[1:] {
		if weight(value) > weight(found) {
			found = orDefault(value)
		}
	}
	return found
}
