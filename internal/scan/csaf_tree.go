package scan

import (
	"cmp"
	"slices"
	"strings"
)

// csafProduct is one entry of the product tree.
type csafProduct struct {
	name    string // full name, with version
	purl    string
	cpe     string
	version string
	part    string // relationship: id of the component …
	of      string // … and of the product it is part of
}

// csafTree collects the products by id.
type csafTree struct {
	products map[string]csafProduct
	groups   map[string][]string // ids of products by the id of their group
	held     holder
}

type csafFullName struct {
	ID     string `json:"product_id"`
	Name   string `json:"name"`
	Helper struct {
		PURL  string   `json:"purl"`
		PURLs []string `json:"purls"` // 2.1
		CPE   string   `json:"cpe"`
	} `json:"product_identification_helper"`
}

func (t *csafTree) read(w *walker) error {
	return w.object(func(key string) error {
		switch key {
		case "branches":
			return t.branches(w, "")
		case "full_product_names":
			return w.list(func(int) error { return t.full(w, "") })
		case "relationships":
			return w.list(func(int) error { return t.relationship(w) })
		case "product_groups":
			return w.list(func(int) error { return t.group(w) })
		}
		return w.skip()
	})
}

// branches go from the vendor over the product to its versions. A branch's
// product may stand before its category, so it is taken up at the branch's end.
func (t *csafTree) branches(w *walker, version string) error {
	return w.list(func(int) error {
		var category, name string
		var product csafFullName
		inner := version
		err := w.object(func(key string) error {
			switch key {
			case "category":
				return w.decode(&category)
			case "name":
				return w.decode(&name)
			case "product":
				return w.decode(&product)
			case "branches":
				return t.branches(w, inner)
			}
			return w.skip()
		})
		if err != nil {
			return err
		}
		if category == "product_version" || category == "product_version_range" {
			inner = name
		}
		return t.add(product, inner)
	})
}

func (t *csafTree) full(w *walker, version string) error {
	var p csafFullName
	if err := w.decode(&p); err != nil {
		return err
	}
	return t.add(p, version)
}

func (t *csafTree) add(p csafFullName, version string) error {
	if p.ID == "" {
		return nil
	}
	if p.Helper.PURL == "" && len(p.Helper.PURLs) > 0 {
		p.Helper.PURL = p.Helper.PURLs[0]
	}
	it := csafProduct{name: line(p.Name, maxName), purl: line(p.Helper.PURL, 4*maxName), cpe: line(p.Helper.CPE, maxName), version: line(version, maxName)}
	t.products[p.ID] = it
	return t.held.take(p.ID, it.name, it.purl, it.cpe, it.version)
}

// relationship: "telnet as a component of Red Hat Enterprise Linux 7" is a product of its own.
func (t *csafTree) relationship(w *walker) error {
	var r struct {
		Full csafFullName `json:"full_product_name"`
		Part string       `json:"product_reference"`
		Of   string       `json:"relates_to_product_reference"`
	}
	if err := w.decode(&r); err != nil {
		return err
	}
	if r.Full.ID == "" {
		return nil
	}
	it := csafProduct{name: line(r.Full.Name, maxName), purl: line(r.Full.Helper.PURL, 4*maxName), part: r.Part, of: r.Of}
	t.products[r.Full.ID] = it
	return t.held.take(r.Full.ID, it.name, it.purl, it.part, it.of)
}

func (t *csafTree) group(w *walker) error {
	var g struct {
		ID       string   `json:"group_id"`
		Products []string `json:"product_ids"`
	}
	if err := w.decode(&g); err != nil || g.ID == "" {
		return err
	}
	t.groups[g.ID] = g.Products
	return t.held.take(append(g.Products, g.ID)...)
}

// members are the products with those of the groups.
func (t *csafTree) members(products, groups []string) []string {
	list := slices.Clone(products)
	for _, id := range groups {
		list = append(list, t.groups[id]...)
	}
	return list
}

// resolve gives the product as people name it, and the component that is meant.
func (t *csafTree) resolve(id string) (product string, c Component) {
	p, ok := t.products[id]
	if !ok {
		return line(id, maxName), newComponent("", id, "", "")
	}
	if part, ok := t.products[p.part]; ok && p.part != id {
		of := t.products[p.of]
		c := part.component(p.part)
		c.Stream = StreamFor(c.Ecosystem, cmp.Or(c.Stream, streamOfCPE(of.cpe), streamOfSystem(of.name)))
		return cmp.Or(of.name, p.name), c
	}
	return p.name, p.component(id)
}

func (p csafProduct) component(id string) Component {
	version := purlVersion(p.purl)
	if version == "" {
		version = p.version
	}
	name := p.name
	if cpe := cpeName(p.cpe); cpe != "" {
		name = cpe
	} else if version != "" {
		name = strings.TrimRight(strings.TrimSuffix(name, version), " :-") // the name carries its version
	}
	if name == "" {
		name = line(id, maxName)
	}
	return newComponent("", name, p.purl, version)
}
