package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const infPatches = "/teams/INF/patches"

// found are the keys that a filter finds.
func (c *client) found(query string) []string { return keys(c.get(infPatches + "?" + query).items()) }

// shelf fills the backlog with patches that differ in what a filter asks for.
func (s *site) shelf() {
	c := s.as("product_owner")
	web := s.as("member").post("/teams/INF/assets", object{"name": "Web-1.example", "criticality": "high"}).want(201)["id"].(string)
	c.newPatch("Upgrade OpenSSL", object{"component": "deb:openssl", "vulnerabilities": []string{"CVE-2014-0160"}, "labels": []string{"dmz", "tls"}, "points": 3, "asset_ids": []string{web}})
	c.newPatch("Upgrade curl", object{"labels": []string{"dmz"}, "assignee_id": s.people["member"].ID})
	c.newPatch("Upgrade the kernel", object{"points": 8})
	c.newPatch("Retire a host", object{"kind": "improvement", "labels": []string{"tls"}})
	s.as("scrum_master").post("/teams/INF/sprints", object{}).want(201)
	sprint := c.put("/teams/INF/sprints/1/items/INF-3", nil).want(200)
	s.as("scrum_master").post("/teams/INF/sprints/1/start", object{"version": sprint["version"]}).want(200)
}

func TestEveryConditionOfAFilterFindsWhatItSays(t *testing.T) {
	onSite(t, func(s *site) {
		s.shelf()
		c := s.as("member")
		for query, want := range map[string][]string{
			"status=new,ready":                    {"INF-1", "INF-2", "INF-3", "INF-4"},
			"status=verified,dropped":             {},
			"assignee=me,none":                    {"INF-1", "INF-2", "INF-3", "INF-4"},
			"assignee=me":                         {"INF-2"},
			"sprint=active":                       {"INF-3"},
			"sprint=none":                         {"INF-1", "INF-2", "INF-4"},
			"sprint=none,1":                       {"INF-1", "INF-2", "INF-3", "INF-4"},
			"label=dmz,tls":                       {"INF-1", "INF-2", "INF-4"},
			"all_labels=dmz,tls":                  {"INF-1"},
			"no_labels=dmz":                       {"INF-3", "INF-4"},
			"label=tls&no_labels=dmz":             {"INF-4"},
			"estimated=false":                     {"INF-2", "INF-4"},
			"min_points=3&max_points=5":           {"INF-1"},
			"min_assets=1":                        {"INF-1"},
			"kind=improvement":                    {"INF-4"},
			"regulated=true":                      {},
			"kev=true":                            {},
			"due=false&kind=improvement":          {"INF-4"},
			"created_within=0":                    {"INF-1", "INF-2", "INF-3", "INF-4"},
			"created_since=2999-01-01":            {},
			"max_risk=0":                          {"INF-4"},
			"min_cvss=9":                          {},
			"ecosystem=npm":                       {},
			"ecosystem=deb":                       {"INF-1"},
			"q=cve-2014-0160":                     {"INF-1"},
			"q=web-1":                             {"INF-1"},
			"q=upgrade&label=dmz":                 {"INF-1", "INF-2"},
			"q=upgrade&label=dmz&estimated=false": {"INF-2"},
			"q=inf-2":                             {"INF-2"},
		} {
			assert.ElementsMatch(s, want, c.found(query), query)
			assert.EqualValues(s, len(want), c.get(infPatches + "?" + query).want(200)["count"], query)
		}
		for _, wrong := range []string{"min_risk=60&max_risk=30", "due_from=2026-02-30", "due_from=2026-03-02&due_to=2026-03-01", "sprint=next", "min_epss=2"} {
			c.get(infPatches + "?" + wrong).want(422)
		}
		c.get(infPatches + "?sprint=77").want(404)
	})
}

