package scrum_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"patchline/internal/scrum"
)

func TestAForecastEqualsCountingEveryPossibleCourse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		halves := rapid.SliceOfN(rapid.IntRange(0, 30), 3, 5).Draw(t, "samples")
		samples := make([]float64, len(halves))
		for i, h := range halves {
			samples[i] = float64(h) / 2
		}
		remaining := float64(rapid.IntRange(0, 90).Draw(t, "remaining")) / 2
		got, err := scrum.NewForecast(samples, remaining, scrum.Capacity{1, 2})
		require.NoError(t, err)
		for n := 1; n <= 4; n++ {
			require.InDelta(t, enumerate(samples, remaining, n), got.PDoneWithin[n-1], 5.1e-7)
		}
		for i := 1; i < len(got.PDoneWithin); i++ {
			require.GreaterOrEqual(t, got.PDoneWithin[i], got.PDoneWithin[i-1], "more sprints never make it less likely")
		}
	})
}

// enumerate tries every course of n sprints, the second of which has double capacity.
func enumerate(samples []float64, remaining float64, n int) float64 {
	courses := int(math.Pow(float64(len(samples)), float64(n)))
	done := 0
	for course := range courses {
		sum := 0.0
		for i, rest := 0, course; i < n; i, rest = i+1, rest/len(samples) {
			sum += samples[rest%len(samples)] * []float64{1, 2, 1, 1}[i]
		}
		if sum >= remaining {
			done++
		}
	}
	return float64(done) / float64(courses)
}

func TestBelowThreeSprintsThereIsNoForecast(t *testing.T) {
	_, err := scrum.NewForecast([]float64{8, 11}, 60, nil)
	require.ErrorIs(t, err, scrum.ErrNotEnoughSprints)
	_, err = scrum.OnTimes(nil, nil, nil)
	require.ErrorIs(t, err, scrum.ErrNotEnoughSprints)
	_, err = scrum.NewForecast([]float64{8, 11, math.NaN(), math.Inf(1), -3}, 60, nil)
	require.ErrorIs(t, err, scrum.ErrNotEnoughSprints)
}

func TestOnlyTheLastTwelveSprintsCount(t *testing.T) {
	samples := []float64{1000, 1000}
	for range 12 {
		samples = append(samples, 5)
	}
	f, err := scrum.NewForecast(samples, 6, nil)
	require.NoError(t, err)
	require.Len(t, f.Samples, 12)
	require.Equal(t, []float64{0, 1}, f.PDoneWithin[:2])
}

func TestAnEmptyBacklogIsDoneAndAnEndlessOneHasNoDate(t *testing.T) {
	done, err := scrum.NewForecast([]float64{5, 5, 5}, 0, nil)
	require.NoError(t, err)
	require.Equal(t, 1.0, done.PDoneWithin[0])
	require.Equal(t, 0, *done.PercentileSprints[95])
	for _, c := range []struct {
		samples   []float64
		remaining float64
	}{{[]float64{0, 0, 0}, 1}, {[]float64{1, 2, 3}, 1e9}, {[]float64{1, 2, 3}, math.MaxFloat64}} {
		never, err := scrum.NewForecast(c.samples, c.remaining, nil)
		require.NoError(t, err)
		require.Zero(t, never.PDoneWithin[11])
		require.Nil(t, never.PercentileSprints[50])
		require.Contains(t, string(fields(t, never)["percentile_sprints"]), `"50":null`)
	}
	far, err := scrum.NewForecast([]float64{10, 10, 10}, 1000, nil)
	require.NoError(t, err)
	require.Equal(t, 100, *far.PercentileSprints[85])
}

func TestAbsurdlyLargePointsStayWithinMemoryAndRoughlyRight(t *testing.T) {
	f, err := scrum.NewForecast([]float64{1e9, 2e9, 3e9, 1}, 8.5e9, scrum.Capacity{1, 2})
	require.NoError(t, err)
	require.InDelta(t, enumerate([]float64{1e9, 2e9, 3e9, 1}, 8.5e9, 3), f.PDoneWithin[2], 1e-6)
	require.InDelta(t, 1, f.PDoneWithin[11], .05)
}

