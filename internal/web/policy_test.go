package web

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/policy"
)

// apply does the work that a change of policies has left to do.
func (s *site) apply() {
	s.Helper()
	for {
		worked, err := s.Backlog.Apply(s.Context())
		require.NoError(s, err)
		if !worked {
			return
		}
	}
}

// days is a policy that gives every patch so many.
func days(n int) object { return object{"name": "Ours", "rules": []object{{"days": n}}} }

func (c *client) due(key string) string {
	c.site.Helper()
	at, _ := c.get("/teams/INF/patches/" + key).want(200)["due_at"].(string)
	return at
}

func TestAnOwnPolicyIsPreviewedThenAppliedAndEachPatchSaysWhichVersionDatedIt(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		sm.newPatch("own", nil)
		before := sm.due("INF-1")
		created := sm.post("/teams/INF/policies", days(2)).want(201)
		id := created["id"].(string)
		s.apply()
		assert.Equal(s, before, sm.due("INF-1"), "it applies to nothing until it is switched on")

		trial := sm.post("/teams/INF/policies/preview", object{"policy": days(2), "replaces": id}).want(200)
		assert.EqualValues(s, 1, trial["open"])
		assert.EqualValues(s, 1, trial["earlier"])
		assert.EqualValues(s, 0, trial["breach"])
		row := trial["rows"].([]any)[0].(object)
		assert.Equal(s, "INF-1", row["key"])
		assert.Equal(s, before, row["before"])
		assert.Equal(s, before, sm.due("INF-1"), "a preview changes nothing")

		sm.post("/teams/INF/policies/"+id+"/switch", object{"enabled": true}).want(200)
		s.apply()
		assert.Equal(s, row["after"], sm.due("INF-1"))
		list := sm.get("/teams/INF/policies").want(200)
		run := list["runs"].([]any)[0].(object)
		assert.Equal(s, "done", run["state"])
		assert.EqualValues(s, 1, run["changed"])

		changed := sm.put("/teams/INF/policies/"+id, object{"name": "Ours", "rules": []object{{"days": 1}}, "version": 1, "note": "auditor"}).want(200)
		assert.EqualValues(s, 2, changed["version"])
		sm.put("/teams/INF/policies/"+id, object{"name": "Ours", "rules": []object{{"days": 5}}, "version": 1}).want(409)
		s.apply()
		why := sm.get("/teams/INF/patches/INF-1/risk").want(200)
		due := why["due"].(object)
		assert.Equal(s, []any{id, "2"}, []any{due["policy_id"], due["policy_version"]})
		versions := sm.get("/teams/INF/policies/" + id).items()
		require.Len(s, versions, 2)
		assert.EqualValues(s, 2, versions[1]["rules"].([]any)[0].(object)["days"], "the old version stays readable")

		applied := why["policies"].([]any)
		assert.Greater(s, len(applied), 1, "the panel shows every policy that applies")
		sets := 0
		for _, p := range applied {
			if p.(object)["sets"] == true {
				sets++
				assert.Equal(s, id, p.(object)["id"])
			}
		}
		assert.Equal(s, 1, sets)
	})
}

func TestAPreviewCountsWhoWouldBeOverdueAtOnceAndShowsThemFirst(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").newPatch("old", nil)
		s.clock.Add(3 * 24 * time.Hour)
		s.as("member").newPatch("new", nil)
		trial := s.as("scrum_master").post("/teams/INF/policies/preview", object{"policy": days(2)}).want(200)
		assert.EqualValues(s, 2, trial["earlier"])
		assert.EqualValues(s, 1, trial["breach"])
		first := trial["rows"].([]any)[0].(object)
		assert.Equal(s, []any{"INF-1", true}, []any{first["key"], first["breach"]})
	})
}

func TestAShippedPolicyCanBeSwitchedAndCopiedAndNotEdited(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		sm.put("/teams/INF/policies/severity", object{"name": "Mine", "rules": []object{{"days": 1}}, "version": 1}).want(409)
		sm.del("/teams/INF/policies/severity").want(409)
		sm.post("/teams/INF/policies/severity/switch", object{"enabled": false}).want(200)
		sm.post("/teams/INF/policies/nothing/switch", object{"enabled": false}).want(404)
		for _, p := range sm.get("/teams/INF/policies").items() {
			assert.Equal(s, p["id"] != "severity", p["enabled"], p["id"])
			assert.NotEmpty(s, p["rules"], p["id"])
			assert.NotEmpty(s, p["citation"], p["id"])
		}
	})
}

