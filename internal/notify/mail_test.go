package notify_test

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fetch"
	"patchline/internal/mail"
	"patchline/internal/mail/mailtest"
	"patchline/internal/notify"
)

// posted is how a server of the tests sends mail to a mail server of the tests.
func posted(to *mailtest.Server) notify.Options {
	return notify.Options{
		PublicURL: "https://patchline.example", Collect: 10 * time.Minute, Fetch: fetch.Options{Allow: local.Fetch.Allow},
		Mail: &mail.Server{Host: "localhost", Port: to.Port, Roots: to.Roots, From: netmail.Address{Name: "Patchline", Address: "patchline@example.org"}},
	}
}

// inPost is an office with a mail server; it begins at nine in the morning of a
// Monday in Berlin, when all have had their digest.
func inPost(t *testing.T, test func(o *office, at *mailtest.Server)) {
	inOffice(t, func(o *office) {
		at := mailtest.Listen(o)
		o.notify = notify.New(o.db, posted(at))
		test(o, at)
	})
}

// post collects and sends until nothing is left to do now.
func (o *office) post() {
	require.NoError(o, o.notify.Collect(o.Context()))
	for n := 1; n > 0; {
		var err error
		n, err = o.notify.SendMail(o.Context())
		require.NoError(o, err)
	}
}

// lettersTo are the subjects of what somebody was sent.
func lettersTo(at *mailtest.Server, name string) (out []mailtest.Letter) {
	for _, l := range at.Letters() {
		if l.To == name+"@example.com" {
			out = append(out, l)
		}
	}
	return out
}

func subjects(letters []mailtest.Letter) (out []string) {
	for _, l := range letters {
		out = append(out, l.Subject())
	}
	return out
}

func TestAPlanningSessionIsOneMailPerPerson(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		for i := range 60 {
			o.assign("Bram", o.patch(fmt.Sprintf("Update nginx %d", i)), "Chen")
			o.catchUp()
			o.post()
			if i%20 == 19 {
				o.clock.Add(25 * time.Minute) // they talk
				o.post()
			}
		}
		assert.Empty(o, at.Letters(), "they are still planning")
		o.clock.Add(6 * time.Minute)
		o.post()
		o.clock.Add(24 * time.Hour)
		o.post()
		require.Equal(o, []string{"Bram assigned INF-1 to you, and 59 more"}, subjects(lettersTo(at, "Chen")))
		assert.Len(o, at.Letters(), 1, "nobody else was told anything")
		text := at.Letters()[0].Part("text/plain")
		for i := range 60 {
			assert.Contains(o, text, fmt.Sprintf("* Bram assigned INF-%d to you\n  Update nginx %d\n  https://patchline.example/t/INF/patches/INF-%d\n", i+1, i, i+1))
		}
	})
}

func TestAMentionDoesNotWaitForThePlanningAndWhatIsReadMeanwhileIsNotMailed(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		p := o.assign("Bram", o.patch("Update nginx"), "Chen")
		o.say("Bram", p, "@Chen and @Elif, when?")
		o.catchUp()
		items, _, err := o.notify.Inbox(o.Context(), o.people["Elif"].UserID, notify.Filter{Limit: 10})
		require.NoError(o, err)
		_, err = o.notify.Mark(o.Context(), o.people["Elif"], notify.Marking{IDs: []string{items[0].ID}, Read: true})
		require.NoError(o, err)
		o.clock.Add(11 * time.Minute)
		o.post()
		assert.Equal(o, []string{"Bram mentioned you on INF-1"}, subjects(at.Letters()))
		o.clock.Add(20 * time.Minute)
		o.post()
		assert.Equal(o, []string{"Bram mentioned you on INF-1", "Bram assigned INF-1 to you"}, subjects(lettersTo(at, "Chen")))
	})
}

func TestWhatNeverStopsComingIsMailedAfterAWhileAllTheSame(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		p := o.patch("Update nginx")
		for range 8 {
			o.say("Bram", p, "@Elif and?")
			o.clock.Add(5 * time.Minute)
			o.catchUp()
			o.post()
		}
		assert.Len(o, at.Letters(), 1)
	})
}

func TestAMailSaysOnlyWhatItsPersonMaySeeWhenItIsSent(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		p := o.patch("Update nginx")
		o.say("Bram", p, "@Chen @Elif @Ana look")
		o.catchUp()
		o.clock.Add(11 * time.Minute)
		require.NoError(o, o.notify.Collect(o.Context()))
		require.NoError(o, o.db.Write(o.Context(), func(tx *db.Tx) error {
			if err := tx.Exec("DELETE FROM members WHERE user_id = ?", o.people["Chen"].UserID).Error; err != nil {
				return err
			}
			return tx.Exec("UPDATE users SET disabled_at = 1 WHERE id = ?", o.people["Elif"].UserID).Error
		}))
		o.post()
		require.Len(o, at.Letters(), 1)
		assert.Equal(o, "Ana@example.com", at.Letters()[0].To)
		sent, err := o.notify.Mails(o.Context(), "", "", 10)
		require.NoError(o, err)
		assert.Len(o, sent, 1, "there is no mail to those who may see nothing")
	})
}

