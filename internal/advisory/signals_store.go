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
	return LoadBeside(g, Known{}, ids)
}

// LoadBeside is Load for who has read a part of it.
func LoadBeside(g *gorm.DB, known Known, ids []string) (map[string]Signals, error) {
	out := make(map[string]Signals, len(ids))
	for _, id := range ids {
		s := Signals{}
		s.ID = id
		out[id] = s
	}
	if err := loadProbabilities(g, ids, out); err != nil {
		return nil, err
	}
	var unknown []string
	for _, id := range ids {
		if e, there := known.entries[id]; there {
			e.weigh(out)
		} else {
			unknown = append(unknown, id)
		}
	}
	if err := loadRecords(g, unknown, out); err != nil {
		return nil, err
	}
	return out, loadListings(g, ids, out)
}

func loadProbabilities(g *gorm.DB, ids []string, out map[string]Signals) error {
	return each(g, "SELECT id, probability FROM epss WHERE id IN ?", ids, func(r *sql.Rows) error {
		var id string
		var p float64
		if err := r.Scan(&id, &p); err != nil {
			return err
		}
		s := out[id]
		s.EPSS = &p
		out[id] = s
		return nil
	})
}

func loadRecords(g *gorm.DB, ids []string, out map[string]Signals) error {
	query := "SELECT id, state, cvss, vector, automatable, total_impact, kev_added FROM vulnerabilities WHERE id IN ?"
	return each(g, query, ids, func(r *sql.Rows) error {
		var v entry
		if err := r.Scan(&v.ID, &v.State, &v.CVSS, &v.Vector, &v.Automatable, &v.TotalImpact, &v.KEVAdded); err != nil {
			return err
		}
		v.weigh(out)
		return nil
	})
}

// weigh adds what is stored of a vulnerability to its signals.
func (e *entry) weigh(out map[string]Signals) {
	s := out[e.ID]
	s.State, s.CVSS, s.Vector, s.Automatable, s.TotalImpact = e.State, e.CVSS, e.Vector, e.Automatable, e.TotalImpact
	if e.State == Rejected {
		s.reject()
	} else if e.KEVAdded != nil {
		s.list(*e.KEVAdded)
	}
	out[e.ID] = s
}

func loadListings(g *gorm.DB, ids []string, out map[string]Signals) error {
	return each(g, "SELECT id, date_added, due_date FROM kev WHERE id IN ?", ids, func(r *sql.Rows) error {
		var id string
		var added int64
		var due sql.NullInt64
		if err := r.Scan(&id, &added, &due); err != nil {
			return err
		}
		s := out[id]
		s.list(added)
		s.KEVDue = db.MaybeTime(due)
		out[id] = s
		return nil
	})
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
