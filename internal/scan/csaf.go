package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// csafDocument is what an advisory says about itself.
type csafDocument struct {
	Version  string `json:"csaf_version"`
	Title    string `json:"title"`
	Tracking struct {
		ID      string `json:"id"`
		Status  string `json:"status"`
		Version string `json:"version"`
		Current string `json:"current_release_date"`
		First   string `json:"initial_release_date"`
	} `json:"tracking"`
}

// csafVulnerability is the part of an element of vulnerabilities that is used
// (OASIS CSAF 2.0 and 2.1, section 3.2.3).
type csafVulnerability struct {
	CVE   string `json:"cve"`
	Title string `json:"title"`
	IDs   []struct {
		Text string `json:"text"`
	} `json:"ids"`
	CWE   struct{ ID string }   `json:"cwe"`
	CWEs  []struct{ ID string } `json:"cwes"` // 2.1
	Notes []struct {
		Category string `json:"category"`
		Text     string `json:"text"`
	} `json:"notes"`
	Status       map[string][]string `json:"product_status"`
	Remediations []struct {
		Category string   `json:"category"`
		Details  string   `json:"details"`
		URL      string   `json:"url"`
		Products []string `json:"product_ids"`
		Groups   []string `json:"group_ids"`
	} `json:"remediations"`
	Flags []struct {
		Label    string   `json:"label"`
		Products []string `json:"product_ids"`
		Groups   []string `json:"group_ids"`
	} `json:"flags"`
	Scores []struct {
		V2 *cvss `json:"cvss_v2"`
		V3 *cvss `json:"cvss_v3"`
	} `json:"scores"`
	Metrics []struct { // 2.1
		Content struct {
			V2 *cvss `json:"cvss_v2"`
			V3 *cvss `json:"cvss_v3"`
			V4 *cvss `json:"cvss_v4"`
		} `json:"content"`
	} `json:"metrics"`
	References []struct {
		URL string `json:"url"`
	} `json:"references"`
	Released string `json:"release_date"`
}

// csaf reads an advisory: every vulnerability is a record, followed by a
// statement for every product it names.
func (d *decoder) csaf() error {
	var about csafDocument
	tree := &csafTree{products: map[string]csafProduct{}, groups: map[string][]string{}, held: maxHeld}
	err := d.walk(func(w *walker) error {
		return w.object(func(key string) error {
			switch key {
			case "document":
				return w.decode(&about)
			case "product_tree":
				return tree.read(w)
			}
			return w.skip()
		})
	})
	if err == nil && about.Version == "" {
		err = errors.New("says no csaf_version, so it is no CSAF advisory")
	}
	if err != nil {
		return err
	}
	snapshot := &Snapshot{Source: "csaf", Document: line(about.Tracking.ID, maxName), CatalogVersion: line(about.Tracking.Version, 40),
		ReportedAt: timeOrZero(about.Tracking.Current)}
	if err := d.emit(Item{Position: "file", Snapshot: snapshot}); err != nil {
		return err
	}
	return d.walk(func(w *walker) error {
		return w.object(func(key string) error {
			if key != "vulnerabilities" {
				return w.skip()
			}
			return w.list(func(i int) error {
				return d.parts(w, fmt.Sprintf("vulnerabilities[%d]", i), func(raw []byte) ([]Item, error) {
					return readCSAF(raw, about, tree, i)
				})
			})
		})
	})
}

func readCSAF(raw []byte, about csafDocument, tree *csafTree, i int) ([]Item, error) {
	var r csafVulnerability
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, wrongType(err)
	}
	v := &Vulnerability{State: "PUBLISHED", Title: line(r.Title, maxTitle), Description: clean(r.description(), MaxDescription)}
	var err error
	if v.ID, err = r.id(about.Tracking.ID, i); err != nil {
		return nil, err
	}
	released := r.Released
	if released == "" {
		released = about.Tracking.First
	}
	if err := v.dates(released, about.Tracking.Current); err != nil {
		return nil, err
	}
	if v.Title == "" {
		v.Title = line(about.Title, maxTitle)
	}
	v.Aliases = otherIDs(v.ID, r.otherNames())
	if v.Ratings, err = r.ratings(); err != nil {
		return nil, err
	}
	statements := r.statements(v, tree)
	r.list(v, statements)
	return append([]Item{{Vulnerability: v}}, statements...), nil
}

// id is the CVE, else another id, else the advisory's with the place in it.
func (r *csafVulnerability) id(advisory string, i int) (string, error) {
	if r.CVE != "" {
		id, ok := cveID(r.CVE)
		if !ok {
			return "", errors.New("the CVE id is malformed")
		}
		return id, nil
	}
	for _, other := range r.IDs {
		if id, ok := vulnerabilityID(other.Text); ok && !strings.Contains(id, "://") {
			return id, nil
		}
	}
	if id, ok := vulnerabilityID(fmt.Sprintf("%s/%d", strings.TrimSpace(advisory), i+1)); ok && advisory != "" {
		return id, nil
	}
	return "", errors.New("has no id")
}

// otherNames leaves out trackers' numbers, which are no ids of vulnerabilities.
func (r *csafVulnerability) otherNames() []string {
	var ids []string
	for _, other := range r.IDs {
		ids = append(ids, other.Text)
	}
	return vulnerabilityNames(ids)
}

func (r *csafVulnerability) description() string {
	for _, category := range []string{"description", "summary", "general"} {
		for _, n := range r.Notes {
			if n.Category == category {
				return n.Text
			}
		}
	}
	return ""
}

func (r *csafVulnerability) ratings() ([]Rating, error) {
	var rs ratings
	add := func(version string, c *cvss) {
		if c != nil {
			rs.add("advisory", version, c.Vector, c.Score)
		}
	}
	for _, s := range r.Scores {
		add("3.1", s.V3)
		add("2.0", s.V2)
	}
	for _, m := range r.Metrics {
		add("3.1", m.Content.V3)
		add("4.0", m.Content.V4)
		add("2.0", m.Content.V2)
	}
	slices.SortStableFunc(rs.list, func(a, b Rating) int { return int(10*b.Score) - int(10*a.Score) }) // the worst over the products
	return rs.sorted(), rs.err
}

func (r *csafVulnerability) list(v *Vulnerability, statements []Item) {
	cwes, refs, products := []string{r.CWE.ID}, []string{}, []string{}
	for _, c := range r.CWEs {
		cwes = append(cwes, c.ID)
	}
	for _, ref := range r.References {
		refs = append(refs, webAddress(ref.URL))
	}
	for _, it := range statements {
		if it.Statement.Status == "affected" {
			products = append(products, it.Statement.Product)
		}
	}
	v.CWEs = distinct(cwes, MaxReferences, 20)
	v.References = distinct(refs, MaxReferences, 4*maxName)
	v.Affected = distinct(products, MaxAffected, maxName)
}
