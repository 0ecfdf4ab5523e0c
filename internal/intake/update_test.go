package intake_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/intake"
	"patchline/internal/risk"
	"patchline/internal/scan/scantest"
)

func named(asset string) func(*intake.Request) {
	return func(r *intake.Request) { r.Asset = asset }
}

func TestUpdatesWithoutASecurityFixAreCountedAndOpenNoWork(t *testing.T) {
	onDesk(t, func(d *desk) {
		sum, err := d.takeSample(scantest.Named(d.T, "os-output/apt-list-upgradable-debian12.txt"))
		assert.NoError(d, err)
		assert.Equal(d, []int{119, 72, 72, 72}, []int{sum.Records, sum.Vulnerabilities, sum.Findings.New, sum.Patches.New})
		assert.Equal(d, []string{"47 updates without a security fix: counted, but no work for the backlog."}, sum.Notes)

		sum, err = d.takeSample(scantest.Named(d.T, "os-output/yum-updateinfo-list-fedora32.txt"))
		assert.NoError(d, err)
		assert.Equal(d, []int{12, 1, 1, 1}, []int{sum.Records, sum.Vulnerabilities, sum.Findings.New, sum.Patches.New})
	})
}

func TestAnInventoryOfPackagesIsCountedAndClosesNothing(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.txt", "Listing...\ncurl/stable-security 2-1 amd64 [upgradable from: 1-1]\n", named("web-1"))
		sum, err := d.takeSample(scantest.Named(d.T, "os-output/dpkg-query-debian12.tsv"))
		assert.NoError(d, err)
		assert.Equal(d, []int{849, 0, 0}, []int{sum.Records, sum.Vulnerabilities, sum.RejectedCount})
		assert.Equal(d, intake.Findings{}, sum.Findings)
		assert.Equal(d, []string{"deb:curl 2-1 new 1 1"}, d.patches())
	})
}

func TestAHostThatWaitsKeepsItsFindingAndANewerUpdateTakesItAlong(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.txt", "curl/stable-security 1-2 amd64 [upgradable from: 1-1]\n", named("web-1"))
		sum := d.take("b.txt", "Inst curl [1-1] (1-3 Debian-Security:12/stable-security [amd64])\n", named("web-1"))
		assert.Equal(d, intake.Findings{Unchanged: 1}, sum.Findings, "the list and the simulation are one source, and the clock runs on")
		assert.Equal(d, []string{"web-1 deb:curl APT-SECURITY:curl:1-1 open 1-3"}, d.findings())
		assert.Equal(d, intake.Patches{New: 1, Superseded: 1}, sum.Patches)

		sum = d.take("c.txt", "Listing...\n", named("web-1"))
		assert.Equal(d, intake.Findings{Closed: 1}, sum.Findings, "an empty list says that nothing is missing")
		sum = d.take("d.txt", "curl/stable-security 1-4 amd64 [upgradable from: 1-3]\n", named("web-1"))
		assert.Equal(d, 1, sum.Findings.New, "the next update is another finding with a clock of its own")
		assert.Len(d, d.findings(), 2)
	})
}

