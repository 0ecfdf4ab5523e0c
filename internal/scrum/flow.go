package scrum

import (
	"math"
	"slices"
	"time"
)

// Move is a change of an item's status. From is "" for a new item, To its status
// when it was made.
type Move struct {
	At       time.Time
	From, To Status
}

// FlowDay is how many items had each status at the end of a day.
type FlowDay struct {
	Day    Day
	Counts map[Status]int
}

// Flow counts items by status at the end of each day, from what they are now and
// the moves since the first day, in any order. It walks backwards, so what is
// older than the moves it is given needs no history.
func Flow(c Calendar, first, last Day, now map[Status]int, moves []Move) []FlowDay {
	moves = slices.Clone(moves)
	slices.SortStableFunc(moves, func(a, b Move) int { return b.At.Compare(a.At) })
	counts := map[Status]int{}
	for status, n := range now {
		counts[status] = n
	}
	var out []FlowDay
	for day := last; day >= first && len(out) < MaxDays; day = day.Add(-1) {
		for end := c.EndOf(day); len(moves) > 0 && !moves[0].At.Before(end); moves = moves[1:] {
			counts[moves[0].To]--
			if moves[0].From != "" {
				counts[moves[0].From]++
			}
		}
		out = append(out, FlowDay{day, shown(counts)})
	}
	slices.Reverse(out)
	return out
}

func shown(counts map[Status]int) map[Status]int {
	out := map[Status]int{}
	for status, n := range counts {
		if n > 0 {
			out[status] = n
		}
	}
	return out
}

// Quantile is the smallest value that a share of all does not exceed (nearest
// rank); 0 of none. Values are sorted.
func Quantile(sorted []float64, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	i := int(math.Ceil(share*float64(len(sorted))-1e-9)) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}

// Overlap is how much of one span of time lies in another.
func Overlap(from, to, begin, end time.Time) time.Duration {
	if begin.After(from) {
		from = begin
	}
	if end.Before(to) {
		to = end
	}
	return max(0, to.Sub(from))
}
