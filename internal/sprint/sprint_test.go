package sprint_test

import (
	"bytes"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
)

func replace(text []byte, old, new string) []byte {
	return bytes.ReplaceAll(text, []byte(old), []byte(new))
}

func (w *world) plan(points ...float64) (n int64, items []*backlog.Patch) {
	w.t.Helper()
	sp, err := w.sprint.Create(w.t.Context(), ana, w.team, sprint.Planning{})
	require.NoError(w.t, err)
	for i, p := range points {
		item := w.patch(string(rune('A'+i)), p, 10)
		w.add(sp.Number, item, "")
		items = append(items, w.read(item.Number))
	}
	return sp.Number, items
}

func (w *world) start(n int64) *sprint.Sprint {
	w.t.Helper()
	sp, err := w.sprint.Get(w.t.Context(), w.team, n)
	require.NoError(w.t, err)
	sp, err = w.sprint.Start(w.t.Context(), ana, w.team, n, sp.Version)
	require.NoError(w.t, err)
	w.clock.Add(time.Hour)
	return sp
}

func (w *world) close(n int64, c sprint.Closing) (*sprint.Sprint, error) {
	w.t.Helper()
	sp, err := w.sprint.Get(w.t.Context(), w.team, n)
	require.NoError(w.t, err)
	c.Seen = sp.Version
	return w.sprint.Close(w.t.Context(), ana, w.team, n, c)
}

func TestOnlyOneSprintIsActiveHoweverManyStartAtOnce(t *testing.T) {
	each(t, "Europe/Berlin", func(w *world) {
		first, _ := w.plan(3)
		second, _ := w.plan(5)
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() {
				n := []int64{first, second}[i%2]
				sp, err := w.sprint.Get(w.t.Context(), w.team, n)
				if err == nil {
					_, err = w.sprint.Start(w.t.Context(), ana, w.team, n, sp.Version)
				}
				errs[i] = err
			})
		}
		wg.Wait()
		started := 0
		for _, err := range errs {
			if err == nil {
				started++
				continue
			}
			assert.True(w.t, fault.Is(err, fault.Conflict), "%v", err)
		}
		assert.Equal(w.t, 1, started)
	})
}

func TestACloseDecidesAboutEachUnfinishedItem(t *testing.T) {
	each(t, "Europe/Berlin", func(w *world) {
		n, items := w.plan(1, 2, 3, 4, 5)
		w.start(n)
		w.move(items[0].Number, scrum.Verified, "")
		w.move(items[1].Number, scrum.InProgress, "")

		_, err := w.close(n, sprint.Closing{})
		require.True(w.t, fault.Is(err, fault.Invalid), "a decision is missing: %v", err)
		_, err = w.close(n, sprint.Closing{Otherwise: scrum.ToDrop})
		require.True(w.t, fault.Is(err, fault.Invalid), "a reason is missing: %v", err)

		closed, err := w.close(n, sprint.Closing{Choices: []sprint.Choice{
			{Number: items[1].Number, Choice: scrum.ToNextSprint},
			{Number: items[2].Number, Choice: scrum.ToBacklogTop},
			{Number: items[3].Number, Choice: scrum.ToDrop, DropReason: scrum.Duplicate},
		}, Otherwise: scrum.ToBacklogRank})
		require.NoError(w.t, err)
		assert.InDelta(w.t, 1, *closed.Completed, 0)
		assert.InDelta(w.t, 11, *closed.FinalScope, 0, "15 less the 4 that were dropped")

		next := w.read(items[1].Number)
		assert.EqualValues(w.t, 1, next.Carried)
		assert.Equal(w.t, scrum.InProgress, next.Status, "work goes on where it was")
		require.NotNil(w.t, next.SprintID)
		top := w.read(items[2].Number)
		assert.Nil(w.t, top.SprintID)
		page, err := w.backlog.List(w.t.Context(), backlog.Filter{TeamID: w.team.ID, Limit: 1})
		require.NoError(w.t, err)
		assert.Equal(w.t, top.Number, page.Items[0].Number)
		assert.Equal(w.t, scrum.Dropped, w.read(items[3].Number).Status)
		assert.Equal(w.t, scrum.Ready, w.read(items[4].Number).Status)

		r, err := w.sprint.Report(w.t.Context(), w.team, n)
		require.NoError(w.t, err)
		assert.Equal(w.t, map[string]float64{"INF-2": 2, "INF-3": 3, "INF-5": 5}, r.CarryOver)
	})
}

