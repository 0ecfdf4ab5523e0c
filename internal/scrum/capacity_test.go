package scrum_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"patchline/internal/scrum"
)

func availability(t require.TestingT) scrum.Availability {
	return scrum.Availability{
		Calendar: workweek(t, "Europe/Berlin", "2026-10-26"), From: "2026-10-19", To: "2026-10-30",
		TeamOff: []scrum.DayOff{{Day: "2026-10-30"}},
		Frozen:  map[scrum.Day]bool{"2026-10-29": true, "2026-10-25": true, "2026-10-20": true, "2026-11-02": true},
		People: []scrum.Person{
			{Name: "Ada", HoursPerDay: 8, Focus: .75, Off: []scrum.DayOff{{Day: "2026-10-20", Half: true}}},
			{Name: "Bo", HoursPerDay: 4, Focus: .5},
		},
		Reserve: .2,
	}
}

func TestCapacityIsDaysTimesHoursTimesFocusLessTheReserve(t *testing.T) {
	p, err := availability(t).Plan()
	require.NoError(t, err)
	require.Equal(t, 9, p.WorkingDays)
	require.Equal(t, []scrum.PersonCapacity{{Name: "Ada", Days: 7.5, Hours: 45}, {Name: "Bo", Days: 8, Hours: 16}}, p.People)
	require.Equal(t, []float64{15.5, 61, 12.2, 48.8}, []float64{p.PersonDays, p.Hours, p.ReserveHours, p.Available})
	require.Equal(t, []scrum.Day{"2026-10-20", "2026-10-29"}, p.FreezeDays)
	require.Equal(t, .8*(6*6+6*2), p.DeployHours)
}

func TestADayThatIsOffTwiceCountsOnce(t *testing.T) {
	a := availability(t)
	a.TeamOff = append(a.TeamOff, scrum.DayOff{Day: "2026-10-20", Half: true})
	a.People[0].Off = append(a.People[0].Off, scrum.DayOff{Day: "2026-10-20"}, scrum.DayOff{Day: "2026-10-26"},
		scrum.DayOff{Day: "2026-10-24"}, scrum.DayOff{Day: "2026-11-30"}, scrum.DayOff{Day: "2026-10-30", Half: true})
	p, err := a.Plan()
	require.NoError(t, err)
	require.Equal(t, 7.0, p.People[0].Days)
	require.Equal(t, 7.5, p.People[1].Days)
}

func TestCapacityOutOfRangeIsRefusedWithEveryReason(t *testing.T) {
	a := availability(t)
	a.From, a.Reserve = "2026-11-30", math.NaN()
	a.People[0].HoursPerDay, a.People[1].Focus = 25, 1.5
	_, err := a.Plan()
	for _, part := range []string{"ends before", "reserve", "Ada", "Bo"} {
		require.ErrorContains(t, err, part)
	}
	nobody, err := scrum.Availability{Calendar: a.Calendar, From: "2026-10-19", To: "2026-10-19"}.Plan()
	require.NoError(t, err)
	require.Zero(t, nobody.Available)
	require.NotContains(t, string(fields(t, nobody)["people"]), "null")
}

func TestTheReserveIsTheMedianEmergencyShareOfTheLastFive(t *testing.T) {
	require.Zero(t, scrum.DefaultReserve(nil))
	require.Equal(t, .15, scrum.DefaultReserve([]float64{.1, .2}))
	require.Equal(t, .3, scrum.DefaultReserve([]float64{1, 1, 1, .1, .3, 0, .9, .4}))
}
