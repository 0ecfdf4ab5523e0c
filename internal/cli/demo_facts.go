package cli

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"

	"patchline/internal/scan"
)

//go:embed demo/assets.csv demo/vulnerabilities.csv
var demoData embed.FS

// fact is what is known about one vulnerability of one component; demo/README.md
// names the sources.
type fact struct {
	cve                               string
	vector                            string // empty if not known for certain
	ratedBy                           string // cna or cisa-adp, if the vector is from a CVE record
	exploitation, automatable, impact string // SSVC; empty if not assessed
	epss, percentile                  string
	kevVendor, kevProduct             string // empty if not listed, as the next two
	kevAdded, kevDue                  string
	ransomware                        bool
}

// fix is a version that removes vulnerabilities from a component, and where and
// when the story finds them.
type fix struct {
	component, ecosystem, key string
	installed, version        string
	vendor                    string
	on                        string // tag of the assets that may have it
	round                     int    // of the scans that finds it first
	facts                     []fact
	assets                    []*demoAsset
}

// demoAsset is an asset as the story needs it.
type demoAsset struct {
	name, kind string
	tags       []string
}

// readRows reads a table with a first line of column names.
func readRows(name string) ([]map[string]string, error) {
	f, err := demoData.Open("demo/" + name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		one := map[string]string{}
		for i, cell := range row {
			one[rows[0][i]] = cell
		}
		out = append(out, one)
	}
	return out, nil
}

// readFixes groups the facts by the version that removes them, in the table's order.
func readFixes() ([]*fix, error) {
	rows, err := readRows("vulnerabilities.csv")
	if err != nil {
		return nil, err
	}
	known := map[string]*fix{}
	var out []*fix
	for _, r := range rows {
		key := scan.Component{Ecosystem: r["ecosystem"], Name: r["component"]}.Key()
		f := known[key+" "+r["fixed"]]
		if f == nil {
			round, err := strconv.Atoi(r["round"])
			if err != nil {
				return nil, err
			}
			f = &fix{component: r["component"], ecosystem: r["ecosystem"], key: key, installed: r["installed"], version: r["fixed"],
				vendor: r["vendor"], on: r["on"], round: round}
			known[key+" "+r["fixed"]], out = f, append(out, f)
		}
		f.facts = append(f.facts, fact{
			cve: r["cve"], vector: r["vector"], ratedBy: r["rated_by"], exploitation: r["exploitation"], automatable: r["automatable"], impact: r["impact"],
			epss: r["epss"], percentile: r["percentile"], ransomware: r["ransomware"] != "",
			kevVendor: r["kev_vendor"], kevProduct: r["kev_product"], kevAdded: r["kev_added"], kevDue: r["kev_due"],
		})
	}
	return out, nil
}

// listed tells whether any of the vulnerabilities is in the KEV catalogue.
func (f *fix) listed() bool {
	for _, one := range f.facts {
		if one.kevAdded != "" {
			return true
		}
	}
	return false
}
