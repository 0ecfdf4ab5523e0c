package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// dcReport reads what OWASP Dependency-Check found: a record is a vulnerability
// of a dependency. Suppressed ones are no records, as people have ruled them out.
type dcReport struct {
	*decoder
	project, version, at string
	asset                Asset
	begun                bool
}

type dcDependency struct {
	File     string         `json:"fileName"`
	Packages []dcIdentifier `json:"packages"`
	CPEs     []dcIdentifier `json:"vulnerabilityIds"`
}

type dcIdentifier struct {
	ID   string `json:"id"`
	kind string // of old reports: maven, npm, cpe, …
}

type dcVulnerability struct {
	Source      string    `json:"source"`
	Name        string    `json:"name"`
	Severity    string    `json:"severity"`
	Description string    `json:"description"`
	V2          dcMetrics `json:"cvssv2"`
	V3          dcMetrics `json:"cvssv3"`
	V4          dcMetrics `json:"cvssv4"`
	References  []struct {
		URL string `json:"url"`
	} `json:"references"`
	Software []struct {
		Software dcSoftware `json:"software"`
	} `json:"vulnerableSoftware"`
}

type dcSoftware struct {
	Matched dcFlag `json:"vulnerabilityIdMatched"`
	Before  string `json:"versionEndExcluding"`
}

// dcFlag is a truth that is written as text.
type dcFlag bool

func (f *dcFlag) UnmarshalJSON(raw []byte) error {
	*f = strings.Trim(string(raw), `"`) == "true"
	return nil
}

// begin says what the report is about, before the first finding.
func (r *dcReport) begin() error {
	if r.begun {
		return nil
	}
	r.begun = true
	about := &Snapshot{Source: "dependency-check", ToolVersion: line(r.version, 80), ReportedAt: timeOrZero(r.at)}
	if err := r.emit(Item{Position: "file", Snapshot: about}); err != nil {
		return err
	}
	r.asset = r.decoder.asset(r.project, "application")
	return r.emit(Item{Position: "projectInfo", Asset: &r.asset})
}

// finding is what one vulnerability says about its dependency.
func (r *dcReport) finding(dep *dcDependency, v *dcVulnerability) ([]Item, error) {
	id, ok := vulnerabilityID(v.Name)
	if !ok { // some sources have no ids, only titles
		id = line(v.Name, maxID)
	}
	f := &Finding{Asset: r.asset, Vulnerability: id, Status: "affected", FixState: "unknown", Component: dep.component(),
		Severity: severityOf(v.Severity), Description: clean(v.Description, MaxDescription)}
	switch {
	case id == "":
		return nil, errors.New("the name of the vulnerability is missing")
	case f.Component.Name == "":
		return nil, errors.New("the dependency has no name")
	}
	for _, s := range v.Software {
		if s.Software.Matched {
			f.Fixed = append(f.Fixed, s.Software.Before)
		}
	}
	if f.Fixed = distinct(f.Fixed, 32, maxName); len(f.Fixed) > 0 {
		f.FixState = "fixed"
	}
	for _, ref := range v.References {
		if f.URL == "" {
			f.URL = webAddress(ref.URL)
		}
	}
	return []Item{{Finding: f}}, v.rate(f)
}

func (v *dcVulnerability) rate(f *Finding) error {
	var rs ratings
	source := "nvd"
	if v.Source != "" {
		source = v.Source
	}
	top := 0.0
	for _, m := range []struct {
		dcMetrics
		version string
	}{{v.V3, "3.1"}, {v.V4, "4.0"}, {v.V2, "2.0"}} {
		score, err := m.score()
		if err != nil {
			return err
		}
		rs.add(source, m.version, m.vector(m.version), score)
		top = max(top, score)
	}
	f.Ratings = rs.sorted()
	if f.Severity == "unknown" {
		f.Severity = severityOf(band(top))
	}
	return rs.err
}

// dcMetrics are the parts of a CVSS assessment by their names in lower case.
type dcMetrics map[string]string

func (m *dcMetrics) UnmarshalJSON(raw []byte) error {
	var parts map[string]any
	if err := json.Unmarshal(raw, &parts); err != nil {
		return fmt.Errorf("a CVSS assessment is no object")
	}
	*m = dcMetrics{}
	for name, value := range parts {
		switch value.(type) {
		case string, float64:
			(*m)[strings.ToLower(name)] = fmt.Sprint(value)
		}
	}
	return nil
}

func (m dcMetrics) score() (float64, error) {
	text := m["basescore"]
	if text == "" {
		text = m["score"]
	}
	if text == "" {
		return 0, nil
	}
	score, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, errors.New("a CVSS score is no number")
	}
	return score, nil
}

// The metrics of a vector in their order, with the name the report gives each.
var (
	dcV2 = [][2]string{{"AV", "accessvector"}, {"AC", "accesscomplexity"}, {"Au", "authenticationr"},
		{"C", "confidentialimpact"}, {"I", "integrityimpact"}, {"A", "availabilityimpact"}}
	dcV3 = [][2]string{{"AV", "attackvector"}, {"AC", "attackcomplexity"}, {"PR", "privilegesrequired"}, {"UI", "userinteraction"},
		{"S", "scope"}, {"C", "confidentialityimpact"}, {"I", "integrityimpact"}, {"A", "availabilityimpact"}}
)

// vector puts the vector together: every value of CVSS 2 and 3 begins with the
// letter that stands for it.
func (m dcMetrics) vector(version string) string {
	for _, name := range []string{"vectorstring", "vector"} {
		if m[name] != "" {
			return m[name]
		}
	}
	metrics, prefix := dcV2, ""
	switch {
	case version == "4.0":
		return ""
	case version != "2.0":
		metrics, prefix = dcV3, "CVSS:3.1/"
		if m["version"] == "3.0" {
			prefix = "CVSS:3.0/"
		}
	}
	var parts []string
	for _, metric := range metrics {
		value := strings.ToUpper(m[metric[1]])
		if value == "" {
			return ""
		}
		parts = append(parts, metric[0]+":"+value[:1])
	}
	return prefix + strings.Join(parts, "/")
}

// component is the package where its URL is known, else what an old report calls
// it, else the product or the file.
func (dep *dcDependency) component() Component {
	for _, p := range dep.Packages {
		if c := newComponent("", "", p.ID, purlVersion(p.ID)); c.Name != "" {
			return c
		}
		if name, version, ok := cutLastColon(p.ID); ok && p.kind != "" {
			return newComponent(p.kind, name, "", version)
		}
	}
	for _, p := range dep.CPEs {
		if name := cpeName(strings.Trim(p.ID, "()")); name != "" {
			return newComponent("", name, "", cpeVersion(p.ID))
		}
	}
	return newComponent("", dep.File, "", "")
}

// cutLastColon splits "org.example:library:1.0" before the version.
func cutLastColon(s string) (name, version string, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i <= 0 {
		return "", "", false
	}
	return s[:i], s[i+1:], true
}

// cpeVersion is the version inside a CPE; empty if it names none.
func cpeVersion(cpe string) string {
	at := 5
	if strings.HasPrefix(cpe, "cpe:/") {
		at = 4
	}
	parts := strings.Split(strings.ReplaceAll(cpe, `\:`, "\x00"), ":")
	if len(parts) <= at || parts[0] != "cpe" || parts[at] == "*" || parts[at] == "-" {
		return ""
	}
	return line(strings.NewReplacer("\x00", ":", `\`, "").Replace(parts[at]), maxName)
}
