package backlog_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/backlog"
	"patchline/internal/db"
)

func TestAPatchMadeByHandHasTheScoreThatScoringAgainWouldGiveIt(t *testing.T) {
	each(t, func(w *world) {
		exec := func(query string, args ...any) {
			require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) error { return tx.Exec(query, args...).Error }))
		}
		exec("INSERT INTO assets (id, team_id, name, name_key, kind, environment, criticality, exposure, regulations, owner, tags, description, open_findings, version, created_at) VALUES ('a1', ?, 'web', 'web', 'host', 'production', 'critical', 'internet', '[]', '', '[]', '', 0, 1, 0)", w.team.ID)
		exec("INSERT INTO epss (id, probability, percentile) VALUES ('CVE-2024-0001', 0.4, 0.9)")
		for _, d := range []backlog.Draft{
			{Title: "About nothing"},
			{Title: "About two", Vulnerabilities: []string{"CVE-2024-0002", "cve-2024-0001", "CVE-2024-0001"}},
			{Title: "On a host", Vulnerabilities: []string{"CVE-2024-0001"}, AssetIDs: []string{"a1"}},
			{Title: "Better stand-ups", Kind: backlog.KindImprovement},
		} {
			made, err := w.Create(w.t.Context(), ana, w.team, d)
			require.NoError(w.t, err)
			stored, err := backlog.ByID(w.d.Read(w.t.Context()), made.ID)
			require.NoError(w.t, err)
			assert.Equal(w.t, []any{made.Risk, made.SortValue, made.Vulnerabilities}, []any{stored.Risk, stored.SortValue, stored.Vulnerabilities})
			require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) error {
				changed, err := backlog.Rescore(tx, ana, w.team, []string{made.ID}, "again")
				assert.Zero(w.t, changed, d.Title)
				return err
			}))
			var entered float64
			require.NoError(w.t, db.One(w.d.Read(w.t.Context()).Raw("SELECT COALESCE(SUM(risk), 0) FROM ledger WHERE patch_id = ?", made.ID), &entered))
			assert.InDelta(w.t, made.Risk, entered, 1e-9, d.Title)
		}
	})
}
