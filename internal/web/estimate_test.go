package web

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
	"patchline/internal/estimate"
	"patchline/internal/team"
)

const estimations = "/teams/INF/estimations"

// poker opens a live estimation of new patches and is its address.
func (c *client) poker(titles ...string) string {
	c.site.Helper()
	var keys []string
	for _, title := range titles {
		keys = append(keys, c.post("/teams/INF/patches", object{"title": title}).want(201)["key"].(string))
	}
	return estimations + "/" + c.post(estimations, object{"name": "Refinement", "mode": "live", "keys": keys}).want(201)["id"].(string)
}

func ballot(value any) object { return object{"key": "INF-1", "round": 1, "value": value} }

var firstRound = object{"key": "INF-1", "round": 1}

// roundOf is one of a patch in the queue.
func roundOf(table object, item, n int) object {
	return table["queue"].([]any)[item].(object)["rounds"].([]any)[n-1].(object)
}

func TestVotesAreHiddenUntilTheRevealAndThenShownWithTheirStatistics(t *testing.T) {
	onSite(t, func(s *site) {
		lead, member, po := s.as("scrum_master"), s.as("member"), s.as("product_owner")
		at := lead.poker("OpenSSL", "Kernel")
		own := roundOf(member.put(at+"/vote", ballot("5")).want(200), 0, 1)
		assert.Equal(s, "5", own["mine"])
		assert.Empty(s, own["votes"])
		po.put(at+"/vote", ballot("?")).want(200)
		seen := roundOf(s.as("approver").get(at).want(200), 0, 1)
		assert.Equal(s, []string{"member", "product_owner"}, namesIn(seen["voted"]))
		assert.Nil(s, seen["mine"])
		assert.Empty(s, seen["votes"])
		assert.Nil(s, seen["statistics"])

		member.put(at+"/vote", ballot("8")).want(200)
		shown := roundOf(lead.post(at+"/reveal", firstRound).want(200), 0, 1)
		assert.Equal(s, "person", shown["revealed_why"])
		assert.Len(s, shown["votes"], 2)
		stats := shown["statistics"].(object)
		assert.Equal(s, 8.0, stats["median"])
		assert.Equal(s, 1.0, stats["estimates"])
		member.put(at+"/vote", ballot("1")).want(409)
		again := roundOf(lead.post(at+"/reveal", firstRound).want(200), 0, 1)
		assert.Equal(s, shown, again)
	})
}

func TestAVoteIsOnTheScaleOfItsRoundAndAMembers(t *testing.T) {
	onSite(t, func(s *site) {
		lead := s.as("scrum_master")
		at := lead.poker("OpenSSL")
		rules := lead.get("/teams/INF/rules").want(200)
		delete(rules, "scales")
		rules["scale"] = object{"kind": "t_shirt", "values": []object{}}
		lead.put("/teams/INF/rules", rules).want(200)
		member := s.as("member")
		assert.Equal(s, []string{"/value"}, pointers(member.put(at+"/vote", ballot("XL")).want(422)))
		member.put(at+"/vote", ballot("13")).want(200)
		taken := roundOf(member.put(at+"/vote", ballot(nil)).want(200), 0, 1)
		assert.Empty(s, taken["voted"])
		s.as("viewer").put(at+"/vote", ballot("3")).want(403)
		s.as(adminName).put(at+"/vote", ballot("3")).want(403)
		member.put(at+"/vote", object{"key": "INF-9", "round": 1, "value": "3"}).want(404)
		member.put(at+"/vote", object{"key": "INF-1", "round": 2, "value": "3"}).want(404)

		member.put(at+"/vote", ballot("13")).want(200)
		lead.post(at+"/reveal", firstRound).want(200)
		second := roundOf(lead.post(at+"/again", firstRound).want(200), 0, 2)
		assert.Equal(s, "XS", second["scale"].([]any)[0].(object)["label"])
		assert.Equal(s, "13", roundOf(lead.get(at).want(200), 0, 1)["votes"].([]any)[0].(object)["value"])
	})
}

