// Package scrum holds the rules of the process: where an item may move, how a
// backlog keeps its order, which days a team works, how a sprint's ledger folds
// into its charts, and what past sprints say about future ones.
//
// It is pure: values in, values out. No function reads a clock, a database or a
// request; the current time is always a parameter.
package scrum

import (
	"math"
	"strconv"
)

// round keeps the given number of decimals, so that sums of points and
// probabilities leave without floating-point noise. It rounds the exact binary
// value, ties to even, and never returns -0, which JSON would print as "-0".
func round(x float64, decimals int) float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) || x == 0 {
		return 0
	}
	if half := 2 * x; decimals > 0 && half == math.Trunc(half) {
		return x // whole and half points are most of all values
	}
	r, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'f', decimals, 64), 64)
	if r == 0 {
		return 0
	}
	return r
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
