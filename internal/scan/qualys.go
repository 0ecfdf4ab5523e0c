package scan

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// qualysCheck is one detection of a QID on a host, from any of Qualys's reports.
type qualysCheck struct {
	qid, title, severity      string
	kind                      string // Vuln, Practice (may be), Ig (information), and their longer words
	status                    string // Active, New, Re-Opened, Fixed
	ignored                   bool
	cves                      []string
	score3, score31, score2   string // "8.1 (AV:N/…)" or a number alone
	threat, impact, solution  string
	reference, result, system string
	patchable                 bool
}

// finding makes the findings of a detection. One that only informs is passed on
// as not affected: it is part of the report and opens no work.
func (q *qualysCheck) items(asset Asset) ([]Item, error) {
	if q.qid == "" || len(q.qid) > 18 || !isNumber(q.qid) {
		return nil, errors.New("the QID is missing or no number")
	}
	severity, ok := qualysSeverity(q.severity)
	if !ok {
		return nil, errors.New("the severity is none of Qualys")
	}
	title := line(markless(q.title), maxTitle)
	if title == "" {
		title = "QID " + q.qid
	}
	f := Finding{Asset: asset, Severity: severity, FixState: "unknown", Title: title, Description: clean(q.text(), MaxDescription),
		Component: newComponent("", subject(title), "", "")}
	if f.Status, ok = q.says(); !ok {
		return nil, errors.New("the type or the status is none of Qualys")
	}
	if f.Status == "not_affected" && !q.ignored {
		f.Severity = "none"
	}
	if err := q.rate(&f); err != nil {
		return nil, err
	}
	f.fixedBy(q.fixed(title))
	check := hostCheck{own: "QID-" + q.qid, cves: q.cves, output: q.result, packages: q.title + " " + q.system}
	return check.items(f)
}

// qualysSeverity reads the five levels, or the words of the PCI report.
func qualysSeverity(s string) (string, bool) {
	levels := map[string]string{"5": "critical", "4": "high", "3": "medium", "2": "low", "1": "low", "": "unknown"}
	s = strings.ToLower(strings.TrimSpace(s))
	if level, ok := levels[s]; ok {
		return level, true
	}
	word := severityOf(s)
	return word, word != "unknown"
}

// says: what may be a vulnerability is under investigation until somebody looks.
func (q *qualysCheck) says() (status string, ok bool) {
	switch kind := strings.ToLower(q.kind); {
	case kind == "", strings.HasPrefix(kind, "vuln"), kind == "confirmed":
		status = "affected"
	case kind == "practice", strings.HasPrefix(kind, "potential"):
		status = "under_investigation"
	case kind == "ig", strings.HasPrefix(kind, "info"):
		status = "not_affected"
	default:
		return "", false
	}
	switch strings.ReplaceAll(strings.ToLower(q.status), "-", "") {
	case "", "active", "new", "reopened":
	case "fixed":
		return "fixed", true
	default:
		return "", false
	}
	if q.ignored {
		status = "not_affected"
	}
	return status, true
}

var vendorAdvisory = regexp.MustCompile(`\b(?:RH[SB]A|USN|DSA|DLA|ELSA|ALAS2?|CESA|RLSA|ALSA|SUSE-SU|openSUSE-SU|FEDORA|GLSA|VMSA|APSB|cisco-sa)-?[\w.:-]*[0-9][\w.:-]*`)

// fixed: the article, the version or the advisory that the report names.
func (q *qualysCheck) fixed(title string) []string {
	if list := articles(q.title); len(list) > 0 {
		return list
	}
	solution := markless(q.solution)
	fix := solved(title, solution, q.patchable, q.reference)
	if len(fix) == 0 || fix[0] == VendorFix {
		if list := distinct(vendorAdvisory.FindAllString(q.reference, 32), 32, 80); len(list) > 0 {
			return list
		}
	}
	return fix
}

