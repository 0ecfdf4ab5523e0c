package web

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const firstTasks = "/teams/INF/patches/INF-1/tasks"

// titles are those of a list, in order.
func titles(items []map[string]any) []string {
	out := []string{}
	for _, i := range items {
		out = append(out, i["title"].(string))
	}
	return out
}

// tasks adds tasks to the first patch.
func (c *client) tasks(titles ...string) (out []map[string]any) {
	for _, title := range titles {
		out = append(out, c.post(firstTasks, object{"title": title}).want(201))
	}
	return out
}

func (s *site) actions(key string) (out []string) {
	for _, a := range s.as("viewer").get("/teams/INF/patches/" + key + "/activity").items() {
		out = append(out, a["action"].(string))
	}
	return out
}

func TestTheTasksOfAPatchAreAddedOrderedTickedAndDeleted(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("Update nginx", nil)
		made := c.post(firstTasks, object{"title": " Deploy ", "kind": "deploy", "hours": 1.5, "assignee_id": s.people["member"].ID}).want(201)
		assert.Equal(s, []any{"Deploy", "deploy", 1.5, "to_do", "member"}, []any{made["title"], made["kind"], made["hours"], made["state"], made["assignee"].(object)["name"]})
		c.post(firstTasks, object{"title": "Announce", "kind": "announce"}).want(201)
		backUp := c.post(firstTasks, object{"title": "Back up", "after": nil}).want(201)
		assert.Equal(s, []string{"Back up", "Deploy", "Announce"}, titles(c.get(firstTasks).items()))

		at := firstTasks + "/" + backUp["id"].(string)
		moved := c.patch(at, object{"version": 1, "after": made["id"]}).want(200)
		assert.Equal(s, []string{"Deploy", "Back up", "Announce"}, titles(s.as("viewer").get(firstTasks).items()))
		ticked := c.patch(at, object{"version": moved["version"], "state": "done"}).want(200)
		c.patch(at, object{"version": ticked["version"], "state": "doing", "hours": 3}).want(200)
		c.del(at + "?version=4").want(204)
		c.del(at + "?version=4").want(404)
		again := c.post(firstTasks, object{"title": "Back up", "after": made["id"], "state": "doing", "hours": 3}).want(201)
		assert.Equal(s, "doing", again["state"])
		assert.Equal(s, []string{"Deploy", "Back up", "Announce"}, titles(c.get(firstTasks).items()))
		assert.Equal(s, []string{"task.added", "task.deleted", "task.reopened", "task.done", "task.changed", "task.added", "task.added", "task.added", "patch.created"}, s.actions("INF-1"))
		assert.EqualValues(s, 1, c.get("/teams/INF/patches/INF-1").want(200)["version"], "whoever edits the patch is not held up")
	})
}

func TestAWrongTaskIsRefusedAndAStaleOneIsShown(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("Update nginx", nil)
		for pointer, body := range map[string]object{
			"/title": {"title": "  "}, "/hours": {"title": "x", "hours": 0.1}, "/assignee_id": {"title": "x", "assignee_id": s.people["viewer"].ID},
		} {
			wrong := c.post(firstTasks, body).want(422)
			assert.Equal(s, pointer, wrong["errors"].([]any)[0].(object)["pointer"])
		}
		c.post(firstTasks, object{"title": "x", "after": "gone"}).want(409)
		s.as("viewer").post(firstTasks, object{"title": "x"}).want(403)

		at := firstTasks + "/" + c.tasks("Test")[0]["id"].(string)
		c.patch(at, object{"version": 1, "state": "doing"}).want(200)
		stale := s.as("scrum_master").patch(at, object{"version": 1, "title": "Test twice"}).want(409)
		assert.Equal(s, "doing", stale["current"].(object)["task"].(object)["state"])
		s.as("scrum_master").del(at + "?version=1").want(409)
		c.newPatch("Another", nil)
		c.patch("/teams/INF/patches/INF-2/tasks/"+at[len(firstTasks)+1:], object{"version": 2}).want(404)
	})
}

func TestAPatchHasAtMostFiftyTasks(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("Update nginx", nil)
		for range 50 {
			c.post(firstTasks, object{"title": "Again", "after": nil}).want(201)
		}
		assert.Contains(s, c.post(firstTasks, object{"title": "Once more"}).want(409)["detail"], "50 tasks")
	})
}

func TestATaskStandsBetweenTheSameTwoManyTimes(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("Update nginx", nil)
		three := c.tasks("a", "b", "c")
		versions := map[string]int{"b": 1, "c": 1}
		for i := range 60 { // keys grow, and are dealt anew
			who, task := "c", three[2]
			if i%2 == 1 {
				who, task = "b", three[1]
			}
			c.patch(firstTasks+"/"+task["id"].(string), object{"version": versions[who], "after": three[0]["id"]}).want(200)
			versions[who]++
			require.Equal(s, who, titles(c.get(firstTasks).items())[1])
		}
	})
}

