package job_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/fault"
	"patchline/internal/job"
)

func TestAJobRunsOncePerIntervalAmongManyReplicas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		var runs atomic.Int64
		j := job.Job{Name: "count", Every: time.Hour, Run: func(context.Context, job.Lease) error { runs.Add(1); return nil }}
		round := func() {
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					_, err := job.New(d).Once(t.Context(), j)
					assert.NoError(t, err)
				})
			}
			all.Wait()
		}
		round()
		assert.EqualValues(t, 1, runs.Load())
		clock.Add(59 * time.Minute)
		round()
		assert.EqualValues(t, 1, runs.Load(), "it is not due yet")
		clock.Add(time.Minute)
		round()
		assert.EqualValues(t, 2, runs.Load())
	})
}

func TestAJobOfADeadReplicaIsTakenOverAndTheDeadOneIsFencedOff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		var first job.Lease
		asleep := job.Job{Name: "j", Every: time.Hour, Run: func(_ context.Context, l job.Lease) error {
			first = l
			clock.Add(2 * time.Minute) // it sleeps through its lease, and meanwhile:
			ran, err := job.New(d).Once(t.Context(), job.Job{Name: "j", Every: time.Hour, Run: func(context.Context, job.Lease) error { return nil }})
			require.NoError(t, err)
			assert.True(t, ran)
			return nil
		}}
		_, err := job.New(d).Once(t.Context(), asleep)
		require.NoError(t, err)
		err = d.Write(t.Context(), func(tx *db.Tx) error { return first.Fence(tx) })
		assert.True(t, fault.Is(err, fault.Conflict), "%v", err)
		clock.Add(59 * time.Minute)
		ran, err := job.New(d).Once(t.Context(), asleep)
		require.NoError(t, err)
		assert.False(t, ran, "the sleeper did not move the next run")
	})
}

func TestAFailedRunIsTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		broken := errors.New("broken")
		s := job.New(d)
		_, err := s.Once(t.Context(), job.Job{Name: "j", Every: time.Hour, Run: func(context.Context, job.Lease) error { return broken }})
		require.ErrorIs(t, err, broken)
		ran, err := s.Once(t.Context(), job.Job{Name: "j", Every: time.Hour, Run: func(context.Context, job.Lease) error { return nil }})
		require.NoError(t, err)
		assert.True(t, ran)
	})
}

func TestEventsAreForgottenAfterAWeek(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		add := func() {
			require.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error {
				return tx.Exec("INSERT INTO events (team_id, at, kind, body) VALUES ('t', ?, 'x', '{}')", tx.Now.UnixMicro()).Error
			}))
		}
		add()
		clock.Add(6 * 24 * time.Hour)
		add()
		clock.Add(24*time.Hour + time.Second)
		refreshed, tidied := 0, 0
		jobs := job.Standard(d, func(context.Context, *db.DB) (int, error) { refreshed++; return 0, nil },
			func(context.Context) error { tidied++; return nil })
		for _, j := range jobs {
			_, err := job.New(d).Once(t.Context(), j)
			require.NoError(t, err)
		}
		var left int
		require.NoError(t, d.Read(t.Context()).Raw("SELECT COUNT(*) FROM events").Row().Scan(&left))
		assert.Equal(t, 1, left)
		assert.Equal(t, []int{1, 1}, []int{refreshed, tidied})
	})
}

func TestTheSchedulerStopsWithItsContext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		ctx, stop := context.WithCancel(t.Context())
		ran := make(chan struct{})
		done := make(chan struct{})
		once := sync.OnceFunc(func() { close(ran) })
		go func() {
			defer close(done)
			job.New(d, job.Job{Name: "j", Every: time.Hour, Run: func(context.Context, job.Lease) error { once(); return nil }}).Run(ctx)
		}()
		<-ran
		stop()
		<-done
	})
}
