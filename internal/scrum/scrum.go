// Package scrum holds the rules of the process: where an item may move, how a
// backlog keeps its order, which days a team works, how a sprint's ledger folds
// into its charts, and what past sprints say about future ones.
//
// It is pure: values in, values out. No function reads a clock, a database or a
// request; the current time is always a parameter.
package scrum

import "math"

// round keeps the given number of decimals, so that sums of points and
// probabilities leave without floating-point noise. It never returns -0, which
// JSON would print as "-0".
func round(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	if r := math.Round(x*scale) / scale; r != 0 && !math.IsInf(r, 0) && !math.IsNaN(r) {
		return r
	}
	return 0
}

// Decimals of what leaves the package.
const (
	pointDecimals       = 2 // points, the guideline and risk
	ratioDecimals       = 4 // say/do, shares
	probabilityDecimals = 6
)

// same reports whether two sums of points are equal. Half points add up exactly
// in binary; the tolerance covers scales with tenths.
func same(a, b float64) bool { return math.Abs(a-b) < 1e-6 }
