package scrum

import (
	"fmt"
	"slices"
	"time"
)

// Replay turns a scenario into the rows its sprint would have written. Events run
// in order of time, equal times in their own order.
//
// Before the start they are planning: they decide which items the sprint starts
// with and at which points. From the start to the close, both included, each
// writes what it changed. After the close they change nothing.
//
// An event that the item's standing leaves without effect writes nothing, so a
// told-twice history reads the same: adding a member, completing a completed
// item, reopening an open one, removing, dropping or splitting an item that is
// not in the sprint or is completed. An estimate is remembered wherever the item
// stands: it holds from the day it comes (back) into scope, and that of a
// completed item, whose credit stays, from its reopening. An added item without
// points takes the last estimate known.
//
// Malformed events are refused with their position, also after the close.
func Replay(sc Scenario) (Sprint, error) {
	s, err := sc.frame()
	if err != nil {
		return Sprint{}, err
	}
	events, err := timeline(sc.Events, s.Calendar, func(e Event) string { return e.At }, Event.checked)
	if err != nil {
		return Sprint{}, err
	}
	p := player{estimates: map[string]*float64{}}
	for len(events) > 0 && events[0].at.Before(s.Start) {
		p.plan(events[0].event)
		events = events[1:]
	}
	s.Commitments = p.commit(sc.RiskAtStart)
	p.fold = NewFold(s.Commitments)
	for _, e := range events {
		if s.Close.IsZero() || !e.at.After(s.Close) {
			p.at, p.actor = e.at, e.event.Actor
			p.play(e.event)
		}
	}
	s.Entries = p.entries
	s.Risk, err = sc.riskFlow(s.Calendar)
	return s, err
}

// timeline checks events, places them in time and sorts them.
func timeline[E any](events []E, c Calendar, wall func(E) string, check func(E) (E, error)) ([]timed[E], error) {
	out := make([]timed[E], len(events))
	for i, e := range events {
		at, err := ParseWall(wall(e), c.zone())
		if err == nil {
			e, err = check(e)
		}
		if err != nil {
			return nil, fmt.Errorf("event %d: %w", i+1, err)
		}
		out[i] = timed[E]{at, e}
	}
	slices.SortStableFunc(out, func(a, b timed[E]) int { return a.at.Compare(b.at) })
	return out, nil
}

// player writes the rows of a scenario.
type player struct {
	members   []string            // while planning, in order
	estimates map[string]*float64 // last known, of any item; nil is unestimated
	fold      *Fold
	entries   []Entry
	at        time.Time
	actor     string
}

func (p *player) plan(e Event) {
	switch e.Verb {
	case VerbAdd:
		if e.Points != nil {
			p.estimates[e.Item] = e.Points
		}
		p.join(e.Item)
	case VerbEstimate:
		p.estimates[e.Item] = e.Points
	case VerbComplete, VerbRemove, VerbDrop:
		p.members = slices.DeleteFunc(p.members, func(m string) bool { return m == e.Item })
	case VerbCorrection:
		p.shift(e.Item, *e.Points)
	case VerbSplit:
		if slices.Contains(p.members, e.Item) && p.shift(e.Item, -*e.Points) {
			p.estimates[e.Text] = e.Points
			p.join(e.Text)
		}
	}
}

func (p *player) join(item string) {
	if !slices.Contains(p.members, item) {
		p.members = append(p.members, item)
	}
}

// shift changes a planned estimate, if that leaves valid points.
func (p *player) shift(item string, by float64) bool {
	sum := by
	if old := p.estimates[item]; old != nil {
		sum += *old
	}
	if !ValidPoints(sum) {
		return false
	}
	p.estimates[item] = &sum
	return true
}

func (p *player) commit(risk map[string]float64) []Commitment {
	commitments := make([]Commitment, len(p.members))
	for i, item := range p.members {
		commitments[i] = Commitment{Item: item, Points: p.estimates[item], Risk: risk[item]}
	}
	return commitments
}

