package intake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/intake"
)

// catalogue is a KEV catalogue of a day; rows are "CVE added due".
func catalogue(day string, rows ...string) string {
	var entries []string
	for _, r := range rows {
		c := strings.Fields(r)
		entries = append(entries, fmt.Sprintf(`{"cveID":%q,"vendorProject":"Acme","product":"Widget","vulnerabilityName":"Acme Widget","dateAdded":%q,"dueDate":%q,"shortDescription":"","requiredAction":"Patch","knownRansomwareCampaignUse":"Known","notes":""}`, c[0], c[1], c[2]))
	}
	return fmt.Sprintf(`{"title":"KEV","catalogVersion":"%s","dateReleased":"%sT00:00:00Z","count":%d,"vulnerabilities":[%s]}`,
		day, day, len(rows), strings.Join(entries, ","))
}

// scores is an EPSS file of a day; rows are "CVE,probability,percentile".
func scores(model, day string, rows ...string) string {
	return fmt.Sprintf("#model_version:%s,score_date:%sT00:00:00+0000\ncve,epss,percentile\n%s\n", model, day, strings.Join(rows, "\n"))
}

// cve is a record; container is the inside of its CNA container after the source.
func cve(id, state, updated, container string) string {
	return fmt.Sprintf(`{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":%q,"state":%q,"datePublished":"2024-01-01T00:00:00Z","dateUpdated":"%sT00:00:00Z"},
		"containers":{"cna":{"providerMetadata":{"shortName":"acme"},%s}}}`, id, state, updated, container)
}

const rated = `"descriptions":[{"lang":"en","value":"A flaw."}],"metrics":[{"cvssV3_1":{"version":"3.1","vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","baseScore":9.8}}]`

func (d *desk) priority(component string) float64 {
	d.Helper()
	var p float64
	require.NoError(d, d.db.Read(d.Context()).Raw("SELECT priority FROM patches WHERE component = ?", component).Row().Scan(&p))
	return p
}

func TestAKEVAdditionMovesItsPatchesUpAtOnce(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001", "web zlib 1 2 CVE-2024-0002"))
		was, other := d.priority("deb:openssl"), d.rows("SELECT * FROM patches WHERE component = 'deb:zlib'")
		sum := d.take("kev.json", catalogue("2026-03-01", "CVE-2024-0001 2026-03-01 2026-03-22", "CVE-2020-0001 2021-11-03 2022-05-03"))
		assert.Equal(d, []string{"1 patch moved up, 1 became KEV."}, sum.Notes)
		assert.Equal(d, intake.Patches{Changed: 1}, sum.Patches)
		assert.Equal(d, []int{2, 2}, []int{sum.Records, sum.Vulnerabilities})
		assert.Greater(d, d.priority("deb:openssl"), was)
		assert.Equal(d, other, d.rows("SELECT * FROM patches WHERE component = 'deb:zlib'"), "others keep their row")
		before := d.everything()
		assert.Empty(d, d.take("kev.json", catalogue("2026-03-01", "CVE-2024-0001 2026-03-01 2026-03-22", "CVE-2020-0001 2021-11-03 2022-05-03")).Notes)
		assert.Equal(d, before, d.everything())
	})
}

func TestWhatTheCatalogueTakesOutIsNoLongerListed(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001"))
		was := d.priority("deb:openssl")
		var rows []string
		for i := range 20 {
			rows = append(rows, fmt.Sprintf("CVE-2024-%04d 2026-01-01 2026-01-22", i))
		}
		d.take("kev.json", catalogue("2026-03-01", rows...))
		assert.Greater(d, d.priority("deb:openssl"), was)
		sum := d.take("kev.json", catalogue("2026-03-02", append(rows[:1:1], rows[2:]...)...))
		assert.Equal(d, []string{"1 patch moved down."}, sum.Notes)
		assert.Equal(d, was, d.priority("deb:openssl"))
		sum = d.take("kev.json", catalogue("2026-03-03", "CVE-2024-0001 2026-03-03 2026-03-22"))
		assert.Equal(d, []string{"20"}, d.rows("SELECT COUNT(*) FROM kev"), "a part of the catalogue only adds")
		assert.Contains(d, sum.Notes[0], "no entry was removed")
	})
}

