package scan

import (
	"encoding/xml"
	"errors"
)

// nessusXML reads a .nessus file (NessusClientData_v2), host by host.
func (d *decoder) nessusXML() error {
	w, err := d.xml()
	if err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "nessus"}}); err != nil {
		return err
	}
	n := &nessusHosts{decoder: d, w: w, seen: map[Asset]bool{}}
	return w.document(func(root xml.StartElement) error {
		if root.Name.Local != "NessusClientData_v2" {
			return errors.New("is no NessusClientData_v2 document")
		}
		return w.children(n.report)
	})
}

// nessusHosts reads the hosts of a report.
type nessusHosts struct {
	*decoder
	w    *xmlWalker
	seen map[Asset]bool
}

func (n *nessusHosts) report(s xml.StartElement) error {
	if s.Name.Local != "Report" {
		return nil
	}
	return n.w.children(n.host)
}

func (n *nessusHosts) host(s xml.StartElement) error {
	name := line(attribute(s, "name"), maxName)
	if s.Name.Local != "ReportHost" || name == "" {
		return nil
	}
	asset := n.asset(name, "host")
	position, told := n.w.position(), false
	tell := func() error { // after what the host's properties say of it, which come first
		if told {
			return nil
		}
		told = true
		return n.announce(n.seen, asset, position)
	}
	err := n.w.children(func(s xml.StartElement) (err error) {
		switch s.Name.Local {
		case "HostProperties":
			asset.Stream, err = n.system()
		case "ReportItem":
			if err = tell(); err == nil {
				err = n.item(s, asset)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return tell()
}

// system reads which operating system the host has: one line for each guess.
func (n *nessusHosts) system() (stream string, err error) {
	err = n.w.children(func(s xml.StartElement) error {
		if attribute(s, "name") != "operating-system" {
			return nil
		}
		text, err := n.w.text()
		stream = streamOfSystem(text)
		return err
	})
	return stream, err
}

func (n *nessusHosts) item(s xml.StartElement, asset Asset) error {
	position := n.w.position()
	it := &nessusItem{host: asset.Name, plugin: attribute(s, "pluginID"), name: attribute(s, "pluginName"), severity: attribute(s, "severity"),
		family: attribute(s, "pluginFamily")}
	fields := map[string]*string{"cvss3_vector": &it.vector3, "cvss3_base_score": &it.score3, "cvss_vector": &it.vector2,
		"cvss_base_score": &it.score2, "cpe": &it.cpe, "synopsis": &it.synopsis, "description": &it.description,
		"solution": &it.solution, "plugin_output": &it.output}
	err := n.w.children(func(s xml.StartElement) error {
		text, err := n.w.text()
		if into := fields[s.Name.Local]; into != nil {
			*into = text
		}
		switch {
		case s.Name.Local == "cve" && len(it.cves) < 1000:
			it.cves = append(it.cves, text)
		case s.Name.Local == "xref" && len(it.xrefs) < 1000:
			it.xrefs = append(it.xrefs, text)
		}
		return err
	})
	if err != nil {
		return err
	}
	items, err := it.items(asset)
	return n.hand(items, position, err)
}