func TestWordsOfPeopleStayWordsInAMail(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		evil := "<img src=x onerror=alert(1)> \"Zoë\" & https://evil.example"
		require.NoError(o, o.db.Write(o.Context(), func(tx *db.Tx) error {
			return tx.Exec("UPDATE users SET name = ? WHERE id = ?", "Chen \"C\" <b>\r\nBcc: all@example.org", o.people["Chen"].UserID).Error
		}))
		o.people["Bram"] = auditWho(o.people["Bram"].UserID, "Bram\r\nBcc: all@example.org")
		o.assign("Bram", o.patch(evil), "Chen")
		o.catchUp()
		o.clock.Add(31 * time.Minute)
		o.post()
		require.Len(o, at.Letters(), 1)
		l := at.Letters()[0]
		assert.Empty(o, l.Header["Bcc"])
		assert.Equal(o, "Chen@example.com", l.To)
		assert.Equal(o, "<https://patchline.example/account#notifications>", l.Header.Get("List-Unsubscribe"))
		page := l.Part("text/html")
		assert.Contains(o, page, "&lt;img src=x onerror=alert(1)&gt;")
		assert.NotContains(o, page, "<img")
		for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			assert.True(o, strings.HasPrefix(link[1], "https://patchline.example/"), link[1])
		}
		assert.Contains(o, l.Part("text/plain"), evil)
	})
}

func TestAMailIsSentOnceByOneOfManyServersWhateverIsKilled(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		p := o.patch("Update nginx")
		for i := range 30 {
			o.say("Bram", p, fmt.Sprintf("@Chen %d", i))
			o.catchUp()
			o.clock.Add(31 * time.Minute)
			var all sync.WaitGroup
			for range 3 {
				all.Go(func() {
					s := notify.New(o.db, posted(at))
					assert.NoError(o, s.Collect(o.Context()))
					_, err := s.SendMail(o.Context())
					assert.NoError(o, err)
				})
			}
			all.Wait()
			o.post()
		}
		ids := map[string]bool{}
		for _, l := range at.Letters() {
			ids[l.Header.Get("Message-Id")] = true
		}
		assert.Equal(o, []int{30, 30}, []int{len(at.Letters()), len(ids)})
	})
}

func TestAMailThatMayHaveArrivedIsRepeatedWithTheSameID(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		o.say("Bram", o.patch("Update nginx"), "@Chen look")
		o.catchUp()
		o.clock.Add(11 * time.Minute)
		at.Forget(true)
		o.post()
		at.Forget(false)
		o.post()
		require.Len(o, at.Letters(), 1, "it waits before it repeats")
		o.clock.Add(time.Minute)
		o.post()
		o.clock.Add(24 * time.Hour)
		o.post()
		require.Len(o, at.Letters(), 2)
		assert.Equal(o, at.Letters()[0].Header.Get("Message-Id"), at.Letters()[1].Header.Get("Message-Id"))
	})
}

func TestAMailThatIsNotTakenIsRepeatedForDaysAndThenShownToAdministrators(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		at.Answer("MAIL", "451 not now")
		o.say("Bram", o.patch("Update nginx"), "@Chen look")
		o.catchUp()
		for range 150 {
			o.clock.Add(30 * time.Minute)
			o.post()
		}
		log, err := o.notify.Mails(o.Context(), notify.Failed, "", 10)
		require.NoError(o, err)
		require.Len(o, log, 1)
		assert.Equal(o, []any{int64(8), "Chen", "Bram mentioned you on INF-1"}, []any{log[0].Attempts, log[0].Name, log[0].Subject})
		assert.Contains(o, log[0].Error, "not now")

		at.Answer("MAIL", "")
		_, err = o.notify.RetryMail(o.Context(), o.people["Ana"], log[0].ID)
		require.NoError(o, err)
		o.post()
		assert.Len(o, at.Letters(), 1)
		_, err = o.notify.RetryMail(o.Context(), o.people["Ana"], log[0].ID)
		require.Error(o, err, "it was sent")

		at.Answer("RCPT", "550 no such mailbox")
		o.say("Bram", o.patch("Update curl"), "@Elif look")
		o.catchUp()
		o.clock.Add(11 * time.Minute)
		o.post()
		log, err = o.notify.Mails(o.Context(), notify.Failed, "", 10)
		require.NoError(o, err)
		require.Len(o, log, 1)
		assert.EqualValues(o, 1, log[0].Attempts, "nobody asks for a mailbox twice that is not there")
	})
}

func TestWhatWasRolledBackIsMailedToNobody(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		p := o.patch("Update nginx")
		refused := errors.New("refused")
		require.ErrorIs(o, o.db.Write(o.Context(), func(tx *db.Tx) error {
			held, err := backlog.Hold(tx, o.team.ID, p.Number)
			require.NoError(o, err)
			to := new(o.people["Chen"].UserID)
			detail, err := backlog.EditIn(tx, o.people["Bram"], o.team, held, backlog.Edit{AssigneeID: &to, Seen: held.Version})
			require.NoError(o, err)
			require.NoError(o, backlog.Tell(tx, o.people["Bram"], o.team, held, "patch.changed", "patch.changed", detail))
			return refused
		}), refused)
		o.catchUp()
		o.clock.Add(24 * time.Hour)
		o.post()
		assert.Empty(o, at.Letters())
	})
}
