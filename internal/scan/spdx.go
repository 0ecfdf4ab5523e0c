package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// spdxDocument is what the first pass learns.
type spdxDocument struct {
	name      string
	namespace string
	creation  struct {
		Created  string   `json:"created"`
		Creators []string `json:"creators"`
	}
	described map[string]bool // packages that the document is about: the asset itself
	packages  int
	held      holder
}

type spdxPackage struct {
	ID      string `json:"SPDXID"`
	Name    string `json:"name"`
	Version string `json:"versionInfo"`
	Refs    []struct {
		Type    string `json:"referenceType"`
		Locator string `json:"referenceLocator"`
	} `json:"externalRefs"`
}

// spdx reads bills of materials in SPDX 2.x as JSON, also as GitHub wraps them
// in "sbom". The asset is the document's name.
func (d *decoder) spdx() error {
	b := &spdxDocument{described: map[string]bool{}, held: maxHeld}
	if err := d.walk(func(w *walker) error { return spdxWalk(w, b.survey) }); err != nil {
		return err
	}
	tool, version := b.tool()
	about := &Snapshot{Source: sourceOf("spdx", tool), ToolVersion: version, Document: line(b.namespace, maxName),
		ReportedAt: timeOrZero(b.creation.Created), Inventory: b.packages > 0}
	asset := d.asset(b.name, "sbom")
	if err := d.begin(about, asset); err != nil {
		return err
	}
	return d.walk(func(w *walker) error {
		return spdxWalk(w, func(w *walker, key string) error {
			if key != "packages" {
				return w.skip()
			}
			return w.list(func(i int) error {
				return d.parts(w, fmt.Sprintf("packages[%d]", i), func(raw []byte) ([]Item, error) { return b.readPackage(raw, asset) })
			})
		})
	})
}

func spdxWalk(w *walker, visit func(w *walker, key string) error) error {
	return w.object(func(key string) error {
		if c, _ := w.next(); key == "sbom" && c == '{' {
			return w.object(func(key string) error { return visit(w, key) })
		}
		return visit(w, key)
	})
}

func (b *spdxDocument) survey(w *walker, key string) error {
	switch key {
	case "name":
		return w.decode(&b.name)
	case "documentNamespace":
		return w.decode(&b.namespace)
	case "creationInfo":
		return w.decode(&b.creation)
	case "packages":
		return w.list(func(int) error { b.packages++; return w.skip() })
	case "documentDescribes":
		return w.list(func(int) error {
			var id string
			if err := w.decode(&id); err != nil {
				return err
			}
			return b.describe(id)
		})
	case "relationships":
		return w.list(func(int) error { return b.relationship(w) })
	}
	return w.skip()
}

func (b *spdxDocument) relationship(w *walker) error {
	var r struct {
		From string `json:"spdxElementId"`
		Type string `json:"relationshipType"`
		To   string `json:"relatedSpdxElement"`
	}
	if err := w.decode(&r); err != nil {
		return err
	}
	switch r.Type {
	case "DESCRIBES":
		return b.describe(r.To)
	case "DESCRIBED_BY":
		return b.describe(r.From)
	}
	return nil
}

func (b *spdxDocument) describe(id string) error {
	b.described[id] = true
	return b.held.take(id)
}

// tool is named as "Tool: syft-1.2.3".
func (b *spdxDocument) tool() (name, version string) {
	for _, c := range b.creation.Creators {
		if tool, ok := strings.CutPrefix(c, "Tool: "); ok {
			name, version = cutLast(strings.TrimSpace(tool), "-")
			return line(name, 80), line(version, 80)
		}
	}
	return "", ""
}

// readPackage passes over the packages that stand for the asset itself, unless
// they are all there is.
func (b *spdxDocument) readPackage(raw []byte, asset Asset) ([]Item, error) {
	var p spdxPackage
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, wrongType(err)
	}
	if b.described[p.ID] && len(b.described) < b.packages {
		return nil, nil
	}
	purl := ""
	for _, r := range p.Refs {
		if r.Type == "purl" && purl == "" {
			purl = r.Locator
		}
	}
	version := p.Version
	if version == "" || version == "NOASSERTION" {
		version = purlVersion(purl)
	}
	c := newComponent("", p.Name, purl, version)
	if c.Name == "" {
		return nil, errors.New("the package has no name")
	}
	return []Item{{Installed: &Installed{Asset: asset, Component: c, Arch: purlArch(purl)}}}, nil
}

// purlArch is the architecture among the qualifiers of a package URL.
func purlArch(purl string) string {
	_, qualifiers, _ := strings.Cut(purl, "?")
	qualifiers, _, _ = strings.Cut(qualifiers, "#")
	for q := range strings.SplitSeq(qualifiers, "&") {
		if arch, ok := strings.CutPrefix(q, "arch="); ok {
			return line(arch, 40)
		}
	}
	return ""
}
