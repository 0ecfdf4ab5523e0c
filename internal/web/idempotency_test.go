package web

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (s *site) count(query string, args ...any) (n int) {
	require.NoError(s, s.db.Read(s.Context()).Raw(query, args...).Row().Scan(&n))
	return n
}

func TestACreationWithTheSameKeyHappensOnceAndIsAnsweredAlike(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as(adminName).with("Idempotency-Key", "the first key")
		in := object{"key": "NEW", "name": "New"}
		first := b.post("/teams", in)
		first.want(201)
		again := b.post("/teams", in)
		again.want(201)
		assert.Equal(s, first.raw, again.raw)
		assert.Equal(s, "true", again.header.Get("Idempotency-Replayed"))
		assert.Equal(s, 1, s.count("SELECT COUNT(*) FROM teams WHERE key = 'NEW'"))

		b.post("/teams", object{"key": "OTHER", "name": "New"}).want(422)
		b.with("Idempotency-Key", "short").post("/teams", in).want(422)

		s.clock.Add(25 * time.Hour)
		s.as(adminName).with("Idempotency-Key", "the first key").post("/teams", object{"key": "LATER", "name": "New"}).want(201)
	})
}

func TestTheSameKeyOfSomebodyElseIsAnother(t *testing.T) {
	onSite(t, func(s *site) {
		for i, b := range []*client{s.as("member"), s.as("approver")} {
			r := b.with("Idempotency-Key", "everybody's key").post("/teams/INF/patches", object{"title": []string{"one", "two"}[i]})
			r.want(201)
			assert.Empty(s, r.header.Get("Idempotency-Replayed"))
		}
	})
}

func TestARefusedCreationLeavesItsKeyFree(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as(adminName).with("Idempotency-Key", "a key to retry")
		b.post("/teams", object{"key": "INF", "name": "Taken"}).want(422)
		b.post("/teams", object{"key": "FREE", "name": "Free"}).want(201)
	})
}

func TestOfCreationsAtTheSameTimeWithOneKeyOneHappens(t *testing.T) {
	onSite(t, func(s *site) {
		var mu sync.Mutex
		codes := map[int]int{}
		var all sync.WaitGroup
		b := s.as(adminName).with("Idempotency-Key", "one key for all")
		for range 8 {
			all.Go(func() {
				r := b.post("/users", object{"email": "new@example.com", "name": "New", "password": password})
				mu.Lock()
				defer mu.Unlock()
				codes[r.code]++
			})
		}
		all.Wait()
		assert.Equal(s, 8, codes[201]+codes[409], "%v", codes)
		assert.GreaterOrEqual(s, codes[201], 1)
		assert.Equal(s, 1, s.count("SELECT COUNT(*) FROM users WHERE email = 'new@example.com'"))
	})
}

func TestAnInterruptedCreationIsNotDoneTwice(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as(adminName).with("Idempotency-Key", "a lost request")
		in := object{"key": "LOST", "name": "Lost"}
		b.post("/teams", in).want(201)
		require.NoError(s, s.db.Write(s.Context(), dbExec("UPDATE idempotency SET status = NULL, body = NULL")))
		b.post("/teams", in).want(409)
		s.clock.Add(3 * time.Minute)
		assert.Contains(s, b.post("/teams", in).want(409)["detail"], "may have been carried out or not")
	})
}

func TestSecretsAreShownOnceAndKeptNowhere(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("scrum_master").with("Idempotency-Key", "a key for secrets")
		in := object{"name": "CI", "scopes": []string{"read"}}
		secret := b.post("/tokens", in).want(201)["secret"].(string)
		assert.Contains(s, b.post("/tokens", in).want(409)["detail"], "shown only once")
		assert.Equal(s, 1, s.count("SELECT COUNT(*) FROM tokens"))

		b = b.with("Idempotency-Key", "a key for invites")
		invite := b.post("/teams/INF/invites", object{"role": "member"}).want(201)["secret"].(string)
		b.post("/teams/INF/invites", object{"role": "member"}).want(409)
		for _, hush := range []string{secret, invite, password} {
			s.nowhere(hush)
		}
	})
}