func TestAPackageWithSeveralAdvisoriesIsOnePatchToTheNewest(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.txt", `RHSA-2031:0202 Moderate/Sec.  kernel-5.14.0-511.el9.x86_64
RHSA-2031:0101 Important/Sec. kernel-5.14.0-503.el9.x86_64
RHSA-2031:0303 Important/Sec. kernel-0:5.14.0-99.el9.x86_64
RHSA-2031:0404 Low/Sec. bind-32:9.16.23-24.el9.x86_64
RHSA-2031:0505 Low/Sec. bind-33:9.16.1-1.el9.x86_64
`, named("db-1"))
		assert.Equal(d, []string{"rpm:bind 33:9.16.1-1.el9 new 1 2", "rpm:kernel 5.14.0-511.el9 new 1 3"}, d.rows("SELECT component, fixed_version, status, assets, findings FROM patches ORDER BY component"))
	})
}

func TestTheNextMonthsUpdateOfWindowsSupersedesThisOne(t *testing.T) {
	onDesk(t, func(d *desk) {
		const head = "ComputerName Status  KB        Size Title\n------------ ------  --        ---- -----\n"
		d.take("a.txt", head+"WIN-1        ------- KB5099011 22GB 2031-02 Cumulative Update for Windows 99 (KB5099011)\nWIN-2        ------- KB5099011 22GB 2031-02 Cumulative Update for Windows 99 (KB5099011)\n")
		assert.Equal(d, []string{"Install KB5099011: Cumulative Update for Windows 99 2"}, d.rows("SELECT title, assets FROM patches"))
		d.take("b.txt", head+"WIN-1        ------- KB5099021 22GB 2031-03 Cumulative Update for Windows 99 (KB5099021)\n")
		d.take("c.txt", head+"WIN-2        -D----- KB5099021 22GB 2031-03 Cumulative Update for Windows 99 (KB5099021)\n")
		assert.Equal(d, []string{"Install KB5099021: Cumulative Update for Windows 99 2"}, d.rows("SELECT title, assets FROM patches WHERE is_open"))
	})
}

func TestACumulativeUpdateRunsOnTheClockOfTheOnesItContains(t *testing.T) {
	onDesk(t, func(d *desk) {
		const head = "ComputerName Status  KB        Size Title\n------------ ------  --        ---- -----\n"
		february := "WIN-1        ------- KB5099011 22GB 2031-02 Cumulative Update for Windows 99 (KB5099011)\n"
		march := "WIN-1        ------- KB5099021 22GB 2031-03 Cumulative Update for Windows 99 (KB5099021)\n"
		require.NoError(d, d.db.Write(d.Context(), execute("UPDATE teams SET policies = ?", `["`+risk.PolicySeverity+`"]`)))
		clock := func() []string { return d.rows("SELECT fixed_version, due_at, clock_at FROM patches WHERE is_open") }
		d.take("february.txt", head+february)
		before := clock()
		d.clock.Add(28 * 24 * time.Hour)
		sum := d.take("march.txt", head+march)
		assert.Equal(d, intake.Findings{New: 1}, sum.Findings, "what February's would have mended is still there")
		assert.Equal(d, []string{strings.Replace(before[0], "KB5099011", "KB5099021", 1)}, clock())
		unchanged := d.everything()
		d.take("march.txt", head+march)
		assert.Equal(d, unchanged, d.everything())

		d.clock.Add(time.Hour)
		sum = d.take("hotfixes.csv", "Node,HotFixID\nWIN-1,KB5099011\n")
		assert.Equal(d, 1, sum.Findings.Closed, "February's was installed in between")
		assert.NotEqual(d, strings.Fields(before[0])[2], strings.Fields(clock()[0])[2], "March's clock began in March")

		sum = d.take("april.txt", head+"WIN-1        ------- KB5099031 22GB 2031-04 Cumulative Update for .NET Framework 9 (KB5099031)\n")
		assert.Equal(d, 1, sum.Findings.Closed, "March's is offered no more")
	})
}

func TestASingleFindingOfInspectorClosesNothing(t *testing.T) {
	onDesk(t, func(d *desk) {
		finding := func(id, component string) string {
			return `{"findingArn":"` + id + `","type":"PACKAGE_VULNERABILITY","status":"ACTIVE","severity":"LOW","packageVulnerabilityDetails":{"vulnerabilityId":"` + id +
				`","vulnerablePackages":[{"name":"` + component + `","version":"1","packageManager":"NPM","fixedInVersion":"2"}]},"resources":[{"id":"i-1","type":"AWS_EC2_INSTANCE"}]}`
		}
		d.take("all.json", `{"findings":[`+finding("CVE-2031-1001", "a")+`,`+finding("CVE-2031-1002", "b")+`]}`)
		for _, part := range []string{`{"detail":` + finding("CVE-2031-1001", "a") + `}`, finding("CVE-2031-1001", "a"), `{"findings":[` + finding("CVE-2031-1001", "a") + `],"nextToken":"more"}`} {
			sum := d.take("part.json", part)
			assert.Equal(d, intake.Findings{Unchanged: 1}, sum.Findings)
			assert.Equal(d, []string{"The file holds single findings, so it closes nothing."}, sum.Notes)
		}
		sum := d.take("all.json", `{"findings":[`+finding("CVE-2031-1001", "a")+`],"nextToken":null}`)
		assert.Equal(d, intake.Findings{Unchanged: 1, Closed: 1}, sum.Findings)
	})
}
