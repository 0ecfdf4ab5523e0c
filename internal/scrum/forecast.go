package scrum

import (
	"errors"
	"math"
)

// Horizon is how many sprints ahead a forecast looks: four years of two weeks.
const Horizon = 104

// shownSprints is the length of the printed series.
const shownSprints = 12

// ErrNotEnoughSprints says that fewer than MinSamples sprints have closed.
var ErrNotEnoughSprints = errors.New("not enough sprints yet")

// Forecast tells when a backlog will be done. It is exact, not sampled: what k
// sprints complete together is the k-fold convolution of the completed points of
// the last sprints, each taken as equally likely, independently.
type Forecast struct {
	Samples           []float64    `json:"samples"`
	Remaining         float64      `json:"remaining"`
	PDoneWithin       []float64    `json:"p_done_within_n"`    // by 1, 2, … 12 sprints
	PercentileSprints map[int]*int `json:"percentile_sprints"` // 50, 70, 85, 95; null beyond Horizon
}

// Percentiles are those a forecast reports.
var Percentiles = []int{50, 70, 85, 95}

// Capacity scales future sprints: [1, 1, 0.5] halves the third. Sprints past its
// end have the usual capacity, 1.
type Capacity []float64

func (c Capacity) of(sprint int) float64 {
	if sprint < 0 || sprint >= len(c) {
		return 1
	}
	return c[sprint]
}

// NewForecast looks from the end of the last closed sprint. samples are completed
// points, oldest first, of which the last MaxSamples count. Scaled samples are
// rounded to half points. It returns ErrNotEnoughSprints below MinSamples.
func NewForecast(samples []float64, remaining float64, capacity Capacity) (Forecast, error) {
	samples, err := recent(samples)
	if err != nil {
		return Forecast{}, err
	}
	f := Forecast{
		Samples: samples, Remaining: remaining,
		PDoneWithin: make([]float64, shownSprints), PercentileSprints: map[int]*int{},
	}
	for _, percent := range Percentiles {
		f.PercentileSprints[percent] = nil
	}
	f.reach(0, sure(remaining <= 0))
	sum, p := certain(), sure(remaining <= 0)
	for n := 1; n <= Horizon && (n <= shownSprints || !f.settled()); n++ {
		if p < 1-1e-12 {
			sum = sum.plus(scaled(samples, capacity.of(n-1))).capped(remaining)
			p = sum.atLeast(remaining)
		}
		if n <= shownSprints {
			f.PDoneWithin[n-1] = round(p, probabilityDecimals)
		}
		f.reach(n, p)
	}
	return f, nil
}

func sure(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// reach notes the percentiles that n sprints are enough for.
func (f *Forecast) reach(n int, p float64) {
	for _, percent := range Percentiles {
		if f.PercentileSprints[percent] == nil && p >= float64(percent)/100-1e-12 {
			f.PercentileSprints[percent] = &n
		}
	}
}

func (f *Forecast) settled() bool { return f.PercentileSprints[Percentiles[len(Percentiles)-1]] != nil }

// recent keeps the samples that count, clean of what no sprint can complete.
func recent(samples []float64) ([]float64, error) {
	var usable []float64
	for _, x := range samples {
		if x >= 0 && !math.IsInf(x, 0) {
			usable = append(usable, x)
		}
	}
	if len(usable) < MinSamples {
		return nil, ErrNotEnoughSprints
	}
	return usable[max(0, len(usable)-MaxSamples):], nil
}

func scaled(samples []float64, capacity float64) distribution {
	out := make([]float64, len(samples))
	for i, x := range samples {
		out[i] = x * max(capacity, 0)
	}
	return spread(out)
}

// capped gathers every sum of x points or more in one cell: once reached, a goal
// stays reached, and the distribution stays as small as the goal.
func (d distribution) capped(x float64) distribution {
	top := math.Ceil(x/d.width-1e-9) - float64(d.low)
	if top < 0 || top >= float64(len(d.p)-1) {
		return d
	}
	last := int(top)
	for _, p := range d.p[last+1:] {
		d.p[last] += p
	}
	d.p = d.p[:last+1]
	return d
}

// NoDueSprint marks a ranked item without a due date.
const NoDueSprint = -1

// Ranked is an item in the order in which the team will take it. DueSprint is the
// number of the last future sprint that ends by its due date, from 1; 0 when it
// is due before the next sprint ends.
type Ranked struct {
	Item      string
	Points    float64
	DueSprint int
}

// OnTime is the chance that an item, and all above it, is done by its due sprint.
type OnTime struct {
	Item       string   `json:"item"`
	Cumulative float64  `json:"cumulative"`
	DueSprint  int      `json:"sla_sprint"`
	P          *float64 `json:"p_on_time"` // null without a due date
}

// OnTimes answers for a ranked backlog: P(the sprints up to the due one complete
// at least the cumulative points). It returns ErrNotEnoughSprints below MinSamples.
// Due dates beyond Horizon are answered as for the last sprint of it.
func OnTimes(samples []float64, items []Ranked, capacity Capacity) ([]OnTime, error) {
	samples, err := recent(samples)
	if err != nil {
		return nil, err
	}
	total, furthest := 0.0, 0
	for _, item := range items {
		total += item.Points
		furthest = max(furthest, min(item.DueSprint, Horizon))
	}
	tails := tailsOf(samples, furthest, total, capacity)
	out, sum := make([]OnTime, len(items)), 0.0
	for i, item := range items {
		sum += item.Points
		out[i] = OnTime{Item: item.Item, Cumulative: round(sum, pointDecimals), DueSprint: item.DueSprint}
		if item.DueSprint >= 0 {
			p := round(tails[min(item.DueSprint, Horizon)].atLeast(sum), probabilityDecimals)
			out[i].P = &p
		}
	}
	return out, nil
}

// tail answers atLeast in one step: p[i] is the probability of cell i or more.
type tail struct {
	width float64
	low   int
	p     []float64
}

func tailsOf(samples []float64, furthest int, total float64, capacity Capacity) []tail {
	sum := certain()
	tails := []tail{sum.tail()}
	for n := range furthest {
		sum = sum.plus(scaled(samples, capacity.of(n))).capped(total)
		tails = append(tails, sum.tail())
	}
	return tails
}

func (d distribution) tail() tail {
	t := tail{d.width, d.low, make([]float64, len(d.p))}
	sum := 0.0
	for i := len(d.p) - 1; i >= 0; i-- {
		sum += d.p[i]
		t.p[i] = sum
	}
	return t
}

func (t tail) atLeast(x float64) float64 {
	i := math.Ceil(x/t.width-1e-9) - float64(t.low)
	switch {
	case i <= 0:
		return 1
	case i >= float64(len(t.p)):
		return 0
	}
	return t.p[int(i)]
}
