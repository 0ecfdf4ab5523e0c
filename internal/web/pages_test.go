package web

import (
	"compress/gzip"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// page reads an address outside the API.
func (c *client) page(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	c.site.web.ServeHTTP(w, c.request("GET", path, nil))
	return w
}

var built = fstest.MapFS{
	"index.html":       {Data: []byte("<!doctype html>")},
	"assets/a-1.js":    {Data: []byte("plain")},
	"assets/a-1.js.br": {Data: []byte("brotli")},
	"assets/a-1.js.gz": {Data: []byte("zipped")},
	"favicon.svg":      {Data: []byte("<svg/>")},
	".gitkeep":         {},
}

func TestEveryAddressOfTheFrontendIsItsOnePage(t *testing.T) {
	onSiteWith(t, Options{Frontend: built}, func(s *site) {
		const forever = "public, max-age=31536000, immutable"
		for _, c := range []struct {
			path, accept, body, cache, coding string
			code                              int
		}{
			{"/", "br", "<!doctype html>", "no-cache", "", 200},
			{"/teams/INF/board", "", "<!doctype html>", "no-cache", "", 200},
			{"/assets/a-1.js", "gzip, deflate, br", "brotli", forever, "br", 200},
			{"/assets/a-1.js", "br;q=0, gzip", "zipped", forever, "gzip", 200},
			{"/assets/a-1.js", "br;q=0.0", "plain", forever, "", 200},
			{"/assets/a-1.js", "", "plain", forever, "", 200},
			{"/assets/old-9.js", "br", "404 page not found\n", "no-store", "", 404},
			{"/favicon.svg", "", "<svg/>", "no-cache", "", 200},
			{"/.gitkeep", "", "404 page not found\n", "no-store", "", 404},
			{"/..%2f..%2fetc/passwd", "", "<!doctype html>", "no-cache", "", 200},
		} {
			w := s.nobody().with("Accept-Encoding", c.accept).page(c.path)
			assert.Equal(s, []any{c.code, c.body, c.cache, c.coding},
				[]any{w.Code, w.Body.String(), w.Header().Get("Cache-Control"), w.Header().Get("Content-Encoding")}, "%s %s", c.path, c.accept)
		}
		tag := s.nobody().page("/").Header().Get("ETag")
		assert.Equal(s, 304, s.nobody().with("If-None-Match", tag).page("/").Code)
	})
}

func TestAServerWithoutItsFrontendSaysSo(t *testing.T) {
	onSiteWith(t, Options{Frontend: fstest.MapFS{".gitkeep": {}}}, func(s *site) {
		assert.Contains(s, s.nobody().page("/").Body.String(), "scripts/build")
	})
}

func TestNoAnswerLetsForeignOrInlineScriptsRun(t *testing.T) {
	onSite(t, func(s *site) {
		for _, path := range []string{"/", "/api", "/api/page.css", "/api/v1/meta", "/api/v1/teams", "/api/v1/openapi.json", "/api/nothing", "/healthz", "/readyz", "/metrics"} {
			w := s.nobody().page(path)
			policy := w.Header().Get("Content-Security-Policy")
			assert.Contains(s, policy, "default-src 'none'; script-src 'self'; style-src 'self';", path)
			assert.Contains(s, policy, "frame-ancestors 'none'", path)
			assert.NotContains(s, policy, "unsafe", path)
			assert.Equal(s, "nosniff", w.Header().Get("X-Content-Type-Options"), path)
			assert.NotEmpty(s, w.Header().Get("X-Request-Id"), path)
		}
	})
}

func TestTheAPIPageDescribesEveryOperationAndNeedsNoScript(t *testing.T) {
	onSite(t, func(s *site) {
		w := s.nobody().page("/api")
		require.Equal(s, 200, w.Code)
		html := w.Body.String()
		for id := range rules {
			assert.Contains(s, html, `id="`+id+`"`)
		}
		for _, inline := range []string{"<script", "<style", " style=", "javascript:", " on"} {
			assert.NotContains(s, strings.ToLower(strings.Join(tags(html), "\n")), inline)
		}
		assert.NotContains(s, html, `="https://`, "nothing comes from elsewhere")
		assert.Equal(s, 200, s.nobody().page("/api/page.css").Code)
		assert.Contains(s, s.nobody().page(base+"/openapi.yaml").Body.String(), "openapi: 3.0.3")
		assert.Contains(s, s.nobody().page(base+"/openapi.json").Body.String(), `"openapi":"3.0.3"`)
	})
}

// tags are the tags of a page without its text.
func tags(html string) (out []string) {
	for part := range strings.SplitSeq(html, "<") {
		tag, _, _ := strings.Cut(part, ">")
		out = append(out, "<"+tag)
	}
	return out
}

func TestLongAnswersAreCompressedForWhoAsks(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("member").with("Accept-Encoding", "gzip")
		w := b.page(base + "/teams/INF/members")
		require.Equal(s, 200, w.Code)
		require.Less(s, w.Body.Len(), 1100, "short answers stay as they are")
		w = s.nobody().with("Accept-Encoding", "gzip").page(base + "/openapi.json")
		assert.Empty(s, w.Header().Get("Content-Encoding"), "not an operation")
		for i := range 12 {
			s.person(strings.Repeat("x", i+40), "INF", "viewer")
		}
		w = b.page(base + "/teams/INF/members")
		require.Equal(s, "gzip", w.Header().Get("Content-Encoding"))
		assert.Equal(s, "Accept-Encoding", w.Header().Get("Vary"))
		z, err := gzip.NewReader(w.Body)
		require.NoError(s, err)
		text, err := io.ReadAll(z)
		require.NoError(s, err)
		assert.Contains(s, string(text), strings.Repeat("x", 51))
	})
}

func TestHealthReadinessAndFiguresAreServed(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").get("/teams/INF").want(200)
		assert.Equal(s, "ok\n", s.nobody().page("/healthz").Body.String())
		assert.Equal(s, "ready\n", s.nobody().page("/readyz").Body.String())
		assert.Contains(s, s.nobody().page("/metrics").Body.String(), `patchline_requests_total{operation="getTeam",status="200"} 1`)
	})
}

func TestAnUnknownAddressAndMethodAreProblems(t *testing.T) {
	onSite(t, func(s *site) {
		assert.Contains(s, s.nobody().get("/nothing").want(404)["detail"], "/api describes")
		r := s.nobody().do("PUT", "/teams", "{}")
		r.want(405)
		assert.Equal(s, "GET, POST", r.header.Get("Allow"))
	})
}
