package intake_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/intake"
	"patchline/internal/team"
)

var ann = audit.Who{UserID: "u1", Name: "Ann"}

// desk is a team that imports files into a fresh database.
type desk struct {
	*testing.T
	db     *db.DB
	clock  *dbtest.Clock
	intake *intake.Service
	team   *team.Team
	dir    string
}

// onDesk runs a test on each engine.
func onDesk(t *testing.T, test func(d *desk)) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, base *db.DB, clock *dbtest.Clock) {
		test(newDesk(t, base, clock))
	})
}

func newDesk(t *testing.T, base *db.DB, clock *dbtest.Clock) *desk {
	d := &desk{T: t, db: base, clock: clock, dir: filepath.Join(t.TempDir(), "uploads")}
	d.intake = intake.New(base, intake.Options{Uploads: d.dir, MaxUpload: 64 << 20})
	d.team = d.addTeam("INF")
	return d
}

func (d *desk) addTeam(key string) *team.Team {
	d.Helper()
	require.NoError(d, d.db.Write(d.Context(), func(tx *db.Tx) error {
		return tx.Exec(`INSERT INTO teams (id, key, name, time_zone, working_week, holidays, policies, approval_required, parallel_sprints,
			last_patch, last_sprint, version, created_at) VALUES (?, ?, ?, 'UTC', '["mon","tue","wed","thu","fri"]', '[]', '[]', ?, ?, 0, 0, 1, 0)`,
			"team "+key, key, key, false, false).Error
	}))
	t, err := team.ByKey(d.db.Read(d.Context()), key)
	require.NoError(d, err)
	return t
}

// take imports a text and expects it to be taken.
func (d *desk) take(name, text string, change ...func(*intake.Request)) intake.Summary {
	d.Helper()
	sum, err := d.try(name, text, change...)
	require.NoError(d, err)
	return sum
}

func (d *desk) try(name, text string, change ...func(*intake.Request)) (intake.Summary, error) {
	req := intake.Request{File: strings.NewReader(text), Name: name}
	for _, c := range change {
		c(&req)
	}
	return d.intake.Import(d.Context(), ann, d.team, req, nil)
}

func reader(text string) io.ReadSeeker { return strings.NewReader(text) }

func partial(r *intake.Request) { r.Scope = intake.Partial }

// table is a report in our own format. A row is "asset component version fixed
// vulnerability", with - for nothing, and optionally a status.
func table(rows ...string) string {
	var b strings.Builder
	b.WriteString("asset,ecosystem,component,installed_version,fixed_version,vulnerability,severity,status\n")
	for _, r := range rows {
		c := strings.Fields(strings.ReplaceAll(r, "-|", "|"))
		for i := range c {
			if c[i] == "-" {
				c[i] = ""
			}
		}
		status := "affected"
		if len(c) > 5 {
			status = c[5]
		}
		fmt.Fprintf(&b, "%s,deb,%s,%s,%s,%s,high,%s\n", c[0], c[1], c[2], c[3], c[4], status)
	}
	return b.String()
}

// grype is a report of another scanner about one asset; rows are "component
// version fixed vulnerability".
func grype(asset string, rows ...string) string {
	var matches []string
	for _, r := range rows {
		c := strings.Fields(r)
		fix := `"versions":[],"state":"not-fixed"`
		if c[2] != "-" {
			fix = fmt.Sprintf(`"versions":[%q],"state":"fixed"`, c[2])
		}
		matches = append(matches, fmt.Sprintf(`{"vulnerability":{"id":%q,"severity":"High","fix":{%s}},"artifact":{"name":%q,"version":%q,"type":"deb","purl":"pkg:deb/debian/%s@%s"}}`,
			c[3], fix, c[0], c[1], c[0], c[1]))
	}
	return fmt.Sprintf(`{"matches":[%s],"source":{"type":"image","target":{"userInput":%q}},"descriptor":{"name":"grype","version":"0.80.0"}}`,
		strings.Join(matches, ","), asset)
}

// rows reads lines of a query, cells separated by blanks.
func (d *desk) rows(query string, args ...any) []string {
	d.Helper()
	r, err := d.db.Read(context.Background()).Raw(query, args...).Rows()
	require.NoError(d, err)
	defer r.Close()
	columns, err := r.Columns()
	require.NoError(d, err)
	out := []string{}
	for r.Next() {
		cells := make([]sql.NullString, len(columns))
		to := make([]any, len(columns))
		for i := range cells {
			to[i] = &cells[i]
		}
		require.NoError(d, r.Scan(to...))
		words := make([]string, len(cells))
		for i, c := range cells {
			if words[i] = c.String; !c.Valid {
				words[i] = "null"
			}
		}
		out = append(out, strings.Join(words, " "))
	}
	require.NoError(d, r.Err())
	return out
}

// findings shows what is stored: asset, component, vulnerability, status and the
// version of the patch.
func (d *desk) findings() []string {
	d.Helper()
	return d.rows(`SELECT a.name, f.component, f.vulnerability_id, f.status, COALESCE(p.fixed_version, '-') FROM findings f
		JOIN assets a ON a.id = f.asset_id LEFT JOIN patches p ON p.id = f.patch_id ORDER BY a.name_key, f.component, f.vulnerability_id`)
}

// patches shows the patches by number: component, version, status, assets and
// findings.
func (d *desk) patches() []string {
	d.Helper()
	return d.rows("SELECT component, fixed_version, status, assets, findings FROM patches ORDER BY team_id, number")
}

// everything is all that a repeated import must leave alone.
func (d *desk) everything() []string {
	d.Helper()
	var out []string
	for _, table := range []string{"findings", "finding_sources", "patches", "patch_scores", "patch_words", "assets", "vulnerabilities",
		"vulnerability_texts", "aliases", "kev", "epss", "snapshots", "ledger"} {
		out = append(out, table)
		out = append(out, d.rows("SELECT * FROM "+table+" ORDER BY 1, 2")...)
	}
	return out
}

// execute is a transaction of one statement.
func execute(query string, args ...any) func(*db.Tx) error {
	return func(tx *db.Tx) error { return tx.Exec(query, args...).Error }
}
