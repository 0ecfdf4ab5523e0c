package scan

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
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
	stream     string // release of the operating system among the components
	tool       string
	version    string
	byRef      map[string]Component // what vulnerabilities point at
	components int                  // in the inventory
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
	asset, err := d.beginBOM(b)
	if err != nil {
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

// beginBOM says what the document is, and which asset it is about.
func (d *decoder) beginBOM(b *bom) (Asset, error) {
	about := &Snapshot{Source: sourceOf("cyclonedx", line(b.tool, 80)), Document: line(b.serial, maxName), ToolVersion: line(b.version, 80),
		ReportedAt: timeOrZero(b.at), Inventory: b.components > 0}
	if err := d.emit(Item{Position: "file", Snapshot: about}); err != nil {
		return Asset{}, err
	}
	asset := d.asset(b.assetName(), bomKinds[b.root.Type])
	asset.Stream = b.stream
	return asset, d.emit(Item{Position: "metadata.component", Asset: &asset})
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
			err := w.scalar(key, &format)
			b.isBOM = strings.EqualFold(format, "CycloneDX")
			return err
		case "serialNumber":
			return w.decode(&b.serial)
		case "metadata":
			return w.object(b.metadata(w))
		case "components":
			return bomWalk(w, "components", func(_ string, c bomComponent) error {
				b.components++
				return b.remember(c)
			})
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
	if c.Type == "operating-system" {
		b.stream = cmp.Or(b.stream, streamOf(c.Name, c.Version))
	}
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
	return bomWalk(w, path, func(position string, c bomComponent) error { return d.inventory(position, c, asset) })
}

func (d *decoder) inventory(position string, c bomComponent, asset Asset) error {
	it := c.component()
	if it.Name == "" {
		return d.reject(position, errors.New("the component has no name"))
	}
	return d.emit(Item{Position: position, Installed: &Installed{Asset: asset, Component: it, Arch: purlArch(c.PURL)}})
}
