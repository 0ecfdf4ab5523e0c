package web

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// browser keeps the cookies that an answer sets.
func (r *reply) browser() *client {
	var pairs []string
	for _, name := range []string{"__Host-patchline", "__Host-patchline-refresh"} {
		c := r.cookie(name)
		require.NotNil(r.site, c, "%s is not set", name)
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	return r.site.nobody().with("Cookie", strings.Join(pairs, "; "))
}

func (s *site) signIn(name string) *reply {
	return s.nobody().post("/session", object{"email": s.people[name].Email, "password": password})
}

func TestAPersonSignsInAndOut(t *testing.T) {
	onSite(t, func(s *site) {
		r := s.signIn("member")
		me := r.want(200)
		assert.Equal(s, "member", me["user"].(object)["name"])
		assert.Equal(s, s.clock.Now().Add(10*time.Minute).Format(time.RFC3339), me["expires_at"])
		teams := me["teams"].([]any)
		require.Len(s, teams, 1)
		assert.Equal(s, []any{"read", "work", "import"}, teams[0].(object)["permissions"])

		b := r.browser()
		b.get("/session").want(200)
		sessions := b.get("/sessions").items()
		require.Len(s, sessions, 1)
		assert.Equal(s, true, sessions[0]["current"])

		out := b.del("/session")
		out.want(204)
		assert.Negative(s, out.cookie("__Host-patchline").MaxAge)
		b.get("/session").want(401)
		b.post("/session/refresh", nil).want(401)
	})
}

func TestTheCookiesAreForThisHostAndNotForScripts(t *testing.T) {
	onSite(t, func(s *site) {
		r := s.signIn("member")
		for _, name := range []string{"__Host-patchline", "__Host-patchline-refresh"} {
			c := r.cookie(name)
			assert.True(s, c.HttpOnly && c.Secure && c.Path == "/" && c.Domain == "" && c.SameSite == http.SameSiteLaxMode, "%v", c)
		}
		assert.Equal(s, 600, r.cookie("__Host-patchline").MaxAge)
	})
}

func TestPlainHTTPNeedsASettingExceptOnLocalhost(t *testing.T) {
	onSite(t, func(s *site) {
		in := object{"email": s.people["member"].Email, "password": password}
		p := s.nobody().with("Origin", "http://patch.example.com").with("Sec-Fetch-Site", "same-origin").post("/session", in).want(409)
		assert.Contains(s, p["detail"], "--plain-http")
		s.nobody().with("Origin", "http://localhost:8080").with("Sec-Fetch-Site", "same-origin").post("/session", in).want(200)
		s.nobody().with("Origin", "https://patch.example.com").with("Sec-Fetch-Site", "same-origin").post("/session", in).want(200)
	})
}

func TestWithTheSettingCookiesTravelOverPlainHTTP(t *testing.T) {
	onSiteWith(t, Options{PlainHTTP: true}, func(s *site) {
		r := s.nobody().with("Origin", "http://patch.example.com").with("Sec-Fetch-Site", "same-origin").
			post("/session", object{"email": s.people["member"].Email, "password": password})
		r.want(200)
		c := r.cookie("patchline")
		require.NotNil(s, c)
		assert.False(s, c.Secure)
		s.nobody().with("Cookie", "patchline="+c.Value).get("/session").want(200)
	})
}

func TestARefreshSecretIsGoodForOneExchangeAndAShortGrace(t *testing.T) {
	onSite(t, func(s *site) {
		old := s.signIn("member").browser()
		s.clock.Add(11 * time.Minute)
		old.get("/session").want(401)
		first := old.post("/session/refresh", nil)
		first.want(200)
		next := first.browser()
		next.get("/session").want(200)

		s.clock.Add(29 * time.Second)
		again := old.post("/session/refresh", nil)
		again.want(200)
		assert.Equal(s, first.cookie("__Host-patchline-refresh").Value, again.cookie("__Host-patchline-refresh").Value, "two tabs end with one cookie")

		s.clock.Add(2 * time.Second)
		old.post("/session/refresh", nil).want(401)
		next.get("/session").want(401)
		next.post("/session/refresh", nil).want(401)
	})
}

func TestASessionThatIsUsedLastsAndOneThatIsNotEnds(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.signIn("member").browser()
		for range 12 { // 13 days each, to the end of 90
			s.clock.Add(13 * 24 * time.Hour)
			r := b.post("/session/refresh", nil)
			if r.code != 200 {
				break
			}
			b = r.browser()
		}
		assert.Equal(s, 7*13*24*time.Hour, s.clock.Now().Sub(s.people["member"].CreatedAt), "ends after 90 days")

		b = s.signIn("member").browser()
		s.clock.Add(15 * 24 * time.Hour)
		b.post("/session/refresh", nil).want(401)
	})
}

