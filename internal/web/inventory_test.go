package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// findings imports a CSV report about assets.
func (s *site) findings(c *client, scope, rows string) {
	s.Helper()
	job := s.imported(c, "?filename=findings.csv&scope="+scope, "asset,asset_kind,component,ecosystem,vulnerability,installed_version,fixed_version,severity\n"+rows)
	require.Equal(s, "done", job["state"], "%v", job["error"])
}

// inventory imports what dpkg-query prints for an asset.
func (s *site) inventory(c *client, name, rows string) object {
	s.Helper()
	job := s.imported(c, "?filename=dpkg-query.tsv&asset="+name, rows)
	require.Equal(s, "done", job["state"], "%v", job["error"])
	return job
}

func itemsOf(page object) (out []object) {
	for _, item := range page["items"].([]any) {
		out = append(out, item.(object))
	}
	return out
}

// asset makes an asset and returns its id.
func (s *site) asset(c *client, fields object) string {
	s.Helper()
	return c.post("/teams/INF/assets", fields).want(201)["id"].(string)
}

func dpkg(lines ...string) string {
	var b strings.Builder
	for _, l := range append([]string{"adduser 3.134 all", "bash 5.2.15-2+b2 amd64", "zlib1g 1:1.2.13.dfsg-1 amd64"}, lines...) {
		b.WriteString(strings.ReplaceAll(l, " ", "\t") + "\tinstalled\n")
	}
	return b.String()
}

func TestAGroupHoldsWhatItsRuleMatchesAndWhatWasPutThere(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.program("member", "all")
		s.asset(c, object{"name": "pay-1", "tags": []string{"PCI"}, "environment": "production"})
		s.asset(c, object{"name": "pay-2", "tags": []string{"pci"}, "environment": "test"})
		lone := s.asset(c, object{"name": "lone"})
		rule := []object{{"field": "tag", "op": "is", "values": []string{"pci"}}, {"field": "environment", "op": "is", "values": []string{"production"}}}
		g := c.post("/teams/INF/asset-groups", object{"name": "Payments", "rule": rule}).want(201)
		assert.EqualValues(s, 1, g["assets"])
		id := g["id"].(string)
		in := func() []string { return names(c.get("/teams/INF/assets?group=" + id).want(200)) }
		assert.Equal(s, []string{"pay-1"}, in())

		s.asset(c, object{"name": "pay-3", "tags": []string{"pci"}, "environment": "production"})
		c.post("/teams/INF/asset-edits", object{"ids": []string{lone}, "change": object{"add_groups": []string{id}}}).want(202)
		assert.Equal(s, []string{"lone", "pay-1", "pay-3"}, in())

		rule = []object{{"field": "name", "op": "contains", "values": []string{"PAY"}}, {"field": "environment", "op": "is_not", "values": []string{"production"}}}
		c.patch("/teams/INF/asset-groups/"+id, object{"rule": rule, "version": 1}).want(200)
		assert.Equal(s, []string{"lone", "pay-2"}, in())
		c.patch("/teams/INF/asset-groups/"+id, object{"name": "X", "version": 1}).want(409)
		c.post("/teams/INF/asset-groups", object{"name": "payments"}).want(409)
		c.post("/teams/INF/asset-groups", object{"name": "Odd", "rule": []object{{"field": "tag", "op": "contains", "values": []string{"x"}}}}).want(422)
		assert.Equal(s, []string{"pay-1", "pay-3"}, names(c.get("/teams/INF/assets?group=none").want(200)))
		c.del("/teams/INF/asset-groups/" + id).want(204)
		assert.Empty(s, in())
		assert.Len(s, names(c.get("/teams/INF/assets").want(200)), 4, "its assets stay")
	})
}

func TestTheBacklogIsNarrowedToAGroup(t *testing.T) {
	onSite(t, func(s *site) {
		s.importing()
		c := s.program("member", "all")
		s.findings(c, "full", "web,host,openssl,deb,CVE-2026-0001,1,2,high\ndb,host,zlib,deb,CVE-2026-0002,1,2,high\n")
		g := c.post("/teams/INF/asset-groups", object{"name": "W", "rule": []object{{"field": "name", "op": "is", "values": []string{"web"}}}}).want(201)["id"].(string)
		page := c.get("/teams/INF/patches?group=" + g).want(200)
		require.Len(s, itemsOf(page), 1)
		assert.Equal(s, "deb:openssl", itemsOf(page)[0]["component"])
	})
}

