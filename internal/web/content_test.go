package web

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const first1 = "/teams/INF/patches/INF-1"

// actions are what a list of activity tells, the latest first.
func actions(r *reply) (out []string) {
	for _, a := range r.items() {
		out = append(out, a["action"].(string))
	}
	return out
}

func TestWhatInstallingTakesIsKeptWithItsHistory(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("Kernel", nil)
		assert.Equal(s, "unknown", c.get(first1 + "/content").want(200)["reboot"])
		body := object{"reboot": "yes", "downtime_minutes": 15, "version": 1, "links": []object{{"title": "RHSA-2026:1", "url": "https://access.redhat.com/errata/RHSA-2026:1"}}}
		now := c.put(first1+"/content", body).want(200)
		assert.Equal(s, []any{"yes", 15.0, 2.0}, []any{now["reboot"], now["downtime_minutes"], now["version"]})
		stale := c.put(first1+"/content", body).want(409)
		assert.Equal(s, "member", stale["current"].(object)["changed_by"])

		edits := c.get(first1 + "/activity?kind=edits").items()
		assert.Equal(s, object{"from": "unknown", "to": "yes"}, edits[0]["detail"].(object)["reboot"])
		assert.Equal(s, object{"from": nil, "to": 15.0}, edits[0]["detail"].(object)["downtime"])
		for _, url := range []string{"javascript:alert(1)", "https://user:secret@example.com/", "ftp://example.com/x", "https:///x"} {
			c.put(first1+"/content", object{"reboot": "no", "downtime_minutes": nil, "version": 2, "links": []object{{"title": "x", "url": url}}}).want(422)
		}
	})
}

func TestAPatchThatNeedsAnotherIsBlockedUntilThatIsInAndNeedsFormNoCircle(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		for _, title := range []string{"App", "Library", "Kernel"} {
			c.newPatch(title, nil)
		}
		c.put(first1+"/needs/INF-2", nil).want(200)
		c.put("/teams/INF/patches/INF-2/needs/INF-3", nil).want(200)
		again := c.put(first1+"/needs/inf-2", nil).want(200)
		assert.Equal(s, []any{"INF-2"}, again["blocked_by"])
		assert.Contains(s, c.put("/teams/INF/patches/INF-3/needs/INF-1", nil).want(409)["detail"], "INF-1 needs INF-3 already")
		c.put(first1+"/needs/INF-1", nil).want(409)
		needed := c.get("/teams/INF/patches/INF-3/content").want(200)["needed_by"].([]any)
		assert.Equal(s, "INF-2", needed[0].(object)["key"])
		assert.Equal(s, []string{"patch.need_added", "patch.created"}, actions(c.get(first1+"/activity")), "saying it again is no news")

		s.as("product_owner").post("/teams/INF/patches/INF-2/drop", object{"version": 1, "reason": "duplicate"}).want(200)
		assert.Empty(s, c.get(first1 + "/content").want(200)["blocked_by"])
		assert.Empty(s, c.del(first1 + "/needs/INF-2").want(200)["needs"])
		s.as(outsider).post("/teams/OPS/patches", object{"title": "Theirs"}).want(201)
		c.put(first1+"/needs/OPS-1", nil).want(404)
	})
}

func TestTwoNeedsAtOnceDoNotCloseACircle(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("A", nil)
		c.newPatch("B", nil)
		var done sync.WaitGroup
		codes := make([]int, 2)
		for i, path := range []string{first1 + "/needs/INF-2", "/teams/INF/patches/INF-2/needs/INF-1"} {
			done.Go(func() { codes[i] = c.put(path, nil).code })
		}
		done.Wait()
		assert.ElementsMatch(s, []int{200, 409}, codes)
	})
}

func TestACommentIsOnesOwnAndMentionsMembers(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("OpenSSL", nil)
		live := s.as("viewer").listen("INF")
		made := c.post(first1+"/comments", object{"body": " Works on **staging**. @approver @viewer @outsider @member \r\n"}).want(201)
		assert.Equal(s, "Works on **staging**. @approver @viewer @outsider @member", made["body"])
		assert.Equal(s, []any{"approver", "viewer"}, []any{made["mentions"].([]any)[0].(object)["name"], made["mentions"].([]any)[1].(object)["name"]})
		s.soon(live, "event: comment.changed")
		s.soon(live, "event: mention.added")

		path := first1 + "/comments/" + made["id"].(string)
		s.as("scrum_master").patch(path, object{"body": "x", "version": 1}).want(403)
		s.clock.Add(time.Minute)
		edited := c.patch(path, object{"body": "Works. @viewer", "version": 1}).want(200)
		assert.NotNil(s, edited["edited_at"])
		assert.Len(s, edited["mentions"], 1)
		stale := c.patch(path, object{"body": "y", "version": 1}).want(409)
		assert.Equal(s, edited, stale["current"].(object)["comment"])
		assert.Equal(s, []any{edited}, c.get(first1 + "/comments").want(200)["items"])

		s.as("approver").del(path).want(403)
		s.as("viewer").post(first1+"/comments", object{"body": "x"}).want(403)
		c.post(first1+"/comments", object{"body": " \n"}).want(422)
		s.as("scrum_master").del(path).want(204)
		assert.Empty(s, c.get(first1+"/comments").items())
		assert.Equal(s, []string{"comment.deleted", "comment.edited", "comment.added"}, actions(c.get(first1+"/activity?kind=comments")))
		s.nowhere("staging")
		assert.EqualValues(s, 1, c.get(first1).want(200)["version"], "talking changes no patch")
	})
}

