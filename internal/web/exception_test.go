package web

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/exception"
)

// asked is a request of the product owner for INF-1, with changes.
func (s *site) asked(kind string, change object) map[string]any {
	s.Helper()
	body := object{"key": "INF-1", "kind": kind, "reason": "the vendor is late", "control": "WAF rule", "expires_on": "2026-04-01"}
	for k, v := range change {
		body[k] = v
	}
	return s.as("product_owner").post("/teams/INF/exceptions", body).want(201)
}

func (s *site) approve(e map[string]any) map[string]any {
	s.Helper()
	return s.as("approver").post("/teams/INF/exceptions/"+e["id"].(string)+"/approve", object{"version": e["version"]}).want(200)
}

func (s *site) watch() {
	s.Helper()
	require.NoError(s, exception.Watch(s.Context(), s.db))
}

func (s *site) patchNow() map[string]any {
	s.Helper()
	return s.as("viewer").get("/teams/INF/patches/INF-1").want(200)
}

// causes are the risk causes of the ledger with their sums.
func (s *site) causes() map[string]float64 {
	s.Helper()
	rows, err := s.db.Read(s.Context()).Raw("SELECT risk_kind, SUM(risk) FROM ledger WHERE risk_kind <> '' GROUP BY risk_kind").Rows()
	require.NoError(s, err)
	defer rows.Close()
	out := map[string]float64{}
	for rows.Next() {
		var cause string
		var sum float64
		require.NoError(s, rows.Scan(&cause, &sum))
		out[cause] = sum
	}
	return out
}

func TestAnAcceptedRiskLeavesTheBacklogWhenAnotherApprovesAndReturnsOnItsClock(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").newPatch("p", nil)
		before := s.patchNow()
		e := s.asked("risk_accepted", nil)
		assert.Equal(s, "requested", e["state"])
		assert.Equal(s, "new", s.patchNow()["status"], "while it is requested nothing changes")

		assert.Equal(s, "approved", s.approve(e)["state"])
		dropped := s.patchNow()
		assert.Equal(s, []any{"dropped", "risk_accepted"}, []any{dropped["status"], dropped["drop_reason"]})
		assert.InDelta(s, -before["risk"].(float64), s.causes()["accepted"], 0.01)
		s.as("product_owner").del("/teams/INF/patches/INF-1/drop?version=2").want(409)

		s.clock.Set(time.Date(2026, 4, 1, 21, 59, 0, 0, time.UTC)) // the last minute of the day in Berlin
		s.watch()
		assert.Equal(s, "dropped", s.patchNow()["status"])
		s.clock.Add(time.Minute)
		s.watch()
		s.watch()
		back := s.patchNow()
		assert.Equal(s, "new", back["status"], "as it was before")
		assert.Equal(s, before["due_at"], back["due_at"], "the original clock runs on")
		assert.InDelta(s, before["risk"].(float64), s.causes()["returned"], 0.01, "exactly once")
		now := s.as("viewer").get("/teams/INF/exceptions/" + e["id"].(string)).want(200)
		assert.Equal(s, "expired", now["state"])
	})
}

func TestNobodyApprovesTheirOwnRequestNotEvenAnAdministrator(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").newPatch("p", nil)
		for _, name := range []string{"approver", adminName} {
			c := s.as(name)
			e := c.post("/teams/INF/exceptions", object{"key": "INF-1", "kind": "deferred", "reason": "later", "expires_on": "2026-03-20"}).want(201)
			at := "/teams/INF/exceptions/" + e["id"].(string)
			c.post(at+"/approve", object{"version": 1}).want(403)
			c.post(at+"/reject", object{"version": 1, "note": "no"}).want(403)
			assert.Empty(s, c.get("/teams/INF/exceptions?view=waiting").items(), "it does not wait for who asked")
			s.as("member").post(at+"/withdraw", object{"version": 1}).want(403)
			c.post(at+"/withdraw", object{"version": 1}).want(200)
		}
	})
}