func TestDaysOfAFilterAreTheTeamsDays(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("scrum_master").patch("/teams/INF", object{"version": 1, "time_zone": "Pacific/Auckland"}).want(200)
		c := s.as("member")
		c.newPatch("Upgrade curl", nil)
		due := time.Date(2026, 3, 10, 11, 30, 0, 0, time.UTC) // 00:30 on the 11th over there
		require.NoError(s, s.db.Write(s.Context(), dbExec("UPDATE patches SET due_at = ?", due.UnixMicro())))
		assert.Equal(s, []string{"INF-1"}, c.found("due_from=2026-03-11&due_to=2026-03-11"))
		assert.Empty(s, c.found("due_to=2026-03-10"))
		assert.Empty(s, c.found("due_from=2026-03-12"))
	})
}

func TestAKeyStandsFirstAndOnceOverAllPages(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		for i := range 12 {
			c.newPatch(fmt.Sprint("Upgrade ", i), nil)
		}
		var all []string
		for cursor := ""; ; {
			page := c.get(infPatches + "?limit=2&order=created&q=INF-1" + cursor).want(200)
			for _, item := range page["items"].([]any) {
				all = append(all, item.(object)["key"].(string))
			}
			assert.EqualValues(s, 4, page["count"])
			if page["next_cursor"] == nil {
				break
			}
			cursor = "&cursor=" + page["next_cursor"].(string)
		}
		assert.Equal(s, []string{"INF-1", "INF-12", "INF-11", "INF-10"}, all)
	})
}

func TestAnExportIsWhatTheListShowsAndNoSpreadsheetTakesItForFormulas(t *testing.T) {
	onSite(t, func(s *site) {
		s.shelf()
		c := s.as("viewer")
		s.as("member").newPatch("=cmd|' /C calc'!A0", object{"labels": []string{"-1+1", "b"}})
		r := c.get(infPatches + "/export?columns=key,title,labels,points&order=key&kind=patch")
		r.want(200)
		assert.Regexp(s, `^attachment; filename="INF-patches-\d{4}-\d\d-\d\d\.csv"$`, r.header.Get("Content-Disposition"))
		rows, err := csv.NewReader(strings.NewReader(r.raw)).ReadAll()
		require.NoError(s, err)
		assert.Equal(s, [][]string{
			{"key", "title", "labels", "points"},
			{"INF-1", "Upgrade OpenSSL", "dmz, tls", "3"},
			{"INF-2", "Upgrade curl", "dmz", ""},
			{"INF-3", "Upgrade the kernel", "", "8"},
			{"INF-5", "'=cmd|' /C calc'!A0", "'-1+1, b", ""},
		}, rows)

		r = c.get(infPatches + "/export?format=json&columns=rank,key,points,kev,labels&order=key&kind=patch&label=dmz")
		var objects []map[string]any
		require.NoError(s, json.Unmarshal([]byte(r.raw), &objects))
		assert.Equal(s, []map[string]any{
			{"rank": 1.0, "key": "INF-1", "points": 3.0, "kev": false, "labels": []any{"dmz", "tls"}},
			{"rank": 2.0, "key": "INF-2", "points": nil, "kev": false, "labels": []any{"dmz"}},
		}, objects)
		helpers := []string{s.people["approver"].ID, s.people["scrum_master"].ID}
		s.as("product_owner").bulk(object{"assignee_id": s.people["member"].ID, "add_co_assignee_ids": helpers}, "INF-2").want(200)
		assert.Contains(s, c.get(infPatches+"/export?columns=key,assignee&order=key").raw, "key,assignee,co_assignees\nINF-1,,\nINF-2,member,\"approver, scrum_master\"\n")
		assert.Contains(s, c.get(infPatches+"/export?format=json&columns=key,assignee&order=key").raw, `{"key":"INF-2","assignee":"member","co_assignees":["approver","scrum_master"]}`)
		c.get(infPatches + "/export?columns=secret").want(422)
		c.get(infPatches + "/export?min_risk=60&max_risk=30").want(422)
		s.as(outsider).get(infPatches + "/export").want(404)
	})
}