func TestOnlyWhoOpenedAnEstimationAndScrumMastersLeadIt(t *testing.T) {
	onSite(t, func(s *site) {
		member, po := s.as("member"), s.as("product_owner")
		at := po.poker("OpenSSL", "Kernel")
		po.put(at+"/vote", ballot("3")).want(200)
		final := object{"key": "INF-1", "round": 1, "points": 3, "version": 1}
		for path, body := range map[string]any{"reveal": firstRound, "again": firstRound, "close": nil} {
			assert.Contains(s, member.post(at+"/"+path, body).want(403)["detail"], "product_owner, who opened")
		}
		member.put(at+"/final", final).want(403)
		member.put(at+"/current", object{"key": "INF-2"}).want(403)
		assert.Contains(s, po.put(at+"/final", final).want(409)["detail"], "revealed")
		s.as("scrum_master").post(at+"/reveal", firstRound).want(200)
		po.put(at+"/final", final).want(200)
		turned := po.put(at+"/current", object{"key": "INF-2"}).want(200)
		assert.Equal(s, "INF-2", turned["current"])
		assert.Len(s, turned["queue"].([]any)[1].(object)["rounds"], 1)
		assert.Contains(s, po.post(at+"/reveal", object{"key": "INF-2", "round": 1}).want(409)["detail"], "Nobody has voted")
	})
}

func TestTheFinalValueIsAPersonsAndARowOfTheActiveSprintsLedger(t *testing.T) {
	onSite(t, func(s *site) {
		lead := s.as("scrum_master")
		at := lead.poker("OpenSSL")
		lead.post("/teams/INF/sprints", object{}).want(201)
		sprint := lead.put("/teams/INF/sprints/1/items/INF-1", nil).want(200)
		lead.post("/teams/INF/sprints/1/start", object{"version": sprint["version"]}).want(200)
		s.as("member").put(at+"/vote", ballot("5")).want(200)
		lead.post(at+"/reveal", firstRound).want(200)
		version := lead.get("/teams/INF/patches/INF-1").want(200)["version"]
		stale := lead.put(at+"/final", object{"key": "INF-1", "round": 1, "points": 8, "version": version.(float64) - 1}).want(409)
		assert.NotNil(s, stale["current"].(object)["item"])
		lead.put(at+"/final", object{"key": "INF-1", "round": 1, "points": 8, "version": version}).want(200)

		assert.Equal(s, 8.0, lead.get("/teams/INF/patches/INF-1").want(200)["points"])
		rows := lead.get("/teams/INF/sprints/1/report").want(200)["scope_ledger"].([]any)
		last := rows[len(rows)-1].(object)
		assert.Equal(s, []any{"estimated", 8.0, "scrum_master"}, []any{last["kind"], last["delta"], last["who"]})
		past := s.as("viewer").get("/teams/INF/patches/INF-1/estimates").want(200)
		change := past["changes"].([]any)[0].(object)
		assert.Equal(s, []any{"scrum_master", nil, 8.0, 1.0}, []any{change["who"], change["from"], change["to"], change["round"]})
		result := past["rounds"].([]any)[0].(object)["result"].(object)
		assert.Equal(s, "scrum_master", result["final"].(object)["by"])
		assert.Equal(s, "5", result["votes"].([]any)[0].(object)["value"])
	})
}

