package intake_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const networkReport = `<get_results_response><result><host>10.0.0.1</host><nvt oid="1.2.3"><name>Demo Server Vulnerability</name>
	<solution type="VendorFix">Install the updated packages.</solution><refs><ref type="cve" id="CVE-2031-2201"/><ref type="cve" id="CVE-2031-2202"/></refs></nvt>
	<severity>5.0</severity></result></get_results_response>`

func TestAFixWithoutAVersionIsAPatchUntilAVersionIsKnown(t *testing.T) {
	onDesk(t, func(d *desk) {
		sum := d.take("scan.xml", networkReport)
		assert.Equal(d, []int{1, 1, 2, 1}, []int{sum.Records, sum.Vulnerabilities, sum.Findings.New, sum.Patches.New}, "one check, two CVEs, one patch")
		assert.Equal(d, []string{"Apply the vendor's fix: Demo Server Vulnerability 1"}, d.rows("SELECT title, assets FROM patches"))

		later := strings.Replace(networkReport, "Install the updated packages.", "Update to version 2.4.1 or later.", 1)
		sum = d.take("scan.xml", later)
		assert.Equal(d, 1, sum.Patches.New)
		assert.Equal(d, []string{"Update Demo Server Vulnerability to 2.4.1 1"}, d.rows("SELECT title, assets FROM patches WHERE is_open"))
		assert.Zero(d, d.take("scan.xml", networkReport).Patches.New, "a report that knows less opens nothing")
		assert.Zero(d, d.take("scan.xml", later).Patches.New)
	})
}