func TestManyAssetsAreChangedAtOnceAndUndone(t *testing.T) {
	onSite(t, func(s *site) {
		s.importing()
		c := s.program("member", "all")
		s.findings(c, "full", "web-1,host,openssl,deb,CVE-2026-0001,1,2,high\n")
		for i := 2; i <= 3; i++ {
			s.asset(c, object{"name": fmt.Sprintf("web-%d", i), "tags": []string{"old"}})
		}
		risk := func() any { return c.get("/teams/INF/patches").items()[0]["risk"] }
		before, was := risk(), c.get("/teams/INF/assets").items()
		e := c.post("/teams/INF/asset-edits", object{"filter": object{"q": "WEB-"}, "change": object{"criticality": "critical", "exposure": "internet", "add_tags": []string{"new"}, "remove_tags": []string{"old"}, "owner": "Ops"}}).want(202)
		assert.Equal(s, []any{"done", "done", 3.0, 3.0, 3.0}, []any{e["state"], e["phase"], e["total"], e["done"], e["changed"]})
		assert.NotEqual(s, before, risk())
		now := c.get("/teams/INF/assets?tag=new&owner=Ops").items()
		require.Len(s, now, 3)

		third := now[2]
		c.patch("/teams/INF/assets/"+third["id"].(string), object{"owner": "Somebody", "version": third["version"]}).want(200)
		u := c.post("/teams/INF/asset-edits/"+e["id"].(string)+"/undo", nil).want(202)
		assert.Equal(s, []any{"done", e["id"], 3.0}, []any{u["state"], u["undoes"], u["changed"]})
		assert.Equal(s, before, risk(), "an undo is a real inverse")
		for i, a := range c.get("/teams/INF/assets").items() {
			assert.Equal(s, []any{was[i]["criticality"], was[i]["exposure"], was[i]["tags"]}, []any{a["criticality"], a["exposure"], a["tags"]})
			assert.Equal(s, []any{"", "", "Somebody"}[i], a["owner"], "what somebody changed since stays")
		}
		c.post("/teams/INF/asset-edits/"+e["id"].(string)+"/undo", nil).want(409)
		c.post("/teams/INF/asset-edits", object{"filter": object{}, "change": object{}}).want(422)
		c.post("/teams/INF/asset-edits", object{"change": object{"owner": "x"}}).want(422)
		c.post("/teams/INF/asset-edits", object{"filter": object{}, "change": object{"add_tags": []string{"a\u202eb"}}}).want(422)
		c.post("/teams/INF/asset-edits", object{"ids": []string{missing["{id}"]}, "change": object{"owner": "x"}}).want(404)
		s.as("viewer").post("/teams/INF/asset-edits", object{"filter": object{}, "change": object{"owner": "x"}}).want(403)
	})
}

func TestAnInventoryIsKeptAndANewerVersionClosesTheFinding(t *testing.T) {
	onSite(t, func(s *site) {
		s.importing()
		c := s.program("member", "all")
		s.findings(c, "full", "web,host,openssl,deb,CVE-2026-0001,3.0.1-1,3.0.2-1,high\nweb,host,curl,deb,CVE-2026-0002,7.1-1,7.2-1,high\nweb,host,linux,deb,CVE-2026-0003,6.1-1,6.2-1,high\n")
		id := c.get("/teams/INF/assets").items()[0]["id"].(string)
		s.clock.Add(time.Hour)
		job := s.inventory(c, "web", dpkg("curl 7.1-1 amd64", "openssl 3.0.2-1+deb12u1 amd64"))
		assert.EqualValues(s, 1, job["findings"].(object)["closed"])
		states := map[string]any{}
		for _, f := range c.get("/teams/INF/assets/" + id + "/findings").items() {
			states[f["component"].(string)] = f["status"]
		}
		assert.Equal(s, map[string]any{"deb:openssl": "fixed", "deb:curl": "open", "deb:linux": "open"}, states,
			"the same version proves nothing, nor does a component that the list does not name")

		page := c.get("/teams/INF/assets/" + id + "/components?limit=4").want(200)
		require.Len(s, itemsOf(page), 4)
		rest := c.get("/teams/INF/assets/" + id + "/components?limit=4&cursor=" + page["next_cursor"].(string)).want(200)
		assert.Len(s, itemsOf(rest), 1)
		assert.Equal(s, "3.0.2-1+deb12u1", c.get("/teams/INF/assets/" + id + "/components?q=SSL").items()[0]["version"])
		assert.Equal(s, []string{"web"}, names(c.get("/teams/INF/assets?component=openssl").want(200)))

		s.clock.Add(time.Minute)
		same := s.inventory(c, "web", dpkg("curl 7.1-1 amd64", "openssl 3.0.2-1+deb12u1 amd64"))
		assert.EqualValues(s, 0, same["findings"].(object)["closed"])
		s.clock.Add(time.Minute)
		s.findings(c, "full", "web,host,openssl,deb,CVE-2026-0001,3.0.2-1,3.0.2-1,high\n")
		open := c.get("/teams/INF/assets/" + id + "/findings?status=open").items()
		require.Len(s, open, 1)
		assert.Equal(s, "deb:openssl", open[0]["component"], "a scan that still sees it has the last word")
	})
}

