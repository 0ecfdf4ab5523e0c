package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/intake"
)

// image is a report of Trivy about an image of a release; rows are "component
// version fixed vulnerability".
func image(name, family, release, kind string, rows ...string) string {
	var found []string
	for _, r := range rows {
		c := strings.Fields(strings.ReplaceAll(r, " -", " "))
		c = append(c, "", "")[:4]
		if len(strings.Fields(r)) == 4 && strings.Fields(r)[2] == "-" {
			c = []string{c[0], c[1], "", c[2]}
		}
		found = append(found, fmt.Sprintf(`{"VulnerabilityID":%q,"PkgName":%q,"InstalledVersion":%q,"FixedVersion":%q,"Severity":"HIGH"}`, c[3], c[0], c[1], c[2]))
	}
	return fmt.Sprintf(`{"SchemaVersion":2,"ArtifactName":%q,"ArtifactType":"container_image","Metadata":{"OS":{"Family":%q,"Name":%q}},
		"Results":[{"Target":"%s (%s %s)","Class":"os-pkgs","Type":%q,"Vulnerabilities":[%s]}]}`, name, family, release, name, family, release, kind, strings.Join(found, ","))
}

// streams shows the patches by number: component, release, version, status and the
// assets of their open findings.
func (d *desk) streams() []string {
	d.Helper()
	var out []string
	for _, row := range d.rows("SELECT id, component, stream, fixed_version, status FROM patches ORDER BY number") {
		id, rest, _ := strings.Cut(row, " ")
		on := d.rows("SELECT DISTINCT a.name FROM findings f JOIN assets a ON a.id = f.asset_id WHERE f.patch_id = ? AND f.status = 'open' ORDER BY 1", id)
		out = append(out, rest+" "+strings.Join(on, ","))
	}
	return out
}

func TestAFixOfOneReleaseLeavesThePatchesOfOthersAlone(t *testing.T) {
	for family, c := range map[string]struct{ kind, old, new, fixOld, fixNew, streamOld, streamNew string }{
		"debian": {"debian", "10.13", "12.5", "1.1.1n-0+deb10u6", "3.0.11-1~deb12u2", "deb10", "deb12"},
		"ubuntu": {"ubuntu", "20.04", "22.04", "1.1.1f-1ubuntu2.16", "3.0.2-0ubuntu1.7", "ubuntu20.04", "ubuntu22.04"},
		"redhat": {"redhat", "8.6", "9.2", "1:1.1.1k-7.el8_6", "1:3.0.7-6.el9_2", "el8", "el9"},
		"alpine": {"alpine", "3.17.3", "3.18.4", "3.0.12-r1", "3.1.4-r1", "alpine3.17", "alpine3.18"},
	} {
		t.Run(family, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				component := map[string]string{"redhat": "rpm:openssl", "alpine": "apk:openssl"}[family]
				if component == "" {
					component = "deb:openssl"
				}
				old := image("old", family, c.old, c.kind, "openssl 1 "+c.fixOld+" CVE-2024-0001")
				new := image("new", family, c.new, c.kind, "openssl 3 "+c.fixNew+" CVE-2024-0001")
				d.take("old.json", old)
				sum := d.take("new.json", new)
				assert.Equal(d, intake.Patches{New: 1}, sum.Patches)
				want := []string{component + " " + c.streamOld + " " + c.fixOld + " new old", component + " " + c.streamNew + " " + c.fixNew + " new new"}
				assert.Equal(d, want, d.streams())
				before := d.everything()
				d.take("old.json", old)
				d.take("new.json", new)
				assert.Equal(d, before, d.everything())
			})
		})
	}
}

func TestANewerFixOfTheSameReleaseStillSupersedes(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.json", image("a", "debian", "12.1", "debian", "openssl 1 3.0.9-1+deb12u1 CVE-2024-0001"))
		d.take("b.json", image("b", "debian", "12.5", "debian", "openssl 1 3.0.9-1+deb12u2 CVE-2024-0002"))
		assert.Equal(d, []string{"deb:openssl deb12 3.0.9-1+deb12u1 dropped ", "deb:openssl deb12 3.0.9-1+deb12u2 new a,b"}, d.streams())
	})
}

func TestPackagesOfLanguagesAreTheSameOnEveryRelease(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.json", image("a", "debian", "11.1", "npm", "qs 1 2 CVE-2024-0001"))
		d.take("b.json", image("b", "debian", "12.5", "npm", "qs 1 2 CVE-2024-0001"))
		assert.Equal(d, []string{"npm:qs  2 new a,b"}, d.streams())
	})
}

