// Package scantest tells tests what an import of each real sample file must yield.
package scantest

import (
	"cmp"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Sample is a real file. The files are no part of the project.
type Sample struct {
	Name            string // folder and file: "trivy/kubernetes.json"
	Path            string
	Records         int    // in the source's own unit
	Vulnerabilities int    // distinct ids in the fields that name the findings
	Refused         string // what the refusal says, for a file that must be refused
}

// units are the fields of EXPECTED.json that count the records of a folder's
// files, and the ids that name them. What a file has of them is added up.
var units = map[string]struct{ records, ids []string }{
	"trivy": {[]string{"vulnerabilities"}, []string{"distinct_ids"}}, "grype": {[]string{"matches"}, []string{"distinct_ids"}},
	"kev": {[]string{"records"}, []string{"distinct_cves"}}, "epss": {[]string{"records"}, []string{"distinct_cves"}},
	"cve5-vulnrichment": {[]string{"records"}, []string{"distinct_cves"}}, "nvd2": {[]string{"records"}, []string{"distinct_cves"}},
	"cyclonedx-sbom": {[]string{"components", "vulnerabilities"}, []string{"distinct_vuln_ids"}},
	"cyclonedx-vex":  {[]string{"components", "vulnerabilities"}, []string{"distinct_vuln_ids"}},
	"csaf":           {[]string{"vulnerabilities"}, []string{"distinct_cves", "without_cve"}},
	"openvex":        {[]string{"statements"}, []string{"distinct_vulns"}},
	"osv":            {[]string{"records", "findings"}, []string{"distinct_ids"}},
	"sarif":          {[]string{"results"}, []string{"distinct_rules"}}, "dependency-check": {[]string{"vulnerabilities"}, []string{"distinct_names"}},
	"nessus": {[]string{"rows", "items"}, []string{"distinct_plugins"}}, "qualys": {[]string{"rows"}, []string{"distinct_qids"}},
	"openvas": {[]string{"rows", "results"}, []string{"distinct_nvts"}}, "os-output": {[]string{"upgradable", "packages", "lines"}, []string{"security"}},
}

// Samples are all sample files by name. A test without the folder is skipped, loudly.
func Samples(t *testing.T) []Sample {
	t.Helper()
	dir := folder(t)
	raw, err := os.ReadFile(filepath.Join(dir, "EXPECTED.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rows map[string]struct{ Expect map[string]any }
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	var list []Sample
	for name, row := range rows {
		unit, known := units[path.Dir(name)]
		if !known {
			t.Fatalf("%s is of a kind without a unit", name)
		}
		s := Sample{Name: name, Path: filepath.Join(dir, name), Records: sum(row.Expect, unit.records), Vulnerabilities: sum(row.Expect, unit.ids)}
		if row.Expect["id"] != nil || row.Expect["cve"] != nil { // a file of one record
			s.Vulnerabilities = 1
		}
		list = append(list, s.refused(row.Expect))
	}
	slices.SortFunc(list, func(a, b Sample) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

func folder(t *testing.T) string {
	t.Helper()
	for _, dir := range []string{filepath.Join(os.Getenv("PATCHLINE_SHARED"), "samples"), "../../../shared/samples"} {
		if _, err := os.Stat(filepath.Join(dir, "EXPECTED.json")); err == nil {
			return dir
		}
	}
	t.Skip("SAMPLES FOLDER MISSING: nothing was tried on real files; set PATCHLINE_SHARED")
	return ""
}

func sum(expect map[string]any, fields []string) (n int) {
	for _, field := range fields {
		if v, ok := expect[field].(float64); ok {
			n += int(v)
		}
	}
	return n
}

func (s Sample) refused(expect map[string]any) Sample {
	kind, _ := expect["kind"].(string)
	verdict, _ := expect["expect"].(string)
	switch {
	case strings.HasPrefix(kind, "not a catalogue"):
		s.Refused = "JSON Schema"
	case strings.HasPrefix(verdict, "REJECT"):
		s.Refused = "is empty (0 bytes)"
	}
	return s
}

// Large tells whether the file takes too long to be imported in every test.
func (s Sample) Large() bool { return s.Records > 100_000 }

// Named is one of the samples.
func Named(t *testing.T, name string) Sample {
	t.Helper()
	for _, s := range Samples(t) {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("there is no sample %s", name)
	return Sample{}
}
