package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// vexStatement is a statement of OpenVEX 0.0.x and 0.2.0 (openvex/spec). What
// was a text in the older version is an object in the newer.
type vexStatement struct {
	Vulnerability json.RawMessage `json:"vulnerability"`
	Products      []vexProduct    `json:"products"`
	Status        string          `json:"status"`
	Justification string          `json:"justification"`
	Impact        string          `json:"impact_statement"`
	Action        string          `json:"action_statement"`
	At            string          `json:"timestamp"`
}

type vexProduct struct {
	vexName
	Subcomponents []vexName
}

type vexName struct {
	ID          string            `json:"@id"`
	Identifiers map[string]string `json:"identifiers"`
}

// UnmarshalJSON accepts the older form too, a text.
func (p *vexProduct) UnmarshalJSON(raw []byte) error {
	var parts struct {
		Subcomponents []vexName `json:"subcomponents"`
	}
	if err := p.vexName.UnmarshalJSON(raw); err != nil || raw[0] != '{' {
		return err
	}
	err := json.Unmarshal(raw, &parts)
	p.Subcomponents = parts.Subcomponents
	return err
}

// UnmarshalJSON accepts the older form too, a text.
func (n *vexName) UnmarshalJSON(raw []byte) error {
	if raw[0] == '"' {
		return json.Unmarshal(raw, &n.ID)
	}
	type object vexName
	return json.Unmarshal(raw, (*object)(n))
}

func (d *decoder) openvex() error {
	about := &Snapshot{Source: "openvex"}
	var document struct{ id, at string }
	listed := false
	err := d.walk(func(w *walker) error {
		return w.object(func(key string) error {
			switch key {
			case "@id":
				return w.decode(&document.id)
			case "timestamp":
				return w.decode(&document.at)
			case "statements":
				listed = true
			}
			return w.skip()
		})
	})
	if err == nil && !listed {
		err = errors.New("has no statements, so it is no OpenVEX document")
	}
	if err != nil {
		return err
	}
	about.Document, about.ReportedAt = line(document.id, maxName), timeOrZero(document.at)
	if err := d.emit(Item{Position: "file", Snapshot: about}); err != nil {
		return err
	}
	return d.walk(func(w *walker) error {
		return w.object(func(key string) error {
			if key != "statements" {
				return w.skip()
			}
			return w.list(func(i int) error {
				return d.parts(w, fmt.Sprintf("statements[%d]", i), func(raw []byte) ([]Item, error) {
					return readVEX(raw, document.at)
				})
			})
		})
	})
}

func readVEX(raw []byte, documentTime string) ([]Item, error) {
	var v vexStatement
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, wrongType(err)
	}
	s := Statement{Said: columnName(v.Status), Justification: line(v.Justification, maxTitle), Action: clean(v.Action, MaxDescription)}
	var ok bool
	if s.Vulnerability, s.Aliases, ok = vexVulnerability(v.Vulnerability); !ok {
		return nil, errors.New("the vulnerability is missing or no id")
	}
	if s.Status, ok = statusOf(v.Status); !ok || v.Status == "" {
		return nil, errors.New("the status is none of the four of VEX")
	}
	if s.Justification == "" {
		s.Justification = line(v.Impact, maxTitle)
	}
	at := v.At
	if at == "" {
		at = documentTime
	}
	var err error
	if s.At, err = optionalTime(at); err != nil {
		return nil, fmt.Errorf("timestamp: %w", err)
	}
	items := s.forProducts(v.Products)
	if len(items) == 0 {
		return nil, errors.New("names no product")
	}
	return items, nil
}

// vexVulnerability is a text, or an object with name and aliases.
func vexVulnerability(raw json.RawMessage) (id string, aliases []string, ok bool) {
	var named struct {
		ID      string   `json:"@id"`
		Name    string   `json:"name"`
		Aliases []string `json:"aliases"`
	}
	if json.Unmarshal(raw, &named.Name) != nil && json.Unmarshal(raw, &named) != nil {
		return "", nil, false
	}
	if named.Name == "" {
		named.Name = named.ID[strings.LastIndexByte(named.ID, '/')+1:]
	}
	id, ok = vulnerabilityID(named.Name)
	return id, otherIDs(id, named.Aliases), ok
}

// forProducts makes one statement per product, or per subcomponent where these are named.
func (s Statement) forProducts(products []vexProduct) []Item {
	var items []Item
	add := func(product, component vexName) {
		c := s
		c.Product, c.Component = product.name(), component.component()
		if c.Component.Name != "" {
			items = append(items, Item{Statement: &c})
		}
	}
	for _, p := range products {
		for _, sub := range p.Subcomponents {
			add(p.vexName, sub)
		}
		if len(p.Subcomponents) == 0 {
			add(p.vexName, p.vexName)
		}
	}
	return items
}

func (p vexName) name() string {
	if p.ID != "" {
		return line(p.ID, maxName)
	}
	for _, kind := range sortedKeys(p.Identifiers) {
		return line(p.Identifiers[kind], maxName)
	}
	return ""
}

func (p vexName) component() Component {
	purl := p.Identifiers["purl"]
	if purl == "" {
		purl = p.ID
	}
	return newComponent("", p.name(), purl, purlVersion(purl))
}
