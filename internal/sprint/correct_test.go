package sprint_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
)

func (w *world) correct(n, item int64, what scrum.Correction, points float64) error {
	w.t.Helper()
	_, err := w.sprint.Correct(w.t.Context(), ana, w.team, n, sprint.Correcting{Number: item, What: what, Points: points, Reason: "was wrong"})
	return err
}

func TestACorrectionStandsBesideTheFiguresOfTheCloseAndChangesNone(t *testing.T) {
	each(t, "Europe/Berlin", func(w *world) {
		n, items := w.plan(3, 5, 8)
		w.start(n)
		w.move(items[0].Number, scrum.Verified, "")
		require.True(w.t, fault.Is(w.correct(n, items[1].Number, scrum.CorrectCompleted, 0), fault.Conflict), "an active sprint is worked on")
		_, err := w.close(n, sprint.Closing{Otherwise: scrum.ToBacklogRank})
		require.NoError(w.t, err)
		before := w.frozen(n)
		w.clock.Add(72 * time.Hour)

		require.NoError(w.t, w.correct(n, items[1].Number, scrum.CorrectCompleted, 0))
		require.NoError(w.t, w.correct(n, items[0].Number, scrum.CorrectPoints, 2))
		require.NoError(w.t, w.correct(n, items[2].Number, scrum.CorrectPoints, 13))
		assert.Equal(w.t, before, w.frozen(n), "the figures of the close stay")
		r := w.report(n)
		require.Len(w.t, r.Corrections.Rows, 3)
		first := r.Corrections.Rows[0]
		assert.Equal(w.t, "INF-2", first.Item)
		assert.Equal(w.t, "Ana", first.Actor)
		assert.Equal(w.t, "was wrong", first.Reason)
		assert.InDelta(w.t, -5, first.Points, 0)
		assert.False(w.t, first.At.IsZero())
		f := r.Corrections.Figures
		assert.InDelta(w.t, 7, f.Completed, 0, "2 and 5")
		assert.InDelta(w.t, 20, f.FinalScope, 0, "2, 5 and 13")
		assert.Equal(w.t, map[string]float64{"INF-3": 13}, f.CarryOver)
		assert.InDelta(w.t, 3, r.Completed, 0)
		assert.InDelta(w.t, 16, r.FinalScope, 0)
		assert.InDelta(w.t, 8, *w.read(items[2].Number).Points, 0, "the item goes on as it is")
		_, closed, err := w.sprint.Velocity(w.t.Context(), w.team)
		require.NoError(w.t, err)
		assert.InDelta(w.t, 3, *closed[0].Completed, 0, "velocity is of the close")
		_, days, err := w.sprint.Burndown(w.t.Context(), w.team, n)
		require.NoError(w.t, err)
		assert.Equal(w.t, r.Days, days)

		require.NoError(w.t, w.correct(n, items[1].Number, scrum.CorrectNotCompleted, 0))
		assert.InDelta(w.t, 2, w.report(n).Corrections.Figures.Completed, 0, "a correction is corrected by another")
		assert.Len(w.t, w.report(n).Corrections.Rows, 4)
	})
}

func TestACorrectionThatCorrectsNothingIsRefused(t *testing.T) {
	each(t, "UTC", func(w *world) {
		n, items := w.plan(3, 5)
		outside := w.patch("outside", 1, 10)
		w.start(n)
		w.move(items[0].Number, scrum.Verified, "")
		_, err := w.close(n, sprint.Closing{Otherwise: scrum.ToBacklogRank})
		require.NoError(w.t, err)
		for what, err := range map[string]error{
			"done already":      w.correct(n, items[0].Number, scrum.CorrectCompleted, 0),
			"not done":          w.correct(n, items[1].Number, scrum.CorrectNotCompleted, 0),
			"the same points":   w.correct(n, items[1].Number, scrum.CorrectPoints, 5),
			"impossible points": w.correct(n, items[1].Number, scrum.CorrectPoints, scrum.MaxPoints+1),
			"not in the sprint": w.correct(n, outside.Number, scrum.CorrectCompleted, 0),
			"no such kind":      w.correct(n, items[1].Number, "x", 0),
		} {
			assert.True(w.t, fault.Is(err, fault.Conflict), "%s: %v", what, err)
		}
		assert.Empty(w.t, w.report(n).Corrections.Rows)
	})
}

func TestWhatWasCorrectedBeforeAReopeningCountsNoMore(t *testing.T) {
	each(t, "UTC", func(w *world) {
		n, items := w.plan(3, 5)
		w.start(n)
		_, err := w.close(n, sprint.Closing{Otherwise: scrum.ToBacklogRank})
		require.NoError(w.t, err)
		w.clock.Add(time.Minute)
		require.NoError(w.t, w.correct(n, items[0].Number, scrum.CorrectCompleted, 0))
		_, err = w.reopen(n)
		require.NoError(w.t, err)
		r := w.report(n)
		assert.Zero(w.t, r.Completed, "it is open again, and can be completed")
		require.Len(w.t, r.Corrections.Rows, 1, "the row stays")
		assert.False(w.t, r.Corrections.Rows[0].Counts)
		w.move(items[0].Number, scrum.Verified, "")
		w.clock.Add(time.Minute)
		_, err = w.close(n, sprint.Closing{Otherwise: scrum.ToBacklogRank})
		require.NoError(w.t, err)
		assert.Nil(w.t, w.report(n).Corrections.Figures)
		assert.InDelta(w.t, 3, w.report(n).Completed, 0)
	})
}
