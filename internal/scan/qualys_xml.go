package scan

import (
	"encoding/xml"
	"errors"
	"strings"
)

// qualysXML reads three documents: the asset data report, whose glossary holds
// what is known about each QID; the list of detections of the API; and the
// report of one scan.
func (d *decoder) qualysXML() error {
	q := &qualysDocument{decoder: d, glossary: map[string]*qualysCheck{}, held: maxHeld, seen: map[Asset]bool{}}
	if err := q.read(q.define); err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "qualys", ReportedAt: timeOrZero(q.at)}}); err != nil {
		return err
	}
	return q.read(q.visit)
}

type qualysDocument struct {
	*decoder
	w        *xmlWalker
	glossary map[string]*qualysCheck
	held     holder
	seen     map[Asset]bool
	at       string
}

var qualysRoots = map[string]bool{"ASSET_DATA_REPORT": true, "HOST_LIST_VM_DETECTION_OUTPUT": true, "SCAN": true}

func (q *qualysDocument) read(visit func(s xml.StartElement) error) (err error) {
	if q.w, err = q.xml(); err != nil {
		return err
	}
	return q.w.document(func(root xml.StartElement) error {
		if !qualysRoots[root.Name.Local] {
			return errors.New("is no report of Qualys")
		}
		return q.w.children(visit)
	})
}

// define is the first pass.
func (q *qualysDocument) define(s xml.StartElement) (err error) {
	switch s.Name.Local {
	case "HEADER", "RESPONSE", "GLOSSARY", "VULN_DETAILS_LIST":
		return q.w.children(q.define)
	case "GENERATION_DATETIME", "DATETIME":
		q.at, err = q.w.text()
	case "VULN_DETAILS":
		var e *element
		if e, err = q.w.element(s); err == nil {
			return q.keep(qualysDetails(e))
		}
		if err == errRecordSize {
			err = nil
		}
	}
	return err
}

func (q *qualysDocument) keep(c *qualysCheck) error {
	q.glossary[c.qid] = c
	return q.held.take(c.qid, c.title, c.severity, c.score2, c.score3, c.score31, c.threat, c.impact, c.solution, c.reference, strings.Join(c.cves, ","))
}

// qualysDetails is what a glossary, or a scan's report beside the detection, says
// about a QID.
func qualysDetails(e *element) *qualysCheck {
	c := &qualysCheck{qid: e.say("QID"), title: line(e.say("TITLE"), maxTitle), severity: line(e.say("SEVERITY"), 20),
		threat: clean(e.say("THREAT")+e.say("DIAGNOSIS"), MaxDescription), impact: clean(e.say("IMPACT")+e.say("CONSEQUENCE"), 1000),
		solution: clean(e.say("SOLUTION"), MaxDescription), score2: line(e.say("CVSS_SCORE", "CVSS_BASE")+e.say("CVSS_BASE"), 200),
		score3:  line(e.say("CVSS3_SCORE", "CVSS3_BASE")+e.say("CVSS3_BASE"), 200),
		score31: line(e.say("CVSS3_SCORE", "CVSS3_VERSION_BASE"), 200)}
	for _, list := range []string{"CVE_ID_LIST", "CVE_LIST"} {
		for _, name := range []string{"CVE_ID", "CVE"} {
			for _, id := range e.get(list).all(name) {
				c.cves = append(c.cves, cveList(id.say("ID")+" "+id.text)...)
			}
		}
	}
	var references []string
	for _, r := range e.get("VENDOR_REFERENCE_LIST").all("VENDOR_REFERENCE") {
		references = append(references, r.say("ID"))
	}
	c.cves = distinct(c.cves, 1000, maxID)
	c.reference = line(strings.Join(references, ", "), maxName)
	return c
}

// visit is the second pass: the hosts with their detections.
func (q *qualysDocument) visit(s xml.StartElement) error {
	switch s.Name.Local {
	case "RESPONSE", "HOST_LIST":
		return q.w.children(q.visit)
	case "HOST":
		return q.host()
	case "IP":
		return q.scanned(s)
	}
	return nil
}

// host reads a host: its names stand before its detections.
func (q *qualysDocument) host() error {
	position := q.w.position()
	var ip, ipv6, dns, netbios, system string
	var asset Asset
	fields := map[string]*string{"IP": &ip, "IPV6": &ipv6, "DNS": &dns, "NETBIOS": &netbios, "OPERATING_SYSTEM": &system, "OS": &system}
	named := func() error {
		if asset.Name == "" {
			asset = q.asset(firstOf(dns, ip, ipv6, netbios), "host")
			asset.Stream = streamOfSystem(system)
		}
		return q.announce(q.seen, asset, position)
	}
	err := q.w.children(func(s xml.StartElement) (err error) {
		switch into := fields[s.Name.Local]; {
		case into != nil:
			*into, err = q.w.text()
		case s.Name.Local == "VULN_INFO_LIST", s.Name.Local == "DETECTION_LIST":
			if err = named(); err == nil {
				err = q.w.children(func(s xml.StartElement) error { return q.detection(s, asset, system) })
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return named()
}

func (q *qualysDocument) detection(s xml.StartElement, asset Asset, system string) error {
	if s.Name.Local != "VULN_INFO" && s.Name.Local != "DETECTION" {
		return nil
	}
	return q.reads(q.w, s, func(e *element) ([]Item, error) {
		c := qualysCheck{}
		if known := q.glossary[e.say("QID")]; known != nil {
			c = *known
		} else {
			c = *qualysDetails(e)
		}
		c.kind, c.status, c.system = e.say("TYPE"), e.say("VULN_STATUS")+e.say("STATUS"), system
		c.result = e.say("RESULT") + e.say("RESULTS")
		c.ignored = isYes(e.say("IS_IGNORED")) || isYes(e.say("IS_DISABLED"))
		if own := e.say("SEVERITY"); own != "" {
			c.severity = own
		}
		return c.items(asset)
	})
}

// scanned reads a host of a scan's report.
func (q *qualysDocument) scanned(s xml.StartElement) error {
	asset := q.asset(firstOf(attribute(s, "name"), attribute(s, "value")), "host")
	if name := attribute(s, "name"); strings.EqualFold(name, "No registered hostname") {
		asset = q.asset(attribute(s, "value"), "host")
	}
	if err := q.announce(q.seen, asset, q.w.position()); err != nil {
		return err
	}
	kinds := map[string]string{"VULN": "Vuln", "PRACTICE": "Practice", "INFO": "Ig", "SERVICE": "Ig"}
	var visit func(s xml.StartElement) error
	visit = func(s xml.StartElement) error {
		kind := kinds[s.Name.Local]
		switch {
		case kind != "":
			return q.reads(q.w, s, func(e *element) ([]Item, error) {
				c := qualysDetails(e)
				c.qid, c.severity, c.kind, c.result = e.attr("number"), e.attr("severity"), kind, e.say("RESULT")
				c.cves = append(c.cves, cveList(e.attr("cveid"))...)
				return c.items(asset)
			})
		case s.Name.Local == "CAT", s.Name.Local == "VULNS", s.Name.Local == "PRACTICES", s.Name.Local == "INFOS", s.Name.Local == "SERVICES":
			return q.w.children(visit)
		}
		return nil
	}
	return q.w.children(visit)
}

func firstOf(list ...string) string {
	for _, s := range list {
		if line(s, maxName) != "" {
			return s
		}
	}
	return ""
}
