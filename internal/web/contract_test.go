package web

import (
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/api"
)

// pointers are the places that a problem names.
func pointers(problem map[string]any) (out []string) {
	for _, e := range problem["errors"].([]any) {
		out = append(out, e.(object)["pointer"].(string))
	}
	return out
}

func TestABodyThatIsNotExactlyOneProperJSONValueIsRefused(t *testing.T) {
	onSite(t, func(s *site) {
		for what, c := range map[string]struct {
			body string
			code int
		}{
			"nothing":        {"", 400},
			"half":           {`{"email": "a@example.com"`, 400},
			"not JSON":       {`email=a`, 400},
			"two values":     {`{"email":"a@b","password":"x"} {}`, 400},
			"trailing bytes": {`{"email":"a@b","password":"x"}x`, 400},
			"key twice":      {`{"email":"a@b","password":"x","email":"c@d"}`, 400},
			"escaped twice":  {`{"email":"a@b","password":"x","\u0065mail":"c@d"}`, 400},
			"trailing comma": {`{"email":"a@b","password":"x",}`, 400},
			"NUL":            {`{"email":"a@b","password":"x\u0000"}`, 400},
			"not UTF-8":      {"{\"email\":\"a@b\",\"password\":\"\xff\"}", 400},
			"too deep":       {`{"email":` + strings.Repeat("[", 50) + strings.Repeat("]", 50) + `}`, 400},
			"number too big": {`{"email":1e999,"password":"x"}`, 400},
			"a list":         {`[]`, 422},
			"null":           {`null`, 422},
			"other case":     {`{"Email":"a@b","password":"x"}`, 422},
		} {
			assert.Equal(s, c.code, s.nobody().post("/session", c.body).code, what)
		}
	})
}

func TestABodyOfAnotherKindIsRefusedWithTheKindToSend(t *testing.T) {
	onSite(t, func(s *site) {
		const in = `{"email":"a@example.com","password":"x"}`
		for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "nonsense/", "application/jsonx"} {
			p := s.nobody().with("Content-Type", media).post("/session", in).want(415)
			assert.NotEmpty(s, p["detail"])
		}
		s.nobody().with("Content-Type", "application/json; charset=UTF-8").post("/session", in).want(401)
		s.nobody().with("Content-Encoding", "gzip").post("/session", in).want(415)
	})
}

func TestABodyThatIsTooLargeIsRefused(t *testing.T) {
	onSite(t, func(s *site) {
		big := `{"email":"a@example.com","password":"` + strings.Repeat("x", 1<<20) + `"}`
		s.nobody().post("/session", big).want(413)
	})
}

func TestAllWrongFieldsAreNamedAtOnceAndNoneIsRepeated(t *testing.T) {
	onSite(t, func(s *site) {
		p := s.as(adminName).post("/users", object{"email": "hush hush", "password": "hush", "admin": "hush", "more/of~it": "hush"}).want(422)
		assert.ElementsMatch(s, []string{"/email", "/password", "/admin", "/name", "/more~1of~0it"}, pointers(p))
		assert.Equal(s, "/problems/invalid", p["type"])
		for _, e := range p["errors"].([]any) {
			assert.NotContains(s, e.(object)["detail"], "hush")
		}
		p = s.as("member").get("/teams/INF/patches?limit=hush&min_risk=200&status=hush&kev=hush").want(422)
		assert.ElementsMatch(s, []string{"/query/limit", "/query/min_risk", "/query/status/0", "/query/kev"}, pointers(p))
		for _, e := range p["errors"].([]any) {
			assert.NotContains(s, e.(object)["detail"], "hush")
		}
		p = s.as("member").post("/teams/INF/patches/INF-1/attachments", []byte("x")).want(422)
		assert.Equal(s, []string{"/query/filename"}, pointers(p))
	})
}

func TestTextThatADatabaseCannotHoldIsRefused(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("member")
		b.get("/teams/INF/patches?q=%00").want(400)
		b.get("/teams/INF/patches?q=%ff").want(400)
		b.get("/teams/%00").want(404)
		b.get("/teams/INF/assets/%ff").want(404)
		b.get("/teams/INF/sprints/zero").want(404)
	})
}

func TestAContractWithAnOperationThatNobodyHasARuleForDoesNotStart(t *testing.T) {
	t.Parallel()
	_, err := readContract([]byte(strings.Replace(string(api.Contract), "operationId: getBoard", "operationId: getSurfboard", 1)))
	require.ErrorContains(t, err, "getSurfboard has no rule")
	_, err = readContract([]byte(strings.Replace(string(api.Contract), "\n  /meta:", "\n  x-gone:", 1)))
	require.ErrorContains(t, err, "getMeta has no operation")
}

func TestAnotherSitesPageCannotChangeAnything(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("scrum_master")
		change := object{"name": "Theirs", "version": 1}
		b.with("Sec-Fetch-Site", "cross-site").patch("/teams/INF", change).want(403)
		b.with("Sec-Fetch-Site", "same-site").patch("/teams/INF", change).want(403)
		b.with("Origin", "https://evil.example").patch("/teams/INF", change).want(403)
		b.with("Sec-Fetch-Site", "cross-site").get("/teams/INF").want(200)
		assert.Equal(s, "Team INF", b.get("/teams/INF").want(200)["name"])
		b.with("Sec-Fetch-Site", "same-origin").patch("/teams/INF", change).want(200)
	})
}

func TestAPanicIsAProblemAndTheServerLives(t *testing.T) {
	onSite(t, func(s *site) {
		s.web.engine.GET("/api/panic", func(*gin.Context) { panic("hush") })
		w := s.nobody().page("/api/panic")
		assert.Equal(s, 500, w.Code)
		assert.Equal(s, "application/problem+json", w.Header().Get("Content-Type"))
		assert.NotContains(s, w.Body.String(), "hush")
		assert.Contains(s, w.Body.String(), w.Header().Get("X-Request-Id"))
	})
}
