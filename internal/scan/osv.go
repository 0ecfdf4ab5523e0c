package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// osvRecord is the part of the Open Source Vulnerability format that is used (ossf.github.io/osv-schema).
type osvRecord struct {
	ID        string        `json:"id"`
	Modified  string        `json:"modified"`
	Published string        `json:"published"`
	Withdrawn string        `json:"withdrawn"`
	Aliases   []string      `json:"aliases"`
	Upstream  []string      `json:"upstream"`
	Summary   string        `json:"summary"`
	Details   string        `json:"details"`
	Severity  []osvSeverity `json:"severity"`
	Affected  []osvAffected `json:"affected"`
	Refs      []struct {
		URL string `json:"url"`
	} `json:"references"`
	Specific json.RawMessage `json:"database_specific"` // free form
}

type osvSeverity struct {
	Type  string `json:"type"`
	Score string `json:"score"`
}

type osvAffected struct {
	Package  osvPackage    `json:"package"`
	Severity []osvSeverity `json:"severity"`
	Ranges   []struct {
		Type   string `json:"type"`
		Events []struct {
			Fixed string `json:"fixed"`
		} `json:"events"`
	} `json:"ranges"`
}

type osvPackage struct {
	Ecosystem string `json:"ecosystem"`
	Name      string `json:"name"`
	PURL      string `json:"purl"`
}

// readOSV makes one record and a statement for every package it affects.
func readOSV(raw []byte) ([]Item, error) {
	var r osvRecord
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, wrongType(err)
	}
	if r.ID == "" && r.Affected == nil {
		return nil, fmt.Errorf("%w: it has no id", errForeign)
	}
	id, ok := vulnerabilityID(r.ID)
	if !ok {
		return nil, errors.New("the id is missing or malformed")
	}
	v := &Vulnerability{ID: id, State: "PUBLISHED", Title: line(r.Summary, maxTitle), Aliases: r.aliases(id),
		Description: clean(r.Details, MaxDescription)}
	if r.Withdrawn != "" {
		v.State = "REJECTED"
	}
	if err := v.dates(r.Published, r.Modified); err != nil {
		return nil, err
	}
	r.list(v)
	items := []Item{{Vulnerability: v}}
	if v.State == "REJECTED" {
		return items, nil
	}
	return append(items, r.statements(v)...), nil
}

// aliases: an upstream id counts as another name only if it is the one, as for
// a distribution's record of one CVE; an advisory may stand for several.
func (r *osvRecord) aliases(id string) []string {
	all := r.Aliases
	if len(r.Upstream) == 1 {
		all = append(all[:len(all):len(all)], r.Upstream...)
	}
	return otherIDs(id, all)
}

func (r *osvRecord) list(v *Vulnerability) {
	var refs, products []string
	for _, ref := range r.Refs {
		refs = append(refs, webAddress(ref.URL))
	}
	for _, a := range r.Affected {
		if a.Package.Name != "" {
			products = append(products, strings.TrimSpace(a.Package.Ecosystem+" "+a.Package.Name))
		}
	}
	var specific struct {
		CWEs []string `json:"cwe_ids"`
	}
	_ = json.Unmarshal(r.Specific, &specific)
	v.CWEs = distinct(specific.CWEs, MaxReferences, 20)
	v.References = distinct(refs, MaxReferences, 4*maxName)
	v.Affected = distinct(products, MaxAffected, maxName)
	v.Ratings = r.ratings()
}

// ratings: the format gives vectors, of the record or of its packages, and no scores.
func (r *osvRecord) ratings() []Rating {
	var rs ratings
	all := r.Severity
	for _, a := range r.Affected {
		all = append(all[:len(all):len(all)], a.Severity...)
		if len(all) > maxRatings {
			break
		}
	}
	for _, s := range all {
		rs.add("osv", strings.TrimPrefix(s.Type, "CVSS_V"), s.Score, 0)
	}
	return rs.sorted()
}

func (r *osvRecord) statements(v *Vulnerability) []Item {
	var items []Item
	for _, a := range r.Affected {
		if a.Package.Name == "" {
			continue // only a repository's commits are named
		}
		items = append(items, Item{Statement: &Statement{Vulnerability: v.ID, Aliases: v.Aliases, Status: "affected",
			Said: "affected", Product: line(a.Package.Ecosystem, maxName), Fixed: a.fixed(), At: v.Updated,
			Component: newComponent(a.Package.Ecosystem, a.Package.Name, a.Package.PURL, "")}})
	}
	return items
}

// fixed are the versions, not the commits, that remove it.
func (a osvAffected) fixed() []string {
	var list []string
	for _, r := range a.Ranges {
		if strings.EqualFold(r.Type, "GIT") {
			continue
		}
		for _, e := range r.Events {
			list = append(list, e.Fixed)
		}
	}
	return distinct(list, 32, maxName)
}
