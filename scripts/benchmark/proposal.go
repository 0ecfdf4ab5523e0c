package main

import (
	"fmt"
	"slices"
	"time"

	"patchline/internal/scrum"
)

const proposing = "proposal for 500 candidates"

// proposalLimit is how long an exact proposal may take, in milliseconds.
const proposalLimit = 2000

// proposal compares the exact proposal with a greedy one, in memory: how long each
// takes, and what each is worth. A value stands where the other rows have
// milliseconds; there the greedy one must not be better than the exact one.
func proposal(rounds int) ([]row, error) {
	in := candidates()
	exact, exactTook, err := timed(rounds, in.Propose)
	if err != nil {
		return nil, err
	}
	greedy, greedyTook, err := timed(rounds, in.Greedy)
	if err != nil {
		return nil, err
	}
	n := len(in.Candidates)
	return []row{
		against(proposing+", exact beside greedy", n, greedyTook, exactTook, rounded(proposalLimit/greedyTook)),
		against(proposing+", risk removed: exact, greedy", n, exact.Risk, greedy.Risk, 1),
		against(proposing+", due dates met: exact, greedy", n, float64(exact.DueMet), float64(greedy.DueMet), 1),
	}, nil
}

// candidates are as many as an exact proposal takes, a fifth of them with what they
// need first, for a sprint that has room for few.
func candidates() scrum.Proposing {
	in := scrum.Proposing{Capacity: 120}
	for i := range scrum.MaxCandidates {
		points := float64(1 + i*7%13)
		c := scrum.Candidate{Item: fmt.Sprint(i), Points: &points, Risk: float64(i*37%1000) / 10, Due: i%17 == 0}
		if i%5 == 4 {
			c.Needs = []string{fmt.Sprint(i - 1), fmt.Sprint(i - 3)}
		}
		in.Candidates = append(in.Candidates, c)
	}
	return in
}

// timed is the result of a choice, and the median of its milliseconds.
func timed(rounds int, choose func() (scrum.Proposal, error)) (p scrum.Proposal, median float64, err error) {
	var took []float64
	for range max(1, rounds) {
		begin := time.Now()
		if p, err = choose(); err != nil {
			return p, 0, err
		}
		took = append(took, milliseconds(time.Since(begin)))
	}
	slices.Sort(took)
	return p, took[len(took)/2], nil
}
