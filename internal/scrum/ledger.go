package scrum

import (
	"math"
	"slices"
	"strings"
	"time"
)

// Kind is what a ledger row did to a sprint after its start.
type Kind string

const (
	KindAdded       Kind = "added"        // Detail is an AddReason
	KindRemoved     Kind = "removed"      // back to the backlog, unfinished
	KindEstimated   Kind = "estimated"    // the first estimate of an unestimated item
	KindReEstimated Kind = "re_estimated" // any later estimate; to 0 points means unestimated again
	KindCompleted   Kind = "completed"    // verified; credit is the points in force now
	KindReopened    Kind = "reopened"     // Detail is a ReopenReason
	KindDropped     Kind = "dropped"      // Detail is a DropReason
	KindSplit       Kind = "split"        // one row on the item, -points; one on the new item, +points, Detail names the first; taken back, both the other way round
	KindCorrection  Kind = "correction"   // of a wrong row, by hand; of a completed item it corrects the credit
)

// Kinds lists every kind.
var Kinds = []Kind{
	KindAdded, KindRemoved, KindEstimated, KindReEstimated, KindCompleted,
	KindReopened, KindDropped, KindSplit, KindCorrection,
}

// Valid reports whether k is a kind.
func (k Kind) Valid() bool { return slices.Contains(Kinds, k) }

// ChangesScope reports whether rows of this kind change what the sprint holds.
// The others, completed and reopened, move points between remaining and done.
func (k Kind) ChangesScope() bool { return k != KindCompleted && k != KindReopened }

// Spelled is the kind as reports print it, "re-estimated".
func (k Kind) Spelled() string { return strings.ReplaceAll(string(k), "_", "-") }

// Entry is one row of the ledger. Points is the change of what remains in the
// sprint: a completion of 5 points is -5, its reopening +5. Only a correction of
// a completed item changes scope and credit, and leaves what remains. Risk is the
// change of the sprint's open risk in the same sense.
type Entry struct {
	At     time.Time
	Kind   Kind
	Detail string
	Item   string
	Points float64
	Risk   float64
	Actor  string
	Reason string
}

// Commitment is one item as it was when the sprint started; it never changes.
// Points is nil for an unestimated item, which counts 0.
type Commitment struct {
	Item     string
	Points   *float64
	Risk     float64
	Due      *time.Time
	Assignee string
	Rank     string
}

// Sprint is a started sprint: its frozen calendar, what was promised and what
// happened since. Close is the zero time while it is active, and the moment of the
// end also of a cancelled sprint.
//
// Rows after Close count nowhere, so a caller closes at or after its last row;
// rows dated before Start, which a second server's clock can write, count from
// the start on.
type Sprint struct {
	Calendar    Calendar
	Start       time.Time
	Close       time.Time
	PlannedEnd  Day
	Commitments []Commitment
	Entries     []Entry
	Risk        *RiskFlow // nil: the report has no risk part
}

// MaxPoints is the largest estimate of one item; beyond it is a mistake in typing.
const MaxPoints = 1_000_000

// ValidPoints reports whether p can be an estimate.
func ValidPoints(p float64) bool { return p >= 0 && p <= MaxPoints && !math.IsNaN(p) }

// rows are the entries that count, by time; equal times keep their order.
func (s Sprint) rows() []Entry {
	rows := s.Entries
	byTime := func(a, b Entry) int { return a.At.Compare(b.At) }
	if !slices.IsSortedFunc(rows, byTime) {
		rows = slices.Clone(rows)
		slices.SortStableFunc(rows, byTime)
	}
	if s.Close.IsZero() {
		return rows
	}
	for i := len(rows) - 1; i >= 0; i-- {
		if !rows[i].At.After(s.Close) {
			return rows[:i+1]
		}
	}
	return nil
}
