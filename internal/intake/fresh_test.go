package intake_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/team"
)

// again scores all open patches by what is stored, and returns how many change.
func (d *desk) again() int {
	d.Helper()
	changed, open := 0, d.rows("SELECT id FROM patches WHERE is_open")
	require.NoError(d, d.db.Write(d.Context(), func(tx *db.Tx) error {
		now, err := team.Lock(tx, d.team.ID)
		if err != nil {
			return err
		}
		changed, err = backlog.Rescore(tx, ann, now, open, "again")
		return err
	}))
	return changed
}

func TestAnImportScoresPatchesAsWhatItStoresDoes(t *testing.T) {
	onDesk(t, func(d *desk) {
		for _, row := range []string{"'CVE-2024-0001', 0.5, 0.9", "'CVE-2024-0002', 0.01, 0.2"} {
			require.NoError(d, d.db.Write(d.Context(), execute("INSERT INTO epss (id, probability, percentile) VALUES ("+row+")")))
		}
		d.take("a.csv", table("web old 1 2 CVE-2024-0009", "db old 1 2 CVE-2024-0009", "gone old 1 2 CVE-2024-0009", "sea old 1 2 CVE-2024-0009"))
		const scoped = `{"id":"own","name":"Edge","version":"1","scope":{"tags":["edge"]},"severity_days":{"critical":1,"high":2,"medium":3,"low":4}}`
		for _, statement := range []string{"INSERT INTO policies (id, team_id, version, in_force, created_at) VALUES ('own', 'team INF', 1, TRUE, 0)",
			"INSERT INTO policy_versions (policy_id, version, body, note, user_id, who, at) VALUES ('own', 1, '" + scoped + "', '', '', '', 0)",
			`UPDATE teams SET policies = '["own"]'`} {
			require.NoError(d, d.db.Write(d.Context(), execute(statement)))
		}
		for _, change := range []string{`tags = '["edge"]' WHERE name = 'sea'`, "criticality = 'critical', exposure = 'internet' WHERE name = 'web'", `regulations = '["pci"]', criticality = 'low' WHERE name = 'db'`,
			"retired_at = 4102444800000000 WHERE name = 'gone'"} {
			require.NoError(d, d.db.Write(d.Context(), execute("UPDATE assets SET "+change)))
		}
		d.again()
		d.clock.Add(1e15)
		made := "2026-01-01T00:00:00Z" // before it was retired, so that it stays so
		d.take("b.json", grypeAt("gone", made, "openssl 1 2 CVE-2024-0001", "lonely 1 2 CVE-2024-0001"))
		sum := d.take("c.csv", table("web openssl 1 3 CVE-2024-0001", "db openssl 1 3 CVE-2024-0001", "new openssl 1 3 CVE-2024-0002", "sea openssl 1 3 CVE-2024-0003",
			"sea bzip2 1 2 CVE-2024-0001", "web curl 1 2 CVE-2024-0002", "new curl 1 2 CVE-2024-0002", "new nofix 1 - CVE-2024-0002", "db zlib 1 2 CVE-2024-0004", "db zlib 1 2 CVE-2024-0001 not_affected"))
		assert.Positive(d, sum.Patches.New)
		assert.Equal(d, []string{"deb:bzip2", "deb:openssl"}, d.rows("SELECT component FROM patches WHERE due_policy = 'Edge' AND component <> 'deb:old' ORDER BY component"))
		words, scores := d.rows("SELECT words FROM patch_words ORDER BY patch_id"), d.rows("SELECT score, due FROM patch_scores ORDER BY id")
		columns := d.rows("SELECT * FROM patches ORDER BY id")
		assert.Zero(d, d.again())
		assert.Equal(d, columns, d.rows("SELECT * FROM patches ORDER BY id"))
		assert.Equal(d, words, d.rows("SELECT words FROM patch_words ORDER BY patch_id"))
		assert.Equal(d, scores, d.rows("SELECT score, due FROM patch_scores ORDER BY id"))
		entered := d.rows("SELECT p.number FROM patches p WHERE p.is_open AND ABS(p.risk - (SELECT COALESCE(SUM(l.risk), 0) FROM ledger l WHERE l.patch_id = p.id)) > 0.05")
		assert.Empty(d, entered, "the ledger adds up to the risk of each")
	})
}

func grypeAt(asset, made string, rows ...string) string {
	text := grype(asset, rows...)
	return text[:len(text)-2] + fmt.Sprintf(`,"timestamp":%q}}`, made)
}

func TestPatchesWrittenWithTheirScoreAreAsThoseScoredLater(t *testing.T) {
	onDesk(t, func(d *desk) {
		var rows []string
		for i := range 1700 { // more than a part holds, of one component and then of many
			rows = append(rows, fmt.Sprintf("host-%d package-%d 1 2 CVE-2024-%d", i%9, max(0, i-1650), 1000+i%1640))
		}
		sum := d.take("a.csv", table(rows...))
		assert.Equal(d, 50, sum.Patches.New)
		assert.Equal(d, []string{"50"}, d.rows("SELECT COUNT(*) FROM patch_scores"))
		assert.Equal(d, []string{"1651 9"}, d.rows("SELECT findings, assets FROM patches WHERE component = 'deb:package-0'"))
		assert.Zero(d, d.again())
	})
}
