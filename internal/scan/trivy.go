package scan

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// trivyVulnerability is one entry of Results[].Vulnerabilities.
type trivyVulnerability struct {
	ID         string   `json:"VulnerabilityID"`
	VendorIDs  []string `json:"VendorIDs"`
	Package    string   `json:"PkgName"`
	Identifier struct {
		PURL string `json:"PURL"`
	} `json:"PkgIdentifier"`
	PkgRef      string               `json:"PkgRef"` // package URL in older versions
	Installed   string               `json:"InstalledVersion"`
	Fixed       string               `json:"FixedVersion"`
	Status      string               `json:"Status"`
	Severity    string               `json:"Severity"`
	Title       string               `json:"Title"`
	Description string               `json:"Description"`
	URL         string               `json:"PrimaryURL"`
	CVSS        map[string]trivyCVSS `json:"CVSS"`
}

type trivyCVSS struct {
	V2Vector  string  `json:"V2Vector"`
	V3Vector  string  `json:"V3Vector"`
	V40Vector string  `json:"V40Vector"`
	V2Score   float64 `json:"V2Score"`
	V3Score   float64 `json:"V3Score"`
	V40Score  float64 `json:"V40Score"`
}

// trivy reads all shapes of Trivy's report. The first pass learns what the
// report covers, because keys may stand in any order; the second yields.
func (d *decoder) trivy() error {
	shape := &trivyShape{}
	if err := d.walk(shape.survey); err != nil {
		return err
	}
	if shape.results == 0 && len(shape.groups) == 0 && shape.version == 0 {
		return errors.New("has no results, so it is no Trivy report")
	}
	assets := shape.assets(d)
	about := &Snapshot{Source: "trivy", ToolVersion: line(shape.tool.Version, 80), ReportedAt: timeOrZero(shape.created)}
	if err := d.emit(Item{Position: "file", Snapshot: about}); err != nil {
		return err
	}
	seen := map[Asset]bool{}
	for i, a := range assets {
		if i < len(shape.groups) && shape.groups[i].Error != "" {
			continue // not scanned, so the report says nothing about it
		}
		if err := d.announce(seen, a, "file"); err != nil {
			return err
		}
	}
	second := &trivyFindings{decoder: d, shape: shape, assets: assets}
	return d.walk(second.report)
}

// trivyFindings is the second pass.
type trivyFindings struct {
	*decoder
	shape  *trivyShape
	assets []Asset
	group  int // index of the group being read
	result int // index of the result being read, over the whole file
}

func (t *trivyFindings) report(w *walker) error {
	return trivyWalk(w, trivyVisitor{
		group:  func() error { t.group++; return nil },
		result: t.readResult,
		other:  func(w *walker, _ string) error { return w.skip() },
	})
}

func (t *trivyFindings) readResult(w *walker, position string) error {
	kind := t.shape.types[t.result]
	asset, stream := t.assets[max(0, t.group-1)], t.shape.streams[t.result]
	t.result++
	return w.object(func(key string) error {
		if key != "Vulnerabilities" {
			return w.skip()
		}
		return w.list(func(i int) error {
			return t.record(w, fmt.Sprintf("%s.Vulnerabilities[%d]", position, i), func(raw []byte) (Item, error) {
				return readTrivy(raw, kind, stream, asset)
			})
		})
	})
}

func readTrivy(raw []byte, kind, stream string, asset Asset) (Item, error) {
	var v trivyVulnerability
	if err := json.Unmarshal(raw, &v); err != nil {
		return Item{}, wrongType(err)
	}
	id, ok := vulnerabilityID(v.ID)
	if !ok {
		return Item{}, errors.New("VulnerabilityID is missing or no id")
	}
	purl := v.Identifier.PURL
	if purl == "" {
		purl = v.PkgRef
	}
	f := &Finding{Asset: asset, Vulnerability: id, Aliases: otherIDs(id, vulnerabilityNames(v.VendorIDs)),
		Component: newComponent(kind, v.Package, purl, v.Installed), Fixed: versionList(v.Fixed),
		Severity: severityOf(v.Severity), Title: line(v.Title, maxTitle),
		Description: clean(v.Description, MaxDescription), URL: webAddress(v.URL)}
	if f.Component.Name == "" {
		return Item{}, errors.New("PkgName is missing")
	}
	f.Component.Stream = cmp.Or(f.Component.Stream, StreamFor(f.Component.Ecosystem, stream))
	f.FixState, f.Status = trivyState(v.Status, len(f.Fixed) > 0)
	var err error
	f.Ratings, err = trivyRatings(v.CVSS)
	return Item{Finding: f}, err
}

// vulnerabilityNames leaves out what names an advisory, such as DLA-1234-1:
// one advisory covers several vulnerabilities, so it is not another id of one.
func vulnerabilityNames(ids []string) []string {
	var names []string
	for _, id := range ids {
		if strings.HasPrefix(id, "CVE-") || strings.HasPrefix(id, "GHSA-") {
			names = append(names, id)
		}
	}
	return names
}

// trivyState: the status is named "fixed" where a fix exists; the package is still affected.
func trivyState(status string, hasFix bool) (fixState, stands string) {
	switch strings.ToLower(strings.TrimSpace(status)) {
	case "not_affected":
		return "unknown", "not_affected"
	case "under_investigation":
		return "unknown", "under_investigation"
	case "will_not_fix", "end_of_life":
		return "wont_fix", "affected"
	case "fixed":
		return "fixed", "affected"
	}
	switch {
	case hasFix:
		return "fixed", "affected"
	case status == "":
		return "unknown", "affected"
	}
	return "not_fixed", "affected" // affected, fix_deferred
}

func trivyRatings(bySource map[string]trivyCVSS) ([]Rating, error) {
	var rs ratings
	for _, source := range sortedKeys(bySource) {
		c := bySource[source]
		rs.add(source, "3.1", c.V3Vector, c.V3Score)
		rs.add(source, "4.0", c.V40Vector, c.V40Score)
		rs.add(source, "2.0", c.V2Vector, c.V2Score)
	}
	return rs.sorted("nvd", "ghsa", "redhat"), rs.err
}
