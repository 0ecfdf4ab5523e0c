package web

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnAdministratorAddsAPersonWhoThenSignsIn(t *testing.T) {
	onSite(t, func(s *site) {
		u := s.as(adminName).post("/users", object{"email": " New@Example.com", "name": "New", "password": "ten letters at least"})
		u.want(422) // a space is no part of an address
		s.as(adminName).post("/users", object{"email": "New@Example.com", "name": "New", "password": "ten letters at least"}).want(201)
		s.nobody().post("/session", object{"email": "new@example.com", "password": "ten letters at least"}).want(200)
		p := s.as(adminName).post("/users", object{"email": "NEW@example.com", "name": "Again", "password": password}).want(422)
		assert.Equal(s, []string{"/email"}, pointers(p))
		p = s.as(adminName).post("/users", object{"email": "short@example.com", "name": "  ", "password": password}).want(422)
		assert.Equal(s, []string{"/name"}, pointers(p))
		p = s.as(adminName).post("/users", object{"email": "some@example.com", "name": "Some", "password": "Some@example.com"}).want(422)
		assert.Equal(s, []string{"/password"}, pointers(p))
	})
}

func TestPeopleAreListedByNameInPagesAndFound(t *testing.T) {
	onSite(t, func(s *site) {
		for i := range 7 {
			s.person(fmt.Sprintf("Zoe_%d%%", i), "", "")
		}
		b := s.as(adminName)
		all := b.get("/users?limit=200").want(200)
		require.Equal(s, float64(len(s.people)), all["count"])
		var paged []any
		for cursor := ""; ; {
			page := b.get("/users?limit=3&cursor=" + url.QueryEscape(cursor)).want(200)
			paged = append(paged, page["items"].([]any)...)
			if page["next_cursor"] == nil {
				break
			}
			cursor = page["next_cursor"].(string)
		}
		assert.Equal(s, all["items"], any(paged))
		assert.Len(s, b.get("/users?q=zoe_3%25").items(), 1, "% and _ are letters")
		assert.Len(s, b.get("/users?q=Zoe").items(), 7)
		b.get("/users?cursor=nonsense").want(422)
	})
}

func TestTheLastAdministratorStaysOneHoweverManyTry(t *testing.T) {
	onSite(t, func(s *site) {
		me := "/users/" + s.people[adminName].ID
		b := s.as(adminName)
		b.patch(me, object{"admin": false, "version": 1}).want(409)
		b.patch(me, object{"disabled": true, "version": 1}).want(409)

		other := "/users/" + s.people["approver"].ID
		b.patch(other, object{"admin": true, "version": 1}).want(200)
		second := s.as("approver")
		var all sync.WaitGroup
		all.Go(func() { b.patch(other, object{"admin": false, "version": 2}) })
		all.Go(func() { second.patch(me, object{"disabled": true, "version": 1}) })
		all.Wait()
		assert.Equal(s, 1, s.count("SELECT COUNT(*) FROM users WHERE is_admin AND disabled_at IS NULL"))
	})
}

func TestAChangeOfAnOldVersionIsAnsweredWithTheNewOne(t *testing.T) {
	onSite(t, func(s *site) {
		b, me := s.as(adminName), "/users/"+s.people["member"].ID
		b.patch(me, object{"name": "Anna", "version": 1}).want(200)
		p := b.patch(me, object{"name": "Berta", "version": 1}).want(409)
		assert.Equal(s, "Anna", p["current"].(object)["name"])
		assert.NotContains(s, fmt.Sprint(p["current"]), "argon2")

		b.patch("/teams/INF", object{"name": "One", "version": 1}).want(200)
		p = b.patch("/teams/INF", object{"name": "Two", "version": 1}).want(409)
		assert.Equal(s, "One", p["current"].(object)["name"])
	})
}

func TestATeamsSettingsAreCheckedTogether(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("scrum_master")
		p := b.patch("/teams/INF", object{"time_zone": "Local", "name": "\u200b", "holidays": []string{"2026-02-30"}, "version": 1}).want(422)
		assert.ElementsMatch(s, []string{"/time_zone", "/name", "/holidays"}, pointers(p))
		p = b.patch("/teams/INF", object{"policies": []string{"none"}, "version": 1}).want(422)
		assert.Equal(s, []string{"/policies"}, pointers(p))
		p = b.patch("/teams/INF", object{"working_week": []string{}, "version": 1}).want(422)
		assert.Equal(s, []string{"/working_week"}, pointers(p))

		out := b.patch("/teams/INF", object{
			"working_week": []string{"sun", "mon"}, "holidays": []string{"2026-12-25", "2026-01-01"}, "policies": []string{},
			"approval_required": true, "version": 1,
		}).want(200)
		assert.Equal(s, []any{"mon", "sun"}, out["working_week"])
		assert.Equal(s, []any{"2026-01-01", "2026-12-25"}, out["holidays"])
		for _, p := range out["policies"].([]any) {
			assert.Equal(s, false, p.(object)["enabled"])
		}
		assert.Equal(s, out, s.as("viewer").get("/teams/INF").want(200))
	})
}

func TestAPersonIsInATeamOnce(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("scrum_master")
		b.post("/teams/INF/members", object{"email": "Outsider@example.com", "role": "member"}).want(201)
		b.post("/teams/INF/members", object{"email": "outsider@example.com", "role": "viewer"}).want(409)
		p := b.post("/teams/INF/members", object{"email": "stranger@example.com", "role": "viewer"}).want(422)
		assert.Contains(s, p["detail"], "invitation")
		assert.Len(s, s.as(outsider).get("/session").want(200)["teams"], 2)
	})
}

