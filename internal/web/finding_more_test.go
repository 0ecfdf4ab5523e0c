package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// hosts is a report: the component needs a fix on each of the hosts.
func hosts(component string, names ...string) string {
	var rows strings.Builder
	for _, name := range names {
		rows.WriteString(name + "," + component + ",CVE-2024-0001,1,2\n")
	}
	return rows.String()
}

// values are the values of one field of some patches.
func values(items []object, name string) []any {
	out := []any{}
	for _, item := range items {
		out = append(out, item[name])
	}
	return out
}

func TestPatchesAreFoundByTheShareOfTheirHostsThatArePatched(t *testing.T) {
	onSite(t, func(s *site) {
		s.importing()
		c := s.as("member")
		const head = "asset,component,vulnerability,installed_version,fixed_version\n"
		s.imported(c, "?filename=a.csv", head+hosts("openssl", "h1", "h2", "h3", "h4")+hosts("curl", "h1", "h2", "h3")+hosts("zlib", "h1"))
		s.imported(c, "?filename=b.csv", head+hosts("openssl", "h4")+hosts("curl", "h1", "h2")+hosts("zlib", "h1")+hosts("git", "h2", "h3"))
		c.newPatch("Concerns no host", nil)

		share := map[string]string{} // of each component, as its own page has it
		for _, p := range c.get(infPatches).items() {
			cover := c.get(infPatches + "/" + p["key"].(string) + "/coverage").want(200)
			share[p["component"].(string)] = fmt.Sprint(cover["patched"], " ", cover["open"])
		}
		assert.Equal(s, map[string]string{"generic:openssl": "3 1", "generic:curl": "1 2", "generic:zlib": "0 1", "generic:git": "0 2", "": "0 0"}, share)

		for query, want := range map[string][]any{
			"min_coverage=75":                   {"generic:openssl"},
			"min_coverage=75.1":                 {},
			"max_coverage=75":                   {"generic:openssl", "generic:curl", "generic:zlib", "generic:git"},
			"min_coverage=33&max_coverage=34":   {"generic:curl"},
			"max_coverage=33.4":                 {"generic:curl", "generic:zlib", "generic:git"},
			"max_coverage=0":                    {"generic:zlib", "generic:git"},
			"min_coverage=1&status=new,ready":   {"generic:openssl", "generic:curl"},
			"min_coverage=1&q=curl":             {"generic:curl"},
			"min_coverage=0&max_coverage=100":   {"generic:openssl", "generic:curl", "generic:zlib", "generic:git"},
			"min_coverage=1&status=verified":    {},
			"min_coverage=1&exception=in_force": {},
		} {
			got := c.get(infPatches + "?" + query)
			assert.ElementsMatch(s, want, values(got.items(), "component"), query)
			assert.EqualValues(s, len(want), got.want(200)["count"], query)
		}
		c.get(infPatches + "?min_coverage=60&max_coverage=30").want(422)
		c.get(infPatches + "?max_coverage=101").want(422)
	})
}

func TestPatchesAreFoundByTheStateOfTheirExceptions(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		for _, title := range []string{"Deferred", "Asked for", "Renewed", "Withdrawn", "Plain"} {
			c.newPatch(title, nil)
		}
		ask := func(key string) object { return s.asked("deferred", object{"key": key}) }
		s.approve(ask("INF-1"))
		ask("INF-2")
		e := s.approve(ask("INF-3"))
		s.as("product_owner").post("/teams/INF/exceptions/"+e["id"].(string)+"/renew", object{"reason": "still late", "expires_on": "2026-05-01"}).want(201)
		gone := ask("INF-4")
		s.as("product_owner").post("/teams/INF/exceptions/"+gone["id"].(string)+"/withdraw", object{"version": 1}).want(200)

		for query, want := range map[string][]any{
			"exception=in_force":                {"INF-1", "INF-3"},
			"exception=requested":               {"INF-2", "INF-3"},
			"exception=none":                    {"INF-4", "INF-5"},
			"exception=in_force,requested":      {"INF-1", "INF-2", "INF-3"},
			"exception=none,requested":          {"INF-2", "INF-3", "INF-4", "INF-5"},
			"exception=in_force&q=renewed":      {"INF-3"},
			"exception=none&q=renewed":          {},
			"exception=none&max_risk=100":       {"INF-4", "INF-5"},
			"exception=in_force&status=dropped": {},
		} {
			got := c.get(infPatches + "?" + query)
			assert.ElementsMatch(s, want, values(got.items(), "key"), query)
			assert.EqualValues(s, len(want), got.want(200)["count"], query)
		}
		c.get(infPatches + "?exception=expired").want(422)
	})
}

func TestWidthsOfColumnsAreKeptForOnePersonBesideTheOtherChoices(t *testing.T) {
	onSite(t, func(s *site) {
		const at = "/teams/INF/views/choices"
		m := s.as("member")
		assert.Empty(s, m.get("/teams/INF/views").want(200)["choices"].(object)["widths"])
		m.patch(at, object{"columns": []string{"key", "ecosystem"}}).want(200)
		m.patch(at, object{"widths": object{"title": 320, "ecosystem": 140}}).want(200)
		kept := m.get("/teams/INF/views").want(200)["choices"].(object)
		assert.Equal(s, []any{object{"title": 320.0, "ecosystem": 140.0}, []any{"key", "ecosystem"}}, []any{kept["widths"], kept["columns"]})
		assert.Empty(s, s.as("viewer").get("/teams/INF/views").want(200)["choices"].(object)["widths"])
		m.patch(at, object{"widths": object{"colour": 100}}).want(422)
		m.patch(at, object{"widths": object{"title": 3}}).want(422)
		assert.Empty(s, m.patch(at, object{"widths": object{}}).want(200)["widths"])
	})
}

func TestTheEcosystemIsAColumnOfTheExport(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("By a package", object{"component": "deb:openssl"})
		c.newPatch("By words", object{"component": "Our own: thing"})
		text := c.get(infPatches + "/export?format=csv&order=key&columns=key,ecosystem").raw
		assert.Equal(s, "key,ecosystem\nINF-1,deb\nINF-2,\n", strings.ReplaceAll(text, "\r", ""))
	})
}
