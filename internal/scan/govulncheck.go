package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// goReach is how far govulncheck followed a vulnerability into the program.
type goReach int

const (
	goRequired goReach = iota + 1 // the module is required
	goImported                    // a package of it is imported
	goCalled                      // the vulnerable symbol is called
)

// goScan is what govulncheck's messages say together. They come in any order, and
// one vulnerability of a module is told several times, so all of them are read first.
type goScan struct {
	config struct {
		Name    string `json:"scanner_name"`
		Version string `json:"scanner_version"`
		Level   string `json:"scan_level"`
		Mode    string `json:"scan_mode"`
	}
	main     string // path of the module that was scanned
	osv      map[string]osvRecord
	found    map[[2]string]*goFinding
	order    []*goFinding
	rejected []Item
	held     holder
}

type goFinding struct {
	position, id, module, version, fixed string
	reach                                goReach
}

type goMessage struct {
	OSV   string `json:"osv"`
	Fixed string `json:"fixed_version"`
	Trace []struct {
		Module   string `json:"module"`
		Version  string `json:"version"`
		Package  string `json:"package"`
		Function string `json:"function"`
	} `json:"trace"`
}

// govulncheck reads the messages of govulncheck -json, one after the other or in
// an array. A finding is one vulnerability in one module.
func (d *decoder) govulncheck() error {
	g := &goScan{osv: map[string]osvRecord{}, found: map[[2]string]*goFinding{}, held: maxHeld}
	err := d.walk(func(w *walker) error {
		return eachRecord(w, func(n int) error { return g.message(w, fmt.Sprintf("message %d", n+1)) })
	})
	if err != nil {
		return err
	}
	kind := "repository"
	if g.config.Mode == "binary" {
		kind = "application"
	}
	asset := d.asset(g.main, kind)
	if err := d.begin(&Snapshot{Source: "govulncheck", ToolVersion: line(g.config.Version, 80)}, asset); err != nil {
		return err
	}
	for _, f := range g.order {
		if err := d.emit(Item{Position: f.position, Finding: g.finding(f, asset)}); err != nil {
			return err
		}
	}
	for _, it := range g.rejected {
		if err := d.emit(it); err != nil {
			return err
		}
	}
	return nil
}

func (g *goScan) message(w *walker, position string) error {
	return w.object(func(key string) error {
		switch key {
		case "config":
			return w.decode(&g.config)
		case "SBOM":
			return g.modules(w)
		case "osv":
			var r osvRecord
			if err := w.decode(&r); err != nil {
				return err
			}
			r.Affected, r.Refs = nil, nil
			r.Details = clean(r.Details, MaxDescription)
			g.osv[r.ID] = r
			return g.held.take(append(r.Aliases, r.ID, r.Summary, r.Details, string(r.Specific))...)
		case "finding":
			return g.read(w, position)
		}
		return w.skip()
	})
}

// modules: the main module is the one without a version.
func (g *goScan) modules(w *walker) error {
	var sbom struct {
		Modules []struct {
			Path    string `json:"path"`
			Version string `json:"version"`
		} `json:"modules"`
	}
	if err := w.decode(&sbom); err != nil {
		return err
	}
	for _, m := range sbom.Modules {
		if m.Version == "" && m.Path != "stdlib" && g.main == "" {
			g.main = m.Path
		}
	}
	return nil
}

func (g *goScan) read(w *walker, position string) error {
	raw, err := w.raw()
	if err != nil && err != errRecordSize {
		return err
	}
	var m goMessage
	if err == nil {
		if err = json.Unmarshal(raw, &m); err != nil {
			err = wrongType(err)
		}
	}
	id, ok := vulnerabilityID(m.OSV)
	switch {
	case err == nil && !ok:
		err = errors.New("osv is missing or no id")
	case err == nil && (len(m.Trace) == 0 || line(m.Trace[0].Module, maxName) == ""):
		err = errors.New("the trace names no module")
	}
	if err != nil {
		g.rejected = append(g.rejected, Item{Position: position, Rejected: clean(err.Error(), maxTitle)})
		return g.held.take(position)
	}
	return g.add(position, id, m)
}

// add brings the findings about one vulnerability of a module together: the one
// that reaches furthest counts.
func (g *goScan) add(position, id string, m goMessage) error {
	hit, last := m.Trace[0], m.Trace[len(m.Trace)-1]
	if last.Version == "" && last.Module != "stdlib" && g.main == "" {
		g.main = last.Module
	}
	key := [2]string{id, hit.Module}
	f := g.found[key]
	if f == nil {
		f = &goFinding{position: position, id: id, module: hit.Module, version: hit.Version, fixed: m.Fixed}
		g.found[key] = f
		g.order = append(g.order, f)
		if err := g.held.take(id, hit.Module, hit.Version, m.Fixed, position); err != nil {
			return err
		}
	}
	reach := goRequired
	if hit.Function != "" {
		reach = goCalled
	} else if hit.Package != "" {
		reach = goImported
	}
	f.reach = max(f.reach, reach)
	return nil
}

// goLevels are what a scan of a level had to reach to call the program affected.
var goLevels = map[string]goReach{"symbol": goCalled, "package": goImported}

func (g *goScan) finding(f *goFinding, asset Asset) *Finding {
	r := g.osv[f.id]
	out := &Finding{Asset: asset, Vulnerability: f.id, Aliases: r.aliases(f.id), Status: "affected", FixState: "unknown",
		Component: newComponent("golang", f.module, "", strings.TrimPrefix(f.version, "v")),
		Fixed:     distinct([]string{strings.TrimPrefix(f.fixed, "v")}, 1, maxName), Severity: "unknown",
		Title: line(r.Summary, maxTitle), Description: r.Details, Ratings: r.ratings(), URL: "https://pkg.go.dev/vuln/" + f.id}
	if len(out.Fixed) > 0 {
		out.FixState = "fixed"
	}
	if f.reach < goLevels[g.config.Level] {
		out.Status = "not_affected" // the scan went deeper and found that it is not reached
	}
	if !strings.HasPrefix(f.id, "GO-") {
		out.URL = ""
	}
	return out
}
