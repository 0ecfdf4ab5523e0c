package main

import (
	"fmt"
	"math"
	"time"

	"patchline/internal/scrum"
)

// data invents the rows, the same ones every time. No clock runs towards a due
// date, so that no job changes a score meanwhile: priorities in steps of a tenth,
// so that there are long runs of ties; a common word in a quarter of the rows and a
// rare one in twenty; three hundred cards on the board.
type data struct {
	size        int
	team, owner string
}

const (
	people  = 20
	assets  = 200
	cards   = 300
	sprints = 11 // eight closed, one active, two planned
	active  = 9

	ledgerRows = 20000 // of one closed sprint

	commonWord = "kernel"
	rareWord   = "zanzibar"
)

var epoch = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// random is a number that depends only on what is asked (splitmix64).
func random(what, i int) uint64 {
	z := uint64(i)*0x9e3779b97f4a7c15 + uint64(what)*0xd1b54a32d192ed03
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func one(in, what, i int) bool { return random(what, i)%uint64(in) == 0 }

func id(kind, i int) string { return fmt.Sprintf("019b0000-%04x-7000-8000-%012x", kind, i) }

// group is a group of one asset.
var group = id(groupID, 1)

const (
	patchID = iota + 1
	assetID
	findingID
	userID
	sprintID
	otherID
	ledgerID
	groupID
)

// priority falls like a bell around 35; one in a hundred is at the top.
func priority(i int) float64 {
	if one(100, 1, i) {
		return 100
	}
	sum := 0.0
	for part := range 4 {
		sum += float64(random(10+part, i)%1000) / 1000
	}
	return math.Round(10*min(max(35+31*(sum-2), 1), 99)) / 10
}

// card is the place on the board, from 0; -1 for none.
func (d *data) card(i int) int {
	step := d.size / cards
	if i%step != 1 || i/step >= cards {
		return -1
	}
	return i / step
}

func (d *data) status(i int) scrum.Status {
	if c := d.card(i); c >= 0 {
		return []scrum.Status{"ready", "ready", "ready", "in_progress", "in_progress", "in_progress", "testing", "testing",
			"awaiting_approval", "scheduled", "deployed", "verified"}[c%12]
	}
	switch n := random(2, i) % 100; {
	case n < 70:
		return scrum.New
	case n < 85:
		return scrum.Ready
	case n < 95:
		return scrum.Verified
	}
	return scrum.Dropped
}

func title(i int) string {
	subject := fmt.Sprintf("library-%d", i)
	if one(4, 3, i) {
		subject = fmt.Sprintf("%s module %d", commonWord, i)
	}
	return fmt.Sprintf("Update %s to %d.%d.%d", subject, i%7, i%31, i%13)
}

func (d *data) words(i int) string {
	text := fmt.Sprintf("inf-%d inf %d update %s cve-2025-%d", i, i, title(i)[len("Update "):], 10000+i%20000)
	if (i+7)%(d.size/20) == 0 {
		text += " " + rareWord
	}
	return text
}

func created(i int) int64 { return epoch.Add(time.Duration(i) * time.Second).UnixMicro() }

func (d *data) patch(i int) []any {
	p, status, c := priority(i), d.status(i), d.card(i)
	var sprint, assignee, due, placedBy, placedAt, points, epss, cvss any
	board := scrum.RankAt(int64(i))
	if c >= 0 {
		sprint, board, points = id(sprintID, active), scrum.RankAt(int64(c)), float64(1+c%8)
	} else if status.Open() && one(500, 4, i) {
		sprint = id(sprintID, active+1)
	}
	if one(3, 5, i) || c >= 0 && c%2 == 0 {
		assignee = id(userID, int(random(6, i)%people)+1)
	}
	if !one(5, 7, i) {
		due = time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, int(random(8, i)%180)-30).UnixMicro()
	}
	if c < 0 && !one(3, 9, i) {
		points = float64(1 + random(9, i)%13)
	}
	if p == 100 && i%10 == 3 {
		placedBy, placedAt = d.owner, created(i)
	}
	assumed := `["epss"]`
	if !one(5, 20, i) {
		epss, cvss, assumed = float64(random(21, i)%100000)/100000, float64(random(22, i)%101)/10, "[]"
	}
	labels := "[]"
	if one(10, 23, i) {
		labels = `["web","database"]`
	}
	return []any{id(patchID, i), d.team, int64(i), "patch", title(i), fmt.Sprintf("pkg:deb/debian/library-%d", i), "debian", fmt.Sprintf("%d.%d", i%7, i%31),
		string(status), status.Open(), max(p-float64(i%5), 0.5), p, p, scrum.RankAt(int64(i)), one(33, 24, i), epss, cvss, false, assumed, due, "Per severity",
		nil, points, assignee, sprint, board, int64(i % 3), int64(1 + i%9), int64(1), int64(1), labels,
		placedBy, placedAt, "", created(i), "Olivia", int64(1), created(i), created(i)}
}

const patchColumns = `id, team_id, number, kind, title, component, ecosystem, fixed_version, status, is_open, risk, priority, sort_value, tie_key, kev, epss, cvss,
	regulated, assumed, due_at, due_policy, clock_at, points, assignee_id, sprint_id, board_key, carried, assets, findings, vulnerabilities, labels,
	placed_by, placed_at, placed_reason, detected_at, changed_by, version, created_at, updated_at`
