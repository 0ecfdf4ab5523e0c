package web

import (
	netmail "net/mail"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/mail"
	"patchline/internal/mail/mailtest"
	"patchline/internal/notify"
)

// inPost gives a site a mail server.
func (s *site) inPost() *mailtest.Server {
	at := mailtest.Listen(s)
	o := local
	o.Collect = 10 * time.Minute
	o.Mail = &mail.Server{Host: "localhost", Port: at.Port, Roots: at.Roots, From: netmail.Address{Name: "Patchline", Address: "patchline@example.org"}}
	*s.Notify = *notify.New(s.db, o)
	return at
}

func (s *site) post() {
	require.NoError(s, s.Notify.CatchUp(s.Context()))
	s.clock.Add(11 * time.Minute)
	require.NoError(s, s.Notify.Collect(s.Context()))
	_, err := s.Notify.SendMail(s.Context())
	require.NoError(s, err)
}

func TestWhatOneChoosesIsOnesOwnAndDecidesWhatIsMailed(t *testing.T) {
	onSite(t, func(s *site) {
		assert.Empty(s, s.as("viewer").get("/inbox/choices").want(200)["mail_from"], "a server without a mail server says so")
		at := s.inPost()
		member := s.as("member")
		was := member.get("/inbox/choices").want(200)
		assert.Equal(s, "patchline@example.org", was["mail_from"])
		assert.Equal(s, object{"kind": "mention", "mail": "immediate"}, was["kinds"].([]any)[0])
		assert.Len(s, was["kinds"], 11)

		now := member.patch("/inbox/choices", object{"kinds": []object{{"kind": "mention", "mail": "off"}}, "digest_at": "06:15", "due_days": 7, "muted_teams": []string{}}).want(200)
		assert.Equal(s, []any{object{"kind": "mention", "mail": "off"}, "06:15", 7.0}, []any{now["kinds"].([]any)[0], now["digest_at"], now["due_days"]})
		assert.Equal(s, now, member.get("/inbox/choices").want(200))
		assert.Equal(s, was, s.as("scrum_master").get("/inbox/choices").want(200), "nobody else's have changed")

		b := s.as("product_owner")
		key := b.post("/teams/INF/patches", object{"title": "nginx 1.28.1"}).want(201)["key"].(string)
		b.post("/teams/INF/patches/"+key+"/comments", object{"body": "@member and @scrum_master look"}).want(201)
		s.post()
		require.Len(s, at.Letters(), 1)
		assert.Equal(s, s.people["scrum_master"].Email, at.Letters()[0].To)

		for _, wrong := range []object{
			{"kinds": []object{{"kind": "weather", "mail": "off"}}}, {"kinds": []object{{"kind": "overview", "mail": "immediate"}}}, {"kinds": []object{{"kind": "mention", "mail": "hourly"}}},
			{"digest_at": "7:30"}, {"digest_at": "24:00"}, {"time_zone": "Mars/Base"}, {"due_days": 31}, {"muted_teams": []string{"OPS"}}, {"email": "x"},
		} {
			s.as("member").patch("/inbox/choices", wrong).want(422)
		}
	})
}

func TestAdministratorsSeeWhatWasMailedAndSendItAgain(t *testing.T) {
	onSite(t, func(s *site) {
		at := s.inPost()
		at.Answer("RCPT", "550 no such mailbox")
		b := s.as("product_owner")
		key := b.post("/teams/INF/patches", object{"title": "nginx 1.28.1"}).want(201)["key"].(string)
		b.post("/teams/INF/patches/"+key+"/comments", object{"body": "@member @scrum_master @approver look"}).want(201)
		s.post()
		admin := s.as(adminName)
		first := admin.get("/mails?state=failed&limit=2").want(200)
		require.Len(s, first["items"], 2)
		rest := admin.get("/mails?state=failed&limit=2&cursor=" + first["next_cursor"].(string)).items()
		require.Len(s, rest, 1)
		assert.Contains(s, rest[0]["error"], "no such mailbox")
		assert.Empty(s, admin.get("/mails?state=sent").items())

		at.Answer("RCPT", "")
		id := rest[0]["id"].(string)
		s.as("scrum_master").post("/mails/"+id+"/retry", nil).want(403)
		assert.Equal(s, "waiting", admin.post("/mails/"+id+"/retry", nil).want(200)["state"])
		_, err := s.Notify.SendMail(s.Context())
		require.NoError(s, err)
		require.Len(s, at.Letters(), 1)
		assert.Len(s, admin.get("/mails?state=sent").items(), 1)
		admin.post("/mails/"+id+"/retry", nil).want(409)
	})
}