func TestAnExportHasAllRowsInTheListsOrder(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("product_owner")
		c.newPatch("first", nil)
		require.NoError(s, s.db.Write(s.Context(), dbExec(`INSERT INTO patches (id, number, sort_value, tie_key, team_id, kind, title, component, ecosystem, fixed_version, status, is_open, risk, priority, kev, regulated, assumed, due_policy, board_key, carried, assets, findings, vulnerabilities, labels, placed_reason, changed_by, version, created_at, updated_at)
			SELECT id || '-' || n, n, n % 7, tie_key || n, team_id, kind, title, component, ecosystem, fixed_version, status, is_open, risk, priority, kev, regulated, assumed, due_policy, board_key, carried, assets, findings, vulnerabilities, labels, placed_reason, changed_by, version, created_at, updated_at
			FROM patches, (WITH RECURSIVE c (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM c WHERE n < 1234) SELECT n FROM c) AS numbers`)))
		var listed []string
		for cursor := ""; ; {
			page := c.get(infPatches + "?limit=200" + cursor).want(200)
			for _, item := range page["items"].([]any) {
				listed = append(listed, item.(object)["key"].(string))
			}
			if page["next_cursor"] == nil {
				break
			}
			cursor = "&cursor=" + page["next_cursor"].(string)
		}
		text := strings.TrimSpace(c.get(infPatches + "/export?columns=key").raw)
		assert.Equal(s, append([]string{"key"}, listed...), strings.Split(text, "\n"))
		assert.Len(s, listed, 1234)
	})
}

// bulk changes patches at the versions they have now.
func (c *client) bulk(change object, keys ...string) *reply {
	items := make([]object, len(keys))
	for i, key := range keys {
		items[i] = object{"key": key, "version": c.get(infPatches + "/" + key).want(200)["version"]}
	}
	return c.post(infPatches+"/bulk", object{"items": items, "change": change})
}

func outcomes(o object) map[string]string {
	out := map[string]string{}
	for _, i := range o["items"].([]any) {
		out[i.(object)["key"].(string)] = i.(object)["outcome"].(string)
	}
	return out
}

func TestManyPatchesAreChangedAlikeAndTakenBack(t *testing.T) {
	onSite(t, func(s *site) {
		s.shelf()
		c, all := s.as("product_owner"), []string{"INF-1", "INF-2", "INF-3", "INF-4"}
		shown := func() (out []any) {
			for _, key := range all {
				p := c.get(infPatches + "/" + key).want(200)
				out = append(out, []any{p["labels"], p["points"], p["assignee"], p["co_assignees"], p["status"], p["sprint"], p["drop_reason"]})
			}
			return out
		}
		c.bulk(object{"add_co_assignee_ids": []string{s.people["scrum_master"].ID}}, "INF-1", "INF-3").want(200)
		before := shown()
		for name, change := range map[string]object{
			"labels":   {"add_labels": []string{"q1"}, "remove_labels": []string{"dmz"}},
			"points":   {"points": 5, "assignee_id": s.people["member"].ID},
			"nobody":   {"assignee_id": nil, "points": nil},
			"helpers":  {"add_co_assignee_ids": []string{s.people["approver"].ID}, "remove_co_assignee_ids": []string{s.people["scrum_master"].ID}},
			"status":   {"status": "in_progress"},
			"out":      {"sprint": nil},
			"into":     {"sprint": 1},
			"dropping": {"drop": "duplicate", "note": "twice"},
		} {
			r := c.bulk(change, all...).want(200)
			require.NotNil(s, r["undo"], name)
			assert.NotEqual(s, before, shown(), name)
			undone := c.post(infPatches+"/bulk/"+r["undo"].(string)+"/undo", nil).want(200)
			assert.Equal(s, r["done"], undone["done"], name)
			assert.Equal(s, before, shown(), name)
			c.post(infPatches+"/bulk/"+r["undo"].(string)+"/undo", nil).want(409)
		}
	})
}