func TestASprintWithoutCapacityCompletesNothing(t *testing.T) {
	f, err := scrum.NewForecast([]float64{5, 5, 5}, 10, scrum.Capacity{0, -1})
	require.NoError(t, err)
	require.Equal(t, []float64{0, 0, 0, 1}, f.PDoneWithin[:4])
}

func TestAnItemDueBeforeTheNextSprintEndsIsLateAndOneWithoutDueDateHasNoChance(t *testing.T) {
	rows, err := scrum.OnTimes([]float64{5, 5, 5}, []scrum.Ranked{
		{Item: "free", DueSprint: 0}, {Item: "now", Points: 3, DueSprint: 0}, {Item: "whenever", Points: 1, DueSprint: scrum.NoDueSprint},
		{Item: "next", Points: 1, DueSprint: 1}, {Item: "over", Points: .5, DueSprint: 1}, {Item: "far", Points: 500, DueSprint: 10_000},
	}, nil)
	require.NoError(t, err)
	got := map[string]float64{}
	for _, row := range rows {
		if row.P != nil {
			got[row.Item] = *row.P
		}
	}
	require.Equal(t, map[string]float64{"free": 1, "now": 0, "next": 1, "over": 0, "far": 1}, got)
}

func TestOnTimesAgreeWithTheForecastOfTheSamePoints(t *testing.T) {
	samples := []float64{8, 11, 9, 14, 7, 11.5}
	for n := 1; n <= 8; n++ {
		rows, err := scrum.OnTimes(samples, []scrum.Ranked{{Item: "A", Points: 33, DueSprint: n}}, scrum.Capacity{1, .5})
		require.NoError(t, err)
		f, err := scrum.NewForecast(samples, 33, scrum.Capacity{1, .5})
		require.NoError(t, err)
		require.Equal(t, f.PDoneWithin[n-1], *rows[0].P)
	}
}

func TestVelocityIsTheMeanOfTheLastSevenWithItsRange(t *testing.T) {
	var closed []scrum.SprintResult
	for i, completed := range []float64{500, 8, 11, 9, 14, 7, 11, 10} {
		closed = append(closed, scrum.SprintResult{Number: i + 1, Committed: 12, Completed: completed, PersonDays: float64(i%2) * 20})
	}
	v := scrum.NewVelocity(closed)
	require.Len(t, v.Sprints, 7)
	require.Equal(t, []float64{10, 7, 14, .425}, []float64{*v.Mean, *v.Low, *v.High, *v.PerPersonDay})
	require.Equal(t, "10 points a sprint over the last 7, from 7 to 14.", v.Message)
}

func TestVelocityOfTooFewSprintsIsASentenceAndNotANumber(t *testing.T) {
	for n := range scrum.MinSamples {
		v := scrum.NewVelocity(make([]scrum.SprintResult, n))
		require.False(t, v.Enough)
		require.Nil(t, v.Mean)
		require.Contains(t, v.Message, "Not enough sprints yet")
		require.NotContains(t, string(fields(t, v)["sprints"]), "null")
	}
	v := scrum.NewVelocity(make([]scrum.SprintResult, 3))
	require.Equal(t, 0.0, *v.Mean)
	require.Nil(t, v.PerPersonDay, "no person-days are known")
}

func TestFutureSprintsAreScaledByTheirPersonDays(t *testing.T) {
	past := []scrum.SprintResult{{PersonDays: 30}, {PersonDays: 50}, {}}
	require.Equal(t, scrum.Capacity{.5, 1, 0}, scrum.CapacityOf([]float64{20, 40, 0}, past))
	require.Equal(t, scrum.Capacity{1}, scrum.CapacityOf([]float64{20}, nil))
}
