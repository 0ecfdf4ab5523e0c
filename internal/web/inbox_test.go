package web

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnInboxIsItsOwnersAndItsStreamNamesThem(t *testing.T) {
	onSite(t, func(s *site) {
		master, member := s.as("scrum_master"), s.as("member")
		key := master.post("/teams/INF/patches", object{"title": "Update nginx"}).want(201)["key"].(string)
		lines := s.as("viewer").listen("INF")
		for range 3 {
			s.clock.Add(1000)
			master.post("/teams/INF/patches/"+key+"/comments", object{"body": "@member look"}).want(201)
		}
		require.NoError(s, s.Notify.CatchUp(s.Context()))
		assert.Contains(s, s.soon(lines, `data: {"id":`+s.idOf("inbox.changed")), s.people["member"].ID)

		first := member.get("/inbox?limit=2").want(200)
		assert.EqualValues(s, 3, first["unread"])
		rest := member.get("/inbox?limit=2&cursor=" + first["next_cursor"].(string)).items()
		require.Len(s, rest, 1)
		assert.Equal(s, []any{"INF", "mention", "scrum_master mentioned you on " + key, "/t/INF/patches/" + key, nil},
			[]any{rest[0]["team"], rest[0]["kind"], rest[0]["title"], rest[0]["path"], rest[0]["read_at"]})
		assert.Empty(s, member.get("/inbox?kind=kev").items())
		assert.Empty(s, member.get("/inbox?team=OPS").items())

		id := rest[0]["id"].(string)
		s.as("viewer").post("/inbox/marks", object{"ids": []string{id}, "read": true}).want(200)
		assert.EqualValues(s, 2, member.post("/inbox/marks", object{"ids": []string{id}, "read": true}).want(200)["unread"])
		assert.Len(s, member.get("/inbox?unread=true").items(), 2)
		member.post("/inbox/marks", object{"read": true}).want(422)
		assert.Empty(s, s.as("viewer").get("/inbox").items())
	})
}

// idOf is the id of the newest event of a kind.
func (s *site) idOf(kind string) (id string) {
	require.NoError(s, s.db.Read(s.Context()).Raw("SELECT CAST(MAX(id) AS TEXT) FROM events WHERE kind = ?", kind).Row().Scan(&id))
	return id
}

func TestTheAddressAndTheSecretOfAWebhookAreNeverShownAgain(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("scrum_master")
		made := b.post("/teams/INF/webhooks", object{"name": "Ops", "url": "https://hooks.example.com/services/hush", "kinds": []string{"kev"}}).want(201)
		secret, id := made["secret"].(string), made["webhook"].(object)["id"].(string)
		require.Contains(s, secret, "whsec_")
		changed := b.patch("/teams/INF/webhooks/"+id, object{"version": 1, "name": "Operations", "secret": "whsec_" + strings.Repeat("MfKQ", 10)})
		assert.EqualValues(s, 2, changed.want(200)["version"])
		for _, r := range []*reply{changed, b.get("/teams/INF/webhooks"), b.patch("/teams/INF/webhooks/"+id, object{"version": 1, "name": "x"}), b.get("/teams/INF/webhooks/" + id + "/deliveries")} {
			require.NotEqual(s, 404, r.code, r.raw)
			assert.NotContains(s, r.raw, "hush")
			assert.NotContains(s, r.raw, "whsec_")
		}
		assert.Equal(s, "https://hooks.example.com", b.get("/teams/INF/webhooks").items()[0]["host"])
		s.nowhere("hush")
		s.nowhere(secret)
		s.as("member").get("/teams/INF/webhooks").want(403)
		for _, wrong := range []object{{"url": "ftp://x"}, {"url": "https://a:b@example.com"}, {"secret": "short"}} {
			body := object{"name": "Ops", "url": "https://example.com", "kinds": []string{"kev"}}
			for name, value := range wrong {
				body[name] = value
			}
			b.post("/teams/INF/webhooks", body).want(422)
		}
	})
}

// newsOf are the titles of what somebody was told of a kind, the latest first.
func (s *site) newsOf(role, kind string) (titles []string) {
	require.NoError(s, s.Notify.CatchUp(s.Context()))
	for _, i := range s.as(role).get("/inbox?kind=" + kind).items() {
		titles = append(titles, i["title"].(string)+" → "+i["path"].(string))
	}
	return titles
}

func TestAGuestsCommentIsToldToThoseWhoInviteGuestsUnlessItIsGone(t *testing.T) {
	onSite(t, func(s *site) {
		s.lived()
		_, secret := s.guestLink(7)
		s.clock.Add(time.Second)
		s.as("member").post(reviewPath+"/comments", object{"text": "What do you think?"}).want(201) // at the same moment
		s.guest(secret).post("/guest-review/comments", object{"name": "Maria", "text": "Looks <b>good</b>"}).want(201)
		news := []string{"Maria (guest) commented on the review of Sprint 1 → /t/INF/sprints/1/review"}
		assert.Equal(s, news, s.newsOf("product_owner", "review"))
		assert.Equal(s, news, s.newsOf("scrum_master", "review"))
		assert.Empty(s, s.newsOf("member", "review"))

		s.clock.Add(time.Second)
		seen := s.guest(secret).post("/guest-review/comments", object{"name": "Maria", "text": "spam"}).want(201)
		said := seen["comments"].([]any)
		id := said[len(said)-1].(object)["id"].(string)
		s.clock.Add(time.Second)
		s.as("scrum_master").del(reviewPath + "/comments/" + id).want(200)
		assert.Equal(s, news, s.newsOf("product_owner", "review"))
	})
}

func (s *site) closeSprint() {
	now := s.as("scrum_master").get("/teams/INF/sprints/1").want(200)
	s.as("scrum_master").post("/teams/INF/sprints/1/close", object{"version": now["version"], "otherwise": "backlog_rank"}).want(200)
}

func TestASprintThatEndsWithSomethingToJudgeIsToldToThoseWhoMayJudge(t *testing.T) {
	onSite(t, func(s *site) {
		s.lived()
		s.as("product_owner").put(reviewPath+"/items/INF-1/verdict", verdict(true, "", 0)).want(200)
		s.clock.Add(time.Second)
		s.closeSprint()
		assert.Equal(s, []string{"What is done in Sprint 1 waits for your verdict → /t/INF/sprints/1/review"}, s.newsOf("product_owner", "review"))
		assert.Empty(s, s.newsOf("scrum_master", "review"), "who may not judge is not asked to")
		assert.Empty(s, s.newsOf("member", "review"))
	})
}

func TestASprintWhoseItemsWereAllJudgedAsksForNoVerdict(t *testing.T) {
	onSite(t, func(s *site) {
		s.lived()
		for _, key := range []string{"INF-1", "INF-2"} {
			s.as("product_owner").put(reviewPath+"/items/"+key+"/verdict", verdict(true, "", 0)).want(200)
		}
		s.clock.Add(time.Second)
		s.closeSprint()
		assert.Empty(s, s.newsOf("product_owner", "review"), "everything was judged before")
		assert.NotEmpty(s, s.newsOf("product_owner", "sprint"))
	})
}
