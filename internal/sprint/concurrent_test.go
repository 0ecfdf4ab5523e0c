package sprint_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/backlog"
	"patchline/internal/board"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
)

// crowd is how many people work at once, and stepsEach how much each of them does.
const (
	crowd     = 16
	stepsEach = 40
)

func TestSixteenPeopleWhoMoveEstimateAddStartAndCloseAtOnceBreakNoLedger(t *testing.T) {
	each(t, "Europe/Berlin", func(w *world) {
		n, items := w.plan(1, 2, 3, 5, 8, -1, 3, 2)
		for i := range 8 {
			items = append(items, w.patch(string(rune('P'+i)), float64(i), 10))
		}
		w.start(n)
		wrong := make(chan error, crowd*stepsEach)
		var wg sync.WaitGroup
		for i := range crowd {
			wg.Go(func() {
				random := rand.New(rand.NewPCG(uint64(i), 42))
				for range stepsEach {
					w.clock.Add(time.Duration(random.IntN(2000)) * time.Millisecond)
					if err := w.anything(random, items[random.IntN(len(items))].Number); err != nil && !refused(err) {
						wrong <- err
					}
				}
			})
		}
		wg.Wait()
		w.afterwards(items)
		close(wrong)
		for err := range wrong {
			require.NoError(w.t, err)
		}
		w.everySprintAddsUp()
	})
}

// afterwards one of them goes on alone, whom nobody can be faster than: so much is
// done in any case, on what the crowd has left, and a sprint is closed over it.
func (w *world) afterwards(items []*backlog.Patch) {
	w.t.Helper()
	random := rand.New(rand.NewPCG(crowd, 42))
	for range 5 * stepsEach {
		w.clock.Add(time.Second)
		if err := w.anything(random, items[random.IntN(len(items))].Number); err != nil && !refused(err) {
			require.NoError(w.t, err)
		}
	}
	for {
		active, err := w.sprint.List(w.t.Context(), w.team, []string{"active"}, 0, 1)
		require.NoError(w.t, err)
		if len(active) > 0 {
			closed := w.closeNow(active[0].Number)
			w.reopenAfterAnHour(random, closed, items)
			w.closeNow(closed.Number)
			return
		}
		require.NoError(w.t, w.turn(random)) // plans one, then starts it
	}
}

func (w *world) closeNow(number int64) *sprint.Sprint {
	w.t.Helper()
	sp, err := w.sprint.Get(w.t.Context(), w.team, number)
	require.NoError(w.t, err)
	sp, err = w.sprint.Close(w.t.Context(), ana, w.team, number, sprint.Closing{Otherwise: scrum.ToBacklogRank, Seen: sp.Version})
	require.NoError(w.t, err)
	return sp
}

// reopenAfterAnHour lets one person go on in the backlog after a close, takes the
// close back, and goes on in the sprint.
func (w *world) reopenAfterAnHour(random *rand.Rand, closed *sprint.Sprint, items []*backlog.Patch) {
	w.t.Helper()
	for i := range 2 {
		for range 2 * stepsEach {
			w.clock.Add(time.Second)
			if err := w.work(random, items[random.IntN(len(items))].Number); err != nil && !refused(err) {
				require.NoError(w.t, err)
			}
		}
		if i == 0 {
			_, err := w.sprint.Reopen(w.t.Context(), ana, w.team, closed.Number, sprint.Reopening{Reason: "x", Seen: closed.Version})
			require.NoError(w.t, err)
			w.reopened.Add(1)
		}
	}
}

// refused tells an answer that the contract has, be it a rule's or that the
// database is too busy just now, from a failure.
func refused(err error) bool { return fault.Of(err).Kind != fault.Internal }

// anything does what one of the people may do next: what it needs is read first,
// so that others are in between.
func (w *world) anything(random *rand.Rand, number int64) error {
	if random.IntN(50) == 0 {
		return w.turn(random)
	}
	return w.work(random, number)
}

func (w *world) work(random *rand.Rand, number int64) error {
	ctx := w.t.Context()
	p, err := backlog.ByNumber(w.d.Read(ctx), w.team.ID, number)
	if err != nil {
		return err
	}
	switch dice := random.IntN(100); {
	case dice < 48:
		to := scrum.BoardColumns[random.IntN(len(scrum.BoardColumns))]
		_, err = w.board.Move(ctx, ana, w.team, number, board.Move{Status: to, Reopen: scrum.OtherReason, Reason: "x", MayApprove: true, Seen: p.Version})
	case dice < 76:
		points := &[]float64{0, .5, 1, 2, 3, 5, 8}[random.IntN(7)]
		if random.IntN(8) == 0 {
			points = nil
		}
		_, err = w.backlog.Update(ctx, ana, w.team, number, backlog.Edit{Points: &points, Seen: p.Version})
	default:
		return w.rescope(random, number)
	}
	return err
}

