package scan

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"
)

// fuzzFormat tries one format on damaged versions of our fixtures: no panic,
// no second of work for any of them, and every item well-formed and within its
// bounds.
//
// Run with -fuzzminimizetime 10x: by default Go spends a minute on shortening
// each interesting input, and hardly tries any.
func fuzzFormat(f *testing.F, format Format) {
	for name, is := range ours {
		if is == format {
			f.Add(fixture(f, name))
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1<<20 {
			return
		}
		before := spent(t)
		s := &Source{Name: "fuzz.json", Format: format, file: bytes.NewReader(content)}
		checkItems(t, s, len(content))
		if s, err := Open("fuzz", bytes.NewReader(content)); err == nil {
			checkItems(t, s, len(content))
		}
		if took := spent(t) - before; took > time.Second {
			t.Fatalf("took %s of a processor for %d bytes", took, len(content))
		}
	})
}

// spent is how long processors have worked for this process, whatever else the
// machine does.
func spent(t *testing.T) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func checkItems(t *testing.T, s *Source, size int) {
	items := 0
	for it, err := range s.Items(Options{MaxBytes: 16 << 20}) {
		if err != nil {
			if !strings.HasPrefix(err.Error(), s.Name+": ") || len(err.Error()) > 2000 {
				t.Fatalf("error without its file or too long: %v", err)
			}
			return
		}
		if items++; s.packed == plain && !bytes.HasPrefix(head(s), gzipMagic) && items > size+100 {
			t.Fatal("more items than bytes")
		}
		checkItem(t, it)
	}
}

func head(s *Source) []byte {
	var b [2]byte
	r := s.file.(*bytes.Reader)
	n, _ := r.ReadAt(b[:], 0)
	return b[:n]
}

// checkItem holds what every reader of items relies on.
func checkItem(t *testing.T, it Item) {
	set := 0
	for _, is := range []bool{it.Snapshot != nil, it.Asset != nil, it.Finding != nil, it.Exploited != nil,
		it.Probability != nil, it.Vulnerability != nil, it.Installed != nil, it.Update != nil, it.Statement != nil, it.Rejected != ""} {
		if is {
			set++
		}
	}
	if set != 1 || it.Position == "" {
		t.Fatalf("an item must be one thing at one place: %+v", it)
	}
	raw, err := json.Marshal(it)
	if err != nil || len(raw) > 512<<10 {
		t.Fatalf("item of %d bytes: %v", len(raw), err)
	}
	if bytes.Contains(raw, []byte(`\u0000`)) || !utf8.Valid(raw) {
		t.Fatalf("an item holds what cannot be stored: %s", raw)
	}
	switch {
	case it.Finding != nil:
		checkFinding(t, it.Finding)
	case it.Probability != nil:
		if p := it.Probability; !(p.EPSS >= 0 && p.EPSS <= 1 && p.Percentile >= 0 && p.Percentile <= 1) {
			t.Fatalf("%+v", p)
		}
	case it.Installed != nil && (it.Installed.Component.Name == "" || it.Installed.Asset.Name == ""):
		t.Fatalf("%+v", it.Installed)
	case it.Update != nil && (it.Update.Component.Name == "" || it.Update.Asset.Name == "" || it.Update.Version == ""):
		t.Fatalf("%+v", it.Update)
	case it.Statement != nil && (it.Statement.Vulnerability == "" || it.Statement.Component.Name == "" || it.Statement.Status == ""):
		t.Fatalf("%+v", it.Statement)
	case it.Vulnerability != nil && (it.Vulnerability.ID == "" || it.Vulnerability.State == ""):
		t.Fatalf("%+v", it.Vulnerability)
	case it.Exploited != nil && it.Exploited.DateAdded.IsZero():
		t.Fatalf("%+v", it.Exploited)
	}
}

func checkFinding(t *testing.T, f *Finding) {
	if f.Vulnerability == "" || f.Component.Name == "" || f.Component.Ecosystem == "" || f.Asset.Name == "" || f.Asset.Kind == "" {
		t.Fatalf("a finding without its identity: %+v", f)
	}
	for _, r := range f.Ratings {
		if !(r.Score >= 0 && r.Score <= 10) {
			t.Fatalf("%+v", r)
		}
	}
	if !strings.Contains("fixed not_fixed wont_fix unknown", f.FixState) || f.FixState == "" || f.Severity == "" || len(f.Description) > MaxDescription {
		t.Fatalf("%+v", f)
	}
	if _, ok := statusOf(f.Status); !ok || f.Status == "" {
		t.Fatalf("status %q", f.Status)
	}
}

