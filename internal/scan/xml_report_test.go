package scan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestACycloneDXDocumentSaysTheSameInXMLAsInJSON(t *testing.T) {
	inJSON, inXML := mustRead(t, "bom", fixture(t, "cyclonedx.json")), mustRead(t, "bom", fixture(t, "cyclonedx.xml"))
	assert.Equal(t, inJSON.snapshot, inXML.snapshot)
	assert.Equal(t, inJSON.assets, inXML.assets)
	assert.Equal(t, inJSON.parts, inXML.parts)
	assert.Equal(t, inJSON.findings, inXML.findings)
	assert.Equal(t, inJSON.records, inXML.records)
	assert.Equal(t, []string{"line 18", "line 36"}, positions(inXML.rejected))
}

func TestVulnerabilitiesInsideAComponentAreReadToo(t *testing.T) {
	c := mustRead(t, "old.xml", fixture(t, "cyclonedx-1.1.xml"))
	assert.Equal(t, []Asset{{Name: "old", Kind: "unknown", Assumed: true}}, c.assets)
	assert.Equal(t, 5, c.records)
	require.Len(t, c.findings, 2)
	f := c.findings[0]
	assert.Equal(t, "pkg:npm/demo", f.Component.PURL, "the component around it is meant")
	assert.Equal(t, "critical", f.Severity)
	assert.Equal(t, []Rating{{Version: "3.0", Vector: "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Score: 9.8}}, f.Ratings)
	assert.Equal(t, "later", c.findings[1].Component.Name)
	assert.Empty(t, c.findings[1].Ratings, "no rating is not a rating of 0")
	assert.Equal(t, "the score of a rating is no number", c.rejected[0].Rejected)
}

func TestARecommendationNamesTheFix(t *testing.T) {
	bom := `{"bomFormat":"CycloneDX","components":[{"bom-ref":"a","name":"musl","version":"1"}],"vulnerabilities":[{"id":"CVE-2031-1",
		"recommendation":"Upgrade musl-utils to version 1.0; Upgrade musl to version 1.1.20-r5, 2.0.1","affects":[{"ref":"a"}]}]}`
	c := mustRead(t, "bom.json", []byte(strings.Replace(bom, "CVE-2031-1", "CVE-2031-1121", 1)))
	assert.Equal(t, []string{"1.1.20-r5", "2.0.1"}, c.findings[0].Fixed)
}

func TestADependencyCheckReportIsReadInXMLAndJSON(t *testing.T) {
	for _, name := range []string{"dependency-check.xml", "dependency-check.json"} {
		c := mustRead(t, name, fixture(t, name))
		assert.Equal(t, []Asset{{Name: "demo-shop", Kind: "application"}}, c.assets)
		assert.Equal(t, "9.9.9", c.snapshot.ToolVersion)
		assert.Equal(t, 5, c.records, "a suppressed vulnerability is no record")
		assert.Len(t, c.rejected, 2)
		require.Len(t, c.findings, 3)
		f := c.findings[0]
		assert.Equal(t, Component{Ecosystem: "maven", Name: "org.example:demo-core", PURL: "pkg:maven/org.example/demo-core", Installed: "1.0"}, f.Component)
		assert.Equal(t, []string{"1.2.3"}, f.Fixed, "only the range that matched counts")
		assert.Equal(t, []Rating{
			{Source: "nvd", Version: "3.1", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Score: 9.8},
			{Source: "nvd", Version: "2.0", Vector: "AV:N/AC:L/Au:N/C:P/I:P/A:P", Score: 7.5},
		}, f.Ratings)
		assert.Equal(t, "https://example.com/1901", f.URL)
		assert.Equal(t, "Prototype pollution in demo", c.findings[1].Vulnerability, "some sources have no ids")
		assert.Equal(t, Component{Ecosystem: "generic", Name: "example app server", Installed: "2.1"}, c.findings[2].Component)
		assert.Equal(t, "medium", c.findings[2].Severity, "from the score, where no word is given")
	}
}

func TestAnOldDependencyCheckReportIsReadToo(t *testing.T) {
	c := mustRead(t, "old.xml", fixture(t, "dependency-check-1.3.xml"))
	require.Len(t, c.findings, 1)
	assert.Equal(t, Component{Ecosystem: "maven", Name: "org.example:old", PURL: "pkg:maven/org.example/old", Installed: "6.7.8"}, c.findings[0].Component)
	assert.Equal(t, []Rating{{Source: "nvd", Version: "2.0", Vector: "AV:N/AC:L/Au:N/C:P/I:P/A:P", Score: 7.5}}, c.findings[0].Ratings)
	assert.Equal(t, "medium", c.findings[0].Severity)
}

// hostileXML are attacks on readers of XML, to be put before or into a document.
func TestHostileXMLIsRefusedAndNothingIsFetchedOrExpanded(t *testing.T) {
	laughs := `<!DOCTYPE bom [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	bom := `<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component type="library"><name>%s</name></component></components></bom>`
	for content, want := range map[string]string{
		laughs + fmt.Sprintf(bom, "&c;"): "invalid character entity",
		`<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + fmt.Sprintf(bom, "&x;"): "invalid character entity",
		fmt.Sprintf(bom, strings.Repeat("<a>", 1_000_000)):                                   "nested deeper than",
		fmt.Sprintf(bom, "<a "+strings.Repeat("b='c' ", 1<<20)+"/>"):                         "larger than 4 MiB",
		fmt.Sprintf(bom, "a") + fmt.Sprintf(bom, "b"):                                        "a second document",
	} {
		items, err := read("a.xml", []byte(content), Options{})
		require.ErrorContains(t, err, want)
		assert.Empty(t, count(items).parts)
	}
	c := mustRead(t, "a.xml", []byte(laughs+fmt.Sprintf(bom, "kept")))
	assert.Len(t, c.parts, 1, "what is only declared does no harm")
}
