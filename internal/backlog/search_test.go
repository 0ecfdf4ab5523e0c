package backlog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scrum"
)

func TestAKeyFindsItsPatchWhateverHasBecomeOfIt(t *testing.T) {
	each(t, func(w *world) {
		first, second := w.item("a", 20), w.item("b", 10)
		key := backlog.Key(w.team.Key, first)
		_, err := w.Drop(w.t.Context(), ana, w.team, first, backlog.Dropping{Reason: scrum.FalsePositive, Note: "x", Seen: w.read(first).Version})
		require.NoError(w.t, err)
		assert.Equal(w.t, []int64{first}, w.numbers(backlog.Filter{Words: " " + strings.ToLower(key)}))
		assert.Empty(w.t, w.numbers(backlog.Filter{Words: key, Statuses: []scrum.Status{scrum.New}}), "who asks for a status gets that")
		assert.Equal(w.t, []int64{second}, w.numbers(backlog.Filter{}))
		assert.Empty(w.t, w.numbers(backlog.Filter{Words: "OTHER-1"}), "another team's")
	})
}

// numbers are those of the patches that a filter finds.
func (w *world) numbers(f backlog.Filter) (out []int64) {
	w.t.Helper()
	f.TeamID, f.TeamKey, f.Limit = w.team.ID, w.team.Key, 20
	page, err := w.List(w.t.Context(), f)
	require.NoError(w.t, err)
	for _, p := range page.Items {
		out = append(out, p.Number)
	}
	assert.Len(w.t, out, page.Count)
	return out
}

func TestCountsOfACommonWordAndOfAStatusAreExact(t *testing.T) {
	each(t, func(w *world) {
		var fixes []backlog.Fix
		for i := range 1050 {
			fixes = append(fixes, backlog.Fix{Component: fmt.Sprint("deb/c", i), Ecosystem: "deb", Title: fmt.Sprint("kernel update x", i), FixedVersion: "1"})
		}
		var made []string
		require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) error {
			res, err := backlog.Fixes(tx, ana, w.team, fixes)
			if err != nil {
				return err
			}
			made = res.New
			if _, err = backlog.Rescore(tx, ana, w.team, made, ""); err != nil {
				return err
			}
			// 900 stay open; 100 of these are ready, 300 estimated, 50 both
			for query, ids := range map[string][]string{
				"UPDATE patches SET status = 'verified', is_open = FALSE WHERE id IN ?": made[:150],
				"UPDATE patches SET status = 'ready' WHERE id IN ?":                     made[150:250],
				"UPDATE patches SET points = 1 WHERE id IN ?":                           made[200:500],
			} {
				if err := tx.Exec(query, ids).Error; err != nil {
					return err
				}
			}
			return nil
		}))
		yes, no := true, false
		for _, asked := range []struct {
			filter backlog.Filter
			count  int
		}{
			{backlog.Filter{Words: "kernel"}, 900},
			{backlog.Filter{Words: "update kern"}, 900},
			{backlog.Filter{Words: "kernel", Statuses: []scrum.Status{scrum.Verified}}, 150},
			{backlog.Filter{Words: "kernel", Estimated: &yes}, 300},
			{backlog.Filter{Words: "kernel", Statuses: []scrum.Status{scrum.Ready}, Estimated: &yes}, 50},
			{backlog.Filter{Statuses: []scrum.Status{scrum.Ready}}, 100},
			{backlog.Filter{Statuses: []scrum.Status{scrum.Ready}, Estimated: &yes}, 50},
			{backlog.Filter{Statuses: []scrum.Status{scrum.Verified}}, 150},
			{backlog.Filter{Statuses: []scrum.Status{scrum.New, scrum.Ready}}, 900},
			{backlog.Filter{Overdue: &no}, 900},
			{backlog.Filter{NoLabels: []string{"web"}}, 900},
			{backlog.Filter{NoLabels: []string{"web"}, Statuses: []scrum.Status{scrum.Ready}, Estimated: &yes}, 50},
		} {
			asked.filter.TeamID, asked.filter.Limit = w.team.ID, 20
			page, err := w.List(w.t.Context(), asked.filter)
			require.NoError(w.t, err)
			assert.Equal(w.t, asked.count, page.Count, "%+v", asked.filter)
			assert.False(w.t, page.Capped)
		}
		all := backlog.Filter{TeamID: w.team.ID, Limit: 20, NoLabels: []string{"web"}, Statuses: []scrum.Status{scrum.New, scrum.Ready, scrum.Verified}}
		page, err := w.List(w.t.Context(), all)
		require.NoError(w.t, err)
		assert.Equal(w.t, backlog.CountCap, page.Count)
		assert.True(w.t, page.Capped)
	})
}
