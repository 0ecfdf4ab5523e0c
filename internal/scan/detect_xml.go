package scan

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// xmlRoots tell the formats apart by the root element, its namespace and, where
// the name says little, by what must follow it.
var xmlRoots = []struct {
	format           Format
	root, space, has string
}{
	{NessusXML, "NessusClientData_v2", "", ""},
	{CycloneDXXML, "bom", "cyclonedx.org/schema/bom", ""},
	{QualysXML, "ASSET_DATA_REPORT", "", ""},
	{QualysXML, "HOST_LIST_VM_DETECTION_OUTPUT", "", ""},
	{QualysXML, "SCAN", "", ""},
	{OpenVASXML, "get_reports_response", "", ""},
	{OpenVASXML, "get_results_response", "", ""},
	{OpenVASXML, "report", "", "<gmp>"},
	{OpenVASXML, "report", "", "<omp>"},
	{OpenVASXML, "report", "", "<report_format"},
	{OpenVASXML, "report", "", "<scan_run_status>"},
	{OpenVASXML, "report", "", "<nvt oid="},
	{DependencyCheckXML, "analysis", "dependency", ""},
	{DependencyCheckXML, "analysis", "", "<scanInfo"},
}

// detectXML looks at the first element; the declaration of a document type is passed over.
func detectXML(body []byte) (Format, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = charset
	for {
		t, err := d.Token()
		if err != nil {
			return "", fmt.Errorf("looks like %s; %s", markup(body), accepted)
		}
		s, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		for _, r := range xmlRoots {
			if s.Name.Local == r.root && strings.Contains(strings.ToLower(s.Name.Space), r.space) && bytes.Contains(body, []byte(r.has)) {
				return r.format, nil
			}
		}
		return "", fmt.Errorf("looks like %s; %s", markup(body), accepted)
	}
}
