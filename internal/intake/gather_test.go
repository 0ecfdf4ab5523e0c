package intake_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"patchline/internal/intake"
)

func TestAPatchThatAReportAddsToAndTakesFromCountsBoth(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0001", "db openssl 1 2 CVE-2024-0002"))
		d.take("a.csv", table("web openssl 1 2 CVE-2024-0003", "db openssl 1 2 CVE-2024-0003"))
		assert.Equal(d, []string{"deb:openssl 2 new 2 2"}, d.patches())
		words := d.rows("SELECT words FROM patch_words")
		assert.Contains(d, words[0], "cve-2024-0003")
		assert.NotContains(d, words[0], "cve-2024-0001")
	})
}

func TestPatchesOfAReportInManyPartsCountAllTheirFindings(t *testing.T) {
	onDesk(t, func(d *desk) {
		var rows []string
		for i := range 1500 { // of each component some in every part
			rows = append(rows, fmt.Sprintf("host-%d package-%d 1 2 CVE-2024-%d", i%7, i%30, 1000+i))
		}
		sum := d.take("a.csv", table(rows...))
		assert.Equal(d, intake.Patches{New: 30}, sum.Patches)
		assert.Equal(d, []string{"30 50 50 7"}, d.rows("SELECT COUNT(*), MIN(findings), MAX(findings), MIN(assets) FROM patches"))
		assert.Equal(d, []string{"30"}, d.rows("SELECT COUNT(*) FROM patch_scores"))
		assert.Equal(d, []string{"deb:package-0 deb:package-1 deb:package-2"}, d.rows("SELECT a.component, b.component, c.component FROM patches a, patches b, patches c WHERE a.number = 1 AND b.number = 2 AND c.number = 3"))
	})
}
