package scrum

import (
	"errors"
	"math"
	"slices"
)

// MaxCandidates is how many items a proposal weighs at once.
const MaxCandidates = 500

// ErrTooManyCandidates says that a proposal was asked to weigh more than
// MaxCandidates items.
var ErrTooManyCandidates = errors.New("a proposal weighs at most 500 items")

// Wish is what a person has decided about a candidate before the proposal is made.
type Wish string

// Wishes. The zero value leaves the choice to the proposal.
const (
	Keep     Wish = "keep"      // it is in, whatever it costs
	LeaveOut Wish = "leave_out" // it is not in
)

// Candidate is an item that a sprint may take, in backlog order among the others.
type Candidate struct {
	Item   string
	Points *float64 // nil: not estimated
	Risk   float64  // that completing it removes, 0–100
	Due    bool     // its due date falls before the sprint ends, or has passed
	Needs  []string // items that have to be done before it, and are not yet
	Barred string   // why it cannot be done in this sprint; empty if it can
	Wish   Wish
}

// Reason says why a candidate is in a proposal, or why it is not.
type Reason string

// Reasons for being in come first, then those for being left out.
const (
	ReasonKept       Reason = "kept"     // by hand
	ReasonDue        Reason = "due"      // due before the sprint ends
	ReasonNeeded     Reason = "needed"   // another choice cannot be done without it
	ReasonRisk       Reason = "risk"     // part of the most risk that fits
	ReasonLeftOut    Reason = "left_out" // by hand
	ReasonBarred     Reason = "barred"   // no way to do it in this sprint
	ReasonNeedsOther Reason = "needs"    // what it needs cannot be in the sprint
	ReasonNoEstimate Reason = "unestimated"
	ReasonCapacity   Reason = "capacity"   // what is in removes more risk with the same points
	ReasonDueMissed  Reason = "due_missed" // due, but the capacity does not hold all that is
)

// Choice is a candidate with the answer.
type Choice struct {
	Item    string
	In      bool
	Reason  Reason
	For     string  // the item that needs it, or that it needs
	Points  float64 // that it counts
	Assumed bool    // not estimated: the points are the assumed ones
}

// Proposal is the selection that meets the most due dates, and among those removes
// the most risk, within the capacity.
type Proposal struct {
	Choices  []Choice // in the order of the candidates
	Capacity float64  // points
	Points   float64  // of what is in
	Risk     float64  // that it removes
	DueMet   int      // candidates due before the end that are in
	DueAll   int      // of so many
	Bound    float64  // no selection that meets as many due dates removes more risk
	Exact    bool     // nothing better exists; otherwise only the bound is known
}

// Proposing is what a proposal is made from.
type Proposing struct {
	Candidates []Candidate // in backlog order
	Capacity   float64     // points, ≥ 0; rounded down to half a point
	Assumed    float64     // points of an item without an estimate; 0 leaves such items out
}

// Propose chooses what a sprint should take. It is exact: a knapsack with
// prerequisites, solved by dynamic programming over the forest of dependencies
// and, where an item needs several others, by branch and bound on those. What is
// kept by hand is in even if it does not fit. Estimates count in half points,
// rounded up.
func (in Proposing) Propose() (Proposal, error) {
	if len(in.Candidates) > MaxCandidates {
		return Proposal{}, ErrTooManyCandidates
	}
	p := newProblem(in)
	best := p.solve()
	return p.tell(best), nil
}

// Greedy is what taking items by risk per point gives, due ones first: what a
// proposal is compared with.
func (in Proposing) Greedy() (Proposal, error) {
	if len(in.Candidates) > MaxCandidates {
		return Proposal{}, ErrTooManyCandidates
	}
	p := newProblem(in)
	return p.tell(p.greedy()), nil
}

// unit is the resolution of capacities.
const unit = .5

func units(points float64) int { return int(math.Ceil(points/unit - 1e-9)) }

// problem is the proposal with names as indices and points as whole units.
type problem struct {
	Proposing
	weight []int
	value  []int64 // due dates count more than all risk together
	needs  [][]int // open prerequisites among the candidates
	out    []Choice
	state  []fate
	left   int // capacity beside what is kept, in units; never negative
}

// fate is what is settled about a candidate before anything is weighed.
type fate int

const (
	free fate = iota
	forced
	excluded
)

// dueWorth outweighs the risk of MaxCandidates items in the units of value.
const (
	riskScale = 10 // risk counts to the tenth, as it is shown
	dueWorth  = MaxCandidates * 100 * riskScale * 2
)