func TestCoverageCountsTheHostsThatHaveThePatch(t *testing.T) {
	onSite(t, func(s *site) {
		s.importing()
		c := s.program("member", "all")
		s.findings(c, "full", "a,host,openssl,deb,CVE-2026-0001,1,2,high\nb,host,openssl,deb,CVE-2026-0001,1,2,high\nb,host,openssl,deb,CVE-2026-0002,1,2,high\nc,host,openssl,deb,CVE-2026-0001,1,2,high\n")
		s.findings(c, "full", "a,host,other,deb,CVE-2026-0009,1,2,low\nb,host,openssl,deb,CVE-2026-0002,1,2,high\n")
		row := func() object { return c.get("/teams/INF/patches?q=openssl").items()[0] }
		assert.Equal(s, []any{1.0, 2.0}, []any{row()["patched"], row()["assets"]})
		key := row()["key"].(string)
		cover := c.get("/teams/INF/patches/" + key + "/coverage").want(200)
		assert.Equal(s, []any{1.0, 2.0, 0.0}, []any{cover["patched"], cover["open"], cover["retired"]})
		states := map[string]any{}
		for _, a := range itemsOf(cover) {
			states[a["asset"].(object)["name"].(string)] = a["state"]
		}
		assert.Equal(s, map[string]any{"a": "patched", "b": "open", "c": "open"}, states)
		first := c.get("/teams/INF/patches/" + key + "/coverage?limit=2").want(200)
		assert.Len(s, c.get("/teams/INF/patches/"+key+"/coverage?limit=2&cursor="+first["next_cursor"].(string)).items(), 1)
		assert.Len(s, c.get("/teams/INF/patches/"+key+"/coverage?state=patched").items(), 1)

		var ids []string
		for _, a := range c.get("/teams/INF/assets").items() {
			if a["name"] != "b" {
				ids = append(ids, a["id"].(string))
			}
		}
		e := c.post("/teams/INF/asset-edits", object{"ids": ids, "change": object{"retired": true}}).want(202)
		assert.Equal(s, []any{0.0, 1.0}, []any{row()["patched"], row()["assets"]}, "retired assets count nowhere")
		assert.Equal(s, []string{"b"}, names(c.get("/teams/INF/assets").want(200)))
		assert.Equal(s, []string{"a", "c"}, names(c.get("/teams/INF/assets?retired=true").want(200)))
		c.post("/teams/INF/asset-edits/"+e["id"].(string)+"/undo", nil).want(202)
		assert.Equal(s, []any{1.0, 2.0}, []any{row()["patched"], row()["assets"]})
	})
}

