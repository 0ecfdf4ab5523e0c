package web

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newPatch makes a patch and returns it as the API shows it.
func (c *client) newPatch(title string, more object) object {
	body := object{"title": title}
	for k, v := range more {
		body[k] = v
	}
	return c.post("/teams/INF/patches", body).want(201)
}

func version(o object) any { return o["version"] }

// keys are the keys of a list, in order.
func keys(items []object) (out []string) {
	for _, i := range items {
		out = append(out, i["key"].(string))
	}
	return out
}

func TestAPatchIsMadeReadChangedAndExplained(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		p := c.newPatch("Upgrade OpenSSL", object{"component": "deb/debian/openssl", "vulnerabilities": []string{"CVE-2014-0160"}, "points": 2.5, "labels": []string{"dmz"}})
		assert.Equal(s, "INF-1", p["key"])
		assert.Equal(s, "new", p["status"])
		assert.Equal(s, []any{"CVE-2014-0160"}, p["vulnerability_ids"])
		assert.NotEmpty(s, p["assumed"], "nothing is known of it, so the score assumes")

		risk := c.get("/teams/INF/patches/inf-1/risk").want(200)
		sum := 0.0
		for _, part := range risk["parts"].([]any) {
			sum += part.(object)["points"].(float64)
		}
		assert.InDelta(s, risk["score"], sum, 0.001, "the parts sum to the score")

		changed := c.patch("/teams/INF/patches/INF-1", object{"version": 1, "points": nil, "description": "## Why", "labels": []string{}, "assignee_id": s.people["member"].ID}).want(200)
		assert.Nil(s, changed["points"])
		assert.Equal(s, "## Why", changed["description"])
		assert.Empty(s, changed["labels"])
		assert.Equal(s, "member", changed["assignee"].(object)["name"])
		c.patch("/teams/INF/patches/INF-1", object{"version": 2, "description": ""}).want(200)

		stale := c.patch("/teams/INF/patches/INF-1", object{"version": 1, "points": 3}).want(409)
		current := stale["current"].(object)
		assert.Equal(s, "member", current["changed_by"])
		assert.EqualValues(s, 3, current["item"].(object)["version"])

		c.patch("/teams/INF/patches/INF-1", object{"version": 3, "points": 2.3}).want(422)
		c.patch("/teams/INF/patches/INF-1", object{"version": 3, "assignee_id": s.people["viewer"].ID}).want(422)
		c.patch("/teams/INF/patches/INF-1", object{"version": 3, "assignee_id": s.people[outsider].ID}).want(422)
		c.get("/teams/INF/patches/INF-9").want(404)
		c.get("/teams/INF/patches/OPS-1").want(404)

		activity := c.get("/teams/INF/patches/INF-1/activity?limit=1").want(200)
		assert.Len(s, activity["items"], 1)
		more := c.get("/teams/INF/patches/INF-1/activity?cursor=" + activity["next_cursor"].(string)).want(200)
		assert.Len(s, more["items"], 2)
	})
}

func TestTheBacklogIsFilteredSearchedAndPaged(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		for i := range 7 {
			more := object{"labels": []string{fmt.Sprint("l", i%2)}}
			if i%3 == 0 {
				more["points"] = i
			}
			c.newPatch(fmt.Sprint("Patch number ", i), more)
		}
		first := c.get("/teams/INF/patches?limit=5").want(200)
		assert.EqualValues(s, 7, first["count"])
		second := c.get("/teams/INF/patches?limit=5&cursor=" + first["next_cursor"].(string)).want(200)
		assert.EqualValues(s, 7, second["count"])
		assert.Nil(s, second["next_cursor"])
		assert.Len(s, second["items"], 2)
		c.get("/teams/INF/patches?cursor=" + first["next_cursor"].(string) + "&order=due").want(422)

		count := func(query string) int { return len(c.get("/teams/INF/patches?" + query).items()) }
		assert.Equal(s, 3, count("estimated=true"))
		assert.Equal(s, 4, count("estimated=false"))
		assert.Equal(s, 3, count("label=l1"))
		assert.Equal(s, 1, count("q=INF-3"))
		assert.Equal(s, 7, count("q=patch+num"))
		assert.Equal(s, 7, count("assignee=none&sprint=none&kev=false&overdue=false&placed=false"))
		assert.Equal(s, 0, count("status=verified,dropped"))
		assert.Equal(s, 7, count("status=new,ready"))
		assert.Equal(s, 0, count("assignee=me"))
		c.get("/teams/INF/patches?status=done").want(422)
		c.get("/teams/INF/patches?limit=201").want(422)
		c.get("/teams/INF/patches?sprint=4").want(404)
	})
}

