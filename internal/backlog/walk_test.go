package backlog_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scrum"
)

// manyPatches are more than counting looks at, in backlog order: number 1 is the
// one they are made from, 2 the first. Those from 6,000 on are of the ecosystem
// "late", and two that stand in front by hand have the lowest risk of all. All have
// the search word "common", the late ones "lately", and every thousandth one "seldom"
// or "seldomly".
const manyPatches, late = 7400, 6000

func (w *world) fill() {
	w.item("The one", 0.5)
	require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		err := tx.Exec(`WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO patches (id, team_id, number, kind, title, component, ecosystem, fixed_version, status, is_open, risk, priority, sort_value, tie_key, kev, regulated,
				assumed, due_policy, board_key, carried, assets, findings, vulnerabilities, labels, placed_by, placed_at, placed_reason, changed_by, version, created_at, updated_at)
			SELECT 'p' || (10000 + n.i), team_id, n.i, kind, title, component, CASE WHEN n.i >= ? THEN 'late' ELSE 'deb' END, fixed_version, status, is_open,
				CASE WHEN n.i <= 3 THEN 1.0 ELSE 99.0 - n.i / 100 - n.i % 5 END, 99.0 - n.i / 100, 99.0 - n.i / 100, tie_key, kev, regulated,
				assumed, due_policy, board_key, carried, assets, findings, vulnerabilities, labels, placed_by, CASE WHEN n.i <= 3 THEN 1 END, placed_reason, changed_by, version, created_at, updated_at
			FROM patches CROSS JOIN n WHERE number = 1 AND team_id = ?`, manyPatches, late, w.team.ID).Error
		if err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO patch_words (patch_id, team_id, words)
			SELECT id, team_id, 'common' || CASE WHEN number >= ? THEN ' lately' ELSE '' END
				|| CASE WHEN number % 2000 = 0 THEN ' seldom' WHEN number % 1000 = 0 THEN ' seldomly' ELSE '' END
			FROM patches WHERE number > 1 AND team_id = ?`, late, w.team.ID).Error
	}))
}

// pages are the numbers that a filter finds, page by page, and what the first page
// says of their number.
func (w *world) pages(f backlog.Filter) (numbers []int64, first backlog.Page) {
	w.t.Helper()
	f.TeamID, f.TeamKey, f.Limit = w.team.ID, w.team.Key, 200
	for {
		page, err := w.List(w.t.Context(), f)
		require.NoError(w.t, err)
		if f.Cursor == "" {
			first = page
		}
		for _, p := range page.Items {
			numbers = append(numbers, p.Number)
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			return numbers, first
		}
	}
}

func TestWhatStandsFarDownIsFoundInOrderAndOnce(t *testing.T) {
	each(t, func(w *world) {
		w.fill()
		risk := func(n int64) float64 {
			if n <= 3 {
				return 1
			}
			return float64(99 - n/100 - n%5)
		}
		low, lower := 40.0, 20.0
		for _, asked := range []struct {
			filter backlog.Filter
			fits   func(n int64) bool
		}{
			{backlog.Filter{Ecosystems: []string{"late", "none"}}, func(n int64) bool { return n >= late }},
			{backlog.Filter{Risk: backlog.Range{Max: &low}}, func(n int64) bool { return risk(n) <= low }},
			{backlog.Filter{Risk: backlog.Range{Max: &low}, Ecosystems: []string{"late", "none"}}, func(n int64) bool { return n >= late && risk(n) <= low }},
			{backlog.Filter{Ecosystems: []string{"late", "none"}, Assignees: []string{"nobody", backlog.None}, Statuses: []scrum.Status{scrum.New, scrum.Ready}},
				func(n int64) bool { return n >= late }},
			{backlog.Filter{Risk: backlog.Range{Max: &lower}}, func(n int64) bool { return risk(n) <= lower }},
			{backlog.Filter{Words: "common"}, func(int64) bool { return true }},
			{backlog.Filter{Words: "comm", Ecosystems: []string{"late", "none"}}, func(n int64) bool { return n >= late }},
			{backlog.Filter{Words: "common lately"}, func(n int64) bool { return n >= late }},
			{backlog.Filter{Words: "late"}, func(n int64) bool { return n >= late }},
			{backlog.Filter{Words: "seldom"}, func(n int64) bool { return n%1000 == 0 }},
			{backlog.Filter{Words: "seldomly"}, func(n int64) bool { return n%2000 == 1000 }},
		} {
			var want []int64
			for n := int64(2); n <= manyPatches; n++ {
				if asked.fits(n) {
					want = append(want, n)
				}
			}
			if asked.filter.Ecosystems == nil && asked.filter.Words == "" {
				want = append(want, 1)
			}
			what := fmt.Sprintf("%+v", asked.filter)
			got, first := w.pages(asked.filter)
			assert.Equal(w.t, want, got, what)
			assert.LessOrEqual(w.t, first.Count, len(want), what)
			assert.True(w.t, first.Capped || first.Count == len(want), what)
			asked.filter.Order = backlog.ByKey
			got, _ = w.pages(asked.filter)
			assert.Equal(w.t, slices.Sorted(slices.Values(want)), got, what)
		}
	})
}
