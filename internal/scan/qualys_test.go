package scan

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAQualysTableIsRead(t *testing.T) {
	c := mustRead(t, "q.csv", fixture(t, "qualys.csv"))
	assert.Equal(t, []Asset{{Name: "win.example", Kind: "host"}, {Name: "10.0.1.2", Kind: "host"}, {Name: "10.0.1.3", Kind: "host"}}, c.assets,
		"a NetBIOS name may be that of several hosts; a host without a finding is covered")
	assert.Equal(t, 6, c.records)
	assert.Equal(t, []string{"line 9", "line 10"}, positions(c.rejected))
	require.Len(t, c.findings, 6)
	windows, openssl, old, info := c.findings[0], c.findings[2], c.findings[4], c.findings[5]
	assert.Equal(t, "CVE-2031-2101", windows.Vulnerability)
	assert.Equal(t, []string{"KB5003171"}, windows.Fixed, "the article in the title is the one for this host")
	assert.Equal(t, "Demo Windows Security Update for May 2031", windows.Component.Name, "without the article")
	assert.Equal(t, "critical", windows.Severity)
	assert.Equal(t, []string{"qualys 3.0", "qualys 2.0"}, ratingNames(windows.Ratings))
	assert.Equal(t, "CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", windows.Ratings[0].Vector)
	assert.Contains(t, windows.Description, "Text\nwith marks.")
	assert.Equal(t, Component{Ecosystem: "rpm", Name: "openssl", Installed: "1.0.2k-16.el7"}, openssl.Component)
	assert.Equal(t, []string{"1.0.2k-21.el7"}, openssl.Fixed)
	assert.Empty(t, openssl.Ratings, "no score is not a score of 0")
	assert.Equal(t, "openssl-libs", c.findings[3].Component.Name)
	assert.Equal(t, "QID-105001", old.Vulnerability)
	assert.Equal(t, "under_investigation", old.Status)
	assert.Equal(t, []string{VendorFix}, old.Fixed)
	assert.Equal(t, "not_affected", info.Status, "what only informs opens no work")
	assert.Empty(t, info.Fixed)
}

func TestAQualysTableMayBeginAfterLinesAboutTheReport(t *testing.T) {
	c := mustRead(t, "v.csv", fixture(t, "qualys-vmdr.csv"))
	assert.Empty(t, c.rejected)
	assert.Equal(t, 4, c.records)
	assert.Equal(t, []string{"affected", "under_investigation", "fixed", "not_affected"}, statusesOf(c.findings))
	assert.Equal(t, []string{"2.17.0"}, c.findings[0].Fixed)
	assert.Equal(t, []string{"qualys 3.1", "qualys 2.0"}, ratingNames(c.findings[0].Ratings))
	assert.Equal(t, []string{VendorFix}, c.findings[1].Fixed, "it says that there is a patch")
	assert.Equal(t, "APP01", c.findings[0].Asset.Name)
}

func statusesOf(list []*Finding) (statuses []string) {
	for _, f := range list {
		statuses = append(statuses, f.Status)
	}
	return statuses
}

func TestAQualysAssetReportTakesItsGlossaryAlong(t *testing.T) {
	c := mustRead(t, "a.xml", fixture(t, "qualys-asset.xml"))
	assert.Equal(t, []Asset{{Name: "one.example", Kind: "host"}, {Name: "10.0.2.2", Kind: "host"}}, c.assets)
	assert.Equal(t, 2031, c.snapshot.ReportedAt.Year())
	assert.Equal(t, 3, c.records)
	require.Len(t, c.findings, 3)
	assert.Equal(t, "not_affected", c.findings[0].Status)
	f := c.findings[1]
	assert.Equal(t, "CVE-2031-2121", f.Vulnerability)
	assert.Equal(t, "Demo Server Vulnerability", f.Component.Name)
	assert.Equal(t, []string{"2.4.49", "2.5.1"}, f.Fixed)
	assert.Equal(t, []Rating{{Source: "qualys", Version: "3.0", Score: 9.8}, {Source: "qualys", Version: "2.0", Score: 7.5}}, f.Ratings)
	assert.Equal(t, []string{"line 10"}, positions(c.rejected))
}

func TestQualysDetectionsAndScansAreRead(t *testing.T) {
	c := mustRead(t, "d.xml", fixture(t, "qualys-detections.xml"))
	assert.Empty(t, c.rejected)
	assert.Equal(t, []string{"affected", "fixed", "not_affected"}, statusesOf(c.findings))
	assert.Equal(t, "QID-170001", c.findings[0].Vulnerability)
	assert.Equal(t, "pkg:deb/debian/sudo", c.findings[0].Component.PURL)
	assert.Equal(t, []string{"1.8-2"}, c.findings[0].Fixed)

	c = mustRead(t, "s.xml", fixture(t, "qualys-scan.xml"))
	assert.Empty(t, c.rejected)
	assert.Equal(t, []Asset{{Name: "four.example", Kind: "host"}, {Name: "10.0.4.2", Kind: "host"}}, c.assets)
	assert.Equal(t, []string{"not_affected", "affected"}, statusesOf(c.findings))
	assert.Equal(t, "CVE-2031-2131", c.findings[1].Vulnerability)
	assert.Equal(t, []string{VendorFix}, c.findings[1].Fixed)
}

func TestQualysReportsYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "qualys", func(t *testing.T, path string, want map[string]any) {
		c := count(readAll(t, path, Options{}))
		assert.Empty(t, c.rejected)
		assert.Equal(t, number(t, want["rows"]), c.records)
		assert.Len(t, c.assets, number(t, want["hosts"]))
		assert.Equal(t, number(t, want["distinct_cves"]), cves(by(c.findings, findingID)))
		assert.Len(t, by(c.findings, func(f *Finding) string { return f.Title }), number(t, want["distinct_qids"]))
		assert.Equal(t, want["rows"], want["severity"].(map[string]any)["5"], "all samples are of level 5")
		for _, f := range c.findings {
			assert.Equal(t, "critical", f.Severity)
			assert.NotEmpty(t, f.Fixed, "%s has a solution", f.Title)
		}
	})
}
