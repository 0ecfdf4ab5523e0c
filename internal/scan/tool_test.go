package scan

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGovulncheckYieldsOneFindingPerVulnerabilityAndModule(t *testing.T) {
	raw := fixture(t, "govulncheck.json")
	c := mustRead(t, "v.json", raw)
	assert.Equal(t, &Snapshot{Source: "govulncheck", ToolVersion: "v1.1.9"}, c.snapshot)
	assert.Equal(t, []Asset{{Name: "demo.example/shop", Kind: "repository"}}, c.assets)
	require.Len(t, c.findings, 3)
	f := c.findings[0]
	assert.Equal(t, "GO-2031-0001", f.Vulnerability)
	assert.Equal(t, []string{"CVE-2031-1001", "GHSA-aaaa-bbbb-cccc"}, f.Aliases)
	assert.Equal(t, Component{Ecosystem: "golang", Name: "demo.example/parser", PURL: "pkg:golang/demo.example/parser", Installed: "0.3.1"}, f.Component)
	assert.Equal(t, []string{"0.3.5"}, f.Fixed)
	assert.Equal(t, "Endless loop", f.Title)
	assert.Equal(t, []string{"affected", "not_affected", "affected"}, []string{f.Status, c.findings[1].Status, c.findings[2].Status}, "what is imported but never called opens no work")
	assert.Equal(t, "stdlib", c.findings[2].Component.Name)
	assert.Equal(t, "unknown", c.findings[2].FixState)
	assert.Equal(t, []string{"message 12"}, positions(c.rejected))

	shallow := mustRead(t, "v.json", bytes.Replace(raw, []byte(`"scan_level": "symbol"`), []byte(`"scan_level": "package"`), 1))
	assert.Equal(t, "affected", shallow.findings[1].Status, "a scan of packages does not look for calls")
}

func TestGovulncheckIsReadFromAnArrayToo(t *testing.T) {
	raw := append([]byte{'['}, bytes.ReplaceAll(bytes.TrimSpace(fixture(t, "govulncheck.json")), []byte("\n"), []byte(","))...)
	assert.Len(t, mustRead(t, "v.json", append(raw, ']')).findings, 3)
}

func TestSnykNamesProjectsPathsAndIdentifiers(t *testing.T) {
	c := mustRead(t, "s.json", fixture(t, "snyk.json"))
	assert.Equal(t, []Asset{{Name: "shop/package-lock.json", Kind: "repository"}, {Name: "shop/go.mod", Kind: "repository"}}, c.assets, "what could not be tested is not covered")
	assert.Equal(t, 6, c.records)
	require.Len(t, c.findings, 5)
	f := c.findings[0]
	assert.Equal(t, "CVE-2031-1001", f.Vulnerability)
	assert.Equal(t, []string{"SNYK-JS-DEMOTREE-100001", "GHSA-aaaa-bbbb-cccc"}, f.Aliases)
	assert.Equal(t, []string{"1.0.4", "2.1.0"}, f.Fixed)
	assert.Equal(t, "critical", f.Severity)
	assert.Equal(t, 0.25, *f.EPSS)
	assert.Equal(t, []string{"nvd 3.1", "snyk 3.1"}, ratingNames(f.Ratings))
	again := c.findings[1]
	assert.Equal(t, []string{f.Vulnerability, f.Component.Key()}, []string{again.Vulnerability, again.Component.Key()}, "another path to the same package")
	assert.Equal(t, []string{"CVE-2031-1002", "CVE-2031-1003"}, []string{c.findings[2].Vulnerability, c.findings[3].Vulnerability})
	assert.Empty(t, c.findings[2].Aliases, "two CVEs under one id are two vulnerabilities")
	assert.Equal(t, []string{"3.0.1"}, c.findings[2].Fixed, "where the way to upgrade ends")
	assert.Empty(t, c.findings[2].Ratings)
	assert.Equal(t, "SNYK-GOLANG-DEMOEXAMPLENET-100004", c.findings[4].Vulnerability)
	assert.Equal(t, "golang:demo.example/net", c.findings[4].Component.Key())
	assert.Equal(t, []Item{
		{Position: "project 1 vulnerabilities[3]", Rejected: errLicence.Error()},
		{Position: "project 1 vulnerabilities[4]", Rejected: "a CVSS score is outside 0–10"},
	}, c.rejected)
}

func TestSnykReportsAnImageWithItsApplications(t *testing.T) {
	c := mustRead(t, "s.json", fixture(t, "snyk-image.json"))
	assert.Equal(t, []Asset{{Name: "registry.example/shop:1.4", Kind: "image"}}, c.assets)
	require.Len(t, c.findings, 2)
	assert.Equal(t, "pkg:deb/debian/libdemossl3", c.findings[0].Component.PURL)
	assert.Equal(t, []string{"3.0.11-1~deb12u2"}, c.findings[0].Fixed)
	assert.Equal(t, []string{"redhat 3.1"}, ratingNames(c.findings[0].Ratings))
	assert.Equal(t, "GHSA-dddd-eeee-ffff", c.findings[1].Vulnerability)
	assert.Equal(t, c.assets[0], c.findings[1].Asset)
}