func TestTheTitleSaysTheReleaseWhereTheVersionDoesNot(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.json", image("a", "alpine", "3.18.4", "alpine", "curl 1 8.4.0-r0 CVE-2024-0001"))
		d.take("b.json", image("b", "debian", "12", "debian", "curl 1 7.88.1-10+deb12u4 CVE-2024-0001"))
		assert.Equal(d, []string{"Update curl to 8.4.0-r0 (Alpine 3.18)", "Update curl to 7.88.1-10+deb12u4"}, d.rows("SELECT title FROM patches ORDER BY number"))
	})
}

func TestAReportThatNamesNoReleaseFollowsWhatIsKnownOfTheAsset(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.json", image("a", "ubuntu", "20.04", "ubuntu", "openssl 1 1.1.1f-1ubuntu2.16 CVE-2024-0001"))
		d.take("b.json", image("b", "ubuntu", "22.04", "ubuntu", "openssl 3 3.0.2-0ubuntu1.7 CVE-2024-0001"))
		plain := table("A openssl 1 1.1.1f-1ubuntu2.17 CVE-2024-0002", "b openssl 3 3.0.2-0ubuntu1.7 CVE-2024-0002")
		d.take("c.csv", plain)
		want := []string{"deb:openssl ubuntu20.04 1.1.1f-1ubuntu2.16 dropped ", "deb:openssl ubuntu22.04 3.0.2-0ubuntu1.7 new b",
			"deb:openssl ubuntu20.04 1.1.1f-1ubuntu2.17 new a"}
		assert.Equal(d, want, d.streams())
		before := d.everything()
		d.take("c.csv", plain)
		assert.Equal(d, before, d.everything())
	})
}

func TestAFixOfAnUnknownReleaseTakesNothingFromKnownOnes(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.json", image("a", "ubuntu", "20.04", "ubuntu", "openssl 1 1.1.1f-1ubuntu2.16 CVE-2024-0001"))
		newer := table("x openssl 3 3.0.2-0ubuntu1.7 CVE-2024-0001")
		same := table("y openssl 1 1.1.1f-1ubuntu2.16 CVE-2024-0001")
		d.take("x.csv", newer)
		d.take("y.csv", same)
		want := []string{"deb:openssl ubuntu20.04 1.1.1f-1ubuntu2.16 new a,y", "deb:openssl  3.0.2-0ubuntu1.7 new x"}
		assert.Equal(d, want, d.streams())
		before := d.everything()
		d.take("x.csv", newer)
		d.take("y.csv", same)
		assert.Equal(d, before, d.everything())
	})
}

func TestTheSameVersionIsOnePatchWhoeverNamesTheRelease(t *testing.T) {
	onDesk(t, func(d *desk) {
		ours := table("x openssl 1 1.1.1f-1ubuntu2.16 CVE-2024-0001")
		theirs := image("a", "ubuntu", "20.04", "ubuntu", "openssl 1 1.1.1f-1ubuntu2.16 CVE-2024-0001")
		d.take("x.csv", ours)
		d.take("a.json", theirs)
		assert.Equal(d, []string{"deb:openssl ubuntu20.04 1.1.1f-1ubuntu2.16 new a,x"}, d.streams())
		d.take("y.csv", strings.ReplaceAll(ours, "x,", "y,"))
		assert.Equal(d, []string{"deb:openssl ubuntu20.04 1.1.1f-1ubuntu2.16 new a,x,y"}, d.streams())
		before := d.everything()
		d.take("x.csv", ours)
		d.take("a.json", theirs)
		assert.Equal(d, before, d.everything())
	})
}

func TestWhatIsFoundOutLaterPartsFindingsThatWereTogether(t *testing.T) {
	onDesk(t, func(d *desk) { // as in a database from before releases were told apart
		d.take("all.csv", table("a openssl 1 1.1.1f-1ubuntu2.16 CVE-2024-0001", "b openssl 3 3.0.2-0ubuntu1.7 CVE-2024-0001"))
		require.Equal(d, []string{"deb:openssl  3.0.2-0ubuntu1.7 new a,b"}, d.streams())
		a := image("a", "ubuntu", "20.04", "ubuntu", "openssl 1 1.1.1f-1ubuntu2.16 CVE-2024-0001")
		b := image("b", "ubuntu", "22.04", "ubuntu", "openssl 3 3.0.2-0ubuntu1.7 CVE-2024-0001")
		d.take("a.json", a)
		d.take("b.json", b)
		want := []string{"deb:openssl ubuntu22.04 3.0.2-0ubuntu1.7 new b", "deb:openssl ubuntu20.04 1.1.1f-1ubuntu2.16 new a"}
		assert.Equal(d, want, d.streams())
		before := d.everything()
		d.take("a.json", a)
		d.take("b.json", b)
		assert.Equal(d, before, d.everything())
	})
}