func TestAnApprovalBindsToTheContent(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").newPatch("p", nil)
		e := s.asked("deferred", nil)
		at := "/teams/INF/exceptions/" + e["id"].(string)
		edit := object{"version": 1, "kind": "risk_accepted", "reason": "for ever", "control": "none needed", "expires_on": "2026-06-01"}
		s.as("member").patch(at, edit).want(403)
		edited := s.as("product_owner").patch(at, edit).want(200)
		assert.EqualValues(s, 2, edited["version"])
		refused := s.as("approver").post(at+"/approve", object{"version": 1}).want(409)
		current := refused["current"].(object)["exception"].(object)
		assert.Equal(s, "risk_accepted", current["kind"], "a 409 carries the request as it is")

		s.as("approver").post(at+"/reject", object{"version": 2}).want(422)
		s.as("approver").post(at+"/reject", object{"version": 2, "note": "too long"}).want(200)
		edit["version"], edit["expires_on"] = 3, "2026-03-20"
		again := s.as("product_owner").patch(at, edit).want(200)
		assert.Equal(s, []any{"requested", ""}, []any{again["state"], again["decision"]}, "editing a rejected request asks again")
		s.approve(again)
		edit["version"] = 5
		s.as("product_owner").patch(at, edit).want(409)
	})
}

func TestOfTwoApproversAtOnceOneWins(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").newPatch("p", nil)
		e := s.asked("risk_accepted", nil)
		at := "/teams/INF/exceptions/" + e["id"].(string)
		codes := make([]int, 8)
		var all sync.WaitGroup
		for i := range codes {
			c, verb := s.as([]string{"approver", adminName}[i%2]), []string{"/approve", "/reject"}[i/4]
			all.Go(func() {
				r := c.do("POST", at+verb, object{"version": 1, "note": "decided"})
				if codes[i] = r.code; r.code == 409 {
					assert.NotEqual(s, "requested", r.want(409)["current"].(object)["exception"].(object)["state"])
				}
			})
		}
		all.Wait()
		won := 0
		for _, code := range codes {
			if code == 200 {
				won++
			} else {
				assert.Equal(s, 409, code)
			}
		}
		assert.Equal(s, 1, won)
	})
}

func TestADeferredPatchStaysInTheBacklogDueWhenTheExceptionExpires(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").newPatch("p", nil)
		before := s.patchNow()
		e := s.asked("deferred", object{"expires_on": "2026-08-01", "control": ""})
		s.approve(e)
		held := s.patchNow()
		assert.Equal(s, []any{"new", "2026-08-01T22:00:00Z", "Exception: deferred"}, []any{held["status"], held["due_at"], held["due_policy"]})
		assert.Equal(s, before["risk"], held["risk"], "the risk stays open")
		viewer := s.as("viewer")
		assert.Len(s, viewer.get("/teams/INF/patches?exception=in_force").items(), 1)
		assert.Empty(s, viewer.get("/teams/INF/patches?exception=requested,none").items())

		s.as("member").post("/teams/INF/exceptions/"+e["id"].(string)+"/end", object{"version": 2}).want(403)
		s.as("approver").post("/teams/INF/exceptions/"+e["id"].(string)+"/end", object{"version": 2, "note": "the fix is out"}).want(200)
		back := s.patchNow()
		assert.Equal(s, []any{before["due_at"], before["due_policy"]}, []any{back["due_at"], back["due_policy"]})
	})
}

func TestAnExceptionOfSomeAssetsTakesThemOutOfTheScore(t *testing.T) {
	onSite(t, func(s *site) {
		m := s.as("member")
		worst := m.post("/teams/INF/assets", object{"name": "pay", "criticality": "critical", "exposure": "internet", "regulations": []string{"pci-dss"}}).want(201)["id"]
		least := m.post("/teams/INF/assets", object{"name": "lab", "criticality": "low", "exposure": "isolated"}).want(201)["id"]
		m.post("/teams/INF/patches", object{"title": "P", "asset_ids": []any{worst, least}}).want(201)
		before := s.patchNow()
		s.as("product_owner").post("/teams/INF/exceptions", object{"key": "INF-1", "kind": "deferred", "reason": "x", "expires_on": "2026-03-20", "asset_ids": []any{"nothing"}}).want(422)
		e := s.asked("mitigated", object{"asset_ids": []any{worst}})
		require.Len(s, e["assets"], 1)
		s.approve(e)
		after := s.patchNow()
		assert.Less(s, after["risk"], before["risk"])
		assert.EqualValues(s, 2, after["assets"], "it still affects both")
		assert.InDelta(s, after["risk"].(float64)-before["risk"].(float64), s.causes()["accepted"], 0.01)
		why := m.get("/teams/INF/patches/INF-1/risk").want(200)["inputs"].(object)
		assert.Equal(s, []any{"low", "isolated", false, 1.0}, []any{why["criticality"], why["exposure"], why["regulated"], why["affected"]})
		s.clock.Set(time.Date(2026, 4, 1, 22, 0, 0, 0, time.UTC))
		s.watch()
		assert.Equal(s, before["risk"], s.patchNow()["risk"])
		assert.InDelta(s, -s.causes()["accepted"], s.causes()["returned"], 0.01)
	})
}

