package scan

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTablesOfSpreadsheets: what Excel and its like make of a report.
func TestTablesOfSpreadsheets(t *testing.T) {
	table := "sep=;\r\n\"asset\";\"component\";\"vulnerability\"\r\na;b;CVE-2031-1001\r\n;;\r\n\r\n;;\r\n"
	for name, content := range map[string][]byte{"UTF-8": []byte(table), "with a mark": []byte("\xef\xbb\xbf" + table), "UTF-16": inUTF16([]byte(table))} {
		c := mustRead(t, "a.csv", content)
		assert.Equal(t, 1, c.records, name)
		assert.Empty(t, c.rejected, name)
	}
	c := mustRead(t, "a.csv", []byte("sep=;\nasset;component;vulnerability\na;b;\n"))
	assert.Equal(t, []string{"line 3"}, positions(c.rejected), "lines are those of the file")
}

func TestATableWithoutItsColumnsIsRefused(t *testing.T) {
	_, err := read("a.csv", []byte("\"A report\",\"x\"\n\"QID\",\"Severity\"\n1,5\n"), Options{})
	require.ErrorContains(t, err, "looks like text or a table")
	_, err = read("a.csv", []byte("about the scores\ncve,epss,percentile\nCVE-2031-1001,0.1,0.2\n"), Options{})
	require.ErrorContains(t, err, "looks like text", "a feed has no lines about itself")
	rows := strings.Repeat("about the report\n", maxPreamble+1) + "QID,Title,Severity,IP\n1,a,5,b\n"
	_, err = read("a.csv", []byte(rows), Options{})
	require.Error(t, err, "a report has few lines before its table")
}

func TestAProductThatIsBothFixedAndAffectedIsAffected(t *testing.T) {
	advisory := `{"document":{"csaf_version":"2.1","tracking":{"id":"A-1"}},"product_tree":{
		"full_product_names":[{"product_id":"P","name":"Demo 1"},{"product_id":"Q","name":"Demo 2"}],
		"product_groups":[{"group_id":"G","product_ids":["P","Q"]}]},
		"vulnerabilities":[{"cve":"CVE-2031-1511","product_status":{"known_affected":["P"],"fixed":["P","Q"],"known_not_affected":["P"]},
			"remediations":[{"category":"vendor_fix","details":"Update.","group_ids":["G"]}]}]}`
	c := mustRead(t, "a.json", []byte(advisory))
	require.Len(t, c.said, 4)
	for _, s := range c.said {
		want := "affected"
		if s.Product == "Demo 2" {
			want = "fixed"
		}
		assert.Equal(t, want, s.Status, "%s, said to be %s", s.Product, s.Said)
		assert.Equal(t, "Update.", s.Action, "for a group of products too")
	}
}

func TestAResultWithoutALevelIsAWarning(t *testing.T) {
	c := mustRead(t, "a.sarif", []byte(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[{"ruleId":"CVE-2031-1521"}]}]}`))
	assert.Equal(t, "medium", c.findings[0].Severity)
	assert.Empty(t, c.findings[0].Ratings, "which is no score")
}

func TestPagesOfTheNVDMayFollowEachOther(t *testing.T) {
	page := `{"format":"NVD_CVE","totalResults":2,"vulnerabilities":[{"cve":{"id":"CVE-2031-153%","vulnStatus":"Rejected","descriptions":[],"metrics":{}}}]}`
	c := mustRead(t, "a.json", []byte(strings.Replace(page, "%", "1", 1)+"\n"+strings.Replace(page, "%", "2", 1)))
	require.Len(t, c.vulns, 2)
	assert.Equal(t, "REJECTED", c.vulns[1].State)
	assert.Empty(t, c.vulns[0].Ratings)
}

func TestAReportOfTheWrongToolIsNamedInOneSentence(t *testing.T) {
	for content, want := range map[string]string{
		`<report><title>x</title></report>`: "XML of an unknown tool",
		`<analysis xmlns="urn:x"/>`:         "XML of an unknown tool",
		`<bom xmlns="urn:x"/>`:              "XML of an unknown tool",
		`<!DOCTYPE html><html></html>`:      "a web page",
		`<SCAN>`:                            "cut off before its end",
		`<SCAN></SCAN>tail`:                 "text outside of the document",
		`<SCAN><IP></SCAN>`:                 "not valid XML at line 1",
	} {
		items, err := read("a.xml", []byte(content), Options{})
		require.ErrorContains(t, err, want, content)
		assert.Empty(t, count(items).findings)
		assert.NotContains(t, err.Error(), "\n")
	}
}

func TestAHugeRecordOfXMLIsRejectedAndTheRestIsRead(t *testing.T) {
	huge := `<get_reports_response><results><result><host>a</host><nvt oid="1"><name>x</name></nvt><description>` + strings.Repeat("text <b/>", 600_000) + `</description></result>` +
		`<result><host>a</host><nvt oid="1"><name>x</name></nvt><severity>5.0</severity></result></results></get_reports_response>`
	c := mustRead(t, "a.xml", []byte(huge))
	require.Len(t, c.rejected, 1)
	assert.Contains(t, c.rejected[0].Rejected, "larger than 4 MiB")
	assert.Len(t, c.findings, 1)
}

func TestMemoryDoesNotFollowAnXMLReport(t *testing.T) {
	row := `<result><host>10.0.0.1</host><nvt oid="1"><name>x</name><tags>summary=` + strings.Repeat("text ", 500) + `</tags></nvt><severity>5.0</severity></result>`
	s, err := Open("a.xml.gz", bytes.NewReader(endless(t, `<get_reports_response><results>`, row, `</results></get_reports_response>`, 16<<20)))
	require.NoError(t, err)
	var most, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&most)
	n := 0
	for _, err := range s.Items(Options{}) {
		require.NoError(t, err)
		if n++; n%1000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			require.Less(t, now.HeapAlloc, most.HeapAlloc+8<<20)
		}
	}
	assert.Greater(t, n, 5000)
}