func (q *qualysCheck) rate(f *Finding) error {
	var rs ratings
	for _, r := range [][2]string{{"3.1", q.score31}, {"3.0", q.score3}, {"2.0", q.score2}} {
		number, vector, _ := strings.Cut(strings.Trim(r[1], "' "), "(")
		if number = strings.TrimSpace(number); number == "" || number == "-" || strings.EqualFold(number, "n/a") {
			continue // not rated, which is not 0
		}
		score, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return errors.New("a CVSS score is no number")
		}
		vector = strings.TrimRight(strings.TrimSpace(vector), ")")
		if vector != "" && r[0] != "2.0" && !strings.HasPrefix(vector, "CVSS:") {
			vector = "CVSS:" + r[0] + "/" + vector
		}
		rs.add("qualys", r[0], vector, score)
	}
	f.Ratings = rs.sorted()
	return rs.err
}

func (q *qualysCheck) text() string {
	parts := []string{markless(q.threat)}
	for _, p := range [][2]string{{"Impact: ", q.impact}, {"Solution: ", q.solution}} {
		if text := markless(p[1]); text != "" {
			parts = append(parts, p[0]+clean(text, 1000))
		}
	}
	return clean(strings.Join(parts, "\n\n"), MaxDescription)
}

var (
	breaks = regexp.MustCompile(`(?i)<(?:br|p|li|/li|/p)\s*/?>`)
	marks  = regexp.MustCompile(`</?[A-Za-z][^<>]{0,300}>`)
)

// markless takes the HTML out of Qualys's texts.
func markless(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	s = s[:min(len(s), maxText)]
	return marks.ReplaceAllString(breaks.ReplaceAllString(s, "\n"), "")
}

// cveList splits a cell of CVE ids.
func cveList(cell string) []string {
	return strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",; \t\r\n", r) })
}

// qualysCSV reads the tables of scan reports, of VMDR and of PCI reports.
func (d *decoder) qualysCSV() error {
	t, err := d.tableOf(isQualys)
	if err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "qualys"}}); err != nil {
		return err
	}
	seen := map[Asset]bool{}
	return d.rows(t, func(t *table) ([]Item, error) {
		host := line(t.first("dns", "hostname", "asset_name", "ip", "asset_ipv4", "asset_ipv6", "netbios", "fqdn"), maxName)
		if host == "" {
			return nil, errors.New("the host is missing")
		}
		asset := d.asset(host, "host")
		var items []Item
		asset.Stream = streamOfSystem(t.first("os", "operating_system"))
		if q := qualysRow(t); q.qid != "" || q.title != "" { // else the row says that the host was looked at
			if items, err = q.items(asset); err != nil {
				return nil, err
			}
		}
		return items, d.announce(seen, asset, t.position())
	})
}

func isQualys(columns map[string]int) bool {
	has := func(name string) bool { _, ok := columns[name]; return ok }
	return has("qid") && (has("title") || has("vuln_title")) && has("severity")
}

func qualysRow(t *table) *qualysCheck {
	return &qualysCheck{qid: t.get("qid"), title: t.first("title", "vuln_title"), severity: t.first("severity", "q_severity"),
		kind: t.first("type", "type_detected"), status: t.first("vuln_status", "status"),
		ignored: isYes(t.get("ignored")) || isYes(t.get("disabled")),
		cves:    cveList(strings.Trim(t.first("cve_id", "cveid", "cve", "cve_ids"), "'-")),
		score31: t.first("cvssv3.1_base_(nvd)", "cvss3.1_base", "cvssv3.1_base"), score3: t.first("cvss3_base", "cvss_v3_base"),
		score2: t.first("cvss_base", "cvssv2_base_(nvd)", "cvssv2_base"),
		threat: t.first("threat", "cve_description"), impact: t.get("impact"), solution: t.get("solution"),
		reference: t.get("vendor_reference"), result: t.first("results", "result"), system: t.first("os", "operating_system"),
		patchable: isYes(t.first("vuln_patchable", "patchable"))}
}

func isYes(s string) bool {
	return strings.EqualFold(s, "yes") || s == "1" || strings.EqualFold(s, "true")
}
