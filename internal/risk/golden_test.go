package risk_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/risk"
)

// golden reads a file of exact expected numbers that is kept outside of the
// module. Only its absence excuses a test from running; PATCHLINE_SHARED names
// the folder when it is somewhere else.
func golden(t *testing.T, name string) []byte {
	t.Helper()
	folder := os.Getenv("PATCHLINE_SHARED")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared")
	}
	data, err := os.ReadFile(filepath.Join(folder, "golden", name))
	if os.IsNotExist(err) {
		t.Skipf("NOT TESTED: the samples folder with golden/%s is missing; set PATCHLINE_SHARED", name)
	}
	require.NoError(t, err)
	return data
}

type goldenFacts struct {
	KEV         bool     `json:"kev"`
	EPSS        *float64 `json:"epss"`
	CVSS        *float64 `json:"cvss"`
	Automatable *bool    `json:"automatable"`
	Total       *bool    `json:"total"`
}

type goldenCase struct {
	Name  string
	Input struct {
		goldenFacts
		Vulns       []goldenFacts    `json:"vulns"`
		Criticality risk.Criticality `json:"criticality"`
		Exposure    risk.Exposure    `json:"exposure"`
		Affected    *int             `json:"affected"`
		Regulated   bool             `json:"regulated"`
		SLA         float64          `json:"sla_fraction"`
	}
	Expect struct {
		Score, Risk, Base, Context float64
		Points                     map[string]float64
		Assumed                    []string
	}
}

// input reads an absent number of assets as one: every patch is for something.
func (c goldenCase) input() risk.Input {
	facts, affected := c.Input.Vulns, 1
	if facts == nil {
		facts = []goldenFacts{c.Input.goldenFacts}
	}
	if c.Input.Affected != nil {
		affected = *c.Input.Affected
	}
	in := risk.Input{Context: risk.Context{
		Criticality: c.Input.Criticality, Exposure: c.Input.Exposure, Affected: affected,
		Regulated: c.Input.Regulated, Elapsed: c.Input.SLA,
	}}
	for _, f := range facts {
		in.Vulnerabilities = append(in.Vulnerabilities, risk.Vulnerability{
			KEV: f.KEV, EPSS: f.EPSS, CVSS: f.CVSS, Automatable: f.Automatable, TotalImpact: f.Total,
		})
	}
	return in
}

func TestEveryGoldenScoreIsReproducedToTheLastDigit(t *testing.T) {
	var cases []goldenCase
	require.NoError(t, json.Unmarshal(golden(t, "risk.json"), &cases))
	require.Len(t, cases, 14)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			got := risk.Score(c.input())
			points := map[string]float64{}
			for _, part := range got.Parts {
				points[part.Name] = part.Points
			}
			assert.Equal(t, c.Expect.Score, got.Score, "score")
			assert.Equal(t, c.Expect.Risk, got.Risk, "risk")
			assert.Equal(t, c.Expect.Base, got.Base, "base")
			assert.Equal(t, c.Expect.Context, got.Context, "context")
			assert.Equal(t, c.Expect.Points, points)
			assert.Equal(t, c.Expect.Assumed, got.Assumed)
		})
	}
}

// rows are the rows of a published table without header and row number.
func rows(t *testing.T, name string, want int) [][]string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(string(golden(t, name)))).ReadAll()
	require.NoError(t, err)
	require.Len(t, all, want+1)
	for i := range all {
		all[i] = all[i][1:]
	}
	return all[1:]
}

func TestEveryRowOfTheRemediationTimelinesIsReproduced(t *testing.T) {
	for _, row := range rows(t, "cisa_bod_26_04_1_0_0.csv", 16) {
		automatable, err := risk.ParseAutomatable(row[2])
		require.NoError(t, err)
		total, err := risk.ParseTechnicalImpact(row[3])
		require.NoError(t, err)
		got := risk.RemediationTimeline(row[0] == "yes", row[1] == "yes", automatable, total)
		assert.Equal(t, row[4], got.String(), row)
	}
}

func TestEveryRowOfTheCoordinatorTableIsReproduced(t *testing.T) {
	for _, row := range rows(t, "cisa_coordinator_2_0_3.csv", 36) {
		got, err := risk.CoordinatorDecision(risk.Exploitation(row[0]), row[1] == "yes", row[2] == "total", risk.MissionImpact(row[3]))
		require.NoError(t, err)
		assert.Equal(t, row[4], string(got), row)
	}
}

func TestEveryRowOfTheDeployerTableIsReproduced(t *testing.T) {
	for _, row := range rows(t, "deployer_patch_application_priority_1_0_0.csv", 72) {
		got, err := risk.DeployerPriority(risk.Exploitation(row[0]), risk.SystemExposure(row[1]), row[2] == "yes", risk.HumanImpact(row[3]))
		require.NoError(t, err)
		assert.Equal(t, row[4], string(got), row)
	}
}
