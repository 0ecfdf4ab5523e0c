package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"patchline/api"
	"patchline/internal/advisory"
	"patchline/internal/asset"
	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/board"
	"patchline/internal/bulk"
	"patchline/internal/comment"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/estimate"
	"patchline/internal/event"
	"patchline/internal/exception"
	"patchline/internal/feed"
	"patchline/internal/fetch"
	"patchline/internal/intake"
	"patchline/internal/notify"
	"patchline/internal/policy"
	"patchline/internal/retro"
	"patchline/internal/review"
	"patchline/internal/sprint"
	"patchline/internal/standup"
	"patchline/internal/team"
	"patchline/internal/view"
)

// password is everybody's.
const password = "correct horse battery"

// Names of those who can ask. Each of the team's people is named after their role;
// of the other team there are its Scrum master and its viewer.
const (
	adminName    = "admin"
	outsider     = "outsider"
	outsideViews = "outside viewer"
)

var router = func() routers.Router {
	doc, err := openapi3.NewLoader().LoadFromData(api.Contract)
	if err == nil {
		var r routers.Router
		if r, err = gorillamux.NewRouter(doc); err == nil {
			return r
		}
	}
	panic(err)
}()

// site is the whole site on a fresh database, with two teams, INF and OPS. Every
// answer it gives is checked against the contract.
type site struct {
	*testing.T
	Services
	web    *Site
	db     *db.DB
	clock  *dbtest.Clock
	team   *team.Service
	teams  map[string]*team.Team // by key
	people map[string]*team.User // by name
	key    []byte                // that signs access cookies
}

// onSite runs a test on the whole site, on each engine.
func onSite(t *testing.T, test func(s *site)) { onSiteWith(t, Options{}, test) }

func onSiteWith(t *testing.T, o Options, test func(s *site)) {
	t.Parallel()
	emptySite(t, o, func(s *site) {
		s.inhabit()
		test(s)
	})
}

// emptySite has nobody in it.
func emptySite(t *testing.T, o Options, test func(s *site)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := &site{T: t, db: d, clock: clock, teams: map[string]*team.Team{}, people: map[string]*team.User{}}
		hub := event.NewHub(d)
		ctx, stop := context.WithCancel(context.Background())
		running := make(chan struct{})
		go func() { hub.Run(ctx); close(running) }()
		t.Cleanup(func() { stop(); <-running })
		var err error
		s.team, err = team.New(t.Context(), d)
		require.NoError(t, err)
		o := o // each engine's own
		if o.Frontend == nil {
			o.Frontend = fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}
		}
		o.Version = "test"
		s.Services = testServices(t, d, hub, s.team)
		s.web, err = New(s.Services, o)
		require.NoError(t, err)
		t.Cleanup(s.web.Close)
		test(s)
	})
}

// local are webhooks that a test receives itself.
var local = notify.Options{PublicURL: "https://patchline.example", Fetch: fetch.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}}

func testServices(t *testing.T, d *db.DB, hub *event.Hub, people *team.Service) Services {
	in := intake.New(d, intake.Options{Uploads: t.TempDir(), MaxUpload: 64 << 20})
	feeds := feed.Options{Folder: t.TempDir(), Spool: t.TempDir(), Settle: time.Millisecond, Fetch: fetch.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}}
	return Services{
		DB: d, Hub: hub, Team: people,
		Asset: asset.New(d, backlog.AssetScores), Advisory: advisory.New(d),
		Backlog: backlog.New(d), Sprint: sprint.New(d), Board: board.New(d), Bulk: bulk.New(d), View: view.New(d), Standup: standup.New(d), Estimate: estimate.New(d),
		Intake: in, Feed: feed.New(d, in, feeds),
		Comment: comment.New(d, comment.Options{MaxFile: 1 << 20, MaxTeam: 3 << 20}),
		Policy:  policy.New(d), Exception: exception.New(d), Notify: notify.New(d, local), Retro: retro.New(d), Review: review.New(d),
	}
}

// someHash is a hash of password. To make one takes long, by intent.
const someHash = "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IGZvciBhbGw$q/2JnTf5Dd783ft0kkzELKd/tFz1D5/vvVdlK8ai1EU"

func (s *site) inhabit() {
	for _, key := range []string{"INF", "OPS"} {
		t, err := s.team.AddTeam(s.Context(), audit.Server, team.NewTeam{Key: key, Name: "Team " + key, TimeZone: "Europe/Berlin"})
		require.NoError(s, err)
		s.teams[key] = t
	}
	s.person(adminName, "", "")
	for _, role := range team.Roles {
		s.person(string(role), "INF", role)
	}
	s.person(outsider, "OPS", team.ScrumMaster)
	s.person(outsideViews, "OPS", team.Viewer)
}

