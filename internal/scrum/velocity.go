package scrum

import (
	"fmt"
	"slices"
)

// Velocity looks back over at most this many closed sprints.
const velocitySprints = 7

// SprintResult is a closed sprint as velocity sees it.
type SprintResult struct {
	Number     int     `json:"number"`
	Committed  float64 `json:"committed"`
	Completed  float64 `json:"completed"`
	PersonDays float64 `json:"person_days"` // available; 0 when unknown
}

// Velocity is what a team completes in a sprint. Mean, range and rate are null
// while there are not enough sprints, and Message says so.
type Velocity struct {
	Sprints      []SprintResult `json:"sprints"` // the last 7, oldest first
	Enough       bool           `json:"enough"`
	Message      string         `json:"message"`
	Mean         *float64       `json:"mean"`
	Low          *float64       `json:"low"`
	High         *float64       `json:"high"`
	PerPersonDay *float64       `json:"per_person_day"` // over the sprints whose person-days are known
}

// NewVelocity averages the completed points of the last 3–7 closed sprints, given
// oldest first.
func NewVelocity(closed []SprintResult) Velocity {
	last := slices.Clone(closed[max(0, len(closed)-velocitySprints):])
	v := Velocity{Sprints: last, Enough: len(last) >= MinSamples}
	if last == nil {
		v.Sprints = []SprintResult{}
	}
	if !v.Enough {
		v.Message = fmt.Sprintf("Not enough sprints yet: %d of %d closed.", len(last), MinSamples)
		return v
	}
	low, high, sum, counted, days := last[0].Completed, last[0].Completed, 0.0, 0.0, 0.0
	for _, s := range last {
		low, high, sum = min(low, s.Completed), max(high, s.Completed), sum+s.Completed
		if s.PersonDays > 0 {
			counted, days = counted+s.Completed, days+s.PersonDays
		}
	}
	mean := round(sum/float64(len(last)), pointDecimals)
	v.Mean, v.Low, v.High = &mean, &low, &high
	if days > 0 {
		rate := round(counted/days, ratioDecimals)
		v.PerPersonDay = &rate
	}
	v.Message = fmt.Sprintf("%.4g points a sprint over the last %d, from %.4g to %.4g.", mean, len(last), low, high)
	return v
}

// CapacityOf is the scale of a forecast for future sprints: their person-days
// over the mean of the past ones. Where nothing is known the scale is 1.
func CapacityOf(future []float64, past []SprintResult) Capacity {
	sum, known := 0.0, 0.0
	for _, s := range past {
		if s.PersonDays > 0 {
			sum, known = sum+s.PersonDays, known+1
		}
	}
	scale := make(Capacity, len(future))
	for i, days := range future {
		scale[i] = 1
		if known > 0 && days >= 0 {
			scale[i] = days / (sum / known)
		}
	}
	return scale
}
