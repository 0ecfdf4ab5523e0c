package event_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/event"
)

const inf = "a team's id"

func running(t *testing.T, d *db.DB) *event.Hub {
	h := event.NewHub(d)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { h.Run(ctx); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	return h
}

// join is one more listener, who leaves with the test.
func join(t *testing.T, h *event.Hub, after int64) *event.Listening {
	t.Helper()
	l, err := h.Subscribe(t.Context(), inf, after)
	require.NoError(t, err)
	t.Cleanup(l.Stop)
	return l
}

func tell(t *testing.T, d *db.DB, team string, keys ...string) {
	t.Helper()
	require.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error {
		for _, key := range keys {
			err := event.Tell(tx, audit.Who{UserID: "u", Name: "Ana", Client: "tab"}, team, event.Event{Kind: event.PatchChanged, Key: key})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

func take(t *testing.T, next <-chan event.Event) event.Event {
	t.Helper()
	select {
	case e, ok := <-next:
		require.True(t, ok, "the listener was cut off")
		return e
	case <-time.After(10 * time.Second):
		require.Fail(t, "nothing came")
		return event.Event{}
	}
}

func TestAListenerHearsItsOwnTeamInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		h := running(t, d)
		next := join(t, h, -1).Next
		tell(t, d, "another team", "OPS-1")
		for _, key := range []string{"INF-1", "INF-2", "INF-3"} {
			tell(t, d, inf, key)
		}
		last := int64(0)
		for _, key := range []string{"INF-1", "INF-2", "INF-3"} {
			e := take(t, next)
			assert.Equal(t, key, e.Key)
			assert.Equal(t, "tab", e.Client)
			assert.Greater(t, e.ID, last)
			last = e.ID
		}
	})
}

func TestARefusedTransactionTellsNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		h := running(t, d)
		next := join(t, h, -1).Next
		require.Error(t, d.Write(t.Context(), func(tx *db.Tx) error {
			require.NoError(t, event.Tell(tx, audit.Server, inf, event.Event{Kind: event.PatchChanged, Key: "INF-9"}))
			return errors.New("refused")
		}))
		tell(t, d, inf, "INF-1")
		assert.Equal(t, "INF-1", take(t, next).Key)
	})
}

func TestAReconnectReplaysWhatWasMissedAndOnlyThat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := running(t, d)
		for _, key := range []string{"INF-1", "INF-2", "INF-3"} {
			tell(t, d, inf, key)
		}
		all := join(t, h, 0).Missed
		require.Len(t, all, 3)
		missed := join(t, h, all[0].ID).Missed
		require.Len(t, missed, 2)
		assert.Equal(t, "INF-2", missed[0].Key)

		clock.Add(time.Hour)
		require.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error { return event.Forget(tx, tx.Now.Add(-time.Minute)) }))
		tell(t, d, inf, "INF-4")
		missed = join(t, h, all[0].ID).Missed
		require.Len(t, missed, 1)
		assert.Equal(t, event.Reset, missed[0].Kind, "what it missed was forgotten, so it has to read everything again")
	})
}

func TestWhoComesForTheFirstTimeHearsWhatHappenedJustNow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := running(t, d)
		assert.Empty(t, join(t, h, -1).Missed)
		tell(t, d, inf, "INF-1")
		long := join(t, h, -1)
		require.Len(t, long.Missed, 1, "the page may have been read before it")
		clock.Add(time.Minute)
		tell(t, d, inf, "INF-2")
		tell(t, d, "another team", "OPS-1")
		l := join(t, h, -1)
		require.Len(t, l.Missed, 1)
		assert.Equal(t, "INF-2", l.Missed[0].Key)
		assert.Equal(t, long.Missed[0].ID, l.At, "a reconnect goes on from here, so that it misses nothing either")

		tell(t, d, inf, slices.Repeat([]string{"INF-3"}, 1001)...)
		l = join(t, h, -1)
		require.Len(t, l.Missed, 1)
		assert.Equal(t, event.Reset, l.Missed[0].Kind, "much has happened: it reads everything again")
	})
}

func TestAListenerThatDoesNotListenIsCutOffAndHoldsNobodyUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		h := running(t, d)
		deaf := join(t, h, -1).Next
		next := join(t, h, -1).Next
		for range 300 {
			tell(t, d, inf, "INF-1")
			take(t, next)
		}
		heard := 0
		for range deaf {
			heard++
		}
		assert.Less(t, heard, 300, "its channel was closed when it was full")
	})
}
