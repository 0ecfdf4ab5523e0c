package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/asset"
	"patchline/internal/backlog"
	"patchline/internal/board"
	"patchline/internal/config"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/estimate"
	"patchline/internal/retro"
	"patchline/internal/review"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/standup"
	"patchline/internal/team"
)

// demoNow is a Sunday: the sixth day of the sprint was the Friday before.
var demoNow = time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)

// demoOn is a call of the demo on a test's database.
func demoOn(t *testing.T, d *db.DB) *call {
	return &call{
		Context: t.Context(), Streams: Streams{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}},
		config: config.Config{Data: t.TempDir(), DatabaseURL: d.URL()},
	}
}

func TestTheDemoIsATeamInMidSprint(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		require.NoError(t, demoOn(t, d).prepareDemo(demoNow))
		clock.Set(demoNow)
		inf, err := team.ByKey(d.Read(t.Context()), "INF")
		require.NoError(t, err)
		theDemoHasItsPeople(t, d, inf)
		theDemoHasItsBacklog(t, d, inf)
		theDemoHasLivedThroughItsSprints(t, d, inf)
		theDemoIsOnDaySix(t, d, inf)
		theDemoStandsUp(t, d, inf)
		theDemoHasLookedBack(t, d, inf)

		before := auditRows(t, d)
		require.NoError(t, demoOn(t, d).prepareDemo(demoNow.AddDate(0, 0, 3)))
		assert.Equal(t, before, auditRows(t, d), "a demo that is there is left alone")
	})
}

func theDemoHasItsPeople(t *testing.T, d *db.DB, inf *team.Team) {
	people, err := team.New(t.Context(), d)
	require.NoError(t, err)
	members, err := people.Members(t.Context(), inf.ID)
	require.NoError(t, err)
	roles := map[team.Role]int{}
	for _, m := range members {
		roles[m.Role]++
	}
	assert.Equal(t, map[team.Role]int{team.ScrumMaster: 1, team.ProductOwner: 1, team.Approver: 1, team.Member: 4, team.Viewer: 1}, roles)
	for _, email := range []string{"amara@demo.example", "admin@demo.example"} {
		_, err = people.SignIn(t.Context(), email, demoPassword, team.From{Address: "192.0.2.1"})
		require.NoError(t, err, email)
	}
}

func theDemoHasItsBacklog(t *testing.T, d *db.DB, inf *team.Team) {
	assets, err := asset.New(d, asset.Scores{}).List(t.Context(), inf.ID, asset.Filter{Limit: 200})
	require.NoError(t, err)
	assert.Equal(t, 60, assets.Count)

	placed, overdue, open, bands, wide, byHand := 0, 0, 0, map[string]int{}, 0, 0
	all := everyPatch(t, d, inf)
	for _, p := range all {
		if p.Component == "" { // an action, or a follow-up of the review
			byHand++
			continue
		}
		if !p.IsOpen {
			continue
		}
		open++
		bands[backlog.Band(p.Priority)]++
		assert.Positive(t, p.Findings, "%s is open without a finding", p.Title)
		if p.PlacedAt != nil {
			placed++
			assert.NotEmpty(t, p.PlacedReason)
			assert.NotZero(t, p.Drift)
		}
		if p.DueAt != nil && p.DueAt.Before(demoNow) {
			overdue++
		}
		if p.Assets >= 20 {
			wide++
		}
	}
	assert.Equal(t, 3, byHand, "two actions and a follow-up")
	assert.Equal(t, 300, len(all), "open or done") // not Len, which prints all of them
	assert.Len(t, bands, 4, "critical, high, medium and low: %v", bands)
	assert.GreaterOrEqual(t, placed, 3)
	assert.Positive(t, wide)
	assert.Positive(t, overdue)
	assert.Less(t, overdue, open/3, "of %d", open)
}

