package scan

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// kinds decide by content, the surest first.
var kinds = []struct {
	format Format
	match  func(sketch) bool
}{
	{CVE5JSON, func(s sketch) bool {
		return s.is("dataType", "CVE_RECORD") || s.is("[].dataType", "CVE_RECORD") ||
			s.any("cveMetadata", "[].cveMetadata")
	}},
	{KEVJSON, func(s sketch) bool {
		return s.has("vulnerabilities[].cveID") || s.is("vulnerabilities", "[]") && s.any("catalogVersion")
	}},
	{GrypeJSON, func(s sketch) bool {
		return s.has("matches") && s.any("source", "descriptor", "distro", "ignoredMatches") || s.has("matches[].artifact")
	}},
	{TrivyJSON, func(s sketch) bool {
		return s.has("SchemaVersion", "ArtifactName") || s.has("SchemaVersion", "Results") || s.has("Results[].Target") ||
			s.has("Results", "ArtifactName") || s.has("[].Target") && s.any("[].Vulnerabilities", "[].Type", "[].Class") ||
			s.has("ClusterName") && s.any("Resources", "Findings", "Vulnerabilities", "Misconfigurations")
	}},
	{CycloneDX, func(s sketch) bool { return s.is("bomFormat", "CycloneDX") }},
	{SARIF, func(s sketch) bool {
		return s.is("runs", "[]") && (s.is("version", "2.1") || strings.Contains(s["$schema"], "sarif"))
	}},
	{OpenVEX, func(s sketch) bool { return s.is("@context", "https://openvex.dev/ns") }},
	{CSAFJSON, func(s sketch) bool { return s.is("document.csaf_version", "2.") }},
	{DefenderJSON, func(s sketch) bool {
		for _, at := range []string{"", "[].", "value[].", "Results[]."} {
			if s.any(at+"cveId", at+"CveId") && s.any(at+"deviceId", at+"DeviceId", at+"machineId") {
				return true
			}
		}
		return strings.Contains(s["@odata.context"], "securitycenter") && s.is("value", "[]") && !s.any("value[]") // none found
	}},
	{DependencyCheckJSON, func(s sketch) bool { return s.has("reportSchema", "dependencies") && s.any("scanInfo", "projectInfo") }},
	{NVDJSON, func(s sketch) bool {
		return s.is("format", "NVD_CVE") || s.any("vulnerabilities[].cve.id", "cve.sourceIdentifier", "[].cve.sourceIdentifier", "cve.vulnStatus")
	}},
	{OSVScanner, func(s sketch) bool {
		return s.has("results[].packages") || s.has("results[].source.path") || s.has("results", "experimental_config")
	}},
	{Govulncheck, func(s sketch) bool {
		return s.any("config.protocol_version", "[].config.protocol_version", "config.scanner_name") || s.has("finding.osv", "finding.trace")
	}},
	{SnykJSON, func(s sketch) bool {
		return s.has("vulnerabilities") && s.any("dependencyCount", "projectName", "licensesPolicy", "vulnerabilities[].isUpgradable") ||
			s.has("[].vulnerabilities") && s.any("[].dependencyCount", "[].projectName", "[].licensesPolicy", "[].vulnerabilities[].isUpgradable")
	}},
	{InspectorJSON, func(s sketch) bool {
		return s.any("findings[].packageVulnerabilityDetails", "findings[].findingArn", "packageVulnerabilityDetails", "[].packageVulnerabilityDetails",
			"detail.packageVulnerabilityDetails", "detail.findingArn", "Findings[].ProductArn", "findings[].ProductArn", "detail.findings[].ProductArn", "[].ProductArn", "ProductArn") ||
			s.is("findings", "[]") && !s.has("findings[]") && len(s) <= 3
	}},
	{HotfixJSON, func(s sketch) bool { return s.any("HotFixID", "[].HotFixID") }},
	{WindowsUpdateJSON, func(s sketch) bool {
		return s.has("Title") && s.any("KB", "KBArticleIDs", "OperationName", "ResultCode") ||
			s.has("[].Title") && s.any("[].KB", "[].KBArticleIDs", "[].OperationName", "[].ResultCode")
	}},
	{SPDXJSON, func(s sketch) bool { return s.is("spdxVersion", "SPDX-2.") || s.is("sbom.spdxVersion", "SPDX-2.") }},
	{OSVJSON, func(s sketch) bool {
		return s.has("id", "modified") && s.any("affected", "schema_version", "aliases", "details") || s.has("[].id", "[].modified") && s.any("[].affected", "[].details")
	}},
}

