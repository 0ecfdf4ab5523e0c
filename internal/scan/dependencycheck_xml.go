package scan

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
)

// dependencyCheckXML reads the XML report of any schema version; the namespaces
// differ, the names of the elements hardly.
func (d *decoder) dependencyCheckXML() error {
	w, err := d.xml()
	if err != nil {
		return err
	}
	r := &dcReport{decoder: d}
	err = w.document(func(root xml.StartElement) error {
		if root.Name.Local != "analysis" {
			return errors.New("is no report of Dependency-Check")
		}
		return w.children(func(s xml.StartElement) error { return r.part(w, s) })
	})
	if err != nil {
		return err
	}
	return r.begin() // a report without dependencies
}

func (r *dcReport) part(w *xmlWalker, s xml.StartElement) error {
	fields := map[string]map[string]*string{"scanInfo": {"engineVersion": &r.version}, "projectInfo": {"name": &r.project, "reportDate": &r.at}}[s.Name.Local]
	if s.Name.Local == "dependencies" {
		if err := r.begin(); err != nil {
			return err
		}
		return w.children(func(s xml.StartElement) error {
			if s.Name.Local != "dependency" {
				return nil
			}
			return r.dependency(w)
		})
	}
	return w.children(func(s xml.StartElement) (err error) {
		if into := fields[s.Name.Local]; into != nil {
			*into, err = w.text()
		}
		return err
	})
}

// dependency reads one; its identifiers stand before its vulnerabilities.
func (r *dcReport) dependency(w *xmlWalker) error {
	dep := &dcDependency{}
	return w.children(func(s xml.StartElement) (err error) {
		switch s.Name.Local {
		case "fileName":
			dep.File, err = w.text()
		case "identifiers":
			var e *element
			if e, err = w.element(s); err == nil {
				dep.identify(e)
			} else if err == errRecordSize {
				err = nil
			}
		case "vulnerabilities":
			err = w.children(func(s xml.StartElement) error {
				if s.Name.Local != "vulnerability" {
					return nil
				}
				return r.reads(w, s, func(e *element) ([]Item, error) { return r.finding(dep, dcVulnerabilityOf(e)) })
			})
		}
		return err
	})
}

// identify takes the identifiers: package and vulnerabilityIds since 2.0,
// identifier with a type before.
func (dep *dcDependency) identify(e *element) {
	for _, p := range e.all("package") {
		dep.Packages = append(dep.Packages, dcIdentifier{ID: p.say("id")})
	}
	for _, c := range e.all("vulnerabilityIds") {
		dep.CPEs = append(dep.CPEs, dcIdentifier{ID: c.say("id")})
	}
	for _, i := range e.all("identifier") {
		one := dcIdentifier{ID: strings.Trim(i.say("name"), "()"), kind: i.attr("type")}
		if strings.HasPrefix(one.ID, "cpe:") {
			dep.CPEs = append(dep.CPEs, one)
		} else {
			dep.Packages = append(dep.Packages, one)
		}
	}
}

func dcVulnerabilityOf(e *element) *dcVulnerability {
	v := &dcVulnerability{Source: e.attr("source"), Name: e.say("name"), Severity: e.say("severity"), Description: e.say("description"),
		V2: dcMetricsOf(e.get("cvssV2")), V3: dcMetricsOf(e.get("cvssV3")), V4: dcMetricsOf(e.get("cvssV4"))}
	if len(v.V2) == 0 { // before schema 2.0 they stand in the vulnerability itself
		v.V2 = dcMetrics{}
		for _, c := range e.children {
			if name, ok := strings.CutPrefix(strings.ToLower(c.Name.Local), "cvss"); ok {
				v.V2[name] = c.text
			}
		}
	}
	for _, ref := range e.get("references").all("reference") {
		v.References = append(v.References, struct {
			URL string `json:"url"`
		}{ref.say("url")})
	}
	for _, s := range e.get("vulnerableSoftware").all("software") {
		v.Software = append(v.Software, struct {
			Software dcSoftware `json:"software"`
		}{dcSoftware{Matched: s.attr("vulnerabilityIdMatched") == "true", Before: s.attr("versionEndExcluding")}})
	}
	return v
}

func dcMetricsOf(e *element) dcMetrics {
	m := dcMetrics{}
	if e != nil {
		for _, c := range e.children {
			m[strings.ToLower(c.Name.Local)] = c.text
		}
	}
	return m
}

// dependencyCheckJSON reads the JSON report, which says the same.
func (d *decoder) dependencyCheckJSON() error {
	r := &dcReport{decoder: d}
	if err := d.walk(r.surveyJSON); err != nil {
		return err
	}
	if err := r.begin(); err != nil {
		return err
	}
	return d.walk(func(w *walker) error {
		return w.object(func(key string) error {
			if key != "dependencies" {
				return w.skip()
			}
			return w.list(func(i int) error { return r.dependencyJSON(w, fmt.Sprintf("dependencies[%d]", i)) })
		})
	})
}

func (r *dcReport) surveyJSON(w *walker) error {
	return w.object(func(key string) error {
		switch key {
		case "scanInfo":
			var info struct {
				Version string `json:"engineVersion"`
			}
			err := w.decode(&info)
			r.version = info.Version
			return err
		case "projectInfo":
			var info struct {
				Name string `json:"name"`
				At   string `json:"reportDate"`
			}
			err := w.decode(&info)
			r.project, r.at = info.Name, info.At
			return err
		}
		return w.skip()
	})
}

func (r *dcReport) dependencyJSON(w *walker, position string) error {
	raw, err := w.raw()
	if err != nil && err != errRecordSize {
		return err
	}
	var dep struct {
		dcDependency
		Vulnerabilities []json.RawMessage `json:"vulnerabilities"`
	}
	if err == nil {
		if err = json.Unmarshal(raw, &dep); err != nil {
			err = wrongType(err)
		}
	}
	if err != nil {
		return r.reject(position, err)
	}
	for i, raw := range dep.Vulnerabilities {
		var v dcVulnerability
		var items []Item
		err := json.Unmarshal(raw, &v)
		if err != nil {
			err = wrongType(err)
		} else {
			items, err = r.finding(&dep.dcDependency, &v)
		}
		if err := r.hand(items, fmt.Sprintf("%s.vulnerabilities[%d]", position, i), err); err != nil {
			return err
		}
	}
	return nil
}
