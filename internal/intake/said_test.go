package intake_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/advisory"
	"patchline/internal/audit"
	"patchline/internal/backlog"
)

// history is what is kept of the EPSS scores of a vulnerability, by day.
func (d *desk) history(id string) map[string]float64 {
	d.Helper()
	k, err := advisory.New(d.db).Get(d.Context(), id)
	require.NoError(d, err)
	out := map[string]float64{}
	for _, p := range k.History {
		out[p.Day.Format("2006-01-02")] = p.Probability
	}
	return out
}

func TestEPSSHistoryHasAPointPerChangeOfWhatATeamHas(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("epss.csv", scores("v1", "2026-03-01", "CVE-2024-0001,0.01,0.5", "CVE-2020-0009,0.5,0.9"))
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001"))
		d.take("epss.csv", scores("v1", "2026-03-02", "CVE-2024-0001,0.01,0.6", "CVE-2020-0009,0.5,0.9"))
		assert.Empty(d, d.history("CVE-2024-0001"), "a percentile alone is no change")
		d.take("epss.csv", scores("v1", "2026-03-03", "CVE-2024-0001,0.2,0.8", "CVE-2020-0009,0.6,0.9"))
		d.take("epss.csv", scores("v1", "2026-03-04", "CVE-2024-0001,0.2,0.8", "CVE-2020-0009,0.6,0.9"))
		d.clock.Add(72 * time.Hour)
		d.take("epss.csv", scores("v1", "2026-03-05", "CVE-2024-0001,0.3,0.8", "CVE-2020-0009,0.6,0.9"))
		assert.Equal(d, map[string]float64{"2026-03-02": 0.01, "2026-03-03": 0.2, "2026-03-05": 0.3}, d.history("CVE-2024-0001"))
		assert.Empty(d, d.history("CVE-2020-0009"), "nobody has it")
	})
}

func TestWhatASupplierSaysIsKeptForTheTeamThatBroughtIt(t *testing.T) {
	onDesk(t, func(d *desk) {
		const vex = `{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://example.com/vex-1","author":"Acme","timestamp":"2026-03-01T00:00:00Z","version":1,"statements":[
			{"vulnerability":{"name":"CVE-2024-0001"},"products":[{"@id":"pkg:deb/debian/openssl@1"}],"status":"not_affected","justification":"vulnerable_code_not_present"},
			{"vulnerability":{"name":"CVE-2024-0001"},"products":[{"@id":"pkg:deb/debian/zlib@1"}],"status":"affected","action_statement":"Update"}]}`
		d.take("vex.json", vex)
		before := d.rows("SELECT * FROM statements ORDER BY id")
		d.take("vex.json", vex)
		assert.Equal(d, before, d.rows("SELECT * FROM statements ORDER BY id"))
		said, err := advisory.New(d.db).Statements(d.Context(), d.team.ID, "CVE-2024-0001")
		require.NoError(d, err)
		require.Len(d, said, 2)
		byStatus := map[string]advisory.Statement{}
		for _, s := range said {
			byStatus[s.Status] = s
		}
		assert.Equal(d, "vulnerable_code_not_present", byStatus["not_affected"].Justification)
		assert.Equal(d, "Update", byStatus["affected"].Action)
		assert.NotNil(d, byStatus["affected"].At)
	})
}

func TestAnIdNamedByHandFollowsItsAlias(t *testing.T) {
	onDesk(t, func(d *desk) {
		p, err := backlog.New(d.db).Create(d.Context(), audit.Server, d.team, backlog.Draft{Title: "By hand", Vulnerabilities: []string{"ghsa-AAAA-bbbb-cccc"}})
		require.NoError(d, err)
		d.take("kev.json", catalogue("2026-03-01", "CVE-2024-0001 2026-03-01 2026-03-22"))
		d.take("osv.json", `{"id":"GHSA-aaaa-bbbb-cccc","modified":"2026-03-01T00:00:00Z","aliases":["CVE-2024-0001"],"summary":"A flaw","affected":[{"package":{"ecosystem":"npm","name":"x"}}]}`)
		now, err := backlog.ByID(d.db.Read(d.Context()), p.ID)
		require.NoError(d, err)
		assert.True(d, now.KEV, "the alias is listed, so the patch is")
		again, err := backlog.New(d.db).Create(d.Context(), audit.Server, d.team, backlog.Draft{Title: "Later", Vulnerabilities: []string{"GHSA-aaaa-bbbb-cccc", "CVE-2024-0001"}})
		require.NoError(d, err)
		assert.True(d, again.KEV)
		assert.EqualValues(d, 1, again.Vulnerabilities)
		k, err := advisory.New(d.db).Get(d.Context(), "CVE-2024-0001")
		require.NoError(d, err)
		require.Len(d, k.Advisories, 1)
		assert.Equal(d, "GHSA-aaaa-bbbb-cccc", k.Advisories[0].ID)

		activity, err := backlog.New(d.db).Activity(d.Context(), d.team, p.Number, []backlog.ActivityKind{backlog.AboutScores}, "", 10)
		require.NoError(d, err)
		require.Len(d, activity, 1, "what moved the score stands in the history")
		assert.Equal(d, true, activity[0].Detail["kev"])
	})
}