func TestTheBoardCountsTasksAndTheDefinitionOfDoneAsksForThem(t *testing.T) {
	onSite(t, func(s *site) {
		rules := s.usual()
		rules["done"] = object{"mode": "block", "items": []object{{"text": "All tasks done", "auto": "tasks_done"}}}
		s.as("scrum_master").put("/teams/INF/rules", rules).want(200)
		s.activeSprint(3, 5)
		c := s.as("member")
		two := c.tasks("Test", "Deploy")
		c.patch(firstTasks+"/"+two[0]["id"].(string), object{"version": 1, "state": "done"}).want(200)
		card := s.card("INF-1")
		assert.EqualValues(s, []any{2.0, 1.0}, []any{card["tasks"], card["tasks_done"]})
		assert.NotContains(s, s.card("INF-2"), "tasks")

		p := c.get("/teams/INF/patches/INF-1").want(200)
		unmet := c.post("/teams/INF/patches/INF-1/move", object{"status": "verified", "version": p["version"]}).want(422)
		assert.Contains(s, unmet["errors"].([]any)[0].(object)["detail"], "All tasks done")
		c.post("/teams/INF/patches/INF-2/move", object{"status": "verified", "version": 2}).want(200)
		c.post("/teams/INF/patches/INF-1/move", object{"status": "verified", "version": p["version"], "reason": "deployed by the vendor"}).want(200)

		summary := func() []any { return c.get("/teams/INF/sprints/1/summary").want(200)["open_tasks"].([]any) }
		require.Len(s, summary(), 1)
		assert.Equal(s, "1 of its tasks not done", summary()[0].(object)["detail"])
		sprint := s.as("scrum_master").get("/teams/INF/sprints/1").want(200)
		s.as("scrum_master").post("/teams/INF/sprints/1/close", object{"version": sprint["version"], "goal_met": true, "otherwise": "backlog_rank"}).want(200)
		c.patch(firstTasks+"/"+two[1]["id"].(string), object{"version": 1, "state": "done"}).want(200)
		assert.Len(s, summary(), 1, "what comes later changes no closed sprint")
	})
}

// card is a card of the board.
func (s *site) card(key string) object {
	s.Helper()
	for _, column := range s.as("viewer").get("/teams/INF/board").want(200)["columns"].([]any) {
		for _, c := range column.(object)["cards"].([]any) {
			if c.(object)["key"] == key {
				return c.(object)
			}
		}
	}
	s.Fatalf("no card of %s", key)
	return nil
}

func TestMyTasksAreMineAndOpenByDueDate(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.newPatch("Undated", object{"kind": "improvement"})
		c.newPatch("Dated", object{"vulnerabilities": []string{"CVE-2014-0160"}})
		mine := s.people["member"].ID
		c.post(firstTasks, object{"title": "Later", "assignee_id": mine}).want(201)
		c.post(firstTasks, object{"title": "Over", "assignee_id": mine, "state": "done"}).want(201)
		c.post("/teams/INF/patches/INF-2/tasks", object{"title": "First", "assignee_id": mine}).want(201)
		c.post("/teams/INF/patches/INF-2/tasks", object{"title": "Hers", "assignee_id": s.people["approver"].ID}).want(201)
		var found []string
		for _, i := range c.get("/teams/INF/tasks").items() {
			found = append(found, i["key"].(string)+" "+i["task"].(object)["title"].(string))
		}
		assert.Equal(s, []string{"INF-2 First", "INF-1 Later"}, found)
		s.as("product_owner").post("/teams/INF/patches/INF-2/drop", object{"version": 1, "reason": "duplicate"}).want(200)
		assert.Len(s, c.get("/teams/INF/tasks").items(), 1, "a dropped patch leaves nothing to do")
	})
}

// templates sets two templates, of which the second fits everything.
func (s *site) templates(automatic bool) {
	s.Helper()
	sm := s.as("scrum_master")
	now := sm.get("/teams/INF/task-templates").want(200)
	sm.put("/teams/INF/task-templates", object{"automatic": automatic, "version": now["version"], "templates": []object{
		{"name": "TLS", "pattern": "open*ssl*", "tasks": []object{{"kind": "test", "title": "Test the handshake", "hours": 2}, {"kind": "deploy", "title": "Deploy"}}},
		{"name": "Default", "pattern": "*", "tasks": []object{{"kind": "deploy", "title": "Deploy"}}},
	}}).want(200)
}

