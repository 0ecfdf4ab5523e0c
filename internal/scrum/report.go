package scrum

import (
	"time"
)

// Report is what a sprint's ledger says. Points throughout; unestimated items
// count 0 and are listed. For an active sprint the figures are those of now.
type Report struct {
	Committed            float64            `json:"committed"`
	CommittedItems       int                `json:"committed_items"`
	UnestimatedAtStart   []string           `json:"unestimated_at_start"`
	Completed            float64            `json:"completed"`
	CompletedOfCommitted float64            `json:"completed_of_committed"`
	CompletedOfAdded     float64            `json:"completed_of_added"`
	FinalScope           float64            `json:"final_scope"`
	Remaining            float64            `json:"remaining"`
	Emergency            float64            `json:"emergency"`   // points of the final scope that came through the emergency lane
	Unestimated          []string           `json:"unestimated"` // unfinished items without an estimate
	Dropped              []string           `json:"dropped"`
	CarryOver            map[string]float64 `json:"carry_over"` // unfinished items and their points
	Velocity             float64            `json:"velocity"`
	SayDo                *float64           `json:"say_do"` // completed of committed ÷ committed; null when nothing was promised
	ScopeLedger          []ScopeRow         `json:"scope_ledger"`
	Days                 []DayPoint         `json:"days"`
	Risk                 *RiskReport        `json:"risk,omitempty"`
	Projection           *Projection        `json:"projection,omitempty"` // of an active sprint
}

// ScopeRow is a ledger row as the report prints it, in the sprint's zone.
type ScopeRow struct {
	At    time.Time `json:"at"`
	Kind  string    `json:"kind"`
	Item  string    `json:"item"`
	Delta float64   `json:"delta"`
}

// DayPoint is a sprint at the end of a day. Scope, Done and Remaining are null on
// days to come. Guideline falls evenly over the working days of the plan.
type DayPoint struct {
	Day       Day      `json:"day"`
	Working   bool     `json:"working"`
	Scope     *float64 `json:"scope"`
	Done      *float64 `json:"done"`
	Remaining *float64 `json:"remaining"`
	Guideline float64  `json:"guideline"`
}

// MaxDays ends the daily series of a sprint that somebody forgot to close.
const MaxDays = 1100

// Report folds the ledger. A closed sprint gives the same report whatever now is.
// For an active one now decides which days have happened; rows that a second
// server dated slightly later than now count all the same.
func (s Sprint) Report(now time.Time) Report {
	fold, rows := NewFold(s.Commitments), s.rows()
	r := Report{
		Committed: fold.Committed(), CommittedItems: len(s.Commitments), UnestimatedAtStart: []string{},
		ScopeLedger: s.scopeLedger(rows), Days: s.dayPoints(fold, fold.committed, rows, now),
	}
	for _, c := range s.Commitments {
		if c.Points == nil {
			r.UnestimatedAtStart = append(r.UnestimatedAtStart, c.Item)
		}
	}
	r.sum(fold)
	if s.Risk != nil {
		risk := s.RiskReport(*s.Risk, now)
		r.Risk = &risk
	}
	if s.Close.IsZero() && !s.Start.IsZero() {
		projection := s.project(r, s.Calendar.DayOf(now))
		r.Projection = &projection
	}
	return r
}

// sum fills in what follows from where the items stand at the end.
func (r *Report) sum(fold *Fold) {
	r.Dropped, r.Unestimated, r.CarryOver = []string{}, []string{}, map[string]float64{}
	var ofCommitted, ofAdded, emergency float64
	for i, item := range fold.order {
		st := fold.standings[i]
		switch {
		case st.Done && st.Committed:
			ofCommitted += st.Points
		case st.Done:
			ofAdded += st.Points
		case st.In:
			r.CarryOver[item] = round(st.Points, pointDecimals)
			if !st.Estimated {
				r.Unestimated = append(r.Unestimated, item)
			}
		case st.Left == KindDropped:
			r.Dropped = append(r.Dropped, item)
		}
		if st.In && st.Emergency {
			emergency += st.Points
		}
	}
	r.CompletedOfCommitted, r.CompletedOfAdded = round(ofCommitted, pointDecimals), round(ofAdded, pointDecimals)
	r.Completed, r.Velocity = fold.Done(), fold.Done()
	r.FinalScope, r.Remaining, r.Emergency = fold.Scope(), fold.Remaining(), round(emergency, pointDecimals)
	if fold.committed > 0 {
		ratio := round(ofCommitted/fold.committed, ratioDecimals)
		r.SayDo = &ratio
	}
}

