package cli

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"patchline/internal/backlog"
	"patchline/internal/intake"
	"patchline/internal/scan"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// demoPatches is how many patches, open or done, the team has in the end.
const demoPatches = 300

// takeStock imports the assets, and decides which of them have which component.
func (s *story) takeStock() {
	text, err := demoData.Open("demo/assets.csv")
	if s.try(err); err != nil {
		return
	}
	defer text.Close()
	_, err = s.asset.ImportCSV(s.ctx, s.people["Amara"], s.inf.ID, text)
	s.try(err)
	rows, err := readRows("assets.csv")
	s.try(err)
	for _, r := range rows {
		s.assets = append(s.assets, &demoAsset{r["name"], r["kind"], strings.Split(r["tags"], ";")})
	}
	for _, f := range s.fixes {
		f.assets = s.havers(f)
	}
}

// havers are the assets that have a component: most of many, and any number of few.
func (s *story) havers(f *fix) []*demoAsset {
	var all []*demoAsset
	for _, a := range s.assets {
		if slices.Contains(a.tags, f.on) {
			all = append(all, a)
		}
	}
	s.dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	n := len(all)
	switch {
	case n >= 10:
		n -= s.dice.IntN(n / 3)
	case n > 2 && !f.listed():
		n = 1 + s.dice.IntN(n)
	}
	return all[:n]
}

func (s *story) readFeeds() {
	s.imports("Amara", s.inf, "known_exploited_vulnerabilities.json", kevFile(s.fixes))
	s.imports("Amara", s.inf, "epss_scores-2026-06-14.csv", epssFile(s.fixes))
}

func (s *story) imports(who string, t *team.Team, name string, file []byte) {
	if !s.fine() {
		return
	}
	s.clock.set(s.clock.now())
	sum, err := s.intake.ImportNow(s.ctx, s.people[who], t, intake.Request{File: bytes.NewReader(file), Name: name}, nil)
	if err == nil && sum.RejectedCount > 0 {
		err = fmt.Errorf("%s: %v", name, sum.Rejected[0])
	}
	s.try(err)
}

func (s *story) firstScans() {
	s.clock.set(s.days.at(1, -2, 6, 30))
	s.scan(0)
	s.clock.set(s.days.at(1, -1, 11, 0))
	s.records(0)
}

// scan imports one report for each kind of asset. It names what earlier rounds
// have found, unless it was fixed meanwhile, and what this round finds first.
func (s *story) scan(round int) {
	known := s.byComponent()
	if round == demoSprint {
		s.enough(known)
	}
	rows := map[string][]string{}
	for _, f := range s.fixes {
		if f.round <= round && !s.fixed(f, known[f.key]) {
			s.rebuild(f, round)
			f.report(rows)
		}
	}
	day := s.days.calendar.DayOf(s.clock.now())
	for _, kind := range []string{"servers", "network", "containers"} {
		if file := s.report(kind, rows); file != nil {
			s.imports("Dara", s.inf, fmt.Sprintf("%s-%s.csv", kind, day), file)
		}
	}
	s.seen = rows
}

// byComponent finds the patches of each component.
func (s *story) byComponent() map[string][]backlog.Patch {
	out := map[string][]backlog.Patch{}
	for _, p := range s.patches(backlog.Filter{Statuses: scrum.Statuses, Order: backlog.ByKey}) {
		out[p.Component] = append(out[p.Component], p)
	}
	return out
}

// fixed tells whether this version or a newer one is verified.
func (s *story) fixed(f *fix, patches []backlog.Patch) bool {
	return s.stays != f.key+" "+f.version && slices.ContainsFunc(patches, func(p backlog.Patch) bool {
		return p.Status == scrum.Verified && scan.Compare(f.ecosystem, p.FixedVersion, f.version) >= 0
	})
}

// rebuild takes a component off an asset now and then, without anybody's patch.
func (s *story) rebuild(f *fix, round int) {
	if round > f.round && len(f.assets) > 3 && s.dice.Float64() < 0.12 {
		f.assets = f.assets[1:]
	}
}

// enough leaves out what the last round would find too much, so that the team has
// the right number of patches.
func (s *story) enough(known map[string][]backlog.Patch) {
	missing := demoPatches
	open := map[string]bool{}
	for key, patches := range known {
		for _, p := range patches {
			open[key] = open[key] || p.Status.Open()
			if p.Status != scrum.Dropped {
				missing--
			}
		}
	}
	s.fixes = slices.DeleteFunc(s.fixes, func(f *fix) bool {
		if f.round < demoSprint || open[f.key] { // a newer version takes the place of an open patch
			return false
		}
		missing--
		return missing < 0
	})
}

var scanColumns = []string{"asset", "asset_kind", "component", "ecosystem", "installed_version", "fixed_version", "vulnerability", "cvss_vector", "status"}

// report adds a row for each asset and vulnerability. What a CVE record will say
// about it in more detail, the scanner does not know.
func (f *fix) report(rows map[string][]string) {
	for _, a := range f.assets {
		for _, one := range f.facts {
			vector := one.vector
			if one.ratedBy != "" {
				vector = ""
			}
			row := strings.Join([]string{a.name, a.kind, f.component, f.ecosystem, f.installed, f.version, one.cve, vector}, "\t")
			rows[a.name] = append(rows[a.name], row)
		}
	}
}

// report is the file about one kind of assets. An asset without any finding left
// is in it with what was fixed there.
func (s *story) report(kind string, rows map[string][]string) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write(scanColumns) // a buffer takes everything
	lines := 0
	for _, a := range s.assets {
		if scannerOf(a.kind) != kind {
			continue
		}
		list, status := rows[a.name], "affected"
		if len(list) == 0 {
			list, status = s.seen[a.name], "fixed"
		}
		for _, row := range list {
			_ = w.Write(append(strings.Split(row, "\t"), status))
			lines++
		}
	}
	w.Flush()
	if lines == 0 {
		return nil
	}
	return out.Bytes()
}

func scannerOf(kind string) string {
	switch kind {
	case "image":
		return "containers"
	case "device":
		return "network"
	}
	return "servers"
}

// records imports what the CVE programme says about a round's vulnerabilities.
func (s *story) records(round int) {
	s.imports("Chen", s.inf, fmt.Sprintf("cve-records-%s.json", s.days.calendar.DayOf(s.clock.now())), recordsFile(s.fixes, round))
}

// secondTeam gives another team a little backlog of its own.
func (s *story) secondTeam() {
	apps := []*demoAsset{{name: "mobile-shop", kind: "application"}, {name: "loyalty-cards", kind: "application"}, {name: "newsletter", kind: "application"}}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write(scanColumns)
	n := 0
	for _, f := range s.fixes {
		if n == 8 || f.on != "node" && f.on != "py" || f.round != 5 {
			continue
		}
		part, rows := *f, map[string][]string{}
		part.assets = apps[n%3:][:1]
		part.report(rows)
		for _, row := range rows[part.assets[0].name] {
			_ = w.Write(append(strings.Split(row, "\t"), "affected"))
		}
		n++
	}
	w.Flush()
	s.imports("Dara", s.other, "apps.csv", out.Bytes())
}
