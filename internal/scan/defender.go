package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// defenderRow is one vulnerability of one piece of software on a device, as
// Microsoft Defender exports it: SoftwareVulnerabilitiesByMachine and
// machinesVulnerabilities of its API, DeviceTvmSoftwareVulnerabilities of
// advanced hunting. The names differ between them mostly in letter case.
type defenderRow struct {
	DeviceID   string   `json:"deviceId"`
	MachineID  string   `json:"machineId"`
	DeviceName string   `json:"deviceName"`
	Vendor     string   `json:"softwareVendor"`
	Name       string   `json:"softwareName"`
	Version    string   `json:"softwareVersion"`
	CVE        string   `json:"cveId"`
	Severity   string   `json:"vulnerabilitySeverityLevel"`
	Update     string   `json:"recommendedSecurityUpdate"`
	UpdateID   string   `json:"recommendedSecurityUpdateId"`
	UpdateURL  string   `json:"recommendedSecurityUpdateUrl"`
	Score      *float64 `json:"cvssScore"`
	Status     string   `json:"status"` // of the changes since a day: New, Fixed, Updated

	ProductVendor  string `json:"productVendor"` // the names of machinesVulnerabilities
	ProductName    string `json:"productName"`
	ProductVersion string `json:"productVersion"`
	KB             string `json:"fixingKbId"`
	Level          string `json:"severity"`
}

func (r *defenderRow) device() string {
	return line(firstOf(r.DeviceName, r.DeviceID, r.MachineID), maxName)
}

// items is empty for software without a vulnerability: the device was looked at.
func (r *defenderRow) items(asset Asset) ([]Item, error) {
	if strings.TrimSpace(r.CVE) == "" {
		return nil, nil
	}
	id, ok := vulnerabilityID(r.CVE) // also TVM-…, Microsoft's own
	if !ok {
		return nil, errors.New("the CVE id is malformed")
	}
	f := &Finding{Asset: asset, Vulnerability: id, Status: "affected", FixState: "unknown", Component: r.component(),
		Severity: severityOf(firstOf(r.Severity, r.Level)), URL: webAddress(r.UpdateURL)}
	if f.Component.Name == "" {
		return nil, errors.New("the software has no name")
	}
	if strings.EqualFold(r.Status, "Fixed") {
		f.Status = "fixed"
	}
	f.fixedBy(r.fixed())
	var rs ratings
	if r.Score != nil {
		rs.add("microsoft", "", "", *r.Score)
	}
	f.Ratings = rs.sorted()
	return []Item{{Finding: f}}, rs.err
}

// component is named like the products of a CPE, as other scanners name them.
func (r *defenderRow) component() Component {
	vendor, name := firstOf(r.Vendor, r.ProductVendor), firstOf(r.Name, r.ProductName)
	if line(name, maxName) == "" {
		return Component{}
	}
	return newComponent("", strings.ReplaceAll(vendor+" "+name, "_", " "), "", firstOf(r.Version, r.ProductVersion))
}

// fixed is the article, else the update by its name.
func (r *defenderRow) fixed() []string {
	for _, id := range []string{r.UpdateID, r.KB} {
		if id = strings.TrimSpace(id); isNumber(id) && len(id) >= 6 && len(id) <= 8 {
			return []string{"KB" + id}
		}
	}
	if list := articles(r.UpdateID, r.KB, r.Update); len(list) > 0 {
		return list
	}
	return distinct([]string{firstOf(r.Update, r.UpdateID)}, 1, 120)
}

// defenderJSON reads pages of the API, results of a query, and files of one record a line.
func (d *decoder) defenderJSON() error {
	isPage, err := d.defenderPages()
	if err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "defender"}}); err != nil {
		return err
	}
	seen := map[Asset]bool{}
	return d.walk(func(w *walker) error {
		return eachRecord(w, func(n int) error {
			if c, _ := w.next(); !isPage || c != '{' {
				return d.defenderRecord(w, fmt.Sprintf("record %d", n+1), seen)
			}
			return w.object(func(key string) error {
				if key != "value" && key != "Results" {
					return w.skip()
				}
				return w.list(func(i int) error { return d.defenderRecord(w, fmt.Sprintf("%s[%d]", key, i), seen) })
			})
		})
	})
}

// defenderPages tells whether the well-formed file holds pages of records.
func (d *decoder) defenderPages() (isPage bool, err error) {
	err = d.walk(func(w *walker) error {
		return eachRecord(w, func(int) error {
			if c, _ := w.next(); c != '{' {
				return w.skip()
			}
			return w.object(func(key string) error {
				isPage = isPage || key == "value" || key == "Results"
				return w.skip()
			})
		})
	})
	return isPage, err
}

func (d *decoder) defenderRecord(w *walker, position string, seen map[Asset]bool) error {
	return d.parts(w, position, func(raw []byte) ([]Item, error) {
		var r defenderRow
		if err := json.Unmarshal(raw, &r); err != nil {
			return nil, wrongType(err)
		}
		return d.defender(&r, position, seen)
	})
}

func (d *decoder) defender(r *defenderRow, position string, seen map[Asset]bool) ([]Item, error) {
	name := r.device()
	if name == "" {
		return nil, errors.New("the device is missing")
	}
	asset := d.asset(name, "host")
	items, err := r.items(asset)
	if err != nil {
		return nil, err
	}
	return items, d.announce(seen, asset, position)
}

// defenderCSV reads the table of advanced hunting or of the export.
func (d *decoder) defenderCSV() error {
	t, err := d.tableOf(isDefender)
	if err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "defender"}}); err != nil {
		return err
	}
	seen := map[Asset]bool{}
	return d.rows(t, func(t *table) ([]Item, error) {
		r := &defenderRow{DeviceID: t.first("deviceid", "device_id"), DeviceName: t.first("devicename", "device_name"),
			Vendor: t.first("softwarevendor", "software_vendor"), Name: t.first("softwarename", "software_name"),
			Version: t.first("softwareversion", "software_version"), CVE: t.first("cveid", "cve_id"),
			Severity: t.first("vulnerabilityseveritylevel", "vulnerability_severity_level", "severity"),
			Update:   t.first("recommendedsecurityupdate", "recommended_security_update"),
			UpdateID: t.first("recommendedsecurityupdateid", "recommended_security_update_id"),
			Status:   t.get("status")}
		if text := t.first("cvssscore", "cvss_score"); text != "" {
			score, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return nil, errors.New("the CVSS score is no number")
			}
			r.Score = &score
		}
		return d.defender(r, t.position(), seen)
	})
}

func isDefender(columns map[string]int) bool {
	any := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { _, ok := columns[name]; return ok })
	}
	return any("deviceid", "devicename", "device_id", "device_name") && any("cveid", "cve_id") && any("softwarename", "software_name")
}
