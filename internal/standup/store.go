package standup

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// stored is an entry with the numbers of its items.
type stored struct {
	Entry
	numbers []int64
	done    []storedStep
}

// storedStep is a patch of yesterday, as it is kept.
type storedStep struct {
	Number int64        `json:"n"`
	From   scrum.Status `json:"from"`
	To     scrum.Status `json:"to"`
}

// entriesOf reads the entries of a day by name, or one person's.
func entriesOf(g *gorm.DB, teamID string, day scrum.Day, userID string) ([]Entry, error) {
	rows, err := db.List(g, func(r *sql.Rows, e *stored) error { return e.read(r, day) },
		`SELECT u.id, u.name, e.yesterday, e.today, e.items, e.yesterday_items, e.written_at, e.changed_at, e.version
		FROM standup_entries e JOIN users u ON u.id = e.user_id
		WHERE e.team_id = ? AND e.day = ? AND (? = '' OR e.user_id = ?)`, teamID, string(day), userID, userID)
	if err != nil {
		return nil, err
	}
	out, err := filled(g, teamID, rows)
	slices.SortFunc(out, func(a, b Entry) int { return a.Member.compare(b.Member) })
	return out, err
}

// versionsOf reads what the entries of a day said before they were changed, by
// person and the latest first.
func versionsOf(g *gorm.DB, teamID string, day scrum.Day, userID string) ([]Entry, error) {
	rows, err := db.List(g, func(r *sql.Rows, e *stored) error { return e.read(r, day) },
		`SELECT u.id, u.name, e.yesterday, e.today, e.items, e.yesterday_items, e.written_at, CAST(NULL AS BIGINT), e.version
		FROM standup_versions e JOIN users u ON u.id = e.user_id
		WHERE e.team_id = ? AND e.day = ? AND (? = '' OR e.user_id = ?) ORDER BY u.name, u.id, e.version DESC LIMIT 500`, teamID, string(day), userID, userID)
	if err != nil {
		return nil, err
	}
	return filled(g, teamID, rows)
}

func (e *stored) read(r *sql.Rows, day scrum.Day) error {
	var written int64
	var changed sql.NullInt64
	var numbers, done string
	err := r.Scan(&e.Member.ID, &e.Member.Name, &e.Yesterday, &e.Today, &numbers, &done, &written, &changed, &e.Version)
	if err != nil {
		return err
	}
	e.Day, e.WrittenAt, e.ChangedAt = day, db.Time(written), db.MaybeTime(changed)
	return errors.Join(json.Unmarshal([]byte(numbers), &e.numbers), json.Unmarshal([]byte(done), &e.done))
}

// filled gives entries the patches that they name.
func filled(g *gorm.DB, teamID string, rows []stored) ([]Entry, error) {
	var numbers []int64
	for _, e := range rows {
		numbers = append(numbers, e.numbers...)
		for _, step := range e.done {
			numbers = append(numbers, step.Number)
		}
	}
	items, err := itemsOf(g, teamID, numbers)
	out := make([]Entry, len(rows))
	for i, e := range rows {
		out[i] = e.Entry
		for _, n := range e.numbers {
			out[i].Items = append(out[i].Items, items[n])
		}
		for _, step := range e.done {
			out[i].Done = append(out[i].Done, Step{Item: items[step.Number], From: step.From, To: step.To})
		}
	}
	return out, err
}

// compare orders people by name, on both databases alike.
func (p Person) compare(o Person) int {
	return cmp.Or(cmp.Compare(p.Name, o.Name), cmp.Compare(p.ID, o.ID))
}

// itemsOf finds patches of a team by their numbers.
func itemsOf(g *gorm.DB, teamID string, numbers []int64) (map[int64]Item, error) {
	out := map[int64]Item{}
	if len(numbers) == 0 {
		return out, nil
	}
	items, err := db.List(g, func(r *sql.Rows, i *Item) error { return r.Scan(&i.Number, &i.Title, &i.Status) },
		"SELECT number, title, status FROM patches WHERE team_id = ? AND number IN ?", teamID, numbers)
	for _, i := range items {
		out[i.Number] = i
	}
	return out, err
}