func TestInspectorYieldsAFindingPerPackageAndResource(t *testing.T) {
	c := mustRead(t, "i.json", fixture(t, "inspector.json"))
	assert.Equal(t, []Asset{{Name: "i-0123456789abcdef0", Kind: "host", Stream: "el9"}, {Name: "shop:1.4", Kind: "image", Stream: "deb12"}, {Name: "nightly", Kind: "application"}}, c.assets)
	assert.Equal(t, 4, c.records)
	require.Len(t, c.findings, 4)
	f := c.findings[0]
	assert.Equal(t, Component{Ecosystem: "rpm", Name: "demossl-libs", PURL: "pkg:rpm/redhat/demossl-libs", Installed: "1:3.0.7-25.el9"}, f.Component)
	assert.Equal(t, []string{"1:3.0.7-27.el9"}, f.Fixed)
	assert.Equal(t, 0.5, *f.EPSS)
	assert.Equal(t, []Rating{{"nvd", "3.1", "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H", 8.1}, {"aws-inspector", "3.1", "CVSS:3.1/AV:N/AC:H/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.1}}, f.Ratings)
	assert.Equal(t, "rpm:demossl", c.findings[1].Component.Key())
	hidden := c.findings[2]
	assert.Equal(t, []string{"not_affected", "unknown", "unknown", "maven"}, []string{hidden.Status, hidden.Severity, hidden.FixState, hidden.Component.Ecosystem})
	assert.Equal(t, []string{"CVE-2031-1002"}, hidden.Aliases)
	assert.Equal(t, []string{"fixed", "pypi"}, []string{c.findings[3].Status, c.findings[3].Component.Ecosystem})
	assert.Equal(t, []Item{{Position: "record 1 findings[3]", Rejected: "is about no package, but network_reachability"}}, c.rejected)
}

func TestInspectorIsReadFromEventsAndFromSecurityHub(t *testing.T) {
	c := mustRead(t, "i.json", fixture(t, "inspector-event.json"))
	require.Len(t, c.findings, 2)
	assert.Equal(t, "pkg:deb/ubuntu/demossl", c.findings[0].Component.PURL)
	assert.Equal(t, []string{"3.0.7-1ubuntu2"}, c.findings[0].Fixed, "an epoch of 0 says nothing")
	assert.Equal(t, "unknown", c.findings[1].FixState)

	hub, own := mustRead(t, "h.json", fixture(t, "inspector-asff.json")), mustRead(t, "i.json", fixture(t, "inspector.json"))
	require.Len(t, hub.findings, 2)
	assert.Equal(t, own.snapshot.Source, hub.snapshot.Source)
	assert.Equal(t, []Asset{{Name: "i-0123456789abcdef0", Kind: "host"}, {Name: "shop:1.4", Kind: "image"}}, hub.assets, "which does not pass the platform on")
	assert.Equal(t, own.findings[1].Fixed, hub.findings[0].Fixed)
	assert.Equal(t, own.findings[1].Component.Installed, hub.findings[0].Component.Installed)
	assert.Equal(t, "fixed", hub.findings[1].Status)
	require.Len(t, hub.rejected, 1)
	assert.Equal(t, "names no vulnerability", hub.rejected[0].Rejected)
	assert.Zero(t, mustRead(t, "i.json", []byte(`{"findings": [], "nextToken": "x"}`)).records)
}

func TestSPDXListsWhatIsInTheAsset(t *testing.T) {
	raw := fixture(t, "spdx.json")
	c := mustRead(t, "b.json", raw)
	assert.Equal(t, []Asset{{Name: "registry.example/shop:1.4", Kind: "sbom"}}, c.assets)
	assert.Equal(t, "spdx/bom-maker", c.snapshot.Source)
	assert.True(t, c.snapshot.Inventory)
	require.Len(t, c.parts, 3, "the asset itself is no component of it")
	assert.Equal(t, Installed{c.assets[0], Component{Ecosystem: "deb", Name: "libdemo1", PURL: "pkg:deb/debian/libdemo1", Installed: "2:1.0-1", Stream: "deb12"}, "amd64"}, *c.parts[0])
	assert.Equal(t, "1.2", c.parts[1].Component.Installed)
	assert.Equal(t, "generic:plain", c.parts[2].Component.Key())
	assert.Equal(t, []string{"packages[4]"}, positions(c.rejected))
	wrapped := mustRead(t, "b.json", append(append([]byte(`{"sbom":`), raw...), '}'))
	assert.Equal(t, c.parts, wrapped.parts)
}