func TestRenewalsAreCountedAndTheOneInForceStaysMeanwhile(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").newPatch("p", nil)
		e := s.asked("risk_accepted", nil)
		s.approve(e)
		po := s.as("product_owner")
		for n := range 2 {
			renewal := po.post("/teams/INF/exceptions/"+e["id"].(string)+"/renew", object{"reason": "still late", "expires_on": "2026-05-01"}).want(201)
			assert.EqualValues(s, n+1, renewal["renewals"])
			assert.Equal(s, "WAF rule", renewal["control"])
			assert.Equal(s, "dropped", s.patchNow()["status"])
			s.approve(renewal)
			assert.Equal(s, "dropped", s.patchNow()["status"])
			po.post("/teams/INF/exceptions/"+e["id"].(string)+"/renew", object{"reason": "again", "expires_on": "2026-05-01"}).want(409)
			e = renewal
		}
		s.clock.Set(time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC))
		s.watch()
		assert.Equal(s, "dropped", s.patchNow()["status"], "the first one's end is not the last one's")
		s.clock.Set(time.Date(2026, 5, 2, 0, 0, 0, 0, time.UTC))
		s.watch()
		assert.Equal(s, "new", s.patchNow()["status"])
	})
}

func TestWhatAnExceptionNeedsIsAskedForAllAtOnce(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").newPatch("p", nil)
		po := s.as("product_owner")
		ask := func(body object) map[string]any {
			body["key"] = "INF-1"
			return po.post("/teams/INF/exceptions", body).want(422)
		}
		assert.Equal(s, []string{"/reason", "/control", "/expires_on"}, pointers(ask(object{"kind": "risk_accepted", "reason": " "})))
		for _, day := range []string{"2026-03-01", "2026-08-30", "2026-02-31", "2026-13-45"} {
			assert.Equal(s, []string{"/expires_on"}, pointers(ask(object{"kind": "deferred", "reason": "x", "expires_on": day})), day)
		}
		s.as("scrum_master").patch("/teams/INF", object{"exception_max_days": 10, "version": 1}).want(200)
		ask(object{"kind": "deferred", "reason": "x", "expires_on": "2026-03-13"})
		s.asked("deferred", object{"expires_on": "2026-03-12"})
		po.post("/teams/INF/exceptions", object{"key": "INF-1", "kind": "false_positive", "reason": "x"}).want(409)
		po.post("/teams/INF/exceptions", object{"key": "INF-9", "kind": "false_positive", "reason": "x"}).want(422)
		s.as("viewer").post("/teams/INF/exceptions", object{"key": "INF-1", "kind": "false_positive", "reason": "x"}).want(403)
	})
}

func TestAFalsePositiveNeedsNoLastDay(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").newPatch("p", nil)
		s.approve(s.asked("false_positive", object{"expires_on": nil, "control": ""}))
		assert.Equal(s, []any{"dropped", "false_positive"}, []any{s.patchNow()["status"], s.patchNow()["drop_reason"]})
		s.clock.Add(1000 * 24 * time.Hour)
		s.watch()
		assert.Equal(s, "dropped", s.patchNow()["status"])
	})
}

