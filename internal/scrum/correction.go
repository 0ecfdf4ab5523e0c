package scrum

import "slices"

// Correction is what a row says that was added to the ledger of a closed sprint. It
// changes no figure of the close: the corrected ones are folded beside them.
type Correction string

const (
	CorrectPoints       Correction = "points"        // the item counted with the wrong estimate
	CorrectCompleted    Correction = "completed"     // it was done in the sprint, and recorded too late
	CorrectNotCompleted Correction = "not_completed" // it was recorded as done, and was not
)

// Valid reports whether c is one of them.
func (c Correction) Valid() bool {
	return c == CorrectPoints || c == CorrectCompleted || c == CorrectNotCompleted
}

// Correct returns the Points of the row that a correction writes, or a *Refusal. Of
// CorrectPoints points are the right ones; the others do not use it.
func (s Standing) Correct(c Correction, points float64) (float64, error) {
	switch {
	case !s.In:
		return 0, refuse(NotInSprint, "This item was not in the sprint when it closed, so there is nothing to correct.")
	case c == CorrectCompleted && s.Done:
		return 0, refuse(AlreadyDone, "This item counts as completed already.")
	case c == CorrectNotCompleted && !s.Done:
		return 0, refuse(NotDone, "This item does not count as completed.")
	case c == CorrectPoints && points == s.Points:
		return 0, refuse(BadPoints, "This item counts %g points already.", points)
	case !c.Valid():
		return 0, refuse(BadDetail, "A correction is of points, completed or not_completed.")
	}
	if c == CorrectPoints {
		points -= s.Points
	}
	return s.Delta(c.kind(), points)
}

// kind is the row that should have been written while the sprint ran.
func (c Correction) kind() Kind {
	switch c {
	case CorrectCompleted:
		return KindCompleted
	case CorrectNotCompleted:
		return KindReopened
	}
	return KindCorrection
}

// Corrected is a closed sprint as it would have been: the corrections, in their
// order, count as if they had been made at its close.
func (s Sprint) Corrected(corrections []Entry) Sprint {
	s.Entries = slices.Clone(s.rows())
	for _, e := range corrections {
		e.At, e.Kind = s.Close, Correction(e.Detail).kind()
		if e.Kind == KindReopened {
			e.Detail = string(OtherReason)
		}
		s.Entries = append(s.Entries, e)
	}
	return s
}
