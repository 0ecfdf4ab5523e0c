package sprint

import (
	"database/sql"
	"encoding/json"

	"gorm.io/gorm"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scrum"
)

func bySource(g *gorm.DB, teamID, source string) (*Sprint, error) {
	return maybe(g.Where("id = (SELECT sprint_id FROM histories WHERE team_id = ? AND source = ?)", teamID, source))
}

// overlapping are the numbers of other started sprints on some of the same days.
func overlapping(g *gorm.DB, sp *Sprint) (numbers []int64, err error) {
	err = g.Raw(`SELECT number FROM sprints WHERE team_id = ? AND id <> ? AND state = 'closed' AND started_at < ? AND closed_at > ? ORDER BY number LIMIT 10`,
		sp.TeamID, sp.ID, sp.ClosedAt.UnixMicro(), sp.StartedAt.UnixMicro()).Scan(&numbers).Error
	return numbers, err
}

func writeHistory(tx *db.Tx, who audit.Who, p Past, sp *Sprint, source string) error {
	text, err := json.Marshal(told{p.Risk, p.Outlook})
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO histories (sprint_id, team_id, source, file, format, sums_only, told, at, who) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		sp.ID, sp.TeamID, source, p.File, p.Format, p.Sums != nil, string(text), tx.Now.UnixMicro(), who.Name).Error
}

func historyOf(g *gorm.DB, sprintID string) (*History, error) {
	h := &History{}
	var text string
	var at int64
	err := db.One(g.Raw("SELECT file, format, sums_only, told, at, who FROM histories WHERE sprint_id = ?", sprintID),
		&h.File, &h.Format, &h.SumsOnly, &text, &at, &h.Who)
	if err != nil {
		return nil, err
	}
	h.At = db.Time(at)
	return h, json.Unmarshal([]byte(text), &h.told)
}

// relicName is what an item is called elsewhere.
type relicName struct{ key, name, title string }

// relicNames finds the names of an imported sprint's items by their keys.
func relicNames(g *gorm.DB, teamKey, sprintID string) (map[string]relicName, error) {
	out := map[string]relicName{}
	err := db.Each(g, func(r *sql.Rows) error {
		var number int64
		var n relicName
		err := r.Scan(&number, &n.name, &n.title)
		n.key = backlog.Key(teamKey, number)
		out[n.key] = n
		return err
	}, `SELECT p.number, h.name, p.title FROM memberships m JOIN patches p ON p.id = m.patch_id JOIN history_items h ON h.patch_id = p.id WHERE m.sprint_id = ?`, sprintID)
	return out, err
}

func writeCommitments(tx *db.Tx, p Past, sp *Sprint, ids map[string]string) error {
	var cells []any
	for i, c := range p.Commitments {
		cells = append(cells, sp.ID, ids[c.Item], c.Points, c.Risk, int64(i+1))
	}
	return intoCommitments.Write(tx, cells)
}

var intoCommitments = db.Insert("commitments", "sprint_id text, patch_id text, points double precision, risk double precision, rank bigint", "")

// writeLedger writes the entries in their order, which the ids keep where times are
// equal. Their risk stays with the history.
func writeLedger(tx *db.Tx, p Past, sp *Sprint, ids map[string]string) error {
	var cells []any
	for _, e := range p.counting() {
		cells = append(cells, db.NewID(), sp.TeamID, sp.ID, ids[e.Item], e.At.UnixMicro(), string(e.Kind), e.Detail, e.Points, "", 0.0, "", e.Actor, e.Reason)
	}
	return backlog.IntoLedger.Write(tx, cells)
}

func writeMemberships(tx *db.Tx, p Past, fold *scrum.Fold, sp *Sprint, ids map[string]string) error {
	how, since := map[string]string{}, map[string]int64{}
	for _, c := range p.Commitments {
		how[c.Item], since[c.Item] = backlog.HowCommitted, p.Start.UnixMicro()
	}
	for _, e := range p.counting() {
		if how[e.Item] == "" {
			how[e.Item], since[e.Item] = backlog.HowPulled, e.At.UnixMicro()
		}
		if e.Kind == scrum.KindAdded {
			how[e.Item] = e.Detail
		}
	}
	var cells []any
	for _, name := range fold.Items() {
		cells = append(cells, sp.ID, ids[name], how[name], how[name] != backlog.HowCommitted, outcomeOf(fold.Standing(name)), since[name], "")
	}
	return intoMemberships.Write(tx, cells)
}

var intoMemberships = db.Insert("memberships", "sprint_id text, patch_id text, how text, unplanned boolean, outcome text, added_at bigint, added_by text", "")
