package estimate

import (
	"slices"

	"patchline/internal/team"
)

// Statistics of the votes of a revealed round, in points. Votes that name no value,
// ? and coffee, are counted apart and in nothing else.
type Statistics struct {
	Counts    []Count // by value of the scale, from the lowest; then ? and coffee
	Estimates int     // votes that name a value
	Median    *float64
	Mean      *float64
	Lowest    *float64
	Highest   *float64
	Agreed    bool // all of at least two name the same value
}

// Count is how many voted for a value.
type Count struct {
	Value string
	Votes int
}

// Statistics of the round's votes; nil until they are revealed.
func (r *Round) Statistics() *Statistics {
	if r.State != Revealed {
		return nil
	}
	votes := map[string]int{}
	for _, v := range r.Votes {
		votes[v.Value]++
	}
	out := &Statistics{}
	var points []float64
	labels := append(slices.Clone(r.Scale), team.ScaleValue{Label: Unsure}, team.ScaleValue{Label: Coffee})
	for i, v := range labels {
		if votes[v.Label] == 0 {
			continue
		}
		out.Counts = append(out.Counts, Count{v.Label, votes[v.Label]})
		if i < len(r.Scale) {
			points = append(points, slices.Repeat([]float64{v.Points}, votes[v.Label])...)
		}
	}
	out.summarize(points)
	return out
}

func (s *Statistics) summarize(points []float64) {
	n := len(points)
	if s.Estimates = n; n == 0 {
		return
	}
	slices.Sort(points)
	median, sum := (points[(n-1)/2]+points[n/2])/2, 0.0
	for _, p := range points {
		sum += p
	}
	mean := sum / float64(n)
	s.Median, s.Mean, s.Lowest, s.Highest = &median, &mean, &points[0], &points[n-1]
	s.Agreed = n >= 2 && points[0] == points[n-1]
}
