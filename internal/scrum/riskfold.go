package scrum

import (
	"slices"
	"time"
)

// RiskCause is why the open risk of the backlog changed.
type RiskCause string

const (
	RiskRetired  RiskCause = "retired"  // the patch is verified
	RiskArrived  RiskCause = "arrived"  // a new item
	RiskRescored RiskCause = "rescored" // the same item, another score
	RiskTaken    RiskCause = "accepted" // an exception, not work
	RiskReturned RiskCause = "returned" // reopened or no longer excepted
)

// RiskCauses lists every cause.
var RiskCauses = []RiskCause{RiskRetired, RiskArrived, RiskRescored, RiskTaken, RiskReturned}

// RiskEntry is one change of the open risk of one item.
type RiskEntry struct {
	At    time.Time
	Cause RiskCause
	Item  string
	Delta float64
}

// RiskFlow is the open risk of a team's whole backlog over a sprint. AtStart
// names at least every item that the sprint holds or that an entry changes; Rest
// is the sum of the others.
type RiskFlow struct {
	AtStart map[string]float64
	Rest    float64
	Entries []RiskEntry
}

// RiskReport is the risk burndown: the changes by cause, and the open risk at the
// end of each day of Report.Days, of everything and of what the sprint holds.
// Days to come are null. Removing an item from the sprint lowers only the second.
type RiskReport struct {
	Ledger    []RiskRow  `json:"ledger"`
	TotalOpen []*float64 `json:"total_open"`
	InSprint  []*float64 `json:"in_sprint"`
}

// RiskRow is a change as the report prints it.
type RiskRow struct {
	Cause RiskCause `json:"kind"`
	Item  string    `json:"item"`
	Delta float64   `json:"delta"`
}

// Causes sums the changes by cause.
func (r RiskReport) Causes() map[RiskCause]float64 {
	sums := map[RiskCause]float64{}
	for _, row := range r.Ledger {
		sums[row.Cause] = round(sums[row.Cause]+row.Delta, pointDecimals)
	}
	return sums
}

// CausesByDay sums changes by day and cause.
func CausesByDay(cal Calendar, changes []RiskEntry) map[Day]map[RiskCause]float64 {
	out := map[Day]map[RiskCause]float64{}
	for _, e := range changes {
		day := cal.DayOf(e.At)
		if out[day] == nil {
			out[day] = map[RiskCause]float64{}
		}
		out[day][e.Cause] = round(out[day][e.Cause]+e.Delta, pointDecimals)
	}
	return out
}

// RiskReport folds the flow beside the ledger. Like the ledger, it ends with the
// close.
func (s Sprint) RiskReport(flow RiskFlow, now time.Time) RiskReport {
	rows, changes := s.rows(), s.riskEntries(flow)
	out := RiskReport{Ledger: make([]RiskRow, len(changes)), TotalOpen: []*float64{}, InSprint: []*float64{}}
	for i, e := range changes {
		out.Ledger[i] = RiskRow{e.Cause, e.Item, round(e.Delta, pointDecimals)}
	}
	days, last := s.days(rows, now)
	open := newOpenRisk(flow, s.Commitments)
	for _, day := range days {
		if day > last {
			out.TotalOpen, out.InSprint = append(out.TotalOpen, nil), append(out.InSprint, nil)
			continue
		}
		end := s.Calendar.EndOf(day)
		for ; len(changes) > 0 && changes[0].At.Before(end); changes = changes[1:] {
			open.change(changes[0])
		}
		for ; len(rows) > 0 && rows[0].At.Before(end); rows = rows[1:] {
			open.move(rows[0])
		}
		total, inSprint := round(open.total, pointDecimals), round(open.inSprint, pointDecimals)
		out.TotalOpen, out.InSprint = append(out.TotalOpen, &total), append(out.InSprint, &inSprint)
	}
	return out
}

// RiskChanges are the entries behind the rows of the risk report, in their order.
func (s Sprint) RiskChanges() []RiskEntry {
	if s.Risk == nil {
		return nil
	}
	return s.riskEntries(*s.Risk)
}

func (s Sprint) riskEntries(flow RiskFlow) []RiskEntry {
	var entries []RiskEntry
	for _, e := range flow.Entries {
		if s.Close.IsZero() || !e.At.After(s.Close) {
			entries = append(entries, e)
		}
	}
	slices.SortStableFunc(entries, func(a, b RiskEntry) int { return a.At.Compare(b.At) })
	return entries
}

// openRisk is the open risk by item, with both sums kept up to date.
type openRisk struct {
	total, inSprint float64
	items           map[string]float64
	fold            *Fold
}

func newOpenRisk(flow RiskFlow, commitments []Commitment) *openRisk {
	o := &openRisk{total: flow.Rest, items: make(map[string]float64, len(flow.AtStart)), fold: NewFold(commitments)}
	for item, risk := range flow.AtStart {
		o.items[item] = risk
		o.total += risk
		if o.fold.Standing(item).In {
			o.inSprint += risk
		}
	}
	return o
}

func (o *openRisk) change(e RiskEntry) {
	o.items[e.Item] += e.Delta
	o.total += e.Delta
	if o.fold.Standing(e.Item).In {
		o.inSprint += e.Delta
	}
}

func (o *openRisk) move(e Entry) {
	was := o.fold.Standing(e.Item).In
	o.fold.add(e)
	switch is := o.fold.Standing(e.Item).In; {
	case is && !was:
		o.inSprint += o.items[e.Item]
	case was && !is:
		o.inSprint -= o.items[e.Item]
	}
}
