package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// inspector reads findings of Amazon Inspector: what aws inspector2 list-findings
// prints, findings one after the other as EventBridge delivers them, and findings
// that Security Hub passes on in its own format (ASFF).
func (d *decoder) inspector() error {
	wrapped := false // whether the findings stand in a list or an event, or are the records themselves
	partial := false
	err := d.walk(func(w *walker) error {
		return eachRecord(w, func(int) error {
			if c, _ := w.next(); c != '{' {
				return w.skip() // one bad record, as the second pass will say
			}
			return w.object(func(key string) error {
				wrapped = wrapped || inspectorWrapper(key)
				more, err := inspectorPart(w, key)
				partial = partial || more
				return err
			})
		})
	})
	if err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "aws-inspector", Partial: partial || !wrapped}}); err != nil {
		return err
	}
	seen := map[Asset]bool{}
	return d.walk(func(w *walker) error {
		return eachRecord(w, func(n int) error {
			position := fmt.Sprintf("record %d", n+1)
			if c, _ := w.next(); !wrapped || c != '{' {
				return d.inspectorFinding(w, seen, position)
			}
			return d.inspectorRecord(w, seen, position)
		})
	})
}

func inspectorWrapper(key string) bool {
	return key == "findings" || key == "Findings" || key == "detail"
}

// inspectorPart tells whether the key says that there are more findings than the
// file has: it is an event, passed on by Security Hub, or one page of several.
func inspectorPart(w *walker, key string) (bool, error) {
	if key != "nextToken" {
		return key == "detail" || key == "Findings", w.skip()
	}
	var token string
	err := w.decode(&token)
	return token != "", err
}

// inspectorRecord finds the findings in an answer of the API or in an event,
// whose detail is a finding or has a list of them.
func (d *decoder) inspectorRecord(w *walker, seen map[Asset]bool, position string) error {
	return w.object(func(key string) error {
		switch key {
		case "findings", "Findings":
			return w.list(func(i int) error { return d.inspectorFinding(w, seen, fmt.Sprintf("%s %s[%d]", position, key, i)) })
		case "detail":
			return d.inspectorDetail(w, seen, position+" detail")
		}
		return w.skip()
	})
}

func (d *decoder) inspectorDetail(w *walker, seen map[Asset]bool, position string) error {
	return d.parts(w, position, func(raw []byte) ([]Item, error) {
		var list struct {
			Findings []json.RawMessage `json:"findings"`
		}
		if json.Unmarshal(raw, &list) != nil || len(list.Findings) == 0 {
			return d.inspectorItems(raw, seen, position)
		}
		var items []Item
		for _, one := range list.Findings {
			more, err := d.inspectorItems(one, seen, position)
			if err != nil {
				return nil, err
			}
			items = append(items, more...)
		}
		return items, nil
	})
}

func (d *decoder) inspectorFinding(w *walker, seen map[Asset]bool, position string) error {
	return d.parts(w, position, func(raw []byte) ([]Item, error) { return d.inspectorItems(raw, seen, position) })
}

// inspectorItems makes a finding for every package on every resource, and names
// the resources before.
func (d *decoder) inspectorItems(raw []byte, seen map[Asset]bool, position string) ([]Item, error) {
	var kind struct {
		ProductArn string `json:"ProductArn"`
	}
	_ = json.Unmarshal(raw, &kind)
	read := readInspector
	if kind.ProductArn != "" {
		read = readASFF
	}
	v, err := read(raw)
	if err != nil {
		return nil, err
	}
	if len(v.resources) > maxResources {
		return nil, errors.New("names more than 10 resources")
	}
	var items []Item
	for _, r := range v.resources {
		asset := d.asset(r.name, r.kind)
		asset.Stream = r.stream()
		if err := d.announce(seen, asset, position); err != nil {
			return nil, err
		}
		for _, f := range v.findings(r) {
			f.Asset = asset
			items = append(items, Item{Finding: &f})
		}
	}
	if len(items) == 0 {
		return nil, errors.New("names no package on a resource")
	}
	return items, nil
}

// inspected is a finding of either format, with all packages it is about.
type inspected struct {
	base      Finding
	packages  []inspectedPackage
	resources []inspectedResource
}

type inspectedPackage struct{ manager, name, epoch, version, release, fixed string }

type inspectedResource struct{ name, kind, platform string }

const maxResources = 10 // of one finding, as in the API

// stream reads the platform: UBUNTU_22_04, AMAZON_LINUX_2, RHEL_9.
func (r inspectedResource) stream() string {
	name, version := span(r.platform, func(c byte) bool { return !isDigit(c) })
	return streamOf(strings.ReplaceAll(name, "_", ""), strings.ReplaceAll(version, "_", "."))
}

func (v *inspected) findings(r inspectedResource) []Finding {
	var list []Finding
	for _, p := range v.packages {
		f := v.base
		if f.Component = p.component(r.platform); f.Component.Name == "" {
			continue
		}
		if fixed := p.fixed; fixed != "" && !strings.EqualFold(fixed, "NotAvailable") {
			f.Fixed, f.FixState = distinct([]string{bareEpoch(fixed)}, 1, maxName), "fixed"
		}
		list = append(list, f)
	}
	return list
}

// bareEpoch leaves out an epoch of 0, which says nothing: "0:1.2-3".
func bareEpoch(version string) string { return strings.TrimPrefix(strings.TrimSpace(version), "0:") }

// component: what the system's package manager installed is named after the
// resource's platform, such as UBUNTU_22_04 or AMAZON_LINUX_2.
func (p inspectedPackage) component(platform string) Component {
	kind := p.manager
	if kind == "OS" || kind == "" {
		kind, _, _ = strings.Cut(strings.ToLower(platform), "_")
		if name, ok := map[string]string{"rhel": "redhat", "ol": "oracle", "alma": "almalinux"}[kind]; ok {
			kind = name
		}
	}
	version := p.version
	if p.epoch != "" && p.epoch != "0" {
		version = p.epoch + ":" + version
	}
	if p.release != "" {
		version += "-" + p.release
	}
	return newComponent(kind, p.name, "", version)
}
