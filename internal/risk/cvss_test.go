package risk_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/risk"
)

const (
	v31Worst = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
	v40Worst = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
)

// The scores are those NVD and the vendors published with these vectors.
func TestBaseScoreIsRecomputedForEveryVersion(t *testing.T) {
	for vector, want := range map[string]struct {
		score   float64
		version string
	}{
		"AV:N/AC:L/Au:N/C:C/I:C/A:C":                   {10, "2.0"},
		"(AV:N/AC:M/Au:N/C:P/I:P/A:P)":                 {6.8, "2.0"},
		"CVSS2#AV:N/AC:L/Au:N/C:P/I:N/A:N":             {5, "2.0"}, // CVE-2014-0160
		"AV:N/AC:L/Au:N/C:P/I:N/A:N/E:F/RL:OF/RC:C":    {5, "2.0"},
		"AV:L/AC:L/Au:N/C:N/I:N/A:N":                   {0, "2.0"},
		"CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H": {8.1, "3.0"}, // CVE-2017-0144
		v31Worst: {9.8, "3.1"},
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H":                     {10, "3.1"}, // CVE-2021-44228
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:C/MAV:P": {9.8, "3.1"},
		" \tCVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H\n":                {7.8, "3.1"},
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N":                     {0, "3.1"},
		v40Worst:                     {9.3, "4.0"},
		v40Worst + "/E:U/MAV:P/AU:Y": {9.3, "4.0"}, // only base metrics count
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H": {10, "4.0"},
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N": {0, "4.0"},
	} {
		t.Run(vector, func(t *testing.T) {
			score, version, err := risk.BaseScore(vector)
			require.NoError(t, err)
			assert.Equal(t, want.score, score)
			assert.Equal(t, want.version, version)
		})
	}
}

// hostile are texts found in vector fields, and some nobody should send.
var hostile = []string{
	"", " ", "()", "(", ")", "/", ":", "N/A", "CVSS:", "CVSS:3.1", "CVSS:3.1/", "CVSS:4.0", "CVSS:4.0/", "CVSS2#",
	"CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
	"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
	"CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
	"CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
	"cvss:3.1/av:n/ac:l/pr:n/ui:n/s:u/c:h/i:h/a:h",
	v31Worst + "/", v31Worst + "/E", "(" + v31Worst + ")", v31Worst + "\x00", v40Worst + "/AV:N", v40Worst + "/E:U/E:U",
	"AV:N/AC:L/Au:N/C:C/I:C", "(AV:N/AC:L/Au:N/C:C/I:C/A:C", "AV:N/AC:L/Au:N/C:C/I:C/A:C)",
	"AV:N/AC:L/Au:N/C:C/I:C/A:C" + strings.Repeat("/E:F", 40),
	strings.Repeat("/", 500), strings.Repeat("CVSS:3.1/", 1<<16), "<script>alert(1)</script>",
}

func TestATextThatIsNoVectorIsRefusedWithoutRepeatingIt(t *testing.T) {
	for _, text := range hostile {
		score, version, err := risk.BaseScore(text)
		require.ErrorIs(t, err, risk.ErrVector, text)
		assert.Zero(t, score)
		assert.Empty(t, version)
		assert.NotContains(t, err.Error(), "script")
		_, _, ok := risk.Derive(text)
		assert.False(t, ok, text)
	}
}

func TestSSVCAnswersAreDerivedFromTheVector(t *testing.T) {
	for vector, want := range map[string][2]bool{
		v31Worst: {true, true},
		"CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:L":                          {true, false},
		"CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H":                          {false, true},
		"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H":                          {false, true},
		"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:H":                          {false, false},
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:L/A:H":                          {false, false},
		"AV:N/AC:L/Au:N/C:C/I:C/A:C":                                            {true, true},
		"AV:N/AC:M/Au:N/C:C/I:C/A:P":                                            {false, false},
		"(AV:N/AC:L/Au:S/C:C/I:C/A:C)":                                          {false, true},
		v40Worst:                                                                {true, true},
		"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N":       {false, true},
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N":       {false, true},
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:H/VA:H/SC:H/SI:H/SA:H":       {true, false},
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/MAV:L": {true, true},
	} {
		automatable, total, ok := risk.Derive(vector)
		assert.True(t, ok, vector)
		assert.Equal(t, want, [2]bool{automatable, total}, vector)
	}
}

func TestSeverityChangesExactlyAtTheBoundsOfTheTable(t *testing.T) {
	for score, want := range map[float64]risk.Severity{
		-1: "none", 0: "none", 0.1: "low", 3.9: "low", 4: "medium", 6.9: "medium",
		7: "high", 8.9: "high", 9: "critical", 10: "critical", 0.1 + 8.9 - 1e-12: "critical",
	} {
		assert.Equal(t, want, risk.SeverityOf(score), score)
	}
	assert.Empty(t, risk.SeverityOf(math.NaN()), "what is no number has no rating")
	assert.True(t, risk.SeverityHigh.Valid())
	assert.False(t, risk.Severity("High").Valid())
}

func FuzzBaseScore(f *testing.F) {
	for _, text := range append(hostile, v31Worst, v40Worst, v40Worst+"/E:A/CR:H/MSI:S/S:P/U:Red", "(AV:L/AC:H/Au:M/C:N/I:P/A:C)") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		score, version, err := risk.BaseScore(text)
		_, _, ok := risk.Derive(text)
		require.Equal(t, err == nil, ok, "both read the same texts")
		if err != nil {
			require.ErrorIs(t, err, risk.ErrVector)
			return
		}
		require.Contains(t, []string{"2.0", "3.0", "3.1", "4.0"}, version)
		require.True(t, score >= 0 && score <= 10, score)
		require.InDelta(t, math.Round(score*10), score*10, 1e-6, "one decimal")
	})
}
