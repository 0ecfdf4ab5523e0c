package scrum_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"patchline/internal/scrum"
)

func points(p float64) *float64 { return &p }

func in(p scrum.Proposal) (items []string) {
	for _, c := range p.Choices {
		if c.In {
			items = append(items, c.Item)
		}
	}
	return items
}

func reasons(p scrum.Proposal) map[string]scrum.Reason {
	out := map[string]scrum.Reason{}
	for _, c := range p.Choices {
		out[c.Item] = c.Reason
	}
	return out
}

func TestAProposalRemovesTheMostRiskThatFitsNotTheRiskiestItem(t *testing.T) {
	p, err := scrum.Proposing{Capacity: 10, Candidates: []scrum.Candidate{
		{Item: "A", Points: points(10), Risk: 90},
		{Item: "B", Points: points(5), Risk: 50},
		{Item: "C", Points: points(5), Risk: 45},
	}}.Propose()
	require.NoError(t, err)
	assert.Equal(t, []string{"B", "C"}, in(p))
	assert.Equal(t, 95.0, p.Risk)
	assert.Equal(t, 10.0, p.Points)
	assert.True(t, p.Exact)
	assert.Equal(t, p.Risk, p.Bound)
	assert.Equal(t, scrum.ReasonCapacity, reasons(p)["A"])
}

func TestADueDateCountsMoreThanAnyRisk(t *testing.T) {
	p, err := scrum.Proposing{Capacity: 8, Candidates: []scrum.Candidate{
		{Item: "A", Points: points(8), Risk: 100},
		{Item: "B", Points: points(5), Risk: 1, Due: true},
		{Item: "C", Points: points(5), Risk: 2, Due: true},
	}}.Propose()
	require.NoError(t, err)
	assert.Equal(t, []string{"C"}, in(p), "one due date can be met; of the two the riskier one")
	assert.Equal(t, map[string]scrum.Reason{"A": scrum.ReasonCapacity, "B": scrum.ReasonDueMissed, "C": scrum.ReasonDue}, reasons(p))
	assert.Equal(t, 1, p.DueMet)
	assert.Equal(t, 2, p.DueAll)
}

func TestWhatADueItemNeedsComesAlong(t *testing.T) {
	p, err := scrum.Proposing{Capacity: 6, Candidates: []scrum.Candidate{
		{Item: "A", Points: points(3), Risk: 80},
		{Item: "B", Points: points(3), Risk: 5, Due: true, Needs: []string{"C"}},
		{Item: "C", Points: points(3), Risk: 0},
	}}.Propose()
	require.NoError(t, err)
	assert.Equal(t, []string{"B", "C"}, in(p))
	assert.Equal(t, scrum.ReasonNeeded, reasons(p)["C"])
	assert.Equal(t, "B", p.Choices[2].For)
}

func TestWhatAPersonDecidedStands(t *testing.T) {
	p, err := scrum.Proposing{Capacity: 5, Candidates: []scrum.Candidate{
		{Item: "A", Points: points(5), Risk: 90, Wish: scrum.LeaveOut},
		{Item: "B", Points: points(8), Risk: 1, Wish: scrum.Keep, Needs: []string{"C"}},
		{Item: "C", Points: points(1), Risk: 1},
		{Item: "D", Points: points(1), Risk: 50},
		{Item: "E", Points: points(0), Risk: 1},
	}}.Propose()
	require.NoError(t, err)
	assert.Equal(t, []string{"B", "C", "E"}, in(p), "kept items are in even beyond the capacity; nothing with points is added to them")
	assert.Equal(t, 9.0, p.Points)
	assert.Equal(t, scrum.ReasonLeftOut, reasons(p)["A"])
	assert.Equal(t, scrum.ReasonKept, reasons(p)["B"])
}

func TestWhatCannotBeDoneNamesItsCause(t *testing.T) {
	p, err := scrum.Proposing{Capacity: 50, Candidates: []scrum.Candidate{
		{Item: "A", Points: points(1), Risk: 9, Barred: "no maintenance window"},
		{Item: "B", Points: points(1), Risk: 9, Needs: []string{"A"}},
		{Item: "C", Points: points(1), Risk: 9, Needs: []string{"somewhere else"}},
		{Item: "D", Risk: 9},
	}}.Propose()
	require.NoError(t, err)
	assert.Empty(t, in(p))
	assert.Equal(t, map[string]scrum.Reason{"A": scrum.ReasonBarred, "B": scrum.ReasonNeedsOther, "C": scrum.ReasonNeedsOther, "D": scrum.ReasonNoEstimate}, reasons(p))
	assert.Equal(t, "A", p.Choices[1].For)
}

