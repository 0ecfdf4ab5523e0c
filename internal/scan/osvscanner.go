package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// osvShape is what the first pass learns: the sources, and the packages in order.
type osvShape struct {
	listed   bool
	sources  []osvSource
	packages []osvInstalled
	held     holder
}

type osvSource struct {
	Path string `json:"path"`
	Type string `json:"type"`
}

type osvInstalled struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	Ecosystem string `json:"ecosystem"`
	PURL      string `json:"purl"`
}

// osvScanner reads the report of osv-scanner. Every source (lockfile, image, SBOM) is an asset.
func (d *decoder) osvScanner() error {
	shape := &osvShape{held: maxHeld}
	if err := d.walk(shape.survey); err != nil {
		return err
	}
	if !shape.listed {
		return errors.New("has no list of results, so it is no osv-scanner report")
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "osv-scanner"}}); err != nil {
		return err
	}
	seen := map[Asset]bool{}
	for i, s := range shape.sources {
		if err := d.announce(seen, d.osvAsset(s), fmt.Sprintf("results[%d]", i)); err != nil {
			return err
		}
	}
	next := 0 // package, over the whole file
	return d.walk(func(w *walker) error {
		return osvWalk(w, osvVisitor{
			source: func(w *walker, _ int) error { return w.skip() },
			pack: func(w *walker, i, j int) error {
				p := shape.packages[next]
				next++
				return d.osvFindings(w, fmt.Sprintf("results[%d].packages[%d]", i, j), d.osvAsset(shape.sources[i]), p)
			},
		})
	})
}

type osvVisitor struct {
	begin  func() error
	source func(w *walker, i int) error
	pack   func(w *walker, i, j int) error
}

func osvWalk(w *walker, v osvVisitor) error {
	return w.object(func(key string) error {
		if key != "results" {
			return w.skip()
		}
		return w.list(func(i int) error { return osvResult(w, v, i) })
	})
}

func osvResult(w *walker, v osvVisitor, i int) error {
	if v.begin != nil {
		if err := v.begin(); err != nil {
			return err
		}
	}
	return w.object(func(key string) error {
		switch key {
		case "source":
			return v.source(w, i)
		case "packages":
			return w.list(func(j int) error { return v.pack(w, i, j) })
		}
		return w.skip()
	})
}

func (s *osvShape) survey(w *walker) error {
	s.listed = true // Detect has seen it; a null list is an empty report
	return osvWalk(w, osvVisitor{
		begin: func() error {
			s.sources = append(s.sources, osvSource{})
			return s.held.take()
		},
		source: func(w *walker, i int) error {
			if err := w.decode(&s.sources[i]); err != nil {
				return err
			}
			return s.held.take(s.sources[i].Path, s.sources[i].Type)
		},
		pack: s.pack,
	})
}

func (s *osvShape) pack(w *walker, _, _ int) error {
	var p osvInstalled
	err := w.object(func(key string) error {
		if key == "package" {
			return w.decode(&p)
		}
		return w.skip()
	})
	if err != nil {
		return err
	}
	s.packages = append(s.packages, p)
	return s.held.take(p.Name, p.Version, p.Ecosystem, p.PURL)
}

func (d *decoder) osvAsset(s osvSource) Asset {
	kinds := map[string]string{"lockfile": "filesystem", "docker": "image", "sbom": "sbom", "git": "repository"}
	return d.asset(s.Path, kinds[s.Type])
}

func (d *decoder) osvFindings(w *walker, position string, asset Asset, p osvInstalled) error {
	c := newComponent(p.Ecosystem, p.Name, p.PURL, p.Version)
	return w.object(func(key string) error {
		if key != "vulnerabilities" {
			return w.skip()
		}
		return w.list(func(i int) error {
			return d.record(w, fmt.Sprintf("%s.vulnerabilities[%d]", position, i), func(raw []byte) (Item, error) {
				return readOSVFinding(raw, asset, c)
			})
		})
	})
}

func readOSVFinding(raw []byte, asset Asset, c Component) (Item, error) {
	var r osvRecord
	if err := json.Unmarshal(raw, &r); err != nil {
		return Item{}, wrongType(err)
	}
	id, ok := vulnerabilityID(r.ID)
	if !ok || c.Name == "" {
		return Item{}, errors.New("the id of the vulnerability or the name of the package is missing or malformed")
	}
	f := &Finding{Asset: asset, Component: c, Vulnerability: id, Aliases: r.aliases(id), Fixed: r.fixedFor(c),
		FixState: "unknown", Status: "affected", Severity: r.severity(), Ratings: r.ratings(),
		Title: line(r.Summary, maxTitle), Description: clean(r.Details, MaxDescription), URL: "https://osv.dev/vulnerability/" + id}
	if len(f.Fixed) > 0 {
		f.FixState = "fixed"
	}
	return Item{Finding: f}, nil
}

// fixedFor takes the versions of this package from a record that may name several.
func (r *osvRecord) fixedFor(c Component) []string {
	for _, a := range r.Affected {
		if newComponent(a.Package.Ecosystem, a.Package.Name, a.Package.PURL, "").Key() == c.Key() {
			return a.fixed()
		}
	}
	return nil
}

// severity is the word some databases give beside the vectors.
func (r *osvRecord) severity() string {
	var specific struct {
		Severity string `json:"severity"`
	}
	_ = json.Unmarshal(r.Specific, &specific)
	return severityOf(strings.TrimSpace(specific.Severity))
}
