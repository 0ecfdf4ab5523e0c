package scan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAptListYieldsTheDocumentedNumbers(t *testing.T) {
	c, want := osSample(t, "apt-list-upgradable-debian12.txt")
	assert.Equal(t, number(t, want["upgradable"]), c.records)
	assert.Len(t, c.findings, number(t, want["security"]))
	assert.Len(t, c.updates, number(t, want["upgradable"])-number(t, want["security"]))
	assert.Empty(t, c.rejected)
	names, arches := by(c.findings, packageName), tallyOf(c.updates, func(u *Update) string { return u.Arch })
	assert.Len(t, names, number(t, want["security"]))
	assert.NotEmpty(t, arches)
	assert.False(t, c.snapshot.Inventory)
}

func TestUpdateinfoYieldsTheDocumentedNumbers(t *testing.T) {
	c, want := osSample(t, "yum-updateinfo-list-fedora32.txt")
	assert.Equal(t, number(t, want["lines"]), c.records)
	assert.Empty(t, c.rejected)
	require.Len(t, c.findings, number(t, want["security"]))
	assert.Equal(t, "FEDORA-2020-352b61ce72", c.findings[0].Vulnerability)
	assert.Equal(t, "medium", c.findings[0].Severity)
	assert.Equal(t, []string{"18.168.6.1-115.fc32"}, c.findings[0].Fixed)
	names := tallyOf(c.updates, func(u *Update) string { return u.Component.Name })
	assert.Len(t, names, number(t, want["distinct_names"])-len(c.findings))
	epochs := 0
	for _, u := range c.updates {
		if strings.Contains(u.Version, ":") {
			epochs++
		}
	}
	assert.Equal(t, number(t, want["with_epoch"]), epochs)
}

func TestTheOriginOfAnUpgradeDecidesWhetherItIsForSecurity(t *testing.T) {
	c := mustRead(t, "web-1.txt", fixture(t, "apt-list.txt"))
	assert.Equal(t, []Asset{{Name: "web-1", Kind: "host", Assumed: true}}, c.assets)
	assert.Empty(t, c.rejected)
	require.Len(t, c.findings, 3)
	f := c.findings[0]
	assert.Equal(t, Component{Ecosystem: "deb", Name: "libdemo1", Installed: "2:1.0-1+deb12u1"}, f.Component)
	assert.Equal(t, "APT-SECURITY:libdemo1:2:1.0-1+deb12u1", f.Vulnerability)
	assert.Equal(t, []string{"2:1.0-1+deb12u3"}, f.Fixed)
	assert.Equal(t, "unknown", f.Severity, "nobody rated it")
	assert.Empty(t, f.Ratings)
	assert.Equal(t, "vpn-client", c.findings[2].Component.Name)
	require.Len(t, c.updates, 2)
	assert.Equal(t, "demo-security-theme", c.updates[1].Component.Name, "a name is no origin")
	assert.Equal(t, "3.0-1", c.updates[1].Component.Installed)
}

func TestASimulatedUpgradeSaysTheSameAsTheList(t *testing.T) {
	c := mustRead(t, "web-1.txt", fixture(t, "apt-get.txt"))
	list := mustRead(t, "web-1.txt", fixture(t, "apt-list.txt"))
	assert.Equal(t, list.snapshot.Source, c.snapshot.Source)
	require.Len(t, c.findings, 2, "a package that would be new is not installed")
	for _, f := range c.findings {
		assert.Equal(t, list.findings[0].Vulnerability, f.Vulnerability)
		assert.Equal(t, list.findings[0].Component.Key(), f.Component.Key())
		assert.Equal(t, list.findings[0].Fixed, f.Fixed)
	}
	assert.Equal(t, "pkg:deb/debian/libdemo1", c.findings[0].Component.PURL)
	require.Len(t, c.updates, 2)
	assert.Equal(t, []string{"demo-tools", "browser"}, []string{c.updates[0].Component.Name, c.updates[1].Component.Name})
	require.Len(t, c.rejected, 1)
	assert.Equal(t, "line 12", c.rejected[0].Position)
}

func TestAnEmptyListOfUpgradesIsOneAndAListOfInstalledPackagesIsNone(t *testing.T) {
	c := mustRead(t, "web-1.txt", []byte("\nWARNING: apt does not have a stable CLI interface.\n\nListing...\n"))
	assert.Equal(t, "apt", c.snapshot.Source)
	assert.Zero(t, c.records)
	assert.Len(t, c.assets, 1)
	c = mustRead(t, "db-1.txt", []byte("Last metadata expiration check: 0:12:34 ago on Mon.\n"))
	assert.Equal(t, "dnf", c.snapshot.Source)
	_, err := read("web-1.txt", []byte("Listing...\nbash/stable,now 5.2-1 amd64 [installed]\ncurl/now 1.0-1 amd64 [installed,upgradable to: 1.0-2]\n"), Options{})
	require.ErrorContains(t, err, "looks like text")
}

func TestUpdateinfoIsReadInTheLayoutsOfYumAndDnf(t *testing.T) {
	c := mustRead(t, "db-1.txt", fixture(t, "yum-updateinfo.txt"))
	assert.Equal(t, 8, c.records)
	require.Len(t, c.findings, 6)
	kernel, newer := c.findings[0], c.findings[1]
	assert.Equal(t, kernel.Component.Key(), newer.Component.Key(), "two advisories for one package")
	assert.Equal(t, "pkg:rpm/redhat/kernel", kernel.Component.PURL)
	assert.Equal(t, []string{"high", "medium", "medium", "unknown", "unknown", "low"},
		[]string{kernel.Severity, newer.Severity, c.findings[2].Severity, c.findings[3].Severity, c.findings[4].Severity, c.findings[5].Severity})
	assert.Equal(t, c.findings[3].Fixed, c.findings[4].Fixed, "yum writes the epoch before the name")
	assert.Equal(t, []string{"32:9.16.23-24.el9_5"}, c.findings[3].Fixed)
	assert.Equal(t, "fixed", c.findings[5].Status, "what is installed opens no work")
	assert.Equal(t, "https://access.redhat.com/errata/RHSA-2031:0101", kernel.URL)
	require.Len(t, c.updates, 1)
	assert.Equal(t, []string{"line 10"}, positions(c.rejected))

	c = mustRead(t, "db-2.txt", fixture(t, "dnf5-updateinfo.txt"))
	assert.Empty(t, c.rejected)
	require.Len(t, c.findings, 3)
	assert.Equal(t, []string{"1:2.0-3.fc40"}, c.findings[0].Fixed)
	assert.Equal(t, "unknown", c.findings[1].Severity, "None says that nobody rated it, not that it is harmless")
	assert.Equal(t, "CVE-2031-1001", c.findings[2].Vulnerability)
	assert.Len(t, c.updates, 1)
}
