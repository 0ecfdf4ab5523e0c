package intake_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/intake"
	"patchline/internal/team"
)

func TestAPatchGroupsEveryFindingThatOneVersionOfAComponentRemoves(t *testing.T) {
	onDesk(t, func(d *desk) {
		sum := d.take("a.csv", table(
			"web-1 openssl 3.0.1 3.0.2 CVE-2024-0001",
			"web-1 openssl 3.0.1 3.0.5 CVE-2024-0002",
			"web-2 openssl 3.0.1 3.0.3 CVE-2024-0001",
			"web-2 zlib 1.2 1.3 CVE-2024-0003",
		))
		assert.Equal(d, intake.Findings{New: 4}, sum.Findings)
		assert.Equal(d, intake.Patches{New: 2}, sum.Patches)
		assert.Equal(d, []string{"deb:openssl 3.0.5 new 2 3", "deb:zlib 1.3 new 1 1"}, d.patches())
		assert.Equal(d, []string{"Update openssl to 3.0.5", "Update zlib to 1.3"}, d.rows("SELECT title FROM patches ORDER BY number"))
		assert.Equal(d, []string{"web-1 2", "web-2 2"}, d.rows("SELECT name, open_findings FROM assets ORDER BY name"))
	})
}

func TestTheNewestOfSeveralFixedVersionsCounts(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", "asset,ecosystem,component,vulnerability,fixed_version\nweb,npm,qs,CVE-2022-24999,\"6.2.4, 6.10.3, 6.9.7\"\n")
		assert.Equal(d, []string{"npm:qs 6.10.3 new 1 1"}, d.patches())
	})
}

func TestTheSameFileAgainTouchesNoRow(t *testing.T) {
	onDesk(t, func(d *desk) {
		file := table("web openssl 1 2 CVE-2024-0001", "web zlib 1 - CVE-2024-0002", "db openssl 1 3 CVE-2024-0001")
		first := d.take("a.csv", file)
		before := d.everything()
		d.clock.Add(time.Hour)
		second := d.take("a.csv", file)
		assert.Equal(d, before, d.everything())
		assert.Equal(d, intake.Findings{New: 3, WithoutFix: 1}, first.Findings)
		assert.Equal(d, intake.Findings{Unchanged: 3, WithoutFix: 1}, second.Findings)
		assert.Equal(d, intake.Patches{}, second.Patches)
		assert.Equal(d, []int{first.Records, first.Vulnerabilities}, []int{second.Records, second.Vulnerabilities})
	})
}

func TestTwoScannersWithDifferentOpinionsDoNotTakeTurns(t *testing.T) {
	onDesk(t, func(d *desk) {
		ours := table("web openssl 1.0 1.2 CVE-2024-0001", "web zlib 1 - CVE-2024-0002 ")
		theirs := grype("web", "openssl 0:1.0 1.1 CVE-2024-0001", "zlib 1 2 CVE-2024-0002")
		theirs = strings.ReplaceAll(theirs, "High", "Low")
		d.take("a.csv", ours)
		d.take("b.json", theirs)
		before := d.everything()
		d.take("a.csv", ours)
		d.take("b.json", theirs)
		assert.Equal(d, before, d.everything())
	})
}

func TestAFindingWithoutAFixOpensNoPatchAndJoinsOneOnceAFixIsKnown(t *testing.T) {
	onDesk(t, func(d *desk) {
		sum := d.take("a.csv", table("web openssl 1 - CVE-2024-0001"))
		assert.Equal(d, intake.Findings{New: 1, WithoutFix: 1}, sum.Findings)
		assert.Empty(d, d.patches())
		sum = d.take("a.csv", table("web openssl 1 2 CVE-2024-0001"))
		assert.Equal(d, intake.Findings{Unchanged: 1}, sum.Findings)
		assert.Equal(d, intake.Patches{New: 1}, sum.Patches)
		assert.Equal(d, []string{"deb:openssl 2 new 1 1"}, d.patches())
		assert.Equal(d, []string{"web deb:openssl CVE-2024-0001 open 2"}, d.findings())
	})
}

