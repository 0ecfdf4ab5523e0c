package scan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ours are all fixtures, with the format each must be recognised as.
var ours = map[string]Format{
	"trivy-image.json": TrivyJSON, "trivy-array.json": TrivyJSON, "trivy-cluster.json": TrivyJSON,
	"grype.json": GrypeJSON, "kev.json": KEVJSON, "kev.csv": KEVCSV, "epss.csv": EPSSCSV, "cve.json": CVE5JSON, "generic.csv": GenericCSV,
	"sarif.json": SARIF, "cyclonedx.json": CycloneDX, "openvex.json": OpenVEX, "osv.json": OSVJSON, "osv-scanner.json": OSVScanner,
	"csaf.json": CSAFJSON, "nvd.json": NVDJSON, "nessus.xml": NessusXML, "nessus.csv": NessusCSV,
	"govulncheck.json": Govulncheck, "snyk.json": SnykJSON, "snyk-image.json": SnykJSON, "inspector.json": InspectorJSON,
	"inspector-event.json": InspectorJSON, "inspector-asff.json": InspectorJSON, "spdx.json": SPDXJSON,
	"hotfix.txt": HotfixText, "wmic.txt": HotfixText, "wmic.csv": HotfixCSV, "hotfix.csv": HotfixCSV, "hotfix.json": HotfixJSON, "windows-update.txt": WindowsUpdateText,
	"windows-update.csv": WindowsUpdateCSV, "windows-update.json": WindowsUpdateJSON, "windows-history.txt": WindowsUpdateText, "windows-history.json": WindowsUpdateJSON,
	"dpkg-query.tsv": DpkgText, "dpkg-list.txt": DpkgText, "rpm-qa.txt": RPMText, "rpm-columns.txt": RPMText,
	"apt-list.txt": AptListText, "apt-get.txt": AptSimulateText, "yum-updateinfo.txt": UpdateinfoText, "dnf5-updateinfo.txt": UpdateinfoText,
	"qualys.csv": QualysCSV, "qualys-vmdr.csv": QualysCSV, "qualys-asset.xml": QualysXML, "qualys-detections.xml": QualysXML, "qualys-scan.xml": QualysXML,
	"openvas.xml": OpenVASXML, "openvas-response.xml": OpenVASXML, "openvas.csv": OpenVASCSV,
	"defender.json": DefenderJSON, "defender.csv": DefenderCSV,
	"cyclonedx.xml": CycloneDXXML, "cyclonedx-1.1.xml": CycloneDXXML, "dependency-check.xml": DependencyCheckXML,
	"dependency-check-1.3.xml": DependencyCheckXML, "dependency-check.json": DependencyCheckJSON,
}

func TestAFormatIsRecognisedByContentWhateverTheName(t *testing.T) {
	for name, want := range ours {
		raw := fixture(t, name)
		for _, content := range [][]byte{raw, gzipped(t, raw), inUTF16(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))} {
			s, err := Open("download", bytes.NewReader(content))
			require.NoError(t, err, name)
			assert.Equal(t, want, s.Format, name)
		}
	}
}

func TestPackingAndEncodingChangeNothing(t *testing.T) {
	for name := range ours {
		raw := fixture(t, name)
		want, err := read(name, raw, Options{})
		require.NoError(t, err)
		for _, content := range [][]byte{gzipped(t, raw), inUTF16(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))} {
			got, err := read(name, content, Options{})
			require.NoError(t, err, name)
			assert.Equal(t, want, got, name)
		}
	}
}

func TestForeignFilesAreRefusedWithASentence(t *testing.T) {
	for content, want := range map[string]string{
		"":                "is empty (0 bytes)",
		" \n\t":           "only blanks",
		"null":            "only null",
		"null\n":          "only null",
		"[]":              "empty or unreadable list",
		"{}":              "without readable keys",
		`"text"`:          "looks like text",
		"<html><body>":    "a web page",
		"<?xml version=1": "looks like XML",
		"MZ\x00\x01\x02":  "a binary file",
		`{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"vulnerabilities": {}}}`: "a JSON Schema",
		`{"cveID": "CVE-2031-1001"}`:    "a single KEV entry",
		`{"name": "x", "version": "1"}`: "with the keys name, version",
		"name,version\na,1\n":           "name,version",
		`{"matches": {"artifact": 1}}`:  "with the keys matches",
	} {
		_, err := read("upload.json", []byte(content), Options{})
		require.ErrorContains(t, err, want)
		assert.Contains(t, err.Error(), "upload.json: ")
		assert.Contains(t, err.Error(), "accepted are")
	}
}