func TestAProductOwnerPlacesAndReturnsToRiskOrder(t *testing.T) {
	onSite(t, func(s *site) {
		po, member := s.as("product_owner"), s.as("member")
		for range 3 {
			member.newPatch("same", nil)
		}
		order := func() []string { return keys(member.get("/teams/INF/patches").items()) }
		require.Equal(s, []string{"INF-1", "INF-2", "INF-3"}, order())

		member.post("/teams/INF/patches/INF-3/place", object{"before": "INF-1", "version": 1}).want(403)
		placed := po.post("/teams/INF/patches/INF-3/place", object{"before": "INF-1", "version": 1, "reason": "customer asks"}).want(200)
		placement := placed["placement"].(object)
		assert.Equal(s, "product_owner", placement["by"])
		assert.Equal(s, "customer asks", placement["reason"])
		assert.EqualValues(s, 2, placement["drift"])
		assert.Equal(s, []string{"INF-3", "INF-1", "INF-2"}, order())

		conflict := po.post("/teams/INF/patches/INF-2/place", object{"after": "INF-3", "before": "INF-9", "version": 1}).want(409)
		around := conflict["current"].(object)["neighbours"].(object)
		assert.Equal(s, "INF-3", around["above"].(object)["key"])
		assert.Equal(s, "INF-1", around["below"].(object)["key"])
		po.post("/teams/INF/patches/INF-2/place", object{"version": 1}).want(422)
		po.post("/teams/INF/patches/INF-2/place", object{"after": "INF-2", "version": 1}).want(422)

		back := po.del("/teams/INF/patches/INF-3/place?version=2").want(200)
		assert.Nil(s, back["placement"])
		assert.Equal(s, []string{"INF-1", "INF-2", "INF-3"}, order())
	})
}

func TestADropIsUndone(t *testing.T) {
	onSite(t, func(s *site) {
		po := s.as("product_owner")
		po.newPatch("a", nil)
		po.post("/teams/INF/patches/INF-1/drop", object{"reason": "risk_accepted", "version": 1, "until": s.clock.Now().Add(-time.Hour)}).want(422)
		dropped := po.post("/teams/INF/patches/INF-1/drop", object{"reason": "false_positive", "note": "not installed", "version": 1}).want(200)
		assert.Equal(s, "dropped", dropped["status"])
		detail := po.get("/teams/INF/patches/INF-1").want(200)
		assert.Equal(s, "not installed", detail["drop_note"])
		po.post("/teams/INF/patches/INF-1/move", object{"status": "ready", "version": 2}).want(409)
		back := po.del("/teams/INF/patches/INF-1/drop?version=2").want(200)
		assert.Equal(s, "new", back["status"], "as it was before")
	})
}

func TestOtherPoliciesMeanOtherDueDates(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		before := sm.newPatch("unknown", nil)
		require.NotNil(s, before["due_at"])
		sm.patch("/teams/INF", object{"policies": []string{}, "version": 1}).want(200)
		s.apply()
		after := sm.get("/teams/INF/patches/INF-1").want(200)
		assert.Nil(s, after["due_at"])
		assert.Equal(s, before["version"], after["version"])
	})
}