func TestAWrongPolicyIsRefusedWithItsPlace(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		for pointer, change := range map[string]object{
			"/name": {"name": "  "}, "/citation_url": {"citation_url": "javascript:alert(1)"}, "/valid_from": {"valid_from": "2026-02-31"},
			"/valid_until": {"valid_from": "2026-05-02", "valid_until": "2026-05-01"},
		} {
			body := days(3)
			for k, v := range change {
				body[k] = v
			}
			p := sm.post("/teams/INF/policies", body).want(422)
			assert.Equal(s, []string{pointer}, pointers(p))
			p = sm.post("/teams/INF/policies/preview", object{"policy": body}).want(422)
			assert.Equal(s, []string{"/policy" + pointer}, pointers(p))
		}
		for _, rule := range []object{{"days": 0}, {"days": 3651}, {"days": 1, "severities": []string{"huge"}}} {
			sm.post("/teams/INF/policies", object{"name": "X", "rules": []object{rule}}).want(422)
		}
	})
}

func TestAPolicyInUseIsNotRetiredAndARetiredOneStaysReadable(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		id := sm.post("/teams/INF/policies", days(2)).want(201)["id"].(string)
		at := "/teams/INF/policies/" + id
		sm.post(at+"/switch", object{"enabled": true}).want(200)
		sm.del(at).want(409)
		sm.post(at+"/switch", object{"enabled": false}).want(200)
		sm.del(at).want(204)
		sm.del(at).want(404)
		sm.get(at).want(200)
		assert.Len(s, sm.get("/teams/INF/policies").items(), 4)
		sm.patch("/teams/INF", object{"policies": []string{id}, "version": 3}).want(422)
	})
}

func TestAPolicyWithAScopeBindsOnlyPatchesOfItsAssets(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		in := sm.post("/teams/INF/assets", object{"name": "pay-1", "tags": []string{"Cards"}, "environment": "production"}).want(201)["id"]
		out := sm.post("/teams/INF/assets", object{"name": "lab-1", "tags": []string{"cards"}, "environment": "test"}).want(201)["id"]
		for _, asset := range []any{in, out} {
			sm.post("/teams/INF/patches", object{"title": "P", "asset_ids": []any{asset}}).want(201)
		}
		body := days(1)
		body["scope"] = object{"tags": []string{"cards"}, "environments": []string{"production"}}
		id := sm.post("/teams/INF/policies", body).want(201)["id"].(string)
		sm.post("/teams/INF/policies/"+id+"/switch", object{"enabled": true}).want(200)
		s.apply()
		tomorrow := s.clock.Now().Add(24 * time.Hour).Format(time.RFC3339)
		assert.Equal(s, tomorrow, sm.due("INF-1"))
		assert.NotEqual(s, tomorrow, sm.due("INF-2"))
	})
}

func TestAPolicyCountsOnlyWhileItIsInForceAndItsBoundsTurnOnce(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		sm.newPatch("own", nil)
		before := sm.due("INF-1")
		body := days(1)
		body["valid_from"], body["valid_until"] = "2026-03-04", "2026-03-05"
		id := sm.post("/teams/INF/policies", body).want(201)["id"].(string)
		sm.post("/teams/INF/policies/"+id+"/switch", object{"enabled": true}).want(200)
		s.apply()
		assert.Equal(s, before, sm.due("INF-1"))
		turn := func(want int) {
			n, err := policy.Turn(s.Context(), s.db)
			require.NoError(s, err)
			assert.Equal(s, want, n)
			s.apply()
		}
		turn(0)
		s.clock.Set(time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC))
		turn(1)
		turn(0)
		sm = s.as("scrum_master")
		assert.NotEqual(s, before, sm.due("INF-1"))
		s.clock.Set(time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC))
		turn(1)
		assert.Equal(s, before, s.as("scrum_master").due("INF-1"))
	})
}

