package web

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/scan"
)

const smallReport = `{"matches":[{"vulnerability":{"id":"CVE-2024-3400","severity":"High","dataSource":"https://example.com/x",
	"cvss":[{"version":"3.1","vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","metrics":{"baseScore":9.1}}],"namespace":"nvd:cpe",
	"fix":{"versions":["2"],"state":"fixed"}},"artifact":{"name":"qs","version":"1","type":"npm"}}],
	"source":{"type":"image","target":{"userInput":"web"}},"descriptor":{"name":"grype","version":"1"}}`

// importing runs the worker that reads uploads.
func (s *site) importing() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); s.Intake.Run(ctx) }()
	s.Cleanup(func() { stop(); <-done })
}

// imported uploads a file and waits for its end.
func (s *site) imported(c *client, query, text string) object {
	s.Helper()
	job := c.post("/teams/INF/imports"+query, []byte(text)).want(202)
	require.Eventually(s, func() bool {
		job = c.get("/teams/INF/imports/" + job["id"].(string)).want(200)
		return job["finished_at"] != nil
	}, 20*time.Second, 20*time.Millisecond)
	return job
}

func TestAnUploadBecomesFindingsAndPatches(t *testing.T) {
	onSite(t, func(s *site) {
		s.importing()
		c := s.as("member")
		job := s.imported(c, "?filename=scan.json", smallReport)
		assert.Equal(s, []any{"done", "scan.json", "grype-json", 1.0, 1.0, "member"},
			[]any{job["state"], job["file"], job["format"], job["records"], job["vulnerabilities"], job["created_by"].(object)["name"]})
		assert.Equal(s, object{"new": 1.0, "unchanged": 0.0, "closed": 0.0, "without_fix": 0.0}, job["findings"])
		assert.Equal(s, "Update qs to 2", c.get("/teams/INF/patches").items()[0]["title"])
		assert.Len(s, c.get("/teams/INF/patches/INF-1/findings").items(), 1)

		refused := s.imported(c, "?format=trivy-json", smallReport)
		assert.Equal(s, "refused", refused["state"])
		assert.Contains(s, refused["error"], "not the declared")
		assert.Len(s, c.get("/teams/INF/imports?limit=1").items(), 1)
		page := c.get("/teams/INF/imports?limit=1").want(200)
		older := c.get("/teams/INF/imports?cursor=" + page["next_cursor"].(string)).items()
		assert.Equal(s, job["id"], older[0]["id"])

		c.post("/teams/INF/imports?scope=half", []byte("{}")).want(422)
		s.as("viewer").post("/teams/INF/imports", []byte("{}")).want(403)
		s.as(outsider).get("/teams/OPS/imports/" + job["id"].(string)).want(404)
	})
}

func TestAVulnerabilityShowsEachFactWithItsSource(t *testing.T) {
	onSite(t, func(s *site) {
		s.importing()
		c := s.as("member")
		c.get("/vulnerabilities/CVE-2024-3400").want(200)
		s.imported(c, "", smallReport)
		v := c.get("/vulnerabilities/cve-2024-3400").want(200)
		assert.Equal(s, []any{"CVE-2024-3400", "", nil, nil, nil}, []any{v["id"], v["state"], v["kev"], v["epss"], v["ssvc"]})
		rating := v["cvss"].([]any)[0].(object)
		assert.Equal(s, []any{"nvd", "3.1", 9.1, 9.8, "critical"},
			[]any{rating["source"], rating["version"], rating["published_score"], rating["base_score"], rating["severity"]})

		s.imported(c, "", "#model_version:v1,score_date:2026-03-01T00:00:00+0000\ncve,epss,percentile\nCVE-2024-3400,0.94,0.99\n")
		s.imported(c, "", `{"catalogVersion":"2026.03.01","dateReleased":"2026-03-01T00:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2024-3400",
			"vendorProject":"Acme","product":"Widget","vulnerabilityName":"Acme Widget","dateAdded":"2026-02-01","dueDate":"2026-02-22","requiredAction":"Patch"}]}`)
		s.imported(c, "", `{"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-2024-3400","state":"PUBLISHED","datePublished":"2024-04-12T00:00:00Z"},
			"containers":{"cna":{"title":"Injection","source":{"advisory":"GHSA-aaaa-bbbb-cccc"},"references":[{"url":"https://example.com/a"},{"url":"javascript:alert(1)"}]},
			"adp":[{"providerMetadata":{"shortName":"CISA-ADP"},"metrics":[{"other":{"type":"ssvc","content":{"options":[{"Exploitation":"active"},{"Automatable":"yes"},{"Technical Impact":"total"}]}}}]}]}}`)
		v = c.get("/vulnerabilities/GHSA-aaaa-bbbb-cccc").want(200)
		assert.Equal(s, []any{"CVE-2024-3400", "PUBLISHED", "Injection", []any{"GHSA-aaaa-bbbb-cccc"}, []any{"https://example.com/a"}},
			[]any{v["id"], v["state"], v["title"], v["aliases"], v["references"]})
		assert.Equal(s, object{"probability": 0.94, "percentile": 0.99, "score_date": "2026-03-01", "model_version": "v1"}, v["epss"])
		assert.Equal(s, object{"as_of": "2024-04-12", "exploitation": "active", "automatable": true, "technical_impact": "total", "source": "cisa-adp"}, v["ssvc"])
		kev := v["kev"].(object)
		assert.Equal(s, []any{"2026-02-01", "2026-02-22", "cisa-kev", "2026.03.01"}, []any{kev["date_added"], kev["due_date"], kev["source"], kev["as_of"]})
	})
}

func TestSignedInPeopleAreToldWhatCanBeImported(t *testing.T) {
	onSite(t, func(s *site) {
		s.nobody().get("/formats").want(401)
		formats := s.as(outsider).get("/formats").items()
		require.Len(s, formats, len(scan.Formats))
		assert.Equal(s, []any{"trivy-json", "Trivy (JSON)"}, []any{formats[0]["id"], formats[0]["title"]})
		for _, f := range formats {
			assert.NotEmpty(s, f["brings"])
		}
	})
}
