package web

import (
	"net/url"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/scan/scantest"
)

func TestEverySampleFileComesOutRightWhenUploaded(t *testing.T) {
	samples := scantest.Samples(t)
	onSite(t, func(s *site) {
		s.importing()
		c := s.as("member")
		for _, sample := range samples {
			if sample.Large() {
				continue
			}
			content, err := os.ReadFile(sample.Path)
			require.NoError(s, err)
			if len(content) == 0 {
				continue // an upload without a body is no file
			}
			job := s.imported(c, "?filename="+url.QueryEscape(sample.Name), string(content))
			if sample.Refused != "" {
				assert.Equal(s, "refused", job["state"], sample.Name)
				assert.Contains(s, job["error"], sample.Refused)
				continue
			}
			assert.Equal(s, []any{"done", float64(sample.Records), float64(sample.Vulnerabilities), 0.0},
				[]any{job["state"], job["records"], job["vulnerabilities"], job["rejected_count"]}, sample.Name)
		}
	})
}
