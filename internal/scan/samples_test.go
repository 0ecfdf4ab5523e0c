package scan

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// samples is the folder of real files; they are not part of the project.
func samples(t *testing.T) string {
	t.Helper()
	for _, dir := range []string{filepath.Join(os.Getenv("PATCHLINE_SHARED"), "samples"), "../../../shared/samples"} {
		if _, err := os.Stat(filepath.Join(dir, "EXPECTED.json")); err == nil {
			return dir
		}
	}
	t.Skip("SAMPLES FOLDER MISSING: the readers were not tried on real files; set PATCHLINE_SHARED")
	return ""
}

// expectations are the fields of EXPECTED.json by file.
func expectations(t *testing.T, dir string) map[string]map[string]any {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "EXPECTED.json"))
	require.NoError(t, err)
	var all map[string]struct{ Expect map[string]any }
	require.NoError(t, json.Unmarshal(raw, &all))
	byFile := map[string]map[string]any{}
	for name, row := range all {
		byFile[name] = row.Expect
	}
	return byFile
}

// readAll reads a whole file and fails if it is refused.
func readAll(t *testing.T, path string, opt Options) []Item {
	t.Helper()
	items, err := tryFile(t, path, opt)
	require.NoError(t, err)
	return items
}

func tryFile(t *testing.T, path string, opt Options) ([]Item, error) {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	s, err := Open(path, f)
	if err != nil {
		return nil, err
	}
	var items []Item
	for it, err := range s.Items(opt) {
		if err != nil {
			return items, err
		}
		items = append(items, it)
	}
	return items, nil
}

// tally counts what a file says, under the names EXPECTED.json uses.
type tally struct {
	snapshot *Snapshot
	assets   []Asset
	records  int
	rejected []Item
	findings []*Finding
	vulns    []*Vulnerability
	parts    []*Installed
	updates  []*Update
	said     []*Statement
}

func count(items []Item) tally {
	var c tally
	for _, it := range items {
		switch {
		case it.Snapshot != nil:
			c.snapshot = it.Snapshot
			continue
		case it.Asset != nil:
			c.assets = append(c.assets, *it.Asset)
			continue
		case it.Finding != nil:
			c.findings = append(c.findings, it.Finding)
		case it.Installed != nil:
			c.parts = append(c.parts, it.Installed)
		case it.Update != nil:
			c.updates = append(c.updates, it.Update)
		case it.Statement != nil:
			c.said = append(c.said, it.Statement)
		case it.Vulnerability != nil:
			c.vulns = append(c.vulns, it.Vulnerability)
		case it.Rejected != "":
			c.rejected = append(c.rejected, it)
		}
		if !it.Continued {
			c.records++
		}
	}
	return c
}

// by counts the different values of a finding's property.
func by(findings []*Finding, property func(*Finding) string) map[string]any {
	counts := map[string]any{}
	for _, f := range findings {
		n, _ := counts[property(f)].(float64)
		counts[property(f)] = n + 1
	}
	return counts
}

func lower(m any) map[string]any {
	low := map[string]any{}
	for k, v := range m.(map[string]any) {
		low[strings.ToLower(k)] = v
	}
	return low
}

func isCVE(f *Finding) string {
	if id, ok := cveID(f.Vulnerability); ok {
		return id
	}
	return ""
}

func findingID(f *Finding) string { return f.Vulnerability }

func packageName(f *Finding) string { return f.Component.Key() }

func idPackageVersion(f *Finding) string {
	return f.Vulnerability + " " + f.Component.Key() + " " + f.Component.Installed
}

// eachSample runs the test for every sample of the folder that is described.
func eachSample(t *testing.T, folder string, test func(t *testing.T, path string, want map[string]any)) {
	dir := samples(t)
	for name, want := range expectations(t, dir) {
		if strings.HasPrefix(name, folder+"/") {
			t.Run(filepath.Base(name), func(t *testing.T) { test(t, filepath.Join(dir, name), want) })
		}
	}
}

// TestTrivyReportsYieldTheDocumentedNumbers covers reports of images and clusters.
func TestTrivyReportsYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "trivy", func(t *testing.T, path string, want map[string]any) {
		c := count(readAll(t, path, Options{}))
		assert.Empty(t, c.rejected)
		assert.EqualValues(t, want["vulnerabilities"], c.records)
		assert.Len(t, by(c.findings, findingID), int(want["distinct_ids"].(float64)))
		assert.Len(t, by(c.findings, packageName), int(want["packages"].(float64)))
		assert.Len(t, by(c.findings, idPackageVersion), int(want["distinct_id_pkg_version"].(float64)))
		assert.Equal(t, lower(want["severity"]), by(c.findings, func(f *Finding) string { return f.Severity }))
		fixed := 0
		for _, f := range c.findings {
			fixed += min(1, len(f.Fixed))
		}
		assert.EqualValues(t, want["with_fix"], fixed)
		assert.NotEmpty(t, c.assets)
		assert.Equal(t, "trivy", c.snapshot.Source)
	})
}

func TestGrypeReportsYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "grype", func(t *testing.T, path string, want map[string]any) {
		c := count(readAll(t, path, Options{}))
		assert.Empty(t, c.rejected)
		assert.EqualValues(t, want["matches"], c.records)
		assert.Len(t, by(c.findings, findingID), int(want["distinct_ids"].(float64)))
		assert.Len(t, by(c.findings, packageName), int(want["packages"].(float64)))
		assert.Len(t, by(c.findings, idPackageVersion), int(want["distinct_id_pkg_version"].(float64)))
		assert.Equal(t, lower(want["severity"]), by(c.findings, func(f *Finding) string { return f.Severity }))
		states := map[string]any{}
		for state, n := range want["fix_state"].(map[string]any) {
			states[map[string]string{"wont-fix": "wont_fix", "not-fixed": "not_fixed", "fixed": "fixed", "absent": "unknown"}[state]] = n
		}
		if states["unknown"] == nil { // without a state the fixed version, if any, decides
			assert.Equal(t, states, by(c.findings, func(f *Finding) string { return f.FixState }))
		}
		assert.Equal(t, want["version"], c.snapshot.ToolVersion)
		require.Len(t, c.assets, 1)
		assert.Equal(t, want["source"], c.assets[0].Kind)
		assert.False(t, c.assets[0].Assumed)
	})
}

func TestTheKEVCatalogueYieldsTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "kev", func(t *testing.T, path string, want map[string]any) {
		if want["kind"] != nil {
			_, err := tryFile(t, path, Options{})
			require.ErrorContains(t, err, "JSON Schema")
			return
		}
		items := readAll(t, path, Options{})
		c := count(items)
		assert.EqualValues(t, want["records"], c.records)
		assert.EqualValues(t, want["declared_count"], c.snapshot.Declared)
		assert.Equal(t, want["catalogVersion"], c.snapshot.CatalogVersion)
		got := map[string]int{}
		ids := map[string]bool{}
		first, last := "9", ""
		for _, it := range items {
			e := it.Exploited
			if e == nil {
				continue
			}
			ids[e.CVE] = true
			day := e.DateAdded.Format(time.DateOnly)
			first, last = min(first, day), max(last, day)
			if e.Ransomware {
				got["ransomware_known"]++
			}
			if e.DueDate.Before(e.DateAdded) {
				got["due_before_added"]++
			}
			if len(e.CWEs) > 0 {
				got["with_cwes"]++
			}
		}
		for key, n := range got {
			assert.EqualValues(t, want[key], n, key)
		}
		assert.EqualValues(t, want["distinct_cves"], len(ids))
		assert.Equal(t, want["first_added"], first)
		assert.Equal(t, want["last_added"], last)
	})
}

func TestEPSSScoresYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "epss", func(t *testing.T, path string, want map[string]any) {
		items := readAll(t, path, Options{})
		c := count(items)
		assert.EqualValues(t, want["records"], c.records)
		ids := map[string]bool{}
		top, likely, percentile := 0.0, 0, 0
		for _, it := range items {
			p := it.Probability
			if p == nil {
				continue
			}
			ids[p.CVE] = true
			top = max(top, p.EPSS)
			if p.EPSS >= 0.1 {
				likely++
			}
			if p.Percentile >= 0.99 {
				percentile++
			}
		}
		assert.EqualValues(t, want["distinct_cves"], len(ids))
		assert.EqualValues(t, want["max_epss"], top)
		assert.EqualValues(t, want["epss_ge_0_1"], likely)
		assert.EqualValues(t, want["pct_ge_0_99"], percentile)
		assert.Contains(t, want["header"], "model_version:"+c.snapshot.ModelVersion+",")
		assert.Contains(t, want["header"], "score_date:"+c.snapshot.ScoreDate.Format("2006-01-02T15:04:05"))
	})
}

func TestCVERecordsYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "cve5-vulnrichment", func(t *testing.T, path string, want map[string]any) {
		c := count(readAll(t, path, Options{}))
		assert.Empty(t, c.rejected)
		assert.EqualValues(t, want["records"], c.records)
		if want["cve"] != nil {
			checkOneCVE(t, c.vulns[0], want)
			return
		}
		ids, exploitation := map[string]bool{}, map[string]any{}
		rated, listed := 0, 0
		for _, v := range c.vulns {
			ids[v.ID] = true
			assert.Equal(t, "PUBLISHED", v.State)
			rated += min(1, len(v.Ratings))
			if !v.KEVDateAdded.IsZero() {
				listed++
			}
			if v.Exploitation != "" {
				n, _ := exploitation[v.Exploitation].(float64)
				exploitation[v.Exploitation] = n + 1
			}
		}
		assert.EqualValues(t, want["distinct_cves"], len(ids))
		assert.EqualValues(t, want["with_any_cvss"], rated)
		assert.EqualValues(t, want["kev"], listed)
		assert.Equal(t, want["ssvc_exploitation"], exploitation)
	})
}

func checkOneCVE(t *testing.T, v *Vulnerability, want map[string]any) {
	assert.Equal(t, want["cve"], v.ID)
	assert.Equal(t, want["state"], v.State)
	ssvc := lower(want["ssvc"])
	assert.Equal(t, strings.ToLower(ssvc["exploitation"].(string)), v.Exploitation)
	require.NotNil(t, v.Automatable)
	assert.Equal(t, strings.EqualFold(ssvc["automatable"].(string), "yes"), *v.Automatable)
	require.NotNil(t, v.TotalImpact)
	assert.Equal(t, strings.EqualFold(ssvc["technical impact"].(string), "total"), *v.TotalImpact)
	if want["kev_dateAdded"] != nil {
		assert.Equal(t, want["kev_dateAdded"], v.KEVDateAdded.Format(time.DateOnly))
	} else {
		assert.Zero(t, v.KEVDateAdded)
	}
	assert.EqualValues(t, want["affected"], len(v.Affected))
	require.Len(t, v.Ratings, 1)
	said := strings.ToLower(want["cvss"].([]any)[0].(string))
	assert.Contains(t, said, v.Ratings[0].Source+":cvssv"+strings.ReplaceAll(v.Ratings[0].Version, ".", "_")+"=")
}