func (p *player) play(e Event) {
	switch e.Verb {
	case VerbAdd:
		p.add(e)
	case VerbEstimate:
		p.estimates[e.Item] = e.Points
		p.estimate(e.Item)
	case VerbComplete:
		p.write(KindCompleted, e.Item, "", 0)
	case VerbRemove:
		p.write(KindRemoved, e.Item, "", 0)
	case VerbDrop:
		p.write(KindDropped, e.Item, e.Text, 0)
	case VerbReopen:
		if p.write(KindReopened, e.Item, e.Text, 0) {
			p.estimate(e.Item)
		}
	case VerbSplit:
		p.split(e)
	case VerbCorrection:
		if p.write(KindCorrection, e.Item, e.Text, *e.Points) {
			p.remember(e.Item)
		}
	}
}

// write adds the row that a step makes, and reports whether it was allowed.
func (p *player) write(kind Kind, item, detail string, points float64) bool {
	delta, err := p.fold.Standing(item).Delta(kind, points)
	if err != nil {
		return false
	}
	row := Entry{At: p.at, Kind: kind, Detail: detail, Item: item, Points: delta, Actor: p.actor}
	p.fold.add(row)
	p.entries = append(p.entries, row)
	return true
}

func (p *player) add(e Event) {
	if p.fold.Standing(e.Item).In {
		return
	}
	if e.Points != nil {
		p.estimates[e.Item] = e.Points
	}
	points := 0.0
	if known := p.estimates[e.Item]; known != nil {
		points = *known
	}
	p.write(KindAdded, e.Item, e.Text, points)
}

// estimate writes the row that makes the points in force the last known estimate.
func (p *player) estimate(item string) {
	st, points := p.fold.Standing(item), 0.0
	known := p.estimates[item]
	if known != nil {
		points = *known
	}
	if points == st.Points && st.Estimated == (known != nil) {
		return
	}
	p.write(st.EstimateKind(), item, "", points)
}

func (p *player) remember(item string) {
	points := p.fold.Standing(item).Points
	p.estimates[item] = &points
}

func (p *player) split(e Event) {
	if !p.fold.Standing(e.Item).Unfinished() || p.fold.Standing(e.Text).In {
		return
	}
	if p.write(KindSplit, e.Item, e.Text, *e.Points) {
		p.remember(e.Item)
		p.write(KindSplit, e.Text, e.Item, *e.Points)
		p.remember(e.Text)
	}
}

// riskFlow turns scores into changes. A rescoring of an item that is not open
// changes nothing until it returns.
func (sc Scenario) riskFlow(c Calendar) (*RiskFlow, error) {
	if sc.RiskAtStart == nil && len(sc.RiskEvents) == 0 {
		return nil, nil
	}
	events, err := timeline(sc.RiskEvents, c, func(e RiskEvent) string { return e.At }, RiskEvent.checked)
	if err != nil {
		return nil, fmt.Errorf("risk %w", err)
	}
	flow := &RiskFlow{AtStart: sc.RiskAtStart}
	items := map[string]*scored{}
	for item, risk := range sc.RiskAtStart {
		items[item] = &scored{risk, true}
	}
	for _, e := range events {
		item := items[e.event.Item]
		if item == nil {
			item = new(scored)
			items[e.event.Item] = item
		}
		if delta := item.apply(e.event); delta != 0 {
			flow.Entries = append(flow.Entries, RiskEntry{At: e.at, Cause: e.event.Cause, Item: e.event.Item, Delta: delta})
		}
	}
	return flow, nil
}

// scored is an item's last score, and whether it counts as open risk.
type scored struct {
	score float64
	open  bool
}

func (s *scored) counts() float64 {
	if s.open {
		return s.score
	}
	return 0
}

// apply returns the change of the item's open risk.
func (s *scored) apply(e RiskEvent) float64 {
	before := s.counts()
	if e.Risk != nil {
		s.score = *e.Risk
	}
	switch e.Cause {
	case RiskRetired, RiskTaken:
		s.open = false
	case RiskArrived, RiskReturned:
		s.open = true
	}
	return s.counts() - before
}

func (e RiskEvent) checked() (RiskEvent, error) {
	newScore := e.Cause == RiskArrived || e.Cause == RiskRescored
	switch {
	case !slices.Contains(RiskCauses, e.Cause):
		return e, fmt.Errorf("there is no cause %q", e.Cause)
	case e.Item == "" || newScore && e.Risk == nil:
		return e, fmt.Errorf("%s names an item and its risk", e.Cause)
	case e.Risk != nil && !(*e.Risk >= 0 && *e.Risk <= 100):
		return e, fmt.Errorf("risk is a number from 0 to 100, not %g", *e.Risk)
	}
	return e, nil
}
