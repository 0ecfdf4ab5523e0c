package feed

import (
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
)

func byID(g *gorm.DB, id string) (*Feed, error) {
	var f Feed
	err := g.Where("id = ?", id).Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, noSuchFeed()
	}
	return &f, err
}

func read(g *gorm.DB, id string) (*Feed, error) {
	f, err := byID(g, id)
	if err != nil {
		return nil, err
	}
	one := []Feed{*f}
	return &one[0], fill(g, one)
}

func lock(tx *db.Tx, id string) (*Feed, error) {
	if err := tx.Lock("feeds", id); err != nil {
		return nil, err
	}
	return byID(tx.DB, id)
}

func stale(g *gorm.DB, f *Feed) error {
	now, err := read(g, f.ID)
	if err != nil {
		return err
	}
	return fault.Stale(now, "Somebody changed this feed meanwhile. Look at it as it is now, then decide.")
}

// fill reads the latest run and the team's key of each feed.
func fill(g *gorm.DB, feeds []Feed) error {
	for i := range feeds {
		f := &feeds[i]
		if f.TeamID != nil {
			if err := db.One(g.Raw("SELECT key FROM teams WHERE id = ?", *f.TeamID), &f.TeamKey); err != nil {
				return err
			}
		}
		var runs []Run
		if err := g.Where("feed_id = ?", f.ID).Order("id DESC").Limit(1).Find(&runs).Error; err != nil {
			return err
		}
		if len(runs) > 0 {
			f.Last = &runs[0]
		}
	}
	return nil
}

// store writes what an administrator may change.
func store(tx *db.Tx, f *Feed) error {
	return tx.Exec(`UPDATE feeds SET name = ?, kind = ?, source = ?, team_id = ?, scope = ?, enabled = ?, every_minutes = ?, daily_at = ?, time_zone = ?,
		max_mib = ?, max_minutes = ?, since = ?, etag = ?, last_modified = ?, digest = ?, place = ?, failures = ?, next_run_at = ?, version = version + 1 WHERE id = ?`,
		f.Name, f.Kind, f.Source, f.TeamID, f.Scope, f.Enabled, f.EveryMinutes, f.DailyAt, f.TimeZone,
		f.MaxMiB, f.MaxMinutes, db.Micros(f.Since), f.ETag, f.LastModified, f.Digest, f.Place, f.Failures, db.Micros(f.NextRunAt), f.ID).Error
}

func remove(tx *db.Tx, id string) error {
	for _, query := range []string{"DELETE FROM feed_files WHERE feed_id = ?", "DELETE FROM feed_runs WHERE feed_id = ?", "DELETE FROM feeds WHERE id = ?"} {
		if err := tx.Exec(query, id).Error; err != nil {
			return err
		}
	}
	return tx.Exec("DELETE FROM leases WHERE name = ?", leaseOf(id)).Error
}

func isRunning(g *gorm.DB, id string) (bool, error) {
	var n int
	err := db.One(g.Raw("SELECT COUNT(*) FROM feed_runs WHERE feed_id = ? AND state = 'running'", id), &n)
	return n > 0, err
}

func ask(tx *db.Tx, id string, who audit.Who) error {
	return tx.Exec("UPDATE feeds SET next_run_at = ?, asked_by = ?, asked_id = ?, cancelled = ? WHERE id = ?",
		tx.Now.UnixMicro(), who.Name, who.UserID, false, id).Error
}

// cancel asks the run under way to stop; a feed that only waits for a run somebody
// asked for waits for its usual time again.
func cancel(tx *db.Tx, f *Feed, usual *time.Time) error {
	if f.AskedBy != "" {
		return tx.Exec("UPDATE feeds SET asked_by = '', asked_id = '', next_run_at = ? WHERE id = ?", db.Micros(usual), f.ID).Error
	}
	running, err := isRunning(tx.DB, f.ID)
	if err != nil || !running {
		return err
	}
	return tx.Exec("UPDATE feeds SET cancelled = ? WHERE id = ?", true, f.ID).Error
}

func due(g *gorm.DB, now time.Time) ([]string, error) {
	return db.List(g, func(r *sql.Rows, id *string) error { return r.Scan(id) },
		"SELECT id FROM feeds WHERE next_run_at <= ? ORDER BY next_run_at, id", now.UnixMicro())
}