// person adds somebody, without the work of hashing a password.
func (s *site) person(name, teamKey string, role team.Role) *team.User {
	u := &team.User{
		ID: db.NewID(), Email: strings.ReplaceAll(name, " ", ".") + "@example.com", Name: name,
		PasswordHash: someHash, IsAdmin: name == adminName, Version: 1, CreatedAt: s.clock.Now(),
	}
	require.NoError(s, s.db.Write(s.Context(), func(tx *db.Tx) error {
		if err := tx.Create(u).Error; err != nil || teamKey == "" {
			return err
		}
		return tx.Create(&team.Membership{TeamID: s.teams[teamKey].ID, UserID: u.ID, Role: role, JoinedAt: tx.Now}).Error
	}))
	s.people[name] = u
	return u
}

// as is a browser in which somebody has signed in.
func (s *site) as(name string) *client {
	u := s.people[name]
	require.NotNil(s, u, "there is nobody called %s", name)
	id := s.session(u.ID)
	return s.nobody().with("Cookie", "__Host-patchline="+s.ticket(id))
}

// session begins a session without a password.
func (s *site) session(userID string) string {
	now := s.db.Now()
	row := &team.Session{
		ID: db.NewID(), UserID: userID, RefreshHash: db.NewID(), RotatedAt: now,
		CreatedAt: now, LastSeenAt: now, ExpiresAt: now.Add(24 * time.Hour),
	}
	require.NoError(s, s.db.Write(s.Context(), func(tx *db.Tx) error { return tx.Create(row).Error }))
	return row.ID
}

// ticket is the content of an access cookie.
func (s *site) ticket(sessionID string) string {
	now := s.db.Now()
	return s.sign(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": "patchline", "aud": "patchline-session", "sub": sessionID, "iat": now.Unix(), "exp": now.Add(team.AccessFor).Unix(),
	})
}

func (s *site) sign(method jwt.SigningMethod, claims jwt.MapClaims) string {
	if s.key == nil {
		var text string
		require.NoError(s, s.db.Read(s.Context()).Raw("SELECT value FROM settings WHERE name = 'signing_key'").Row().Scan(&text))
		key, err := base64.RawURLEncoding.DecodeString(text)
		require.NoError(s, err)
		s.key = key
	}
	text, err := jwt.NewWithClaims(method, claims).SignedString(s.key)
	require.NoError(s, err)
	return text
}

// program is a program with an API token of somebody.
func (s *site) program(name string, scopes ...string) *client {
	u := s.people[name]
	_, secret, err := s.team.CreateToken(s.Context(), audit.Who{UserID: u.ID, Name: u.Name}, "test", scopes, nil)
	require.NoError(s, err)
	return s.nobody().with("Authorization", "Bearer "+secret)
}

func (s *site) nobody() *client { return &client{site: s, header: http.Header{}} }

// client sends requests with some headers.
type client struct {
	site   *site
	header http.Header
}

// with is the same client with another header.
func (c *client) with(name, value string) *client {
	h := c.header.Clone()
	h.Set(name, value)
	return &client{c.site, h}
}

func (c *client) get(path string) *reply             { return c.do("GET", path, nil) }
func (c *client) post(path string, body any) *reply  { return c.do("POST", path, body) }
func (c *client) put(path string, body any) *reply   { return c.do("PUT", path, body) }
func (c *client) patch(path string, body any) *reply { return c.do("PATCH", path, body) }
func (c *client) del(path string) *reply             { return c.do("DELETE", path, nil) }

// do sends a request below /api/v1 and checks that the answer is as the contract
// says. A string is sent as it is, with the client's Content-Type if it has one;
// anything else as JSON.
func (c *client) do(method, path string, body any) *reply {
	c.site.Helper()
	r := c.request(method, base+path, body)
	w := httptest.NewRecorder()
	c.site.web.ServeHTTP(w, r)
	out := &reply{site: c.site, code: w.Code, header: w.Header(), raw: w.Body.String(), what: method + " " + path}
	require.Less(c.site, w.Code, 500, "%s: %s", out.what, out.raw)
	out.check(c.request(method, base+path, nil))
	return out
}

func (c *client) request(method, path string, body any) *http.Request {
	var content io.Reader
	media := ""
	switch b := body.(type) {
	case nil:
	case string:
		content, media = strings.NewReader(b), "application/json"
	case []byte:
		content, media = bytes.NewReader(b), "application/octet-stream"
	default:
		text, err := json.Marshal(body)
		require.NoError(c.site, err)
		content, media = bytes.NewReader(text), "application/json"
	}
	r := httptest.NewRequest(method, path, content).WithContext(c.site.Context())
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	return r
}