// missingOf lists who works in the team since before a moment and has no entry.
func missingOf(g *gorm.DB, teamID string, day scrum.Day, before time.Time) ([]Person, error) {
	out, err := db.List(g, func(r *sql.Rows, p *Person) error { return r.Scan(&p.ID, &p.Name) },
		`SELECT u.id, u.name FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.team_id = ? AND m.role IN ? AND m.joined_at < ? AND u.disabled_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM standup_entries e WHERE e.team_id = m.team_id AND e.day = ? AND e.user_id = m.user_id)`,
		teamID, team.WhoMay(team.Work), before.UnixMicro(), string(day))
	slices.SortFunc(out, Person.compare)
	return out, err
}

// insertEntry writes no row if there is one already.
func insertEntry(tx *db.Tx, teamID, userID string, day scrum.Day, n Note, done []Step) (int64, error) {
	r := tx.Exec(`INSERT INTO standup_entries (team_id, day, user_id, yesterday, today, items, yesterday_items, written_at, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING`,
		teamID, string(day), userID, n.Yesterday, n.Today, n.numbers(), stepsText(done), tx.Now.UnixMicro())
	return r.RowsAffected, r.Error
}

// updateEntry keeps what the entry said, and writes no row if it is at another
// version than the one seen.
func updateEntry(tx *db.Tx, teamID, userID string, day scrum.Day, n Note, done []Step) (int64, error) {
	kept := tx.Exec(`INSERT INTO standup_versions (team_id, day, user_id, version, yesterday, today, items, yesterday_items, written_at)
		SELECT team_id, day, user_id, version, yesterday, today, items, yesterday_items, COALESCE(changed_at, written_at) FROM standup_entries
		WHERE team_id = ? AND day = ? AND user_id = ? AND version = ? ON CONFLICT DO NOTHING`, teamID, string(day), userID, n.Seen)
	if kept.Error != nil {
		return 0, kept.Error
	}
	r := tx.Exec(`UPDATE standup_entries SET yesterday = ?, today = ?, items = ?, yesterday_items = ?, changed_at = ?, version = version + 1
		WHERE team_id = ? AND day = ? AND user_id = ? AND version = ?`,
		n.Yesterday, n.Today, n.numbers(), stepsText(done), tx.Now.UnixMicro(), teamID, string(day), userID, n.Seen)
	return r.RowsAffected, r.Error
}

func stepsText(done []Step) string {
	kept := make([]storedStep, len(done))
	for i, step := range done {
		kept[i] = storedStep{step.Number, step.From, step.To}
	}
	text, _ := json.Marshal(kept) // numbers and words always marshal
	return string(text)
}

func (n Note) numbers() string {
	if len(n.Items) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(n.Items) // numbers always marshal
	return string(text)
}

const blockerColumns = `SELECT b.id, b.team_id, b.patch_id, b.since, b.reported_by, b.owner_id, COALESCE(u.name, ''), b.needed, b.next_step, b.resolved_at, b.escalate_on, b.escalated_at, b.version,
	(SELECT MAX(x.resolved_at) FROM blocker_pauses x WHERE x.blocker_id = b.id), p.number, p.title, p.due_at FROM blockers b JOIN patches p ON p.id = b.patch_id LEFT JOIN users u ON u.id = b.owner_id `

func blockers(g *gorm.DB, where string, args ...any) ([]Blocker, error) {
	return db.List(g, func(r *sql.Rows, b *Blocker) error {
		var since int64
		var resolved, due, paused, escalated sql.NullInt64
		var owner, escalate *string
		var name string
		err := r.Scan(&b.ID, &b.TeamID, &b.PatchID, &since, &b.ReportedBy, &owner, &name, &b.Needed, &b.NextStep, &resolved, &escalate, &escalated, &b.Version, &paused, &b.Number, &b.Title, &due)
		b.Since, b.ResolvedAt, b.DueAt, b.PausedAt = db.Time(since), db.MaybeTime(resolved), db.MaybeTime(due), db.MaybeTime(paused)
		b.EscalateOn, b.Escalated = (*scrum.Day)(escalate), db.MaybeTime(escalated)
		if owner != nil {
			b.Owner = &Person{*owner, name}
		}
		return err
	}, blockerColumns+where, args...)
}