func TestAnInvitationIsGoodForOnePersonOnce(t *testing.T) {
	onSite(t, func(s *site) {
		made := s.as("scrum_master").post("/teams/INF/invites", object{"role": "approver"}).want(201)
		link := "/invites/" + made["secret"].(string)
		assert.Equal(s, "/invite/"+made["secret"].(string), made["path"])
		offer := s.nobody().get(link).want(200)
		assert.Equal(s, object{"team_key": "INF", "team_name": "Team INF", "role": "approver", "email": nil, "invited_by": "scrum_master"}, offer)

		var mu sync.Mutex
		codes := map[int]int{}
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				r := s.nobody().post(link, object{"email": fmt.Sprintf("new%d@example.com", i), "name": "New", "password": password})
				mu.Lock()
				defer mu.Unlock()
				codes[r.code]++
			})
		}
		all.Wait()
		assert.Equal(s, map[int]int{201: 1, 404: 3}, codes)
		s.nobody().get(link).want(404)
		assert.Equal(s, 1, s.count("SELECT COUNT(*) FROM users WHERE email LIKE 'new%'"))
		assert.Empty(s, s.as("scrum_master").get("/teams/INF/invites").items())
	})
}

func TestAnInvitationIsAcceptedByWhoHasAnAccountWithItsPassword(t *testing.T) {
	onSite(t, func(s *site) {
		invite := func(body object) string {
			return "/invites/" + s.as("scrum_master").post("/teams/INF/invites", body).want(201)["secret"].(string)
		}
		link := invite(object{"role": "member", "email": "Outsider@example.com"})
		s.nobody().post(link, object{"email": "viewer@example.com", "password": password}).want(422)
		s.nobody().post(link, object{"email": "outsider@example.com", "password": "not the password"}).want(401)
		r := s.nobody().post(link, object{"email": "outsider@example.com", "password": password})
		r.want(201)
		r.browser().get("/teams/INF").want(200)

		again := invite(object{"role": "viewer"})
		s.nobody().post(again, object{"email": "outsider@example.com", "password": password}).want(409)
		s.nobody().get(again).want(200) // it was not used up
	})
}

func TestAnInvitationEnds(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("scrum_master")
		taken := b.post("/teams/INF/invites", object{"role": "member"}).want(201)
		b.del("/teams/INF/invites/" + taken["invite"].(object)["id"].(string)).want(204)
		s.nobody().get("/invites/" + taken["secret"].(string)).want(404)

		old := b.post("/teams/INF/invites", object{"role": "member", "days": 1}).want(201)
		s.clock.Add(25 * time.Hour)
		s.nobody().post("/invites/"+old["secret"].(string), object{"email": "late@example.com", "name": "Late", "password": password}).want(404)
	})
}

func TestATokenIsShownOnceAndTellsWhenItWasUsed(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("member")
		made := b.post("/tokens", object{"name": "CI", "scopes": []string{"imports"}, "expires_at": s.clock.Now().Add(time.Hour)}).want(201)
		secret := made["secret"].(string)
		assert.True(s, strings.HasPrefix(secret, made["token"].(object)["prefix"].(string)))
		assert.Equal(s, nil, b.get("/tokens").items()[0]["last_used_at"])
		program := s.nobody().with("Authorization", "bearer "+secret)
		assert.NotContains(s, program.get("/session").want(200), "expires_at")
		first := b.get("/tokens").items()[0]["last_used_at"]
		assert.Equal(s, s.clock.Now().Format(time.RFC3339), first)
		s.clock.Add(30 * time.Second)
		program.get("/session").want(200)
		assert.Equal(s, first, b.get("/tokens").items()[0]["last_used_at"], "kept to the minute")
		s.clock.Add(time.Hour)
		program.get("/session").want(401)
		s.nowhere(secret)
	})
}

func TestATokenMustExpireInTheFuture(t *testing.T) {
	onSite(t, func(s *site) {
		p := s.as("member").post("/tokens", object{"name": "CI", "scopes": []string{"all"}, "expires_at": s.clock.Now()}).want(422)
		assert.Equal(s, []string{"/expires_at"}, pointers(p))
	})
}

func TestEveryChangeOfPeopleIsInTheAuditWithoutSecrets(t *testing.T) {
	onSite(t, func(s *site) {
		const hush = "a very secret password"
		b := s.as(adminName)
		u := b.post("/users", object{"email": "new@example.com", "name": "New", "password": hush}).want(201)
		b.patch("/users/"+u["id"].(string), object{"password": hush + " too", "version": 1}).want(200)
		b.post("/teams/INF/members", object{"email": "new@example.com", "role": "viewer"}).want(201)
		b.patch("/teams/INF/members/"+u["id"].(string), object{"role": "member"}).want(200)
		b.del("/teams/INF/members/" + u["id"].(string)).want(204)
		b.post("/teams", object{"key": "NEW", "name": "New"}).want(201)
		b.post("/tokens", object{"name": "t", "scopes": []string{"all"}}).want(201)
		in := s.nobody().post("/session", object{"email": "new@example.com", "password": hush + " too"})
		in.browser().del("/session").want(204)
		for _, action := range []string{
			"user.created", "user.changed", "member.added", "member.changed", "member.removed", "team.created", "token.created", "session.started", "session.ended",
		} {
			assert.Positive(s, s.count("SELECT COUNT(*) FROM audit WHERE action = ?", action), action)
		}
		s.nowhere(hush)
	})
}
