package scan

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

const maxResults = 200_000

// trivyShape is what the first pass learns: which of the three shapes the
// report has, what it covers, and the package type of every result in order.
type trivyShape struct {
	version  int
	created  string
	tool     struct{ Version string }
	name     string // ArtifactName
	kind     string // ArtifactType
	cluster  string
	isArray  bool
	results  int
	types    []string
	streams  []string // of the results, as their targets say: "nginx (debian 12.5)"
	system   struct{ Family, Name string }
	target   string   // first target
	osTarget string   // target of the operating system's packages: it names the image
	groups   []object // Kubernetes: resources in order
}

// object is a Kubernetes resource; Error tells that it could not be scanned.
type object struct{ Namespace, Kind, Name, Error string }

// trivyVisitor says what to do with the parts of a report.
type trivyVisitor struct {
	group  func() error                              // a Kubernetes resource begins
	member func(w *walker, key string) (bool, error) // a key of it; true if consumed
	result func(w *walker, position string) error    // an element of Results
	other  func(w *walker, key string) error         // another key of the report
}

// trivyWalk knows the three shapes: an object with Results, the old array of
// results, and a cluster's lists of resources with Results each. The list of
// misconfigurations is left out: being checked for them is not being scanned.
func trivyWalk(w *walker, v trivyVisitor) error {
	if c, _ := w.next(); c == '[' {
		return w.array(func(i int) error { return v.result(w, fmt.Sprintf("[%d]", i)) })
	}
	return w.object(func(key string) error {
		switch key {
		case "Results":
			return trivyResults(w, v, "")
		case "Resources", "Findings", "Vulnerabilities":
			return trivyGroups(w, v, key)
		}
		return v.other(w, key)
	})
}

func trivyResults(w *walker, v trivyVisitor, prefix string) error {
	return w.list(func(i int) error { return v.result(w, fmt.Sprintf("%sResults[%d]", prefix, i)) })
}

func trivyGroups(w *walker, v trivyVisitor, list string) error {
	return w.list(func(i int) error {
		if err := v.group(); err != nil {
			return err
		}
		return w.object(func(key string) error {
			if key == "Results" {
				return trivyResults(w, v, fmt.Sprintf("%s[%d].", list, i))
			}
			if v.member != nil {
				if done, err := v.member(w, key); done {
					return err
				}
			}
			return w.skip()
		})
	})
}

func (s *trivyShape) survey(w *walker) error {
	c, _ := w.next()
	s.isArray = c == '['
	return trivyWalk(w, trivyVisitor{
		group:  s.group,
		member: s.member,
		result: s.result,
		other:  s.other,
	})
}

func (s *trivyShape) other(w *walker, key string) error {
	switch key {
	case "SchemaVersion":
		return w.scalar(key, &s.version)
	case "CreatedAt":
		return w.decode(&s.created)
	case "Trivy":
		return w.decode(&s.tool)
	case "ArtifactName":
		return w.scalar(key, &s.name)
	case "ArtifactType":
		return w.scalar(key, &s.kind)
	case "ClusterName":
		return w.scalar(key, &s.cluster)
	case "Metadata":
		return s.metadata(w)
	}
	return w.skip()
}

// metadata holds the operating system; what else may be there does not matter.
func (s *trivyShape) metadata(w *walker) error {
	if c, _ := w.next(); c != '{' {
		return w.skip()
	}
	return w.object(func(key string) error {
		if key == "OS" {
			return w.decode(&s.system)
		}
		return w.skip()
	})
}

func (s *trivyShape) group() error {
	if s.groups = append(s.groups, object{}); len(s.groups) > maxAssets {
		return errAssets
	}
	return nil
}

func (s *trivyShape) member(w *walker, key string) (bool, error) {
	g := &s.groups[len(s.groups)-1]
	switch key {
	case "Namespace":
		return true, w.decode(&g.Namespace)
	case "Kind":
		return true, w.decode(&g.Kind)
	case "Name":
		return true, w.decode(&g.Name)
	case "Error":
		return true, w.decode(&g.Error)
	}
	return false, nil
}

func (s *trivyShape) result(w *walker, position string) error {
	if s.results++; s.results > maxResults {
		return errors.New("more than 200,000 results in one report")
	}
	var target, class, kind string
	err := w.object(func(key string) error {
		switch key {
		case "Target":
			return w.decode(&target)
		case "Class":
			return w.decode(&class)
		case "Type":
			return w.decode(&kind)
		}
		return w.skip()
	})
	s.types = append(s.types, line(kind, 60))
	s.streams = append(s.streams, streamOfTarget(target))
	if s.target == "" {
		s.target = line(target, maxName)
	}
	if named, _, isOS := strings.Cut(target, " ("); isOS && s.osTarget == "" && class != "config" {
		s.osTarget = line(named, maxName)
	}
	return err
}

// assets gives one per Kubernetes resource, in order, else the one artifact.
func (s *trivyShape) assets(d *decoder) []Asset {
	var list []Asset
	for _, g := range s.groups {
		list = append(list, d.asset(g.path(s.cluster), "workload"))
	}
	if len(list) > 0 {
		return list
	}
	name, kind := s.name, trivyKinds[s.kind]
	switch {
	case s.name != "":
	case s.cluster != "":
		name, kind = s.cluster, "cluster"
	case s.osTarget != "":
		name, kind = s.osTarget, "image"
	default:
		name = s.target
	}
	a := d.asset(name, kind)
	a.Stream = cmp.Or(append([]string{streamOf(s.system.Family, s.system.Name)}, s.streams...)...)
	return []Asset{a}
}

// streamOfTarget reads "nginx:1.25 (debian 12.5)".
func streamOfTarget(target string) string {
	_, system, _ := strings.Cut(target, " (")
	name, version, _ := strings.Cut(strings.TrimSuffix(system, ")"), " ")
	return streamOf(name, version)
}

func (o object) path(cluster string) string {
	var parts []string
	for _, p := range []string{o.Namespace, o.Kind, o.Name} {
		if p = line(p, maxName); p != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return cluster
	}
	return strings.Join(parts, "/")
}

var trivyKinds = map[string]string{
	"container_image": "image", "filesystem": "filesystem", "repository": "repository",
	"vm": "host", "cyclonedx": "sbom", "spdx": "sbom", "aws_account": "cloud",
}
