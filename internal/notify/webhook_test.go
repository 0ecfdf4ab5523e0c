package notify_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
	"patchline/internal/notify"
)

// receiver is another program, which keeps what it is told.
type receiver struct {
	mu     sync.Mutex
	status int
	got    []*http.Request
	bodies []string
	URL    string
}

func listen(t *testing.T) *receiver {
	r := &receiver{status: 204}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got, r.bodies = append(r.got, q), append(r.bodies, string(body))
		w.WriteHeader(r.status)
	}))
	t.Cleanup(srv.Close)
	r.URL = srv.URL + "/in?key=hush"
	return r
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

func (o *office) webhook(url, format string) *notify.Webhook {
	kinds := []string{"assigned", "mention"}
	w, err := o.notify.AddWebhook(o.Context(), o.people["Ana"], o.team.ID, notify.Draft{Name: new("Ops"), URL: &url, Format: &format, Kinds: &kinds})
	require.NoError(o, err)
	return w
}

func (o *office) deliver() {
	_, err := o.notify.Deliver(o.Context())
	require.NoError(o, err)
}

func (o *office) log(w *notify.Webhook) []notify.Delivery {
	log, err := o.notify.Deliveries(o.Context(), o.team.ID, w.ID, "", "", 100)
	require.NoError(o, err)
	return log
}

func TestAWebhookIsToldOnceAndSignedAsStandardWebhooksSays(t *testing.T) {
	inOffice(t, func(o *office) {
		r := listen(t)
		w := o.webhook(r.URL, notify.Standard)
		o.assign("Bram", o.patch("Update nginx"), "Chen")
		o.say("Bram", o.patch("Update curl"), "no news for it")
		o.catchUp()
		o.notify = notify.New(o.db, local) // another server
		o.catchUp()
		for range 3 {
			o.deliver()
		}
		require.Len(o, r.got, 1)
		h := r.got[0].Header
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(w.Secret, "whsec_"))
		require.NoError(o, err)
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(h.Get("webhook-id") + "." + h.Get("webhook-timestamp") + "." + r.bodies[0]))
		assert.Equal(o, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)), h.Get("webhook-signature"))
		var body struct {
			Type string
			Data struct{ Team, Title, URL string }
		}
		require.NoError(o, json.Unmarshal([]byte(r.bodies[0]), &body))
		assert.Equal(o, []string{"assigned", "INF", "Bram assigned INF-1 to Chen", "https://patchline.example/t/INF/patches/INF-1"},
			[]string{body.Type, body.Data.Team, body.Data.Title, body.Data.URL})
		log := o.log(w)
		require.Len(o, log, 1)
		assert.Equal(o, []any{notify.Done, int64(204), h.Get("webhook-id")}, []any{log[0].State, *log[0].Status, log[0].ID})
	})
}

func TestWhatFailsIsRepeatedForDaysWithTheSameIDAndThenTheWebhookIsSwitchedOff(t *testing.T) {
	inOffice(t, func(o *office) {
		r := listen(t)
		r.answer(500)
		w := o.webhook(r.URL, notify.Standard)
		p := o.assign("Bram", o.patch("Update nginx"), "Chen")
		o.catchUp()
		begin := o.db.Now()
		o.deliver()
		o.deliver()
		require.Len(o, r.got, 1, "it waits before it repeats")
		for range 200 {
			o.clock.Add(30 * time.Minute)
			o.deliver()
		}
		assert.Len(o, r.got, 10)
		assert.Equal(o, notify.Failed, o.log(w)[0].State)
		assert.Equal(o, r.got[0].Header.Get("webhook-id"), r.got[9].Header.Get("webhook-id"))

		o.clock.Set(begin.Add(5*24*time.Hour + time.Minute))
		o.say("Bram", p, "@Chen look")
		o.catchUp()
		o.deliver()
		hooks, err := o.notify.Webhooks(o.Context(), o.team.ID)
		require.NoError(o, err)
		assert.Equal(o, []any{false, "Nothing has arrived for 5 days."}, []any{hooks[0].Enabled, hooks[0].Disabled})

		r.answer(200)
		on := true
		_, err = o.notify.ChangeWebhook(o.Context(), o.people["Ana"], o.team.ID, w.ID, hooks[0].Version, notify.Draft{Enabled: &on})
		require.NoError(o, err)
		d, err := o.notify.Replay(o.Context(), o.people["Ana"], o.team.ID, o.log(w)[1].ID)
		require.NoError(o, err)
		o.deliver()
		assert.Equal(o, notify.Done, o.log(w)[1].State)
		assert.Equal(o, d.ID, r.got[len(r.got)-1].Header.Get("webhook-id"))
	})
}

