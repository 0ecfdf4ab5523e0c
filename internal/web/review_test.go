package web

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/review"
)

const reviewPath = "/teams/INF/sprints/1/review"

// itemOf finds an item in a review.
func itemOf(of object, key string) object {
	for _, i := range of["items"].([]any) {
		if i.(object)["key"] == key {
			return i.(object)
		}
	}
	return nil
}

func statesOf(of object) (out []string) {
	for _, i := range of["items"].([]any) {
		out = append(out, i.(object)["key"].(string)+" "+i.(object)["state"].(string))
	}
	return out
}

func verdict(accepted bool, feedback string, version int) object {
	return object{"accepted": accepted, "feedback": feedback, "version": version}
}

// guestLink makes a link for guests and returns its id and secret.
func (s *site) guestLink(days int) (id, secret string) {
	s.Helper()
	made := s.as("scrum_master").post(reviewPath+"/links", object{"days": days}).want(201)
	return made["link"].(object)["id"].(string), made["secret"].(string)
}

func (s *site) guest(secret string) *client { return s.nobody().with("Review-Token", secret) }

func TestAReviewShowsWhatWasDoneLeftAndDroppedAndStaysAsItWasClosed(t *testing.T) {
	onSite(t, func(s *site) {
		s.lived()
		m, po, sm := s.as("member"), s.as("product_owner"), s.as("scrum_master")
		fresh := m.get(reviewPath).want(200)
		assert.Equal(s, []string{"INF-1 done", "INF-2 done", "INF-3 open", "INF-5 open", "INF-4 dropped"}, statesOf(fresh))
		assert.EqualValues(s, 2, fresh["waiting"])
		assert.Equal(s, "member", itemOf(fresh, "INF-1")["by"])
		assert.Equal(s, "duplicate", itemOf(fresh, "INF-4")["drop_reason"])
		m.put(reviewPath+"/items/INF-1/verdict", verdict(true, "", 0)).want(403)
		po.put(reviewPath+"/items/INF-3/verdict", verdict(true, "", 0)).want(409) // not done
		po.put(reviewPath+"/items/INF-2/verdict", verdict(false, " ", 0)).want(422)
		po.put(reviewPath+"/items/INF-1/verdict", verdict(true, "", 0)).want(200)
		got := po.put(reviewPath+"/items/INF-2/verdict", verdict(false, "the spare gateway is missing", 0)).want(200)
		assert.EqualValues(s, 0, got["waiting"])

		m.post(reviewPath+"/items/INF-1/follow-up", nil).want(409) // it was accepted
		got = m.post(reviewPath+"/items/INF-2/follow-up", nil).want(201)
		follow := itemOf(got, "INF-2")["verdict"].(object)["follow_up"].(string)
		item := m.get("/teams/INF/patches/" + follow).want(200)
		assert.Equal(s, "Follow-up of INF-2: b", item["title"])
		assert.Contains(s, item["description"], "the spare gateway is missing")
		m.post(reviewPath+"/items/INF-2/follow-up", nil).want(409) // once

		m.patch(reviewPath, object{"summary": "mine", "version": 1}).want(403)
		sm.patch(reviewPath, object{"close": true, "version": 1}).want(422) // a summary is missing
		sm.patch(reviewPath, object{"summary": "We patched the edge.", "close": true, "version": 0}).want(200)
		m.move("INF-3", "in_progress")
		m.move("INF-3", "verified")
		m.post("/teams/INF/patches/INF-1/comments", object{"body": "later"}).want(201)
		closed := m.get(reviewPath).want(200)
		assert.Equal(s, []string{"INF-1 done", "INF-2 done", "INF-3 open", "INF-5 open", "INF-4 dropped"}, statesOf(closed))
		assert.EqualValues(s, 0, itemOf(closed, "INF-1")["evidence"].(object)["comments"])
		for what, r := range map[string]*reply{
			"verdict": po.put(reviewPath+"/items/INF-1/verdict", verdict(false, "x", 1)), "comment": m.post(reviewPath+"/comments", object{"text": "x"}),
			"summary": sm.patch(reviewPath, object{"summary": "other", "version": 2}), "follow-up": m.post(reviewPath+"/items/INF-2/follow-up", nil),
		} {
			assert.Equal(s, 409, r.code, "%s after the close", what)
		}
		assert.Equal(s, closed, m.get(reviewPath).want(200))
	})
}

