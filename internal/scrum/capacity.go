package scrum

import (
	"errors"
	"fmt"
	"slices"
)

// Person is a team member as a sprint sees them.
type Person struct {
	Name        string
	HoursPerDay float64 // of a full working day, 0–24
	Focus       float64 // share of it that goes into the sprint, 0–1
	Off         []DayOff
}

// DayOff is a day, or half a day, on which somebody does not work.
type DayOff struct {
	Day  Day
	Half bool
}

func (d DayOff) size() float64 {
	if d.Half {
		return .5
	}
	return 1
}

// Availability is what a sprint's capacity is computed from. Holidays of the
// calendar are days off of everybody already.
type Availability struct {
	Calendar Calendar
	From, To Day // both included
	TeamOff  []DayOff
	Frozen   map[Day]bool // days on which nothing may be deployed
	People   []Person
	Reserve  float64 // share kept for emergencies, 0–1; see DefaultReserve
}

// CapacityPlan is the work a team can do in a sprint.
type CapacityPlan struct {
	WorkingDays  int              `json:"working_days"`
	PersonDays   float64          `json:"person_days"` // available, of all
	Hours        float64          `json:"hours"`       // Σ days × hours × focus
	Reserve      float64          `json:"reserve"`     // the share
	ReserveHours float64          `json:"reserve_hours"`
	Available    float64          `json:"available_hours"` // Hours - ReserveHours
	FreezeDays   []Day            `json:"freeze_days"`     // working days in a freeze
	DeployHours  float64          `json:"deploy_hours"`    // of Available, outside the freeze: deploy-type work fits in here
	People       []PersonCapacity `json:"people"`
}

// PersonCapacity is one person's part.
type PersonCapacity struct {
	Name  string  `json:"name"`
	Days  float64 `json:"days"`
	Hours float64 `json:"hours"`
}

// Plan sums the capacity: per person (working days − team days off − own days
// off) × hours × focus, less the reserve. A day that is off twice, as a holiday
// or for team and person, counts once; two halves make a whole. It names every
// number out of range.
func (a Availability) Plan() (CapacityPlan, error) {
	if err := a.check(); err != nil {
		return CapacityPlan{}, err
	}
	p := CapacityPlan{Reserve: a.Reserve, FreezeDays: []Day{}, People: []PersonCapacity{}}
	p.WorkingDays = a.Calendar.WorkingDays(a.From, a.To)
	for day, frozen := range a.Frozen {
		if frozen && a.counts(day) {
			p.FreezeDays = append(p.FreezeDays, day)
		}
	}
	slices.Sort(p.FreezeDays)
	deploy := 0.0
	for _, person := range a.People {
		days, frozen := a.daysOf(person)
		hours := days * person.HoursPerDay * person.Focus
		p.People = append(p.People, PersonCapacity{person.Name, days, round(hours, pointDecimals)})
		p.PersonDays += days
		p.Hours += hours
		deploy += (days - frozen) * person.HoursPerDay * person.Focus
	}
	p.finish(deploy)
	return p, nil
}

func (p *CapacityPlan) finish(deploy float64) {
	p.ReserveHours = round(p.Hours*p.Reserve, pointDecimals)
	p.Available = round(p.Hours*(1-p.Reserve), pointDecimals)
	p.DeployHours = round(deploy*(1-p.Reserve), pointDecimals)
	p.Hours = round(p.Hours, pointDecimals)
}

// counts reports whether a day is one of the sprint's working days.
func (a Availability) counts(day Day) bool {
	return a.From <= day && day <= a.To && a.Calendar.IsWorking(day)
}

// daysOf returns the days a person works, and how many of them are frozen.
func (a Availability) daysOf(person Person) (days, frozen float64) {
	off := map[Day]float64{}
	for _, d := range slices.Concat(a.TeamOff, person.Off) {
		if a.counts(d.Day) {
			off[d.Day] = min(1, off[d.Day]+d.size())
		}
	}
	days = float64(a.Calendar.WorkingDays(a.From, a.To))
	for _, part := range off {
		days -= part
	}
	for day, is := range a.Frozen {
		if is && a.counts(day) {
			frozen += 1 - off[day]
		}
	}
	return days, frozen
}

func (a Availability) check() error {
	var errs []error
	if a.From > a.To {
		errs = append(errs, errors.New("the sprint ends before it begins"))
	}
	if !(a.Reserve >= 0 && a.Reserve <= 1) {
		errs = append(errs, fmt.Errorf("the reserve is a share from 0 to 1, not %g", a.Reserve))
	}
	for _, p := range a.People {
		if !(p.HoursPerDay >= 0 && p.HoursPerDay <= 24) {
			errs = append(errs, fmt.Errorf("%s: a day has 0 to 24 hours, not %g", p.Name, p.HoursPerDay))
		}
		if !(p.Focus >= 0 && p.Focus <= 1) {
			errs = append(errs, fmt.Errorf("%s: focus is a share from 0 to 1, not %g", p.Name, p.Focus))
		}
	}
	return errors.Join(errs...)
}

// EmergencyShare is the part of the final scope that came through the emergency
// lane; 0 for an empty sprint.
func (r Report) EmergencyShare() float64 {
	if r.FinalScope <= 0 {
		return 0
	}
	return round(r.Emergency/r.FinalScope, ratioDecimals)
}

// reserveSprints is how many closed sprints the default reserve looks back.
const reserveSprints = 5

// DefaultReserve is the median of the emergency shares of the last 5 closed
// sprints, given oldest first; 0 without any.
func DefaultReserve(shares []float64) float64 {
	last := slices.Clone(shares[max(0, len(shares)-reserveSprints):])
	if len(last) == 0 {
		return 0
	}
	slices.Sort(last)
	middle := len(last) / 2
	if len(last)%2 == 1 {
		return last[middle]
	}
	return round((last[middle-1]+last[middle])/2, ratioDecimals)
}