func TestAFinishedPatchCountsWhereTheFixArrives(t *testing.T) {
	onSite(t, func(s *site) {
		s.importing()
		c := s.program("member", "all")
		const a, b = "a,host,openssl,deb,CVE-2026-0001,1,2,high\n", "b,host,openssl,deb,CVE-2026-0001,1,2,high\nb,host,openssl,deb,CVE-2026-0002,1,2,high\n"
		s.findings(c, "full", a+b)
		row := func() []any {
			p := c.get("/teams/INF/patches/INF-1").want(200)
			return []any{p["status"], p["patched"], p["assets"], p["findings"]}
		}
		c.move("INF-1", "verified")
		assert.Equal(s, []any{"verified", 0.0, 2.0, 3.0}, row(), "nobody has scanned again")
		s.findings(c, "full", "a,host,other,deb,CVE-2026-0009,1,2,low\n")
		assert.Equal(s, []any{"verified", 1.0, 1.0, 2.0}, row())
		sum := c.get("/teams/INF/imports").items()[0]["patches"].(object)
		assert.EqualValues(s, 1, sum["changed"], "the finished one has other findings")
		s.findings(c, "full", "b,host,other,deb,CVE-2026-0009,1,2,low\n")
		assert.Equal(s, []any{"verified", 2.0, 0.0, 0.0}, row())
		id := c.get("/teams/INF/assets?q=b").items()[0]["id"]
		c.post("/teams/INF/asset-edits", object{"ids": []any{id}, "change": object{"retired": true}}).want(202)
		assert.Equal(s, []any{"verified", 1.0, 0.0, 0.0}, row(), "retired assets count nowhere")
	})
}

func TestARetiredAssetWeighsNothingUntilAReportCoversItAgain(t *testing.T) {
	onSite(t, func(s *site) {
		s.importing()
		c := s.program("member", "all")
		report := "a,host,openssl,deb,CVE-2026-0001,1,2,high\n"
		s.findings(c, "full", report)
		row := func() object { return c.get("/teams/INF/patches").items()[0] }
		before := row()
		id := c.get("/teams/INF/assets").items()[0]["id"].(string)
		c.post("/teams/INF/asset-edits", object{"ids": []string{id}, "change": object{"retired": true}}).want(202)
		assert.Equal(s, []any{0.0, 0.0}, []any{row()["assets"], row()["findings"]})
		assert.Less(s, row()["risk"], before["risk"])
		s.clock.Add(time.Minute)
		s.findings(c, "full", report)
		assert.Equal(s, []any{1.0, 1.0, before["risk"]}, []any{row()["assets"], row()["findings"], row()["risk"]})
		assert.Nil(s, c.get("/teams/INF/assets/" + id).want(200)["retired_at"])
	})
}

func TestAnAssetThatNobodySeesGrowsStale(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.program("member", "all")
		s.asset(c, object{"name": "gone"})
		s.clock.Add(29 * 24 * time.Hour)
		s.asset(c, object{"name": "new"})
		assert.Empty(s, names(c.get("/teams/INF/assets?stale=true").want(200)))
		s.clock.Add(2 * 24 * time.Hour)
		assert.Equal(s, []string{"gone"}, names(c.get("/teams/INF/assets?stale=true").want(200)))
		assert.Equal(s, []string{"gone", "new"}, names(c.get("/teams/INF/assets?stale=true&stale_days=1&sort=seen").want(200)))
		assert.Equal(s, true, c.get("/teams/INF/assets?q=gone").items()[0]["stale"])
	})
}