func TestANewerFixSupersedesTheOlderPatchAndTakesItsFindingsAlong(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001", "db openssl 1 2 CVE-2024-0001"))
		sum := d.take("b.csv", table("web openssl 1 3 CVE-2024-0009"), partial)
		assert.Equal(d, intake.Patches{New: 1, Superseded: 1}, sum.Patches)
		assert.Equal(d, []string{"deb:openssl 2 dropped 2 2", "deb:openssl 3 new 2 3"}, d.patches())
		assert.Equal(d, []string{
			"db deb:openssl CVE-2024-0001 open 3", "web deb:openssl CVE-2024-0001 open 3", "web deb:openssl CVE-2024-0009 open 3",
		}, d.findings())
		sum = d.take("c.csv", table("web openssl 1 2 CVE-2024-0010"), partial)
		assert.Equal(d, intake.Patches{Changed: 1}, sum.Patches, "an older fix is contained in the open patch")
	})
}

func TestAFullScanClosesWhatItNoLongerSeesAndAPartialOneDoesNot(t *testing.T) {
	onDesk(t, func(d *desk) {
		both := table("web openssl 1 2 CVE-2024-0001", "web zlib 1 2 CVE-2024-0002", "db zlib 1 2 CVE-2024-0002")
		d.take("a.csv", both)
		less := table("web openssl 1 2 CVE-2024-0001")
		assert.Zero(d, d.take("b.csv", less, partial).Findings.Closed)
		sum := d.take("b.csv", less)
		assert.Equal(d, intake.Findings{Unchanged: 1, Closed: 1}, sum.Findings)
		assert.Equal(d, intake.Patches{Changed: 1}, sum.Patches)
		assert.Equal(d, []string{
			"db deb:zlib CVE-2024-0002 open 2", "web deb:openssl CVE-2024-0001 open 2", "web deb:zlib CVE-2024-0002 not_seen 2",
		}, d.findings(), "an asset that the report does not cover keeps its findings")
		assert.Equal(d, []string{"deb:openssl 2 new 1 1", "deb:zlib 2 new 1 1"}, d.patches())
		assert.Equal(d, []string{"db 1", "web 1"}, d.rows("SELECT name, open_findings FROM assets ORDER BY name"))
		before := d.everything()
		assert.Zero(d, d.take("b.csv", less).Findings.Closed)
		assert.Equal(d, before, d.everything())
	})
}

func TestAFindingIsOverOnlyWhenNoSourceSeesItAnyMore(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001"))
		d.take("b.json", grype("web", "openssl 1 2 CVE-2024-0001"))
		assert.Zero(d, d.take("b.json", grype("web")).Findings.Closed)
		assert.Equal(d, []string{"web deb:openssl CVE-2024-0001 open 2"}, d.findings())
		assert.Equal(d, []string{"generic-csv 1", "grype 0"}, d.rows("SELECT source, CASE WHEN seen THEN 1 ELSE 0 END FROM finding_sources ORDER BY source"))
		assert.Equal(d, 1, d.take("a.csv", table("web other 1 2 CVE-2024-0002")).Findings.Closed)
		assert.Equal(d, []string{"web deb:openssl CVE-2024-0001 not_seen 2", "web deb:other CVE-2024-0002 open 2"}, d.findings())
		assert.Equal(d, []string{"deb:openssl 2 new 0 0", "deb:other 2 new 1 1"}, d.patches(), "what becomes of the empty patch is for people to say")
	})
}

func TestAFindingThatComesBackIsOpenAgain(t *testing.T) {
	onDesk(t, func(d *desk) {
		file := grype("web", "openssl 1 2 CVE-2024-0001")
		d.take("a.json", file)
		first := d.rows("SELECT id, first_seen_at FROM findings")
		d.take("a.json", grype("web"))
		d.clock.Add(time.Hour)
		sum := d.take("a.json", file)
		assert.Equal(d, intake.Findings{New: 1}, sum.Findings)
		assert.Equal(d, []string{"1 finding had been closed and came back."}, sum.Notes)
		assert.Equal(d, []string{"web deb:openssl CVE-2024-0001 open 2"}, d.findings())
		assert.Equal(d, first, d.rows("SELECT id, first_seen_at FROM findings"), "it is the same finding, first seen when it was")
		assert.Equal(d, []string{"deb:openssl 2 new 1 1"}, d.patches())
		assert.Equal(d, []string{"1"}, d.rows("SELECT open_findings FROM assets"))
	})
}

