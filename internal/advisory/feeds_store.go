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
		cells = append(cells, now.id, now.added, now.due, now.name, now.vendor, now.product, now.action, now.ransomware, edition)
	}
	return changed, insert(tx, "INSERT INTO kev (id, date_added, due_date, name, vendor, product, action, ransomware, as_of) VALUES ", 9,
		` ON CONFLICT (id) DO UPDATE SET date_added = excluded.date_added, due_date = excluded.due_date, name = excluded.name,
		vendor = excluded.vendor, product = excluded.product, action = excluded.action, ransomware = excluded.ransomware, as_of = excluded.as_of`, cells)
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
	return insert(tx, "INSERT INTO epss (id, probability, percentile) VALUES ", 3,
		" ON CONFLICT (id) DO UPDATE SET probability = excluded.probability, percentile = excluded.percentile", cells)
}

// day is a moment's calendar day in UTC.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
