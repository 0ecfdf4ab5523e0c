package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"patchline/internal/risk"
)

// part is a table with the number of its rows.
type part struct {
	n int
	table
}

const week = `["mon","tue","wed","thu","fri"]`

// tables are all rows but those the product has made itself, in an order that
// their references allow.
func (d *data) tables() []part {
	return []part{
		{people, table{"users", "id, email, name, password_hash, is_admin, version, created_at", func(i int) []any {
			return []any{id(userID, i), fmt.Sprintf("person%d@example.com", i), fmt.Sprintf("Person %d", i), "", false, int64(1), created(i)}
		}}},
		{people, table{"members", "team_id, user_id, role, joined_at", func(i int) []any { return []any{d.team, id(userID, i), "member", created(i)} }}},
		{assets, table{"assets", "id, team_id, name, name_key, kind, environment, criticality, exposure, regulations, owner, tags, description, open_findings, version, created_at", d.asset}},
		{1, table{"asset_groups", "id, team_id, name, name_key, description, rule, version, created_at", func(i int) []any {
			return []any{group, d.team, "Front", "front", "", "[]", int64(1), created(i)}
		}}},
		{1, table{"asset_group_members", "group_id, asset_id, pinned, matched", func(int) []any { return []any{group, id(assetID, 7), true, false} }}},
		{sprints, table{"sprints", "id, team_id, number, name, goal, state, start_date, end_date, time_zone, working_week, holidays, started_at, closed_at, committed, completed, final_scope, version, created_at", d.sprint}},
		{20000, table{"vulnerabilities", "id, state, title, severity, cvss, vector, exploitation, changed_at", func(i int) []any {
			return []any{cve(i), "published", "A weakness", "high", float64(i%101) / 10, "", "", created(i)}
		}}},
		{20000, table{"epss", "id, probability, percentile", func(i int) []any { return []any{cve(i), float64(i%1000) / 1000, 0.5} }}},
		{600, table{"kev", "id, date_added, name, vendor, product, action, ransomware, as_of", func(i int) []any {
			return []any{cve(i * 33), created(i), "", "", "", "", false, ""}
		}}},
		{d.size, table{"patches", strings.Join(strings.Fields(patchColumns), " "), d.patch}},
		{d.size, table{"patch_texts", "id, description, drop_note", func(i int) []any {
			return []any{id(patchID, i), strings.Repeat("What this update is about, at some length. ", 4), ""}
		}}},
		{d.size, table{"patch_scores", "id, formula, score, due, at", func(i int) []any {
			return []any{id(patchID, i), "1", scoreText, dueText, created(i)}
		}}},
		{d.size, table{"patch_words", "patch_id, team_id, words", func(i int) []any { return []any{id(patchID, i), d.team, d.words(i)} }}},
		{d.size * d.each(), table{"findings", "id, team_id, asset_id, component, vulnerability_id, patch_id, installed_version, fixed_version, severity, status, first_seen_at, changed_at", d.finding}},
		{d.size * d.each(), table{"finding_sources", "finding_id, source, seen, since", func(i int) []any { return []any{id(findingID, i), "trivy", true, created(i)} }}},
		{d.size, table{"ledger", "id, team_id, patch_id, at, kind, detail, points, risk_kind, risk, actor_id, actor, reason", func(i int) []any {
			return []any{id(otherID, i), d.team, id(patchID, i), created(i), "", "", 0.0, "arrived", priority(i), d.owner, "Olivia", ""}
		}}},
		{ledgerRows, table{"ledger", "id, team_id, sprint_id, patch_id, at, kind, detail, points, risk_kind, risk, actor_id, actor, reason", d.ledger}},
		{d.size, table{"audit", "id, at, team_id, user_id, who, action, target, detail", func(i int) []any {
			return []any{id(otherID, i), created(i), d.team, d.owner, "Olivia", "patch.created", id(patchID, i), "{}"}
		}}},
		{d.size, table{"memberships", "sprint_id, patch_id, how, unplanned, outcome, added_at, added_by", d.membership}},
		{d.size, table{"commitments", "sprint_id, patch_id, points, risk, rank", d.commitment}},
	}
}

func cve(i int) string { return fmt.Sprintf("CVE-2025-%d", 9999+i) }

func (d *data) asset(i int) []any {
	name := fmt.Sprintf("host-%d", i)
	return []any{id(assetID, i), d.team, name, name, "host", "production", []string{"low", "medium", "high", "critical"}[i%4],
		[]string{"isolated", "internal", "unknown", "internet"}[i%4], "[]", "", "[]", "", int64(d.size / assets), int64(1), created(i)}
}

func (d *data) sprint(i int) []any {
	state := "closed"
	if i > active {
		state = "planned"
	} else if i == active {
		state = "active"
	}
	start := time.Now().UTC().AddDate(0, 0, 14*(i-active)-4)
	var started, closed, committed, completed, scope any
	if i <= active {
		started, committed = start.UnixMicro(), 200.0
	}
	if i < active {
		closed, completed, scope = start.AddDate(0, 0, 14).UnixMicro(), 150.0+float64(i), 210.0
	}
	return []any{id(sprintID, i), d.team, int64(i), fmt.Sprintf("Sprint %d", i), "Fewer open risks", state, start.Format(time.DateOnly), start.AddDate(0, 0, 13).Format(time.DateOnly),
		"UTC", week, "[]", started, closed, committed, completed, scope, int64(1), created(i)}
}

// each is how many findings a patch has: one vulnerability on so many hosts. A
// million patches have ten million.
func (d *data) each() int {
	if d.size >= 1_000_000 {
		return 10
	}
	return 1
}

// ledger is the long ledger of the last closed sprint: items come in and are done.
func (d *data) ledger(i int) []any {
	start := time.Now().UTC().AddDate(0, 0, -18) // as in sprint
	kind, detail, points := "added", "pulled", 1.0
	if i%2 == 0 {
		kind, detail, points = "completed", "", -1.0
	}
	return []any{id(ledgerID, i), d.team, id(sprintID, active-1), id(patchID, 1+i/2%d.size), start.Add(time.Duration(i) * time.Minute / 2).UnixMicro(),
		kind, detail, points, "", 0.0, d.owner, "Olivia", ""}
}

func (d *data) finding(n int) []any {
	i, host := (n-1)/d.each()+1, (n-1)%d.each()
	return []any{id(findingID, n), d.team, id(assetID, 1+(i+19*host)%assets), fmt.Sprintf("pkg:deb/debian/library-%d", i), cve(1 + i%20000), id(patchID, i),
		"1.0", fmt.Sprintf("%d.%d", i%7, i%31), "high", "open", created(i), created(i)}
}

func (d *data) membership(i int) []any {
	if d.card(i) < 0 {
		return nil
	}
	how := "committed"
	if d.card(i)%10 == 0 {
		how = "emergency"
	}
	return []any{id(sprintID, active), id(patchID, i), how, how != "committed", "", created(i), "Olivia"}
}

func (d *data) commitment(i int) []any {
	if d.card(i) < 0 {
		return nil
	}
	return []any{id(sprintID, active), id(patchID, i), 1.0, priority(i), int64(d.card(i))}
}

// scoreText and dueText are as long as the product's.
var scoreText, dueText = func() (string, string) {
	score, _ := json.Marshal(map[string]any{"result": risk.Score(risk.Input{}), "context": risk.Context{}, "median": 0.1}) // plain values always marshal
	due, _ := json.Marshal(risk.DueDate{})
	return string(score), string(due)
}()
