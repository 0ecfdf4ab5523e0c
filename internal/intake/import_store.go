package intake

import (
	"database/sql"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
)

// States of an import.
const (
	Queued  = "queued"
	Running = "running"
	Done    = "done"
	Refused = "refused" // the file is not what it should be, and changed nothing
	Failed  = "failed"  // the server could not finish
)

// Import is an upload and what became of it.
type Import struct {
	ID         string
	TeamID     string
	File       string
	State      string
	Phase      string
	Scope      string
	Format     *string
	Bytes      int64
	ReadBytes  int64
	Applied    int64
	Summary    Summary
	Error      *string
	UserID     string
	Who        string
	BeatAt     time.Time
	CreatedAt  time.Time
	FinishedAt *time.Time
}

const importColumns = `id, team_id, file, state, phase, scope, format, bytes, read_bytes, applied, summary, error, user_id, who,
	beat_at, created_at, finished_at`

func scanImport(r *sql.Rows, i *Import) error {
	var summary string
	var beat, created int64
	var finished sql.NullInt64
	err := r.Scan(&i.ID, &i.TeamID, &i.File, &i.State, &i.Phase, &i.Scope, &i.Format, &i.Bytes, &i.ReadBytes, &i.Applied,
		&summary, &i.Error, &i.UserID, &i.Who, &beat, &created, &finished)
	if err != nil {
		return err
	}
	i.BeatAt, i.CreatedAt, i.FinishedAt = db.Time(beat), db.Time(created), db.MaybeTime(finished)
	return json.Unmarshal([]byte(summary), &i.Summary)
}

func list(g *gorm.DB, teamID, before string, limit int) ([]Import, error) {
	query, args := "SELECT "+importColumns+" FROM imports WHERE team_id = ?", []any{teamID}
	if before != "" {
		query, args = query+" AND id < ?", append(args, before)
	}
	return db.List(g, scanImport, query+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
}

func byID(g *gorm.DB, teamID, id string) (*Import, error) {
	found, err := db.List(g, scanImport, "SELECT "+importColumns+" FROM imports WHERE id = ? AND team_id = ?", id, teamID)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "There is no such import in this team.")
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

func addImport(tx *db.Tx, i *Import) error {
	summary, err := json.Marshal(i.Summary)
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO imports (id, team_id, file, state, phase, scope, format, bytes, read_bytes, applied, summary, user_id, who,
		beat_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?)`, i.ID, i.TeamID, i.File, i.State, i.Phase, i.Scope,
		i.Format, i.Bytes, string(summary), i.UserID, i.Who, i.BeatAt.UnixMicro(), i.CreatedAt.UnixMicro()).Error
}

// advance writes how far an import has come.
func advance(tx *db.Tx, id string, p Progress) error {
	return tx.Exec(`UPDATE imports SET state = ?, phase = ?, format = COALESCE(?, format), read_bytes = ?, applied = ?, beat_at = ?
		WHERE id = ? AND finished_at IS NULL`, Running, p.Phase, maybe(p.Format), p.ReadBytes, p.Applied, tx.Now.UnixMicro(), id).Error
}

// finish writes what became of an import.
func finish(tx *db.Tx, id, state string, p Progress, s Summary) error {
	summary, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE imports SET state = ?, phase = '', format = COALESCE(?, format), read_bytes = ?, applied = ?, summary = ?, error = ?,
		beat_at = ?, finished_at = ? WHERE id = ? AND finished_at IS NULL`, state, maybe(s.Format), p.ReadBytes, p.Applied, string(summary), s.Error,
		tx.Now.UnixMicro(), tx.Now.UnixMicro(), id).Error
}

// beat says that the worker of imports lives.
func beat(tx *db.Tx, ids []string) error {
	return tx.Exec("UPDATE imports SET beat_at = ? WHERE id IN ? AND finished_at IS NULL", tx.Now.UnixMicro(), ids).Error
}

// orphans are the unfinished imports whose worker has not been heard of since.
func orphans(g *gorm.DB, since time.Time) ([]Import, error) {
	return db.List(g, scanImport, "SELECT "+importColumns+" FROM imports WHERE finished_at IS NULL AND beat_at < ?", since.UnixMicro())
}

// awaited tells which of the uploads still belong to an unfinished import.
func awaited(g *gorm.DB, ids []string) (map[string]bool, error) {
	out := map[string]bool{}
	err := db.Each(g, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		out[id] = true
		return err
	}, "SELECT id FROM imports WHERE id IN ? AND finished_at IS NULL", ids)
	return out, err
}
