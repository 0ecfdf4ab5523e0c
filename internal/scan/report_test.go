package scan

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestATrivyReportIsReadWhateverTheOrderOfItsKeys(t *testing.T) {
	c := mustRead(t, "trivy.json", fixture(t, "trivy-image.json"))
	assert.Equal(t, &Snapshot{Source: "trivy", ToolVersion: "0.99.0", ReportedAt: time.Date(2031, 2, 3, 2, 5, 6, 7e8, time.UTC)}, c.snapshot)
	assert.Equal(t, []Asset{{Name: "registry.example/demo:1.2", Kind: "image", Stream: "deb12"}}, c.assets)
	require.Len(t, c.findings, 3)
	assert.Equal(t, 6, c.records)

	f := c.findings[0]
	assert.Equal(t, c.assets[0], f.Asset)
	assert.Equal(t, Component{Ecosystem: "deb", Name: "libdemo1", PURL: "pkg:deb/debian/libdemo1", Installed: "2:1.0-1", Stream: "deb12"}, f.Component)
	assert.Equal(t, []string{"GHSA-aaaa-bbbb-cccc"}, f.Aliases, "an advisory is not another id of the vulnerability")
	assert.Equal(t, []string{"2:1.0-2", "2:1.1-1"}, f.Fixed)
	assert.Equal(t, "A description of the fault.", f.Description)
	assert.Equal(t, []string{"nvd 3.1", "nvd 2.0", "redhat 3.1"}, ratingNames(f.Ratings))
}

func ratingNames(list []Rating) (names []string) {
	for _, r := range list {
		names = append(names, r.Source+" "+r.Version)
	}
	return names
}

func TestTheStateOfAFixFollowsTheReport(t *testing.T) {
	c := mustRead(t, "trivy.json", fixture(t, "trivy-image.json"))
	assert.Equal(t, "fixed", c.findings[0].FixState)
	assert.Equal(t, "wont_fix", c.findings[1].FixState)
	assert.Equal(t, "fixed", c.findings[2].FixState, "a fixed version without a status")
	for _, f := range c.findings {
		assert.Equal(t, "affected", f.Status)
	}
}

func TestABadRecordIsReportedWithItsPlaceAndTheRestIsRead(t *testing.T) {
	c := mustRead(t, "trivy.json", fixture(t, "trivy-image.json"))
	assert.Equal(t, []Item{
		{Position: "Results[0].Vulnerabilities[2]", Rejected: "VulnerabilityID is missing or no id"},
		{Position: "Results[1].Vulnerabilities[1]", Rejected: "InstalledVersion cannot be a number"},
		{Position: "Results[1].Vulnerabilities[2]", Rejected: "a CVSS score is outside 0–10"},
	}, c.rejected)
}

func TestAnOldTrivyReportNamesItsImageByTheOperatingSystem(t *testing.T) {
	c := mustRead(t, "old.json", fixture(t, "trivy-array.json"))
	assert.Equal(t, []Asset{{Name: "demo:old", Kind: "image", Stream: "alpine3.9"}}, c.assets)
	require.Len(t, c.findings, 1)
	assert.Equal(t, "pkg:apk/alpine/musl", c.findings[0].Component.PURL)
}

func TestAClusterReportCoversEveryWorkloadAlsoWithoutFindings(t *testing.T) {
	c := mustRead(t, "cluster.json", fixture(t, "trivy-cluster.json"))
	assert.Equal(t, []Asset{{Name: "shop/Deployment/web", Kind: "workload"}, {Name: "shop/Job/nightly", Kind: "workload"}}, c.assets)
	require.Len(t, c.findings, 1)
	assert.Equal(t, c.assets[0], c.findings[0].Asset)
}

func TestAWorkloadThatCouldNotBeScannedIsNotCovered(t *testing.T) {
	c := mustRead(t, "cluster.json", []byte(`{"ClusterName":"demo","Resources":[{"Kind":"Job","Name":"a","Error":"no image"},{"Kind":"Job","Name":"b"}]}`))
	assert.Equal(t, []Asset{{Name: "Job/b", Kind: "workload"}}, c.assets)
}