func newProblem(in Proposing) *problem {
	n := len(in.Candidates)
	p := &problem{Proposing: in, weight: make([]int, n), value: make([]int64, n), needs: make([][]int, n), out: make([]Choice, n), state: make([]fate, n)}
	at := make(map[string]int, n)
	for i, c := range in.Candidates {
		at[c.Item] = i
	}
	for i, c := range in.Candidates {
		p.weigh(i, c)
		for _, need := range c.Needs {
			if j, ok := at[need]; ok {
				p.needs[i] = append(p.needs[i], j)
			} else if p.state[i] == free {
				p.exclude(i, ReasonNeedsOther, need)
			}
		}
	}
	p.spreadExclusion()
	p.spreadForce()
	p.left = p.room()
	return p
}

// weigh fills in what counts of a candidate, and settles what a person or the
// calendar has settled.
func (p *problem) weigh(i int, c Candidate) {
	choice := Choice{Item: c.Item}
	switch {
	case c.Points != nil:
		choice.Points = max(0, *c.Points)
	case p.Assumed > 0:
		choice.Points, choice.Assumed = p.Assumed, true
	}
	p.out[i] = choice
	p.weight[i] = units(choice.Points)
	p.value[i] = int64(math.Round(max(0, c.Risk) * riskScale))
	if c.Due {
		p.value[i] += dueWorth
	}
	switch {
	case c.Wish == Keep:
		p.state[i], p.out[i].Reason = forced, ReasonKept
	case c.Wish == LeaveOut:
		p.exclude(i, ReasonLeftOut, "")
	case c.Barred != "":
		p.exclude(i, ReasonBarred, "")
	case c.Points == nil && p.Assumed <= 0:
		p.exclude(i, ReasonNoEstimate, "")
	}
}

func (p *problem) exclude(i int, why Reason, other string) {
	p.state[i], p.out[i].Reason, p.out[i].For = excluded, why, other
}

// spreadExclusion leaves out what needs something that is left out.
func (p *problem) spreadExclusion() {
	for again := true; again; {
		again = false
		for i := range p.state {
			if p.state[i] != free {
				continue
			}
			for _, j := range p.needs[i] {
				if p.state[j] == excluded {
					p.exclude(i, ReasonNeedsOther, p.out[j].Item)
					again = true
					break
				}
			}
		}
	}
}

// spreadForce takes in what a kept item needs, where it may be taken at all.
func (p *problem) spreadForce() {
	for again := true; again; {
		again = false
		for i := range p.state {
			if p.state[i] != forced {
				continue
			}
			for _, j := range p.needs[i] {
				if p.state[j] == free {
					p.state[j], p.out[j].Reason, p.out[j].For = forced, ReasonNeeded, p.out[i].Item
					again = true
				}
			}
		}
	}
}

// room is the capacity that kept items leave. No more is of use than all free
// items together weigh.
func (p *problem) room() int {
	left, use := int(math.Floor(max(0, p.Capacity)/unit+1e-9)), 0
	for i, s := range p.state {
		switch s {
		case forced:
			left -= p.weight[i]
		case free:
			use += p.weight[i]
		}
	}
	return max(0, min(left, use))
}

// selection is a set of free candidates that may be taken together.
type selection struct {
	in    []bool
	value int64
	bound int64 // no selection is worth more
}

// tell puts a selection into words.
func (p *problem) tell(s selection) Proposal {
	out, all := Proposal{Choices: p.out, Capacity: p.Capacity, Exact: s.value == s.bound}, 0.0
	for i, c := range p.Candidates {
		choice := &out.Choices[i]
		choice.In = p.state[i] == forced || s.in[i]
		if p.state[i] == free {
			choice.Reason, choice.For = p.why(i, s)
		}
		if c.Due {
			out.DueAll++
		}
		if p.state[i] != excluded {
			all += max(0, c.Risk)
		}
		if !choice.In {
			continue
		}
		out.Points += choice.Points
		out.Risk += max(0, c.Risk)
		if c.Due {
			out.DueMet++
		}
	}
	out.Points, out.Risk = round(out.Points, pointDecimals), round(out.Risk, 1)
	out.Bound = round(min(all, out.Risk+float64(s.bound-s.value)/riskScale), 1)
	return out
}

// why names the reason of a choice that was the proposal's.
func (p *problem) why(i int, s selection) (Reason, string) {
	due := p.Candidates[i].Due
	switch {
	case !s.in[i] && due:
		return ReasonDueMissed, ""
	case !s.in[i]:
		return ReasonCapacity, ""
	case due:
		return ReasonDue, ""
	}
	for j := range p.needs {
		if s.in[j] && p.Candidates[j].Due && slices.Contains(p.needs[j], i) {
			return ReasonNeeded, p.out[j].Item
		}
	}
	return ReasonRisk, ""
}
