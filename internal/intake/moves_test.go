package intake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/intake"
)

// reader is somebody who looks at the backlog.
func (d *desk) addReader() string {
	d.Helper()
	id := "reader"
	require.NoError(d, d.db.Write(d.Context(), execute("INSERT INTO users (id, email, name, password_hash, is_admin, version, created_at) VALUES (?, 'r@example.com', 'Rosa', '', ?, 1, 0)", id, false)))
	return id
}

func (d *desk) moves(user string) *backlog.Moves {
	d.Helper()
	m, err := backlog.New(d.db).MovesSince(d.Context(), user, d.team.ID, d.team.Key, nil, 50)
	require.NoError(d, err)
	return m
}

func (d *desk) notices(user string) []backlog.Notice {
	d.Helper()
	n, err := backlog.New(d.db).Notices(d.Context(), user, d.team.ID)
	require.NoError(d, err)
	return n
}

// told lists what moved as "title cause was became".
func told(m *backlog.Moves) []string {
	var out []string
	for _, i := range m.Items {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s: %s %s %s %s", i.Title, i.Kind, i.Cause, i.Was, i.Became)))
	}
	return out
}

func TestAKEVAdditionIsToldToEachTeamOnceWithItsPatches(t *testing.T) {
	onDesk(t, func(d *desk) {
		rosa := d.addReader()
		ops := d.addTeam("OPS")
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001", "web curl 1 2 CVE-2024-0001", "web zlib 1 2 CVE-2024-0002"))
		d.take("kev.json", catalogue("2026-03-01", "CVE-2020-0001 2021-11-03 2022-05-03"))
		assert.Empty(d, d.notices(rosa), "it concerns no patch here")
		due := d.rows("SELECT due_at FROM patches WHERE component = 'deb:zlib'")

		d.take("kev.json", catalogue("2026-03-02", "CVE-2020-0001 2021-11-03 2022-05-03", "CVE-2024-0001 2026-03-02 2026-03-05"))
		notices := d.notices(rosa)
		require.Len(d, notices, 1)
		n := notices[0]
		assert.Equal(d, []any{"kev.added", []string{"CVE-2024-0001"}, 1, 2}, []any{n.Kind, n.Vulnerabilities, n.VulnerabilityCount, n.PatchCount})
		assert.Len(d, n.Patches, 2)
		assert.True(d, n.Patches[0].KEV)
		assert.Equal(d, due, d.rows("SELECT due_at FROM patches WHERE component = 'deb:zlib'"))
		assert.Equal(d, []string{"kev.added"}, d.rows("SELECT kind FROM events WHERE team_id = ? AND kind = 'kev.added'", d.team.ID), "one event, not one a patch")
		assert.Equal(d, []string{"1"}, d.rows("SELECT COUNT(*) FROM audit WHERE action = 'kev.added'"))

		d.take("kev.json", catalogue("2026-03-02", "CVE-2020-0001 2021-11-03 2022-05-03", "CVE-2024-0001 2026-03-02 2026-03-05"))
		assert.Len(d, d.notices(rosa), 1, "the same edition again tells nobody")
		require.NoError(d, backlog.New(d.db).Dismiss(d.Context(), rosa, d.team.ID, n.ID))
		assert.Empty(d, d.notices(rosa), "put away")
		d.take("kev.json", catalogue("2026-03-03", "CVE-2020-0001 2021-11-03 2022-05-03", "CVE-2024-0001 2026-03-02 2026-03-05"))
		assert.Empty(d, d.notices(rosa), "a later edition does not tell it again")
		assert.Error(d, backlog.New(d.db).Dismiss(d.Context(), rosa, ops.ID, n.ID), "it is not the other team's")
	})
}

func TestAnImportOfKEVThatWasCutShortIsScoredAndToldByTheNext(t *testing.T) {
	onDesk(t, func(d *desk) {
		rosa := d.addReader()
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001"))
		was := d.priority("deb:openssl")
		require.NoError(d, d.db.Write(d.Context(), execute(`INSERT INTO kev (id, date_added, name, vendor, product, action, ransomware, as_of, announced)
			VALUES ('CVE-2024-0001', ?, 'Acme Widget', 'Acme', 'Widget', 'Patch', ?, '2026-03-01', ?)`,
			time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).UnixMicro(), true, false)))
		d.take("kev.json", catalogue("2026-03-01", "CVE-2024-0001 2026-03-01 2026-03-22"))
		assert.Greater(d, d.priority("deb:openssl"), was)
		assert.Len(d, d.notices(rosa), 1)
	})
}

