package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

type kevEntry struct {
	CVE         string   `json:"cveID"`
	Vendor      string   `json:"vendorProject"`
	Product     string   `json:"product"`
	Name        string   `json:"vulnerabilityName"`
	Added       string   `json:"dateAdded"`
	Description string   `json:"shortDescription"`
	Action      string   `json:"requiredAction"`
	Due         string   `json:"dueDate"`
	Ransomware  string   `json:"knownRansomwareCampaignUse"`
	Notes       string   `json:"notes"`
	CWEs        []string `json:"cwes"`
}

// kev reads CISA's catalogue. One with fewer entries than it declares was cut
// off somewhere on its way and is refused.
func (d *decoder) kev() error {
	about, err := d.aboutKEV()
	if err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: about}); err != nil {
		return err
	}
	return d.walk(func(w *walker) error {
		return w.object(func(key string) error {
			if key != "vulnerabilities" {
				return w.skip()
			}
			return w.array(func(i int) error {
				return d.record(w, fmt.Sprintf("vulnerabilities[%d]", i), readKEV)
			})
		})
	})
}

// aboutKEV walks the whole catalogue once for what it says about itself.
func (d *decoder) aboutKEV() (*Snapshot, error) {
	about := &Snapshot{Source: "cisa-kev"}
	var released string
	entries, listed := 0, false
	err := d.walk(func(w *walker) error {
		return w.object(func(key string) error {
			switch key {
			case "catalogVersion":
				return w.scalar(key, &about.CatalogVersion)
			case "dateReleased":
				return w.decode(&released)
			case "count":
				return w.scalar(key, &about.Declared)
			case "vulnerabilities":
				listed = true
				return w.array(func(int) error { entries++; return w.skip() })
			}
			return w.skip()
		})
	})
	switch {
	case err != nil:
		return nil, err
	case !listed:
		return nil, errors.New("has no list of vulnerabilities, so it is no KEV catalogue")
	case entries < about.Declared:
		return nil, fmt.Errorf("is incomplete: it declares %d entries and holds %d", about.Declared, entries)
	}
	about.CatalogVersion = line(about.CatalogVersion, 40)
	about.ReportedAt = timeOrZero(released)
	return about, nil
}

func readKEV(raw []byte) (Item, error) {
	var k kevEntry
	if err := json.Unmarshal(raw, &k); err != nil {
		return Item{}, wrongType(err)
	}
	return k.item()
}

func (k *kevEntry) item() (Item, error) {
	id, ok := cveID(k.CVE)
	if !ok {
		return Item{}, errors.New("cveID is missing or malformed")
	}
	e := &Exploited{CVE: id, Vendor: line(k.Vendor, maxName), Product: line(k.Product, maxName),
		Name: line(k.Name, maxTitle), ShortDescription: clean(k.Description, MaxDescription),
		RequiredAction: clean(k.Action, MaxDescription), Notes: clean(k.Notes, MaxDescription),
		Ransomware: strings.EqualFold(strings.TrimSpace(k.Ransomware), "Known"), CWEs: distinct(k.CWEs, MaxReferences, 20)}
	var err error
	if e.DateAdded, err = dayOf(k.Added); err != nil {
		return Item{}, fmt.Errorf("dateAdded: %w", err)
	}
	if strings.TrimSpace(k.Due) != "" {
		if e.DueDate, err = dayOf(k.Due); err != nil {
			return Item{}, fmt.Errorf("dueDate: %w", err)
		}
	}
	return Item{Exploited: e}, nil
}

var kevColumns = []string{"cveid", "vendorproject", "product", "dateadded", "duedate"}

func isKEV(columns map[string]int) bool {
	for _, name := range kevColumns {
		if _, ok := columns[name]; !ok {
			return false
		}
	}
	return true
}

// kevCSV reads the catalogue as CISA offers it for spreadsheets; it says nothing about its edition.
func (d *decoder) kevCSV() error {
	r, err := d.lines()
	if err != nil {
		return err
	}
	t, err := newTable(r, 0)
	if err != nil {
		return err
	}
	if !isKEV(t.columns) {
		return errors.New("lacks columns of the KEV catalogue")
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "cisa-kev"}}); err != nil {
		return err
	}
	return d.rows(t, func(t *table) ([]Item, error) {
		k := &kevEntry{CVE: t.get("cveid"), Vendor: t.get("vendorproject"), Product: t.get("product"), Name: t.get("vulnerabilityname"),
			Added: t.get("dateadded"), Description: t.get("shortdescription"), Action: t.get("requiredaction"), Due: t.get("duedate"),
			Ransomware: t.get("knownransomwarecampaignuse"), Notes: t.get("notes"), CWEs: strings.Split(t.get("cwes"), ",")}
		it, err := k.item()
		return []Item{it}, err
	})
}