func TestAnOlderCatalogueChangesNothing(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("kev.json", catalogue("2026-03-02", "CVE-2024-0001 2026-03-01 2026-03-22"))
		before := d.everything()
		sum := d.take("kev.json", catalogue("2026-03-01", "CVE-2024-0001 2026-02-01 2026-02-22", "CVE-2024-0002 2026-02-01 2026-02-22"))
		assert.Equal(d, before, d.everything())
		assert.Equal(d, []string{"The catalogue is older than the loaded one of 2026-03-02: nothing was changed."}, sum.Notes)
	})
}

func TestANewDayOfScoresMovesPatchesAndSaysSoInOneSentence(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001", "web zlib 1 2 CVE-2024-0002", "web curl 1 2 CVE-2024-0003"))
		d.take("epss.csv", scores("v1", "2026-03-01", "CVE-2024-0001,0.01,0.5", "CVE-2024-0002,0.5,0.9", "CVE-2020-0003,0.001,0.1"))
		sum := d.take("epss.csv", scores("v2", "2026-03-02", "CVE-2024-0001,0.9,0.99", "CVE-2024-0002,0.01,0.5", "CVE-2020-0003,0.001,0.2"))
		assert.Equal(d, []string{"The model changed from v1 to v2: every score is on a new base.", "1 patch moved up, 1 moved down."}, sum.Notes)
		assert.Equal(d, 2, sum.Patches.Changed)
		assert.Equal(d, []string{"v2 3 0.01"}, d.rows("SELECT label, records, median FROM snapshots"))
	})
}

func TestTheMedianCountsWhereNoProbabilityIsKnown(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001"))
		was := d.priority("deb:openssl")
		sum := d.take("epss.csv", scores("v1", "2026-03-01", "CVE-2020-0001,0.2,0.5", "CVE-2020-0002,0.3,0.9", "CVE-2020-0003,0.1,0.1"))
		assert.Equal(d, 1, sum.Patches.Changed)
		assert.Greater(d, d.priority("deb:openssl"), was)
	})
}

func TestOlderScoresChangeNothingAndSayWhy(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("epss.csv", scores("v1", "2026-03-02", "CVE-2024-0001,0.5,0.5"))
		before := d.everything()
		sum := d.take("epss.csv", scores("v1", "2026-03-01", "CVE-2024-0001,0.1,0.1"))
		assert.Equal(d, []string{"The scores are older than the loaded scores of 2026-03-02: nothing was changed."}, sum.Notes)
		assert.Nil(d, sum.Error)
		sum = d.take("epss.csv", "cve,epss,percentile\nCVE-2024-0001,0.1,0.1\n")
		assert.Len(d, sum.Notes, 1, "nor do scores of an unknown day")
		assert.Equal(d, before, d.everything())
	})
}

func TestAnEditionOfADayThatHasNotComeKeepsNoTrueOneOut(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("epss.csv", scores("v1", "2026-03-01", "CVE-2024-0001,0.5,0.5"))
		d.take("kev.json", catalogue("2026-03-01", "CVE-2024-0001 2026-03-01 2026-03-22"))
		before := d.everything()
		_, err := d.try("epss.csv", scores("v1", "2026-03-05", "CVE-2024-0001,0.1,0.1"))
		require.ErrorContains(d, err, "epss.csv says that it is of 2026-03-05, which has not come yet.")
		_, err = d.try("kev.json", catalogue("2026-03-05", "CVE-2024-0002 2026-03-01 2026-03-22"))
		require.ErrorContains(d, err, "has not come yet")
		sum := d.take("epss.csv", scores("v1", "2026-03-03", "CVE-2024-0001,NaN,0.1", "nothing,0.1,0.1"))
		assert.Equal(d, 2, sum.RejectedCount)
		d.take("kev.json", catalogue("2026-03-03", "nothing 2026-03-01 2026-03-22"))
		assert.Equal(d, before, d.everything(), "an edition without one good entry is none")
		assert.Empty(d, d.take("epss.csv", scores("v1", "2026-03-02", "CVE-2024-0001,0.6,0.6")).Notes)
	})
}