func TestARoundWaitsForEverybodyPresentAndForNobodyWhoWatchesOrLeft(t *testing.T) {
	onSite(t, func(s *site) {
		lead, member, po, viewer := s.as("scrum_master"), s.as("member"), s.as("product_owner"), s.as("viewer")
		key := lead.post("/teams/INF/patches", object{"title": "OpenSSL"}).want(201)["key"]
		at := estimations + "/" + lead.post(estimations, object{"name": "x", "mode": "live", "auto_reveal": true, "keys": []any{key}}).want(201)["id"].(string)
		for _, c := range []*client{member, po, viewer, lead} {
			c.put(at+"/presence", object{"as": "voting"}).want(200)
		}
		seats := lead.put(at+"/presence", object{"as": "watching"}).items()
		assert.Len(s, seats, 4)
		assert.Equal(s, []any{false, false, true, true}, []any{seats[0]["watching"], seats[1]["watching"], seats[2]["watching"], seats[3]["watching"]})
		assert.Equal(s, "voting", roundOf(member.put(at+"/vote", ballot("3")).want(200), 0, 1)["state"])
		revealed := roundOf(po.put(at+"/vote", ballot("5")).want(200), 0, 1)
		assert.Equal(s, []any{"revealed", "everybody"}, []any{revealed["state"], revealed["revealed_why"]})

		lead.post(at+"/again", firstRound).want(200)
		lead.put(at+"/presence", object{"as": "voting"}).want(200)
		second := object{"key": "INF-1", "round": 2, "value": "5"}
		member.put(at+"/vote", second).want(200)
		po.put(at+"/vote", second).want(200)
		lead.put(at+"/presence", object{"as": "gone"}).want(200)
		assert.Equal(s, "revealed", roundOf(member.get(at).want(200), 0, 2)["state"])
		s.clock.Add(31 * time.Second)
		assert.Empty(s, member.get(at).want(200)["present"])
	})
}

func TestAnAsynchronousRoundIsRevealedByItsDeadlineOrByEverybody(t *testing.T) {
	onSite(t, func(s *site) {
		lead, member := s.as("scrum_master"), s.as("member")
		for _, title := range []string{"A", "B"} {
			lead.post("/teams/INF/patches", object{"title": title}).want(201)
		}
		body := object{"name": "This week", "mode": "async", "top": 5}
		assert.Equal(s, []string{"/deadline"}, pointers(lead.post(estimations, body).want(422)))
		body["deadline"] = s.clock.Now().Add(time.Hour)
		at := estimations + "/" + lead.post(estimations, body).want(201)["id"].(string)
		assert.Equal(s, []string{"/top"}, pointers(lead.post(estimations, body).want(422)))
		listed := member.get(estimations).items()[0]
		assert.Equal(s, []any{2.0, 2.0}, []any{listed["open_rounds"], listed["waiting"]})

		for _, role := range []string{"member", "scrum_master", "product_owner", "approver"} {
			s.as(role).put(at+"/vote", ballot("3")).want(200)
		}
		member.put(at+"/vote", object{"key": "INF-2", "round": 1, "value": "5"}).want(200)
		table := member.get(at).want(200)
		assert.Equal(s, "everybody", roundOf(table, 0, 1)["revealed_why"])
		assert.Equal(s, "voting", roundOf(table, 1, 1)["state"])
		require.NoError(s, estimate.Watch(s.Context(), s.db))
		assert.Equal(s, "voting", roundOf(member.get(at).want(200), 1, 1)["state"])

		s.clock.Add(time.Hour)
		s.as("approver").put(at+"/vote", object{"key": "INF-2", "round": 1, "value": "5"}).want(409)
		require.NoError(s, estimate.Watch(s.Context(), s.db))
		due := roundOf(s.as("member").get(at).want(200), 1, 1)
		assert.Equal(s, []any{"revealed", "deadline", "Patchline"}, []any{due["state"], due["revealed_why"], due["revealed_by"]})
	})
}

