package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"patchline/internal/scrum"
)

// importReport writes the rows of a report by inserts of many rows, a thousand
// findings in a transaction. The team and its assets are made here too, which the
// product also has to.
func (f *floor) importReport(n int, file []byte) error {
	records, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		return err
	}
	l := &bulk{f: f, team: newID(), now: time.Now().UnixMicro(), assets: map[string]string{}, patches: map[string]string{}, found: map[string]string{}}
	if err := l.begin(n, records[1:]); err != nil {
		return err
	}
	const part = 1000
	for rest := records[1:]; len(rest) > 0; rest = rest[min(part, len(rest)):] {
		if err := l.write(rest[:min(part, len(rest))]); err != nil {
			return err
		}
	}
	return nil
}

type bulk struct {
	f               *floor
	team            string
	now             int64
	assets, patches map[string]string // ids by name
	found           map[string]string // search words of vulnerabilities by package: their ids, and the numbers of these alone
}

func (l *bulk) begin(n int, records [][]string) error {
	var assets []any
	for _, r := range records {
		l.found[r[1]] += " " + r[2] + " " + strings.TrimPrefix(r[2], "CVE-2024-")
		if l.assets[r[0]] == "" {
			l.assets[r[0]] = newID()
			assets = append(assets, l.assets[r[0]], l.team, r[0], r[0], "host", "unknown", "medium", "unknown", "[]", "", "[]", "", 0, 1, l.now)
		}
	}
	return l.f.tx(func(run runner) error {
		err := done(run(`INSERT INTO teams (id, key, name, time_zone, working_week, holidays, policies, approval_required, parallel_sprints, last_patch, last_sprint, version, created_at)
			VALUES (?, ?, 'Import', 'UTC', '[]', '[]', '[]', ?, ?, 0, 0, 1, ?)`, l.team, fmt.Sprintf("FL%d", n), false, false, l.now))
		if err != nil {
			return err
		}
		return insertRows(run, "assets (id, team_id, name, name_key, kind, environment, criticality, exposure, regulations, owner, tags, description, open_findings, version, created_at)", 15, assets)
	})
}

// write inserts a part of the findings and the patches that are new with it.
func (l *bulk) write(records [][]string) error {
	var patches, texts, scores, index, findings, sources []any
	for _, r := range records {
		host, component, vulnerability, installed, fixed := l.assets[r[0]], "debian/"+r[1], r[2], r[4], r[5]
		if l.patches[component] == "" {
			id, number := newID(), len(l.patches)+1
			l.patches[component] = id
			rank, title := scrum.RankAt(int64(number)), "Update "+r[1]+" to "+fixed
			patches = append(patches, id, l.team, number, "patch", title, component, "debian", fixed, "new", true, 40.0, 40.0, 40.0, rank, false, nil, nil, false, `["epss"]`,
				l.now, "Per severity", l.now, nil, nil, nil, rank, 0, 1, 1, 1, "[]", nil, nil, "", l.now, "Import", 1, l.now, l.now)
			texts = append(texts, id, "", "")
			scores = append(scores, id, "1", scoreText, dueText, l.now)
			index = append(index, id, l.team, strings.ToLower(fmt.Sprintf("im-%d %s %s%s", number, title, component, l.found[r[1]])))
		}
		id := newID()
		findings = append(findings, id, l.team, host, component, vulnerability, l.patches[component], installed, fixed, "high", "open", l.now, l.now)
		sources = append(sources, id, "report", true, l.now)
	}
	return l.f.tx(func(run runner) error {
		for _, into := range []struct {
			table   string
			columns int
			cells   []any
		}{
			{"patches (" + patchColumns + ")", 39, patches},
			{"patch_texts (id, description, drop_note)", 3, texts},
			{"patch_scores (id, formula, score, due, at)", 5, scores},
			{"patch_words (patch_id, team_id, words)", 3, index},
			{"findings (id, team_id, asset_id, component, vulnerability_id, patch_id, installed_version, fixed_version, severity, status, first_seen_at, changed_at)", 12, findings},
			{"finding_sources (finding_id, source, seen, since)", 4, sources},
		} {
			if err := insertRows(run, into.table, into.columns, into.cells); err != nil {
				return err
			}
		}
		return nil
	})
}

// insertRows inserts up to a hundred rows with one statement.
func insertRows(run runner, into string, columns int, cells []any) error {
	one := "(?" + strings.Repeat(", ?", columns-1) + ")"
	for len(cells) > 0 {
		n := min(100, len(cells)/columns)
		if err := done(run("INSERT INTO "+into+" VALUES "+one+strings.Repeat(", "+one, n-1), cells[:n*columns]...)); err != nil {
			return err
		}
		cells = cells[n*columns:]
	}
	return nil
}
