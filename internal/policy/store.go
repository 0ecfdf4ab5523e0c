package policy

import (
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/risk"
)

func isDate(text string) bool {
	if text == "" {
		return true
	}
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

const read = `SELECT v.version, v.body, v.note, v.who, v.at FROM policies p JOIN policy_versions v ON v.policy_id = p.id `

// current reads the newest versions of a team's policies, the oldest policy first.
func current(g db.Reader, teamID string) ([]Policy, error) {
	return db.List(g, scan, read+`AND v.version = p.version WHERE p.team_id = ? AND p.retired_at IS NULL ORDER BY p.id`, teamID)
}

func versionsOf(g db.Reader, teamID, id string) ([]Policy, error) {
	return db.List(g, scan, read+"WHERE p.team_id = ? AND p.id = ? ORDER BY v.version DESC", teamID, id)
}

func scan(r *sql.Rows, p *Policy) error {
	var body string
	var at int64
	if err := r.Scan(&p.Number, &body, &p.Note, &p.ChangedBy, &at); err != nil {
		return err
	}
	changed := db.Time(at)
	p.ChangedAt = &changed
	return json.Unmarshal([]byte(body), &p.Policy)
}

func add(tx *db.Tx, teamID string, p risk.Policy) error {
	return tx.Exec("INSERT INTO policies (id, team_id, version, in_force, created_at) VALUES (?, ?, 1, ?, ?)",
		p.ID, teamID, p.InForce(tx.Now), tx.Now.UnixMicro()).Error
}

func addVersion(tx *db.Tx, who audit.Who, p risk.Policy, version int64, note string) error {
	p.Version = strconv.FormatInt(version, 10)
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return tx.Exec("INSERT INTO policy_versions (policy_id, version, body, note, user_id, who, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		p.ID, version, string(body), note, who.UserID, who.Name, tx.Now.UnixMicro()).Error
}

func setVersion(tx *db.Tx, p risk.Policy, version int64) error {
	return tx.Exec("UPDATE policies SET version = ?, in_force = ? WHERE id = ?", version, p.InForce(tx.Now), p.ID).Error
}

func retire(tx *db.Tx, id string) error {
	return tx.Exec("UPDATE policies SET retired_at = ? WHERE id = ?", tx.Now.UnixMicro(), id).Error
}

const runColumns = "id, team_id, state, reason, who, total, looked, changed, after_id, created_at, finished_at"

func scanRun(r *sql.Rows, run *Run) error {
	var created int64
	var finished sql.NullInt64
	err := r.Scan(&run.ID, &run.TeamID, &run.State, &run.Reason, &run.Who, &run.Total, &run.Looked, &run.Changed, &run.AfterID, &created, &finished)
	run.CreatedAt, run.FinishedAt = db.Time(created), db.MaybeTime(finished)
	return err
}

func runsOf(g db.Reader, teamID string, limit int) ([]Run, error) {
	return db.List(g, scanRun, "SELECT "+runColumns+" FROM policy_runs WHERE team_id = ? ORDER BY id DESC LIMIT ?", teamID, limit)
}

// silence is after how long a run without a sign of life is taken up by another
// worker.
const silence = time.Minute

// TakeRun claims the oldest run that waits, or that a worker which died has left
// unfinished. Nil when there is none.
func TakeRun(tx *db.Tx) (*Run, error) {
	const free = "(state = 'queued' OR state = 'running' AND beat_at < ?)"
	dead := tx.Now.Add(-silence).UnixMicro()
	taken, err := db.List(tx.DB, scanRun, `UPDATE policy_runs SET state = 'running', beat_at = ?
		WHERE id = (SELECT id FROM policy_runs WHERE `+free+` ORDER BY id LIMIT 1) AND `+free+" RETURNING "+runColumns, tx.Now.UnixMicro(), dead, dead)
	if err != nil || len(taken) == 0 {
		return nil, err
	}
	return &taken[0], nil
}

// IsSuperseded tells whether a newer run of the team waits.
func (r *Run) IsSuperseded(g db.Reader) (bool, error) {
	var one int
	err := db.One(g.Raw("SELECT 1 FROM policy_runs WHERE team_id = ? AND id > ? AND state = 'queued' LIMIT 1", r.TeamID, r.ID), &one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Note writes how far a run is.
func (r *Run) Note(tx *db.Tx) error {
	var finished any
	if r.State != Running {
		finished = tx.Now.UnixMicro()
	}
	return tx.Exec("UPDATE policy_runs SET state = ?, total = ?, looked = ?, changed = ?, after_id = ?, beat_at = ?, finished_at = ? WHERE id = ?",
		r.State, r.Total, r.Looked, r.Changed, r.AfterID, tx.Now.UnixMicro(), finished, r.ID).Error
}

// inForce reads the own policies of all teams with what was known of their
// validity.
type validity struct {
	teamID string
	known  bool
	policy risk.Policy
}

func validities(g db.Reader) ([]validity, error) {
	return db.List(g, func(r *sql.Rows, v *validity) error {
		var body string
		if err := r.Scan(&v.teamID, &v.known, &body); err != nil {
			return err
		}
		return json.Unmarshal([]byte(body), &v.policy)
	}, `SELECT p.team_id, p.in_force, v.body FROM policies p JOIN policy_versions v ON v.policy_id = p.id AND v.version = p.version WHERE p.retired_at IS NULL`)
}

func setInForce(tx *db.Tx, id string, now bool) (int64, error) {
	res := tx.Exec("UPDATE policies SET in_force = ? WHERE id = ? AND in_force <> ?", now, id, now)
	return res.RowsAffected, res.Error
}