func TestWhatMovedSinceSomebodyLookedIsListedWithItsCause(t *testing.T) {
	onDesk(t, func(d *desk) {
		rosa := d.addReader()
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001", "web zlib 1 2 CVE-2024-0002", "web curl 1 2 CVE-2024-0003"), partial)
		d.take("epss.csv", scores("v1", "2026-03-01", "CVE-2024-0001,0.01,0.5", "CVE-2024-0002,0.5,0.9", "CVE-2024-0003,0.2,0.2"))
		d.clock.Add(time.Hour)
		assert.Equal(d, 3, d.moves(rosa).New, "who never looked sees the last day")
		require.NoError(d, backlog.New(d.db).Looked(d.Context(), rosa, d.team.ID, d.db.Now()))
		d.clock.Add(time.Hour)
		assert.Empty(d, d.moves(rosa).Items)

		d.take("epss.csv", scores("v1", "2026-03-02", "CVE-2024-0001,0.9,0.99", "CVE-2024-0002,0.5,0.9", "CVE-2024-0003,0.2,0.2"))
		d.take("kev.json", catalogue("2026-03-02", "CVE-2024-0002 2026-03-02 2026-03-22"))
		d.take("more.csv", table("a curl 1 2 CVE-2024-0003", "b curl 1 2 CVE-2024-0003", "c curl 1 2 CVE-2024-0003", "d curl 1 2 CVE-2024-0003", "e curl 1 2 CVE-2024-0003", "e tar 1 2 CVE-2024-0003"), partial)
		m := d.moves(rosa)
		assert.True(d, m.Looked)
		assert.Equal(d, []string{"Update openssl to 2: moved epss 0.01 0.9", "Update zlib to 2: moved kev no yes", "Update curl to 2: moved assets 1 6", "Update tar to 2: new"}, told(m))
		assert.Equal(d, []int{3, 1, 0}, []int{m.Moved, m.New, m.Closed})

		d.clock.Add(time.Hour)
		d.take("epss.csv", scores("v1", "2026-03-03", "CVE-2024-0001,0.01,0.99", "CVE-2024-0002,0.5,0.9", "CVE-2024-0003,0.2,0.2"))
		assert.NotContains(d, strings.Join(told(d.moves(rosa)), ", "), "openssl", "it is back where it was")
		d.take("web.csv", table("web curl 1 2 CVE-2024-0003"))
		require.NoError(d, d.db.Write(d.Context(), execute("UPDATE patches SET status = 'verified', is_open = ?, updated_at = ? WHERE component = 'deb:zlib'", false, d.db.Now().UnixMicro())))
		assert.Contains(d, told(d.moves(rosa)), "Update zlib to 2: closed")
	})
}

func TestANewModelIsOneSummaryAndPlacedItemsKeepTheirNeighbours(t *testing.T) {
	onDesk(t, func(d *desk) {
		rosa := d.addReader()
		var rows, first, second []string
		for i := range 12 {
			rows = append(rows, fmt.Sprintf("web lib%02d 1 2 CVE-2024-%04d", i, i))
			first = append(first, fmt.Sprintf("CVE-2024-%04d,%.2f,0.5", i, 0.01+0.07*float64(i)))
			second = append(second, fmt.Sprintf("CVE-2024-%04d,%.4f,0.5", i, 0.0001+0.003*float64(i)))
		}
		d.take("a.csv", table(rows...))
		d.take("epss.csv", scores("v1", "2026-03-01", first...))
		d.clock.Add(time.Hour)
		require.NoError(d, backlog.New(d.db).Looked(d.Context(), rosa, d.team.ID, d.db.Now()))
		d.clock.Add(time.Hour)
		order := func() []string { return d.rows("SELECT component FROM patches ORDER BY sort_value DESC, tie_key, id") }
		place := func(component, below string) {
			p, above := d.patchOf(component), d.patchOf(below)
			_, err := backlog.New(d.db).Place(d.Context(), audit.Server, d.team, p.Number, backlog.Placing{After: above.Number, Seen: p.Version})
			require.NoError(d, err)
		}
		place("deb:lib00", "deb:lib08")
		place("deb:lib01", "deb:lib00")
		before := order()
		sum := d.take("epss.csv", scores("v2", "2026-03-02", second...))
		assert.Equal(d, "The model changed from v1 to v2: every score is on a new base.", sum.Notes[0])
		assert.Equal(d, before, order())
		notices := d.notices(rosa)
		require.Len(d, notices, 1, "one summary")
		n := notices[0]
		assert.Equal(d, []any{"epss.rebaseline", "v1", "v2", 0, 12, 2, 10}, []any{n.Kind, n.From, n.To, n.Up, n.Down, n.Kept, len(n.Top)})
		m := d.moves(rosa)
		require.NotNil(d, m.Rebaseline)
		for _, i := range m.Items {
			assert.Equal(d, backlog.CauseRebaseline, i.Cause)
		}
		assert.Equal(d, []string{"0"}, d.rows("SELECT COUNT(*) FROM snapshots WHERE source = 'epss under way'"))
	})
}

