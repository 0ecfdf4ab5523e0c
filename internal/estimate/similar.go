package estimate

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/team"
)

// Likeness is what makes a finished patch similar, the strongest first.
type Likeness string

// Likenesses.
const (
	SameComponent Likeness = "component" // an earlier version of the same
	SameFamily    Likeness = "family"    // of the same vendor or product, by its name
	SameSize      Likeness = "size"      // on about as many assets of the same kind
)

const (
	remembered = 365 * 24 * time.Hour // how far back the past is a guide
	shownMost  = 5
	looked     = 100 // finished patches that are looked at for each likeness
)

// Similar is a finished patch that an estimate can be taken from.
type Similar struct {
	Number       int64
	Title        string
	Component    string
	FixedVersion string
	Points       float64
	Assets       int64 // that it was for
	DoneAt       time.Time
	Why          Likeness

	id   string
	kind string // of most of its assets
}

// Suggestion is what similar finished patches say. Points is the median of theirs,
// of two the lower one; nil without any.
type Suggestion struct {
	Points  *float64
	Similar []Similar
}

// Suggest finds at most five finished patches of the last twelve months that are
// like a patch: the same component first, then its family, then the same kind and
// number of assets; in each the latest first.
func (s *Service) Suggest(ctx context.Context, t *team.Team, number int64) (*Suggestion, error) {
	out := &Suggestion{}
	err := s.db.View(ctx, func(g db.Reader) error {
		p, err := backlog.ByNumber(g, t.ID, number)
		if err != nil {
			return err
		}
		since := s.db.Now().Add(-remembered)
		if p.Component != "" {
			found, err := finishedLike(g, p, family(p.Component), since, looked)
			if err != nil {
				return err
			}
			out.take(found, func(c *Similar) Likeness { return byName(p, c) })
		}
		if len(out.Similar) == shownMost {
			return nil
		}
		return out.bySize(g, p, since)
	})
	out.Points = medianOf(out.Similar)
	return out, err
}

// byName compares what two patches are for by its name.
func byName(p *backlog.Patch, c *Similar) Likeness {
	switch {
	case c.Component == p.Component:
		return SameComponent
	case family(c.Component) == family(p.Component):
		return SameFamily
	}
	return ""
}

func (s *Suggestion) bySize(g db.Reader, p *backlog.Patch, since time.Time) error {
	found, err := finishedLike(g, p, "", since, looked)
	if err != nil {
		return err
	}
	ids := []string{p.ID}
	for _, c := range found {
		ids = append(ids, c.id)
	}
	kinds, err := assetKinds(g, ids)
	size := p.Assets + p.Patched
	s.take(found, func(c *Similar) Likeness {
		if kinds[p.ID] == "" || kinds[c.id] != kinds[p.ID] || c.Assets > 2*size || size > 2*c.Assets {
			return ""
		}
		return SameSize
	})
	return err
}

// take adds what is alike and not there yet, the strongest likeness first.
func (s *Suggestion) take(found []Similar, like func(*Similar) Likeness) {
	for i := range found {
		found[i].Why = like(&found[i])
	}
	found = slices.DeleteFunc(found, func(c Similar) bool {
		return c.Why == "" || slices.ContainsFunc(s.Similar, func(o Similar) bool { return o.id == c.id })
	})
	order := []Likeness{SameComponent, SameFamily, SameSize}
	slices.SortStableFunc(found, func(a, b Similar) int {
		return cmp.Or(slices.Index(order, a.Why)-slices.Index(order, b.Why), b.DoneAt.Compare(a.DoneAt))
	})
	s.Similar = append(s.Similar, found[:min(len(found), shownMost-len(s.Similar))]...)
}

func medianOf(list []Similar) *float64 {
	if len(list) == 0 {
		return nil
	}
	var points []float64
	for _, s := range list {
		points = append(points, s.Points)
	}
	slices.Sort(points)
	return &points[(len(points)-1)/2]
}

// family is the beginning of a component's name that names its vendor or product:
// the namespace where there is one ("golang:golang.org/x/", "maven:org.apache.commons:"),
// else the first word ("deb:linux" of linux-image-6.1). A word of less than three
// letters names nothing.
func family(component string) string {
	ecosystem, name, ok := strings.Cut(component, ":")
	if !ok {
		ecosystem, name = "", component
	}
	if i := strings.LastIndexAny(name, "/:"); i > 0 {
		return ecosystem + ":" + name[:i+1]
	}
	end := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(name)
	}
	if end < 3 {
		return component
	}
	return ecosystem + ":" + name[:end]
}
