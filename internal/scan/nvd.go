package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// nvdRecord is the part of an item of the NVD API 2.0 that is used
// (nvd.nist.gov/developers/vulnerabilities).
type nvdRecord struct {
	CVE *struct {
		ID           string                 `json:"id"`
		Source       string                 `json:"sourceIdentifier"`
		Published    string                 `json:"published"`
		Modified     string                 `json:"lastModified"`
		Status       string                 `json:"vulnStatus"`
		Listed       string                 `json:"cisaExploitAdd"`
		Name         string                 `json:"cisaVulnerabilityName"`
		Descriptions []langText             `json:"descriptions"`
		Metrics      map[string][]nvdMetric `json:"metrics"`
		Weaknesses   []struct {
			Description []langText `json:"description"`
		} `json:"weaknesses"`
		Configurations []struct {
			Nodes []struct {
				Matches []struct {
					Vulnerable bool   `json:"vulnerable"`
					CPE        string `json:"criteria"`
				} `json:"cpeMatch"`
			} `json:"nodes"`
		} `json:"configurations"`
		References []struct {
			URL string `json:"url"`
		} `json:"references"`
	} `json:"cve"`
}

type nvdMetric struct {
	Source string `json:"source"`
	Data   cvss   `json:"cvssData"`
}

// nvd reads a page of the API (as the yearly feeds are too), or single items.
func (d *decoder) nvd() error {
	about := &Snapshot{Source: "nvd"}
	var at string
	isPage := false
	err := d.walk(func(w *walker) error {
		return eachRecord(w, func(int) error {
			return w.object(func(key string) error {
				switch key {
				case "timestamp":
					return w.decode(&at)
				case "totalResults":
					return w.decode(&about.Declared)
				case "vulnerabilities":
					isPage = true
				}
				return w.skip()
			})
		})
	})
	if err != nil {
		return err
	}
	about.ReportedAt = timeOrZero(at)
	if err := d.emit(Item{Position: "file", Snapshot: about}); err != nil {
		return err
	}
	return d.walk(func(w *walker) error {
		return eachRecord(w, func(n int) error {
			if isPage {
				return d.nvdPage(w)
			}
			return d.record(w, fmt.Sprintf("record %d", n+1), readNVD)
		})
	})
}

func (d *decoder) nvdPage(w *walker) error {
	return w.object(func(key string) error {
		if key != "vulnerabilities" {
			return w.skip()
		}
		return w.list(func(i int) error {
			return d.record(w, fmt.Sprintf("vulnerabilities[%d]", i), readNVD)
		})
	})
}

func readNVD(raw []byte) (Item, error) {
	var r nvdRecord
	if err := json.Unmarshal(raw, &r); err != nil {
		return Item{}, wrongType(err)
	}
	if r.CVE == nil {
		return Item{}, fmt.Errorf("%w: it has no cve", errForeign)
	}
	v := &Vulnerability{State: "PUBLISHED", Title: line(r.CVE.Name, maxTitle),
		Description: clean(english(r.CVE.Descriptions), MaxDescription)}
	var ok bool
	if v.ID, ok = cveID(r.CVE.ID); !ok {
		return Item{}, errors.New("the CVE id is missing or malformed")
	}
	if strings.EqualFold(r.CVE.Status, "Rejected") {
		v.State = "REJECTED"
	}
	if err := v.dates(r.CVE.Published, r.CVE.Modified); err != nil {
		return Item{}, err
	}
	if r.CVE.Listed != "" {
		var err error
		if v.KEVDateAdded, err = dayOf(r.CVE.Listed); err != nil {
			return Item{}, fmt.Errorf("cisaExploitAdd: %w", err)
		}
	}
	r.list(v)
	var err error
	v.Ratings, err = r.ratings()
	return Item{Vulnerability: v}, err
}

func (r *nvdRecord) list(v *Vulnerability) {
	var cwes, refs, products []string
	for _, w := range r.CVE.Weaknesses {
		for _, d := range w.Description {
			if strings.HasPrefix(d.Value, "CWE-") {
				cwes = append(cwes, d.Value)
			}
		}
	}
	for _, ref := range r.CVE.References {
		refs = append(refs, webAddress(ref.URL))
	}
	for _, c := range r.CVE.Configurations {
		for _, n := range c.Nodes {
			for _, m := range n.Matches {
				if m.Vulnerable {
					products = append(products, cpeName(m.CPE))
				}
			}
		}
	}
	v.CWEs = distinct(cwes, MaxReferences, 20)
	v.References = distinct(refs, MaxReferences, 4*maxName)
	v.Affected = distinct(products, MaxAffected, maxName)
}

// cpeName gives vendor and product of a CPE 2.3 name or a CPE 2.2 URI (NIST IR 7695).
func cpeName(cpe string) string {
	cpe = strings.ReplaceAll(cpe, `\:`, "\x00")
	parts := strings.Split(cpe, ":")
	at := 3
	if strings.HasPrefix(cpe, "cpe:/") {
		at = 2
	}
	if len(parts) < at+2 || parts[0] != "cpe" {
		return ""
	}
	name := parts[at] + " " + parts[at+1]
	name = strings.NewReplacer("\x00", ":", `\`, "", "_", " ").Replace(name)
	return line(name, maxName)
}

// cisaADP is CISA's identity as an Authorized Data Publisher in the CVE program.
const cisaADP = "134c704f-9b21-4f2e-91b3-4a353353bcc0"

func (r *nvdRecord) ratings() ([]Rating, error) {
	var rs ratings
	for _, key := range sortedKeys(r.CVE.Metrics) {
		for _, m := range r.CVE.Metrics[key] {
			source := m.Source
			switch source {
			case "nvd@nist.gov":
				source = "nvd"
			case r.CVE.Source:
				source = "cna"
			case cisaADP:
				source = "cisa-adp"
			}
			if strings.HasPrefix(key, "cvssMetric") {
				rs.add(source, m.Data.Version, m.Data.Vector, m.Data.Score)
			}
		}
	}
	return rs.sorted("cna", "nvd", "cisa-adp"), rs.err
}