func (s Sprint) scopeLedger(rows []Entry) []ScopeRow {
	out, zone := make([]ScopeRow, len(rows)), s.Calendar.zone()
	for i, e := range rows {
		out[i] = ScopeRow{e.At.In(zone), e.Kind.Spelled(), e.Item, round(e.Points, pointDecimals)}
	}
	return out
}

// book keeps the sums of a ledger as its rows come in.
type book interface {
	add(e Entry)
	Scope() float64
	Done() float64
	Remaining() float64
}

// tally is a book that knows no items. It is right for every ledger without
// corrections, whose effect depends on where the item stands.
type tally struct{ scope, done float64 }

func (t *tally) Scope() float64     { return round(t.scope, pointDecimals) }
func (t *tally) Done() float64      { return round(t.done, pointDecimals) }
func (t *tally) Remaining() float64 { return round(t.scope-t.done, pointDecimals) }

func (t *tally) add(e Entry) {
	if e.Kind.ChangesScope() {
		t.scope += e.Points
		return
	}
	t.done -= e.Points
}

// Burndown is the daily series of Report alone, for a ledger of any length: of the
// entries it needs only time, kind and points. It reports false for a ledger with
// corrections, which takes Report.
func (s Sprint) Burndown(committed float64, now time.Time) ([]DayPoint, bool) {
	rows := s.rows()
	for i := range rows {
		if rows[i].Kind == KindCorrection {
			return nil, false
		}
	}
	return s.dayPoints(&tally{scope: committed}, committed, rows, now), true
}

// dayPoints cuts the ledger into days and leaves fold at its end.
func (s Sprint) dayPoints(fold book, committed float64, rows []Entry, now time.Time) []DayPoint {
	days, last := s.days(rows, now)
	out, guide, next := make([]DayPoint, len(days)), s.guideline(committed), 0
	for i, day := range days {
		for end := s.Calendar.EndOf(day); next < len(rows) && rows[next].At.Before(end); next++ {
			fold.add(rows[next])
		}
		working := s.Calendar.IsWorking(day)
		out[i] = DayPoint{Day: day, Working: working, Guideline: guide(day, working)}
		if day <= last {
			scope, done, remaining := fold.Scope(), fold.Done(), fold.Remaining()
			out[i].Scope, out[i].Done, out[i].Remaining = &scope, &done, &remaining
		}
	}
	for ; next < len(rows); next++ {
		fold.add(rows[next])
	}
	return out
}

// days lists the days of a chart and the last of them that has figures: from the
// start to the planned end, or longer while the sprint runs over. A closed sprint
// has figures on every day, also when it closed early.
func (s Sprint) days(rows []Entry, now time.Time) (days []Day, last Day) {
	if s.Start.IsZero() {
		return []Day{}, ""
	}
	first := s.Calendar.DayOf(s.Start)
	if s.Close.IsZero() {
		if n := len(rows); n > 0 && rows[n-1].At.After(now) {
			now = rows[n-1].At
		}
		last = max(first, s.Calendar.DayOf(now))
	} else {
		last = max(first, s.Calendar.DayOf(s.Close), s.PlannedEnd)
	}
	for day, end := first, max(last, s.PlannedEnd); day <= end && len(days) < MaxDays; day = day.Add(1) {
		days = append(days, day)
	}
	return days, last
}

// guideline returns the function to call once per day, in order: the commitment
// falls by an equal part each working day to 0 at the planned end, and is 0 after it.
func (s Sprint) guideline(committed float64) func(Day, bool) float64 {
	total, worked := s.Calendar.WorkingDays(s.Calendar.DayOf(s.Start), s.PlannedEnd), 0
	return func(day Day, working bool) float64 {
		if day > s.PlannedEnd {
			return 0
		}
		if working {
			worked++
		}
		if total == 0 {
			return round(committed, pointDecimals)
		}
		return round(committed*float64(total-worked)/float64(total), pointDecimals)
	}
}

// Marker names a change of scope, or a reopening, on the chart.
type Marker struct {
	At     time.Time `json:"at"`
	Day    Day       `json:"day"`
	Kind   string    `json:"kind"`
	Detail string    `json:"detail,omitempty"`
	Item   string    `json:"item"`
	Delta  float64   `json:"delta"`
	Actor  string    `json:"actor,omitempty"`
	Reason string    `json:"reason,omitempty"`
}

// Markers lists every row but the completions, with who did it and why.
func (s Sprint) Markers() []Marker {
	out := []Marker{}
	for _, e := range s.rows() {
		if e.Kind != KindCompleted {
			out = append(out, Marker{
				e.At.In(s.Calendar.zone()), s.Calendar.DayOf(e.At), e.Kind.Spelled(), e.Detail,
				e.Item, round(e.Points, pointDecimals), e.Actor, e.Reason,
			})
		}
	}
	return out
}
