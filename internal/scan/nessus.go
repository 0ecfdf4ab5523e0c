package scan

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// nessusItem is what a plugin reports about a host, from XML or CSV.
type nessusItem struct {
	host, plugin, name, severity string
	cves                         []string
	vector3, score3              string
	vector2, score2              string
	cpe                          string
	synopsis, description        string
	solution, output             string
	family, state                string
	xrefs                        []string // "MSKB:5005565", "CWE:79", …
}

// items makes one finding per CVE of the plugin. A plugin that only informs is
// passed on as "not_affected": it is part of the report and opens no work.
func (n *nessusItem) items(asset Asset) ([]Item, error) {
	if n.plugin == "" || line(n.name, maxName) == "" {
		return nil, errors.New("the id or the name of the plugin is missing")
	}
	if _, err := strconv.ParseUint(n.plugin, 10, 63); err != nil {
		return nil, errors.New("the id of the plugin is no number")
	}
	severity, ok := nessusSeverity(n.severity)
	if !ok {
		return nil, errors.New("the severity is none of Nessus")
	}
	f := Finding{Asset: asset, Severity: severity, Status: "affected", FixState: "unknown", Title: line(n.name, maxTitle),
		Description: clean(n.text(), MaxDescription),
		URL:         "https://www.tenable.com/plugins/nessus/" + n.plugin, Component: n.component()}
	f.fixedBy(n.fixed())
	if severity == "none" && len(n.cves) == 0 {
		f.Status = "not_affected"
	}
	if strings.EqualFold(n.state, "fixed") {
		f.Status = "fixed"
	}
	if err := n.rate(&f); err != nil {
		return nil, err
	}
	check := hostCheck{own: "NESSUS-" + n.plugin, cves: n.cves, output: n.output, packages: n.name + " " + n.family}
	return check.items(f)
}

func (n *nessusItem) text() string {
	text := strings.TrimSpace(n.synopsis + "\n\n" + n.description)
	if n.solution != "" && !strings.EqualFold(n.solution, "n/a") {
		text = clean(text, MaxDescription-1200) + "\n\nSolution: " + clean(n.solution, 1000)
	}
	return text
}

// fixed are the versions the plugin printed, else Microsoft's articles, else what the solution asks for.
func (n *nessusItem) fixed() []string {
	if versions := nessusVersions(fixedLine, n.output); len(versions) > 0 {
		return versions
	}
	var named []string
	for _, x := range n.xrefs {
		if number, ok := strings.CutPrefix(x, "MSKB:"); ok {
			named = append(named, "KB"+number)
		}
	}
	if len(n.cves) == 0 && n.informs() {
		return nil
	}
	return solved(n.component().Name, n.solution, false, append(named, n.name)...)
}

// informs tells whether the plugin found nothing wrong.
func (n *nessusItem) informs() bool {
	severity, _ := nessusSeverity(n.severity)
	return severity == "none"
}

// nessusSeverity reads the number of the XML or the word of the CSV.
func nessusSeverity(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	words := []string{"none", "low", "medium", "high", "critical"}
	for i, word := range words {
		if s == word || s == strconv.Itoa(i) || s == "info" && i == 0 {
			return word, true
		}
	}
	return "", false
}

var (
	installedLine = regexp.MustCompile(`(?mi)^\s*(?:Installed version|Remote version|Version)\s*:\s*(\S+)\s*$`)
	fixedLine     = regexp.MustCompile(`(?mi)^\s*(?:Fixed version|Fixed versions|Should be)\s*:\s*(\S[^\r\n]*?)\s*$`)
)

// nessusVersions reads "Fixed version : 2.4.49 / 2.4.50" from what the plugin printed.
func nessusVersions(row *regexp.Regexp, output string) []string {
	m := row.FindStringSubmatch(output)
	if m == nil {
		return nil
	}
	return slices.DeleteFunc(versionList(strings.ReplaceAll(m[1], " / ", ",")), func(v string) bool {
		return !strings.ContainsAny(v, "0123456789") // "see the advisory"
	})
}

