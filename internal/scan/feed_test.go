package scan

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheCatalogueOfExploitedVulnerabilitiesIsRead(t *testing.T) {
	items, err := read("kev.json", fixture(t, "kev.json"), Options{})
	require.NoError(t, err)
	c := count(items)
	assert.Equal(t, 3, c.snapshot.Declared)
	assert.Equal(t, "2031.01.02", c.snapshot.CatalogVersion)
	e := items[1].Exploited
	require.NotNil(t, e)
	assert.Equal(t, time.Date(2031, 1, 23, 0, 0, 0, 0, time.UTC), e.DueDate)
	assert.True(t, e.Ransomware)
	assert.Equal(t, []string{"vulnerabilities[1]", "vulnerabilities[2]"}, []string{c.rejected[0].Position, c.rejected[1].Position})
}

func TestTheCatalogueIsReadFromItsTableToo(t *testing.T) {
	items, err := read("kev.csv", fixture(t, "kev.csv"), Options{})
	require.NoError(t, err)
	e := items[1].Exploited
	require.NotNil(t, e)
	assert.Equal(t, []string{"CWE-77", "CWE-78"}, e.CWEs)
	assert.True(t, e.Ransomware)
	assert.Equal(t, []string{"line 3"}, positions(count(items).rejected))
}

func TestACatalogueWithFewerEntriesThanDeclaredIsRefused(t *testing.T) {
	whole := fixture(t, "kev.json")
	_, err := read("kev.json", bytes.Replace(whole, []byte(`"count": 3`), []byte(`"count": 4`), 1), Options{})
	require.ErrorContains(t, err, "declares 4 entries and holds 3")
}

func TestScoresOutsideZeroToOneAreRejected(t *testing.T) {
	items, err := read("epss.csv", fixture(t, "epss.csv"), Options{})
	require.NoError(t, err)
	c := count(items)
	assert.Equal(t, "v2031.01.01", c.snapshot.ModelVersion)
	assert.Equal(t, time.Date(2031, 1, 2, 0, 0, 0, 0, time.UTC), c.snapshot.ScoreDate)
	assert.Equal(t, 5, c.records)
	assert.Equal(t, "line 4", c.rejected[0].Position)
	assert.Len(t, c.rejected, 3)
}

func TestOldScoresWithoutACommentAreRead(t *testing.T) {
	c := mustRead(t, "epss.csv", []byte("cve,epss,percentile\nCVE-2031-6001,0.5,0.9\n"))
	assert.Equal(t, 1, c.records)
	assert.Zero(t, c.snapshot.ScoreDate)
}

func TestACVERecordCarriesItsAssessments(t *testing.T) {
	c := mustRead(t, "cve.json", fixture(t, "cve.json"))
	require.Len(t, c.vulns, 2)
	v := c.vulns[0]
	assert.Equal(t, "A text.", v.Description)
	assert.Equal(t, []string{"cna 4.0", "cisa-adp 3.1"}, ratingNames(v.Ratings))
	assert.Equal(t, "active", v.Exploitation, "the newest decision counts")
	assert.True(t, *v.Automatable)
	assert.True(t, *v.TotalImpact)
	assert.Equal(t, "2031-01-05", v.KEVDateAdded.Format(time.DateOnly))
	assert.Equal(t, []string{"Demo Gate"}, v.Affected)
	assert.Equal(t, []string{"GHSA-mmmm-nnnn-oooo"}, v.Aliases)
	assert.Len(t, v.References, 1)
	assert.Equal(t, time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC), v.Published)
	assert.Equal(t, "REJECTED", c.vulns[1].State)
	assert.Equal(t, "Not a fault.", c.vulns[1].Description)
	assert.Len(t, c.rejected, 2)
}

var oneCVE = []byte(`{"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-2031-7001","state":"PUBLISHED"}}`)

func TestRecordsMayFollowEachOther(t *testing.T) {
	c := mustRead(t, "cves.jsonl", append(append(oneCVE, '\n'), oneCVE...))
	assert.Len(t, c.vulns, 2)
	_, err := read("cves.jsonl", append(append([]byte{}, oneCVE...), "garbage"...), Options{})
	require.ErrorContains(t, err, "expected a record")
}

func tarOf(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range sortedKeys(files) {
		require.NoError(t, w.WriteHeader(&tar.Header{Name: name, Size: int64(len(files[name])), Mode: 0o600, Typeflag: tar.TypeReg}))
		_, err := w.Write(files[name])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func zipOf(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range sortedKeys(files) {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write(files[name])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func TestArchivesOfRecordsAreReadAsOneFile(t *testing.T) {
	files := map[string][]byte{
		"cves/README.md":                      []byte("# text"),
		"cves/delta.json":                     []byte(`{"fetchTime":"2031-01-01T00:00:00Z"}`),
		"cves/2031/7xxx/CVE-2031-7001.json":   oneCVE,
		"cves/2031/7xxx/CVE-2031-7002.json":   []byte(`{"dataType":"CVE_REC`),
		"cves/2031/7xxx/CVE-2031-7003.json":   []byte(`{}`),
		"cves/2031/7xxx/._CVE-2031-7004.json": []byte("mac"),
	}
	for name, content := range map[string][]byte{"a.tar": tarOf(t, files), "a.tgz": gzipped(t, tarOf(t, files)), "a.zip": zipOf(t, files)} {
		c := mustRead(t, name, content)
		assert.Len(t, c.vulns, 1, name)
		require.Len(t, c.rejected, 2, name)
		assert.Equal(t, "cves/2031/7xxx/CVE-2031-7002.json", c.rejected[0].Position)
		assert.Contains(t, c.rejected[0].Rejected, "cut off")
	}
}

func TestATruncatedArchiveIsRefused(t *testing.T) {
	files := map[string][]byte{"CVE-2031-7001.json": oneCVE, "CVE-2031-7002.json": bytes.Repeat(oneCVE, 500)}
	for name, content := range map[string][]byte{"a.tar": tarOf(t, files), "a.tgz": gzipped(t, tarOf(t, files)), "a.zip": zipOf(t, files)} {
		_, err := read(name, content[:len(content)*2/3], Options{})
		require.Error(t, err, name)
	}
}

func TestADamagedEndOfAnArchiveIsNoticed(t *testing.T) {
	whole := gzipped(t, tarOf(t, map[string][]byte{"CVE-2031-7001.json": oneCVE}))
	_, err := read("a.tgz", whole[:len(whole)-4], Options{})
	require.ErrorContains(t, err, "damaged at its end")
}

func TestTheDirectoryOfAZipIsBoundedBeforeItIsHeld(t *testing.T) {
	three := zipOf(t, map[string][]byte{"a": nil, "b": nil, "c": nil})
	_, err := zip.NewReader(&seekerAt{r: bytes.NewReader(three), left: maxDirectory, entries: 6}, int64(len(three)))
	require.NoError(t, err)
	_, err = zip.NewReader(&seekerAt{r: bytes.NewReader(three), left: maxDirectory, entries: 2}, int64(len(three)))
	require.ErrorContains(t, err, "too many entries")
	_, err = zip.NewReader(&seekerAt{r: bytes.NewReader(three), left: 40, entries: 3}, int64(len(three)))
	require.ErrorContains(t, err, "too many entries")
}

func TestAnArchiveOfReportsIsRefusedWithAdvice(t *testing.T) {
	_, err := read("a.zip", zipOf(t, map[string][]byte{"r.json": fixture(t, "grype.json")}), Options{})
	require.ErrorContains(t, err, "unpack it")
}