// Detect recognises the format from the first 64 KiB of an unpacked file, never
// from its name alone. The error says what the file looks like instead and what is accepted.
func Detect(name string, head []byte) (Format, error) {
	if isTar(head) {
		return detectTar(head)
	}
	if isZip(head) {
		return "", fmt.Errorf("is a zip archive, whose records Open looks at; %s", accepted)
	}
	plain, err := readHead(text(bytes.NewReader(head)))
	if err != nil {
		return "", err
	}
	body := bytes.TrimLeft(plain, " \t\r\n")
	switch {
	case len(head) == 0:
		return "", fmt.Errorf("is empty (0 bytes); %s", accepted)
	case len(body) == 0:
		return "", fmt.Errorf("holds only blanks; %s", accepted)
	case body[0] == '{' || body[0] == '[':
		return detectJSON(bytes.NewReader(body))
	case string(bytes.TrimSpace(body)) == "null":
		return "", fmt.Errorf("holds only null: the tool that wrote it found or said nothing; %s", accepted)
	case body[0] == '<':
		return detectXML(body)
	case bytes.IndexByte(body, 0) >= 0:
		return "", fmt.Errorf("looks like a binary file; %s", accepted)
	}
	return detectTable(body)
}

func detectJSON(body io.Reader) (Format, error) {
	s := outline(body)
	for _, k := range kinds {
		if k.match(s) {
			return k.format, nil
		}
	}
	return "", fmt.Errorf("is JSON, but looks like %s; %s", foreign(s), accepted)
}

// foreign names what an unreadable JSON file is, as far as we know such files.
func foreign(s sketch) string {
	for _, k := range []struct{ path, text, name string }{
		{"$schema", "https://json-schema.org/", "a JSON Schema, which describes such files but holds no record"},
		{"$schema", "http://json-schema.org/", "a JSON Schema, which describes such files but holds no record"},
		{"cveID", "CVE-", "a single KEV entry without its catalogue"},
		{"spdxVersion", "", "an SPDX bill of materials of an unknown version"},
		{"CVE_data_type", "", "an old NVD feed (1.1)"},
		{"version", "2.0.0", "a SARIF log of an old version"},
		{"document.csaf_version", "", "a CSAF document of an unknown version"},
		{"report", "{}", "a report of an unknown tool"},
	} {
		if s.is(k.path, k.text) {
			return k.name
		}
	}
	if s.is("", "[]") && len(s) == 1 {
		return "an empty or unreadable list"
	}
	if keys := topKeys(s); keys != "" {
		return "something else with the keys " + keys
	}
	return "an object without readable keys"
}

func topKeys(s sketch) string {
	var keys []string
	for path := range s {
		if path != "" && !strings.ContainsAny(path, ".") && !strings.HasSuffix(path, "[]") {
			keys = append(keys, clean(path, 40))
		}
	}
	return firstFew(keys, 6)
}

func markup(body []byte) string {
	low := bytes.ToLower(body[:min(len(body), 2048)])
	switch {
	case bytes.Contains(low, []byte("<html")), bytes.Contains(low, []byte("<!doctype html")):
		return "a web page, perhaps a sign-in page saved instead of the report"
	}
	return "XML of an unknown tool"
}

func isTar(head []byte) bool {
	return len(head) >= 512 && bytes.HasPrefix(head[257:], []byte("ustar"))
}

func isZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// detectTar looks at the records that begin within the head.
func detectTar(head []byte) (Format, error) {
	tr := tar.NewReader(bytes.NewReader(head))
	for {
		h, err := tr.Next()
		if err != nil {
			return "", fmt.Errorf("is a tar archive without a readable record at its beginning; %s", accepted)
		}
		if h.Typeflag != tar.TypeReg || !isRecordName(h.Name) {
			continue
		}
		part, err := readHead(tr)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return "", err
		}
		if f, err := Detect(h.Name, part); err == nil {
			return f, archived(f)
		}
	}
}

// archived tells whether files of the format may come many in an archive.
func archived(f Format) error {
	if _, ok := recordReaders[f]; ok {
		return nil
	}
	return fmt.Errorf("is an archive of %s files; unpack it and give its files one by one", f)
}