func TestEachOfManyAnswersForItself(t *testing.T) {
	onSite(t, func(s *site) {
		s.shelf()
		c := s.as("product_owner")
		body := object{"change": object{"add_labels": []string{"dmz"}}, "items": []object{
			{"key": "INF-1", "version": 1}, {"key": "INF-2", "version": 9}, {"key": "INF-3", "version": 2}, {"key": "INF-99", "version": 1}}}
		r := c.post(infPatches+"/bulk", body).want(200)
		assert.Equal(s, map[string]string{"INF-1": "unchanged", "INF-2": "conflict", "INF-3": "done", "INF-99": "missing"}, outcomes(r))
		assert.EqualValues(s, 1, r["done"])

		// what was changed since stays when the change is taken back
		r = c.bulk(object{"points": 13}, "INF-1", "INF-2").want(200)
		s.as("member").patch(infPatches+"/INF-2", object{"version": c.get(infPatches + "/INF-2").want(200)["version"], "points": 1}).want(200)
		undone := c.post(infPatches+"/bulk/"+r["undo"].(string)+"/undo", nil).want(200)
		assert.Equal(s, map[string]string{"INF-1": "done", "INF-2": "conflict"}, outcomes(undone))
		assert.EqualValues(s, 1, c.get(infPatches + "/INF-2").want(200)["points"])
		assert.EqualValues(s, 3, c.get(infPatches + "/INF-1").want(200)["points"])

		// roles
		s.as("viewer").bulk(object{"points": 1}, "INF-1").want(403)
		s.as("member").bulk(object{"drop": "duplicate"}, "INF-1").want(403)
		refused := s.as("member").bulk(object{"sprint": nil}, "INF-3", "INF-2").want(200)
		assert.Equal(s, map[string]string{"INF-3": "refused", "INF-2": "unchanged"}, outcomes(refused))
		assert.Nil(s, refused["undo"])
		mine := c.bulk(object{"points": 2}, "INF-4").want(200)["undo"].(string)
		s.as("member").post(infPatches+"/bulk/"+mine+"/undo", nil).want(404)

		// shapes
		for _, change := range []object{{}, {"status": "ready", "points": 1}, {"assignee_id": s.people["viewer"].ID}, {"points": 0.3}} {
			c.bulk(change, "INF-1").want(422)
		}
		c.post(infPatches+"/bulk", object{"change": object{"points": 1}, "items": []object{{"key": "INF-1", "version": 1}, {"key": "inf-1", "version": 1}}}).want(422)
	})
}

func TestARefusedItemLeavesNothingBehindInTheLedger(t *testing.T) {
	onSite(t, func(s *site) {
		s.shelf()
		c := s.as("product_owner")
		c.post(infPatches+"/INF-3/move", object{"status": "verified", "version": c.get(infPatches + "/INF-3").want(200)["version"]}).want(200)
		before := c.get("/teams/INF/sprints/1/report").want(200)["scope_ledger"]
		r := c.bulk(object{"points": 1}, "INF-3", "INF-4").want(200)
		assert.Equal(s, map[string]string{"INF-3": "refused", "INF-4": "done"}, outcomes(r))
		assert.Equal(s, before, c.get("/teams/INF/sprints/1/report").want(200)["scope_ledger"])
	})
}

func TestAPatchGoesToEitherEndOfTheBacklog(t *testing.T) {
	onSite(t, func(s *site) {
		s.shelf()
		c := s.as("product_owner")
		order := c.found("")
		place := func(key, end string) {
			c.post(infPatches+"/"+key+"/place", object{"end": end, "version": c.get(infPatches + "/" + key).want(200)["version"]}).want(200)
		}
		place(order[0], "last")
		assert.Equal(s, append(append([]string{}, order[1:]...), order[0]), c.found(""))
		place(order[0], "first")
		assert.Equal(s, order, c.found(""))
		c.post(infPatches+"/INF-1/place", object{"end": "last", "before": "INF-2", "version": 1}).want(422)
	})
}

