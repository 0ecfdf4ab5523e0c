package scan

import (
	"encoding/xml"
	"errors"
	"strings"
)

// openvasXML reads a report of GVM (OMP and GMP), alone, inside another report or
// in the answer to get_reports. The first pass learns the names of the hosts.
func (d *decoder) openvasXML() error {
	o := &openvasReport{decoder: d, hosts: &openvasHosts{names: map[string]string{}, streams: map[string]string{}, held: maxHeld}, seen: map[Asset]bool{}}
	if err := o.read(o.learn); err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "openvas", ReportedAt: timeOrZero(o.at)}}); err != nil {
		return err
	}
	return o.read(o.visit)
}

type openvasReport struct {
	*decoder
	w     *xmlWalker
	hosts *openvasHosts
	seen  map[Asset]bool
	at    string
}

func (o *openvasReport) read(visit func(s xml.StartElement) error) (err error) {
	if o.w, err = o.xml(); err != nil {
		return err
	}
	return o.w.document(func(root xml.StartElement) error {
		switch root.Name.Local {
		case "report", "get_reports_response", "get_results_response":
			return o.w.children(visit)
		}
		return errors.New("is no report of OpenVAS")
	})
}

func (o *openvasReport) learn(s xml.StartElement) (err error) {
	switch s.Name.Local {
	case "report", "results":
		return o.w.children(o.learn)
	case "scan_end", "creation_time":
		if text, err := o.w.text(); err != nil || text != "" {
			o.at = text
			return err
		}
	case "host":
		return o.hostOf(s, func(ip, name, stream string) error { return o.hosts.learn(ip, name, stream) })
	case "result":
		return o.w.children(func(s xml.StartElement) error {
			if s.Name.Local != "host" {
				return nil
			}
			return o.hostOf(s, func(ip, name, stream string) error { return o.hosts.learn(ip, name, stream) })
		})
	}
	return nil
}

// hostOf reads the host of a result, or of the report with its many details.
func (o *openvasReport) hostOf(s xml.StartElement, use func(ip, name, stream string) error) error {
	e, err := o.w.element(s)
	if err == errRecordSize {
		return nil
	}
	if err != nil {
		return err
	}
	name, stream := e.say("hostname"), ""
	for _, detail := range e.all("detail") {
		switch said := detail.say("name"); {
		case said == "hostname" && name == "":
			name = detail.say("value")
		case said == "best_os_txt":
			stream = streamOfSystem(detail.say("value"))
		}
	}
	return use(firstOf(e.say("ip"), e.text), name, stream)
}

func (o *openvasReport) host(ip, name string) Asset {
	a := o.asset(o.hosts.name(ip, name), "host")
	a.Stream = o.hosts.streams[line(ip, maxName)]
	return a
}

func (o *openvasReport) visit(s xml.StartElement) error {
	switch s.Name.Local {
	case "report", "results":
		return o.w.children(o.visit)
	case "host": // covered, also without a result
		position := o.w.position()
		return o.hostOf(s, func(ip, name, _ string) error {
			if line(ip, maxName) == "" {
				return nil
			}
			return o.announce(o.seen, o.host(ip, name), position)
		})
	case "result":
		return o.result(s)
	}
	return nil
}

func (o *openvasReport) result(s xml.StartElement) error {
	position := o.w.position()
	return o.reads(o.w, s, func(e *element) ([]Item, error) {
		ip, name := e.say("host"), e.say("host", "hostname")
		if line(o.hosts.name(ip, name), maxName) == "" {
			return nil, errors.New("the host is missing")
		}
		asset := o.host(ip, name)
		items, err := openvasResultOf(e).items(asset)
		if err != nil {
			return nil, err
		}
		return items, o.announce(o.seen, asset, position)
	})
}

func openvasResultOf(e *element) *openvasResult {
	nvt := e.get("nvt")
	tags := openvasTags(nvt.say("tags"))
	r := &openvasResult{oid: nvt.attr("oid"), name: firstOf(nvt.say("name"), e.say("name")), family: nvt.say("family"),
		threat: e.say("threat"), severity: e.say("severity"), base: nvt.say("cvss_base"),
		summary: tags["summary"], insight: tags["insight"], impact: tags["impact"],
		solution: firstOf(nvt.say("solution"), tags["solution"]), output: e.say("description"),
		solutionType: firstOf(nvt.get("solution").attr("type"), tags["solution_type"]), cves: cveList(nvt.say("cve"))}
	for _, severity := range nvt.get("severities").all("severity") {
		r.vectors = append(r.vectors, severity.say("value"))
	}
	r.vectors = distinct(append(r.vectors, tags["cvss_base_vector"]), 8, maxName)
	for _, ref := range nvt.get("refs").all("ref") {
		switch strings.ToLower(ref.attr("type")) {
		case "cve":
			r.cves = append(r.cves, ref.attr("id"))
		case "url":
			r.reference = firstOf(r.reference, ref.attr("id"))
		}
	}
	for _, detail := range e.get("detection", "result", "details").all("detail") {
		if detail.say("name") == "product" {
			r.product = firstOf(r.product, detail.say("value"))
		}
	}
	return r
}

// openvasTags takes "summary=…|solution=…" apart.
func openvasTags(text string) map[string]string {
	tags := map[string]string{}
	for part := range strings.SplitSeq(text, "|") {
		if name, value, ok := strings.Cut(part, "="); ok && len(tags) < 50 {
			tags[strings.TrimSpace(name)] = value
		}
	}
	return tags
}
