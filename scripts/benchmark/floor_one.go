package main

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"patchline/internal/scrum"
)

// drifts counts how far placed patches stand from their computed place.
func (f *floor) drifts(items []patch) error {
	for i := range items {
		if items[i].Placement == nil {
			continue
		}
		if err := f.drift(&items[i]); err != nil {
			return err
		}
	}
	return nil
}

func (f *floor) drift(p *patch) error {
	own := scrum.RankAt(p.number)
	high, highKey, low, lowKey, sign := p.sort, p.tie, p.Priority, own, 1
	if p.Priority > p.sort || p.Priority == p.sort && own < p.tie {
		high, highKey, low, lowKey, sign = p.Priority, own, p.sort, p.tie, -1
	}
	const some = "SELECT 1 FROM patches WHERE team_id = ? AND is_open AND id <> ? AND "
	query, args := some+"sort_value = ? AND tie_key > ? AND tie_key < ?", []any{f.team, p.id, high, highKey, lowKey}
	if high != low {
		query = some + "sort_value = ? AND tie_key > ? UNION ALL " + some + "sort_value < ? AND sort_value > ? UNION ALL " + some + "sort_value = ? AND tie_key < ?"
		args = []any{f.team, p.id, high, highKey, f.team, p.id, high, low, f.team, p.id, low, lowKey}
	}
	n := 0
	err := f.rows("SELECT COUNT(*) FROM ("+query+" LIMIT 1000) AS x", func(r *sql.Rows) error { return r.Scan(&n) }, args...)
	p.Placement.Drift = sign * n
	return err
}

// detail has the fields of the contract's PatchDetail.
type detail struct {
	patch
	CoAssignees      []string   `json:"co_assignees"` // nobody helps
	Description      string     `json:"description"`
	DropNote         string     `json:"drop_note"`
	DropReason       *string    `json:"drop_reason"`
	FirstDetectedAt  *time.Time `json:"first_detected_at"`
	Release          string     `json:"release"`
	SupersededBy     *string    `json:"superseded_by"`
	VulnerabilityIDs []string   `json:"vulnerability_ids"`
}

func (f *floor) detail(c *gin.Context) (any, error) {
	n, _ := strconv.Atoi(strings.TrimPrefix(c.Param("key"), teamKey+"-")) // the benchmark sends numbers
	d, err := f.one(n)
	c.Header("ETag", strconv.Quote(strconv.FormatInt(d.Version, 10)))
	return d, err
}

const detailSelect = "SELECT " + patchSelect + ", t.description, t.drop_note, p.drop_reason, p.detected_at, p.stream" + patchFrom + "JOIN patch_texts t ON t.id = p.id WHERE "

func (f *floor) one(number int) (*detail, error) {
	d := &detail{VulnerabilityIDs: []string{}, CoAssignees: []string{}}
	err := f.rows(detailSelect+"p.team_id = ? AND p.number = ?", d.scan, f.team, number)
	if err != nil || d.id == "" {
		return d, fmt.Errorf("patch %d: %w", number, err)
	}
	err = f.rows(vulnerabilities, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		d.VulnerabilityIDs = append(d.VulnerabilityIDs, id)
		return err
	}, d.id, d.id)
	if err != nil || d.Placement == nil {
		return d, err
	}
	return d, f.drift(&d.patch)
}

const vulnerabilities = `SELECT x.id FROM (SELECT vulnerability_id AS id FROM findings WHERE patch_id = ? AND status = 'open'
	UNION SELECT vulnerability_id FROM patch_vulnerabilities WHERE patch_id = ?) AS x
	LEFT JOIN kev k ON k.id = x.id LEFT JOIN vulnerabilities v ON v.id = x.id
	ORDER BY CASE WHEN k.id IS NULL THEN 1 ELSE 0 END, COALESCE(v.cvss, 0) DESC, x.id LIMIT 100`

func (d *detail) scan(r *sql.Rows) error {
	var detected sql.NullInt64
	err := scanPatch(r.Scan, &d.patch, &d.Description, &d.DropNote, &d.DropReason, &detected, &d.Release)
	d.FirstDetectedAt = moment(detected)
	return err
}

