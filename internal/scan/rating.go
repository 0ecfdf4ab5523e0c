package scan

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

const maxRatings = 32

var vectorForm = regexp.MustCompile(`^(CVSS:[0-9]\.[0-9]/)?[A-Za-z]{1,4}:[A-Za-z]{1,6}(/[A-Za-z]{1,4}:[A-Za-z]{1,6}){2,40}$`)

// newRating checks one assessment. The second result is false when it says
// nothing; the error tells of a score that cannot be one.
func newRating(source, version, vector string, score float64) (Rating, bool, error) {
	if math.IsNaN(score) || score < 0 || score > 10 {
		return Rating{}, false, fmt.Errorf("a CVSS score is outside 0–10")
	}
	vector = strings.Trim(strings.TrimSpace(vector), "()")
	if len(vector) > 256 || !vectorForm.MatchString(vector) {
		vector = ""
	}
	if strings.HasPrefix(vector, "CVSS:") {
		version = vector[5:8]
	} else if vector != "" && strings.HasPrefix(vector, "AV:") {
		version = "2.0"
	}
	version = line(version, 8)
	r := Rating{Source: strings.ToLower(line(source, 60)), Version: version, Vector: vector, Score: score}
	return r, vector != "" || score > 0, nil
}

// ratings collects assessments and remembers the first that cannot be right.
type ratings struct {
	list []Rating
	err  error
}

func (rs *ratings) add(source, version, vector string, score float64) {
	r, says, err := newRating(source, version, vector, score)
	if err != nil && rs.err == nil {
		rs.err = err
	}
	if err == nil && says && len(rs.list) < maxRatings && !slices.Contains(rs.list, r) {
		rs.list = append(rs.list, r)
	}
}

// sorted puts the preferred source first and within it CVSS 3.1, 3.0, 4.0 and
// 2.0: most scores are 3.x, so these compare best with each other.
func (rs *ratings) sorted(sources ...string) []Rating {
	slices.SortStableFunc(rs.list, func(a, b Rating) int {
		if d := place(sources, a.Source) - place(sources, b.Source); d != 0 {
			return d
		}
		return place(versions, a.Version) - place(versions, b.Version)
	})
	return rs.list
}

var versions = []string{"3.1", "3.0", "4.0", "2.0"}

func place(list []string, s string) int {
	if i := slices.Index(list, s); i >= 0 {
		return i
	}
	return len(list)
}