func TestCommentsAndActivityComeInPages(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("OpenSSL", nil)
		for _, body := range []string{"1", "2", "3", "4", "5"} {
			c.post(first1+"/comments", object{"body": body}).want(201)
		}
		for _, list := range []string{"/comments?limit=2", "/activity?limit=2&kind=comments"} {
			var seen []any
			for cursor := ""; ; {
				page := c.get(first1 + list + cursor).want(200)
				for _, item := range page["items"].([]any) {
					seen = append(seen, item.(object)["id"])
				}
				next, more := page["next_cursor"].(string)
				if !more {
					break
				}
				cursor = "&cursor=" + next
			}
			assert.Len(s, seen, 5, list)
		}
	})
}

func TestAnAttachedFileComesBackAsItWasAndNeverRuns(t *testing.T) {
	openapi3filter.RegisterBodyDecoder("image/png", openapi3filter.FileBodyDecoder)
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("OpenSSL", nil)
		large := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{1, 2, 3, 4}, 100_000)...)
		made := c.post(first1+"/attachments?filename=..%2F%C3%BCber%22sicht.png", large).want(201)
		assert.Equal(s, []any{"übersicht.png", "image/png", float64(len(large))}, []any{made["name"], made["media_type"], made["size"]})
		got := s.as("viewer").get(first1 + "/attachments/" + made["id"].(string))
		require.Equal(s, 200, got.code)
		assert.True(s, got.raw == string(large), "the content is the same")
		assert.Equal(s, `attachment; filename=_bersicht.png; filename*=UTF-8''%C3%BCbersicht.png`, got.header.Get("Content-Disposition"))
		assert.Equal(s, "default-src 'none'; sandbox", got.header.Get("Content-Security-Policy"))
		assert.Equal(s, "nosniff", got.header.Get("X-Content-Type-Options"))
		assert.Equal(s, []string{"application/octet-stream"}, []string{Plain(c, s)})

		page := c.post(first1+"/attachments?filename=x.html", []byte("<script>alert(1)</script>")).want(201)
		assert.Equal(s, "text/plain; charset=utf-8", s.as("viewer").get(first1+"/attachments/"+page["id"].(string)).header.Get("Content-Type"))
		s.as("approver").del(first1 + "/attachments/" + page["id"].(string)).want(403)
		s.as("viewer").post(first1+"/attachments?filename=x", []byte("x")).want(403)
		c.del(first1 + "/attachments/" + page["id"].(string)).want(204)
		c.get(first1 + "/attachments/" + page["id"].(string)).want(404)
		assert.Len(s, c.get(first1+"/attachments").items(), 2)
	})
}

// Plain attaches what could be anything, and returns as what it is served.
func Plain(c *client, s *site) string {
	made := c.post(first1+"/attachments?filename=a.bin", []byte("\x00\x01")).want(201)
	return c.get(first1 + "/attachments/" + made["id"].(string)).header.Get("Content-Type")
}

func TestFilesHaveBoundsAndLeaveNothingBehind(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("OpenSSL", nil)
		parts := func() (n int) {
			require.NoError(s, s.db.Read(s.Context()).Raw("SELECT COUNT(*) FROM attachment_parts").Row().Scan(&n))
			return n
		}
		file := []byte(strings.Repeat("x", 1<<20))
		c.post(first1+"/attachments?filename=a", append(file, 'x')).want(413)
		c.post(first1+"/attachments?filename=a", []byte{}).want(400)
		assert.Zero(s, parts())
		for range 3 {
			c.post(first1+"/attachments?filename=a", file).want(201)
		}
		full := parts()
		assert.Contains(s, c.post(first1+"/attachments?filename=a", []byte("x")).want(413)["detail"], "together")
		assert.Equal(s, full, parts())
		s.as(outsider).post("/teams/OPS/patches", object{"title": "Theirs"}).want(201)
		s.as(outsider).post("/teams/OPS/patches/OPS-1/attachments?filename=a", file).want(201)
	})
}