func TestNothingAfterTheCloseChangesAClosedSprint(t *testing.T) {
	each(t, "Europe/Berlin", func(w *world) {
		n, items := w.plan(3, 5)
		w.start(n)
		w.move(items[0].Number, scrum.Verified, "")
		_, err := w.close(n, sprint.Closing{Otherwise: scrum.ToBacklogRank})
		require.NoError(w.t, err)
		before := w.frozen(n)

		w.clock.Add(48 * time.Hour)
		w.move(items[0].Number, scrum.InProgress, scrum.RolledBack)
		w.estimate(items[0].Number, 13)
		w.move(items[1].Number, scrum.Verified, "")
		w.rescore(items[0].Number, 99)
		_, err = w.sprint.Add(w.t.Context(), ana, w.team, n, sprint.Adding{Numbers: []int64{items[0].Number}, MayScope: true})
		assert.True(w.t, fault.Is(err, fault.Conflict))
		goal := "another goal"
		_, err = w.sprint.Update(w.t.Context(), ana, w.team, n, 0, sprint.Planning{Goal: &goal})
		assert.True(w.t, fault.Is(err, fault.Conflict))
		assert.Equal(w.t, before, w.frozen(n))
	})
}

func (w *world) frozen(n int64) string {
	w.t.Helper()
	r, err := w.sprint.Report(w.t.Context(), w.team, n)
	require.NoError(w.t, err)
	r.Sprint.Velocity = nil // of the team, not of the sprint
	text, err := json.Marshal([]any{r.Report, r.Sprint, r.Entries})
	require.NoError(w.t, err)
	return string(text)
}

func TestPlanningWritesNoLedgerAndScopeAfterTheStartDoes(t *testing.T) {
	each(t, "UTC", func(w *world) {
		n, items := w.plan(3, 5)
		_, err := w.sprint.Remove(w.t.Context(), ana, w.team, n, items[1].Number, "", true)
		require.NoError(w.t, err)
		w.start(n)
		_, err = w.sprint.Add(w.t.Context(), ana, w.team, n, sprint.Adding{Numbers: []int64{items[1].Number}})
		require.True(w.t, fault.Is(err, fault.Forbidden), "a member does not change the scope of an active sprint: %v", err)
		w.add(n, items[1], scrum.Emergency)
		r, err := w.sprint.Report(w.t.Context(), w.team, n)
		require.NoError(w.t, err)
		require.Len(w.t, r.ScopeLedger, 1)
		assert.Equal(w.t, "added", r.ScopeLedger[0].Kind)
		assert.Equal(w.t, "emergency", r.Entries[0].Detail)
		assert.InDelta(w.t, 3, r.Committed, 0)
		assert.InDelta(w.t, 8, r.FinalScope, 0)
		_, unplanned, err := w.sprint.Items(w.t.Context(), w.team, n)
		require.NoError(w.t, err)
		assert.False(w.t, unplanned)
	})
}

func TestTheStartFreezesTheCalendar(t *testing.T) {
	each(t, "Europe/Berlin", func(w *world) {
		n, _ := w.plan(3)
		started := w.start(n)
		assert.Equal(w.t, "Europe/Berlin", started.TimeZone)
		before, err := w.sprint.Report(w.t.Context(), w.team, n)
		require.NoError(w.t, err)
		w.setZone("Pacific/Auckland")
		after, err := w.sprint.Report(w.t.Context(), w.team, n)
		require.NoError(w.t, err)
		assert.Equal(w.t, before.Days, after.Days)
	})
}
