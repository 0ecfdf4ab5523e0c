package advisory

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"patchline/internal/risk"
	"patchline/internal/scan"
)

// Rating is one CVSS assessment as it was published.
type Rating struct {
	Source  string  `json:"source"`           // who rated: cna, nvd, cisa-adp, ghsa, …
	Version string  `json:"version"`          // 2.0, 3.0, 3.1, 4.0; empty if unknown
	Vector  string  `json:"vector,omitempty"` // empty if only a score is known
	Score   float64 `json:"score"`            // as published; 0 if only a vector is known
	By      string  `json:"by"`               // who told us: cve, trivy, grype, …
}

// Base recomputes the base score from the vector; nil without a readable one.
func (r Rating) Base() *float64 {
	if r.Vector == "" {
		return nil
	}
	score, _, err := risk.BaseScore(r.Vector)
	if err != nil {
		return nil
	}
	return &score
}

// authorities rate for everybody, in this order; after them come the databases
// that scanners quote, and then whatever else a report says.
var authorities = []string{"cna", "nvd", "cisa-adp", "ghsa", "redhat"}

// generations in the order of preference within one source.
var generations = []string{"4.0", "3.1", "3.0", "2.0"}

// byWeight puts the rating that counts first: by authority, then by version of
// CVSS, then by name, so that the order never depends on who came first.
func byWeight(a, b Rating) int {
	return cmp.Or(
		cmp.Compare(place(authorities, a.Source), place(authorities, b.Source)),
		cmp.Compare(a.Source, b.Source),
		cmp.Compare(place(generations, a.Version), place(generations, b.Version)),
		cmp.Compare(a.By, b.By),
	)
}

func place(list []string, s string) int {
	if i := slices.Index(list, s); i >= 0 {
		return i
	}
	return len(list)
}

// weigh finds the score that counts: of the first rating that has a readable
// vector or a published score.
func weigh(ratings []Rating) (score *float64, vector string) {
	for _, r := range ratings {
		if base := r.Base(); base != nil {
			return base, r.Vector
		}
		if r.Score > 0 {
			return &r.Score, ""
		}
	}
	return nil, ""
}

// maxRatings bounds what many scanners can pile up on one vulnerability.
const maxRatings = 40

// merge adds what one teller says to what is known, in order of weight. A CVE
// record is complete, so it replaces what an earlier edition said. Any other
// shows a part in each report, so it only replaces its word on the same source
// and version: reports of different parts must not take turns.
func merge(known []Rating, by string, said []scan.Rating) []Rating {
	spoken := map[[2]string]bool{}
	var out []Rating
	for _, r := range said {
		key := [2]string{r.Source, r.Version}
		if !spoken[key] {
			out = append(out, Rating{r.Source, r.Version, r.Vector, r.Score, by})
		}
		spoken[key] = true
	}
	for _, r := range known {
		mine := r.By == by
		if !mine || by != CVE && !spoken[[2]string{r.Source, r.Version}] {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, byWeight)
	return out[:min(len(out), maxRatings)]
}

// shown leaves out what another teller repeats.
func shown(ratings []Rating) []Rating {
	out := []Rating{}
	seen := map[Rating]bool{}
	for _, r := range ratings {
		key := Rating{Source: r.Source, Version: r.Version, Vector: r.Vector, Score: r.Score}
		if !seen[key] {
			seen[key] = true
			out = append(out, r)
		}
	}
	return out
}

func joinRatings(list []Rating) string {
	if len(list) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(list) // numbers from 0 to 10 and texts always marshal
	return string(text)
}

func splitRatings(text string) []Rating {
	var list []Rating
	if text != "[]" {
		_ = json.Unmarshal([]byte(text), &list) // only joinRatings writes it
	}
	return list
}

// severities from the least; a word outside the list is below all.
var severities = []string{"none", "negligible", "low", "medium", "high", "critical"}

// Worst is the higher of two severities as scanners name them; unknown is the
// lowest, and empty the same as unknown.
func Worst(a, b string) string {
	if slices.Index(severities, b) > slices.Index(severities, a) || a == "" {
		return b
	}
	return a
}

// links keeps the addresses that are safe to show as a link.
func links(list []string) []string {
	out := []string{}
	for _, address := range list {
		low := strings.ToLower(address)
		if strings.HasPrefix(low, "https://") || strings.HasPrefix(low, "http://") {
			out = append(out, address)
		}
	}
	return out
}
