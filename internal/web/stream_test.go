package web

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/team"
)

func TestAListenerHearsOfAChangeWithWhoAndWhere(t *testing.T) {
	onSite(t, func(s *site) {
		lines := s.as("viewer").listen("INF")
		s.as("scrum_master").with("X-Client-Id", "tab-1").patch("/teams/INF", object{"name": "New", "version": 1}).want(200)
		id := s.soon(lines, "id: ")
		assert.Equal(s, "event: team.changed", s.soon(lines, "event: "))
		var e map[string]any
		require.NoError(s, json.Unmarshal([]byte(strings.TrimPrefix(s.soon(lines, "data: "), "data: ")), &e))
		assert.Equal(s, "id: "+fmt.Sprint(e["id"]), id)
		assert.Equal(s, object{"id": s.people["scrum_master"].ID, "name": "scrum_master"}, e["actor"])
		assert.Equal(s, "tab-1", e["client"])
		assert.Equal(s, "INF", e["key"])
	})
}

func TestAListenerThatReconnectsGetsWhatItMissedOnce(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("scrum_master")
		lines := b.listen("INF")
		rename := func(version int) {
			b.patch("/teams/INF", object{"name": fmt.Sprint("Name ", version), "version": version}).want(200)
		}
		rename(1)
		seen := strings.TrimPrefix(s.soon(lines, "id: "), "id: ")
		rename(2)
		rename(3)
		again := b.with("Last-Event-ID", seen).listen("INF")
		rename(4)
		for _, version := range []int{3, 4, 5} {
			assert.Contains(s, s.soon(again, "data: "), fmt.Sprintf(`"version":%d`, version))
		}
	})
}

func TestAListenerHearsNothingOfAnotherTeam(t *testing.T) {
	onSite(t, func(s *site) {
		lines := s.as("viewer").listen("INF")
		s.as(outsider).patch("/teams/OPS", object{"name": "Theirs", "version": 1}).want(200)
		s.as("scrum_master").patch("/teams/INF", object{"name": "Ours", "version": 1}).want(200)
		assert.Contains(s, s.soon(lines, "data: "), `"key":"INF"`)
		s.as("viewer").get("/teams/OPS/events").want(404)
	})
}

func TestAStreamEndsWhenTheServerCloses(t *testing.T) {
	onSite(t, func(s *site) {
		lines := s.as("viewer").listen("INF")
		s.web.Close()
		s.ended(lines)
	})
}

func TestWhoBecomesAMemberIsHeardOf(t *testing.T) {
	onSite(t, func(s *site) {
		lines := s.as("viewer").listen("INF")
		s.as("scrum_master").post("/teams/INF/members", object{"email": s.people[outsider].Email, "role": "approver"}).want(201)
		assert.Contains(s, s.soon(lines, "data: "), s.people[outsider].ID)
		assert.Equal(s, team.Approver, team.Role(s.as(outsider).get("/session").want(200)["teams"].([]any)[0].(object)["role"].(string)))
	})
}
