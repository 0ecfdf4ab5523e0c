package advisory

import (
	"database/sql"
	"slices"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/scan"
)

func storedEntries(g *gorm.DB, ids []string) (map[string]entry, error) {
	out := make(map[string]entry, len(ids))
	query := `SELECT v.id, v.state, v.title, v.severity, v.cvss, v.vector, v.automatable, v.total_impact, v.exploitation,
		v.kev_added, v.published_at, v.changed_at, COALESCE(t.description, ''), COALESCE(t.ratings, '[]'), COALESCE(t.refs, '[]'), COALESCE(t.source, '')
		FROM vulnerabilities v LEFT JOIN vulnerability_texts t ON t.id = v.id WHERE v.id IN ?`
	err := each(g, query, ids, func(r *sql.Rows) error {
		var e entry
		var ratings, refs string
		err := r.Scan(&e.ID, &e.State, &e.Title, &e.Severity, &e.CVSS, &e.Vector, &e.Automatable, &e.TotalImpact, &e.Exploitation,
			&e.KEVAdded, &e.PublishedAt, &e.ChangedAt, &e.Description, &ratings, &refs, &e.Source)
		e.Ratings, e.Refs = splitRatings(ratings), db.SplitWords(refs)
		out[e.ID] = e
		return err
	})
	return out, err
}

// edits gathers the entries that differ from what is stored.
type edits struct {
	stored  map[string]entry
	changed []string // ids that weigh otherwise now
	rows    []any
	texts   []any
}

// put notes an entry's new state if it is one.
func (w *edits) put(now entry) {
	old, there := w.stored[now.ID]
	if there && now.equals(&old) {
		return
	}
	if !now.scoresLike(&old) {
		w.changed = append(w.changed, now.ID)
	}
	w.rows = append(w.rows, now.ID, now.State, now.Title, now.Severity, now.CVSS, now.Vector, now.Automatable, now.TotalImpact,
		now.Exploitation, now.KEVAdded, now.PublishedAt, now.ChangedAt)
	if !now.textsLike(&old) {
		w.texts = append(w.texts, now.ID, now.Description, joinRatings(now.Ratings), db.JoinWords(now.Refs), now.Source)
	}
	w.stored[now.ID] = now
}

func (w *edits) write(tx *db.Tx) ([]string, error) {
	if err := put(tx, intoVulnerabilities, w.rows); err != nil {
		return nil, err
	}
	return w.changed, put(tx, intoTexts, w.texts)
}

var (
	intoVulnerabilities = db.Insert("vulnerabilities", `id text, state text, title text, severity text, cvss double precision, vector text, automatable boolean,
		total_impact boolean, exploitation text, kev_added bigint, published_at bigint, changed_at bigint`,
		`ON CONFLICT (id) DO UPDATE SET state = excluded.state, title = excluded.title, severity = excluded.severity,
		cvss = excluded.cvss, vector = excluded.vector, automatable = excluded.automatable, total_impact = excluded.total_impact,
		exploitation = excluded.exploitation, kev_added = excluded.kev_added, published_at = excluded.published_at,
		changed_at = excluded.changed_at`)
	intoTexts = db.Insert("vulnerability_texts", "id text, description text, ratings text, refs text, source text",
		`ON CONFLICT (id) DO UPDATE SET description = excluded.description, ratings = excluded.ratings,
		refs = excluded.refs, source = excluded.source`)
)

// ApplyRecords brings records of the CVE list (by is CVE) or of another database
// in, and returns the ids that weigh otherwise now. An edition older than the
// stored one changes nothing.
func ApplyRecords(tx *db.Tx, by string, records []*scan.Vulnerability) (changed []string, err error) {
	ids := make([]string, len(records))
	for i, v := range records {
		ids[i] = v.ID
	}
	w := &edits{}
	if w.stored, err = storedEntries(tx.DB, ids); err != nil {
		return nil, err
	}
	for _, v := range records {
		old := w.stored[v.ID]
		now := old.record(by, v)
		if old.Source != by || now.ChangedAt >= old.ChangedAt {
			w.put(now)
		}
	}
	return w.write(tx)
}

// NoteScanner keeps what a scanner says about vulnerabilities, named once each, where
// nothing better is known. It returns the ids that weigh otherwise now. Rows are
// written in the order of their ids, so that imports of two teams do not block each
// other.
func NoteScanner(tx *db.Tx, scanner string, notes []Note) (changed []string, err error) {
	ids := make([]string, len(notes))
	said := make(map[string]*Note, len(notes))
	for i := range notes {
		ids[i] = notes[i].ID
		said[ids[i]] = &notes[i]
	}
	w := &edits{}
	if w.stored, err = storedEntries(tx.DB, ids); err != nil {
		return nil, err
	}
	slices.Sort(ids)
	for _, id := range ids {
		old, there := w.stored[id]
		now := old.note(scanner, *said[id])
		if !there {
			now.ChangedAt = tx.Now.UnixMicro()
		}
		w.put(now)
	}
	return w.write(tx)
}
