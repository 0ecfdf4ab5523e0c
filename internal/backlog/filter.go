package backlog

import (
	"time"

	"patchline/internal/fault"
	"patchline/internal/scrum"
)

// None, in a list of assignees, sprints or exceptions, stands for having none.
const None = "none"

// Exceptions of a patch, or of some of its assets, that a filter asks for.
const (
	ExceptionInForce   = "in_force"
	ExceptionRequested = "requested"
)

// Filter chooses patches of a team: every condition that is set must hold, and one
// that names several values holds for any of them. The zero value is every open
// patch.
type Filter struct {
	TeamID, TeamKey string
	Statuses        []scrum.Status // without any: the open ones
	Words           string         // of key, title, component, vulnerabilities and their other ids; or the beginning of an asset's name

	Risk, EPSS, CVSS, Points, Assets         Range // what is unknown lies in no range
	Coverage                                 Range // percent of the hosts that are patched
	KEV, Placed, Estimated, Regulated, Dated *bool
	Overdue                                  *bool
	Due, Created, Updated                    Span

	Assignees  []string // user ids, or None; who works on a patch beside its assignee counts too
	Sprints    []string // sprint ids, or None
	Ecosystems []string
	Kinds      []string
	Exceptions []string // ExceptionInForce, ExceptionRequested, or None
	OnAssets   []string // asset ids
	InGroups   []string // ids of groups of assets

	Labels, AllLabels, NoLabels []string // with any of these, with each, with none

	helped bool // one of the assignees works on a patch of somebody else

	Order  Order
	Limit  int
	Cursor string
}

// Range is from Min to Max, both included; nil leaves an end open.
type Range struct{ Min, Max *float64 }

func (r Range) set() bool { return r.Min != nil || r.Max != nil }

// Span is from From up to, not including, To; nil leaves an end open.
type Span struct{ From, To *time.Time }

func (s Span) set() bool { return s.From != nil || s.To != nil }

// Check refuses ranges that nothing can lie in, which are slips of the one who
// asks.
func (f *Filter) Check() error {
	for _, r := range []struct {
		name string
		Range
	}{{"risk", f.Risk}, {"epss", f.EPSS}, {"cvss", f.CVSS}, {"points", f.Points}, {"assets", f.Assets}, {"coverage", f.Coverage}} {
		if r.Min != nil && r.Max != nil && *r.Min > *r.Max {
			return fault.Wrong("/query/max_"+r.name, "The range ends before it begins.")
		}
	}
	for _, s := range []struct {
		name string
		Span
	}{{"due_to", f.Due}, {"created_to", f.Created}, {"updated_to", f.Updated}} {
		if s.From != nil && s.To != nil && !s.From.Before(*s.To) {
			return fault.Wrong("/query/"+s.name, "The time ends before it begins.")
		}
	}
	return nil
}
