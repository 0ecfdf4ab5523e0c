package scan

import (
	"errors"
	"regexp"
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
	if f.Fixed = n.fixed(); len(f.Fixed) > 0 {
		f.FixState = "fixed"
	}
	if severity == "none" && len(n.cves) == 0 {
		f.Status = "not_affected"
	}
	if err := n.rate(&f); err != nil {
		return nil, err
	}
	return n.perCVE(f)
}

func (n *nessusItem) text() string {
	text := strings.TrimSpace(n.synopsis + "\n\n" + n.description)
	if n.solution != "" && !strings.EqualFold(n.solution, "n/a") {
		text = clean(text, MaxDescription-1200) + "\n\nSolution: " + clean(n.solution, 1000)
	}
	return text
}

// fixed are the versions the plugin printed, else Microsoft's knowledge base articles.
func (n *nessusItem) fixed() []string {
	if versions := nessusVersions(fixedLine, n.output); len(versions) > 0 {
		return versions
	}
	var articles []string
	for _, x := range n.xrefs {
		if number, ok := strings.CutPrefix(x, "MSKB:"); ok {
			articles = append(articles, "KB"+number)
		}
	}
	return distinct(articles, 32, 40)
}

func (n *nessusItem) perCVE(f Finding) ([]Item, error) {
	var items []Item
	for _, id := range distinct(n.cves, 1000, maxID) {
		one := f
		var ok bool
		if one.Vulnerability, ok = cveID(id); !ok {
			return nil, errors.New("a CVE id is malformed")
		}
		items = append(items, Item{Finding: &one})
	}
	if len(items) == 0 {
		f.Vulnerability = "NESSUS-" + n.plugin
		items = []Item{{Finding: &f}}
	}
	return items, nil
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
	return versionList(strings.ReplaceAll(m[1], " / ", ","))
}

// component is the product the plugin names by CPE, else the plugin's subject by its name.
func (n *nessusItem) component() Component {
	installed := ""
	if v := nessusVersions(installedLine, n.output); len(v) > 0 {
		installed = v[0]
	}
	name := cpeName(n.cpe)
	if name == "" {
		name = n.name
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
	r, err := d.lines()
	if err != nil {
		return err
	}
	t, err := newTable(r, 0)
	if err != nil {
		return err
	}
	if !isNessus(t.columns) {
		return errors.New("lacks one of the columns Plugin ID, Host, Name and Risk or Severity")
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

func isNessus(columns map[string]int) bool {
	has := func(name string) bool { _, ok := columns[name]; return ok }
	return has("plugin_id") && has("host") && has("name") && (has("risk") || has("severity"))
}

func nessusRow(t *table) *nessusItem {
	first := func(names ...string) string {
		for _, name := range names {
			if v := t.get(name); v != "" {
				return v
			}
		}
		return ""
	}
	return &nessusItem{host: first("host", "asset_name", "ip_address"), plugin: t.get("plugin_id"), name: t.get("name"),
		severity: first("risk", "severity"), cves: strings.FieldsFunc(t.get("cve"), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }),
		vector3: first("cvss_v3.0_vector", "cvss3_vector"), score3: first("cvss_v3.0_base_score", "cvss3_base_score"),
		vector2: first("cvss_vector", "cvss_v2.0_vector"), score2: first("cvss_v2.0_base_score", "cvss_base_score", "cvss"),
		synopsis: t.get("synopsis"), description: t.get("description"), solution: t.get("solution"), output: t.get("plugin_output")}
}