// component is the product the plugin names by CPE, else the plugin's subject by its name.
func (n *nessusItem) component() Component {
	installed := ""
	if v := nessusVersions(installedLine, n.output); len(v) > 0 {
		installed = v[0]
	}
	name := cpeName(n.cpe)
	if name == "" {
		name = subject(n.name)
	}
	return newComponent("", name, "", installed)
}

func (n *nessusItem) rate(f *Finding) error {
	var rs ratings
	for _, r := range [][3]string{{"3.0", n.vector3, n.score3}, {"2.0", n.vector2, n.score2}} {
		score := 0.0
		if r[2] != "" {
			var err error
			if score, err = strconv.ParseFloat(r[2], 64); err != nil {
				return errors.New("a CVSS score is no number")
			}
		}
		rs.add("nessus", r[0], strings.TrimPrefix(r[1], "CVSS2#"), score)
	}
	f.Ratings = rs.sorted()
	return rs.err
}

// nessusCSV reads the table export; one row per plugin, port and CVE.
func (d *decoder) nessusCSV() error {
	t, err := d.tableOf(isNessus)
	if err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "nessus"}}); err != nil {
		return err
	}
	seen := map[Asset]bool{}
	return d.rows(t, func(t *table) ([]Item, error) {
		n := nessusRow(t)
		if n.host = line(n.host, maxName); n.host == "" {
			return nil, errors.New("the host is missing")
		}
		asset := d.asset(n.host, "host")
		items, err := n.items(asset)
		if err != nil {
			return nil, err
		}
		return items, d.announce(seen, asset, t.position())
	})
}

// isNessus knows the columns of Nessus, Tenable Vulnerability Management and Security Center.
func isNessus(columns map[string]int) bool {
	any := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { _, ok := columns[name]; return ok })
	}
	return any(nessusPlugin...) && any(nessusHost...) && any(nessusName...) && any("risk", "severity", "risk_factor")
}

var (
	nessusPlugin = []string{"plugin_id", "plugin", "definition.id"}
	nessusHost   = []string{"host", "asset_name", "dns_name", "ip_address", "asset.name", "asset.display_ipv4_address"}
	nessusName   = []string{"name", "plugin_name", "definition.name"}
)

func nessusRow(t *table) *nessusItem {
	n := &nessusItem{host: t.first(nessusHost...), plugin: t.first(nessusPlugin...), name: t.first(nessusName...),
		severity: t.first("risk", "severity", "risk_factor"), cves: cveList(t.first("cve", "definition.cve")),
		vector3: t.first("cvss_v3.0_vector", "cvss3_vector", "cvss_v3_vector", "definition.cvss3.base_vector"),
		score3:  t.first("cvss_v3.0_base_score", "cvss3_base_score", "cvss_v3_base_score", "definition.cvss3.base_score"),
		vector2: t.first("cvss_vector", "cvss_v2.0_vector", "cvss_v2_vector", "definition.cvss2.base_vector"),
		score2:  t.first("cvss_v2.0_base_score", "cvss_base_score", "cvss_v2_base_score", "definition.cvss2.base_score", "cvss"),
		family:  t.first("plugin_family", "family"), state: t.first("vulnerability_state", "state"),
		synopsis: t.first("synopsis", "definition.synopsis"), description: t.first("description", "definition.description"),
		solution: t.first("solution", "steps_to_remediate", "definition.solution"), output: t.first("plugin_output", "plugin_text", "output"), cpe: t.get("cpe")}
	if n.vector3 != "" && !strings.HasPrefix(n.vector3, "CVSS:") { // Tenable leaves the version out
		n.vector3 = "CVSS:3.0/" + n.vector3
	}
	for _, ref := range strings.FieldsFunc(t.get("cross_references")+","+t.get("xref"), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
		n.xrefs = append(n.xrefs, strings.Replace(ref, " #", ":", 1))
	}
	return n
}