func TestAReceiverThatIsGoneIsNotToldAgain(t *testing.T) {
	inOffice(t, func(o *office) {
		r := listen(t)
		r.answer(410)
		o.webhook(r.URL, notify.Standard)
		o.assign("Bram", o.patch("Update nginx"), "Chen")
		o.catchUp()
		o.deliver()
		hooks, err := o.notify.Webhooks(o.Context(), o.team.ID)
		require.NoError(o, err)
		assert.False(o, hooks[0].Enabled)
		assert.Contains(o, hooks[0].Disabled, "gone")
	})
}

func TestServersShareTheDeliveriesAndOneThatDiesLeavesItsOwnToOthers(t *testing.T) {
	inOffice(t, func(o *office) {
		r := listen(t)
		w := o.webhook(r.URL, notify.Standard)
		p := o.patch("Update nginx")
		for range 6 {
			o.say("Bram", p, "@Chen look")
		}
		o.catchUp()
		// one died after it had taken this one
		dead := o.log(w)[0].ID
		require.NoError(o, o.db.Write(o.Context(), func(tx *db.Tx) error {
			return tx.Exec("UPDATE deliveries SET until = ? WHERE id = ?", tx.Now.Add(40*time.Second).UnixMicro(), dead).Error
		}))
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				s := notify.New(o.db, local)
				for range 6 {
					_, err := s.Deliver(o.Context())
					assert.NoError(o, err)
				}
			})
		}
		all.Wait()
		assert.Len(o, r.got, 5, "each once")
		o.clock.Add(time.Minute)
		o.deliver()
		assert.Len(o, r.got, 6)
	})
}

func TestAPrivateAddressIsRefusedAndARedirectIsNotFollowed(t *testing.T) {
	inOffice(t, func(o *office) {
		r := listen(t)
		w := o.webhook(r.URL, notify.Standard)
		o.assign("Bram", o.patch("Update nginx"), "Chen")
		o.catchUp()
		_, err := notify.New(o.db, notify.Options{}).Deliver(o.Context())
		require.NoError(o, err)
		assert.Empty(o, r.got)
		assert.Contains(o, o.log(w)[0].Error, "--webhooks-allow-private")
		r.answer(302)
		_, err = o.notify.Replay(o.Context(), o.people["Ana"], o.team.ID, o.log(w)[0].ID)
		require.NoError(o, err)
		o.deliver()
		assert.Len(o, r.got, 1)
		assert.Equal(o, "The receiver answered 302.", o.log(w)[0].Error)
	})
}

func TestInAChatWordsThatPeopleTypedCallNobody(t *testing.T) {
	inOffice(t, func(o *office) {
		for format, want := range map[string]string{
			notify.Slack:      `&lt;!channel&gt; @all [x](y)`,
			notify.Mattermost: "&lt;!channel> @\u200ball \\[x\\](y)",
			notify.Teams:      "@\u200ball \\[x\\](y)",
		} {
			r := listen(t)
			w := o.webhook(r.URL, format)
			o.assign("Bram", o.patch("<!channel> @all [x](y)"), "Chen")
			o.catchUp()
			o.deliver()
			require.NotEmpty(o, r.bodies, format)
			var text strings.Builder
			var body any
			require.NoError(o, json.Unmarshal([]byte(r.bodies[0]), &body))
			flatten(&text, body)
			assert.Contains(o, text.String(), want, format)
			assert.Contains(o, text.String(), "https://patchline.example/t/INF/patches/INF-", format)
			require.NoError(o, o.notify.RemoveWebhook(o.Context(), o.people["Ana"], o.team.ID, w.ID))
		}
	})
}

func flatten(to *strings.Builder, v any) {
	switch v := v.(type) {
	case string:
		to.WriteString(v + "\n")
	case []any:
		for _, x := range v {
			flatten(to, x)
		}
	case map[string]any:
		for _, x := range v {
			flatten(to, x)
		}
	}
}
