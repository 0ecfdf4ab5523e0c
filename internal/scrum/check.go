package scrum

import (
	"errors"
	"fmt"
)

// maxFindings ends a Check of a badly broken ledger.
const maxFindings = 20

// Check verifies a sprint's ledger, row by row and in sum:
//
//	commitment + Σ scope rows = final scope = completed + carried
//
// for the sprint and for every item, where an item that was removed or dropped
// has neither. It returns nil, or the broken rules.
func (s Sprint) Check() error {
	var found []error
	fold, rows := NewFold(s.Commitments), s.rows()
	sums := map[string]*itemSum{}
	for _, c := range s.Commitments {
		if sums[c.Item] != nil {
			found = append(found, fmt.Errorf("%s is committed twice", c.Item))
		}
		sumOf(sums, c.Item).scope += pointsOf(c)
	}
	for i, e := range rows {
		if err := fold.Standing(e.Item).allows(e); err != nil && len(found) < maxFindings {
			found = append(found, fmt.Errorf("row %d (%s %s): %w", i+1, e.Kind, e.Item, err))
		}
		fold.add(e)
		sumOf(sums, e.Item).add(e)
	}
	for _, item := range fold.Items() {
		if err := sums[item].check(item, fold.Standing(item)); err != nil && len(found) < maxFindings {
			found = append(found, err)
		}
	}
	return errors.Join(append(found, fold.checkSums(s.Commitments, rows))...)
}

func pointsOf(c Commitment) float64 {
	if c.Points == nil {
		return 0
	}
	return *c.Points
}

// itemSum adds one item's rows without knowing what they mean for its standing.
type itemSum struct{ scope, done float64 }

func sumOf(sums map[string]*itemSum, item string) *itemSum {
	if sums[item] == nil {
		sums[item] = new(itemSum)
	}
	return sums[item]
}

func (sum *itemSum) add(e Entry) {
	if e.Kind.ChangesScope() {
		sum.scope += e.Points
		return
	}
	sum.done -= e.Points
}

func (sum *itemSum) check(item string, st Standing) error {
	completed, carried := 0.0, 0.0
	switch {
	case st.Done:
		completed = st.Points
	case st.In:
		carried = st.Points
	}
	if st.Done && !st.In || !same(sum.scope, completed+carried) {
		return fmt.Errorf("%s: its rows add up to %g points, but %g are completed and %g carried", item, sum.scope, completed, carried)
	}
	return nil
}

// checkSums adds up all rows once more, independently of the fold.
func (f *Fold) checkSums(commitments []Commitment, rows []Entry) error {
	scope, completed, carried := 0.0, 0.0, 0.0
	for _, c := range commitments {
		scope += pointsOf(c)
	}
	for _, e := range rows {
		if e.Kind.ChangesScope() {
			scope += e.Points
		}
	}
	for _, st := range f.standings {
		switch {
		case st.Done:
			completed += st.Points
		case st.In:
			carried += st.Points
		}
	}
	if !same(scope, f.scope) || !same(scope, completed+carried) || !same(completed, f.done) {
		return fmt.Errorf("commitment and scope rows give %g points, completed %g and carried %g", scope, completed, carried)
	}
	return nil
}