// rescope takes a patch into a sprint that is not over, or out of it.
func (w *world) rescope(random *rand.Rand, number int64) error {
	ctx := w.t.Context()
	open, err := w.sprint.List(ctx, w.team, []string{"planned", "active"}, 0, 10)
	if err != nil || len(open) == 0 {
		return err
	}
	n := open[random.IntN(len(open))].Number
	if random.IntN(3) == 0 {
		_, err = w.sprint.Remove(ctx, ana, w.team, n, number, "x", true)
		return err
	}
	how := []scrum.AddReason{scrum.Pulled, scrum.Emergency}[random.IntN(2)]
	_, err = w.sprint.Add(ctx, ana, w.team, n, sprint.Adding{Numbers: []int64{number}, How: how, Reason: "x", MayScope: true})
	return err
}

// turn plans, starts or closes a sprint, whichever is next.
func (w *world) turn(random *rand.Rand) error {
	ctx := w.t.Context()
	open, err := w.sprint.List(ctx, w.team, []string{"planned", "active"}, 0, 10)
	if err != nil {
		return err
	}
	if random.IntN(3) == 0 {
		return w.reopenOne(random)
	}
	if len(open) == 0 {
		_, err := w.sprint.Create(ctx, ana, w.team, sprint.Planning{})
		return err
	}
	sp := open[random.IntN(len(open))]
	if sp.State == scrum.Planned {
		_, err = w.sprint.Start(ctx, ana, w.team, sp.Number, sp.Version)
		return err
	}
	otherwise := []scrum.CloseChoice{scrum.ToNextSprint, scrum.ToBacklogTop, scrum.ToBacklogRank}[random.IntN(3)]
	_, err = w.sprint.Close(ctx, ana, w.team, sp.Number, sprint.Closing{Otherwise: otherwise, Seen: sp.Version})
	return err
}

// reopenOne takes the close of one of the last sprints back.
func (w *world) reopenOne(random *rand.Rand) error {
	ctx := w.t.Context()
	closed, err := w.sprint.List(ctx, w.team, []string{"closed"}, 0, 3)
	if err != nil || len(closed) == 0 {
		return err
	}
	sp := closed[random.IntN(len(closed))]
	_, err = w.sprint.Reopen(ctx, ana, w.team, sp.Number, sprint.Reopening{Reason: "x", Seen: sp.Version})
	if err == nil {
		w.reopened.Add(1)
	}
	return err
}

// everySprintAddsUp checks the ledger of each started sprint row by row and in
// sum, and the figures that a closed one keeps.
func (w *world) everySprintAddsUp() {
	w.t.Helper()
	all, err := w.sprint.List(w.t.Context(), w.team, nil, 0, 200)
	require.NoError(w.t, err)
	closed, rows := 0, 0
	for _, sp := range all {
		if sp.StartedAt == nil {
			continue
		}
		r, err := w.sprint.Report(w.t.Context(), w.team, sp.Number)
		require.NoError(w.t, err)
		ledger := scrum.Sprint{Start: *sp.StartedAt, Commitments: r.Commitments, Entries: r.Entries}
		if err := ledger.Check(); err != nil {
			assert.Fail(w.t, "a ledger does not add up", "sprint %d, %s: %v", sp.Number, sp.State, err)
		}
		rows += len(r.Entries)
		w.holdsWhatItsLedgerSays(sp, ledger.Fold())
		if sp.State != scrum.Closed {
			continue
		}
		closed++
		carried := 0.0
		for _, points := range r.CarryOver {
			carried += points
		}
		assert.Equal(w.t, r.Completed, *sp.Completed)
		assert.InDelta(w.t, r.FinalScope, r.Completed+carried, 1e-9, "final scope is completed and carried")
	}
	assert.Positive(w.t, w.reopened.Load(), "nobody reopened a sprint: this tried less than it says")
	assert.Positive(w.t, closed, "nobody closed a sprint: this tried nothing")
	assert.Greater(w.t, rows, 20, "hardly anything happened: this tried nothing")
}

// holdsWhatItsLedgerSays compares the items of an active sprint with its ledger.
func (w *world) holdsWhatItsLedgerSays(sp *sprint.Sprint, fold *scrum.Fold) {
	w.t.Helper()
	if sp.State != scrum.Active {
		return
	}
	items, _, err := w.sprint.Items(w.t.Context(), w.team, sp.Number)
	require.NoError(w.t, err)
	want, got := map[string]scrum.Standing{}, map[string]scrum.Standing{}
	for _, key := range fold.Items() {
		if st := fold.Standing(key); st.In {
			want[key] = scrum.Standing{Done: st.Done, Points: st.Points}
		}
	}
	for _, item := range items {
		points := 0.0
		if item.Points != nil {
			points = *item.Points
		}
		got[backlog.Key(w.team.Key, item.Number)] = scrum.Standing{Done: !item.IsOpen, Points: points}
	}
	assert.Equal(w.t, want, got, "sprint %d holds other items than its ledger", sp.Number)
}
