package web

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// closedSprints closes n sprints in which 5 points each were done.
func (s *site) closedSprints(n int) {
	for range n {
		sm := s.as("scrum_master")
		key := sm.newPatch("done", object{"points": 5})["key"].(string)
		sprint := sm.post("/teams/INF/sprints", object{}).want(201)
		path := "/teams/INF/sprints/" + fmt.Sprint(sprint["number"])
		planned := sm.post(path+"/items", object{"keys": []string{key}}).want(200)
		started := sm.post(path+"/start", object{"version": planned["version"]}).want(200)
		sm.post("/teams/INF/patches/"+key+"/move", object{"status": "verified", "version": 2}).want(200)
		sm.post(path+"/close", object{"version": started["version"], "goal_met": true}).want(200)
		s.clock.Add(14 * 24 * time.Hour)
	}
}

func TestItemsAreToldTheirChanceToBeInTime(t *testing.T) {
	onSite(t, func(s *site) {
		assert.Equal(s, false, s.as("viewer").get("/teams/INF/on-time").want(200)["enough"])
		s.closedSprints(3)
		sm := s.as("scrum_master")
		sm.newPatch("first", object{"points": 5})
		sm.newPatch("second", object{"points": 5})
		for i, key := range []string{"INF-4", "INF-5"} {
			due := s.clock.Now().AddDate(0, 0, 40*i+1).UnixMicro()
			require.NoError(s, s.db.Write(s.Context(), dbExec("UPDATE patches SET due_at = ? WHERE number = ? AND team_id = ?", due, 4+i, s.teams["INF"].ID)), key)
		}
		got := sm.get("/teams/INF/on-time?first=2").want(200)
		assert.Equal(s, true, got["enough"])
		items := got["items"].([]any)
		require.Len(s, items, 2)
		first, second := items[0].(object), items[1].(object)
		assert.Equal(s, []any{"INF-4", 5.0, 0.0, 0.0}, []any{first["item"], first["cumulative"], first["sla_sprint"], first["p_on_time"]}, "due before any sprint ends")
		assert.Equal(s, []any{"INF-5", 10.0, 1.0}, []any{second["item"], second["cumulative"], second["p_on_time"]}, "two sprints of 5 points are enough for both")
		s.as("viewer").get("/teams/INF/on-time?first=501").want(422)

		single := sm.get("/teams/INF/on-time?keys=INF-5").want(200)
		assert.Equal(s, []any{second}, single["items"], "one item is told the same, with all above it counted")
		assert.Equal(s, items, sm.get("/teams/INF/on-time?keys=INF-5,INF-4,INF-1").want(200)["items"], "in backlog order, without what is done")
		s.as("viewer").get("/teams/INF/on-time?keys=OPS-1").want(422)
	})
}
