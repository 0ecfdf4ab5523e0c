package scrum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"patchline/internal/scrum"
)

// tenDays is an active sprint of 30 points over ten working days.
func tenDays(t require.TestingT, events string) scrum.Sprint {
	s := reopened(told(t, `["2026-10-16T10:00","add","A",15],["2026-10-16T10:00","add","B",5],
		["2026-10-16T10:00","add","C",5],["2026-10-16T10:00","add","D",5]`+events))
	s.PlannedEnd, s.Calendar.Holidays = "2026-10-30", nil
	return s
}

func TestTheProjectionAddsUpTheDaysSoFar(t *testing.T) {
	s := tenDays(t, `,["2026-10-19T12:00","complete","B"],["2026-10-21T12:00","complete","C"]`)
	p := s.Report(at(t, "2026-10-22T18:00")).Projection
	// Four days completed 5, 0, 5 and 0; six are left: 5 × a binomial of 6 and one half.
	require.True(t, p.Enough)
	require.Equal(t, []float64{0, 5, 10}, []float64{p.P15, p.P50, p.P85})
	require.Equal(t, 2.0, p.Behind)
	require.Equal(t, "2 points behind the guideline; 70 % range 0–10 at the end", p.Headline)
	require.Len(t, p.Days, 9)
	require.Equal(t, scrum.ProjectionDay{Day: "2026-10-22", P15: 20, P50: 20, P85: 20}, p.Days[0])
	require.Equal(t, p.Days[2].P50, p.Days[3].P50, "a weekend moves nothing")
}

func TestBeforeTheThirdWorkingDayThereIsNoProjection(t *testing.T) {
	s := tenDays(t, `,["2026-10-19T12:00","complete","B"]`)
	p := s.Report(at(t, "2026-10-20T18:00")).Projection
	require.False(t, p.Enough)
	require.Empty(t, p.Days)
	require.Equal(t, "1 point behind the guideline; too few working days yet for a forecast", p.Headline)
	ahead := s.Report(at(t, "2026-10-19T18:00")).Projection
	require.Contains(t, ahead.Headline, "2 points ahead of the guideline")
}

func TestWorkOnADayOffCountsToTheWorkingDayBefore(t *testing.T) {
	s := tenDays(t, `,["2026-10-20T12:00","complete","B"]`)
	saturday := s.Entries[0]
	s.Entries = append(s.Entries, scrum.Entry{At: at(t, "2026-10-24T12:00"), Kind: scrum.KindCompleted, Item: "C", Points: -5})
	p := s.Report(at(t, "2026-10-25T18:00")).Projection // 0, 5, 0, 0 and 0+5 points in five days
	require.Equal(t, []float64{5, 10, 15}, []float64{p.P15, p.P50, p.P85})
	require.Equal(t, -5.0, saturday.Points)
}

func TestReopeningsMayMakeADayNegativeWithoutBreakingTheProjection(t *testing.T) {
	s := tenDays(t, `,["2026-10-19T12:00","complete","A"],["2026-10-20T12:00","reopen","A","rolled_back"],["2026-10-21T12:00","complete","B"]`)
	p := s.Report(at(t, "2026-10-21T18:00")).Projection
	require.True(t, p.Enough)
	require.LessOrEqual(t, p.P15, p.P50)
	require.LessOrEqual(t, p.P50, p.P85)
	require.GreaterOrEqual(t, p.P15, 0.0)
}
