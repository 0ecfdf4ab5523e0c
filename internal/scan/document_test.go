package scan

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func positions(items []Item) (list []string) {
	for _, it := range items {
		list = append(list, it.Position)
	}
	return list
}

func TestASARIFLogIsReadWithRulesThatComeAfterItsResults(t *testing.T) {
	c := mustRead(t, "sarif.json", fixture(t, "sarif.json"))
	assert.Equal(t, "sarif/demo-scanner", c.snapshot.Source)
	assert.Equal(t, []Asset{{Name: "https://example.org/demo.git", Kind: "repository"}}, c.assets)
	require.Len(t, c.findings, 4)
	trivy, grype, suppressed, gone := c.findings[0], c.findings[1], c.findings[2], c.findings[3]
	assert.Equal(t, "musl", trivy.Component.Name)
	assert.Equal(t, []string{"1.1-r2"}, trivy.Fixed)
	assert.Equal(t, "critical", trivy.Severity)
	assert.Equal(t, 9.8, trivy.Ratings[0].Score)
	assert.Equal(t, "GHSA-aaaa-bbbb-cccc", grype.Vulnerability)
	assert.Equal(t, Component{Ecosystem: "pypi", Name: "demo-lib", PURL: "pkg:pypi/demo-lib", Installed: "20.3.4"}, grype.Component)
	assert.Equal(t, "not_affected", suppressed.Status)
	assert.Equal(t, "/src/a b.js", suppressed.Component.Name)
	assert.Equal(t, "medium", suppressed.Severity)
	assert.Equal(t, "fixed", gone.Status)
	assert.Equal(t, []string{"runs[0].results[4]"}, positions(c.rejected))
}