// reply is an answer that is as the contract says.
type reply struct {
	site   *site
	what   string
	code   int
	header http.Header
	raw    string
}

func (r *reply) check(request *http.Request) {
	r.site.Helper()
	route, params, err := router.FindRoute(request)
	if err != nil { // an address outside the contract
		return
	}
	h := r.header.Clone()
	require.Empty(r.site, h.Get("Content-Encoding"), "%s", r.what)
	require.NoError(r.site, openapi3filter.ValidateResponse(r.site.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route},
		Status:                 r.code, Header: h, Body: io.NopCloser(strings.NewReader(r.raw)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}), "%s: %s", r.what, r.raw)
}

// want checks the status and returns the body, if it is an object.
func (r *reply) want(code int) map[string]any {
	r.site.Helper()
	require.Equal(r.site, code, r.code, "%s: %s", r.what, r.raw)
	out := map[string]any{}
	if strings.Contains(r.header.Get("Content-Type"), "json") {
		require.NoError(r.site, json.Unmarshal([]byte(r.raw), &out), "%s: %s", r.what, r.raw)
	}
	return out
}

// items is the list in an answer of 200.
func (r *reply) items() []map[string]any {
	r.site.Helper()
	var out []map[string]any
	for _, v := range r.want(200)["items"].([]any) {
		out = append(out, v.(map[string]any))
	}
	return out
}

// cookie is one that the answer sets; nil if it does not.
func (r *reply) cookie(name string) *http.Cookie {
	for _, c := range (&http.Response{Header: r.header}).Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// listen follows a team's live stream over a real connection, as one who knows
// everything until now. The channel is closed when the stream ends.
func (c *client) listen(teamKey string) <-chan string {
	s := c.site
	srv := httptest.NewServer(s.web)
	s.Cleanup(srv.Close)
	s.Cleanup(s.web.Close)
	u, err := url.Parse(srv.URL + base + "/teams/" + teamKey + "/events")
	require.NoError(s, err)
	header := c.header.Clone()
	if header.Get("Last-Event-ID") == "" {
		var last int64
		require.NoError(s, s.db.Read(s.Context()).Raw("SELECT COALESCE(MAX(id), 0) FROM events").Scan(&last).Error)
		header.Set("Last-Event-ID", strconv.FormatInt(last, 10))
	}
	res, err := srv.Client().Do(&http.Request{Method: "GET", URL: u, Header: header})
	require.NoError(s, err)
	require.Equal(s, 200, res.StatusCode)
	lines := make(chan string, 100)
	go func() {
		defer close(lines)
		defer res.Body.Close()
		for b := bufio.NewScanner(res.Body); b.Scan(); {
			if b.Text() != "" {
				lines <- b.Text()
			}
		}
	}()
	require.Equal(s, ": welcome", <-lines)
	require.Equal(s, "retry: 2000", <-lines)
	require.Equal(s, "id: "+header.Get("Last-Event-ID"), <-lines)
	return lines
}

// soon waits for a line that begins so.
func (s *site) soon(lines <-chan string, begin string) string {
	s.Helper()
	limit := time.After(10 * time.Second)
	for {
		select {
		case line, ok := <-lines:
			require.True(s, ok, "the stream ended")
			if strings.HasPrefix(line, begin) {
				return line
			}
		case <-limit:
			require.Fail(s, "nothing came", begin)
		}
	}
}

// ended waits for the end of a stream.
func (s *site) ended(lines <-chan string) {
	s.Helper()
	limit := time.After(10 * time.Second)
	for {
		select {
		case _, ok := <-lines:
			if !ok {
				return
			}
		case <-limit:
			require.Fail(s, "the stream goes on")
		}
	}
}

// json is an object for a request.
type object = map[string]any

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))) // a test that fails shows why
	os.Exit(m.Run())
}

// dbExec is a transaction of one statement.
func dbExec(query string, args ...any) func(*db.Tx) error {
	return func(tx *db.Tx) error { return tx.Exec(query, args...).Error }
}

// nowhere checks that a secret stands in no table.
func (s *site) nowhere(secret string) {
	s.Helper()
	for table, columns := range map[string]string{
		"users": "email || name || password_hash", "sessions": "refresh_hash || user_agent || COALESCE(previous_hash, '')",
		"tokens": "name || prefix || secret_hash", "invites": "secret_hash", "audit": "who || action || target || detail",
		"events": "kind || body", "idempotency": "key || request || COALESCE(body, '')", "settings": "name",
	} {
		var n int
		require.NoError(s, s.db.Read(s.Context()).Raw("SELECT COUNT(*) FROM "+table+" WHERE "+columns+" LIKE ?", "%"+secret+"%").Row().Scan(&n))
		require.Zero(s, n, "a secret stands in %s", table)
	}
}
