package sprint_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
)

func (w *world) reopen(n int64) (*sprint.Reopened, error) {
	w.t.Helper()
	sp, err := w.sprint.Get(w.t.Context(), w.team, n)
	require.NoError(w.t, err)
	return w.sprint.Reopen(w.t.Context(), ana, w.team, n, sprint.Reopening{Reason: "closed a day early", Seen: sp.Version})
}

func (w *world) report(n int64) *sprint.Report {
	w.t.Helper()
	r, err := w.sprint.Report(w.t.Context(), w.team, n)
	require.NoError(w.t, err)
	return r
}

func TestReopeningTakesBackWhatTheCloseDid(t *testing.T) {
	each(t, "Europe/Berlin", func(w *world) {
		n, items := w.plan(1, 2, 3, 4, 5)
		w.start(n)
		w.move(items[0].Number, scrum.Verified, "")
		for _, i := range items[1:] {
			w.move(i.Number, scrum.Testing, "")
		}
		before := w.read(items[2].Number)
		_, err := w.close(n, sprint.Closing{Choices: []sprint.Choice{
			{Number: items[1].Number, Choice: scrum.ToNextSprint},
			{Number: items[2].Number, Choice: scrum.ToBacklogTop},
			{Number: items[3].Number, Choice: scrum.ToDrop, DropReason: scrum.Duplicate},
		}, Otherwise: scrum.ToBacklogRank})
		require.NoError(w.t, err)
		w.clock.Add(23 * time.Hour)

		out, err := w.reopen(n)
		require.NoError(w.t, err)
		assert.Equal(w.t, scrum.Active, out.Sprint.State)
		assert.ElementsMatch(w.t, []int64{items[1].Number, items[2].Number, items[3].Number, items[4].Number}, out.Returned)
		assert.Empty(w.t, out.MovedOn)
		for _, i := range items[1:] {
			p := w.read(i.Number)
			require.NotNil(w.t, p.SprintID)
			assert.Equal(w.t, out.Sprint.ID, *p.SprintID)
			assert.Zero(w.t, p.Carried, "it was not carried after all")
			assert.True(w.t, p.IsOpen)
		}
		assert.Equal(w.t, scrum.Testing, w.read(items[4].Number).Status, "its work stands where it stood")
		top := w.read(items[2].Number)
		assert.Equal(w.t, before.SortValue, top.SortValue, "its place at the top is taken back")
		assert.Nil(w.t, top.PlacedAt)
		assert.Equal(w.t, sprint.NextRemoved, out.Next)
		_, err = w.sprint.Get(w.t.Context(), w.team, n+1)
		assert.True(w.t, fault.Is(err, fault.NotFound), "the sprint that the close planned is gone with it: %v", err)

		r := w.report(n)
		assert.InDelta(w.t, 15, r.FinalScope, 0)
		assert.InDelta(w.t, 1, r.Completed, 0)
		assert.Equal(w.t, []string{"dropped", "added"}, []string{r.ScopeLedger[1].Kind, r.ScopeLedger[2].Kind}, "what happened stays visible")
		require.Len(w.t, r.Reopenings, 1)
		assert.InDelta(w.t, 11, r.Reopenings[0].FinalScope, 0, "as it was at the close")
		assert.Equal(w.t, "closed a day early", r.Reopenings[0].Reason)
		assert.NotNil(w.t, r.Today, "its charts are live again")
		v, closed, err := w.sprint.Velocity(w.t.Context(), w.team)
		require.NoError(w.t, err)
		assert.Empty(w.t, closed, "velocity leaves it out: %v", v)

		w.move(items[1].Number, scrum.Verified, "")
		again, err := w.close(n, sprint.Closing{Otherwise: scrum.ToNextSprint})
		require.NoError(w.t, err)
		assert.InDelta(w.t, 3, *again.Completed, 0)
		assert.EqualValues(w.t, 1, w.read(items[4].Number).Carried)
		next, _, err := w.sprint.Items(w.t.Context(), w.team, n+1)
		require.NoError(w.t, err, "its number is used again")
		assert.Len(w.t, next, 3)
	})
}