func TestEveryPersonHasOneVoteHoweverManyVoteAndRevealAtOnce(t *testing.T) {
	onSite(t, func(s *site) {
		lead := s.as("scrum_master")
		at := lead.poker("OpenSSL")
		var voters []*client
		for i := range 8 {
			name := fmt.Sprint("voter ", i)
			s.person(name, "INF", team.Member)
			voters = append(voters, s.as(name), s.as(name))
		}
		var all sync.WaitGroup
		for _, c := range voters {
			all.Go(func() { c.put(at+"/vote", ballot("5")).want(200) })
		}
		all.Wait()
		for range 4 {
			all.Go(func() { lead.post(at+"/reveal", firstRound).want(200) })
		}
		all.Wait()
		assert.Len(s, roundOf(lead.get(at).want(200), 0, 1)["votes"], 8)
		for range 4 {
			all.Go(func() { lead.post(at+"/again", firstRound).want(200) })
		}
		all.Wait()
		assert.Len(s, lead.get(at).want(200)["queue"].([]any)[0].(object)["rounds"], 2)
	})
}

func TestClosingForgetsVotesThatNobodySaw(t *testing.T) {
	onSite(t, func(s *site) {
		lead, member := s.as("scrum_master"), s.as("member")
		at := lead.poker("OpenSSL")
		member.put(at+"/vote", ballot("5")).want(200)
		closed := lead.post(at+"/close", nil).want(200)
		assert.NotNil(s, closed["closed_at"])
		seen := roundOf(member.get(at).want(200), 0, 1)
		assert.Equal(s, "abandoned", seen["state"])
		assert.Empty(s, seen["voted"])
		member.put(at+"/vote", ballot("5")).want(409)
		lead.post(at+"/close", nil).want(409)
		assert.Empty(s, lead.get(estimations).items())
		assert.Len(s, lead.get(estimations+"?closed=true").items(), 1)
	})
}

// written collects what is logged.
type written struct {
	sync.Mutex
	strings.Builder
}

func (w *written) Write(p []byte) (int, error) {
	w.Lock()
	defer w.Unlock()
	return w.Builder.Write(p)
}

func (w *written) String() string {
	w.Lock()
	defer w.Unlock()
	return w.Builder.String()
}

func TestBeforeTheRevealAVoteIsNowhereButWithItsVoter(t *testing.T) { // not parallel: it reads the log
	log := &written{}
	usual := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(usual) })
	emptySite(t, Options{}, func(s *site) {
		s.inhabit()
		const label, points = "MARKER7Q", "713.5" // both stand for the value
		lead, member := s.as("scrum_master"), s.as("member")
		at := lead.poker("OpenSSL")
		lead.post(at+"/close", nil).want(200)
		rules := lead.get("/teams/INF/rules").want(200)
		delete(rules, "scales")
		rules["scale"] = object{"kind": "own", "values": []object{{"label": "1", "points": 1}, {"label": label, "points": 713.5}}}
		lead.put("/teams/INF/rules", rules).want(200)
		lines := s.as("viewer").listen("INF")
		at = estimations + "/" + lead.post(estimations, object{"name": "x", "mode": "live", "keys": []string{"INF-1"}}).want(201)["id"].(string)
		var mark string
		require.NoError(s, db.One(s.db.Read(s.Context()).Raw("SELECT MAX(id) FROM audit"), &mark))
		answer := member.put(at+"/vote", ballot(label))
		assert.Equal(s, label, roundOf(answer.want(200), 0, 1)["mine"])
		member.put(at+"/vote", ballot("MARKER7Qx")).want(422)

		clean := func(text, where string) {
			s.Helper()
			text = withoutScales(text)
			assert.NotContains(s, text, label, where)
			assert.NotContains(s, text, points, where)
		}
		for _, name := range []string{"scrum_master", "viewer", "product_owner", adminName} {
			for _, op := range everyOperation(s) {
				if op.route.Method != "GET" || op.stream || op.id == "getTeamRules" {
					continue
				}
				path := op.at("INF", things{"{key}": "INF-1", "{n}": "1", "{date}": "today", "{cve}": "CVE-2026-0001", "{secret}": strings.Repeat("x", 43), "/estimations/{id}": strings.TrimPrefix(at, estimations+"/")})
				clean(s.as(name).get(path).raw, op.id+" as "+name)
			}
			s.as(name).put(at+"/presence", object{"as": "voting"}).want(200)
		}
		clean(lead.put(at+"/vote", ballot("1")).raw, "another vote")
		assert.NotContains(s, log.String(), label, "the log") // a time of 713.5 µs is no vote
		for table, columns := range map[string]string{"audit": "id || who || action || target || detail", "events": "kind || body", "idempotency": "key || request || COALESCE(body, '')"} {
			where := ""
			if table == "audit" { // the change of the rules was before
				where = " AND id > '" + mark + "'"
			}
			var n int
			require.NoError(s, db.One(s.db.Read(s.Context()).Raw("SELECT COUNT(*) FROM "+table+" WHERE ("+columns+" LIKE ? OR "+columns+" LIKE ?)"+where, "%"+label+"%", "%"+points+"%"), &n))
			assert.Zero(s, n, "a vote stands in %s", table)
		}
		table, err := s.Estimate.Get(s.Context(), s.teams["INF"], s.people["viewer"].ID, strings.TrimPrefix(at, estimations+"/"))
		require.NoError(s, err)
		clean(fmt.Sprint(table.Queue[0].Rounds[0].Votes), "what the service reads for somebody else")
		s.as("scrum_master").post(at+"/reveal", firstRound).want(200)
		for { // the stream up to the reveal
			line := s.soon(lines, "")
			clean(line, "the live stream")
			if strings.Contains(line, "estimate.changed") && len(lines) == 0 {
				break
			}
		}
		assert.Contains(s, withoutScales(s.as("viewer").get(at).raw), label)
	})
}

