package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxName  = 512 // bytes of a name, a version, a URL
	maxTitle = 300 // bytes of a title
	maxID    = 128 // bytes of an id of a vulnerability
)

// clean makes text fit to be stored and shown: valid UTF-8, no control
// characters but line breaks and tabs (PostgreSQL refuses NUL), no direction
// overrides that make text read as something else, at most limit bytes.
func clean(s string, limit int) string {
	if len(s) > 4*limit {
		s = s[:4*limit]
	}
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ', r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
	if len(s) <= limit {
		return s
	}
	cut := limit - len("…")
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.TrimSpace(s[:cut]) + "…"
}

// isPlain tells whether a text is a clean line already, as most are.
func isPlain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c == ' ' && i > 0 && i < len(s)-1 && s[i-1] != ' ' {
			continue
		}
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

// line is clean for names and titles: one line.
func line(s string, limit int) string {
	if len(s) <= limit && isPlain(s) {
		return s
	}
	return clean(strings.Join(strings.Fields(s[:min(len(s), 4*limit)]), " "), limit)
}

var cveForm = regexp.MustCompile(`^CVE-[0-9]{4}-[0-9]{4,19}$`)

// cveID brings a CVE id into its usual form; false if it is none.
func cveID(s string) (string, bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	return s, cveForm.MatchString(s)
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/+~\-]*$`)

// VulnerabilityID brings an id into the form in which it is stored; false if it
// cannot be one.
func VulnerabilityID(s string) (string, bool) { return vulnerabilityID(s) }

// vulnerabilityID brings an id into its usual form; false if it cannot be one.
func vulnerabilityID(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if id, ok := cveID(s); ok {
		return id, true
	}
	upper := strings.ToUpper(s[:min(len(s), 5)])
	switch {
	case len(s) > maxID || strings.HasPrefix(upper, "CVE-"):
		return "", false
	case upper == "GHSA-": // GitHub's ids are the same in any letter case
		s = upper + strings.ToLower(s[5:])
	}
	return s, idForm.MatchString(s)
}

// dayOf reads a calendar day as its start in UTC.
func dayOf(s string) (time.Time, error) {
	return inRange(time.Parse(time.DateOnly, strings.TrimSpace(s)))
}

// timeOf reads an RFC 3339 time; without a zone it is taken as UTC, as CVE records mean it.
func timeOf(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return inRange(t.UTC(), nil)
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time", line(s, 40))
}

func inRange(t time.Time, err error) (time.Time, error) {
	if err != nil {
		return time.Time{}, fmt.Errorf("not a day of the form YYYY-MM-DD")
	}
	if t.Year() < 1980 || t.Year() > 2200 {
		return time.Time{}, fmt.Errorf("the year %d cannot be right", t.Year())
	}
	return t, nil
}

// timeOrZero is for dates about the file, which nothing depends on.
func timeOrZero(s string) time.Time {
	t, err := timeOf(s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// distinct cleans, drops empty ones and repeats, and keeps at most limit.
func distinct(list []string, limit, size int) []string {
	var kept []string
	seen := map[string]bool{}
	for _, s := range list {
		s = line(s, size)
		if s == "" || seen[s] {
			continue
		}
		if len(kept) == limit {
			break
		}
		seen[s] = true
		kept = append(kept, s)
	}
	return kept
}

// otherIDs are the well-formed ids of the list besides the id itself.
func otherIDs(id string, list []string) []string {
	var ids []string
	for _, s := range list {
		if other, ok := vulnerabilityID(s); ok && !strings.EqualFold(other, id) {
			ids = append(ids, other)
		}
	}
	return distinct(ids, 64, maxID)
}

func firstFew(list []string, n int) string {
	slices.Sort(list)
	if len(list) > n {
		list = append(list[:n:n], "…")
	}
	return strings.Join(list, ", ")
}

// severityOf brings the words of the tools to one set.
func severityOf(s string) string {
	switch s = strings.ToLower(strings.TrimSpace(s)); s {
	case "critical", "high", "medium", "low", "negligible", "none":
		return s
	case "moderate":
		return "medium"
	case "important":
		return "high"
	case "minor":
		return "low"
	case "unimportant":
		return "negligible"
	case "info", "informational":
		return "none"
	}
	return "unknown"
}

// optionalTime takes Go's zero time, which some databases write, as no time.
func optionalTime(s string) (time.Time, error) {
	if s = strings.TrimSpace(s); s == "" || strings.HasPrefix(s, "0001-01-01T00:00:00") {
		return time.Time{}, nil
	}
	return timeOf(s)
}

// wrongType turns an error of encoding/json into words without names of ours.
func wrongType(err error) error {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) && t.Field != "" {
		return fmt.Errorf("%s cannot be a %s", line(t.Field, 80), t.Value)
	}
	if errors.As(err, &t) {
		return fmt.Errorf("a record cannot be a %s", t.Value)
	}
	return errors.New("the record cannot be read")
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
