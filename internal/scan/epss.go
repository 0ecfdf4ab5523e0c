package scan

import (
	"bufio"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// epss reads FIRST's scores: a comment with model and day, which the oldest
// files lack, then cve,epss,percentile.
func (d *decoder) epss() error {
	r, err := d.lines()
	if err != nil {
		return err
	}
	about := &Snapshot{Source: "epss"}
	comments, err := aboutEPSS(r, about)
	if err != nil {
		return err
	}
	t, err := newTable(r, comments)
	if err != nil {
		return err
	}
	if !isEPSS(t.columns) {
		return errors.New("is not an EPSS file: it lacks one of the columns cve, epss and percentile")
	}
	if err := d.emit(Item{Position: "file", Snapshot: about}); err != nil {
		return err
	}
	return d.rows(t, readEPSS)
}

func isEPSS(columns map[string]int) bool {
	for _, name := range []string{"cve", "epss", "percentile"} {
		if _, ok := columns[name]; !ok {
			return false
		}
	}
	return true
}

// aboutEPSS reads "#model_version:v2025.03.14,score_date:2026-06-14T00:00:00+0000".
func aboutEPSS(r *bufio.Reader, about *Snapshot) (comments int, err error) {
	for {
		if c, err := r.Peek(1); err != nil || c[0] != '#' {
			return comments, nil
		}
		text, err := r.ReadSlice('\n')
		if err != nil || len(text) > 1000 {
			return 0, errors.New("its comment line cannot be read")
		}
		comments++
		for part := range strings.SplitSeq(strings.TrimLeft(string(text), "# "), ",") {
			key, value, _ := strings.Cut(part, ":")
			switch strings.ToLower(strings.TrimSpace(key)) {
			case "model_version":
				about.ModelVersion = line(value, 40)
			case "score_date":
				at, err := timeOf(value)
				if err != nil {
					return 0, fmt.Errorf("its score_date: %w", err)
				}
				about.ScoreDate, about.ReportedAt = at.Truncate(24*time.Hour), at
			}
		}
	}
}

func readEPSS(t *table) ([]Item, error) {
	id, ok := cveID(t.get("cve"))
	if !ok {
		return nil, errors.New("the CVE id is missing or malformed")
	}
	p := &Probability{CVE: id}
	var err error
	if p.EPSS, err = share(t.get("epss")); err != nil {
		return nil, fmt.Errorf("epss: %w", err)
	}
	if p.Percentile, err = share(t.get("percentile")); err != nil {
		return nil, fmt.Errorf("percentile: %w", err)
	}
	return []Item{{Probability: p}}, nil
}

// share reads a number from 0 to 1.
func share(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || v < 0 || v > 1 {
		return 0, errors.New("not a number from 0 to 1")
	}
	return v, nil
}