// withoutScales leaves out the values that could have been voted for.
func withoutScales(text string) string {
	for {
		before, rest, ok := strings.Cut(text, `"scale":[`)
		if !ok {
			return text
		}
		_, after, _ := strings.Cut(rest, "]")
		text = before + after
	}
}

func TestASuggestionComesFromTheSameComponentThenItsFamilyThenItsSize(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("scrum_master")
		host := c.post("/teams/INF/assets", object{"name": "web-1"}).want(201)["id"].(string)
		finished := func(component string, points float64, assets ...string) string {
			key := c.post("/teams/INF/patches", object{"title": component, "component": component, "points": points, "asset_ids": list(assets)}).want(201)["key"].(string)
			s.clock.Add(time.Minute)
			require.NoError(s, s.db.Write(s.Context(), dbExec("UPDATE patches SET status = 'verified', is_open = ?, updated_at = ? WHERE team_id = ? AND number = ?",
				false, s.clock.Now().UnixMicro(), s.teams["INF"].ID, strings.TrimPrefix(key, "INF-"))))
			return key
		}
		finished("deb:linux-image", 1)
		s.clock.Add(366 * 24 * time.Hour) // what is older counts no more
		c = s.as("scrum_master")
		same := finished("deb:linux-image", 5)
		alike := finished("deb:linux-headers", 3)
		sized := finished("deb:nginx", 8, host)
		finished("deb:bash", 13)
		key := c.post("/teams/INF/patches", object{"title": "kernel", "component": "deb:linux-image", "asset_ids": []string{host}}).want(201)["key"].(string)
		got := c.get("/teams/INF/patches/" + key + "/estimate-suggestion").want(200)
		var found [][]any
		for _, v := range got["similar"].([]any) {
			found = append(found, []any{v.(object)["key"], v.(object)["why"], v.(object)["points"]})
		}
		assert.Equal(s, [][]any{{same, "component", 5.0}, {alike, "family", 3.0}, {sized, "size", 8.0}}, found)
		assert.Equal(s, 5.0, got["points"])
		assert.Empty(s, s.as(outsider).get("/teams/OPS/estimations").items())
	})
}