func TestAGrypeMatchCarriesAliasesLikelihoodAndFix(t *testing.T) {
	c := mustRead(t, "grype.json", fixture(t, "grype.json"))
	assert.Equal(t, []Asset{{Name: "/srv/demo", Kind: "filesystem"}}, c.assets)
	assert.Equal(t, 4, c.records, "ignored matches are no records")
	require.Len(t, c.findings, 2)
	f := c.findings[0]
	assert.Equal(t, []string{"CVE-2031-4001"}, f.Aliases)
	assert.Equal(t, "org.example.demo:demo-core", f.Component.Name)
	assert.Equal(t, 0.97, *f.EPSS)
	assert.True(t, *f.KEV)
	assert.Equal(t, []string{"nvd 3.1", "ghsa 3.1"}, ratingNames(f.Ratings))
	assert.Equal(t, "Text of the CVE.", f.Description)
	assert.Nil(t, c.findings[1].EPSS)
	assert.Equal(t, "wont_fix", c.findings[1].FixState)
	assert.Equal(t, []Item{
		{Position: "matches[2]", Rejected: "epss is not from 0 to 1"},
		{Position: "matches[3]", Rejected: "a record cannot be a string"},
	}, c.rejected)
}

func TestTheSamePackageHasTheSameKeyInEveryReport(t *testing.T) {
	for _, same := range [][]Component{
		{newComponent("debian", "openssl", "", "1"), newComponent("deb", "openssl", "pkg:deb/ubuntu/openssl@2?arch=amd64", "2")},
		{newComponent("jar", "org.a:b", "", "1"), newComponent("java-archive", "b", "pkg:maven/org.a/b@1", "")},
		{newComponent("pip", "Demo_Thing", "", "1"), newComponent("python", "", "pkg:pypi/demo-thing@1", "")},
		{newComponent("npm", "@s/n", "", "1"), newComponent("npm", "n", "pkg:npm/%40s/n@1.0.0", ""), newComponent("npm", "n", "pkg:npm/@s/n", "")},
		{newComponent("gomod", "github.com/A/b", "", "1"), newComponent("go-module", "", "pkg:golang/github.com/a/b@v1.0.0+incompatible#sub", "")},
	} {
		for _, c := range same {
			assert.Equal(t, same[0].Key(), c.Key())
		}
	}
	assert.NotEqual(t, newComponent("deb", "tar", "", "").Key(), newComponent("npm", "tar", "", "").Key())
}

func TestTheCallerMayNameTheAsset(t *testing.T) {
	for _, file := range []string{"trivy-image.json", "trivy-cluster.json", "grype.json", "generic.csv"} {
		items, err := read(file, fixture(t, file), Options{Asset: "my-host"})
		require.NoError(t, err)
		for _, f := range count(items).findings {
			assert.Equal(t, "my-host", f.Asset.Name, file)
		}
	}
}

func TestFixedVersionsAreTakenFromListsAndRanges(t *testing.T) {
	for text, want := range map[string][]string{
		"1.2.3":                      {"1.2.3"},
		"1.2.3, 2.0.1":               {"1.2.3", "2.0.1"},
		">=1.2.3 <2.0.0 || >= 2.0.1": {"1.2.3", "2.0.1"},
		"~> 4.2.11, >= 5.0.0.1, < 6": {"4.2.11", "5.0.0.1"},
		"1:2.0~rc1-1":                {"1:2.0~rc1-1"},
		"":                           nil,
	} {
		assert.Equal(t, want, versionList(text), text)
	}
}

func TestIdsAreTheSameInAnyLetterCase(t *testing.T) {
	for given, want := range map[string]string{"cve-2031-1001": "CVE-2031-1001", "ghsa-AAAA-bbbb-CCCC": "GHSA-aaaa-bbbb-cccc", "RHSA-2031:1": "RHSA-2031:1"} {
		id, ok := vulnerabilityID(given)
		assert.True(t, ok)
		assert.Equal(t, want, id)
	}
	for _, bad := range []string{"", "CVE-31-1", "CVE-2031-1001 and more", "<script>"} {
		_, ok := vulnerabilityID(bad)
		assert.False(t, ok, bad)
	}
}

func TestTheEpochOfAnRPMBelongsToItsVersion(t *testing.T) {
	for purl, want := range map[string]string{
		"pkg:rpm/redhat/a@2.0-1?epoch=1&arch=x": "1:2.0-1",
		"pkg:rpm/redhat/a@2.0-1?epoch=0":        "2.0-1",
		"pkg:rpm/redhat/a@1:2.0-1?epoch=1":      "1:2.0-1",
		"pkg:npm/%40s/n@1.0.0#sub":              "1.0.0",
		"pkg:npm/@s/n":                          "",
		"a@1":                                   "",
	} {
		assert.Equal(t, want, purlVersion(purl), purl)
	}
}
