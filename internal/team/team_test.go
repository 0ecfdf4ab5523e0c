package team

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/fault"
)

func TestFiftyPasswordsAtOnceStayFarBelow300MB(t *testing.T) {
	h := newHasher()
	stop := make(chan struct{})
	var peak uint64
	var watching sync.WaitGroup
	watching.Go(func() {
		var m runtime.MemStats
		for tick := time.NewTicker(2 * time.Millisecond); ; {
			select {
			case <-stop:
				return
			case <-tick.C:
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
		}
	})
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			_, err := h.hash(context.Background(), "correct horse battery")
			assert.NoError(t, err)
		})
	}
	all.Wait()
	close(stop)
	watching.Wait()
	assert.Less(t, peak, uint64(200<<20))
}

func TestAPasswordMatchesItsOwnHashAlone(t *testing.T) {
	t.Parallel()
	h, ctx := newHasher(), t.Context()
	stored, err := h.hash(ctx, "correct horse battery")
	require.NoError(t, err)
	for password, want := range map[string]bool{"correct horse battery": true, "correct horse batterz": false, "": false} {
		got, err := h.matches(ctx, password, stored)
		require.NoError(t, err)
		assert.Equal(t, want, got, password)
	}
	again, err := h.hash(ctx, "correct horse battery")
	require.NoError(t, err)
	assert.NotEqual(t, stored, again, "each has its salt")
}

func TestNobodysPasswordIsComparedButNeverMatches(t *testing.T) {
	t.Parallel()
	h := newHasher()
	began := time.Now()
	ok, err := h.matches(t.Context(), "", "")
	require.NoError(t, err)
	assert.False(t, ok)
	assert.Greater(t, time.Since(began), 2*time.Millisecond, "the work is done all the same")
}

func TestWhoLeavesTheQueueDoesNotWork(t *testing.T) {
	t.Parallel()
	h := newHasher()
	for range cap(h.running) {
		h.running <- struct{}{}
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	_, err := h.hash(ctx, "correct horse battery")
	require.ErrorIs(t, err, context.Canceled)
}

func TestALimiterForgivesWithTimeAndForgetsWhenFull(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	l := newLimiter(clock.Now)
	for range accountTries {
		require.NoError(t, l.check("a", "10.0.0.1"))
		l.failed("a", "10.0.0.1")
	}
	err := l.check("a", "10.0.0.2")
	require.True(t, fault.Is(err, fault.TooMany))
	var soon *TooSoon
	require.ErrorAs(t, err, &soon)
	clock.Add(soon.RetryAfter())
	require.NoError(t, l.check("a", "10.0.0.2"))

	for i := range maxRemembered + 10 {
		l.owe(string(rune(i))+"x", time.Hour)
	}
	assert.LessOrEqual(t, len(l.debt), maxRemembered+1)
}

func TestAddressesOfOneNetworkCountTogether(t *testing.T) {
	t.Parallel()
	assert.Equal(t, network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"))
	assert.NotEqual(t, network("2001:db8:1:2::1"), network("2001:db8:1:3::1"))
	assert.Equal(t, network("::ffff:10.0.0.1"), network("10.0.0.1"))
	assert.NotEqual(t, network("10.0.0.1"), network("10.0.0.2"))
}

func TestEveryReplicaSignsWithTheSameKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		keys := make([][]byte, 8)
		var all sync.WaitGroup
		for i := range keys {
			all.Go(func() {
				s, err := New(t.Context(), d)
				if assert.NoError(t, err) {
					keys[i] = s.key
				}
			})
		}
		all.Wait()
		for _, k := range keys {
			assert.Equal(t, keys[0], k)
			assert.GreaterOrEqual(t, len(k), keyBytes)
		}
	})
}

func TestNumbersAreTakenOnceHoweverManyTakeThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, err := New(t.Context(), d)
		require.NoError(t, err)
		inf, err := s.AddTeam(t.Context(), audit.Server, NewTeam{Key: "INF", Name: "Infrastructure"})
		require.NoError(t, err)
		var mu sync.Mutex
		taken := map[int64]bool{}
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				assert.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error {
					first, err := TakePatchNumbers(tx, inf.ID, 3)
					tx.AfterCommit(func() {
						mu.Lock()
						defer mu.Unlock()
						for n := first; n < first+3; n++ {
							taken[n] = true
						}
					})
					return err
				}))
			})
		}
		all.Wait()
		assert.Len(t, taken, 30)
		assert.True(t, taken[1] && taken[30])
		err = d.Write(t.Context(), func(tx *db.Tx) error { _, err := TakeSprintNumber(tx, "none"); return err })
		assert.True(t, fault.Is(err, fault.NotFound))
	})
}

func TestWorkIsGivenToEnabledMembersWhoAreMoreThanViewers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, err := New(t.Context(), d)
		require.NoError(t, err)
		inf, err := s.AddTeam(t.Context(), audit.Server, NewTeam{Key: "INF", Name: "Infrastructure"})
		require.NoError(t, err)
		ids := map[string]string{}
		for _, name := range []string{"member", "viewer", "leaver", "stranger"} {
			key, role := "INF", Member
			switch name {
			case "viewer":
				role = Viewer
			case "stranger":
				key = ""
			}
			u, err := s.AddUser(t.Context(), audit.Server, NewUser{Email: name + "@example.com", Name: name, Password: "correct horse battery"}, key, role)
			require.NoError(t, err)
			ids[name] = u.ID
		}
		yes := true
		_, err = s.UpdateUser(t.Context(), audit.Server, ids["leaver"], UserChange{Disabled: &yes, Version: 1})
		require.NoError(t, err)
		for name, want := range map[string]bool{"member": true, "viewer": false, "leaver": false, "stranger": false} {
			got, err := IsMember(d.Read(t.Context()), inf.ID, ids[name])
			require.NoError(t, err)
			assert.Equal(t, want, got, name)
		}
		names, err := Names(d.Read(t.Context()), []string{ids["member"], ids["viewer"], "none"})
		require.NoError(t, err)
		assert.Equal(t, map[string]string{ids["member"]: "member", ids["viewer"]: "viewer"}, names)
	})
}

func TestTidyingKeepsWhatLives(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, err := New(t.Context(), d)
		require.NoError(t, err)
		u, err := s.AddUser(t.Context(), audit.Server, NewUser{Email: "a@example.com", Name: "A", Password: "correct horse battery"}, "", "")
		require.NoError(t, err)
		for range 2 { // one that ends, one that lives
			_, err = s.SignIn(t.Context(), u.Email, "correct horse battery", From{Address: "10.0.0.1"})
			require.NoError(t, err)
			clock.Add(46 * 24 * time.Hour)
		}
		clock.Add(-40 * 24 * time.Hour)
		require.NoError(t, s.Tidy(t.Context()))
		list, err := s.Sessions(t.Context(), u.ID)
		require.NoError(t, err)
		assert.Len(t, list, 1)
		var n int
		require.NoError(t, d.Read(t.Context()).Raw("SELECT COUNT(*) FROM sessions").Row().Scan(&n))
		assert.Equal(t, 1, n)
	})
}