func TestWhatMovedOnSinceTheCloseStaysWhereItIsAndIsNamed(t *testing.T) {
	each(t, "UTC", func(w *world) {
		n, items := w.plan(1, 2, 3, 4, 5)
		w.start(n)
		w.move(items[0].Number, scrum.Verified, "")
		w.move(items[1].Number, scrum.Verified, "")
		_, err := w.close(n, sprint.Closing{Otherwise: scrum.ToBacklogRank})
		require.NoError(w.t, err)
		w.move(items[0].Number, scrum.Testing, scrum.FailedVerification) // it comes back, open
		w.estimate(items[1].Number, 7)                                   // its credit is corrected
		later, _ := w.plan()
		w.add(later, w.read(items[2].Number), "")
		w.move(items[3].Number, scrum.Verified, "")
		_, err = w.backlog.Drop(w.t.Context(), ana, w.team, items[4].Number, backlog.Dropping{Reason: scrum.FalsePositive, Seen: w.read(items[4].Number).Version})
		require.NoError(w.t, err)

		out, err := w.reopen(n)
		require.NoError(w.t, err)
		assert.ElementsMatch(w.t, []sprint.MovedOn{
			{Number: items[2].Number, Where: "in sprint 2"}, {Number: items[3].Number, Where: "verified"}, {Number: items[4].Number, Where: "dropped"},
		}, out.MovedOn)
		assert.Equal(w.t, []int64{items[0].Number}, out.Returned)
		r := w.report(n)
		assert.InDelta(w.t, 8, r.FinalScope, 0, "the 1 that was opened again and the 7 that are done")
		assert.InDelta(w.t, 7, r.Completed, 0)
		assert.Equal(w.t, out.MovedOn, r.Reopenings[0].MovedOn, "the report says where they went")
		ledger := scrum.Sprint{Start: *r.Sprint.StartedAt, Commitments: r.Commitments, Entries: r.Entries}
		require.NoError(w.t, ledger.Check())
		w.holdsWhatItsLedgerSays(r.Sprint, ledger.Fold())
		assert.Contains(w.t, r.Entries[len(r.Entries)-1].Reason, "while the sprint was closed")
	})
}

func TestASprintIsReopenedForADayAndOnlyWhereNoOtherIsActive(t *testing.T) {
	each(t, "UTC", func(w *world) {
		first, _ := w.plan(3)
		_, err := w.reopen(first)
		require.True(w.t, fault.Is(err, fault.Conflict), "it has not even started: %v", err)
		w.start(first)
		_, err = w.close(first, sprint.Closing{Otherwise: scrum.ToNextSprint})
		require.NoError(w.t, err)
		second := first + 1
		w.start(second)
		_, err = w.reopen(first)
		require.True(w.t, fault.Is(err, fault.Conflict), "%v", err)
		assert.Contains(w.t, err.Error(), "Sprint 2 is active")
		assert.Contains(w.t, err.Error(), "Close or cancel sprint 2 first")

		_, err = w.close(second, sprint.Closing{Otherwise: scrum.ToBacklogRank})
		require.NoError(w.t, err)
		stale := sprint.Reopening{Reason: "x", Seen: 1}
		_, err = w.sprint.Reopen(w.t.Context(), ana, w.team, second, stale)
		require.True(w.t, fault.Is(err, fault.Conflict), "somebody else changed it: %v", err)
		w.clock.Add(scrum.ReopenWithin + time.Second)
		_, err = w.reopen(second)
		require.True(w.t, fault.Is(err, fault.Conflict), "%v", err)
		assert.Contains(w.t, err.Error(), "more than 24 hours ago")
		assert.Contains(w.t, err.Error(), "Record a correction")
	})
}

func TestWithParallelSprintsAReopenedOneLeavesWhatAnotherActiveOneHas(t *testing.T) {
	each(t, "UTC", func(w *world) {
		require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) error {
			return tx.Exec("UPDATE teams SET parallel_sprints = ? WHERE id = ?", true, w.team.ID).Error
		}))
		first, items := w.plan(3, 5)
		w.start(first)
		_, err := w.close(first, sprint.Closing{Choices: []sprint.Choice{{Number: items[0].Number, Choice: scrum.ToNextSprint}}, Otherwise: scrum.ToBacklogRank})
		require.NoError(w.t, err)
		w.start(first + 1)
		out, err := w.reopen(first)
		require.NoError(w.t, err)
		assert.Equal(w.t, []sprint.MovedOn{{Number: items[0].Number, Where: "in sprint 2"}}, out.MovedOn, "an active sprint does not lose items to another")
		assert.Equal(w.t, []int64{items[1].Number}, out.Returned)
		assert.InDelta(w.t, 5, w.report(first).FinalScope, 0)
		assert.InDelta(w.t, 3, w.report(first+1).FinalScope, 0)
	})
}