func TestEvidenceOfAPatchIsWhereItArrivedAndWhichScansConfirmIt(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.program("scrum_master", "all")
		s.importing()
		const row = "%s,host,bash,deb,CVE-2026-0001,5.1,5.2,high\n"
		s.findings(c, "full", fmt.Sprintf(row+row, "web-1", "web-2"))
		c.post("/teams/INF/sprints", object{}).want(201)
		planned := c.put("/teams/INF/sprints/1/items/INF-1", nil).want(200)
		c.post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
		s.findings(c, "full", fmt.Sprintf(row, "web-1")+"web-2,host,zsh,deb,CVE-2026-0002,1,2,low\n")
		c.post("/teams/INF/patches/INF-1/comments", object{"body": "checked"}).want(201)
		c.move("INF-1", "verified")
		e := itemOf(c.get(reviewPath).want(200), "INF-1")["evidence"].(object)
		s.holds(object{"hosts": 2.0, "patched": 1.0, "confirmed": false, "comments": 1.0, "files": 0.0}, e, "")
		scan := e["scans"].([]any)[0].(object)
		s.holds(object{"gone": 1.0, "seen": 1.0}, scan, "")
	})
}

func TestAGuestSeesOneReviewAndNothingBehindIt(t *testing.T) {
	onSite(t, func(s *site) {
		s.lived()
		const marker = "PLANTED9K"
		m, po := s.as("member"), s.as("product_owner")
		m.post("/teams/INF/patches/INF-1/comments", object{"body": marker}).want(201)
		asset := s.asset(m, object{"name": strings.ToLower(marker)})
		p := m.get("/teams/INF/patches/INF-1").want(200)
		m.patch("/teams/INF/patches/INF-1", object{"description": marker, "version": p["version"]}).want(200)
		require.NoError(s, s.db.Write(s.Context(), dbExec("UPDATE ledger SET reason = ?, actor = ? WHERE kind <> ''", marker, marker)))
		require.NoError(s, s.db.Write(s.Context(), dbExec("UPDATE users SET name = name || ?", marker)))
		m.post("/teams/INF/patches", object{"title": marker, "asset_ids": []string{asset}, "vulnerabilities": []string{"CVE-2026-1234"}}).want(201)
		po.put(reviewPath+"/items/INF-2/verdict", verdict(false, marker, 0)).want(200)
		m.post(reviewPath+"/comments", object{"text": marker}).want(201)
		s.as("scrum_master").patch(reviewPath, object{"summary": marker, "version": 1}).want(200) // a draft
		_, other := s.guestLink(7)
		s.guest(other).post("/guest-review/comments", object{"name": marker, "text": marker}).want(201)
		_, secret := s.guestLink(7)
		seen := s.guest(secret).get("/guest-review")
		body := seen.want(200)
		assert.NotContains(s, strings.ToLower(seen.raw), strings.ToLower(marker))
		assert.NotContains(s, seen.raw, "duplicate", "why something was dropped is the team's")
		assert.Equal(s, []string{"INF-1 done", "INF-2 done", "INF-3 open", "INF-5 open", "INF-4 dropped"}, statesOf(body))
		assert.Equal(s, false, itemOf(body, "INF-2")["accepted"])
		assert.Nil(s, itemOf(body, "INF-1")["accepted"])
		for _, path := range []string{"/session", "/teams", "/teams/INF", reviewPath, reviewPath + "/links", "/teams/INF/patches/INF-1"} {
			s.guest(secret).get(path).want(401)
		}
		s.guest(secret).post(reviewPath+"/comments", object{"text": "x"}).want(401)
	})
}

