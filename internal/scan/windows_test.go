package scan

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func installedNames(c tally) (names []string) {
	for _, p := range c.parts {
		names = append(names, p.Asset.Name+" "+p.Component.Key())
	}
	return names
}

func TestHotfixesAreReadFromEveryLayoutOnTheHostTheyName(t *testing.T) {
	for _, name := range []string{"hotfix.txt", "wmic.txt", "wmic.csv", "hotfix.json"} {
		c := mustRead(t, "list.txt", fixture(t, name))
		assert.Equal(t, []Asset{{Name: "WIN-DEMO1", Kind: "host"}}, c.assets, name)
		assert.Equal(t, []string{"WIN-DEMO1 kb:KB5099001", "WIN-DEMO1 kb:KB5099002"}, installedNames(c), name)
		assert.Equal(t, "windows-hotfix", c.snapshot.Source)
		assert.True(t, c.snapshot.Inventory)
	}
	assert.Equal(t, []string{"line 6"}, positions(mustRead(t, "l.txt", fixture(t, "hotfix.txt")).rejected))
	assert.Equal(t, []string{"WIN-DEMO1 kb:KB5099001", "WIN-DEMO2 kb:KB5099002"}, installedNames(mustRead(t, "l.csv", fixture(t, "hotfix.csv"))))
}

func TestAPendingSecurityUpdateIsWorkAndItsNextEditionSupersedesIt(t *testing.T) {
	c := mustRead(t, "l.txt", fixture(t, "windows-update.txt"))
	assert.Empty(t, c.rejected)
	require.Len(t, c.findings, 2)
	f := c.findings[0]
	assert.Equal(t, Asset{Name: "WIN-DEMO1", Kind: "host"}, f.Asset)
	assert.Equal(t, Component{Ecosystem: "kb", Name: "Cumulative Update for Windows 99 Version 30H2 for x64-based Systems"}, f.Component, "without its month and number")
	assert.Equal(t, []string{"KB5099011"}, f.Fixed)
	assert.Equal(t, "KB5099011", f.Vulnerability)
	assert.Equal(t, "unknown", f.Severity)
	assert.Equal(t, "Sicherheitsupdate für Microsoft Demo 2031", c.findings[1].Component.Name)
	assert.Len(t, c.updates, 3, "a preview, a removal tool and a driver claim no vulnerability")
	assert.Equal(t, 5, c.records)

	c = mustRead(t, "l.csv", fixture(t, "windows-update.csv"))
	require.Len(t, c.findings, 1)
	assert.Equal(t, f.Component.Key(), c.findings[0].Component.Key())
	assert.Equal(t, "critical", c.findings[0].Severity)
	assert.Len(t, c.updates, 1)
}

func TestCategoriesAndCVEsDecideWhereWindowsUpdateGivesThem(t *testing.T) {
	c := mustRead(t, "l.json", fixture(t, "windows-update.json"))
	require.Len(t, c.findings, 3)
	assert.Equal(t, []string{"CVE-2031-1001", "CVE-2031-1002", "KB5099015"}, []string{c.findings[0].Vulnerability, c.findings[1].Vulnerability, c.findings[2].Vulnerability})
	assert.Equal(t, "high", c.findings[0].Severity)
	require.Len(t, c.updates, 1, "a driver is none, whatever its title says")
	assert.Equal(t, []string{"WIN-DEMO1 kb:KB5099016"}, installedNames(c))
	assert.Equal(t, []string{"record 5", "record 6"}, positions(c.rejected))
}

func TestTheHistoryOfUpdatesTellsWhatWasInstalled(t *testing.T) {
	c := mustRead(t, "l.txt", fixture(t, "windows-history.txt"))
	assert.Equal(t, []string{"WIN-DEMO1 kb:KB5099009", "WIN-DEMO1 kb:Example Corp - Monitor - 3.2.1"}, installedNames(c))
	assert.Empty(t, c.findings)
	assert.Empty(t, c.rejected)
	assert.True(t, c.snapshot.Inventory, "so that it closes no pending update")
	assert.Equal(t, []string{"WIN-DEMO1 kb:KB5099009"}, installedNames(mustRead(t, "l.json", fixture(t, "windows-history.json"))))
}