func TestWhatIsFixedOrNotAffectedOpensNoWork(t *testing.T) {
	onDesk(t, func(d *desk) {
		sum := d.take("a.csv", table("web openssl 1 2 CVE-2024-0001 not_affected", "web zlib 1 2 CVE-2024-0002 fixed"))
		assert.Equal(d, intake.Findings{}, sum.Findings)
		assert.Empty(d, d.patches())
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001", "web zlib 1 2 CVE-2024-0002"))
		sum = d.take("a.csv", table("web openssl 1 2 CVE-2024-0001 not_affected", "web zlib 1 2 CVE-2024-0002 fixed"))
		assert.Equal(d, intake.Findings{Closed: 2}, sum.Findings)
		assert.Equal(d, []string{"web deb:openssl CVE-2024-0001 not_affected 2", "web deb:zlib CVE-2024-0002 fixed 2"}, d.findings())
	})
}

func TestAnAssessmentIsNotUndoneByAScannerThatDoesNotKnowIt(t *testing.T) {
	onDesk(t, func(d *desk) {
		report := grype("web", "openssl 1 2 CVE-2024-0001")
		d.take("a.json", report)
		d.take("vex.csv", table("web openssl 1 2 CVE-2024-0001 not_affected"))
		before := d.everything()
		sum := d.take("a.json", report)
		assert.Equal(d, intake.Findings{Unchanged: 1}, sum.Findings)
		assert.Equal(d, before, d.everything())
		d.take("vex.csv", table("web openssl 1 2 CVE-2024-0001"))
		assert.Equal(d, []string{"web deb:openssl CVE-2024-0001 open 2"}, d.findings(), "who said so may change their mind")
	})
}

func TestAComponentThatIsThereTwiceIsAffectedIfOneOfItsVersionsIs(t *testing.T) {
	onDesk(t, func(d *desk) {
		file := table("web openssl 3 - CVE-2024-0001 not_affected", "web openssl 1 2 CVE-2024-0001", "web openssl 4 - CVE-2024-0001 fixed")
		d.take("a.csv", file)
		before := d.everything()
		d.take("a.csv", file)
		assert.Equal(d, before, d.everything())
		assert.Equal(d, []string{"web deb:openssl CVE-2024-0001 open 2"}, d.findings())
	})
}

func TestIdsOfTheSameVulnerabilityAreOneFinding(t *testing.T) {
	onDesk(t, func(d *desk) {
		lone := `{"matches":[{"vulnerability":{"id":"GHSA-aaaa-bbbb-cccc","fix":{"versions":["2"],"state":"fixed"}},"artifact":{"name":"qs","version":"1","type":"npm"}}],"source":{"type":"image","target":{"userInput":"web"}}}`
		told := `{"matches":[{"vulnerability":{"id":"GHSA-aaaa-bbbb-cccc","fix":{"versions":["2"],"state":"fixed"}},"relatedVulnerabilities":[{"id":"CVE-2024-0001"}],"artifact":{"name":"qs","version":"1","type":"npm"}}],"source":{"type":"image","target":{"userInput":"web"}}}`
		d.take("a.json", lone)
		d.take("b.csv", "asset,ecosystem,component,vulnerability,fixed_version\nweb,npm,qs,CVE-2024-0001,2\n")
		assert.Len(d, d.findings(), 2, "nobody has said yet that they are the same")
		d.take("a.json", told)
		assert.Equal(d, []string{"web npm:qs CVE-2024-0001 open 2"}, d.findings())
		assert.Equal(d, []string{"npm:qs 2 new 1 1"}, d.patches())
		assert.Equal(d, []string{"1"}, d.rows("SELECT open_findings FROM assets"))
		before := d.everything()
		d.take("a.json", lone)
		assert.Equal(d, before, d.everything(), "it is remembered")
	})
}

