package scrum

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Scenario is a sprint told as events in local wall-clock time: before the start
// planning, after the close history. It is what an import of past sprints reads.
type Scenario struct {
	Name        string             `json:"name"` // this and the next may be left out
	Goal        string             `json:"goal"`
	Zone        string             `json:"time_zone"`
	Start       string             `json:"start"`
	Close       string             `json:"close"` // "" while the sprint is active
	PlannedEnd  Day                `json:"planned_end"`
	Holidays    []string           `json:"holidays"`
	Week        []string           `json:"working_week"`
	Events      []Event            `json:"events"`
	RiskAtStart map[string]float64 `json:"risk_at_start"`
	RiskEvents  []RiskEvent        `json:"risk_events"`
	Notes       string             `json:"notes"`
}

// Verb is what somebody did to an item.
type Verb string

const (
	VerbAdd        Verb = "add"        // value: points or null; extra: AddReason
	VerbEstimate   Verb = "estimate"   // value: points, or null for unestimated again
	VerbComplete   Verb = "complete"   // no value
	VerbRemove     Verb = "remove"     // no value
	VerbReopen     Verb = "reopen"     // value: ReopenReason, null for other
	VerbDrop       Verb = "drop"       // value: DropReason
	VerbSplit      Verb = "split"      // value: points; extra: the new item
	VerbCorrection Verb = "correction" // value: change of points
)

// Event is `[local time, verb, item, value, extra]`; value and extra may be left out.
type Event struct {
	At     string
	Verb   Verb
	Item   string
	Points *float64
	Text   string // the reason, or the new item of a split
	Actor  string // who did it, where that is known; not part of the array
}

// RiskEvent is `[local time, cause, item, risk]`. Risk is the new score of an item
// that arrived or was rescored; the other causes take and return the last one.
type RiskEvent struct {
	At    string
	Cause RiskCause
	Item  string
	Risk  *float64
}

// ParseScenario reads a scenario, alone or as the field "scenario" of a larger
// document. Errors name the position of the event, counted from 1.
func ParseScenario(data []byte) (Scenario, error) {
	var outer struct {
		Scenario json.RawMessage `json:"scenario"`
	}
	if err := json.Unmarshal(data, &outer); err != nil {
		return Scenario{}, fmt.Errorf("this is not the history of a sprint: %w", err)
	}
	if len(outer.Scenario) > 0 {
		data = outer.Scenario
	}
	var sc Scenario
	if err := json.Unmarshal(data, &sc); err != nil {
		return Scenario{}, fmt.Errorf("this is not the history of a sprint: %w", err)
	}
	return sc, nil
}

// row reads an array of mixed values one by one, and remembers the first error.
type row struct {
	values []json.RawMessage
	err    error
}

func (r *row) into(name string, to any) {
	if len(r.values) == 0 || r.err != nil {
		return
	}
	if err := json.Unmarshal(r.values[0], to); err != nil {
		r.err = fmt.Errorf("%s is not readable: %s", name, r.values[0])
	}
	r.values = r.values[1:]
}

func (e *Event) UnmarshalJSON(data []byte) error {
	var r row
	if err := json.Unmarshal(data, &r.values); err != nil || len(r.values) < 3 || len(r.values) > 5 {
		return errors.New("an event is [time, verb, item, value, extra]")
	}
	*e = Event{}
	r.into("time", &e.At)
	r.into("verb", &e.Verb)
	r.into("item", &e.Item)
	if e.Verb == VerbReopen || e.Verb == VerbDrop {
		r.into("reason", &e.Text)
	} else {
		r.into("points", &e.Points)
	}
	r.into("extra", &e.Text)
	return r.err
}

func (e *RiskEvent) UnmarshalJSON(data []byte) error {
	var r row
	if err := json.Unmarshal(data, &r.values); err != nil || len(r.values) < 3 || len(r.values) > 4 {
		return errors.New("a risk event is [time, cause, item, risk]")
	}
	*e = RiskEvent{}
	r.into("time", &e.At)
	r.into("cause", &e.Cause)
	r.into("item", &e.Item)
	r.into("risk", &e.Risk)
	return r.err
}

// checked fills in the reasons an event may leave out and refuses the rest.
func (e Event) checked() (Event, error) {
	if e.Item == "" {
		return e, errors.New("an event names an item")
	}
	switch e.Verb {
	case VerbAdd:
		return e.withReason(string(Pulled), AddReason(e.Text).Valid(), "pulled, emergency or carried")
	case VerbReopen:
		return e.withReason(string(OtherReason), ReopenReason(e.Text).Valid(), "rolled_back, failed_verification or other")
	case VerbDrop:
		return e.withReason("", DropReason(e.Text).Valid(), "risk_accepted, superseded, false_positive or duplicate")
	case VerbSplit:
		if e.Points == nil || e.Text == "" || e.Text == e.Item {
			return e, errors.New("a split names the points and another item they go to")
		}
	case VerbCorrection:
		if e.Points == nil || !ValidPoints(max(*e.Points, -*e.Points)) {
			return e, errors.New("a correction names the change of points")
		}
		return e, nil
	case VerbEstimate:
	case VerbComplete, VerbRemove:
		if e.Points != nil {
			return e, fmt.Errorf("%s takes no value", e.Verb)
		}
	default:
		return e, fmt.Errorf("there is no event %q", e.Verb)
	}
	return e.withPoints()
}

func (e Event) withReason(usual string, valid bool, choice string) (Event, error) {
	if e.Text == "" {
		e.Text, valid = usual, usual != ""
	}
	if !valid {
		return e, fmt.Errorf("the reason to %s is %s, not %q", e.Verb, choice, e.Text)
	}
	return e.withPoints()
}

func (e Event) withPoints() (Event, error) {
	if e.Points != nil && !ValidPoints(*e.Points) {
		return e, fmt.Errorf("points are a number from 0 to %d, not %g", MaxPoints, *e.Points)
	}
	return e, nil
}

// frame is the scenario without its events.
func (sc Scenario) frame() (Sprint, error) {
	calendar, err := NewCalendar(sc.Zone, sc.Week, sc.Holidays)
	if err != nil {
		return Sprint{}, err
	}
	s := Sprint{Calendar: calendar, PlannedEnd: sc.PlannedEnd}
	var startErr, closeErr, endErr error
	s.Start, startErr = ParseWall(sc.Start, calendar.zone())
	if sc.Close != "" {
		s.Close, closeErr = ParseWall(sc.Close, calendar.zone())
	}
	if sc.PlannedEnd == "" {
		endErr = errors.New("the planned end is missing")
	}
	err = errors.Join(startErr, closeErr, endErr)
	if err == nil && !s.Close.IsZero() && s.Close.Before(s.Start) {
		err = errors.New("the sprint closes before it starts")
	}
	return s, err
}

// timed is an event with its instant.
type timed[E any] struct {
	at    time.Time
	event E
}