func TestAWrongTypeAtTheTopRefusesTheFile(t *testing.T) {
	for content, want := range map[string]string{
		`{"catalogVersion":"1","count":"many","vulnerabilities":[]}`:                 "count is of the wrong type at line 1, byte 30",
		`{"catalogVersion":"1","vulnerabilities":[],"vulnerabilities":{}}`:           "expected an array",
		`{"SchemaVersion":2,"ArtifactName":{},"Results":[]}`:                         "ArtifactName is of the wrong type",
		`{"SchemaVersion":2,"ArtifactName":"a","Results":{}}`:                        "expected an array",
		`{"SchemaVersion":2,"ArtifactName":"a","Results":[{"Vulnerabilities":"x"}]}`: "expected an array",
		`{"descriptor":{},"matches":{}}`:                                             "expected an array",
		`[{"dataType":"CVE_RECORD"}] 7`:                                              "expected a record",
	} {
		items, err := read("a.json", []byte(content), Options{})
		require.ErrorContains(t, err, want, content)
		for _, it := range items {
			assert.Nil(t, it.Finding)
		}
	}
}

func TestARefusalDoesNotRepeatTheFile(t *testing.T) {
	long := strings.Repeat("x", 3000)
	for _, declaration := range []string{`version="` + long + `"`, `version="1.0" encoding="` + long + `"`} {
		_, err := read("a.nessus", []byte(`<?xml `+declaration+`?><NessusClientData_v2></NessusClientData_v2>`), Options{})
		require.Error(t, err)
		assert.Less(t, len(err.Error()), 1000)
	}
}

func TestAFileOfAnotherKindThanDeclaredIsRefused(t *testing.T) {
	_, err := read("a.json", fixture(t, "grype.json"), Options{Format: TrivyJSON})
	require.ErrorContains(t, err, "is not the declared trivy-json: it looks like grype-json")
}

func TestEveryTruncationOfAReportIsRefusedWhole(t *testing.T) {
	for name, format := range ours {
		if strings.HasSuffix(string(format), "-csv") || strings.HasSuffix(string(format), "-text") {
			continue // a table cut off between two rows cannot be told from a short one
		}
		raw := bytes.TrimSpace(fixture(t, name))
		for cut := range len(raw) {
			if wholeMessages(raw[:cut]) {
				continue // nor can a sequence that ends between two messages
			}
			items, err := read(name, raw[:cut], Options{})
			require.Error(t, err, "%s cut at %d", name, cut)
			if !strings.HasSuffix(string(format), "-xml") { // which is checked while it is read
				require.Empty(t, items, "%s cut at %d", name, cut)
			}
		}
	}
}

// wholeMessages tells whether the bytes are one or more complete JSON values.
func wholeMessages(raw []byte) bool {
	messages := json.NewDecoder(bytes.NewReader(raw))
	for n := 0; ; n++ {
		var v json.RawMessage
		if err := messages.Decode(&v); err != nil {
			return err == io.EOF && n > 0
		}
	}
}

func TestATableCutOffInARowIsRefused(t *testing.T) {
	_, err := read("epss.csv", []byte("cve,epss,percentile\nCVE-2031-6001,0.5,0.9\nCVE-2031-60"), Options{})
	require.ErrorContains(t, err, "cut off in line 3")
	_, err = read("a.csv", []byte("asset,component,vulnerability,title\na,b,CVE-2031-1001,\"the\nrest"), Options{})
	require.ErrorContains(t, err, "never closes")
}

func TestAQuoteInTheWrongPlaceSpoilsOneRowOnly(t *testing.T) {
	c := mustRead(t, "a.csv", []byte("asset,component,vulnerability\na,b\"c,CVE-2031-1001\na,b,CVE-2031-1002\n"))
	assert.Len(t, c.findings, 1)
	require.Len(t, c.rejected, 1)
	assert.Equal(t, "line 2", c.rejected[0].Position)
}

func TestTrailingBytesAreRefused(t *testing.T) {
	for name, format := range ours {
		if !strings.HasSuffix(string(format), "-json") {
			continue
		}
		items, err := read(name, append(fixture(t, name), "\nx"...), Options{})
		require.ErrorContains(t, err, "not valid JSON at line", name)
		assert.Empty(t, items)
	}
	for _, tail := range []string{"text", "<x/>", "<NessusClientData_v2/>"} {
		_, err := read("nessus.xml", append(fixture(t, "nessus.xml"), tail...), Options{})
		require.Error(t, err, tail)
	}
	_, err := read("kev.json", append(gzipped(t, fixture(t, "kev.json")), "tail"...), Options{})
	require.Error(t, err)
}

