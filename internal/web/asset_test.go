package web

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnAssetFromCreationToChange(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		a := c.post("/teams/INF/assets", object{"name": " Web-1 ", "exposure": "internet", "tags": []string{"dmz"}}).want(201)
		assert.Equal(s, []any{"Web-1", "medium", "internet", "unknown", []any{"dmz"}, []any{}},
			[]any{a["name"], a["criticality"], a["exposure"], a["environment"], a["tags"], a["regulations"]})
		c.post("/teams/INF/assets", object{"name": "WEB-1"}).want(409)
		c.post("/teams/INF/assets", object{"name": " "}).want(422)
		at := "/teams/INF/assets/" + a["id"].(string)
		changed := c.patch(at, object{"criticality": "critical", "tags": []string{}, "owner": "Ops", "version": 1}).want(200)
		assert.Equal(s, []any{"critical", []any{}, "Ops", "internet", 2.0},
			[]any{changed["criticality"], changed["tags"], changed["owner"], changed["exposure"], changed["version"]})
		cleared := c.patch(at, object{"owner": "", "version": 2}).want(200)
		assert.Equal(s, "", cleared["owner"])
		stale := c.patch(at, object{"owner": "Me", "version": 2}).want(409)
		assert.EqualValues(s, 3, stale["current"].(object)["version"])
		shown := c.get(at).want(200)
		for field, value := range cleared {
			assert.Equal(s, value, shown[field], field)
		}
		s.as(outsider).get("/teams/OPS/assets/" + a["id"].(string)).want(404)
	})
}

func TestAssetsAreListedByNamePageByPage(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		for _, name := range []string{"c", "B", "a", "d%"} {
			c.post("/teams/INF/assets", object{"name": name}).want(201)
		}
		page := c.get("/teams/INF/assets?limit=3").want(200)
		assert.Equal(s, []string{"a", "B", "c"}, names(page))
		assert.EqualValues(s, 4, page["count"])
		last := c.get("/teams/INF/assets?limit=3&cursor=" + page["next_cursor"].(string)).want(200)
		assert.Equal(s, []string{"d%"}, names(last))
		assert.Nil(s, last["next_cursor"])
		assert.Equal(s, []string{"d%"}, names(c.get("/teams/INF/assets?q=%25").want(200)), "a search takes no wildcards")
		assert.Empty(s, names(c.get("/teams/INF/assets?exposure=internet").want(200)))
		c.get("/teams/INF/assets?cursor=x").want(422)
	})
}

func names(page object) []string {
	out := []string{}
	for _, item := range page["items"].([]any) {
		out = append(out, item.(object)["name"].(string))
	}
	return out
}

func TestAssetsAreImportedFromATable(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member").with("Content-Type", "text/csv")
		sum := c.post("/teams/INF/assets/import", "name,criticality\nweb,high\ndb,enormous\n").want(200)
		assert.Equal(s, []any{2.0, 1.0, 0.0}, []any{sum["rows"], sum["created"], sum["updated"]})
		assert.Equal(s, "line 3", sum["rejected"].([]any)[0].(object)["position"])
		s.as("viewer").with("Content-Type", "text/csv").post("/teams/INF/assets/import", "name\nx\n").want(403)
	})
}
