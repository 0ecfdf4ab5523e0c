package scan

import (
	"errors"
	"fmt"
	"strings"
)

// snykProject is what the first pass learns about a project of the report.
type snykProject struct {
	name, path, target, manager string
	docker, failed              bool
	parent                      int // project whose image it is in; -1 if none
}

// snykShape are the projects in the order of the file.
type snykShape struct {
	projects []snykProject
	named    map[string]int // how many projects have the name
	held     holder
}

// snyk reads snyk test --json and snyk container test --json: one project or an
// array of them, an image with its applications. A vulnerability that is
// reached on several paths comes several times, and is the same finding.
func (d *decoder) snyk() error {
	shape := &snykShape{named: map[string]int{}, held: maxHeld}
	if err := d.walk(func(w *walker) error { return snykWalk(w, shape.begin, shape.field) }); err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "snyk"}}); err != nil {
		return err
	}
	seen := map[Asset]bool{}
	assets := make([]Asset, len(shape.projects))
	for i, p := range shape.projects {
		if assets[i] = d.snykAsset(shape, i); p.failed {
			continue // not tested, so the report says nothing about it
		}
		if err := d.announce(seen, assets[i], fmt.Sprintf("project %d", i+1)); err != nil {
			return err
		}
	}
	next := 0
	return d.walk(func(w *walker) error {
		return snykWalk(w, func(int) (int, error) { next++; return next - 1, nil }, func(w *walker, i int, key string) error {
			if key != "vulnerabilities" {
				return w.skip()
			}
			return w.list(func(j int) error {
				return d.parts(w, fmt.Sprintf("project %d vulnerabilities[%d]", i+1, j), func(raw []byte) ([]Item, error) {
					return readSnyk(raw, assets[i], shape.projects[i].manager)
				})
			})
		})
	})
}

// snykWalk visits every project; begin gives it its number.
func snykWalk(w *walker, begin func(parent int) (int, error), field func(w *walker, i int, key string) error) error {
	var project func(parent int) error
	project = func(parent int) error {
		i, err := begin(parent)
		if err != nil {
			return err
		}
		return w.object(func(key string) error {
			if key == "applications" {
				return w.list(func(int) error { return project(i) })
			}
			return field(w, i, key)
		})
	}
	return eachRecord(w, func(int) error { return project(-1) })
}

func (s *snykShape) begin(parent int) (int, error) {
	s.projects = append(s.projects, snykProject{parent: parent})
	return len(s.projects) - 1, s.held.take()
}

func (s *snykShape) field(w *walker, i int, key string) error {
	p := &s.projects[i]
	texts := map[string]*string{"projectName": &p.name, "path": &p.path, "displayTargetFile": &p.target, "packageManager": &p.manager}
	switch into := texts[key]; {
	case into != nil:
		if err := w.decode(into); err != nil {
			return err
		}
		if key == "projectName" && p.parent < 0 {
			s.named[p.name]++
		}
		return s.held.take(*into)
	case key == "docker":
		p.docker = true
	case key == "error":
		p.failed = true
	case key == "vulnerabilities":
		return w.list(func(int) error { return w.skip() })
	}
	return w.skip()
}

// snykAsset is the image, or the project; the file that was read tells projects
// of one name apart.
func (d *decoder) snykAsset(s *snykShape, i int) Asset {
	for s.projects[i].parent >= 0 {
		i = s.projects[i].parent
	}
	p := s.projects[i]
	if image, ok := strings.CutPrefix(p.name, "docker-image|"); ok || p.docker {
		if image == "" {
			image = p.path
		}
		if tag, ok := strings.CutPrefix(p.path, image+":"); ok {
			tag, _, _ = strings.Cut(tag, "/")
			image += ":" + tag
		}
		return d.asset(image, "image")
	}
	if p.target != "" && s.named[p.name] > 1 {
		return d.asset(p.name+"/"+p.target, "repository")
	}
	return d.asset(p.name, "repository")
}

var errLicence = errors.New("is about a licence, not a vulnerability")
