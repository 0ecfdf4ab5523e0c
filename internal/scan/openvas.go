package scan

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// openvasResult is what one vulnerability test (VT) of OpenVAS or Greenbone
// reports about a host, from XML or CSV.
type openvasResult struct {
	oid, name, family          string
	threat, severity, base     string   // High, …; 0 to 10; the same before it was overridden
	vectors                    []string // of several versions of CVSS; the score is of one of them
	cves                       []string
	summary, insight, impact   string
	solution, solutionType     string
	output, product, reference string
}

// items makes one finding per CVE. A result of the level Log only informs, and a
// false positive is one that people ruled out: both open no work.
func (r *openvasResult) items(asset Asset) ([]Item, error) {
	title := line(r.name, maxTitle)
	own := line("NVT-"+r.oid, maxID)
	if r.oid == "" {
		own = line(title, maxID)
	}
	if own == "" {
		return nil, errors.New("the id and the name of the test are missing")
	}
	f := Finding{Asset: asset, Status: "affected", FixState: "unknown", Title: title, Description: clean(r.text(), MaxDescription),
		Component: r.component(), URL: webAddress(r.reference)}
	if f.Component.Name == "" {
		return nil, errors.New("the name of the test is missing")
	}
	if err := r.rate(&f); err != nil {
		return nil, err
	}
	r.fix(&f)
	check := hostCheck{own: own, cves: r.ids(), output: r.output, packages: r.family + " " + r.name}
	return check.items(f)
}

// ids leaves out what old reports write for none.
func (r *openvasResult) ids() []string {
	var ids []string
	for _, id := range append(r.cves, r.oid) {
		if _, ok := cveID(id); ok || id != r.oid && !strings.EqualFold(id, "NOCVE") {
			ids = append(ids, strings.ToUpper(id))
		}
	}
	return ids
}

func (r *openvasResult) text() string {
	parts := []string{r.summary, r.insight}
	if r.impact != "" {
		parts = append(parts, "Impact: "+clean(r.impact, 800))
	}
	if r.solution != "" {
		parts = append(parts, "Solution: "+clean(r.solution, 1000))
	}
	return strings.TrimSpace(strings.Join(parts, "\n\n"))
}

// component is the product that was detected, where the report says so by CPE.
func (r *openvasResult) component() Component {
	installed := ""
	if v := nessusVersions(installedLine, r.output); len(v) > 0 {
		installed = v[0]
	}
	if name := cpeName(r.product); name != "" {
		if installed == "" {
			installed = cpeVersion(r.product)
		}
		return newComponent("", name, "", installed)
	}
	return newComponent("", subject(r.name), "", installed)
}

// rate reads the level and the score: the word Log, and scores below 0, mean none.
func (r *openvasResult) rate(f *Finding) error {
	numbers := [2]float64{}
	for i, text := range []string{r.severity, r.base} {
		if text = strings.Replace(strings.TrimSpace(text), ",", ".", 1); text == "" {
			continue
		}
		var err error
		if numbers[i], err = strconv.ParseFloat(text, 64); err != nil {
			return errors.New("the severity is no number")
		}
	}
	score := numbers[0]
	if numbers[1] > 0 {
		score = numbers[1]
	}
	switch threat := strings.ToLower(strings.TrimSpace(r.threat)); threat {
	case "log", "debug", "false positive":
		f.Severity, f.Status = "none", "not_affected"
	case "alarm":
		f.Severity = "high"
	default:
		if f.Severity = severityOf(threat); f.Severity == "unknown" {
			f.Severity = severityOf(band(score))
		}
	}
	if r.severity != "" && numbers[0] < 0 {
		f.Status = "not_affected"
	}
	var rs ratings
	published := max(score, 0)
	switch len(r.vectors) {
	case 0:
		rs.add("openvas", "", "", published)
	case 1:
		rs.add("openvas", "", r.vectors[0], published)
	default: // it is not said which of them the score is of
		for _, vector := range r.vectors {
			rs.add("openvas", "", vector, 0)
		}
	}
	f.Ratings = rs.sorted()
	return rs.err
}

// fix: a mitigation or a workaround is none.
func (r *openvasResult) fix(f *Finding) {
	if f.Status == "not_affected" {
		return
	}
	kind := strings.ToLower(r.solutionType)
	fixed := slices.DeleteFunc(nessusVersions(fixedLine, r.output), func(v string) bool { return v == f.Component.Installed })
	if len(fixed) == 0 && (kind == "vendorfix" || kind == "") {
		fixed = solved(f.Component.Name, r.solution, kind == "vendorfix", r.name)
	}
	f.fixedBy(fixed)
	if len(fixed) == 0 {
		f.FixState = map[string]string{"willnotfix": "wont_fix", "noneavailable": "not_fixed"}[kind]
	}
	if f.FixState == "" {
		f.FixState = "unknown"
	}
}

var cpeForm = regexp.MustCompile(`cpe:(?:/|2\.3:)[aho]:\S+`)

// openvasCSV reads the table export; hosts are named, as far as the file knows.
func (d *decoder) openvasCSV() error {
	t, err := d.tableOf(isOpenVAS)
	if err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "openvas"}}); err != nil {
		return err
	}
	hosts := &openvasHosts{names: map[string]string{}, streams: map[string]string{}, held: maxHeld}
	seen := map[Asset]bool{}
	return d.rows(t, func(t *table) ([]Item, error) {
		ip, name := t.first("ip", "host"), t.get("hostname")
		if line(ip, maxName) == "" && line(name, maxName) == "" {
			return nil, errors.New("the host is missing")
		}
		if err := hosts.learn(ip, name, ""); err != nil {
			return nil, err
		}
		asset := d.asset(hosts.name(ip, name), "host")
		items, err := openvasRow(t).items(asset)
		if err != nil {
			return nil, err
		}
		return items, d.announce(seen, asset, t.position())
	})
}

func isOpenVAS(columns map[string]int) bool {
	has := func(name string) bool { _, ok := columns[name]; return ok }
	return has("nvt_name") && (has("ip") || has("host") || has("hostname")) && (has("severity") || has("cvss"))
}

func openvasRow(t *table) *openvasResult {
	return &openvasResult{oid: t.get("nvt_oid"), name: t.get("nvt_name"), family: t.get("family"), threat: t.get("severity"), severity: t.get("cvss"),
		cves: cveList(t.first("cves", "cve")), summary: t.get("summary"), insight: t.get("vulnerability_insight"), impact: t.get("impact"),
		solution: t.get("solution"), solutionType: t.get("solution_type"), output: t.get("specific_result"),
		product: cpeForm.FindString(t.get("product_detection_result"))}
}

// openvasHosts knows the name of an address, which not every result repeats, and
// the release of its operating system.
type openvasHosts struct {
	names, streams map[string]string
	held           holder
}

func (h *openvasHosts) learn(ip, name, stream string) error {
	ip, name = line(ip, maxName), line(name, maxName)
	if stream != "" && ip != "" && h.streams[ip] == "" {
		h.streams[ip] = stream
		if err := h.held.take(ip, stream); err != nil {
			return err
		}
	}
	if ip == "" || name == "" || h.names[ip] != "" {
		return nil
	}
	h.names[ip] = name
	return h.held.take(ip, name)
}

func (h *openvasHosts) name(ip, name string) string {
	ip = line(ip, maxName)
	if known := h.names[ip]; known != "" {
		return known
	}
	return firstOf(name, ip)
}