func TestDuplicatesAreSuggestedMergedAndTakenApartAgain(t *testing.T) {
	onSite(t, func(s *site) {
		s.importing()
		c := s.program("member", "all")
		s.findings(c, "full", "web,host,openssl,deb,CVE-2026-0001,1,2,high\nweb,host,zlib,deb,CVE-2026-0005,1,2,high\n")
		s.findings(c, "full", "web.example.com,host,openssl,deb,CVE-2026-0001,1,2,high\nweb.example.com,host,curl,deb,CVE-2026-0006,1,2,high\n")
		s.inventory(c, "web", dpkg())
		at := map[string]object{}
		for _, a := range c.get("/teams/INF/assets").items() {
			at[a["name"].(string)] = a
		}
		into, from := at["web.example.com"]["id"].(string), at["web"]["id"].(string)
		c.patch("/teams/INF/assets/"+from, object{"tags": []string{"dmz"}, "criticality": "critical", "version": at["web"]["version"]}).want(200)
		found := c.get("/teams/INF/asset-duplicates").items()
		require.Len(s, found, 1)
		assert.Equal(s, "short_name", found[0]["reason"])

		patches := func() map[string]any {
			out := map[string]any{}
			for _, p := range c.get("/teams/INF/patches").items() {
				out[p["component"].(string)] = []any{p["assets"], p["findings"], p["risk"]}
			}
			return out
		}
		before := patches()
		m := c.post("/teams/INF/asset-merges", object{"into": into, "from": []string{from}}).want(200)
		assert.Equal(s, []any{"web"}, m["names"])
		for component, p := range patches() {
			assert.EqualValues(s, 1, p.([]any)[0], component)
			assert.EqualValues(s, 1, p.([]any)[1], "one finding, not two: %s", component)
		}
		one := c.get("/teams/INF/assets/" + into).want(200)
		assert.Equal(s, []any{[]any{"dmz"}, "critical", []any{"web"}, 3.0}, []any{one["tags"], one["criticality"], one["names"], one["open_findings"]})
		assert.Len(s, one["inventories"], 1)
		assert.Equal(s, into, c.get("/teams/INF/assets/" + from).want(200)["id"], "an old link leads to what is left")
		assert.Equal(s, []string{"web.example.com"}, names(c.get("/teams/INF/assets").want(200)))
		c.post("/teams/INF/assets", object{"name": "WEB"}).want(409)

		s.clock.Add(time.Minute)
		s.findings(c, "partial", "web,host,nginx,deb,CVE-2026-0007,1,2,high\n")
		assert.Equal(s, []string{"web.example.com"}, names(c.get("/teams/INF/assets").want(200)), "the next report under the old name is about the merged asset")

		c.post("/teams/INF/asset-merges/"+m["id"].(string)+"/undo", nil).want(200)
		assert.Equal(s, []string{"web", "web.example.com"}, names(c.get("/teams/INF/assets").want(200)))
		after := patches()
		delete(after, "deb:nginx")
		assert.Equal(s, before, after)
		again := c.get("/teams/INF/assets/" + from).want(200)
		assert.Equal(s, []any{2.0, []any{"dmz"}, "critical"}, []any{again["open_findings"], again["tags"], again["criticality"]})
		back := c.get("/teams/INF/assets/" + into).want(200)
		assert.Equal(s, []any{3.0, []any{}, "medium"}, []any{back["open_findings"], back["tags"], back["criticality"]})
		c.post("/teams/INF/asset-merges/"+m["id"].(string)+"/undo", nil).want(409)
	})
}

func TestAMergeCannotBeUndoneAfterADay(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.program("member", "all")
		a, b := s.asset(c, object{"name": "a"}), s.asset(c, object{"name": "b"})
		m := c.post("/teams/INF/asset-merges", object{"into": a, "from": []string{b}}).want(200)
		c.post("/teams/INF/asset-merges", object{"into": a, "from": []string{a}}).want(422)
		c.post("/teams/INF/asset-merges", object{"into": a, "from": []string{b}}).want(404)
		s.clock.Add(25 * time.Hour)
		c.post("/teams/INF/asset-merges/"+m["id"].(string)+"/undo", nil).want(409)
	})
}

func TestAnExportIsHarmlessAndCanBeImportedAgain(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.program("member", "all")
		s.asset(c, object{"name": "=cmd|'/c calc'!A0", "owner": "+1", "tags": []string{"a", "b"}, "description": "two\nlines, \"quoted\""})
		s.asset(c, object{"name": "\u6f0f\u6d1e \U0001f525 z\u0301", "identifiers": []string{"10.0.0.1"}})
		got := c.get("/teams/INF/asset-export")
		require.Equal(s, 200, got.code)
		text := got.raw
		assert.Contains(s, text, "'=cmd|")
		for line := range strings.Lines(text) {
			assert.NotContains(s, "=+-@", line[:1])
		}
		sum := c.with("Content-Type", "text/csv").post("/teams/INF/assets/import", text).want(200)
		assert.Equal(s, []any{2.0, 2.0, 0.0}, []any{sum["rows"], sum["unchanged"], sum["created"]})
	})
}

func TestTheListIsSortedPageByPage(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.program("member", "all")
		for i, crit := range []string{"low", "critical", "medium", "critical", "high"} {
			s.asset(c, object{"name": fmt.Sprintf("a%d", i), "criticality": crit, "exposure": []string{"internal", "internet"}[i%2]})
		}
		var got []string
		for path := "/teams/INF/assets?sort=criticality&limit=2"; ; {
			page := c.get(path).want(200)
			got = append(got, names(page)...)
			next, more := page["next_cursor"].(string)
			if !more {
				break
			}
			path = "/teams/INF/assets?sort=criticality&limit=2&cursor=" + next
			c.get("/teams/INF/assets?sort=findings&cursor=" + next).want(422)
		}
		assert.Equal(s, []string{"a1", "a3", "a4", "a2", "a0"}, got)
	})
}