func TestTheGenericTableIsReadWithAnySeparatorAndCase(t *testing.T) {
	c := mustRead(t, "g.csv", fixture(t, "generic.csv"))
	assert.Equal(t, 5, c.records, "blank rows are none")
	assert.Equal(t, []Asset{{Name: "web-1", Kind: "host"}}, c.assets)
	require.Len(t, c.findings, 2)
	f := c.findings[0]
	assert.Equal(t, "A title; with a separator", f.Title)
	assert.Equal(t, []Rating{{Source: "report", Version: "3.1", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Score: 9.8}}, f.Ratings)
	assert.Equal(t, "high", f.Severity)
	assert.Equal(t, "not_affected", c.findings[1].Status)
	assert.Empty(t, c.findings[1].URL, "only web addresses are kept")
	assert.Equal(t, []string{"line 5", "line 6", "line 7"}, []string{c.rejected[0].Position, c.rejected[1].Position, c.rejected[2].Position})
}

func TestANameOfControlCharactersIsNone(t *testing.T) {
	c := mustRead(t, "g.csv", []byte("asset,component,vulnerability\na,\x1f,CVE-2031-1001\n\x1f,c,CVE-2031-1001\n"))
	assert.Equal(t, []string{"line 2", "line 3"}, positions(c.rejected))
}

// endless is a gzip file of little size that unpacks to much.
func endless(t *testing.T, head, body, tail string, size int) []byte {
	return gzipped(t, []byte(head+strings.Repeat(body, size/len(body))+tail))
}

func TestAFileThatUnpacksBeyondTheLimitIsRefused(t *testing.T) {
	bomb := endless(t, `{"matches":[`, `{"artifact":1},`, `{}]}`, 8<<20)
	_, err := read("a.json.gz", bomb, Options{MaxBytes: 1 << 20})
	require.ErrorContains(t, err, "larger than 1 MiB after unpacking")
}

func TestALargeRecordIsRejectedAndTheRestIsRead(t *testing.T) {
	huge := fmt.Sprintf(`{"descriptor":{},"matches":[{"x":%q},{"x":[%s1]},{"vulnerability":{"id":"CVE-2031-4001"},"artifact":{"name":"n"}},
		{"vulnerability":{"id":"CVE-2031-4002"},"artifact":{"name":"n"}}]}`, strings.Repeat("a", 5<<20), strings.Repeat("1,", 300_000))
	c := mustRead(t, "a.json", []byte(huge))
	assert.Len(t, c.rejected, 2)
	assert.Contains(t, c.rejected[0].Rejected, "larger than 4 MiB")
	assert.Contains(t, c.rejected[1].Rejected, "larger than 4 MiB")
	assert.Len(t, c.findings, 2)
}

func TestDeepNestingIsRefused(t *testing.T) {
	deep := `{"matches":[],"source":` + strings.Repeat("[", 1e6)
	_, err := read("a.json", []byte(deep), Options{})
	require.ErrorContains(t, err, "nested deeper than")
}

func TestMemoryDoesNotFollowTheFile(t *testing.T) {
	row := `{"vulnerability":{"id":"CVE-2031-4002","description":"` + strings.Repeat("text ", 500) + `"},"artifact":{"name":"n","type":"deb"}},`
	s, err := Open("a.json.gz", bytes.NewReader(endless(t, `{"matches":[`, row, `{}]}`, 32<<20)))
	require.NoError(t, err)
	var most, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&most)
	start, n := most.HeapAlloc, 0
	for _, err := range s.Items(Options{}) {
		require.NoError(t, err)
		if n++; n%2_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			require.Less(t, now.HeapAlloc, start+8<<20)
		}
	}
	assert.Greater(t, n, 10_000)
}

func TestReadingMayStopAtAnyItemAndStartAgain(t *testing.T) {
	for name := range ours {
		s, err := Open(name, bytes.NewReader(fixture(t, name)))
		require.NoError(t, err)
		all := 0
		for range s.Items(Options{}) {
			all++
		}
		for stop := 1; stop <= all; stop++ {
			n := 0
			for it, err := range s.Items(Options{}) {
				require.NoError(t, err)
				assert.Equal(t, n == 0, it.Snapshot != nil, name)
				if n++; n == stop {
					break
				}
			}
		}
	}
}