// openAt lists the blockers that were open at a moment.
func openAt(g *gorm.DB, teamID string, at time.Time) ([]Blocker, error) {
	return blockers(g, `WHERE b.team_id = ? AND b.since < ? AND (b.resolved_at IS NULL OR b.resolved_at >= ?)
		AND NOT EXISTS (SELECT 1 FROM blocker_pauses x WHERE x.blocker_id = b.id AND x.resolved_at < ? AND x.reopened_at >= ?) ORDER BY b.since, b.id`,
		teamID, at.UnixMicro(), at.UnixMicro(), at.UnixMicro(), at.UnixMicro())
}

func pageOf(g *gorm.DB, teamID string, resolved bool, after *Place, limit int) ([]Blocker, error) {
	where := "WHERE b.team_id = ? AND b.resolved_at IS NULL"
	if resolved {
		where = "WHERE b.team_id = ? AND b.resolved_at IS NOT NULL"
	}
	args := []any{teamID}
	if after != nil {
		where, args = where+" AND (b.since, b.id) > (?, ?)", append(args, after.Since, after.ID)
	}
	return blockers(g, where+" ORDER BY b.since, b.id LIMIT ?", append(args, limit)...)
}

func blockerOf(g *gorm.DB, teamID, id string) (*Blocker, error) {
	b, err := first(blockers(g, "WHERE b.team_id = ? AND b.id = ?", teamID, id))
	if err == nil && b == nil {
		err = fault.New(fault.NotFound, "There is no such blocker in this team.")
	}
	return b, err
}

// openOf is the open blocker of a patch; nil if there is none.
func openOf(g *gorm.DB, patchID string) (*Blocker, error) {
	return first(blockers(g, "WHERE b.patch_id = ? AND b.resolved_at IS NULL", patchID))
}

func first(list []Blocker, err error) (*Blocker, error) {
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

func insertBlocker(tx *db.Tx, b *Blocker) error {
	return tx.Exec(`INSERT INTO blockers (id, team_id, patch_id, since, reported_by, owner_id, needed, next_step, escalate_on, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
		b.ID, b.TeamID, b.PatchID, b.Since.UnixMicro(), b.ReportedBy, b.ownerID(), b.Needed, b.NextStep, (*string)(b.EscalateOn)).Error
}

// insertPause remembers that a blocker was resolved until now.
func insertPause(tx *db.Tx, b *Blocker) error {
	return tx.Exec("INSERT INTO blocker_pauses (blocker_id, resolved_at, reopened_at) VALUES (?, ?, ?)", b.ID, b.ResolvedAt.UnixMicro(), tx.Now.UnixMicro()).Error
}

func updateBlocker(tx *db.Tx, b *Blocker) error {
	return tx.Exec("UPDATE blockers SET owner_id = ?, needed = ?, next_step = ?, resolved_at = ?, escalate_on = ?, escalated_at = ?, version = version + 1 WHERE id = ?",
		b.ownerID(), b.Needed, b.NextStep, db.Micros(b.ResolvedAt), (*string)(b.EscalateOn), db.Micros(b.Escalated), b.ID).Error
}

func (b *Blocker) ownerID() *string {
	if b.Owner == nil {
		return nil
	}
	return &b.Owner.ID
}

// lately lists the open blockers and those resolved since a moment, the oldest first.
func lately(g *gorm.DB, teamID string, since time.Time) ([]Blocker, error) {
	return blockers(g, "WHERE b.team_id = ? AND (b.resolved_at IS NULL OR b.resolved_at >= ?) ORDER BY b.since, b.id", teamID, since.UnixMicro())
}

// toEscalate lists the open blockers whose escalation day may have begun somewhere.
func toEscalate(g *gorm.DB, now time.Time) ([]Blocker, error) {
	return blockers(g, "WHERE b.resolved_at IS NULL AND b.escalated_at IS NULL AND b.escalate_on IS NOT NULL AND b.escalate_on <= ? ORDER BY b.escalate_on LIMIT 500",
		now.UTC().AddDate(0, 0, 1).Format(time.DateOnly))
}