func TestAVerifiedPatchWhoseFindingIsSeenAgainIsReopened(t *testing.T) {
	onDesk(t, func(d *desk) {
		file := grype("web", "openssl 1 2 CVE-2024-0001")
		d.take("a.json", file)
		d.set("UPDATE patches SET status = 'verified', is_open = ?", false)
		sum := d.take("a.json", file)
		assert.Equal(d, intake.Patches{Changed: 1}, sum.Patches)
		assert.Equal(d, []string{"deb:openssl 2 ready 1 1"}, d.patches())
		before := d.everything()
		d.take("a.json", file)
		assert.Equal(d, before, d.everything())
	})
}

func TestADecisionToDropAPatchOutlivesTheNextScan(t *testing.T) {
	onDesk(t, func(d *desk) {
		file := grype("web", "openssl 1 2 CVE-2024-0001")
		d.take("a.json", file)
		d.set("UPDATE patches SET status = 'dropped', drop_reason = 'risk_accepted', is_open = ?", false)
		before := d.everything()
		d.take("a.json", file)
		assert.Equal(d, before, d.everything())
		sum := d.take("a.json", grype("web", "openssl 1 2 CVE-2024-0001", "openssl 1 2 CVE-2024-0009"))
		assert.Equal(d, 1, sum.Patches.New, "what is new was not decided about")
		assert.Equal(d, []string{"deb:openssl 2 dropped 1 1", "deb:openssl 2 new 1 1"}, d.patches())
	})
}

func TestAnImportThatWasCutShortIsMadeGoodByTheNext(t *testing.T) {
	onDesk(t, func(d *desk) {
		file := grype("web", "openssl 1 2 CVE-2024-0001")
		d.take("a.json", file)
		whole := d.patches()
		d.set("UPDATE patches SET findings = 0, assets = 0, priority = 0")
		d.set("DELETE FROM patch_scores")
		d.take("a.json", file)
		assert.Equal(d, whole, d.patches())
		assert.NotEqual(d, []string{"0"}, d.rows("SELECT priority FROM patches"))
	})
}

func TestABadRecordIsReportedWithItsPositionAndTheRestIsTaken(t *testing.T) {
	onDesk(t, func(d *desk) {
		sum := d.take("a.csv", table("web openssl 1 2 CVE-2024-0001", "web zlib 1 2 ??", "web curl 1 2 CVE-2024-0003"))
		assert.Equal(d, []int{3, 1}, []int{sum.Records, sum.RejectedCount})
		require.Len(d, sum.Rejected, 1)
		assert.Equal(d, "line 3", sum.Rejected[0].Position)
		assert.NotEmpty(d, sum.Rejected[0].Reason)
		assert.Len(d, d.findings(), 2)
	})
}

func TestAFileThatIsNotWhatItShouldBeChangesNothing(t *testing.T) {
	onDesk(t, func(d *desk) {
		whole := grype("web", "openssl 1 2 CVE-2024-0001")
		for name, text := range map[string]string{
			"empty": "", "blank": "  \n", "null": "null", "foreign": `{"hello":"world"}`, "cut off": whole[:len(whole)-20],
			"trailing": whole + "}", "prose": "Dear all,\nplease patch.\n", "markup": "<html></html>", "binary": "\x00\x01\x02",
		} {
			before := d.everything()
			sum, err := d.try(name, text)
			require.True(d, fault.Is(err, fault.Invalid), "%s: %v", name, err)
			require.NotNil(d, sum.Error, name)
			assert.Contains(d, *sum.Error, name)
			assert.Equal(d, before, d.everything(), name)
		}
		_, err := d.try("a.json", whole, func(r *intake.Request) { r.Format = "trivy-json" })
		require.ErrorContains(d, err, "not the declared")
		assert.Empty(d, d.findings())
	})
}