func TestWhereApprovalIsRequiredRisksAreAcceptedByExceptionsOnly(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").newPatch("p", nil)
		s.as("scrum_master").patch("/teams/INF", object{"approval_required": true, "version": 1}).want(200)
		po := s.as("product_owner")
		for _, reason := range []string{"risk_accepted", "false_positive"} {
			po.post("/teams/INF/patches/INF-1/drop", object{"reason": reason, "version": 1}).want(409)
		}
		po.post("/teams/INF/patches/INF-1/drop", object{"reason": "duplicate", "version": 1}).want(200)
	})
}

func TestARemovedReminderComesOnceFourteenAndThreeDaysBefore(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").newPatch("p", nil)
		s.approve(s.asked("risk_accepted", nil)) // until the end of 1 April
		reminders := func() (n int) {
			require.NoError(s, s.db.Read(s.Context()).Raw("SELECT COUNT(*) FROM audit WHERE action = 'exception.reminder'").Row().Scan(&n))
			return n
		}
		for _, step := range []struct{ day, want int }{{17, 0}, {19, 1}, {25, 1}, {30, 2}, {31, 2}} {
			s.clock.Set(time.Date(2026, 3, step.day, 12, 0, 0, 0, time.UTC))
			s.watch()
			s.watch()
			assert.Equal(s, step.want, reminders(), "on day %d", step.day)
		}
		list := s.as("approver").get("/teams/INF/exceptions?view=expiring").want(200)
		assert.Len(s, list["items"], 1)
	})
}

func TestANewKEVListingOfAnAcceptedRiskIsFlaggedForReview(t *testing.T) {
	onSite(t, func(s *site) {
		s.as("member").post("/teams/INF/patches", object{"title": "P", "vulnerabilities": []string{"CVE-2026-1000"}}).want(201)
		e := s.approve(s.asked("risk_accepted", nil))
		at := "/teams/INF/exceptions/" + e["id"].(string)
		s.watch()
		assert.Nil(s, s.as("viewer").get(at).want(200)["review_at"])
		require.NoError(s, s.db.Write(s.Context(), dbExec(`INSERT INTO kev (id, date_added, name, vendor, product, action, ransomware, as_of)
			VALUES ('CVE-2026-1000', 0, '', '', '', '', ?, '')`, false)))
		s.watch()
		flagged := s.as("viewer").get(at).want(200)
		require.NotNil(s, flagged["review_at"])
		counts := s.as("approver").get("/teams/INF/exceptions").want(200)["counts"].(object)
		assert.EqualValues(s, 1, counts["review"])
		s.as("product_owner").post(at+"/review", object{"version": flagged["version"]}).want(403)
		s.as("approver").post(at+"/review", object{"version": flagged["version"]}).want(200)
		s.watch()
		assert.Nil(s, s.as("viewer").get(at).want(200)["review_at"], "it is flagged once for a listing")
	})
}

func TestExceptionsAreListedByWhatTheyWantAndInPages(t *testing.T) {
	onSite(t, func(s *site) {
		po, viewer := s.as("product_owner"), s.as("viewer")
		var keys []any
		for range 3 {
			key := s.as("member").newPatch("p", nil)["key"]
			keys = append(keys, key)
			po.post("/teams/INF/exceptions", object{"key": key, "kind": "deferred", "reason": "x", "expires_on": "2026-03-20"}).want(201)
			s.clock.Add(time.Minute)
		}
		list := s.as("approver").get("/teams/INF/exceptions?view=waiting&limit=2").want(200)
		assert.EqualValues(s, 3, list["counts"].(object)["waiting"])
		var seen []any
		for _, e := range list["items"].([]any) {
			seen = append(seen, e.(object)["key"])
		}
		rest := s.as("approver").get("/teams/INF/exceptions?view=waiting&limit=2&cursor=" + list["next_cursor"].(string)).items()
		require.Len(s, rest, 1)
		assert.Equal(s, keys, append(seen, rest[0]["key"]))
		assert.EqualValues(s, 0, viewer.get("/teams/INF/exceptions").want(200)["counts"].(object)["waiting"], "nothing waits for who may not approve")
		assert.Empty(s, viewer.get("/teams/INF/exceptions?view=active").items())
		assert.Len(s, viewer.get("/teams/INF/exceptions?key=inf-2").items(), 1)
		viewer.get("/teams/INF/exceptions?cursor=rubbish").want(422)
	})
}