func FuzzTrivy(f *testing.F)             { fuzzFormat(f, TrivyJSON) }
func FuzzGrype(f *testing.F)             { fuzzFormat(f, GrypeJSON) }
func FuzzKEV(f *testing.F)               { fuzzFormat(f, KEVJSON) }
func FuzzEPSS(f *testing.F)              { fuzzFormat(f, EPSSCSV) }
func FuzzCVE5(f *testing.F)              { fuzzFormat(f, CVE5JSON) }
func FuzzGeneric(f *testing.F)           { fuzzFormat(f, GenericCSV) }
func FuzzSARIF(f *testing.F)             { fuzzFormat(f, SARIF) }
func FuzzCycloneDX(f *testing.F)         { fuzzFormat(f, CycloneDX) }
func FuzzOpenVEX(f *testing.F)           { fuzzFormat(f, OpenVEX) }
func FuzzOSV(f *testing.F)               { fuzzFormat(f, OSVJSON) }
func FuzzOSVScanner(f *testing.F)        { fuzzFormat(f, OSVScanner) }
func FuzzCSAF(f *testing.F)              { fuzzFormat(f, CSAFJSON) }
func FuzzNVD(f *testing.F)               { fuzzFormat(f, NVDJSON) }
func FuzzNessusXML(f *testing.F)         { fuzzFormat(f, NessusXML) }
func FuzzKEVCSV(f *testing.F)            { fuzzFormat(f, KEVCSV) }
func FuzzNessusCSV(f *testing.F)         { fuzzFormat(f, NessusCSV) }
func FuzzGovulncheck(f *testing.F)       { fuzzFormat(f, Govulncheck) }
func FuzzSnyk(f *testing.F)              { fuzzFormat(f, SnykJSON) }
func FuzzInspector(f *testing.F)         { fuzzFormat(f, InspectorJSON) }
func FuzzSPDX(f *testing.F)              { fuzzFormat(f, SPDXJSON) }
func FuzzHotfixText(f *testing.F)        { fuzzFormat(f, HotfixText) }
func FuzzHotfixCSV(f *testing.F)         { fuzzFormat(f, HotfixCSV) }
func FuzzHotfixJSON(f *testing.F)        { fuzzFormat(f, HotfixJSON) }
func FuzzWindowsUpdateText(f *testing.F) { fuzzFormat(f, WindowsUpdateText) }
func FuzzWindowsUpdateCSV(f *testing.F)  { fuzzFormat(f, WindowsUpdateCSV) }
func FuzzWindowsUpdateJSON(f *testing.F) { fuzzFormat(f, WindowsUpdateJSON) }
func FuzzDpkg(f *testing.F)              { fuzzFormat(f, DpkgText) }
func FuzzRPM(f *testing.F)               { fuzzFormat(f, RPMText) }
func FuzzAptList(f *testing.F)           { fuzzFormat(f, AptListText) }
func FuzzAptGet(f *testing.F)            { fuzzFormat(f, AptSimulateText) }
func FuzzUpdateinfo(f *testing.F)        { fuzzFormat(f, UpdateinfoText) }

func FuzzQualysCSV(f *testing.F)           { fuzzFormat(f, QualysCSV) }
func FuzzQualysXML(f *testing.F)           { fuzzFormat(f, QualysXML) }
func FuzzOpenVASXML(f *testing.F)          { fuzzFormat(f, OpenVASXML) }
func FuzzOpenVASCSV(f *testing.F)          { fuzzFormat(f, OpenVASCSV) }
func FuzzDefenderJSON(f *testing.F)        { fuzzFormat(f, DefenderJSON) }
func FuzzDefenderCSV(f *testing.F)         { fuzzFormat(f, DefenderCSV) }
func FuzzCycloneDXXML(f *testing.F)        { fuzzFormat(f, CycloneDXXML) }
func FuzzDependencyCheckXML(f *testing.F)  { fuzzFormat(f, DependencyCheckXML) }
func FuzzDependencyCheckJSON(f *testing.F) { fuzzFormat(f, DependencyCheckJSON) }

// FuzzArchive tries damaged archives.
func FuzzArchive(f *testing.F) {
	files := map[string][]byte{"a/CVE-2031-7001.json": oneCVE, "a/CVE-2031-7002.json": []byte(`{`), "README.json": []byte("{}")}
	f.Add(tarOf(f, files))
	f.Add(zipOf(f, files))
	f.Add(gzipped(f, tarOf(f, files)))
	f.Fuzz(func(t *testing.T, content []byte) {
		if s, err := Open("fuzz.tgz", bytes.NewReader(content)); err == nil {
			checkItems(t, s, 1<<20)
		}
	})
}

// FuzzWalker holds our reader of JSON against the standard one.
func FuzzWalker(f *testing.F) {
	for name := range ours {
		f.Add(fixture(f, name))
	}
	for _, s := range []string{`-0.0e+1`, `"\u00e9\\"`, `[1,]`, `{"a":}`, `01`, `tru`, "\"\x01\"", `{"a" :1 , "b":[ ] }`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if bytes.Count(content, []byte("["))+bytes.Count(content, []byte("{")) > maxDepth {
			return
		}
		w := newWalker(&oneByte{bytes.NewReader(content)})
		raw, err := w.raw()
		same := append([]byte{}, raw...)
		if err == nil {
			err = w.done()
		}
		if (err == nil) != json.Valid(content) {
			t.Fatalf("%q: walker says %v, encoding/json says valid is %v", content, err, json.Valid(content))
		}
		if err == nil && !bytes.Equal(same, bytes.Trim(content, " \t\r\n")) {
			t.Fatalf("%q was read as %q", content, same)
		}
	})
}

// oneByte makes every value cross the edge of the buffer.
type oneByte struct{ r io.Reader }

func (o *oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(len(p), 1)]) }

// FuzzCompare: for any texts the order is defined the same from both sides.
func FuzzCompare(f *testing.F) {
	f.Add("1.0~rc1-1", "2:1.0-1")
	f.Add("1.0a1.dev3", "1!0")
	f.Add("1.0-alpha.1+b", "v1.0.0-0.2031")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, ecosystem := range []string{"deb", "rpm", "apk", "npm", "pypi", "maven", "gem", "other"} {
			if x, y := Compare(ecosystem, a, b), Compare(ecosystem, b, a); x != -y || x < -1 || x > 1 || Compare(ecosystem, a, a) != 0 {
				t.Fatalf("%s: %q to %q is %d, the other way %d", ecosystem, a, b, x, y)
			}
		}
	})
}
