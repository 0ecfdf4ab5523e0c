package risk

import (
	"errors"
	"fmt"
	"strings"
)

// ErrSSVC is the error of every text that is not a value of the SSVC decision
// point it was given for. Its message lists the values that are.
var ErrSSVC = errors.New("not an SSVC value")

// Exploitation is the evidence of attacks (SSVC 1.1.0).
type Exploitation string

// The values of exploitation, calmest first.
const (
	ExploitationNone   Exploitation = "none"
	ExploitationPoC    Exploitation = "poc"
	ExploitationActive Exploitation = "active"
)

// MissionImpact is the mission and well-being impact (SSVC 1.0.0).
type MissionImpact string

// The values of mission and well-being impact, calmest first.
const (
	MissionLow    MissionImpact = "low"
	MissionMedium MissionImpact = "medium"
	MissionHigh   MissionImpact = "high"
)

// SystemExposure is the attack surface of a deployed system (SSVC 1.0.1).
type SystemExposure string

// The values of system exposure, calmest first.
const (
	SystemSmall      SystemExposure = "small"
	SystemControlled SystemExposure = "controlled"
	SystemOpen       SystemExposure = "open"
)

// HumanImpact joins safety and mission impact (SSVC 2.0.2).
type HumanImpact string

// The values of human impact, calmest first.
const (
	HumanLow      HumanImpact = "low"
	HumanMedium   HumanImpact = "medium"
	HumanHigh     HumanImpact = "high"
	HumanVeryHigh HumanImpact = "very high"
)

// point is a decision point: its values in the order of the tables.
type point[T ~string] struct {
	name   string
	values []T
}

var (
	exploitations   = point[Exploitation]{"exploitation", []Exploitation{ExploitationNone, ExploitationPoC, ExploitationActive}}
	missionImpacts  = point[MissionImpact]{"mission impact", []MissionImpact{MissionLow, MissionMedium, MissionHigh}}
	systemExposures = point[SystemExposure]{"system exposure", []SystemExposure{SystemSmall, SystemControlled, SystemOpen}}
	humanImpacts    = point[HumanImpact]{"human impact", []HumanImpact{HumanLow, HumanMedium, HumanHigh, HumanVeryHigh}}
	automatables    = point[string]{"automatable", []string{"no", "yes"}}
	impacts         = point[string]{"technical impact", []string{"partial", "total"}}
)

// ParseExploitation reads "none", "poc" or "public poc", and "active", as do the
// other Parse functions in any case and with any of space, "_" and "-" between
// words: published data writes "poc", "Public PoC" and "very_high". The error is
// [ErrSSVC].
func ParseExploitation(s string) (Exploitation, error) { return parse(exploitations, s) }

// ParseMissionImpact reads "low", "medium" and "high".
func ParseMissionImpact(s string) (MissionImpact, error) { return parse(missionImpacts, s) }

// ParseSystemExposure reads "small", "controlled" and "open".
func ParseSystemExposure(s string) (SystemExposure, error) { return parse(systemExposures, s) }

// ParseHumanImpact reads "low", "medium", "high" and "very high".
func ParseHumanImpact(s string) (HumanImpact, error) { return parse(humanImpacts, s) }

// ParseAutomatable reads "no" and "yes".
func ParseAutomatable(s string) (bool, error) {
	i, err := automatables.index(s)
	return i == 1, err
}

// ParseTechnicalImpact reads "partial" and "total"; true is total.
func ParseTechnicalImpact(s string) (bool, error) {
	i, err := impacts.index(s)
	return i == 1, err
}

func parse[T ~string](p point[T], s string) (T, error) {
	i, err := p.index(T(s))
	if err != nil {
		return "", err
	}
	return p.values[i], nil
}

// index is the place of a value in its decision point.
func (p point[T]) index(value T) (int, error) {
	wanted := normal(string(value))
	for i, known := range p.values {
		if wanted == string(known) {
			return i, nil
		}
	}
	names := make([]string, len(p.values))
	for i, known := range p.values {
		names[i] = string(known)
	}
	return -1, fmt.Errorf("%w: %s must be one of %s", ErrSSVC, p.name, strings.Join(names, ", "))
}

// normal brings the spellings of one value together.
func normal(s string) string {
	s = strings.NewReplacer("_", " ", "-", " ").Replace(strings.ToLower(s))
	s = strings.Join(strings.Fields(s), " ")
	if s == "public poc" {
		return string(ExploitationPoC)
	}
	return s
}
