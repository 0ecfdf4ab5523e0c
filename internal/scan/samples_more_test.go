package scan

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// number reads a count of EXPECTED.json.
func number(t *testing.T, v any) int {
	t.Helper()
	n, ok := v.(float64)
	require.True(t, ok, "%v is no number", v)
	return int(n)
}

func tallyOf[T any](list []T, property func(T) string) map[string]any {
	counts := map[string]any{}
	for _, v := range list {
		n, _ := counts[property(v)].(float64)
		counts[property(v)] = n + 1
	}
	return counts
}

func cves(counts map[string]any) (n int) {
	for id := range counts {
		if _, ok := cveID(id); ok {
			n++
		}
	}
	return n
}

func TestSARIFLogsYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "sarif", func(t *testing.T, path string, want map[string]any) {
		c := count(readAll(t, path, Options{}))
		assert.Empty(t, c.rejected)
		assert.Equal(t, number(t, want["results"]), c.records)
		rules := by(c.findings, findingID)
		assert.Len(t, rules, number(t, want["distinct_rules"]))
		assert.Equal(t, number(t, want["distinct_cves_in_ruleId"]), cves(rules))
		assert.Equal(t, "sarif/"+strings.ToLower(want["tools"].([]any)[0].(string)), c.snapshot.Source)
		for _, f := range c.findings {
			assert.Equal(t, "affected", f.Status)
			assert.NotEmpty(t, f.Component.Name)
		}
	})
}

func TestCycloneDXDocumentsYieldTheDocumentedNumbers(t *testing.T) {
	test := func(t *testing.T, path string, want map[string]any) {
		items := readAll(t, path, Options{})
		c := count(items)
		assert.Empty(t, c.rejected)
		assert.Len(t, c.parts, number(t, want["components"]))
		assert.Equal(t, number(t, want["components"])+number(t, want["vulnerabilities"]), c.records)
		assert.Len(t, c.findings, number(t, want["affects"]))
		ids := by(c.findings, findingID)
		assert.Len(t, ids, number(t, want["distinct_vuln_ids"]))
		assert.Equal(t, number(t, want["distinct_cves"]), cves(ids))
		without := 0
		purls := map[string]bool{}
		for _, p := range c.parts {
			if p.Component.PURL == "" {
				without++
			} else {
				purls[p.Component.PURL+"@"+p.Component.Installed] = true
			}
		}
		assert.Equal(t, number(t, want["without_purl"]), without)
		assert.LessOrEqual(t, len(purls), number(t, want["distinct_purls"]), "qualifiers are left out here")
		states := map[string]any{}
		for state, n := range want["analysis_states"].(map[string]any) {
			states[bomStates[state]] = n
		}
		assert.Equal(t, states, by(c.findings, func(f *Finding) string { return f.Status }))
		require.Len(t, c.assets, 1)
		assert.Contains(t, c.assets[0].Name, want["root"])
	}
	eachSample(t, "cyclonedx-sbom", test)
	eachSample(t, "cyclonedx-vex", test)
}

func TestOpenVEXDocumentsYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "openvex", func(t *testing.T, path string, want map[string]any) {
		c := count(readAll(t, path, Options{}))
		assert.Empty(t, c.rejected)
		assert.Equal(t, number(t, want["statements"]), c.records)
		assert.Equal(t, want["status"], tallyOf(c.said, func(s *Statement) string { return s.Status }))
		assert.Len(t, tallyOf(c.said, func(s *Statement) string { return s.Vulnerability }), number(t, want["distinct_vulns"]))
		assert.Len(t, tallyOf(c.said, func(s *Statement) string { return s.Product }), number(t, want["distinct_products"]))
		assert.Equal(t, want["justifications"], tallyOf(c.said, func(s *Statement) string { return s.Justification }))
	})
}

func TestOSVFilesYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "osv", func(t *testing.T, path string, want map[string]any) {
		switch {
		case want["kind"] != nil:
			c := count(readAll(t, path, Options{}))
			assert.Equal(t, number(t, want["findings"]), c.records)
			assert.Len(t, by(c.findings, findingID), number(t, want["distinct_ids"]))
			assert.Len(t, by(c.findings, packageName), number(t, want["packages"]))
			assert.Len(t, c.assets, number(t, want["sources"]))
		case want["id"] == nil:
			_, err := tryFile(t, path, Options{})
			require.ErrorContains(t, err, "is empty (0 bytes)")
		default:
			c := count(readAll(t, path, Options{}))
			require.Len(t, c.vulns, number(t, want["records"]))
			v := c.vulns[0]
			assert.Equal(t, want["id"], v.ID)
			for _, alias := range want["aliases"].([]any) {
				assert.Contains(t, v.Aliases, alias)
			}
			assert.Len(t, v.Ratings, len(want["severity"].([]any)))
			assert.Len(t, c.said, number(t, want["affected_entries"]))
			assert.Len(t, tallyOf(c.said, func(s *Statement) string { return s.Component.Key() }), number(t, want["distinct_packages"]))
			fixed := 0
			for _, s := range c.said {
				fixed += len(s.Fixed)
			}
			assert.Equal(t, number(t, want["fixed_events"]), fixed)
		}
	})
}

func TestCSAFAdvisoriesYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "csaf", func(t *testing.T, path string, want map[string]any) {
		c := count(readAll(t, path, Options{}))
		assert.Empty(t, c.rejected)
		assert.Equal(t, want["tracking_id"], c.snapshot.Document)
		assert.Equal(t, number(t, want["vulnerabilities"]), c.records)
		ids := tallyOf(c.vulns, func(v *Vulnerability) string { return v.ID })
		assert.Equal(t, number(t, want["distinct_cves"]), cves(ids))
		assert.Equal(t, want["product_status"], tallyOf(c.said, func(s *Statement) string { return s.Said }))
		top := 0.0
		for _, v := range c.vulns {
			for _, r := range v.Ratings {
				top = max(top, r.Score)
			}
		}
		if want["max_cvss"] != nil {
			assert.Equal(t, want["max_cvss"], top)
		} else {
			assert.Zero(t, top)
		}
	})
}

func TestNVDItemsYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "nvd2", func(t *testing.T, path string, want map[string]any) {
		c := count(readAll(t, path, Options{}))
		assert.Empty(t, c.rejected)
		assert.Equal(t, number(t, want["records"]), c.records)
		versions := map[string]int{"3.1": number(t, want["with_v31"]), "3.0": number(t, want["with_v30"]), "4.0": number(t, want["with_v40"]), "2.0": number(t, want["with_v2"])}
		listed := 0
		for _, v := range c.vulns {
			for version := range tallyOf(v.Ratings, func(r Rating) string { return r.Version }) {
				versions[version]--
			}
			if !v.KEVDateAdded.IsZero() {
				listed++
			}
			assert.WithinRange(t, v.Published, time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), v.Updated)
			assert.NotEmpty(t, v.Affected)
		}
		assert.Equal(t, map[string]int{"3.1": 0, "3.0": 0, "4.0": 0, "2.0": 0}, versions)
		assert.Equal(t, number(t, want["kev"]), listed)
	})
}

func TestNessusExportsYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "nessus", func(t *testing.T, path string, want map[string]any) {
		c := count(readAll(t, path, Options{}))
		assert.Empty(t, c.rejected)
		assert.Len(t, c.assets, number(t, want["hosts"]))
		assert.Len(t, by(c.findings, func(f *Finding) string { return f.URL }), number(t, want["distinct_plugins"]))
		assert.Equal(t, number(t, want["distinct_cves"]), cves(by(c.findings, findingID)))
		if want["rows"] != nil {
			assert.Equal(t, number(t, want["rows"]), c.records)
			assert.Equal(t, lower(want["severity"]), by(c.findings, func(f *Finding) string { return f.Severity }))
			return
		}
		assert.Equal(t, number(t, want["items"]), c.records)
		assert.Equal(t, map[string]any{"none": want["severity_0_to_4"].(map[string]any)["0"]}, by(c.findings, func(f *Finding) string { return f.Severity }))
		for _, f := range c.findings {
			assert.True(t, strings.HasPrefix(f.Vulnerability, "NESSUS-"))
			assert.Equal(t, "not_affected", f.Status, "what only informs opens no work")
		}
	})
}
