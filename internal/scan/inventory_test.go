package scan

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// osSample is the output of a command on a real host, with what must come of it.
func osSample(t *testing.T, name string) (tally, map[string]any) {
	t.Helper()
	dir := samples(t)
	want := expectations(t, dir)["os-output/"+name]
	require.NotNil(t, want)
	return count(readAll(t, filepath.Join(dir, "os-output", name), Options{})), want
}

func TestTheListOfDpkgQueryYieldsTheDocumentedNumbers(t *testing.T) {
	c, want := osSample(t, "dpkg-query-debian12.tsv")
	assert.Equal(t, number(t, want["packages"]), c.records)
	assert.Len(t, c.parts, number(t, want["installed"]))
	assert.Empty(t, c.rejected)
	assert.True(t, c.snapshot.Inventory)
	assert.Equal(t, []Asset{{Name: "dpkg-query-debian12", Kind: "host", Assumed: true}}, c.assets)
}

func TestPackagesOfDpkgAreReadInBothLayoutsAndRemovedOnesAreNotThere(t *testing.T) {
	lib := Component{Ecosystem: "deb", Name: "libdemo1", Installed: "2:1.0-1+deb12u1"}
	tools := Component{Ecosystem: "deb", Name: "demo-tools", Installed: "1.2.3~rc1-4"}
	items, err := read("web-1.tsv", fixture(t, "dpkg-query.tsv"), Options{Asset: "web-1"})
	require.NoError(t, err)
	web := Asset{Name: "web-1", Kind: "host"}
	assert.Equal(t, []*Installed{{web, lib, "amd64"}, {web, tools, "all"}, {web, lib, "i386"}}, count(items).parts)

	c := mustRead(t, "web-2.txt", fixture(t, "dpkg-list.txt"))
	require.Len(t, c.parts, 2, "headings in any language are no packages")
	assert.Equal(t, tools, c.parts[0].Component)
	assert.Equal(t, lib, c.parts[1].Component)
	assert.Equal(t, "amd64", c.parts[1].Arch)
	assert.Empty(t, c.rejected)
}

func TestABadLineOfAListIsReportedAndTheRestIsRead(t *testing.T) {
	good := strings.Repeat("demo\t1.0-1\tall\tinstalled\r\n", 20)
	c := mustRead(t, "a.tsv", []byte("Chatter of a shell\r\n"+good+"Not A Package\r\n"+strings.Repeat("x", 100_000)+"\r\n"+good))
	assert.Len(t, c.parts, 40)
	require.Len(t, c.rejected, 2)
	assert.Equal(t, []string{"line 22", "line 23"}, positions(c.rejected))
	assert.Contains(t, c.rejected[1].Rejected, "longer than 8 KiB")
}

func TestPackagesOfRPMAreReadWithAndWithoutColumnsAndEpochs(t *testing.T) {
	versions := func(c tally) (list []string) {
		for _, p := range c.parts {
			list = append(list, p.Component.Name+" "+p.Component.Installed+" "+p.Arch)
		}
		return list
	}
	c := mustRead(t, "db-1.txt", fixture(t, "rpm-qa.txt"))
	assert.Equal(t, []string{"bash 5.1.8-9.el9 x86_64", "tzdata 2031a-1.el9 noarch", "kernel 5.14.0-503.el9 x86_64", "kernel 5.14.0-511.el9 x86_64",
		"bind-libs 32:9.16.23-24.el9_5 x86_64", "libstdc++ 11.5.0-2.el9 i686"}, versions(c), "a key is no package, and an epoch of none is none")
	assert.Empty(t, c.rejected)
	c = mustRead(t, "db-2.txt", fixture(t, "rpm-columns.txt"))
	assert.Equal(t, []string{"bash 5.1.8-9.el9 x86_64", "bind-libs 32:9.16.23-24.el9_5 x86_64", "tzdata 2031a-1.el9 noarch", "perl 4:5.32.1-481.el9 x86_64"}, versions(c)[:4])
	assert.Equal(t, []string{"line 5"}, positions(c.rejected))
}