func TestALinkThatDoesNotWorkIsAnsweredAlikeWhateverTheReason(t *testing.T) {
	onSite(t, func(s *site) {
		s.lived()
		s.as("member").post(reviewPath+"/links", object{}).want(403)
		s.as("product_owner").post(reviewPath+"/links", object{"days": 31}).want(422)
		id, revoked := s.guestLink(7)
		_, expired := s.guestLink(1)
		_, works := s.guestLink(30)
		s.as("member").del(reviewPath + "/links/" + id).want(403)
		s.as("product_owner").del(reviewPath + "/links/" + id).want(204)
		s.as("product_owner").del(reviewPath + "/links/" + id).want(404)
		s.clock.Add(24 * time.Hour)
		gone := s.as("approver").post(reviewPath+"/links", object{})
		gone.want(403)
		same := func(secret string) (out []any) {
			p := s.guest(secret).get("/guest-review").want(404)
			q := s.guest(secret).post("/guest-review/comments", object{"name": "Ada", "text": "x"}).want(404)
			return []any{p["detail"], q["detail"]}
		}
		unknown := same(strings.Repeat("x", 43))
		assert.Equal(s, unknown, same(revoked))
		assert.Equal(s, unknown, same(expired))
		assert.Equal(s, unknown, same(""))
		s.guest(works).get("/guest-review").want(200)
		require.NoError(s, s.db.Write(s.Context(), dbExec("UPDATE users SET disabled_at = 1 WHERE id = ?", s.people["scrum_master"].ID)))
		assert.Equal(s, unknown, same(works), "who made it may not look any more, so neither may the guests")
	})
}

func TestAGuestMayCommentWithANameSlowlyAndAsText(t *testing.T) {
	onSite(t, func(s *site) {
		s.lived()
		_, secret := s.guestLink(7)
		g, sm := s.guest(secret), s.as("scrum_master")
		body := g.post("/guest-review/comments", object{"name": " Ada\u202e\n<b>Lovelace ", "text": "<script>alert(1)</script>"}).want(201)
		c := body["comments"].([]any)[0].(object)
		s.holds(object{"author": "Ada <b>Lovelace", "text": "<script>alert(1)</script>"}, c, "")
		for _, wrong := range []object{{"name": "\u200b ", "text": "x"}, {"name": "Ada", "text": " "}, {"name": strings.Repeat("a", 81), "text": "x"}, {"name": "Ada", "text": strings.Repeat("x", 2001)}, {"name": "Ada", "text": "x", "guest": false}} {
			g.post("/guest-review/comments", wrong).want(422)
		}
		seen := sm.get(reviewPath).want(200)["comments"].([]any)[0].(object)
		s.holds(object{"guest": true, "mine": false}, seen, "")
		for range 9 {
			g.post("/guest-review/comments", object{"name": "Ada", "text": "more"}).want(201)
		}
		slow := g.post("/guest-review/comments", object{"name": "Ada", "text": "too much"})
		slow.want(429)
		assert.Equal(s, "600", slow.header.Get("Retry-After"))
		_, second := s.guestLink(7)
		s.guest(second).post("/guest-review/comments", object{"name": "Bob", "text": "by another link"}).want(201)
		s.clock.Add(10 * time.Minute)
		g.post("/guest-review/comments", object{"name": "Ada", "text": "later"}).want(201)

		id := seen["id"].(string)
		s.as("member").del(reviewPath + "/comments/" + id).want(403)
		s.as("scrum_master").del(reviewPath + "/comments/" + id).want(200)
		s.as("scrum_master").patch(reviewPath, object{"summary": "Done.", "close": true, "version": 1}).want(200)
		g.post("/guest-review/comments", object{"name": "Ada", "text": "x"}).want(409)
		assert.Equal(s, "Done.", g.get("/guest-review").want(200)["summary"])
	})
}