// creation and moving are what the benchmark sends.
type creation struct {
	Title           string   `json:"title"`
	Description     string   `json:"description"`
	Points          *float64 `json:"points"`
	Vulnerabilities []string `json:"vulnerabilities"`
}

type moving struct {
	Status  string `json:"status"`
	Version int64  `json:"version"`
}

// create writes the patch with its text, its score and its search words; the
// score is a constant.
func (f *floor) create(c *gin.Context) (any, error) {
	var in creation
	if err := c.ShouldBindJSON(&in); err != nil {
		return nil, err
	}
	now, number, key := time.Now().UnixMicro(), 0, newID()
	err := f.tx(func(run runner) error {
		if err := run("UPDATE teams SET last_patch = last_patch + 1 WHERE id = ? RETURNING last_patch", f.team).Scan(&number); err != nil {
			return err
		}
		rank := scrum.RankAt(int64(number))
		err := done(run("INSERT INTO patches ("+strings.Join(strings.Fields(patchColumns), " ")+") VALUES (?"+strings.Repeat(", ?", 38)+")",
			key, f.team, number, "patch", in.Title, "", "", "", "new", true, 40.0, 40.0, 40.0, rank, false, nil, nil, false, `["epss"]`, nil, "", nil,
			in.Points, nil, nil, rank, 0, 0, 0, len(in.Vulnerabilities), "[]", nil, nil, "", nil, "Olivia", 1, now, now))
		if err != nil {
			return err
		}
		if err := done(run("INSERT INTO patch_texts (id, description, drop_note) VALUES (?, ?, '')", key, in.Description)); err != nil {
			return err
		}
		for _, v := range in.Vulnerabilities {
			if err := done(run("INSERT INTO patch_vulnerabilities (patch_id, vulnerability_id) VALUES (?, ?)", key, v)); err != nil {
				return err
			}
		}
		if err := done(run("INSERT INTO patch_scores (id, formula, score, due, at) VALUES (?, '1', ?, ?, ?)", key, scoreText, dueText, now)); err != nil {
			return err
		}
		text := strings.ToLower(fmt.Sprintf("%s-%d %s %s", teamKey, number, in.Title, strings.Join(in.Vulnerabilities, " ")))
		return done(run("INSERT INTO patch_words (patch_id, team_id, words) VALUES (?, ?, ?)", key, f.team, text))
	})
	if err != nil {
		return nil, err
	}
	return f.one(number)
}

// move writes status and place, if the version is still the one that was seen.
func (f *floor) move(c *gin.Context) (any, error) {
	var in moving
	if err := c.ShouldBindJSON(&in); err != nil {
		return nil, err
	}
	number, _ := strconv.Atoi(strings.TrimPrefix(c.Param("key"), teamKey+"-")) // the benchmark sends numbers
	var p patch
	err := f.tx(func(run runner) error {
		var sprint string
		var last sql.NullString
		if err := run("SELECT sprint_id FROM patches WHERE team_id = ? AND number = ? AND version = ?", f.team, number, in.Version).Scan(&sprint); err != nil {
			return err
		}
		if err := run("SELECT MAX(board_key) FROM patches WHERE sprint_id = ? AND status = ?", sprint, in.Status).Scan(&last); err != nil {
			return err
		}
		key, err := scrum.RankBetween(last.String, "")
		if err != nil {
			return err
		}
		err = done(run("UPDATE patches SET status = ?, is_open = ?, board_key = ?, version = version + 1, changed_by = 'Olivia', updated_at = ? WHERE team_id = ? AND number = ?",
			in.Status, true, key, time.Now().UnixMicro(), f.team, number))
		if err != nil {
			return err
		}
		return scanPatch(run("SELECT "+patchSelect+patchFrom+"WHERE p.team_id = ? AND p.number = ?", f.team, number).Scan, &p)
	})
	if err != nil || p.Placement == nil {
		return p, err
	}
	return p, f.drift(&p)
}