// begin writes the row of a new run, and ends those of runs that died.
func begin(tx *db.Tx, f *Feed) (*Run, error) {
	err := tx.Exec("UPDATE feed_runs SET state = ?, finished_at = ?, error = ? WHERE feed_id = ? AND state = 'running'",
		Failed, tx.Now.UnixMicro(), "The server stopped before the run was finished; it was begun anew.", f.ID).Error
	if err != nil {
		return nil, err
	}
	r := &Run{ID: db.NewID(), FeedID: f.ID, State: Running, Who: f.AskedBy, StartedAt: tx.Now, Phase: Fetching, Summary: []string{}}
	if err := tx.Create(r).Error; err != nil {
		return nil, err
	}
	return r, tx.Exec("UPDATE feeds SET asked_by = '', asked_id = '', cancelled = ? WHERE id = ?", false, f.ID).Error
}

// advance writes how far a run has come.
func advance(tx *db.Tx, r Run) error {
	return tx.Exec("UPDATE feed_runs SET phase = ?, status = ?, bytes = ?, files = ?, applied = ? WHERE id = ? AND state = 'running'",
		r.Phase, r.Status, r.Bytes, r.Files, r.Applied, r.ID).Error
}

// wantsStop tells whether somebody wants the run under way to end.
func wantsStop(g *gorm.DB, id string) (stop bool, err error) {
	err = db.One(g.Raw("SELECT cancelled FROM feeds WHERE id = ?", id), &stop)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil // it was deleted
	}
	return stop, err
}

// finish writes the end of a run, and forgets the oldest.
func finish(tx *db.Tx, r *Run) error {
	err := tx.Exec("UPDATE feed_runs SET state = ?, finished_at = ?, phase = '', status = ?, bytes = ?, files = ?, applied = ?, summary = ?, error = ? WHERE id = ?",
		r.State, tx.Now.UnixMicro(), r.Status, r.Bytes, r.Files, r.Applied, db.JoinWords(r.Summary), r.Error, r.ID).Error
	if err != nil {
		return err
	}
	return tx.Exec(`DELETE FROM feed_runs WHERE feed_id = ? AND id NOT IN (SELECT id FROM feed_runs WHERE feed_id = ? ORDER BY id DESC LIMIT ?)`,
		r.FeedID, r.FeedID, RunsKept).Error
}

// settle writes what a run leaves for the next one. A source that was changed
// meanwhile keeps its fresh marks, and a run that was asked for meanwhile is due.
func settle(tx *db.Tx, f *Feed, now *Feed) error {
	if now.Source == f.Source && now.Kind == f.Kind {
		err := tx.Exec("UPDATE feeds SET etag = ?, last_modified = ?, digest = ?, place = ?, failures = ? WHERE id = ?",
			f.ETag, f.LastModified, f.Digest, f.Place, f.Failures, f.ID).Error
		if err != nil || now.AskedBy != "" {
			return err
		}
		return tx.Exec("UPDATE feeds SET next_run_at = ?, cancelled = ? WHERE id = ?", db.Micros(f.NextRunAt), false, f.ID).Error
	}
	return nil
}

// keepPlace notes how far a provider's documents were taken.
func keepPlace(tx *db.Tx, id, place string) error {
	return tx.Exec("UPDATE feeds SET place = ? WHERE id = ?", place, id).Error
}

// marks are the files of a feed that were taken, by name.
func marks(g *gorm.DB, feedID string) (map[string]string, error) {
	out := map[string]string{}
	err := db.Each(g, func(r *sql.Rows) error {
		var name, mark string
		err := r.Scan(&name, &mark)
		out[name] = mark
		return err
	}, "SELECT name, mark FROM feed_files WHERE feed_id = ?", feedID)
	return out, err
}

func keepMark(tx *db.Tx, feedID, name, mark string) error {
	return tx.Exec(`INSERT INTO feed_files (feed_id, name, mark, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (feed_id, name) DO UPDATE SET mark = excluded.mark, at = excluded.at`, feedID, name, mark, tx.Now.UnixMicro()).Error
}
