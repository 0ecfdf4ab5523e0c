package scrum

import (
	"math"
	"slices"
)

// MinSamples is the fewest sprints (or, within a sprint, working days) from which
// anything is foretold; MaxSamples the most that still describe the same team.
const (
	MinSamples = 3
	MaxSamples = 12
)

// maxCells bounds a distribution: beyond it the resolution halves.
const maxCells = 1 << 17

// distribution is an exact discrete distribution of a sum of points: p[i] is the
// probability of (low+i) cells of width points each.
type distribution struct {
	width float64
	low   int
	p     []float64
}

// certain is the sum of nothing: 0 for sure.
func certain() distribution { return distribution{width: .5, p: []float64{1}} }

// spread is the distribution in which each sample is equally likely, at half-point
// resolution (coarser only for absurdly large samples). There is at least one.
func spread(samples []float64) distribution { return spreadAt(samples, .5) }

func spreadAt(samples []float64, width float64) distribution {
	lowest, highest := slices.Min(samples), slices.Max(samples)
	for (highest-lowest)/width >= maxCells/4 || math.Abs(lowest)/width > math.MaxInt32 {
		width *= 2
	}
	low := int(math.RoundToEven(lowest / width))
	d := distribution{width, low, make([]float64, int(math.RoundToEven(highest/width))-low+1)}
	for _, x := range samples {
		d.p[int(math.RoundToEven(x/width))-low] += 1 / float64(len(samples))
	}
	return d
}

// plus is the distribution of the sum of two independent ones: their convolution.
func (d distribution) plus(e distribution) distribution {
	for d.width < e.width || len(d.p) > maxCells && len(d.p) > len(e.p) {
		d = d.coarser()
	}
	for e.width < d.width {
		e = e.coarser()
	}
	sum := distribution{d.width, d.low + e.low, make([]float64, len(d.p)+len(e.p)-1)}
	for j, q := range e.p {
		if q == 0 {
			continue // a dozen samples leave most cells empty
		}
		for i, p := range d.p {
			sum.p[i+j] += p * q
		}
	}
	return sum
}

// coarser doubles the width of the cells, rounding down.
func (d distribution) coarser() distribution {
	low := floorHalf(d.low)
	out := distribution{2 * d.width, low, make([]float64, floorHalf(d.low+len(d.p)-1)-low+1)}
	for i, p := range d.p {
		out.p[floorHalf(d.low+i)-low] += p
	}
	return out
}

func floorHalf(n int) int { return n >> 1 }

// atLeast is the probability of a sum of x points or more.
func (d distribution) atLeast(x float64) float64 {
	from := math.Ceil(x/d.width-1e-9) - float64(d.low)
	if from >= float64(len(d.p)) {
		return 0
	}
	sum := 0.0
	for i := len(d.p) - 1; i >= max(0, int(max(from, 0))); i-- {
		sum += d.p[i]
	}
	return sum
}

// quantile is the smallest sum that is not exceeded with probability q.
func (d distribution) quantile(q float64) float64 {
	sum := 0.0
	for i, p := range d.p {
		if sum += p; sum >= q-1e-12 {
			return float64(d.low+i) * d.width
		}
	}
	return float64(d.low+len(d.p)-1) * d.width
}