func TestAViewIsOnesOwnUntilItIsShared(t *testing.T) {
	onSite(t, func(s *site) {
		member, other, viewer, master := s.as("member"), s.as("approver"), s.as("viewer"), s.as("scrum_master")
		const views = "/teams/INF/views"
		v := member.post(views, object{"name": " Mine ", "query": "kev=true&order=due", "columns": []string{"key", "title"}, "density": "compact"}).want(201)
		at := views + "/" + v["id"].(string)
		assert.Equal(s, "Mine", v["name"])
		assert.Equal(s, true, v["mine"])
		assert.Empty(s, other.get(views).items())
		for _, c := range []*client{other, master} {
			c.patch(at, object{"version": 1, "name": "Taken"}).want(404)
			c.del(at).want(404)
		}
		member.patch(at, object{"version": 1, "shared": true}).want(200)
		assert.Equal(s, "member", other.get(views).items()[0]["owner"].(object)["name"])
		other.patch(at, object{"version": 2, "name": "Taken"}).want(403)
		master.patch(at, object{"version": 2, "name": "Known exploited, by due date"}).want(200)
		master.patch(at, object{"version": 3, "shared": false}).want(403)
		member.patch(at, object{"version": 2, "name": "Old"}).want(409)

		own := viewer.post(views, object{"name": "Looking on", "query": ""}).want(201)
		viewer.patch(views+"/"+own["id"].(string), object{"version": 1, "shared": true}).want(403)
		viewer.post(views, object{"name": "Ours", "query": "", "shared": true}).want(403)

		master.del(at).want(204)
		assert.Empty(s, other.get(views).items())
		member.patch(at, object{"version": 4, "name": "Gone"}).want(404)
		member.post(at+"/restore", nil).want(200)
		assert.Len(s, other.get(views).items(), 1)
	})
}

func TestEverybodyChoosesForOneself(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("viewer")
		const views = "/teams/INF/views"
		a := c.post(views, object{"name": "A", "query": ""}).want(201)["id"]
		b := c.post(views, object{"name": "B", "query": ""}).want(201)["id"]
		c.patch(views+"/choices", object{"places": []any{b, a}, "default_view": b}).want(200)
		c.patch(views+"/choices", object{"columns": []string{"title", "key"}}).want(200)
		all := c.get(views).want(200)
		assert.Equal(s, []any{b, a}, []any{all["items"].([]any)[0].(object)["id"], all["items"].([]any)[1].(object)["id"]})
		assert.Equal(s, object{"default_view": b, "places": []any{b, a}, "columns": []any{"title", "key"}, "widths": object{}, "density": ""}, all["choices"])
		assert.Equal(s, object{"default_view": "", "places": []any{}, "columns": []any{}, "widths": object{}, "density": ""}, s.as("member").get(views).want(200)["choices"])
		c.patch(views+"/choices", object{"density": "tiny"}).want(422)
	})
}

func TestFacetsNameWhatThereIs(t *testing.T) {
	onSite(t, func(s *site) {
		s.shelf()
		f := s.as("viewer").get(infPatches + "/facets").want(200)
		assert.Equal(s, []any{"dmz", "tls"}, f["labels"])
		c := s.as("member")
		c.patch(infPatches+"/INF-1", object{"version": 1, "labels": []string{"Ünï, \"q\""}}).want(200)
		assert.Equal(s, []any{"dmz", "tls", "Ünï, \"q\""}, c.get(infPatches + "/facets").want(200)["labels"])
		assert.Equal(s, []string{"INF-2"}, c.found("label="+url.QueryEscape("dmz")))
	})
}
