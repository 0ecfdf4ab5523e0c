package scrum

import (
	"fmt"
	"math"
)

// Projection looks from the end of today to the planned end of an active sprint.
type Projection struct {
	Headline string          `json:"headline"`
	Behind   float64         `json:"behind"` // points above the guideline; negative is ahead
	Enough   bool            `json:"enough"` // false: fewer than MinSamples working days so far, or the plan is over
	P15      float64         `json:"p15"`    // of what remains at the planned end
	P50      float64         `json:"p50"`
	P85      float64         `json:"p85"`
	Days     []ProjectionDay `json:"days"`
}

// ProjectionDay is the range of what remains at the end of a day; today, where it
// is known, comes first.
type ProjectionDay struct {
	Day Day     `json:"day"`
	P15 float64 `json:"p15"`
	P50 float64 `json:"p50"`
	P85 float64 `json:"p85"`
}

// project takes what each working day so far completed, net of reopenings, as
// equally likely for each working day to come, independently, and adds them up
// exactly. What was completed on a day off counts to the working day before it.
// Today counts as it stands. New scope is not foreseen.
func (s Sprint) project(r Report, today Day) Projection {
	i := lastKnown(r.Days)
	if i < 0 {
		return Projection{Days: []ProjectionDay{}}
	}
	now := r.Days[i]
	remaining := *now.Remaining
	p := Projection{
		Behind: round(remaining-now.Guideline, pointDecimals), Days: []ProjectionDay{},
		P15: remaining, P50: remaining, P85: remaining,
	}
	daily := dailyCompleted(r.Days[:i+1])
	p.Enough = len(daily) >= MinSamples && today <= s.PlannedEnd
	if p.Enough {
		p.Days = append(p.Days, ProjectionDay{now.Day, remaining, remaining, remaining})
		p.fill(r.Days[i+1:], remaining, daily)
	}
	p.Headline = p.headline(s, remaining, today)
	return p
}

func lastKnown(days []DayPoint) int {
	for i := len(days) - 1; i >= 0; i-- {
		if days[i].Remaining != nil {
			return i
		}
	}
	return -1
}

// dailyCompleted is the change of done points by working day.
func dailyCompleted(days []DayPoint) []float64 {
	var daily []float64
	before := 0.0
	for _, day := range days {
		change := *day.Done - before
		before = *day.Done
		if day.Working || len(daily) == 0 && change != 0 {
			daily = append(daily, change)
		} else if len(daily) > 0 {
			daily[len(daily)-1] += change
		}
	}
	return daily
}

func (p *Projection) fill(days []DayPoint, remaining float64, daily []float64) {
	sum := certain()
	step := spread(daily)
	for _, day := range days {
		if day.Working {
			sum = sum.plus(step)
		}
		left := func(q float64) float64 { return max(0, round(remaining-sum.quantile(1-q), pointDecimals)) }
		p.P15, p.P50, p.P85 = left(.15), left(.50), left(.85)
		p.Days = append(p.Days, ProjectionDay{day.Day, p.P15, p.P50, p.P85})
	}
}

// headline is one sentence in whole points.
func (p Projection) headline(s Sprint, remaining float64, today Day) string {
	if today > s.PlannedEnd {
		late := s.Calendar.WorkingDays(s.PlannedEnd.Add(1), today)
		return fmt.Sprintf("%s remain, %s past the planned end", count(remaining, "point"), count(float64(late), "working day"))
	}
	if !p.Enough {
		return p.against() + "; too few working days yet for a forecast"
	}
	return fmt.Sprintf("%s; 70 %% range %.0f–%.0f at the end", p.against(), math.Round(p.P15), math.Round(p.P85))
}

func (p Projection) against() string {
	switch behind := math.Round(p.Behind); {
	case behind > 0:
		return count(behind, "point") + " behind the guideline"
	case behind < 0:
		return count(-behind, "point") + " ahead of the guideline"
	}
	return "On the guideline"
}

func count(n float64, noun string) string {
	if n = math.Round(n); n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%.0f %s", n, noun)
}
