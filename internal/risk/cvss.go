package risk

import (
	"errors"
	"fmt"
	"strings"

	gocvss20 "github.com/pandatix/go-cvss/20"
	gocvss30 "github.com/pandatix/go-cvss/30"
	gocvss31 "github.com/pandatix/go-cvss/31"
	gocvss40 "github.com/pandatix/go-cvss/40"
)

// ErrVector is the error of every text that is not a CVSS vector we can read.
// Its message never repeats the text, which may come from anywhere.
var ErrVector = errors.New("not a CVSS vector")

// maxVector is well above the longest vector of any version, about 230 bytes
// for 4.0 with every optional metric.
const maxVector = 512

// metricsV4Base is the number of base metrics that lead a 4.0 vector.
const metricsV4Base = 11

// BaseScore computes the base score, 0 to 10, of a CVSS 2.0, 3.0, 3.1 or 4.0
// vector and tells the version. The prefix decides; a vector without prefix is
// 2.0, with or without the customary parentheses. Temporal, threat,
// environmental and supplemental metrics must be well formed but do not count.
// The error is [ErrVector].
func BaseScore(vector string) (score float64, version string, err error) {
	read, err := readVector(vector)
	return read.score, read.version, err
}

// Derive answers the two SSVC questions from the base metrics: an attack is
// automatable over the network, with low complexity, no privileges and nobody's
// help; its technical impact is total when confidentiality, integrity and
// availability are all lost. ok is false when the vector cannot be read.
//
// In 4.0 the attack must also need no special circumstances (AT:N), which the
// older versions count as complexity, and the vulnerable system's impact counts.
// In 2.0 no authentication stands for no privileges.
func Derive(vector string) (automatable, total, ok bool) {
	read, err := readVector(vector)
	if err != nil {
		return false, false, false
	}
	automatable, total = read.derive()
	return automatable, total, true
}

// reading is a vector that was understood.
type reading struct {
	version string
	score   float64
	metrics interface {
		Get(name string) (string, error)
	}
}

func readVector(vector string) (reading, error) {
	if len(vector) > maxVector {
		return reading{}, fmt.Errorf("%w: longer than %d bytes", ErrVector, maxVector)
	}
	vector = strings.TrimSpace(vector)
	read, err := reading{}, error(nil)
	switch {
	case strings.HasPrefix(vector, "CVSS:4.0/"):
		read, err = readV4(vector)
	case strings.HasPrefix(vector, "CVSS:3.1/"):
		read, err = readV31(vector)
	case strings.HasPrefix(vector, "CVSS:3.0/"):
		read, err = readV30(vector)
	default:
		read, err = readV2(vector)
	}
	if err != nil {
		// The parser's own message may quote the input, so it goes no further.
		return reading{}, fmt.Errorf("%w of version 2.0, 3.0, 3.1 or 4.0", ErrVector)
	}
	return read, nil
}

// readV4 scores the base metrics alone (CVSS-B). The optional ones would change
// the result of the 4.0 algorithm, and the score must compare with other versions.
func readV4(vector string) (reading, error) {
	if _, err := gocvss40.ParseVector(vector); err != nil {
		return reading{}, err
	}
	fields := strings.SplitN(vector, "/", metricsV4Base+2) // prefix, base, rest
	base, err := gocvss40.ParseVector(strings.Join(fields[:metricsV4Base+1], "/"))
	if err != nil {
		return reading{}, err
	}
	return reading{"4.0", base.Score(), base}, nil
}

func readV31(vector string) (reading, error) {
	v, err := gocvss31.ParseVector(vector)
	if err != nil {
		return reading{}, err
	}
	return reading{"3.1", v.BaseScore(), v}, nil
}

func readV30(vector string) (reading, error) {
	v, err := gocvss30.ParseVector(vector)
	if err != nil {
		return reading{}, err
	}
	return reading{"3.0", v.BaseScore(), v}, nil
}

// readV2 also takes the prefix CVSS2#, which Nessus writes.
func readV2(vector string) (reading, error) {
	vector = strings.TrimPrefix(vector, "CVSS2#")
	if inner, found := strings.CutPrefix(vector, "("); found {
		if vector, found = strings.CutSuffix(inner, ")"); !found {
			return reading{}, ErrVector
		}
	}
	v, err := gocvss20.ParseVector(vector)
	if err != nil {
		return reading{}, err
	}
	return reading{"2.0", v.BaseScore(), v}, nil
}

// easyMetrics and totalMetrics are the values an automatable attack, and one of
// total impact, must have, by version.
var (
	easyV3     = []string{"AV:N", "AC:L", "PR:N", "UI:N"}
	totalV3    = []string{"C:H", "I:H", "A:H"}
	conditions = map[string]struct{ easy, total []string }{
		"2.0": {[]string{"AV:N", "AC:L", "Au:N"}, []string{"C:C", "I:C", "A:C"}},
		"3.0": {easyV3, totalV3},
		"3.1": {easyV3, totalV3},
		"4.0": {[]string{"AV:N", "AC:L", "AT:N", "PR:N", "UI:N"}, []string{"VC:H", "VI:H", "VA:H"}},
	}
)

func (r reading) derive() (automatable, total bool) {
	want := conditions[r.version]
	return r.all(want.easy), r.all(want.total)
}

// all reports whether the vector has every one of the metric values.
func (r reading) all(wanted []string) bool {
	for _, metric := range wanted {
		name, value, _ := strings.Cut(metric, ":")
		if got, err := r.metrics.Get(name); err != nil || got != value {
			return false
		}
	}
	return true
}
