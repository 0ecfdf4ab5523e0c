package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// feeding runs what is due, until the test ends.
func (s *site) feeding() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); s.Feed.Run(ctx) }()
	s.Cleanup(func() { stop(); <-done })
}

// rests waits until a feed has run and returns it.
func (s *site) rests(c *client, id string) object {
	s.Helper()
	var f object
	require.Eventually(s, func() bool {
		f = c.get("/feeds/" + id).want(200)
		run, ran := f["last_run"].(object)
		return ran && f["waiting"] == false && run["state"] != "running"
	}, 20*time.Second, 20*time.Millisecond)
	return f
}

func TestAdministratorsManageFeedsAndEverybodySeesWhatTheyDid(t *testing.T) {
	onSite(t, func(s *site) {
		s.feeding()
		publisher := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, kevDay) }))
		s.Cleanup(publisher.Close)
		c, viewer := s.as(adminName), s.as("viewer")
		assert.Len(s, viewer.get("/feeds").items(), 3, "the shipped ones")
		body := object{"name": "KEV", "kind": "kev", "source": publisher.URL + "/kev.json?key=secret", "every_minutes": 60}
		viewer.post("/feeds", body).want(403)
		f := c.post("/feeds", body).want(201)
		id := f["id"].(string)
		f = s.rests(viewer, id)
		assert.Equal(s, "done", f["last_run"].(object)["state"], "%v", f["last_run"])
		assert.Equal(s, publisher.URL+"/kev.json?…", f["source"], "what follows may be a secret")
		assert.Equal(s, body["source"], c.get("/feeds/" + id).want(200)["source"])
		assert.Len(s, viewer.get("/feeds/"+id+"/runs").items(), 1)

		viewer.post("/feeds/"+id+"/run", nil).want(403)
		c.post("/feeds/"+id+"/run", nil).want(202)
		require.Eventually(s, func() bool { return len(c.get("/feeds/"+id+"/runs").items()) == 2 }, 20*time.Second, 20*time.Millisecond)
		f = s.rests(c, id)
		assert.Equal(s, []any{"unchanged", adminName}, []any{f["last_run"].(object)["state"], f["last_run"].(object)["who"]})

		changed := c.patch("/feeds/"+id, object{"version": f["version"], "daily_at": "06:30", "time_zone": "Europe/Berlin", "enabled": false}).want(200)
		assert.Equal(s, []any{"06:30", nil, nil, false}, []any{changed["daily_at"], changed["every_minutes"], changed["next_run_at"], changed["enabled"]})
		stale := c.patch("/feeds/"+id, object{"version": f["version"], "name": "Other"}).want(409)
		assert.Equal(s, "KEV", stale["current"].(object)["feed"].(object)["name"])
		c.del("/feeds/" + id).want(204)
		c.get("/feeds/" + id).want(404)
	})
}

func TestAWrongFeedIsRefusedWithAWordAtEachField(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as(adminName)
		wrong := c.post("/feeds", object{"name": "x", "kind": "folder", "source": "../../etc", "time_zone": "Moon"}).want(422)
		var at []any
		for _, e := range wrong["errors"].([]any) {
			at = append(at, e.(object)["pointer"])
		}
		assert.Equal(s, []any{"/source", "/team", "/time_zone"}, at)
		c.post("/feeds", object{"name": "x", "kind": "url", "source": "https://e.com/x", "team": "NIL"}).want(422)
		c.post("/feeds", object{"name": "x", "kind": "url", "source": "https://e.com/x", "every_minutes": 1}).want(422)
		assert.Len(s, c.get("/feeds").items(), 3)
	})
}

func TestARunIsStoppedByAnAdministrator(t *testing.T) {
	onSite(t, func(s *site) {
		s.feeding()
		gone := make(chan struct{})
		var asked atomic.Bool
		publisher := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Store(true); <-gone }))
		s.Cleanup(func() { close(gone); publisher.Close() })
		c := s.as(adminName)
		id := c.post("/feeds", object{"name": "slow", "kind": "kev", "source": publisher.URL}).want(201)["id"].(string)
		require.Eventually(s, asked.Load, 10*time.Second, 5*time.Millisecond)
		c.post("/feeds/"+id+"/run", nil).want(409)
		s.as("viewer").del("/feeds/" + id + "/run").want(403)
		c.del("/feeds/" + id + "/run").want(200)
		assert.Equal(s, "cancelled", s.rests(c, id)["last_run"].(object)["state"])
	})
}
