package web

import (
	"strings"
	"testing"

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
