package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

type grypeMatch struct {
	Vulnerability grypeVulnerability   `json:"vulnerability"`
	Related       []grypeVulnerability `json:"relatedVulnerabilities"`
	Artifact      struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Type    string `json:"type"`
		PURL    string `json:"purl"`
	} `json:"artifact"`
}

type grypeVulnerability struct {
	ID          string      `json:"id"`
	Source      string      `json:"dataSource"`
	Namespace   string      `json:"namespace"`
	Severity    string      `json:"severity"`
	Description string      `json:"description"`
	CVSS        []grypeCVSS `json:"cvss"`
	CVSS2       *grypeCVSS  `json:"cvssV2"` // versions before 0.10
	CVSS3       *grypeCVSS  `json:"cvssV3"`
	FixedIn     string      `json:"fixedInVersion"`
	Fix         struct {
		Versions []string `json:"versions"`
		State    string   `json:"state"`
	} `json:"fix"`
	EPSS []struct {
		CVE  string  `json:"cve"`
		EPSS float64 `json:"epss"`
	} `json:"epss"`
	Exploited []struct {
		CVE string `json:"cve"`
	} `json:"knownExploited"`
}

type grypeCVSS struct {
	Source  string `json:"source"`
	Version string `json:"version"`
	Vector  string `json:"vector"`
	Metrics struct {
		Score float64 `json:"baseScore"`
	} `json:"metrics"`
	Score float64 `json:"baseScore"` // versions before 0.10
}

// grypeAbout is what the first pass learns; the source usually stands after the matches.
type grypeAbout struct {
	source struct {
		Type   string          `json:"type"`
		Target json.RawMessage `json:"target"`
	}
	distro     struct{ Name, Version string }
	descriptor struct {
		Name      string `json:"name"`
		Version   string `json:"version"`
		Timestamp string `json:"timestamp"`
	}
	matches bool
}

func (d *decoder) grype() error {
	about := &grypeAbout{}
	if err := d.walk(about.survey); err != nil {
		return err
	}
	if !about.matches {
		return errors.New("has no list of matches, so it is no Grype report")
	}
	asset := d.asset(about.target())
	asset.Stream = streamOf(about.distro.Name, about.distro.Version)
	snapshot := &Snapshot{Source: "grype", ToolVersion: line(about.descriptor.Version, 80),
		ReportedAt: timeOrZero(about.descriptor.Timestamp)}
	if err := d.emit(Item{Position: "file", Snapshot: snapshot}); err != nil {
		return err
	}
	if err := d.emit(Item{Position: "source", Asset: &asset}); err != nil {
		return err
	}
	return d.walk(func(w *walker) error {
		return w.object(func(key string) error {
			if key != "matches" {
				return w.skip()
			}
			return d.grypeMatches(w, asset)
		})
	})
}

func (d *decoder) grypeMatches(w *walker, asset Asset) error {
	return w.list(func(i int) error {
		return d.record(w, fmt.Sprintf("matches[%d]", i), func(raw []byte) (Item, error) {
			return readGrype(raw, asset)
		})
	})
}

func (g *grypeAbout) survey(w *walker) error {
	return w.object(func(key string) error {
		switch key {
		case "matches":
			g.matches = true
		case "source":
			return w.decode(&g.source)
		case "descriptor":
			return w.decode(&g.descriptor)
		case "distro":
			return w.decode(&g.distro)
		}
		return w.skip()
	})
}

// target is a text for directories and files, an object for images.
func (g *grypeAbout) target() (name, kind string) {
	var image struct {
		Input string   `json:"userInput"`
		Tags  []string `json:"tags"`
		ID    string   `json:"imageID"`
	}
	if json.Unmarshal(g.source.Target, &name) != nil {
		_ = json.Unmarshal(g.source.Target, &image)
		name = image.Input
	}
	if name == "" && len(image.Tags) > 0 {
		name = image.Tags[0]
	}
	if name == "" {
		name = image.ID
	}
	kinds := map[string]string{"image": "image", "directory": "filesystem", "file": "filesystem", "sbom-file": "sbom"}
	return name, kinds[strings.ToLower(g.source.Type)]
}

func readGrype(raw []byte, asset Asset) (Item, error) {
	var m grypeMatch
	if err := json.Unmarshal(raw, &m); err != nil {
		return Item{}, wrongType(err)
	}
	v := m.Vulnerability
	id, ok := vulnerabilityID(v.ID)
	if !ok {
		return Item{}, errors.New("vulnerability.id is missing or no id")
	}
	f := &Finding{Asset: asset, Vulnerability: id, Aliases: otherIDs(id, m.relatedIDs()), Status: "affected",
		Component: newComponent(m.Artifact.Type, m.Artifact.Name, m.Artifact.PURL, m.Artifact.Version),
		Fixed:     distinct(append(v.Fix.Versions, v.FixedIn), 32, maxName), Severity: severityOf(v.Severity),
		Description: clean(m.description(), MaxDescription), URL: webAddress(v.Source)}
	if f.Component.Name == "" {
		return Item{}, errors.New("artifact.name is missing")
	}
	f.FixState = grypeState(v.Fix.State, len(f.Fixed) > 0)
	if err := m.likelihood(f); err != nil {
		return Item{}, err
	}
	var err error
	f.Ratings, err = m.ratings()
	return Item{Finding: f}, err
}

func (m grypeMatch) relatedIDs() []string {
	var ids []string
	for _, r := range m.Related {
		ids = append(ids, r.ID)
	}
	return ids
}

func (m grypeMatch) description() string {
	for _, v := range append([]grypeVulnerability{m.Vulnerability}, m.Related...) {
		if v.Description != "" {
			return v.Description
		}
	}
	return ""
}

func grypeState(state string, hasFix bool) string {
	switch {
	case state == "wont-fix":
		return "wont_fix"
	case state == "not-fixed":
		return "not_fixed"
	case hasFix, state == "fixed":
		return "fixed"
	}
	return "unknown"
}

// likelihood: several scores come when the vulnerability stands for several CVEs; the worst counts.
func (m grypeMatch) likelihood(f *Finding) error {
	for _, e := range m.Vulnerability.EPSS {
		if e.EPSS < 0 || e.EPSS > 1 {
			return errors.New("epss is not from 0 to 1")
		}
		if f.EPSS == nil || e.EPSS > *f.EPSS {
			p := e.EPSS
			f.EPSS = &p
		}
	}
	if len(m.Vulnerability.Exploited) > 0 {
		listed := true
		f.KEV = &listed
	}
	return nil
}

// ratings are named by the database that gave them: the namespace is
// "nvd:cpe", "github:language:go", "debian:distro:debian:12".
func (m grypeMatch) ratings() ([]Rating, error) {
	var rs ratings
	for _, v := range append([]grypeVulnerability{m.Vulnerability}, m.Related...) {
		source, _, _ := strings.Cut(v.Namespace, ":")
		if source == "github" {
			source = "ghsa"
		}
		for _, c := range append(v.CVSS, given(v.CVSS3, "3.1"), given(v.CVSS2, "2.0")) {
			score := c.Metrics.Score
			if score == 0 {
				score = c.Score
			}
			rs.add(source, c.Version, c.Vector, score)
		}
	}
	return rs.sorted("nvd", "ghsa", "redhat"), rs.err
}

func given(c *grypeCVSS, version string) grypeCVSS {
	if c == nil {
		return grypeCVSS{}
	}
	c.Version = version
	return *c
}
