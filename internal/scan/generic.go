package scan

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// GenericCSVColumns are the columns of generic-csv, the required three first.
var GenericCSVColumns = []string{
	"asset", "component", "vulnerability",
	"asset_kind", "ecosystem", "installed_version", "fixed_version", "severity",
	"cvss_vector", "cvss_score", "title", "status", "url",
}

func isGeneric(columns map[string]int) bool {
	for _, name := range GenericCSVColumns[:3] {
		if _, ok := columns[name]; !ok {
			return false
		}
	}
	return true
}

// generic reads our own table. An asset is announced before its first finding.
func (d *decoder) generic() error {
	t, err := d.tableOf(isGeneric)
	if err != nil {
		return err
	}
	for _, name := range t.twice {
		if slices.Contains(GenericCSVColumns, name) {
			return fmt.Errorf("the column %s is there twice", name)
		}
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "generic-csv"}}); err != nil {
		return err
	}
	seen := map[Asset]bool{}
	return d.rows(t, func(t *table) ([]Item, error) {
		f, err := d.readRow(t)
		if err != nil {
			return nil, err
		}
		if err := d.announce(seen, f.Asset, t.position()); err != nil {
			return nil, err
		}
		return []Item{{Finding: f}}, nil
	})
}

const maxAssets = 200_000

var errAssets = errors.New("more than 200,000 assets in one file")

// announce emits an asset the first time it is met.
func (d *decoder) announce(seen map[Asset]bool, a Asset, position string) error {
	if seen[a] {
		return nil
	}
	if len(seen) >= maxAssets {
		return errAssets
	}
	seen[a] = true
	return d.emit(Item{Position: position, Asset: &a})
}

func (d *decoder) readRow(t *table) (*Finding, error) {
	asset, component := line(t.get("asset"), maxName), line(t.get("component"), maxName)
	if asset == "" || component == "" {
		return nil, errors.New("asset or component is empty")
	}
	id, ok := vulnerabilityID(t.get("vulnerability"))
	if !ok {
		return nil, errors.New("vulnerability is missing or no id")
	}
	f := &Finding{Asset: d.asset(asset, kindOf(t.get("asset_kind"))), Vulnerability: id,
		Component: newComponent(t.get("ecosystem"), component, component, t.get("installed_version")),
		Fixed:     versionList(t.get("fixed_version")), Severity: severityOf(t.get("severity")),
		Title: line(t.get("title"), maxTitle), URL: webAddress(t.get("url"))}
	f.FixState = "unknown"
	if len(f.Fixed) > 0 {
		f.FixState = "fixed"
	}
	if f.Status, ok = statusOf(t.get("status")); !ok {
		return nil, errors.New("status is none of affected, not_affected, fixed and under_investigation")
	}
	return f, f.rate(t.get("cvss_vector"), t.get("cvss_score"))
}

func (f *Finding) rate(vector, score string) error {
	var rs ratings
	v := 0.0
	if score != "" {
		var err error
		if v, err = strconv.ParseFloat(strings.Replace(score, ",", ".", 1), 64); err != nil {
			return errors.New("cvss_score is no number")
		}
	}
	rs.add("report", "", vector, v)
	f.Ratings = rs.sorted()
	if rs.err == nil && vector != "" && (len(f.Ratings) == 0 || f.Ratings[0].Vector == "") {
		return errors.New("cvss_vector is no CVSS vector")
	}
	return rs.err
}

var statuses = []string{"affected", "not_affected", "fixed", "under_investigation"}

// statusOf reads a VEX status; empty means affected.
func statusOf(s string) (string, bool) {
	s = columnName(s)
	if s == "" {
		s = "affected"
	}
	return s, slices.Contains(statuses, s)
}

var assetKinds = []string{"image", "host", "repository", "filesystem", "cluster", "workload", "application", "device", "sbom"}

func kindOf(s string) string {
	if s = columnName(s); slices.Contains(assetKinds, s) {
		return s
	}
	return ""
}

// versionList splits "1.2.3, 2.0.1" and ranges such as ">=1.2.3 <2.0.0 || >= 2.0.1",
// of which the lower ends are the versions with the fix.
func versionList(s string) []string {
	s = s[:min(len(s), 16*maxName)]
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '|' || r == ' ' || r == ';' })
	var list []string
	upper := false
	for _, p := range parts {
		bare := strings.TrimLeft(p, "<>=^~")
		if operator := p[:len(p)-len(bare)]; operator != "" || bare == "" {
			upper = strings.HasPrefix(operator, "<")
		}
		if bare != "" && !upper {
			list = append(list, bare)
		}
		upper = upper && bare == "" // an operator that stands apart is for the next part
	}
	return distinct(list, 32, maxName)
}

// webAddress keeps only addresses that are safe to show as a link.
func webAddress(s string) string {
	s = strings.TrimSpace(s)
	low := strings.ToLower(s[:min(len(s), 8)])
	if len(s) > 4*maxName || !strings.HasPrefix(low, "http://") && !strings.HasPrefix(low, "https://") {
		return ""
	}
	return line(s, 4*maxName)
}