func TestDroppingAPatchResolvesWhatBlocksIt(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("OpenSSL", nil)
		b := c.post("/teams/INF/blockers", object{"key": "INF-1", "needed": "a window"}).want(201)
		s.as("product_owner").post(first1+"/drop", object{"version": 1, "reason": "duplicate"}).want(200)
		assert.Empty(s, c.get("/teams/INF/blockers").items())
		resolved := c.get("/teams/INF/blockers?resolved=true").items()
		assert.Equal(s, b["id"], resolved[0]["id"])
		assert.Contains(s, actions(c.get(first1+"/activity")), "blocker.resolved")
	})
}

func TestABlockerThatComesBackKeepsThatItWasResolved(t *testing.T) {
	onSite(t, func(s *site) {
		s.at("2026-03-02T09:00:00Z")
		c := s.as("member")
		c.newPatch("OpenSSL", nil)
		b := c.post("/teams/INF/blockers", object{"key": "INF-1", "needed": "a window"}).want(201)
		path := "/teams/INF/blockers/" + b["id"].(string)
		s.at("2026-03-03T09:00:00Z")
		c = s.as("member")
		c.patch(path, object{"resolved": true, "version": 1}).want(200)
		s.at("2026-03-05T09:00:00Z")
		c = s.as("member")
		back := c.patch(path, object{"resolved": false, "version": 2}).want(200)
		assert.Nil(s, back["resolved_at"])
		assert.Equal(s, "2026-03-03T09:00:00Z", back["paused_at"])
		assert.Len(s, c.get("/teams/INF/standups/2026-03-02").want(200)["blockers"], 1)
		assert.Empty(s, c.get("/teams/INF/standups/2026-03-04").want(200)["blockers"], "that day nothing stopped it")
	})
}

func TestAVulnerabilityShowsOnlyWhatConcernsOnesOwnTeam(t *testing.T) {
	onSite(t, func(s *site) {
		asset := s.as("member").post("/teams/INF/assets", object{"name": "web-1", "criticality": "critical", "exposure": "internet"}).want(201)["id"]
		theirs := s.as(outsider).post("/teams/OPS/assets", object{"name": "secret-host"}).want(201)["id"]
		s.as("member").post("/teams/INF/patches", object{"title": "Ours", "vulnerabilities": []string{"ghsa-JFH8-C2JP-5V3Q"}, "asset_ids": []any{asset}}).want(201)
		s.as(outsider).post("/teams/OPS/patches", object{"title": "Theirs", "vulnerabilities": []string{"GHSA-jfh8-c2jp-5v3q"}, "asset_ids": []any{theirs}}).want(201)
		c := s.as("viewer")
		unknown := c.get("/vulnerabilities/ghsa-jfh8-c2jp-5v3q").want(200)
		assert.Equal(s, []any{"GHSA-jfh8-c2jp-5v3q", false}, []any{unknown["id"], unknown["known"]})
		c.get("/vulnerabilities/CVE-x").want(404)

		got := c.get("/teams/INF/vulnerabilities/GHSA-jfh8-c2jp-5v3q")
		assert.NotContains(s, got.raw, "secret-host")
		assert.NotContains(s, got.raw, "Theirs")
		body := got.want(200)
		assert.Equal(s, "INF-1", body["patches"].([]any)[0].(object)["key"])
		decisions := body["decisions"].(object)
		assert.Equal(s, []any{"web-1", "attend", "out-of-cycle"}, []any{decisions["asset"], decisions["coordinator"].(object)["outcome"], decisions["deployer"].(object)["outcome"]})
		assert.Nil(s, c.get("/teams/INF/vulnerabilities/CVE-2020-0001").want(200)["decisions"])
	})
}

func TestWhatSprintsAndEditsDoStandsInThePatchsHistory(t *testing.T) {
	onSite(t, func(s *site) {
		c, sm := s.as("member"), s.as("scrum_master")
		c.newPatch("OpenSSL", nil)
		sm.post("/teams/INF/sprints", object{}).want(201)
		sm.put("/teams/INF/sprints/1/items/INF-1", nil).want(200)
		sm.del("/teams/INF/sprints/1/items/INF-1").want(200)
		assert.Equal(s, []string{"patch.sprint_removed", "patch.sprint_added"}, actions(c.get(first1+"/activity?kind=sprints")))
		id := s.people["member"].ID
		c.patch(first1, object{"title": "OpenSSL 3", "description": "new", "labels": []string{"tls"}, "assignee_id": id, "version": 3}).want(200)
		edit := c.get(first1 + "/activity?kind=edits").items()[0]["detail"].(object)
		assert.Equal(s, object{
			"title": object{"from": "OpenSSL", "to": "OpenSSL 3"}, "description": object{"from": "", "to": "new"},
			"labels": object{"from": []any{}, "to": []any{"tls"}}, "assignee": object{"from": nil, "to": id},
		}, edit)
		c.get(first1 + "/activity?kind=nonsense").want(422)
		assert.Empty(s, c.get(first1+"/activity?kind=moves,scores").items())
	})
}