func TestTheAssetOfTheRequestGoesBeforeTheReports(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.json", grype("registry/web@sha256:1", "openssl 1 2 CVE-2024-0001"), func(r *intake.Request) { r.Asset = "Web" })
		d.take("a.json", grype("registry/web@sha256:2", "openssl 1 2 CVE-2024-0001"), func(r *intake.Request) { r.Asset = " wEB " })
		assert.Equal(d, []string{"Web deb:openssl CVE-2024-0001 open 2"}, d.findings())
	})
}

func TestAReportWithADateSaysWhenItsAssetsWereScanned(t *testing.T) {
	onDesk(t, func(d *desk) {
		dated := func(day string) string {
			return `{"matches":[],"source":{"type":"image","target":{"userInput":"web"}},"descriptor":{"name":"grype","timestamp":"` + day + `T10:00:00Z"}}`
		}
		d.take("a.json", dated("2026-02-20"))
		d.take("a.json", dated("2026-02-10"))
		at := time.Date(2026, 2, 20, 10, 0, 0, 0, time.UTC).UnixMicro()
		var stored int64
		require.NoError(d, d.db.Read(d.Context()).Raw("SELECT scanned_at FROM assets").Row().Scan(&stored))
		assert.Equal(d, at, stored)
	})
}

func TestWhoImportedWhatIsAuditedAndTheTeamIsTold(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.json", grype("web", "openssl 1 2 CVE-2024-0001"))
		records, err := audit.Of(d.db.Read(d.Context()), d.team.ID, "", 10)
		require.NoError(d, err)
		require.NotEmpty(d, records)
		assert.Equal(d, []string{"file.imported", "Ann"}, []string{records[0].Action, records[0].Who})
		assert.Equal(d, "a.json", records[0].Fields()["file"])
		assert.Contains(d, d.rows("SELECT kind FROM events"), "patches.changed")
	})
}

func TestProgressGoesThroughThePhases(t *testing.T) {
	onDesk(t, func(d *desk) {
		var phases []string
		_, err := d.intake.Import(d.Context(), ann, d.team, intake.Request{File: reader(table("web openssl 1 2 CVE-2024-0001")), Name: "a.csv"},
			func(p intake.Progress) { phases = append(phases, p.Phase) })
		require.NoError(d, err)
		assert.Equal(d, []string{intake.Checking, intake.Applying, intake.Scoring}, slices.Compact(phases))
	})
}

// set changes rows behind the back of the product.
func (d *desk) set(query string, args ...any) {
	d.Helper()
	require.NoError(d, d.db.Write(d.Context(), func(tx *db.Tx) error { return tx.Exec(query, args...).Error }))
}

func TestTeamsThatImportTheSameAtOnceDoNotHinderEachOther(t *testing.T) {
	onDesk(t, func(d *desk) {
		var rows []string
		for i := range 300 {
			rows = append(rows, fmt.Sprintf("web lib%d 1 2 CVE-2024-%04d", i%20, 1000+i))
		}
		teams := []*team.Team{d.team, d.addTeam("OPS"), d.team, d.addTeam("NET")}
		var all sync.WaitGroup
		for _, t := range teams {
			all.Go(func() {
				_, err := d.intake.Import(d.Context(), ann, t, intake.Request{File: reader(table(rows...)), Name: "a.csv"}, nil)
				assert.NoError(d, err)
			})
		}
		all.Wait()
		assert.Equal(d, []string{"team INF 300", "team NET 300", "team OPS 300"}, d.rows("SELECT team_id, COUNT(*) FROM findings GROUP BY team_id ORDER BY team_id"))
		assert.Equal(d, []string{"team INF 20 300", "team NET 20 300", "team OPS 20 300"},
			d.rows("SELECT team_id, COUNT(*), SUM(findings) FROM patches GROUP BY team_id ORDER BY team_id"))
		assert.Equal(d, []string{"300"}, d.rows("SELECT COUNT(*) FROM vulnerabilities"))
	})
}
