package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"patchline/internal/intake"
)

// sarif is what Trivy writes as SARIF about an image; rows are "component version
// fixed vulnerability".
func sarif(image string, rows ...string) string {
	var rules, results []string
	for _, r := range rows {
		c := strings.Fields(r)
		rules = append(rules, fmt.Sprintf(`{"id":%q,"properties":{"tags":["vulnerability"]}}`, c[3]))
		results = append(results, fmt.Sprintf(`{"ruleId":%q,"level":"error","message":{"text":"Package: %s\nInstalled Version: %s\nVulnerability %s\nSeverity: HIGH\nFixed Version: %s"}}`,
			c[3], c[0], c[1], c[3], c[2]))
	}
	return fmt.Sprintf(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Trivy","rules":[%s]}},"properties":{"imageName":%q},"results":[%s]}]}`,
		strings.Join(rules, ","), image, strings.Join(results, ","))
}

func TestAPackageWithoutEcosystemIsTheOneThatIsKnownOnTheAsset(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.json", image("shop", "alpine", "3.18.4", "alpine", "curl 1 8.4.0-r0 CVE-2024-0001"))
		d.take("b.csv", "asset,ecosystem,component,vulnerability,fixed_version\nshop,npm,tar,CVE-2024-0002,2\nshop,deb,tar,CVE-2024-0002,3\nother,npm,qs,CVE-2024-0003,2\n", partial)
		same := sarif("shop", "curl 1 8.4.0-r0 CVE-2024-0001")
		sum := d.take("c.sarif", same)
		assert.Equal(d, []any{intake.Findings{Unchanged: 1}, 0}, []any{sum.Findings, sum.Patches.New})
		before := d.everything()
		d.take("c.sarif", same)
		assert.Equal(d, before, d.everything())

		sum = d.take("d.sarif", sarif("shop", "curl 1 8.4.0-r0 CVE-2024-0001", "tar 1 3 CVE-2024-0002", "qs 1 2 CVE-2024-0003"))
		assert.Equal(d, intake.Patches{New: 2}, sum.Patches, "there are two of the name tar, and none of the name qs on this asset")
	})
}
