package advisory

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/scan"
)

// listed is a stored row of the catalogue.
type listed struct {
	id                            string
	added                         int64
	due                           sql.NullInt64
	name, vendor, product, action string
	ransomware                    bool
}

func orNull(n sql.NullInt64) any {
	if !n.Valid {
		return nil
	}
	return n.Int64
}

func listedFrom(e *scan.Exploited) listed {
	l := listed{id: e.CVE, added: e.DateAdded.UnixMicro(), name: e.Name, vendor: e.Vendor, product: e.Product,
		action: e.RequiredAction, ransomware: e.Ransomware}
	if !e.DueDate.IsZero() {
		l.due = sql.NullInt64{Int64: e.DueDate.UnixMicro(), Valid: true}
	}
	return l
}

func storedListings(g *gorm.DB, ids []string) (map[string]listed, error) {
	out := map[string]listed{}
	query := "SELECT id, date_added, due_date, name, vendor, product, action, ransomware FROM kev WHERE id IN ?"
	err := each(g, query, ids, func(r *sql.Rows) error {
		var l listed
		err := r.Scan(&l.id, &l.added, &l.due, &l.name, &l.vendor, &l.product, &l.action, &l.ransomware)
		out[l.id] = l
		return err
	})
	return out, err
}

// ApplyKEV brings a part of an edition of the catalogue in, and returns the ids
// whose listing is new or has other dates. Rows keep the edition in which they
// last changed.
func ApplyKEV(tx *db.Tx, edition string, entries []*scan.Exploited) (changed []string, err error) {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.CVE
	}
	stored, err := storedListings(tx.DB, ids)
	if err != nil {
		return nil, err
	}
	var cells []any
	for _, e := range entries {
		old, there := stored[e.CVE]
		now := listedFrom(e)
		if there && old == now {
			continue
		}
		if !there || old.added != now.added || old.due != now.due {
			changed = append(changed, e.CVE)
		}
		stored[e.CVE] = now
		cells = append(cells, now.id, now.added, orNull(now.due), now.name, now.vendor, now.product, now.action, now.ransomware, edition, false)
	}
	return changed, put(tx, intoKEV, cells)
}

var intoKEV = db.Insert("kev", `id text, date_added bigint, due_date bigint, name text, vendor text, product text, action text,
	ransomware boolean, as_of text, announced boolean`,
	`ON CONFLICT (id) DO UPDATE SET date_added = excluded.date_added, due_date = excluded.due_date, name = excluded.name,
	vendor = excluded.vendor, product = excluded.product, action = excluded.action, ransomware = excluded.ransomware, as_of = excluded.as_of`)

// UnannouncedKEV are the listed vulnerabilities of which nobody was told yet, the
// first of them by id. An import that was cut short leaves some behind.
func UnannouncedKEV(g *gorm.DB) ([]string, error) {
	return db.List(g, func(r *sql.Rows, id *string) error { return r.Scan(id) }, "SELECT id FROM kev WHERE NOT announced ORDER BY id")
}

// AnnouncedKEV notes that everybody was told of all that is listed.
func AnnouncedKEV(tx *db.Tx) error {
	return tx.Exec("UPDATE kev SET announced = ? WHERE NOT announced", true).Error
}

// DropKEV removes what a whole edition of the catalogue no longer lists, and
// returns the ids.
func DropKEV(tx *db.Tx, lists func(id string) bool) (dropped []string, err error) {
	err = db.Each(tx.DB, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		if !lists(id) {
			dropped = append(dropped, id)
		}
		return err
	}, "SELECT id FROM kev")
	if err != nil {
		return nil, err
	}
	for _, id := range dropped {
		if err := tx.Exec("DELETE FROM kev WHERE id = ?", id).Error; err != nil {
			return nil, err
		}
	}
	return dropped, nil
}

// DifferingEPSS returns those scores that are not stored like this, and the ids
// of those whose probability differs; a new percentile alone moves no priority.
func DifferingEPSS(g *gorm.DB, scores []*scan.Probability) (differ []*scan.Probability, changed []string, err error) {
	type pair struct{ p, q float64 }
	ids := make([]string, len(scores))
	for i, s := range scores {
		ids[i] = s.CVE
	}
	stored := make(map[string]pair, len(ids))
	err = each(g, "SELECT id, probability, percentile FROM epss WHERE id IN ?", ids, func(r *sql.Rows) error {
		var id string
		var s pair
		err := r.Scan(&id, &s.p, &s.q)
		stored[id] = s
		return err
	})
	for _, s := range scores {
		old, there := stored[s.CVE]
		now := pair{s.EPSS, s.Percentile}
		if there && old == now {
			continue
		}
		if !there || old.p != now.p {
			changed = append(changed, s.CVE)
		}
		stored[s.CVE] = now
		differ = append(differ, s)
	}
	return differ, changed, err
}

// ApplyEPSS writes scores that differ.
func ApplyEPSS(tx *db.Tx, scores []*scan.Probability) error {
	cells := make([]any, 0, 3*len(scores))
	for _, s := range scores {
		cells = append(cells, s.CVE, s.EPSS, s.Percentile)
	}
	return put(tx, intoEPSS, cells)
}

var intoEPSS = db.Insert("epss", "id text, probability double precision, percentile double precision",
	"ON CONFLICT (id) DO UPDATE SET probability = excluded.probability, percentile = excluded.percentile")

// VanishedEPSS reads stored ids after one, in order, and returns those that a
// whole edition no longer scores, and the last id it has seen; "" at the end.
func VanishedEPSS(g *gorm.DB, after string, scores func(id string) bool) (gone []string, last string, err error) {
	err = db.Each(g, func(r *sql.Rows) error {
		err := r.Scan(&last)
		if !scores(last) {
			gone = append(gone, last)
		}
		return err
	}, "SELECT id FROM epss WHERE id > ? ORDER BY id LIMIT 5000", after)
	return gone, last, err
}

// DropEPSS removes scores.
func DropEPSS(tx *db.Tx, ids []string) error {
	return tx.Exec("DELETE FROM epss WHERE id IN ?", ids).Error
}

// EndEPSS notes that the edition under way is in, and everything scored by it.
func EndEPSS(tx *db.Tx) error {
	return tx.Exec("DELETE FROM snapshots WHERE source = ?", EPSSUnderWay).Error
}

// day is a moment's calendar day in UTC.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
