package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// bomComponent is a component without the ones nested in it.
type bomComponent struct {
	Ref     string `json:"bom-ref"`
	Type    string `json:"type"`
	Group   string `json:"group"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
}

// bom is what the first pass learns about the document.
type bom struct {
	isBOM      bool
	serial, at string
	root       bomComponent
	tool       string
	version    string
	byRef      map[string]Component // what vulnerabilities point at
	held       holder
}

// cyclonedx reads bills of materials (1.0 to 1.7, JSON) with what they say
// about vulnerabilities. The asset is the document's main component.
func (d *decoder) cyclonedx() error {
	b := &bom{byRef: map[string]Component{}, held: maxHeld}
	if err := d.walk(b.survey); err != nil {
		return err
	}
	if !b.isBOM {
		return errors.New("does not say bomFormat CycloneDX")
	}
	about := &Snapshot{Source: sourceOf("cyclonedx", line(b.tool, 80)), Document: line(b.serial, maxName), ToolVersion: line(b.version, 80),
		ReportedAt: timeOrZero(b.at)}
	if err := d.emit(Item{Position: "file", Snapshot: about}); err != nil {
		return err
	}
	asset := d.asset(b.assetName(), bomKinds[b.root.Type])
	if err := d.emit(Item{Position: "metadata.component", Asset: &asset}); err != nil {
		return err
	}
	return d.walk(func(w *walker) error {
		return w.object(func(key string) error {
			switch key {
			case "components":
				return d.bomComponents(w, "components", asset)
			case "vulnerabilities":
				return w.list(func(i int) error {
					return d.parts(w, fmt.Sprintf("vulnerabilities[%d]", i), func(raw []byte) ([]Item, error) {
						return b.readVulnerability(raw, asset)
					})
				})
			}
			return w.skip()
		})
	})
}

var bomKinds = map[string]string{
	"container": "image", "device": "device", "operating-system": "host", "application": "application",
	"file": "filesystem", "firmware": "device", "library": "application", "framework": "application",
}

func (b *bom) assetName() string {
	if b.root.Group != "" && b.root.Name != "" {
		return b.root.Group + "/" + b.root.Name
	}
	return b.root.Name
}

func (b *bom) survey(w *walker) error {
	return w.object(func(key string) error {
		switch key {
		case "bomFormat":
			var format string
			err := w.decode(&format)
			b.isBOM = strings.EqualFold(format, "CycloneDX")
			return err
		case "serialNumber":
			return w.decode(&b.serial)
		case "metadata":
			return w.object(b.metadata(w))
		case "components":
			return bomWalk(w, "components", func(_ string, c bomComponent) error { return b.remember(c) })
		}
		return w.skip()
	})
}

func (b *bom) metadata(w *walker) func(key string) error {
	return func(key string) error {
		switch key {
		case "timestamp":
			return w.decode(&b.at)
		case "component":
			if c, ok := w.next(); ok && c != '{' {
				return w.skip()
			}
			return bomOne(w, "metadata.component", func(position string, c bomComponent) error {
				if position == "metadata.component" {
					b.root = c
				}
				return b.remember(c)
			})
		case "tools":
			return b.tools(w)
		}
		return w.skip()
	}
}

// tools is a list, since 1.5 also an object with a list of components.
func (b *bom) tools(w *walker) error {
	type tool struct{ Name, Version string }
	var list []tool
	var grouped struct{ Components []tool }
	raw, err := w.raw()
	if err != nil && err != errRecordSize {
		return err
	}
	if json.Unmarshal(raw, &list) != nil && json.Unmarshal(raw, &grouped) == nil {
		list = grouped.Components
	}
	if len(list) > 0 {
		b.tool, b.version = list[0].Name, list[0].Version
	}
	return nil
}

func (b *bom) remember(c bomComponent) error {
	if c.Ref == "" {
		return nil
	}
	it := c.component()
	b.byRef[c.Ref] = it
	return b.held.take(c.Ref, it.Name, it.PURL, it.Installed, it.Ecosystem)
}

func (c bomComponent) component() Component {
	name := c.Name
	if c.Group != "" && name != "" {
		name = c.Group + "/" + name
	}
	installed := c.Version
	if installed == "" {
		installed = purlVersion(c.PURL)
	}
	return newComponent("", name, c.PURL, installed)
}

// bomWalk visits the components of a list and the ones nested in them.
func bomWalk(w *walker, path string, visit func(position string, c bomComponent) error) error {
	return w.list(func(i int) error { return bomOne(w, fmt.Sprintf("%s[%d]", path, i), visit) })
}

func bomOne(w *walker, position string, visit func(position string, c bomComponent) error) error {
	var c bomComponent
	nested := map[string]*string{"bom-ref": &c.Ref, "type": &c.Type, "group": &c.Group, "name": &c.Name, "version": &c.Version, "purl": &c.PURL}
	err := w.object(func(key string) error {
		if into := nested[key]; into != nil {
			return w.decode(into)
		}
		if key == "components" {
			return bomWalk(w, position+".components", visit)
		}
		return w.skip()
	})
	if err != nil {
		return err
	}
	return visit(position, c)
}

// bomComponents yields the inventory.
func (d *decoder) bomComponents(w *walker, path string, asset Asset) error {
	return bomWalk(w, path, func(position string, c bomComponent) error {
		it := c.component()
		if it.Name == "" {
			return d.reject(position, errors.New("the component has no name"))
		}
		return d.emit(Item{Position: position, Installed: &Installed{Asset: asset, Component: it}})
	})
}

// bomVulnerability is an element of vulnerabilities (since 1.4).
type bomVulnerability struct {
	ID     string `json:"id"`
	Source struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	} `json:"source"`
	References []struct {
		ID string `json:"id"`
	} `json:"references"`
	Ratings []struct {
		Source struct {
			Name string `json:"name"`
		} `json:"source"`
		Score    float64 `json:"score"`
		Severity string  `json:"severity"`
		Method   string  `json:"method"`
		Vector   string  `json:"vector"`
	} `json:"ratings"`
	Description    string `json:"description"`
	Detail         string `json:"detail"`
	Recommendation string `json:"recommendation"`
	Analysis       struct {
		State    string   `json:"state"`
		Response []string `json:"response"`
	} `json:"analysis"`
	Affects []struct {
		Ref      string `json:"ref"`
		Versions []struct {
			Version string `json:"version"`
			Status  string `json:"status"`
		} `json:"versions"`
	} `json:"affects"`
	Published string `json:"published"`
}

// readVulnerability makes one finding for every component the entry affects.
func (b *bom) readVulnerability(raw []byte, asset Asset) ([]Item, error) {
	var v bomVulnerability
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, wrongType(err)
	}
	id, ok := vulnerabilityID(v.ID)
	if !ok {
		return nil, errors.New("the id is missing or malformed")
	}
	f := Finding{Asset: asset, Vulnerability: id, Aliases: otherIDs(id, v.referenceIDs()), FixState: v.fixState(),
		Description: clean(v.Description, MaxDescription), URL: webAddress(v.Source.URL)}
	if f.Status, ok = bomStates[v.Analysis.State]; !ok {
		return nil, errors.New("the state of the analysis is none of CycloneDX")
	}
	if err := v.rate(&f); err != nil {
		return nil, err
	}
	var items []Item
	for _, a := range v.Affects {
		one := f
		if one.Component = b.find(a.Ref); one.Component.Name == "" {
			continue
		}
		for _, version := range a.Versions {
			if version.Status == "unaffected" && version.Version != "" && len(one.Fixed) < 32 {
				one.Fixed = append(one.Fixed[:len(one.Fixed):len(one.Fixed)], line(version.Version, maxName))
				one.FixState = "fixed"
			}
		}
		items = append(items, Item{Finding: &one})
	}
	if len(v.Affects) == 0 && b.root.Name != "" { // said of the product as a whole
		f.Component = b.root.component()
		items = append(items, Item{Finding: &f})
	}
	if len(items) == 0 {
		return nil, errors.New("affects no component that is named")
	}
	return items, nil
}

// bomStates maps the states of an impact analysis; no analysis means affected.
var bomStates = map[string]string{
	"": "affected", "exploitable": "affected", "in_triage": "under_investigation", "not_affected": "not_affected",
	"false_positive": "not_affected", "resolved": "fixed", "resolved_with_pedigree": "fixed",
}

func (v *bomVulnerability) referenceIDs() []string {
	var ids []string
	for _, r := range v.References {
		ids = append(ids, r.ID)
	}
	return ids
}

func (v *bomVulnerability) fixState() string {
	for _, r := range v.Analysis.Response {
		switch r {
		case "will_not_fix":
			return "wont_fix"
		case "can_not_fix":
			return "not_fixed"
		}
	}
	return "unknown"
}

func (v *bomVulnerability) rate(f *Finding) error {
	var rs ratings
	f.Severity = "unknown"
	for _, r := range v.Ratings {
		if s := severityOf(r.Severity); place(severities, s) < place(severities, f.Severity) {
			f.Severity = s
		}
		version, isCVSS := bomMethods[r.Method]
		if !isCVSS && r.Method != "" {
			continue // another scale
		}
		vector := r.Vector
		if vector != "" && version != "" && version != "2.0" && !strings.HasPrefix(vector, "CVSS:") {
			vector = "CVSS:" + version + "/" + vector
		}
		rs.add(strings.TrimSuffix(r.Source.Name, ":cpe"), version, vector, r.Score)
	}
	f.Ratings = rs.sorted("nvd", "ghsa", "github", "redhat")
	if _, err := optionalTime(v.Published); err != nil {
		return fmt.Errorf("published: %w", err)
	}
	return rs.err
}

var bomMethods = map[string]string{"CVSSv2": "2.0", "CVSSv3": "3.0", "CVSSv31": "3.1", "CVSSv4": "4.0"}

// severities from the worst on.
var severities = []string{"critical", "high", "medium", "low", "negligible", "none", "unknown"}

// find resolves a reference: a bom-ref, a BOM-Link to one ("urn:cdx:serial/1#ref"), or a package URL.
func (b *bom) find(ref string) Component {
	if c, ok := b.byRef[ref]; ok {
		return c
	}
	if strings.HasPrefix(ref, "urn:cdx:") {
		_, fragment, _ := strings.Cut(ref, "#")
		if plain, err := url.PathUnescape(fragment); err == nil {
			fragment = plain
		}
		if c, ok := b.byRef[fragment]; ok {
			return c
		}
		ref = fragment
	}
	if c := newComponent("", "", ref, purlVersion(ref)); c.Name != "" || ref == "" {
		return c
	}
	return newComponent("", ref, "", "")
}
