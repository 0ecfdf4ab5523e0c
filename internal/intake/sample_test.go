package intake_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/intake"
)

// units are the names of a format's unit and of its distinct ids in EXPECTED.json.
var units = map[string][2]string{
	"trivy": {"vulnerabilities", "distinct_ids"}, "grype": {"matches", "distinct_ids"}, "kev": {"records", "distinct_cves"},
	"epss": {"records", "distinct_cves"}, "cve5-vulnrichment": {"records", "distinct_cves"},
}

func TestRealFilesYieldTheDocumentedNumbersAndTheSameAgain(t *testing.T) {
	dir := samples(t)
	raw, err := os.ReadFile(filepath.Join(dir, "EXPECTED.json"))
	require.NoError(t, err)
	var all map[string]struct{ Expect map[string]any }
	require.NoError(t, json.Unmarshal(raw, &all))
	for name, row := range all {
		unit, ours := units[filepath.Dir(name)]
		if !ours || strings.HasPrefix(name, "epss/epss_scores") { // the large one has a test of its own
			continue
		}
		t.Run(name, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				sum, err := d.takeSample(dir, name)
				if row.Expect["kind"] != nil {
					require.ErrorContains(d, err, "JSON Schema")
					return
				}
				require.NoError(d, err)
				assert.EqualValues(d, row.Expect[unit[0]], sum.Records)
				if want := row.Expect[unit[1]]; want != nil {
					assert.EqualValues(d, want, sum.Vulnerabilities)
				} else {
					assert.Equal(d, 1, sum.Vulnerabilities)
				}
				assert.Zero(d, sum.RejectedCount)

				before := d.everything()
				again, err := d.takeSample(dir, name)
				require.NoError(d, err)
				assert.Equal(d, before, d.everything(), "the same file again changes no row")
				assert.Equal(d, sum.Findings.New+sum.Findings.Unchanged, again.Findings.Unchanged)
				assert.Zero(d, again.Findings.New+again.Findings.Closed)
				assert.Equal(d, intake.Patches{}, again.Patches)
				assert.Equal(d, sum.Findings.WithoutFix, again.Findings.WithoutFix)
			})
		})
	}
}

func (d *desk) takeSample(dir, name string) (intake.Summary, error) {
	f, err := os.Open(filepath.Join(dir, name))
	require.NoError(d, err)
	defer f.Close()
	return d.intake.Import(d.Context(), ann, d.team, intake.Request{File: f, Name: name}, nil)
}

func TestAnyOtherReadableFileIsImportedToo(t *testing.T) {
	dir := samples(t)
	names, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	require.NoError(t, err)
	for _, path := range names {
		name, _ := filepath.Rel(dir, path)
		if _, ours := units[filepath.Dir(name)]; ours {
			continue
		}
		t.Run(name, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				sum, err := d.takeSample(dir, name)
				if err != nil {
					require.NotNil(d, sum.Error)
					assert.Empty(d, d.rows("SELECT id FROM assets"), "a refused file changes nothing")
					return
				}
				before := d.everything()
				_, err = d.takeSample(dir, name)
				require.NoError(d, err)
				assert.Equal(d, before, d.everything(), "the same file again changes no row")
			})
		})
	}
}