func TestScoresThatANewerFileNoLongerGivesAreRemoved(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0005"))
		var rows []string
		for i := range 30 {
			rows = append(rows, fmt.Sprintf("CVE-2024-%04d,0.9,0.5", i))
		}
		d.take("epss.csv", scores("v1", "2026-03-01", rows...))
		sum := d.take("epss.csv", scores("v1", "2026-03-02", append(rows[:5:5], rows[6:]...)...))
		assert.Equal(d, "1 vulnerability is not scored any more.", sum.Notes[0])
		assert.Equal(d, []string{"29"}, d.rows("SELECT COUNT(*) FROM epss"))
		assert.Equal(d, []string{`["epss","cvss","automatable","technical_impact"]`}, d.rows("SELECT assumed FROM patches"), "the median stands in")
		sum = d.take("epss.csv", scores("v1", "2026-03-03", rows[:3]...))
		assert.Contains(d, sum.Notes[0], "no score was removed")
		assert.Equal(d, []string{"29"}, d.rows("SELECT COUNT(*) FROM epss"))
	})
}

func TestScoresThatWereWrittenButNotUsedAreScoredByTheNextAttempt(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001"))
		was := d.priority("deb:openssl")
		require.NoError(d, d.db.Write(d.Context(), execute("INSERT INTO epss (id, probability, percentile) VALUES ('CVE-2024-0001', 0.9, 0.99)")))
		require.NoError(d, d.db.Write(d.Context(), execute("INSERT INTO snapshots (source, label, as_of, records, loaded_at) VALUES ('epss under way', '', 0, 0, 0)")))
		d.take("epss.csv", scores("v1", "2026-03-01", "CVE-2024-0001,0.9,0.99"))
		assert.Greater(d, d.priority("deb:openssl"), was)
	})
}

func TestKnowledgeWithoutATeamReachesEveryTeamAndFindingsAreRefused(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001"))
		ours := d.team
		d.team = d.addTeam("OPS")
		d.take("b.csv", table("web openssl 1 2 CVE-2024-0001"))
		d.team = ours
		req := func(name, text string) intake.Request { return intake.Request{Name: name, File: reader(text)} }
		sum, err := d.intake.ImportKnowledge(d.Context(), audit.Server, req("epss.csv", scores("v1", "2026-03-01", "CVE-2024-0001,0.9,0.99")), nil)
		require.NoError(d, err)
		assert.Equal(d, 2, sum.Patches.Changed)
		before := d.everything()
		_, err = d.intake.ImportKnowledge(d.Context(), audit.Server, req("c.csv", table("web zlib 1 2 CVE-2024-0002")), nil)
		assert.ErrorContains(d, err, "name the team")
		assert.Equal(d, before, d.everything())
	})
}

func (d *desk) patchOf(component string) *backlog.Patch {
	d.Helper()
	var number int64
	require.NoError(d, d.db.Read(d.Context()).Raw("SELECT number FROM patches WHERE component = ?", component).Row().Scan(&number))
	p, err := backlog.ByNumber(d.db.Read(d.Context()), d.team.ID, number)
	require.NoError(d, err)
	return p
}