func everyPatch(t *testing.T, d *db.DB, inf *team.Team) (out []backlog.Patch) {
	f := backlog.Filter{TeamID: inf.ID, Statuses: scrum.Statuses[:8], Limit: 200}
	for {
		page, err := backlog.New(d).List(t.Context(), f)
		require.NoError(t, err)
		out = append(out, page.Items...)
		if f.Cursor = page.Next; f.Cursor == "" {
			return out
		}
	}
}

func theDemoHasLivedThroughItsSprints(t *testing.T, d *db.DB, inf *team.Team) {
	sprints := sprint.New(d)
	velocity, closed, err := sprints.Velocity(t.Context(), inf)
	require.NoError(t, err)
	require.Len(t, closed, 6)
	require.NotNil(t, velocity.Mean)
	seen := map[string]bool{}
	for n := int64(1); n <= 7; n++ {
		r, err := sprints.Report(t.Context(), inf, n)
		require.NoError(t, err)
		scope, carried := r.Committed, 0.0
		for _, e := range r.Entries {
			seen[string(e.Kind)+" "+e.Detail] = true
			if e.Kind.ChangesScope() {
				scope += e.Points
			}
		}
		for _, points := range r.CarryOver {
			carried += points
		}
		assert.InDelta(t, r.FinalScope, scope, 1e-9, "sprint %d: commitment and changes are the scope", n)
		assert.InDelta(t, r.FinalScope, r.Completed+carried, 1e-9, "sprint %d: the scope is completed or carried", n)
		if n < 7 {
			assert.True(t, 18 <= r.Completed && r.Completed <= 42, "sprint %d completed %g", n, r.Completed)
		}
	}
	for _, kind := range []string{"added emergency", "added pulled", "removed ", "re_estimated ", "dropped risk_accepted", "reopened rolled_back", "reopened failed_verification"} {
		assert.True(t, seen[kind], "no %s in %v", kind, seen)
	}
	planned, err := sprints.Get(t.Context(), inf, 8)
	require.NoError(t, err)
	assert.Equal(t, scrum.Planned, planned.State)
	assert.Positive(t, planned.Totals.Items)
}

func theDemoIsOnDaySix(t *testing.T, d *db.DB, inf *team.Team) {
	b, err := board.New(d).Get(t.Context(), inf, 0)
	require.NoError(t, err)
	require.NotNil(t, b.Sprint)
	assert.EqualValues(t, 7, b.Sprint.Number)
	cal, err := inf.Calendar()
	require.NoError(t, err)
	assert.Equal(t, 10, cal.WorkingDays(b.Sprint.StartDate, b.Sprint.EndDate))
	assert.Equal(t, 6, cal.WorkingDays(b.Sprint.StartDate, cal.DayOf(demoNow)))
	emergency, third := false, false
	for _, column := range b.Columns {
		assert.NotEmpty(t, column.Cards, column.Status)
		for _, card := range column.Cards {
			emergency = emergency || card.How == backlog.HowEmergency
			third = third || card.Carried == 2
		}
	}
	assert.True(t, emergency, "an emergency")
	assert.True(t, third, "an item in its third sprint")
}

func theDemoStandsUp(t *testing.T, d *db.DB, inf *team.Team) {
	stands := standup.New(d)
	days, err := newDemoDays(demoNow)
	require.NoError(t, err)
	stuckFor := 0
	for n := 1; n <= demoToday; n++ {
		day, err := stands.Get(t.Context(), inf, string(days.day(demoSprint, n)))
		require.NoError(t, err)
		require.NotNil(t, day.SprintDay)
		assert.Equal(t, n, *day.SprintDay)
		assert.Len(t, day.Missing, n/demoToday, "only today somebody has not written yet")
		named := 0
		for _, e := range day.Entries {
			named += len(e.Items)
			assert.LessOrEqual(t, days.calendar.DayOf(e.WrittenAt), day.Day)
		}
		assert.Positive(t, named, "nobody names a patch on day %d", n)
		for _, b := range day.Blockers {
			if b.ResolvedAt == nil {
				stuckFor++
			}
		}
	}
	assert.Equal(t, 4, stuckFor, "on this stand-up and on three before")
	open, err := stands.Blockers(t.Context(), inf, false, nil, 10)
	require.NoError(t, err)
	require.Len(t, open, 1)
	p, err := backlog.ByNumber(d.Read(t.Context()), inf.ID, open[0].Number)
	require.NoError(t, err)
	assert.Contains(t, p.Labels, "blocked")
	resolved, err := stands.Blockers(t.Context(), inf, true, nil, 10)
	require.NoError(t, err)
	assert.Len(t, resolved, 1)
}

