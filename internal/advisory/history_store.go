package advisory

import (
	"database/sql"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

// Watched are those of the vulnerabilities that some team has, or had: only their
// EPSS history is kept.
func Watched(g *gorm.DB, ids []string) ([]string, error) {
	var out []string
	err := each(g, `SELECT e.id FROM epss e WHERE e.id IN ? AND (
			EXISTS (SELECT 1 FROM findings f WHERE f.vulnerability_id = e.id)
			OR EXISTS (SELECT 1 FROM patch_vulnerabilities p WHERE p.vulnerability_id = e.id))`, ids, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

// KeepHistory keeps a point for scores that are about to change, with what they
// were where nothing was kept before; call it before ApplyEPSS, in the same
// transaction, and KeepPoints after it. Since is the day of the stored scores.
func KeepHistory(tx *db.Tx, ids []string, since time.Time) error {
	return inParts(ids, func(part []string) error {
		return tx.Exec(`INSERT INTO epss_history (id, day, probability, percentile)
			SELECT e.id, CAST(? AS BIGINT), e.probability, e.percentile FROM epss e
			WHERE e.id IN ? AND NOT EXISTS (SELECT 1 FROM epss_history h WHERE h.id = e.id)`, dayMicros(since), part).Error
	})
}

// KeepPoints keeps the stored scores as those of a day.
func KeepPoints(tx *db.Tx, ids []string, on time.Time) error {
	return inParts(ids, func(part []string) error {
		return tx.Exec(`INSERT INTO epss_history (id, day, probability, percentile)
			SELECT e.id, CAST(? AS BIGINT), e.probability, e.percentile FROM epss e WHERE e.id IN ?
			ON CONFLICT (id, day) DO UPDATE SET probability = excluded.probability, percentile = excluded.percentile`, dayMicros(on), part).Error
	})
}

func inParts(ids []string, run func(part []string) error) error {
	for len(ids) > 0 {
		n := min(len(ids), lookup)
		if err := run(ids[:n]); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

func dayMicros(t time.Time) int64 { return t.UTC().Truncate(24 * time.Hour).UnixMicro() }

// shownPoints is how much of the history a page shows: more than a year.
const shownPoints = 400

func (k *Knowledge) readHistory(g *gorm.DB) error {
	points, err := db.List(g, func(r *sql.Rows, p *Point) error {
		var at int64
		err := r.Scan(&at, &p.Probability, &p.Percentile)
		p.Day = db.Time(at)
		return err
	}, "SELECT day, probability, percentile FROM (SELECT day, probability, percentile FROM epss_history WHERE id = ? ORDER BY day DESC LIMIT ?) AS newest ORDER BY day",
		k.ID, shownPoints)
	k.History = points
	return err
}
