package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// cveRecord is the part of the CVE Record Format 5.x that is used
// (CVEProject/cve-schema), with the metrics of CISA's Vulnrichment.
type cveRecord struct {
	DataType string `json:"dataType"`
	Metadata *struct {
		ID        string `json:"cveId"`
		State     string `json:"state"`
		Published string `json:"datePublished"`
		Updated   string `json:"dateUpdated"`
	} `json:"cveMetadata"`
	Containers struct {
		CNA cveContainer   `json:"cna"`
		ADP []cveContainer `json:"adp"`
	} `json:"containers"`
}

type cveContainer struct {
	Provider struct {
		ShortName string `json:"shortName"`
	} `json:"providerMetadata"`
	Title        string       `json:"title"`
	Descriptions []langText   `json:"descriptions"`
	Rejected     []langText   `json:"rejectedReasons"`
	Metrics      []cveMetric  `json:"metrics"`
	Affected     []cveProduct `json:"affected"`
	Problems     []struct {
		Descriptions []struct {
			CWE string `json:"cweId"`
		} `json:"descriptions"`
	} `json:"problemTypes"`
	References []struct {
		URL string `json:"url"`
	} `json:"references"`
	Source struct {
		Advisory json.RawMessage `json:"advisory"`
	} `json:"source"`
}

type langText struct {
	Lang  string `json:"lang"`
	Value string `json:"value"`
}

type cveProduct struct {
	Vendor  string `json:"vendor"`
	Product string `json:"product"`
	Package string `json:"packageName"`
}

type cvss struct {
	Version string  `json:"version"`
	Vector  string  `json:"vectorString"`
	Score   float64 `json:"baseScore"`
}

type cveMetric struct {
	V2    *cvss `json:"cvssV2_0"`
	V30   *cvss `json:"cvssV3_0"`
	V31   *cvss `json:"cvssV3_1"`
	V4    *cvss `json:"cvssV4_0"`
	Other *struct {
		Type    string          `json:"type"`
		Content json.RawMessage `json:"content"`
	} `json:"other"`
}

func readCVE(raw []byte) (Item, error) {
	var r cveRecord
	if err := json.Unmarshal(raw, &r); err != nil {
		return Item{}, wrongType(err)
	}
	if r.Metadata == nil {
		return Item{}, fmt.Errorf("%w: it has no cveMetadata", errForeign)
	}
	v := &Vulnerability{State: strings.ToUpper(strings.TrimSpace(r.Metadata.State))}
	var ok bool
	if v.ID, ok = cveID(r.Metadata.ID); !ok {
		return Item{}, errors.New("the CVE id is missing or malformed")
	}
	if v.State != "PUBLISHED" && v.State != "REJECTED" {
		return Item{}, errors.New("the state is neither PUBLISHED nor REJECTED")
	}
	if err := v.dates(r.Metadata.Published, r.Metadata.Updated); err != nil {
		return Item{}, err
	}
	r.describe(v)
	r.list(v)
	if err := r.assess(v); err != nil {
		return Item{}, err
	}
	return Item{Vulnerability: v}, nil
}

func (v *Vulnerability) dates(published, updated string) (err error) {
	if v.Published, err = optionalTime(published); err != nil {
		return fmt.Errorf("date of publication: %w", err)
	}
	if v.Updated, err = optionalTime(updated); err != nil {
		return fmt.Errorf("date of update: %w", err)
	}
	return nil
}

// containers are the CNA's and those of the first data publishers; there are hardly more than three.
func (r *cveRecord) containers() []cveContainer {
	return append([]cveContainer{r.Containers.CNA}, r.Containers.ADP[:min(len(r.Containers.ADP), 50)]...)
}

func (r *cveRecord) describe(v *Vulnerability) {
	cna := r.Containers.CNA
	v.Title = line(cna.Title, maxTitle)
	v.Description = clean(english(append(cna.Descriptions, cna.Rejected...)), MaxDescription)
}

// english is the first English text, or the first at all.
func english(texts []langText) string {
	for _, t := range texts {
		if strings.HasPrefix(strings.ToLower(t.Lang), "en") && t.Value != "" {
			return t.Value
		}
	}
	for _, t := range texts {
		if t.Value != "" {
			return t.Value
		}
	}
	return ""
}

func (r *cveRecord) list(v *Vulnerability) {
	var cwes, refs, products []string
	for _, c := range r.containers() {
		for _, p := range c.Problems {
			for _, d := range p.Descriptions {
				cwes = append(cwes, d.CWE)
			}
		}
		for _, ref := range c.References {
			refs = append(refs, ref.URL)
		}
		if len(products) == 0 { // the CNA's names; others only repeat them in CPE spelling
			products = productNames(c.Affected)
		}
	}
	v.CWEs = distinct(cwes, MaxReferences, 20)
	v.References = distinct(refs, MaxReferences, 4*maxName)
	v.Affected = distinct(products, MaxAffected, maxName)
	v.Aliases = otherIDs(v.ID, advisoryIDs(r.Containers.CNA.Source.Advisory))
}

// advisoryIDs: the schema leaves source open; GitHub and others put their
// advisory id there, as a text or as a list.
func advisoryIDs(raw json.RawMessage) []string {
	var one string
	var many []string
	if json.Unmarshal(raw, &one) == nil && one != "" {
		many = []string{one}
	} else {
		_ = json.Unmarshal(raw, &many)
	}
	var ids []string
	for _, id := range many {
		if strings.HasPrefix(strings.ToUpper(id), "GHSA-") {
			ids = append(ids, id)
		}
	}
	return ids
}

// productNames leaves out "n/a", with which old records fill the obligatory fields.
func productNames(affected []cveProduct) []string {
	said := func(s string) string {
		if strings.EqualFold(strings.TrimSpace(s), "n/a") {
			return ""
		}
		return s
	}
	var names []string
	for _, p := range affected {
		name := said(p.Product)
		if name == "" {
			name = said(p.Package)
		}
		if name = strings.TrimSpace(said(p.Vendor) + " " + name); name != "" {
			names = append(names, name)
		}
	}
	return names
}