func TestACycloneDXDocumentIsAnInventoryWithFindings(t *testing.T) {
	c := mustRead(t, "bom.json", fixture(t, "cyclonedx.json"))
	assert.Equal(t, "cyclonedx/demo-tool", c.snapshot.Source)
	assert.Equal(t, []Asset{{Name: "registry.example/shop", Kind: "image"}}, c.assets)
	require.Len(t, c.parts, 2)
	assert.Equal(t, "org.example:inner", c.parts[0].Component.Name, "a nested component is one too")
	assert.Equal(t, []string{"vulnerabilities[2]", "components[1]"}, positions(c.rejected))
	assert.Equal(t, 7, c.records)

	require.Len(t, c.findings, 4)
	f := c.findings[0]
	assert.Equal(t, c.parts[0].Component, f.Component, "a BOM-Link leads to the component")
	assert.Equal(t, []string{"1.1"}, f.Fixed)
	assert.Equal(t, []Rating{{Source: "nvd", Version: "3.1", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N", Score: 7.5}}, f.Ratings)
	assert.Equal(t, "pkg:npm/other", c.findings[1].Component.PURL)
	assert.Equal(t, "not_affected", c.findings[2].Status)
	assert.Equal(t, "registry.example/shop", c.findings[3].Component.Name)
	assert.Equal(t, "fixed", c.findings[3].Status)
}

func TestAnOpenVEXStatementSpeaksOfEveryProductItNames(t *testing.T) {
	items, err := read("vex.json", fixture(t, "openvex.json"), Options{})
	require.NoError(t, err)
	c := count(items)
	assert.Equal(t, 4, c.records)
	require.Len(t, c.said, 4)
	assert.Equal(t, []bool{false, true, true, false}, []bool{items[1].Continued, items[2].Continued, items[3].Continued, items[4].Continued})
	assert.Equal(t, "pkg:oci/shop@sha256:abc", c.said[0].Product)
	assert.Equal(t, "musl", c.said[0].Component.Name)
	assert.Equal(t, []string{"GHSA-gggg-hhhh-iiii"}, c.said[0].Aliases)
	assert.Equal(t, time.Date(2031, 1, 2, 0, 0, 0, 0, time.UTC), c.said[0].At, "the document's time where the statement has none")
	assert.Equal(t, "zlib", c.said[2].Component.Name)
	old := c.said[3]
	assert.Equal(t, Component{Ecosystem: "npm", Name: "@s/n", PURL: "pkg:npm/%40s/n", Installed: "1.0.0"}, old.Component)
	assert.Equal(t, "Update to 1.0.1.", old.Action)
	assert.Equal(t, []string{"statements[2]", "statements[3]"}, positions(c.rejected))
}

func TestAnOSVRecordNamesThePackagesAndTheirFixes(t *testing.T) {
	c := mustRead(t, "osv.json", fixture(t, "osv.json"))
	require.Len(t, c.vulns, 2)
	v := c.vulns[0]
	assert.Zero(t, v.Published, "Go's zero time is no time")
	assert.Equal(t, []string{"CVE-2031-1301"}, v.Aliases)
	assert.Equal(t, []Rating{{Source: "osv", Version: "3.1", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}, v.Ratings)
	assert.Equal(t, "REJECTED", c.vulns[1].State, "a withdrawn record")
	require.Len(t, c.said, 2)
	assert.Equal(t, "rpm:demo", c.said[0].Component.Key())
	assert.Equal(t, []string{"1.2.3", "2.1.0"}, c.said[1].Fixed, "commits are no versions")
	assert.Equal(t, []string{"record 3", "record 4"}, positions(c.rejected))
}

func TestAnArchiveOfOSVRecordsIsRead(t *testing.T) {
	one := []byte(`{"id":"DEMO-2031-1","modified":"2031-01-02T00:00:00Z","affected":[]}`)
	c := mustRead(t, "all.zip", zipOf(t, map[string][]byte{"DEMO-2031-1.json": one, "DEMO-2031-2.json": []byte("{"), "index.json": []byte("{}")}))
	assert.Equal(t, "osv", c.snapshot.Source)
	assert.Len(t, c.vulns, 1)
	assert.Equal(t, []string{"DEMO-2031-2.json"}, positions(c.rejected))
}

func TestAnOSVScannerReportGivesThePackageItsOwnFix(t *testing.T) {
	c := mustRead(t, "osv.json", fixture(t, "osv-scanner.json"))
	assert.Equal(t, []Asset{{Name: "/src/package-lock.json", Kind: "filesystem"}, {Name: "/src/go.mod", Kind: "filesystem"}}, c.assets)
	require.Len(t, c.findings, 1)
	f := c.findings[0]
	assert.Equal(t, c.assets[0], f.Asset)
	assert.Equal(t, []string{"1.0.1"}, f.Fixed)
	assert.Equal(t, "medium", f.Severity)
	assert.Equal(t, []string{"results[0].packages[0].vulnerabilities[1]"}, positions(c.rejected))
}

func TestACSAFAdvisoryStatesWhatIsAffectedFixedAndToBeDone(t *testing.T) {
	c := mustRead(t, "csaf.json", fixture(t, "csaf.json"))
	assert.Equal(t, "DEMO-2031:1", c.snapshot.Document)
	assert.Equal(t, 5, c.records)
	require.Len(t, c.vulns, 3)
	assert.Equal(t, 7.5, c.vulns[0].Ratings[0].Score, "the worst over the products")
	assert.Equal(t, "DEMO-77", c.vulns[1].ID)
	assert.Equal(t, "4.0", c.vulns[1].Ratings[0].Version, "CSAF 2.1 keeps scores in metrics")
	assert.Equal(t, "DEMO-2031:1/3", c.vulns[2].ID)
	assert.Equal(t, []string{"vulnerabilities[3]", "vulnerabilities[4]"}, positions(c.rejected))

	require.Len(t, c.said, 4)
	fixed, affected, not := c.said[0], c.said[1], c.said[2]
	assert.Equal(t, "Demo Linux 9", fixed.Product)
	assert.Equal(t, Component{Ecosystem: "rpm", Name: "demo", PURL: "pkg:rpm/redhat/demo", Installed: "1:2.0-1.el9"}, fixed.Component)
	assert.Equal(t, []string{"1:2.0-1.el9"}, fixed.Fixed)
	assert.Equal(t, Component{Ecosystem: "generic", Name: "Demo Gate", Installed: "1.0"}, affected.Component)
	assert.Equal(t, "Update.", affected.Action, "the vendor's fix before a workaround")
	assert.Equal(t, "component_not_present", not.Justification)
	assert.Equal(t, "demo lamp", not.Component.Name)
}

func TestAPageOfTheNVDIsRead(t *testing.T) {
	c := mustRead(t, "nvd.json", fixture(t, "nvd.json"))
	assert.Equal(t, 4, c.snapshot.Declared)
	require.Len(t, c.vulns, 2)
	v := c.vulns[0]
	assert.Equal(t, []string{"cna 3.1", "nvd 3.1"}, ratingNames(v.Ratings))
	assert.Equal(t, "2031-01-04", v.KEVDateAdded.Format(time.DateOnly))
	assert.Equal(t, []string{"CWE-79"}, v.CWEs)
	assert.Equal(t, []string{"demo:co gate keeper"}, v.Affected)
	assert.Equal(t, "A text.", v.Description)
	assert.Equal(t, "REJECTED", c.vulns[1].State)
	assert.Equal(t, []string{"vulnerabilities[2]", "vulnerabilities[3]"}, positions(c.rejected))
}

func TestANessusItemBecomesOneFindingPerCVE(t *testing.T) {
	items, err := read("scan.nessus", fixture(t, "nessus.xml"), Options{})
	require.NoError(t, err)
	c := count(items)
	assert.Equal(t, []Asset{{Name: "10.0.0.1", Kind: "host"}, {Name: "10.0.0.2", Kind: "host"}}, c.assets)
	assert.Equal(t, 5, c.records)
	require.Len(t, c.findings, 4)
	info, first, second, windows := c.findings[0], c.findings[1], c.findings[2], c.findings[3]
	assert.Equal(t, "not_affected", info.Status, "what only informs opens no work")
	assert.Equal(t, "CVE-2031-1701", first.Vulnerability)
	assert.Equal(t, "CVE-2031-1702", second.Vulnerability)
	assert.Equal(t, Component{Ecosystem: "generic", Name: "demo http server", Installed: "2.4.46"}, first.Component)
	assert.Equal(t, []string{"2.4.49", "2.5.0"}, first.Fixed)
	assert.Equal(t, []string{"nessus 3.0", "nessus 2.0"}, ratingNames(first.Ratings))
	assert.Contains(t, first.Description, "Solution: Upgrade.")
	assert.Equal(t, []string{"KB5005565"}, windows.Fixed)
	assert.Equal(t, []string{"line 19", "line 20"}, positions(c.rejected))
}

func TestANessusTableIsRead(t *testing.T) {
	c := mustRead(t, "scan.csv", fixture(t, "nessus.csv"))
	require.Len(t, c.findings, 2)
	assert.Equal(t, "high", c.findings[0].Severity)
	assert.Equal(t, []string{"2.4.49"}, c.findings[0].Fixed)
	assert.Equal(t, []string{"line 6", "line 7"}, positions(c.rejected))
}

// TestEveryPartOfARecordFollowsIt: consumers count records by it.
func TestEveryPartOfARecordFollowsIt(t *testing.T) {
	for name := range ours {
		items, err := read(name, fixture(t, name), Options{})
		require.NoError(t, err)
		for i, it := range items {
			if it.Continued {
				assert.Equal(t, items[i-1].Position, it.Position, name)
			}
		}
	}
}
