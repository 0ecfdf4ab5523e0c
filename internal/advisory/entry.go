package advisory

import (
	"slices"
	"time"

	"patchline/internal/scan"
)

// entry is a stored vulnerability with its texts.
type entry struct {
	ID, State, Title, Severity string
	CVSS                       *float64
	Vector                     string
	Automatable, TotalImpact   *bool
	Exploitation               string
	KEVAdded, PublishedAt      *int64
	ChangedAt                  int64 // the record's own date, or when a scanner's word was noted

	Description string
	Ratings     []Rating
	Refs        []string
	Source      string // cve, another database, or the scanner that described it first
}

// scoresLike tells whether two states of an entry weigh the same.
func (e *entry) scoresLike(o *entry) bool {
	return (e.State == Rejected) == (o.State == Rejected) && same(e.CVSS, o.CVSS) && e.Vector == o.Vector &&
		same(e.Automatable, o.Automatable) && same(e.TotalImpact, o.TotalImpact) && same(e.KEVAdded, o.KEVAdded)
}

// equals tells whether there is nothing to write.
func (e *entry) equals(o *entry) bool {
	return e.scoresLike(o) && e.State == o.State && e.Title == o.Title && e.Severity == o.Severity &&
		e.Exploitation == o.Exploitation && same(e.PublishedAt, o.PublishedAt) && e.ChangedAt == o.ChangedAt && e.textsLike(o)
}

func (e *entry) textsLike(o *entry) bool {
	return e.Description == o.Description && e.Source == o.Source &&
		slices.Equal(e.Ratings, o.Ratings) && slices.Equal(e.Refs, o.Refs)
}

// record is the entry after a record of the CVE list or of another database. The
// CVE record is the authority: it replaces what was said before, except for the
// ratings of others. Another database describes what no CVE record does, and
// otherwise adds its ratings and fills gaps.
func (e entry) record(by string, v *scan.Vulnerability) entry {
	e.ID = v.ID
	if by != CVE && e.Source == CVE {
		return e.supplement(by, v)
	}
	e.State, e.Source = v.State, by
	e.ChangedAt = newest(v.Published, v.Updated).UnixMicro()
	e.PublishedAt = maybeMicros(v.Published)
	if v.Title != "" {
		e.Title = v.Title
	}
	e.Description, e.Refs = v.Description, links(v.References)
	if v.State == Rejected {
		return e.reject()
	}
	e.rate(by, v.Ratings)
	e.Automatable, e.TotalImpact, e.Exploitation = v.Automatable, v.TotalImpact, v.Exploitation
	e.KEVAdded = maybeMicros(v.KEVDateAdded)
	return e
}

// reject keeps the text of a record, which says why it was rejected, and drops
// what scored it.
func (e entry) reject() entry {
	e.Ratings, e.CVSS, e.Vector, e.Severity = nil, nil, "", ""
	e.Automatable, e.TotalImpact, e.Exploitation, e.KEVAdded = nil, nil, "", nil
	return e
}

// supplement adds what another database knows beside the CVE record.
func (e entry) supplement(by string, v *scan.Vulnerability) entry {
	if e.State == Rejected {
		return e
	}
	e.rate(by, v.Ratings)
	if e.KEVAdded == nil {
		e.KEVAdded = maybeMicros(v.KEVDateAdded)
	}
	if e.Title == "" {
		e.Title = v.Title
	}
	return e
}

func (e *entry) rate(by string, said []scan.Rating) {
	e.Ratings = merge(e.Ratings, by, said)
	e.CVSS, e.Vector = weigh(e.Ratings)
}

func newest(a, b time.Time) time.Time {
	switch {
	case b.After(a):
		return b
	case a.IsZero():
		return time.UnixMicro(0)
	}
	return a
}

func maybeMicros(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	n := t.UnixMicro()
	return &n
}

// Note is what a scanner says about a vulnerability beside a finding of it.
type Note struct {
	ID                                string // canonical
	Title, Description, Severity, URL string
	Ratings                           []scan.Rating
}

// note is the entry after a scanner's word, which only fills gaps.
func (e entry) note(scanner string, n Note) entry {
	e.ID = n.ID
	if e.State == Rejected {
		return e
	}
	e.Severity = Worst(e.Severity, n.Severity)
	if e.Title == "" {
		e.Title = n.Title
	}
	if e.Description == "" {
		e.Description = n.Description
	}
	if len(e.Refs) == 0 {
		e.Refs = links([]string{n.URL})
	}
	e.rate(scanner, n.Ratings)
	if e.Source == "" && (e.Description != "" || len(e.Refs)+len(e.Ratings) > 0) {
		e.Source = scanner
	}
	return e
}