func TestARecordScoresWhatAScannerCouldNot(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001"))
		was := d.priority("deb:openssl")
		sum := d.take("cve.json", cve("CVE-2024-0001", "PUBLISHED", "2024-02-01", rated))
		assert.Equal(d, []string{"1 patch moved up."}, sum.Notes)
		assert.Greater(d, d.priority("deb:openssl"), was)
		assert.Equal(d, []string{"PUBLISHED 9.8 cve"}, d.rows("SELECT v.state, v.cvss, t.source FROM vulnerabilities v JOIN vulnerability_texts t ON t.id = v.id"))
		before := d.everything()
		d.take("cve.json", cve("CVE-2024-0001", "PUBLISHED", "2024-01-15", `"descriptions":[]`))
		assert.Equal(d, before, d.everything(), "an older edition of the record changes nothing")
	})
}

func TestARejectedRecordWeighsNothingAndIsMarked(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001"))
		d.take("cve.json", cve("CVE-2024-0001", "PUBLISHED", "2024-02-01", rated))
		d.take("epss.csv", scores("v1", "2026-03-01", "CVE-2024-0001,0.5,0.9"))
		d.take("cve.json", cve("CVE-2024-0001", "REJECTED", "2024-03-01", `"rejectedReasons":[{"lang":"en","value":"Not a flaw."}]`))
		assert.Zero(d, d.priority("deb:openssl"))
		assert.Equal(d, []string{"REJECTED null Not a flaw."}, d.rows("SELECT v.state, v.cvss, t.description FROM vulnerabilities v JOIN vulnerability_texts t ON t.id = v.id"))
		assert.Equal(d, []string{"[]"}, d.rows("SELECT assumed FROM patches"), "that is known, not assumed")
	})
}

func TestAFeedScoresEveryTeamAndTellsEachItsOwn(t *testing.T) {
	onDesk(t, func(d *desk) {
		ours := d.team
		d.team = d.addTeam("OPS")
		d.take("b.csv", table("theirs openssl 1 2 CVE-2024-0001", "theirs zlib 1 2 CVE-2024-0001"))
		d.team = ours
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001"))
		sum := d.take("kev.json", catalogue("2026-03-01", "CVE-2024-0001 2026-03-01 2026-03-22"))
		assert.Equal(d, []string{"1 patch moved up, 1 became KEV."}, sum.Notes)
		assert.Equal(d, 1, sum.Patches.Changed)
		assert.Equal(d, []string{"1 1", "1 1", "1 1"}, d.rows("SELECT CASE WHEN kev THEN 1 ELSE 0 END, CASE WHEN priority > 50 THEN 1 ELSE 0 END FROM patches"))
		assert.Equal(d, []string{"Patchline"}, d.rows("SELECT DISTINCT actor FROM ledger WHERE team_id = 'team OPS' AND risk_kind = 'rescored'"), "strangers have no name there")
		assert.Equal(d, []string{"kev.added", "patches.changed"}, d.rows("SELECT kind FROM events WHERE team_id = 'team OPS' ORDER BY id DESC LIMIT 2"))
	})
}

func TestAStatementOfASupplierDismissesFindingsOnEveryAsset(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001", "db openssl 1 2 CVE-2024-0001", "db openssl 1 2 CVE-2024-0002"))
		vex := `{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://acme.test/1","author":"Acme","timestamp":"2026-01-01T00:00:00Z","version":1,
			"statements":[{"vulnerability":{"name":"CVE-2024-0001"},"products":[{"@id":"pkg:deb/debian/openssl"}],"status":"not_affected","justification":"vulnerable_code_not_present"}]}`
		sum := d.take("vex.json", vex)
		assert.Equal(d, intake.Findings{Closed: 2}, sum.Findings)
		assert.Equal(d, []string{
			"db deb:openssl CVE-2024-0001 not_affected 2", "db deb:openssl CVE-2024-0002 open 2", "web deb:openssl CVE-2024-0001 not_affected 2",
		}, d.findings())
		before := d.everything()
		d.clock.Add(time.Hour)
		d.take("vex.json", vex)
		assert.Equal(d, before, d.everything())
	})
}