func TestATemplateFitsByProductAndNeverDoublesTasks(t *testing.T) {
	onSite(t, func(s *site) {
		s.templates(false)
		c := s.as("member")
		c.newPatch("Crypto", object{"component": "deb/debian/OpenSSL"})
		c.tasks("deploy")
		apply := func(key string, body object) []string {
			c.post("/teams/INF/patches/"+key+"/task-template", body).want(200)
			return titles(c.get("/teams/INF/patches/" + key + "/tasks").items())
		}
		assert.Equal(s, []string{"deploy", "Test the handshake"}, apply("INF-1", object{}), "letter case makes no other task")
		assert.Equal(s, []string{"deploy", "Test the handshake"}, apply("INF-1", object{}))
		c.newPatch("Update nginx", nil)
		assert.Equal(s, []string{"Deploy"}, apply("INF-2", object{}))
		assert.Equal(s, []string{"Deploy", "Test the handshake"}, apply("INF-2", object{"template": "tls"}))
		c.post("/teams/INF/patches/INF-2/task-template", object{"template": "gone"}).want(422)
		assert.Equal(s, []string{"task.template_applied", "task.template_applied", "patch.created"}, s.actions("INF-2"))
	})
}

func TestWhatComesIntoASprintGetsItsTasksWhereTheTeamWantsThat(t *testing.T) {
	onSite(t, func(s *site) {
		s.templates(true)
		s.sprintWith(3)
		sm := s.as("scrum_master")
		assert.Equal(s, []string{"Deploy"}, titles(sm.get(firstTasks).items()))
		sm.del("/teams/INF/sprints/1/items/INF-1").want(200)
		sm.put("/teams/INF/sprints/1/items/INF-1", object{}).want(200)
		assert.Equal(s, []string{"Deploy"}, titles(sm.get(firstTasks).items()), "again, and not twice")
		s.templates(false)
		sm.newPatch("By hand", nil)
		sm.put("/teams/INF/sprints/1/items/INF-2", object{}).want(200)
		assert.Empty(s, sm.get("/teams/INF/patches/INF-2/tasks").items())
	})
}

func TestTemplatesAreCheckedAndOnlyWhoPlansChangesThem(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		step := []object{{"kind": "test", "title": "Test"}}
		put := func(c *client, templates ...object) *reply {
			return c.put("/teams/INF/task-templates", object{"automatic": false, "version": 1, "templates": templates})
		}
		put(s.as("member"), object{"name": "A", "pattern": "*", "tasks": step}).want(403)
		for pointer, second := range map[string]object{
			"/templates/1/name":          {"name": "a", "pattern": "*", "tasks": step},
			"/templates/1/pattern":       {"name": "B", "pattern": "  ", "tasks": step},
			"/templates/1/tasks/1/title": {"name": "B", "pattern": "*", "tasks": []object{step[0], {"kind": "other", "title": "TEST "}}},
		} {
			wrong := put(sm, object{"name": "A", "pattern": "*", "tasks": step}, second).want(422)
			assert.Equal(s, pointer, wrong["errors"].([]any)[0].(object)["pointer"])
		}
		put(sm, object{"name": "A", "pattern": "*", "tasks": step}).want(200)
		put(sm, object{"name": "A", "pattern": "*", "tasks": step}).want(409)
	})
}

func TestMineIncludesWhatOneHelpsWithAndLimitsDoNot(t *testing.T) {
	onSite(t, func(s *site) {
		rules := s.usual()
		rules["limits"], rules["person_limit"] = "block", 1
		s.as("scrum_master").put("/teams/INF/rules", rules).want(200)
		s.activeSprint(1, 2, 3)
		c, mine := s.as("member"), s.people["member"].ID
		helped := c.patch("/teams/INF/patches/INF-1", object{"version": 2, "assignee_id": s.people["approver"].ID, "co_assignee_ids": []string{mine, s.people["product_owner"].ID}}).want(200)
		assert.Len(s, helped["co_assignees"], 2)
		c.patch("/teams/INF/patches/INF-2", object{"version": 2, "assignee_id": mine}).want(200)
		assert.ElementsMatch(s, []string{"INF-1", "INF-2"}, c.found("assignee=me"))
		assert.ElementsMatch(s, []string{"INF-1", "INF-2", "INF-3"}, c.found("assignee=me,none"))
		assert.Equal(s, []string{"INF-1"}, s.as("approver").found("assignee=me"))
		assert.Equal(s, "member", s.card("INF-1")["co_assignees"].([]any)[0].(object)["name"])

		c.post("/teams/INF/patches/INF-1/move", object{"status": "in_progress", "version": 3}).want(200)
		c.post("/teams/INF/patches/INF-2/move", object{"status": "in_progress", "version": 3}).want(200)
		assert.ElementsMatch(s, []string{"INF-1", "INF-2"}, c.found("assignee=me&status=in_progress,verified"))

		own := c.patch("/teams/INF/patches/INF-1", object{"version": 4, "assignee_id": mine}).want(200)
		assert.Len(s, own["co_assignees"], 1, "who is responsible is not shown twice")
		c.patch("/teams/INF/patches/INF-1", object{"version": 5, "co_assignee_ids": []string{s.people["viewer"].ID}}).want(422)
		none := c.patch("/teams/INF/patches/INF-1", object{"version": 5, "co_assignee_ids": []string{}}).want(200)
		assert.Empty(s, none["co_assignees"])
	})
}
