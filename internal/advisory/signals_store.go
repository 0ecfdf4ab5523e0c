package advisory

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// Load reads the signals of vulnerabilities by their canonical ids. Every id has
// an entry; one that nobody knows has only its id.
func Load(g *gorm.DB, ids []string) (map[string]Signals, error) {
	out := make(map[string]Signals, len(ids))
	err := each(g, `SELECT k.id, e.probability, COALESCE(v.state, ''), v.cvss, COALESCE(v.vector, ''), v.automatable, v.total_impact, v.kev_added, l.date_added, l.due_date
		FROM ? AS k LEFT JOIN epss e ON e.id = k.id LEFT JOIN vulnerabilities v ON v.id = k.id LEFT JOIN kev l ON l.id = k.id`, ids, func(r *sql.Rows) error {
		var v entry
		var probability *float64
		var added, due sql.NullInt64
		err := r.Scan(&v.ID, &probability, &v.State, &v.CVSS, &v.Vector, &v.Automatable, &v.TotalImpact, &v.KEVAdded, &added, &due)
		s := Signals{}
		s.ID, s.EPSS = v.ID, probability
		s.weigh(&v)
		if added.Valid {
			s.list(added.Int64)
			s.KEVDue = db.MaybeTime(due)
		}
		out[s.ID] = s
		return err
	})
	return out, err
}

// weigh adds what is stored of a vulnerability.
func (s *Signals) weigh(e *entry) {
	s.State, s.CVSS, s.Vector, s.Automatable, s.TotalImpact = e.State, e.CVSS, e.Vector, e.Automatable, e.TotalImpact
	if e.State == Rejected {
		s.reject()
	} else if e.KEVAdded != nil {
		s.list(*e.KEVAdded)
	}
}

// list notes a listing; the earlier of two counts.
func (s *Signals) list(added int64) {
	at := db.Time(added)
	if s.KEVAdded == nil || at.Before(*s.KEVAdded) {
		s.KEVAdded = &at
	}
	s.KEV = true
}

// Median is the median probability of the loaded EPSS snapshot, 0 without one.
func Median(g *gorm.DB) (float64, error) {
	s, err := SnapshotOf(g, EPSS)
	if err != nil || s == nil || s.Median == nil {
		return 0, err
	}
	return *s.Median, nil
}

// SnapshotOf is what was last loaded from a source; nil if nothing was.
func SnapshotOf(g *gorm.DB, source string) (*Snapshot, error) {
	found, err := db.List(g, func(r *sql.Rows, s *Snapshot) error {
		var asOf, loaded int64
		err := r.Scan(&s.Source, &s.Label, &asOf, &s.Records, &s.Median, &loaded)
		s.AsOf, s.LoadedAt = db.Time(asOf), db.Time(loaded)
		return err
	}, "SELECT source, label, as_of, records, median, loaded_at FROM snapshots WHERE source = ?", source)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// KeepSnapshot notes what was loaded; nothing is written if it was loaded before.
func KeepSnapshot(tx *db.Tx, s Snapshot) error {
	known, err := SnapshotOf(tx.DB, s.Source)
	if err != nil {
		return err
	}
	if s.AsOf.IsZero() {
		s.AsOf = time.UnixMicro(0)
	}
	if known != nil && known.Label == s.Label && known.AsOf.Equal(s.AsOf) && known.Records == s.Records && same(known.Median, s.Median) {
		return nil
	}
	return tx.Exec(`INSERT INTO snapshots (source, label, as_of, records, median, loaded_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (source) DO UPDATE SET label = excluded.label, as_of = excluded.as_of, records = excluded.records,
		median = excluded.median, loaded_at = excluded.loaded_at`,
		s.Source, s.Label, s.AsOf.UnixMicro(), s.Records, s.Median, tx.Now.UnixMicro()).Error
}

// same compares two values of which either may be missing.
func same[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