func TestAForgedOrBorrowedTicketIsRefused(t *testing.T) {
	onSite(t, func(s *site) {
		id, now := s.session(s.people["member"].ID), s.db.Now()
		claims := func(change func(jwt.MapClaims)) jwt.MapClaims {
			c := jwt.MapClaims{"iss": "patchline", "aud": "patchline-session", "sub": id, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix()}
			change(c)
			return c
		}
		good := s.sign(jwt.SigningMethodHS256, claims(func(jwt.MapClaims) {}))
		unsigned, err := jwt.NewWithClaims(jwt.SigningMethodNone, claims(func(jwt.MapClaims) {})).SignedString(jwt.UnsafeAllowNoneSignatureType)
		require.NoError(s, err)
		for what, ticket := range map[string]string{
			"other algorithm": s.sign(jwt.SigningMethodHS512, claims(func(jwt.MapClaims) {})),
			"no signature":    unsigned,
			"no expiry":       s.sign(jwt.SigningMethodHS256, claims(func(c jwt.MapClaims) { delete(c, "exp") })),
			"expired":         s.sign(jwt.SigningMethodHS256, claims(func(c jwt.MapClaims) { c["exp"] = now.Add(-time.Second).Unix() })),
			"other issuer":    s.sign(jwt.SigningMethodHS256, claims(func(c jwt.MapClaims) { c["iss"] = "somebody" })),
			"no audience":     s.sign(jwt.SigningMethodHS256, claims(func(c jwt.MapClaims) { delete(c, "aud") })),
			"other session":   s.sign(jwt.SigningMethodHS256, claims(func(c jwt.MapClaims) { c["sub"] = "none" })),
			"changed":         good[:len(good)-4] + "AAAA",
			"nothing":         "",
		} {
			assert.Equal(s, 401, s.nobody().with("Cookie", "__Host-patchline="+ticket).get("/session").code, what)
		}
		s.nobody().with("Cookie", "__Host-patchline="+good).get("/session").want(200)
		s.nobody().with("Cookie", "patchline="+good).get("/session").want(401)
	})
}

func TestDisablingSomebodyTakesEffectAtOnceOnEveryWayIn(t *testing.T) {
	onSite(t, func(s *site) {
		browser, program := s.as("member"), s.program("member", "all")
		streams := []<-chan string{browser.listen("INF"), program.listen("INF")}
		s.as(adminName).patch("/users/"+s.people["member"].ID, object{"disabled": true, "version": 1}).want(200)
		browser.get("/teams/INF").want(401)
		program.get("/teams/INF").want(401)
		s.signIn("member").want(401)
		for _, lines := range streams {
			s.ended(lines)
		}
		s.as(adminName).patch("/users/"+s.people["member"].ID, object{"disabled": false, "version": 2}).want(200)
		browser.get("/teams/INF").want(401)
		program.get("/teams/INF").want(200)
	})
}

func TestSigningOutEndsTheLiveStream(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("member")
		lines := b.listen("INF")
		b.del("/session").want(204)
		s.ended(lines)
	})
}

func TestLeavingATeamTakesEffectAtOnceOnEveryWayIn(t *testing.T) {
	onSite(t, func(s *site) {
		browser, program := s.as("member"), s.program("member", "all")
		lines := browser.listen("INF")
		s.as("scrum_master").del("/teams/INF/members/" + s.people["member"].ID).want(204)
		browser.get("/teams/INF").want(404)
		program.get("/teams/INF").want(404)
		browser.get("/session").want(200)
		s.ended(lines)
	})
}

func TestADemotionCountsFromTheNextRequestOn(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("scrum_master")
		s.as(adminName).patch("/teams/INF/members/"+s.people["scrum_master"].ID, object{"role": "viewer"}).want(200)
		p := b.patch("/teams/INF", object{"name": "New", "version": 1}).want(403)
		assert.Contains(s, p["detail"], "Only a Scrum master or administrator may do this; your role in this team is viewer.")
	})
}

func TestEndingAnotherSessionEndsThatOneAlone(t *testing.T) {
	onSite(t, func(s *site) {
		here, there, other := s.as("member"), s.as("member"), s.as("viewer")
		var theirs string
		for _, v := range there.get("/sessions").items() {
			if v["current"] == true {
				theirs = v["id"].(string)
			}
		}
		other.del("/sessions/" + theirs).want(404)
		here.del("/sessions/" + theirs).want(204)
		there.get("/session").want(401)
		here.get("/session").want(200)
	})
}