func TestASprintThatACloseHadPlannedStaysWhenSomebodyMadeItTheirOwn(t *testing.T) {
	goal := "edge first"
	for name, use := range map[string]func(w *world, n int64){
		"named": func(w *world, n int64) {
			_, err := w.sprint.Update(w.t.Context(), ana, w.team, n, 1, sprint.Planning{Goal: &goal})
			require.NoError(w.t, err)
		},
		"filled":  func(w *world, n int64) { w.add(n, w.patch("new", 2, 10), "") },
		"started": func(w *world, n int64) { w.start(n) },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, "UTC", func(w *world) {
				require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) error {
					return tx.Exec("UPDATE teams SET parallel_sprints = ? WHERE id = ?", true, w.team.ID).Error
				}))
				n, _ := w.plan(3)
				w.start(n)
				_, err := w.close(n, sprint.Closing{Otherwise: scrum.ToNextSprint})
				require.NoError(w.t, err)
				use(w, n+1)
				out, err := w.reopen(n)
				require.NoError(w.t, err)
				assert.Equal(w.t, sprint.NextKept, out.Next)
				_, err = w.sprint.Get(w.t.Context(), w.team, n+1)
				require.NoError(w.t, err)
			})
		})
	}
	each(t, "UTC", func(w *world) {
		n, _ := w.plan(3)
		w.start(n)
		planned, _ := w.plan()
		_, err := w.close(n, sprint.Closing{Otherwise: scrum.ToNextSprint})
		require.NoError(w.t, err)
		out, err := w.reopen(n)
		require.NoError(w.t, err)
		assert.Equal(w.t, sprint.NextNone, out.Next, "the close did not plan that one")
		_, err = w.sprint.Get(w.t.Context(), w.team, planned)
		require.NoError(w.t, err)
	})
}

func TestTheSprintThatACloseMakesContinuesTheLast(t *testing.T) {
	each(t, "Europe/Berlin", func(w *world) {
		name, goal, from, to := "Wave 09", "edge first", "2026-10-19", "2026-10-30"
		sp, err := w.sprint.Create(w.t.Context(), ana, w.team, sprint.Planning{Name: &name, Goal: &goal, StartDate: &from, EndDate: &to})
		require.NoError(w.t, err)
		w.add(sp.Number, w.patch("A", 3, 10), "")
		w.clock.Set(time.Date(2026, 10, 19, 9, 0, 0, 0, time.UTC))
		w.start(sp.Number)
		_, err = w.close(sp.Number, sprint.Closing{Otherwise: scrum.ToNextSprint})
		require.NoError(w.t, err)
		next, err := w.sprint.Get(w.t.Context(), w.team, sp.Number+1)
		require.NoError(w.t, err)
		assert.Equal(w.t, "Wave 10", next.Name)
		assert.Empty(w.t, next.Goal, "a goal is each sprint's own")
		closed, err := w.sprint.Get(w.t.Context(), w.team, sp.Number)
		require.NoError(w.t, err)
		assert.Equal(w.t, time.Monday, next.StartDate.Weekday(), "the first working day after it")
		assert.Greater(w.t, next.StartDate, closed.EndDate)
		assert.Equal(w.t, closed.StartDate.DaysUntil(closed.EndDate), next.StartDate.DaysUntil(next.EndDate), "as long as the last")
		_, err = w.sprint.Capacity(w.t.Context(), w.team, next.Number)
		require.NoError(w.t, err)

		plain := "the one before Christmas"
		_, err = w.sprint.Update(w.t.Context(), ana, w.team, next.Number, next.Version, sprint.Planning{Name: &plain})
		require.NoError(w.t, err)
		after, err := w.sprint.Create(w.t.Context(), ana, w.team, sprint.Planning{})
		require.NoError(w.t, err)
		assert.Empty(w.t, after.Name, "a name without a number is of one sprint only")
	})
}