func TestApplyingWritesOnlyWhatChangesAndANewerChangeTakesItsPlace(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		for range 3 {
			sm.newPatch("own", nil)
		}
		at := func() (n int64) {
			require.NoError(s, s.db.Read(s.Context()).Raw("SELECT MAX(at) FROM patch_scores").Row().Scan(&n))
			return n
		}
		before := at()
		s.clock.Add(time.Minute)
		sm.post("/teams/INF/policies/fedramp-rev5/switch", object{"enabled": false}).want(200)
		sm.post("/teams/INF/policies/fedramp-rev5/switch", object{"enabled": true}).want(200)
		s.apply()
		assert.Equal(s, before, at(), "no patch is under FedRAMP, so no row is written")
		runs := sm.get("/teams/INF/policies").want(200)["runs"].([]any)
		require.Len(s, runs, 2)
		assert.Equal(s, []any{"done", "superseded"}, []any{runs[0].(object)["state"], runs[1].(object)["state"]})
		assert.EqualValues(s, 3, runs[0].(object)["looked"])
	})
}

func TestARunOfADeadWorkerIsTakenUp(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		sm.newPatch("own", nil)
		sm.post("/teams/INF/policies/severity/switch", object{"enabled": false}).want(200)
		take := func() (run *policy.Run) {
			require.NoError(s, s.db.Write(s.Context(), func(tx *db.Tx) (err error) {
				run, err = policy.TakeRun(tx)
				return err
			}))
			return run
		}
		require.NotNil(s, take())
		assert.Nil(s, take(), "its worker lives")
		s.clock.Add(2 * time.Minute)
		assert.NotNil(s, take())
	})
}

func TestListenersHearOfPolicies(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		lines := sm.listen("INF")
		sm.post("/teams/INF/policies", days(2)).want(201)
		s.soon(lines, "event: "+event.PoliciesChanged)
	})
}

func TestTheSettingsOfATeamSwitchShippedPoliciesOnlyAndLeaveItsOwn(t *testing.T) {
	onSite(t, func(s *site) {
		sm := s.as("scrum_master")
		id := sm.post("/teams/INF/policies", days(2)).want(201)["id"].(string)
		sm.post("/teams/INF/policies/"+id+"/switch", object{"enabled": true}).want(200)
		version := sm.get("/teams/INF").want(200)["version"]
		sm.patch("/teams/INF", object{"version": version, "policies": []string{"severity"}}).want(200)
		enabled := map[string]bool{}
		for _, p := range sm.get("/teams/INF/policies").items() {
			enabled[p["id"].(string)] = p["enabled"].(bool)
		}
		assert.Equal(s, map[string]bool{"cisa-bod-26-04": false, "pci-dss-6.3.3": false, "fedramp-rev5": false, "severity": true, id: true}, enabled)
	})
}

func TestARegulationSpeltByHandBringsItsPolicyAndIsOfferedOnce(t *testing.T) {
	onSite(t, func(s *site) {
		m := s.as("member")
		words := func() (out []string) {
			for _, w := range m.get("/teams/INF/asset-words").want(200)["regulations"].([]any) {
				out = append(out, w.(object)["word"].(string))
			}
			return out
		}
		assert.Equal(s, []string{"PCI DSS", "FedRAMP", "HIPAA", "NIS2", "DORA", "GDPR"}, words())
		till := m.post("/teams/INF/assets", object{"name": "till", "regulations": []string{"pci-dss"}}).want(201)["id"]
		assert.Equal(s, []string{"pci-dss", "FedRAMP", "HIPAA", "NIS2", "DORA", "GDPR"}, words())

		sm := s.as("scrum_master")
		own := sm.post("/teams/INF/policies", object{"name": "Cards", "rules": []object{{"days": 1}}, "scope": object{"regulations": []string{"PCI DSS"}}}).want(201)["id"].(string)
		sm.post("/teams/INF/policies/"+own+"/switch", object{"enabled": true}).want(200)
		m.newPatch("On the till", object{"asset_ids": []any{till}})
		m.newPatch("Elsewhere", nil)
		s.apply()
		policy := func(key string) any { return m.get("/teams/INF/patches/" + key).want(200)["due_policy"] }
		assert.Equal(s, "Cards", policy("INF-1"))
		assert.NotEqual(s, "Cards", policy("INF-2"))
	})
}
