package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/mail/mailtest"
)

// listener is a mail server and another program that outlive the servers which
// tell them things.
type listener struct {
	mail *mailtest.Server
	hook *httptest.Server

	mu    sync.Mutex
	calls map[string]map[string]int // by key of the patch and webhook-id: how often
}

func listenTo(t *testing.T) *listener {
	l := &listener{mail: mailtest.Listen(t), calls: map[string]map[string]int{}}
	l.hook = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		key := aKey.FindString(string(body))
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.calls[key] == nil {
			l.calls[key] = map[string]int{}
		}
		l.calls[key][r.Header.Get("webhook-id")]++
	}))
	t.Cleanup(l.hook.Close)
	return l
}

var aKey = regexp.MustCompile(`INF-\d+`)

// mailed is in which mails each key stands, by Message-ID, and how many letters
// repeat another.
func (l *listener) mailed() (keys map[string]map[string]bool, repeats int) {
	keys, seen := map[string]map[string]bool{}, map[string]bool{}
	for _, letter := range l.mail.Letters() {
		id := letter.Header.Get("Message-Id")
		if seen[id] {
			repeats++
		}
		seen[id] = true
		for _, line := range strings.Split(letter.Part("text/plain"), "\n") {
			if key := aKey.FindString(line); strings.HasPrefix(line, "* ") {
				if keys[key] == nil {
					keys[key] = map[string]bool{}
				}
				keys[key][id] = true
			}
		}
	}
	return keys, repeats
}

func (l *listener) called(key string) map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.calls[key]
}

// speaker makes patches and mentions Ben on each, and tries what is refused.
type speaker struct {
	*testing.T
	token string
	said  []string // keys of what was acknowledged
}

func (s *speaker) send(method, url string, body any, out any) int {
	text, err := json.Marshal(body)
	require.NoError(s, err)
	r, err := http.NewRequest(method, url, bytes.NewReader(text))
	require.NoError(s, err)
	r.Header.Set("Authorization", "Bearer "+s.token)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0 // the server is gone
	}
	defer res.Body.Close()
	if json.NewDecoder(res.Body).Decode(out) != nil {
		return 0
	}
	return res.StatusCode
}

// speak goes on until the server is gone, or enough was said for a while.
func (s *speaker) speak(address, ben string) {
	base := address + "/api/v1/teams/INF/patches"
	for range 60 {
		var p struct {
			Key string
		}
		if s.send("POST", base, map[string]any{"title": "Update"}, &p) != 201 {
			return
		}
		if s.send("PATCH", base+"/"+p.Key, map[string]any{"version": 9, "assignee_id": ben}, &struct{}{}) != 409 {
			return // what is refused is rolled back, and told by nobody
		}
		if s.send("POST", base+"/"+p.Key+"/comments", map[string]any{"body": "@Ben look"}, &struct{}{}) != 201 {
			return
		}
		s.said = append(s.said, p.Key)
	}
}

func TestMailAndWebhooksTellEachEventOnceThroughServersThatAreKilled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		dir := filepath.Join(t.TempDir(), "data")
		place, replicas := []string{"--data", dir}, 1
		if d.Postgres() {
			place, replicas = append(place, "--database-url", d.URL()), 2
		}
		run := func(stdin string, args ...string) string {
			r := sh(t, stdin, append(args, place...)...)
			require.Zero(t, r.code, r.err)
			return strings.TrimSpace(r.out)
		}
		run("", "team", "add", "INF", "Infrastructure")
		for name, role := range map[string]string{"Ana": "product_owner", "Ben": "member"} {
			run("correct horse battery\n", "user", "add", "--email", name+"@example.com", "--name", name, "--admin", "--team", "INF", "--role", role, "--password-stdin")
		}
		l, s := listenTo(t), &speaker{T: t, token: run("", "token", "create", "--email", "ana@example.com", "--scope", "all")}
		args := append(place, "--webhooks-allow-private", "127.0.0.0/8", "--smtp-host", "127.0.0.1:"+strconv.Itoa(l.mail.Port), "--smtp-tls", "none",
			"--mail-from", "patchline@example.org", "--public-url", "https://patchline.example", "--mail-collect", "0s")
		servers := make([]*program, replicas)
		for i := range servers {
			servers[i], _ = launch(t, args...)
		}
		ben := s.prepare(servers[0].address, l.hook.URL)
		const kills = 6
		for n := range kills {
			i := n % replicas
			var speaking sync.WaitGroup
			speaking.Go(func() { s.speak(servers[i].address, ben) })
			time.Sleep(time.Duration(500+rand.IntN(1000)) * time.Millisecond) // a random moment is the point
			servers[i].kill(t)
			speaking.Wait()
			servers[i], _ = launch(t, args...)
		}
		forgetLeases(t, d, dir)
		l.check(t, s.said, kills)
	})
}

// prepare adds a webhook, and finds Ben.
func (s *speaker) prepare(address, hook string) (ben string) {
	var made struct{}
	require.Equal(s, 201, s.send("POST", address+"/api/v1/teams/INF/webhooks", map[string]any{"name": "Ops", "url": hook, "kinds": []string{"mention", "assigned"}}, &made))
	var members struct {
		Items []struct{ ID, Name string }
	}
	require.Equal(s, 200, s.send("GET", address+"/api/v1/teams/INF/members", nil, &members))
	for _, m := range members.Items {
		if m.Name == "Ben" {
			return m.ID
		}
	}
	return ""
}

// forgetLeases lets the time pass for which those who were killed hold what they
// had begun.
func forgetLeases(t *testing.T, d *db.DB, dir string) {
	if !d.Postgres() {
		var err error
		d, err = db.Open(filepath.Join(dir, "patchline.db"), time.Now)
		require.NoError(t, err)
		defer func() { require.NoError(t, d.Close()) }()
	}
	require.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error {
		if err := tx.Exec("UPDATE mails SET next_at = 0 WHERE state = 'sending'").Error; err != nil {
			return err
		}
		return tx.Exec("UPDATE deliveries SET until = 0, next_at = 0 WHERE state = 'waiting'").Error
	}))
}

// check waits until everything was told, and insists that it was told once: the
// same words may come again after a kill, in the same mail or message.
func (l *listener) check(t *testing.T, said []string, kills int) {
	require.Greater(t, len(said), kills, "hardly anything was said")
	require.Eventually(t, func() bool {
		mailed, _ := l.mailed()
		for _, key := range said {
			if len(mailed[key]) == 0 || len(l.called(key)) == 0 {
				return false
			}
		}
		return true
	}, time.Minute, 100*time.Millisecond, "something was never told")
	mailed, repeats := l.mailed()
	again := 0
	for _, key := range said {
		assert.Len(t, mailed[key], 1, "mails about %s", key)
		calls := l.called(key)
		assert.Len(t, calls, 1, "messages about %s", key)
		for _, n := range calls {
			again += n - 1
		}
	}
	for _, letter := range l.mail.Letters() {
		assert.NotContains(t, letter.Part("text/plain"), "assigned")
	}
	assert.LessOrEqual(t, repeats, kills)
	t.Logf("%d mentions, %d letters of which %d were repeats, %d messages repeated", len(said), len(l.mail.Letters()), repeats, again)
}
