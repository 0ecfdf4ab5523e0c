package scrum

import (
	"slices"
	"time"
)

// SprintState is what people did with a sprint; its dates are only the plan.
type SprintState string

const (
	Planned   SprintState = "planned"
	Active    SprintState = "active"
	Closed    SprintState = "closed"
	Cancelled SprintState = "cancelled"
)

var nextStates = map[SprintState][]SprintState{Planned: {Active, Cancelled}, Active: {Closed, Cancelled}}

// Valid reports whether s is a state at all.
func (s SprintState) Valid() bool {
	return s == Planned || s == Active || s == Closed || s == Cancelled
}

// Over reports whether nothing changes this sprint any more.
func (s SprintState) Over() bool { return s == Closed || s == Cancelled }

// Become returns want if a sprint in state s may become that, and s with a
// *Refusal otherwise.
func (s SprintState) Become(want SprintState) (SprintState, error) {
	switch {
	case slices.Contains(nextStates[s], want):
		return want, nil
	case !s.Valid() || !want.Valid():
		return s, refuse(WrongState, "A sprint is planned, active, closed or cancelled, not %q.", want)
	case s == want:
		return s, refuse(WrongState, "This sprint is already %s.", s)
	case s.Over():
		return s, refuse(WrongState, "This sprint is %s; nothing changes it any more.", s)
	case s == Planned:
		return s, refuse(WrongState, "This sprint has not started yet.")
	}
	return s, refuse(WrongState, "This sprint has started; it can be closed or cancelled.")
}

// ReopenWithin is how long after its close a sprint can be reopened.
const ReopenWithin = 24 * time.Hour

// CanReopen returns nil if a sprint that was closed at a moment can be active again
// now, and a *Refusal that says what to do instead.
func (s SprintState) CanReopen(closed *time.Time, now time.Time) error {
	switch {
	case s == Cancelled:
		return refuse(WrongState, "This sprint was cancelled, not closed. Plan a new one.")
	case s != Closed || closed == nil:
		return refuse(WrongState, "This sprint is %s; only a closed one is reopened.", s)
	case now.Sub(*closed) > ReopenWithin:
		return refuse(WrongState, "This sprint was closed more than 24 hours ago, so it stays closed. Record a correction in its report instead.")
	}
	return nil
}