func TestItemsWithoutAnEstimateCountTheAssumedPoints(t *testing.T) {
	p, err := scrum.Proposing{Capacity: 5, Assumed: 3, Candidates: []scrum.Candidate{{Item: "A", Risk: 9}, {Item: "B", Risk: 8}}}.Propose()
	require.NoError(t, err)
	assert.Equal(t, []string{"A"}, in(p))
	assert.True(t, p.Choices[0].Assumed)
	assert.Equal(t, 3.0, p.Points)
}

func TestMoreCandidatesThanAProposalWeighsAreRefused(t *testing.T) {
	_, err := scrum.Proposing{Candidates: make([]scrum.Candidate, scrum.MaxCandidates+1)}.Propose()
	assert.ErrorIs(t, err, scrum.ErrTooManyCandidates)
}

// drawn makes a backlog in which items need up to three earlier ones.
func drawn(t *rapid.T, most int) scrum.Proposing {
	n := rapid.IntRange(0, most).Draw(t, "items")
	p := scrum.Proposing{Capacity: float64(rapid.IntRange(0, 40).Draw(t, "capacity")) / 2}
	for i := range n {
		c := scrum.Candidate{
			Item: fmt.Sprint(i), Points: points(float64(rapid.IntRange(0, 16).Draw(t, "points")) / 2),
			Risk: float64(rapid.IntRange(0, 1000).Draw(t, "risk")) / 10, Due: rapid.IntRange(0, 3).Draw(t, "due") == 0,
		}
		for range rapid.IntRange(0, 3).Draw(t, "needs") {
			if i > 0 {
				c.Needs = append(c.Needs, fmt.Sprint(rapid.IntRange(0, i-1).Draw(t, "need")))
			}
		}
		p.Candidates = append(p.Candidates, c)
	}
	return p
}

// allowed tells whether a selection, as bits, fits and has all it needs.
func allowed(in scrum.Proposing, bits int) (due int, risk float64, ok bool) {
	sum := 0.0
	for i, c := range in.Candidates {
		if bits>>i&1 == 0 {
			continue
		}
		for _, need := range c.Needs {
			var j int
			_, _ = fmt.Sscan(need, &j)
			if bits>>j&1 == 0 {
				return 0, 0, false
			}
		}
		sum += *c.Points
		risk += c.Risk
		if c.Due {
			due++
		}
	}
	return due, risk, sum <= in.Capacity
}

func TestNoSelectionIsBetterThanTheProposed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t, 11)
		p, err := in.Propose()
		require.NoError(t, err)
		require.True(t, p.Exact)
		bits, bestDue, bestRisk := 0, 0, 0.0
		for i, c := range p.Choices {
			if c.In {
				bits |= 1 << i
			}
		}
		for other := range 1 << len(in.Candidates) {
			due, risk, ok := allowed(in, other)
			if ok && (due > bestDue || due == bestDue && risk > bestRisk) {
				bestDue, bestRisk = due, risk
			}
		}
		due, risk, ok := allowed(in, bits)
		require.True(t, ok, "the proposal fits, with everything it needs")
		require.Equal(t, bestDue, due)
		require.InDelta(t, bestRisk, risk, 1e-6)
		require.InDelta(t, bestRisk, p.Bound, .051)
	})
}

func TestTheGreedyChoiceIsAllowedAndNeverBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t, 60)
		p, err := in.Propose()
		require.NoError(t, err)
		g, err := in.Greedy()
		require.NoError(t, err)
		require.LessOrEqual(t, g.Points, math.Floor(in.Capacity*2)/2)
		if p.Exact {
			require.LessOrEqual(t, g.DueMet, p.DueMet)
		}
		if g.DueMet == p.DueMet {
			require.LessOrEqual(t, g.Risk, p.Bound+1e-6)
		}
	})
}

func BenchmarkProposalOf500(b *testing.B) {
	in := scrum.Proposing{Capacity: 120}
	for i := range scrum.MaxCandidates {
		c := scrum.Candidate{Item: fmt.Sprint(i), Points: points(float64(1 + i*7%13)), Risk: float64(i*37%1000) / 10, Due: i%17 == 0}
		if i%5 == 4 {
			c.Needs = []string{fmt.Sprint(i - 1), fmt.Sprint(i - 3)}
		}
		in.Candidates = append(in.Candidates, c)
	}
	for b.Loop() {
		p, err := in.Propose()
		require.NoError(b, err)
		g, err := in.Greedy()
		require.NoError(b, err)
		b.ReportMetric(p.Risk, "risk")
		b.ReportMetric(g.Risk, "greedy_risk")
		b.ReportMetric(float64(p.DueMet), "due")
		b.ReportMetric(float64(g.DueMet), "greedy_due")
		b.ReportMetric(p.Bound, "bound")
	}
}