func theDemoHasLookedBack(t *testing.T, d *db.DB, inf *team.Team) {
	seen, err := review.New(d).Get(t.Context(), inf, looked)
	require.NoError(t, err)
	assert.NotNil(t, seen.ClosedAt)
	assert.NotEmpty(t, seen.Summary)
	assert.Zero(t, seen.Waiting)
	require.Len(t, seen.Comments, 2)
	assert.True(t, seen.Comments[1].IsGuest())
	back, err := retro.New(d).Get(t.Context(), inf, looked, retro.Hand{})
	require.NoError(t, err)
	assert.Equal(t, retro.Closed, back.Phase)
	assert.Len(t, back.Actions, 2)
	lessons, err := retro.New(d).Lessons(t.Context(), inf, "", "", 10)
	require.NoError(t, err)
	assert.Len(t, lessons, 4)
	for closed, want := range map[bool]int{true: 1, false: 1} {
		tables, err := estimate.New(d).List(t.Context(), inf, "", closed, "", 10)
		require.NoError(t, err)
		assert.Len(t, tables, want, "closed: %v", closed)
	}
}

func auditRows(t *testing.T, d *db.DB) (n int) {
	require.NoError(t, d.Read(t.Context()).Raw("SELECT COUNT(*) FROM audit").Row().Scan(&n))
	return n
}

func TestTheDemoLeavesRealDataAlone(t *testing.T) {
	dir := office(t)
	r := sh(t, "", "demo", "--fill-only", "--data", dir)
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.err, "holds data that are no demo")
	assert.Equal(t, 1, sh(t, "", "demo", "--data", dir).code, "nor is it served as one")
}

func TestHalfADemoIsNotTakenForAWholeOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		require.NoError(t, markDemo(t.Context(), d, demoFilling))
		err := demoOn(t, d).prepareDemo(demoNow)
		require.Error(t, err)
		assert.Contains(t, err.Error(), "cut short")
	})
}

func TestTodayIsTheSixthOfTenWorkingDaysWheneverTheDemoIsMade(t *testing.T) {
	for now := demoNow; now.Before(demoNow.AddDate(2, 0, 0)); now = now.Add(25 * time.Hour) {
		d, err := newDemoDays(now)
		require.NoError(t, err)
		today := d.calendar.DayOf(now)
		start, end := d.day(demoSprint, 1), d.day(demoSprint, demoSprintLen)
		require.Equal(t, 10, d.calendar.WorkingDays(start, end), now)
		require.Equal(t, 6, d.calendar.WorkingDays(start, today), now)
		require.True(t, today < end && d.day(1, 1) < start, now)
		require.Equal(t, d.working(d.day(3, demoSprintLen), 1), d.day(4, 1), "one sprint follows the other")
	}
}

func TestEasterFallsOnItsDays(t *testing.T) {
	// Source: the U.S. Census Bureau's list of Easter dates.
	for _, day := range []string{"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25"} {
		at, err := time.Parse(time.DateOnly, day)
		require.NoError(t, err)
		assert.Equal(t, at, easterSunday(at.Year()))
	}
}

func TestTheFactsOfTheDemoAreWhole(t *testing.T) {
	fixes, err := readFixes()
	require.NoError(t, err)
	for _, f := range fixes {
		assert.NotEmpty(t, f.version, f.component)
		for _, one := range f.facts {
			assert.True(t, strings.HasPrefix(one.cve, "CVE-"), f.component)
			assert.NotEmpty(t, one.epss, one.cve)
			assert.Equal(t, one.kevAdded == "", one.kevDue == "", one.cve)
		}
	}
}