func TestAGuestWhoAsksAgainIsToldThatNothingHappenedUntilSomethingDoes(t *testing.T) {
	onSite(t, func(s *site) {
		s.lived()
		id, secret := s.guestLink(7)
		_, other := s.guestLink(7)
		look := func(secret, tag string) *reply {
			return s.guest(secret).with("If-None-Match", tag).get("/guest-review")
		}
		tag := look(secret, "").header.Get("ETag")
		again := look(secret, tag)
		assert.Equal(s, []any{304, ""}, []any{again.code, again.raw})
		look(other, tag).want(200) // a tag is its link's
		s.as("product_owner").put(reviewPath+"/items/INF-1/verdict", verdict(true, "", 0)).want(200)
		seen := look(secret, tag)
		assert.Equal(s, true, itemOf(seen.want(200), "INF-1")["accepted"])
		tag = seen.header.Get("ETag")
		assert.Equal(s, 304, look(secret, tag).code)
		s.as("scrum_master").del(reviewPath + "/links/" + id).want(204)
		look(secret, tag).want(404)
		s.clock.Add(8 * 24 * time.Hour)
		look(other, look(other, "").header.Get("ETag")).want(404)
	})
}

func TestTheSecretOfALinkIsShownOnceAndKeptNowhere(t *testing.T) { // not parallel: it reads the log
	log := logged(t)
	emptySite(t, Options{Frontend: built}, func(s *site) {
		s.inhabit()
		s.lived()
		lines := s.as("viewer").listen("INF")
		sm := s.as("scrum_master").with("Idempotency-Key", "once and for all")
		secret := sm.post(reviewPath+"/links", object{}).want(201)["secret"].(string)
		assert.GreaterOrEqual(s, len(secret), 43)
		sm.post(reviewPath+"/links", object{}).want(409) // its answer was not kept
		g := s.guest(secret)
		page := g.page("/review/" + secret)
		assert.Equal(s, []string{"no-referrer", "noindex, nofollow"}, []string{page.Header().Get("Referrer-Policy"), page.Header().Get("X-Robots-Tag")})
		g.get("/guest-review").want(200)
		g.post("/guest-review/comments", object{"name": "Ada", "text": "hello"}).want(201)
		g.post("/guest-review/comments", object{"name": "", "text": ""}).want(422)
		assert.NotContains(s, s.soon(lines, "data: {"), secret)
		for _, table := range s.tables() {
			for _, row := range s.rows(table) {
				require.NotContains(s, row, secret, table)
			}
		}
		for _, op := range everyOperation(s) {
			if op.route.Method == "GET" && !op.stream {
				answer := s.as(adminName).get(op.at("INF", things{"{key}": "INF-1", "{n}": "1", "{date}": "today", "{other}": "INF-1", "{cve}": "CVE-2026-0001", "{secret}": strings.Repeat("x", 43)}))
				require.NotContains(s, answer.raw, secret, op.id)
			}
		}
		assert.NotContains(s, log.String(), secret)
	})
}

func TestTwoWhoJudgeAtOnceDoNotOverwriteEachOther(t *testing.T) {
	onSite(t, func(s *site) {
		s.lived()
		s.as("scrum_master").patch(reviewPath, object{"summary": "draft", "version": 0}).want(200)
		const judges = 12
		codes := make(chan error, judges)
		var all sync.WaitGroup
		for i := range judges {
			all.Go(func() {
				who := s.people["product_owner"]
				by := review.Judgement{Accepted: i%2 == 0, Feedback: fmt.Sprint("judge ", i)}
				codes <- s.Review.Judge(s.Context(), audit.Who{UserID: who.ID, Name: who.Name}, s.teams["INF"], 1, 1, by)
			})
		}
		all.Wait()
		close(codes)
		stood := 0
		for err := range codes {
			if err == nil {
				stood++
			} else {
				assert.ErrorContains(s, err, "judged this item first")
			}
		}
		assert.Equal(s, 1, stood)
		assert.Equal(s, 1, s.count("SELECT COUNT(*) FROM audit WHERE action = 'review.judged'"))
		got := itemOf(s.as("viewer").get(reviewPath).want(200), "INF-1")["verdict"].(object)
		assert.EqualValues(s, 1, got["version"])
		stale := s.as("product_owner").put(reviewPath+"/items/INF-1/verdict", verdict(true, "", 0)).want(409)
		assert.Equal(s, got["feedback"], stale["current"].(object)["verdict"].(object)["feedback"])
	})
}
