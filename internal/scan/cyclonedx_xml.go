package scan

import (
	"encoding/xml"
	"errors"
	"strconv"
	"strings"
)

// bomXML reads the XML form of a bill of materials (1.0 to 1.7), which says the
// same as the JSON form.
type bomXML struct {
	*decoder
	*bom
	w     *xmlWalker
	asset Asset
}

func (d *decoder) cyclonedxXML() error {
	b := &bomXML{decoder: d, bom: &bom{byRef: map[string]Component{}, held: maxHeld}}
	if err := b.document(b.surveyXML); err != nil {
		return err
	}
	var err error
	if b.asset, err = d.beginBOM(b.bom); err != nil {
		return err
	}
	return b.document(b.contents)
}

func (b *bomXML) document(visit func(s xml.StartElement) error) (err error) {
	if b.w, err = b.xml(); err != nil {
		return err
	}
	return b.w.document(func(root xml.StartElement) error {
		if root.Name.Local != "bom" {
			return errors.New("is no bill of materials")
		}
		b.serial = attribute(root, "serialNumber")
		return b.w.children(visit)
	})
}

func (b *bomXML) surveyXML(s xml.StartElement) error {
	switch s.Name.Local {
	case "metadata":
		return b.w.children(b.metadataXML)
	case "components":
		return b.list(func(_ string, c bomComponent) error {
			b.components++
			return b.remember(c)
		}, nil)
	}
	return nil
}

func (b *bomXML) metadataXML(s xml.StartElement) (err error) {
	switch s.Name.Local {
	case "timestamp":
		b.at, err = b.w.text()
	case "component":
		depth := b.w.depth
		return b.component(s, func(_ string, c bomComponent) error {
			if b.w.depth < depth { // nested ones are visited deeper inside
				b.root = c
			}
			return b.remember(c)
		}, nil)
	case "tools":
		return b.toolsXML(s)
	}
	return err
}

// toolsXML is a list, since 1.5 also of components.
func (b *bomXML) toolsXML(s xml.StartElement) error {
	e, err := b.w.element(s)
	if err == errRecordSize {
		return nil
	}
	first := e.get("tool")
	if first == nil {
		first = e.get("components", "component")
	}
	b.tool, b.version = first.say("name"), first.say("version")
	return err
}

// contents is the second pass: the inventory and what is said about it.
func (b *bomXML) contents(s xml.StartElement) error {
	switch s.Name.Local {
	case "components":
		return b.list(func(position string, c bomComponent) error {
			return b.inventory(position, c, b.asset)
		}, b.vulnerabilities)
	case "vulnerabilities":
		return b.vulnerabilities(nil)
	}
	return nil
}

// list visits the components of a list and the ones nested in them.
func (b *bomXML) list(visit func(position string, c bomComponent) error, said func(*bomComponent) error) error {
	return b.w.children(func(s xml.StartElement) error {
		if s.Name.Local != "component" {
			return nil
		}
		return b.component(s, visit, said)
	})
}

// component reads one; said reads the vulnerabilities inside it, which the
// extension for 1.0 to 1.3 has there.
func (b *bomXML) component(s xml.StartElement, visit func(position string, c bomComponent) error, said func(*bomComponent) error) error {
	position := b.w.position()
	c := bomComponent{Ref: attribute(s, "bom-ref"), Type: attribute(s, "type")}
	fields := map[string]*string{"group": &c.Group, "name": &c.Name, "version": &c.Version, "purl": &c.PURL}
	err := b.w.children(func(s xml.StartElement) (err error) {
		switch into := fields[s.Name.Local]; {
		case into != nil:
			*into, err = b.w.text()
		case s.Name.Local == "components":
			err = b.list(visit, said)
		case s.Name.Local == "vulnerabilities" && said != nil:
			err = said(&c)
		}
		return err
	})
	if err != nil {
		return err
	}
	return visit(position, c)
}

func (b *bomXML) vulnerabilities(inside *bomComponent) error {
	return b.w.children(func(s xml.StartElement) error {
		if s.Name.Local != "vulnerability" {
			return nil
		}
		return b.reads(b.w, s, func(e *element) ([]Item, error) {
			v, err := bomVulnerabilityOf(e)
			if err != nil {
				return nil, err
			}
			whole := b.root
			if inside != nil && (len(v.Affects) == 0 || v.Affects[0].Ref == inside.Ref) {
				v.Affects, whole = nil, *inside
			}
			return b.findings(v, whole, b.asset)
		})
	})
}

// bomVulnerabilityOf brings the XML form into the JSON form.
func bomVulnerabilityOf(e *element) (*bomVulnerability, error) {
	v := &bomVulnerability{ID: e.say("id"), Description: e.say("description"), Detail: e.say("detail"),
		Recommendation: e.say("recommendation"), Published: e.say("published")}
	v.Source.Name, v.Source.URL = e.say("source", "name"), e.say("source", "url")
	v.Analysis.State = e.say("analysis", "state")
	for _, r := range e.get("analysis", "responses").all("response") {
		v.Analysis.Response = append(v.Analysis.Response, r.text)
	}
	for _, r := range e.get("references").all("reference") {
		v.References = append(v.References, bomReference{ID: r.say("id")})
	}
	if ref := e.attr("ref"); ref != "" { // the extension's
		v.Affects = []bomAffects{{Ref: ref}}
	}
	for _, t := range e.get("affects").all("target") {
		a := bomAffects{Ref: t.say("ref")}
		for _, version := range t.get("versions").all("version") {
			a.Versions = append(a.Versions, bomVersion{Version: version.say("version"), Status: version.say("status")})
		}
		v.Affects = append(v.Affects, a)
	}
	return v, v.ratingsOf(e.get("ratings").all("rating"))
}

func (v *bomVulnerability) ratingsOf(list []*element) error {
	for _, e := range list {
		r := bomRating{Severity: e.say("severity"), Method: e.say("method"), Vector: e.say("vector")}
		r.Source.Name = e.say("source", "name")
		score := e.say("score")
		if base := e.say("score", "base"); base != "" {
			score = base
		}
		var err error
		if score != "" {
			if r.Score, err = strconv.ParseFloat(strings.TrimSpace(score), 64); err != nil {
				return errors.New("the score of a rating is no number")
			}
		}
		v.Ratings = append(v.Ratings, r)
	}
	return nil
}