func TestANewPasswordEndsEveryOtherSession(t *testing.T) {
	onSite(t, func(s *site) {
		here, there := s.as("member"), s.as("member")
		here.post("/session/password", object{"current": "wrong wrong wrong", "new": "another good password"}).want(422)
		here.post("/session/password", object{"current": password, "new": "another good password"}).want(204)
		here.get("/session").want(200)
		there.get("/session").want(401)
		s.signIn("member").want(401)
		s.nobody().post("/session", object{"email": "MEMBER@example.com ", "password": "another good password"}).want(200)
	})
}

func TestGuessingIsSlowedDownPerAccount(t *testing.T) {
	onSite(t, func(s *site) {
		wrong := func(email string) *reply {
			return s.nobody().with("X-Forwarded-For", "10.0.0.1").post("/session", object{"email": email, "password": "wrong"})
		}
		for _, email := range []string{"member@example.com", "nobody@example.com"} { // both alike
			for range 10 {
				wrong(email).want(401)
			}
			r := wrong(email)
			r.want(429)
			assert.NotEmpty(s, r.header.Get("Retry-After"))
		}
		s.signIn("member").want(429)
		s.signIn("viewer").want(200)
		s.clock.Add(2 * time.Minute)
		s.signIn("member").want(200)
	})
}

func TestGuessingIsSlowedDownPerAddressWhateverHeadersSay(t *testing.T) {
	onSite(t, func(s *site) {
		for i := range 51 {
			name := strings.Repeat("a", i+1)
			s.web.engine.ForwardedByClientIP = true
			r := s.nobody().with("X-Forwarded-For", "10.0.0."+name).with("X-Real-Ip", name).
				post("/session", object{"email": name + "@example.com", "password": "wrong"})
			if i < 50 {
				r.want(401)
			} else {
				r.want(429)
			}
		}
	})
}

func TestAnEmptyServerIsSetUpOnceHoweverManyTry(t *testing.T) {
	t.Parallel()
	emptySite(t, Options{}, func(s *site) {
		assert.Equal(s, true, s.nobody().get("/meta").want(200)["setup_needed"])
		var mu sync.Mutex
		codes := map[int]int{}
		var all sync.WaitGroup
		for _, name := range []string{"a", "b", "c", "d"} {
			all.Go(func() {
				r := s.nobody().post("/setup", object{
					"email": name + "@example.com", "name": name, "password": password, "team_key": "INF", "team_name": "Infrastructure",
				})
				mu.Lock()
				defer mu.Unlock()
				codes[r.code]++
			})
		}
		all.Wait()
		assert.Equal(s, map[int]int{201: 1, 409: 3}, codes)
		assert.Equal(s, false, s.nobody().get("/meta").want(200)["setup_needed"])
		var admins int
		require.NoError(s, s.db.Read(s.Context()).Raw("SELECT COUNT(*) FROM users").Row().Scan(&admins))
		assert.Equal(s, 1, admins)
	})
}

func TestTheFirstPersonIsSignedInAsAdministratorOfTheFirstTeam(t *testing.T) {
	t.Parallel()
	emptySite(t, Options{}, func(s *site) {
		r := s.nobody().post("/setup", object{
			"email": "Ada@Example.com", "name": " Ada ", "password": password, "team_key": "INF", "team_name": "Infrastructure", "time_zone": "Europe/Berlin",
		})
		me := r.want(201)
		assert.Equal(s, "ada@example.com", me["user"].(object)["email"])
		assert.Equal(s, "Ada", me["user"].(object)["name"])
		assert.Equal(s, true, me["user"].(object)["admin"])
		r.browser().get("/teams/INF").want(200)
		r.browser().get("/users").want(200)
	})
}

func TestASetUpThatCannotBeSaysWhere(t *testing.T) {
	t.Parallel()
	emptySite(t, Options{}, func(s *site) {
		p := s.nobody().post("/setup", object{
			"email": "a@example.com", "name": "A", "password": password, "team_key": "INF", "team_name": "I", "time_zone": "Mars/Olympus",
		}).want(422)
		assert.Equal(s, "/time_zone", p["errors"].([]any)[0].(object)["pointer"])
		assert.Equal(s, true, s.nobody().get("/meta").want(200)["setup_needed"])
	})
}
