package cli

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/scan/scantest"
)

func TestEverySampleFileComesOutRightOnTheCommandLine(t *testing.T) {
	args := []string{"import", "--team", "INF", "--json", "--data", filepath.Join(t.TempDir(), "data")}
	var tried []scantest.Sample
	for _, sample := range scantest.Samples(t) {
		if !sample.Large() {
			tried, args = append(tried, sample), append(args, sample.Path)
		}
	}
	sh(t, "", "team", "add", "INF", "Infrastructure", "--data", args[5])
	r := sh(t, "", args...)
	assert.Equal(t, 1, r.code, "because some are refused")
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	require.Len(t, lines, len(tried))
	for i, sample := range tried {
		var sum struct {
			Records, Vulnerabilities, Rejected_Count int
			Error                                    *string
		}
		require.NoError(t, json.Unmarshal([]byte(lines[i]), &sum))
		if sample.Refused != "" {
			require.NotNil(t, sum.Error, sample.Name)
			assert.Contains(t, *sum.Error, sample.Refused)
			continue
		}
		assert.Nil(t, sum.Error, sample.Name)
		assert.Equal(t, [3]int{sample.Records, sample.Vulnerabilities, 0}, [3]int{sum.Records, sum.Vulnerabilities, sum.Rejected_Count}, sample.Name)
	}
}