func TestAnUpgradedAssetLeavesThePatchesOfItsOldRelease(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.json", image("a", "debian", "11", "debian", "openssl 1 1.1.1n-0+deb11u5 CVE-2024-0001", "zlib 1 1.2-3+deb11u1 CVE-2024-0002"))
		d.take("b.json", image("b", "debian", "11", "debian", "openssl 1 1.1.1n-0+deb11u5 CVE-2024-0001", "zlib 1 1.2-3+deb11u1 CVE-2024-0002"))
		upgraded := image("a", "debian", "12", "debian", "openssl 3 3.0.9-1+deb12u1 CVE-2024-0001", "zlib 1 - CVE-2024-0002")
		d.take("a.json", upgraded)
		want := []string{"deb:openssl deb11 1.1.1n-0+deb11u5 new b", "deb:zlib deb11 1.2-3+deb11u1 new b", "deb:openssl deb12 3.0.9-1+deb12u1 new a"}
		assert.Equal(d, want, d.streams())
		before := d.everything()
		d.take("a.json", upgraded)
		assert.Equal(d, before, d.everything())
	})
}

func TestAStatementAboutOneReleaseDismissesNothingOnAnother(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.json", image("a", "debian", "11", "debian", "curl 1 7.74.0-1.3+deb11u7 CVE-2024-0001"))
		d.take("b.json", image("b", "debian", "12", "debian", "curl 1 7.88.1-10+deb12u4 CVE-2024-0001"))
		vex := `{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://example.org/vex","author":"Example","timestamp":"2024-01-01T00:00:00Z","version":1,
			"statements":[{"vulnerability":{"name":"CVE-2024-0001"},"products":[{"@id":"pkg:deb/debian/curl?distro=debian-12"}],"status":"not_affected","justification":"component_not_present"}]}`
		sum := d.take("vex.json", vex)
		assert.Equal(d, intake.Findings{Closed: 1}, sum.Findings)
		assert.Equal(d, []string{"a open", "b not_affected"}, d.rows("SELECT a.name, f.status FROM findings f JOIN assets a ON a.id = f.asset_id ORDER BY 1"))
	})
}

func TestANewerFixOfAKnownReleaseLeavesAssetsOfWhichNothingIsKnown(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("all.csv", table("a openssl 1 1.1.1f-1ubuntu2.16 CVE-2024-0001", "x openssl 1 1.1.1f-1ubuntu2.16 CVE-2024-0001"))
		d.take("a.json", image("a", "ubuntu", "20.04", "ubuntu", "openssl 1 1.1.1f-1ubuntu2.17 CVE-2024-0001"))
		assert.Equal(d, []string{"deb:openssl  1.1.1f-1ubuntu2.16 new x", "deb:openssl ubuntu20.04 1.1.1f-1ubuntu2.17 new a"}, d.streams())
		d.take("x.json", image("x", "ubuntu", "20.04", "ubuntu", "openssl 1 1.1.1f-1ubuntu2.17 CVE-2024-0001"))
		assert.Equal(d, []string{"deb:openssl  1.1.1f-1ubuntu2.16 dropped ", "deb:openssl ubuntu20.04 1.1.1f-1ubuntu2.17 new a,x"}, d.streams(), "nothing is left of it")
	})
}

func TestServicePacksHavePatchesOfTheirOwn(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("suse.csv", "asset,ecosystem,component,installed_version,fixed_version,vulnerability,severity\n"+
			"a,SUSE:Linux Enterprise Server 15 SP4,curl,7.79.1-1,7.79.1-150400.5.1,CVE-2023-0001,high\n"+
			"b,SUSE:Linux Enterprise Server 15 SP5,curl,8.0.1-1,8.0.1-150500.2.1,CVE-2023-0001,high\n")
		assert.Equal(d, []string{"sles15.4 7.79.1-150400.5.1 new", "sles15.5 8.0.1-150500.2.1 new"}, d.rows("SELECT stream, fixed_version, status FROM patches ORDER BY stream"))
	})
}
