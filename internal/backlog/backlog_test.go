package backlog_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

var ana = audit.Who{Name: "Ana"}

type world struct {
	t     *testing.T
	d     *db.DB
	clock *dbtest.Clock
	team  *team.Team
	*backlog.Service
}

func each(t *testing.T, test func(w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		people, err := team.New(t.Context(), d)
		require.NoError(t, err)
		inf, err := people.AddTeam(t.Context(), ana, team.NewTeam{Key: "INF", Name: "Infrastructure"})
		require.NoError(t, err)
		test(&world{t, d, clock, inf, backlog.New(d)})
	})
}

// item makes a patch whose priority is set by the test.
func (w *world) item(title string, priority float64) int64 {
	w.t.Helper()
	p, err := w.Create(w.t.Context(), ana, w.team, backlog.Draft{Title: title})
	require.NoError(w.t, err)
	w.prioritise(p.Number, priority)
	return p.Number
}

// prioritise is what a re-scoring does to a row.
func (w *world) prioritise(number int64, priority float64) {
	w.t.Helper()
	require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		return tx.Exec(`UPDATE patches SET risk = ?, priority = ?, sort_value = CASE WHEN placed_at IS NULL THEN ? ELSE sort_value END
			WHERE team_id = ? AND number = ?`, priority, priority, priority, w.team.ID, number).Error
	}))
}

func (w *world) read(number int64) *backlog.Patch {
	w.t.Helper()
	p, err := backlog.ByNumber(w.d.Read(w.t.Context()), w.team.ID, number)
	require.NoError(w.t, err)
	return p
}

func (w *world) put(number, before, after int64) error {
	_, err := w.Place(w.t.Context(), ana, w.team, number, backlog.Placing{Before: before, After: after, Seen: w.read(number).Version})
	return err
}

// order reads the whole backlog in pages of a size that splits runs of ties.
func (w *world) order(f backlog.Filter) []int64 {
	w.t.Helper()
	f.TeamID, f.Limit = w.team.ID, 3
	var out []int64
	for {
		page, err := w.List(w.t.Context(), f)
		require.NoError(w.t, err)
		for _, p := range page.Items {
			out = append(out, p.Number)
		}
		if page.Next == "" {
			return out
		}
		f.Cursor = page.Next
	}
}

func TestTheBacklogStandsInOrderOfPriorityUntilSomebodyPlacesAnItem(t *testing.T) {
	each(t, func(w *world) {
		a, b, c, d := w.item("a", 90), w.item("b", 50), w.item("c", 50), w.item("d", 10)
		assert.Equal(w.t, []int64{a, b, c, d}, w.order(backlog.Filter{}))

		require.NoError(w.t, w.put(d, 0, a))
		assert.Equal(w.t, []int64{a, d, b, c}, w.order(backlog.Filter{}))
		require.NoError(w.t, w.put(d, 0, b), "between two of the same priority")
		assert.Equal(w.t, []int64{a, b, d, c}, w.order(backlog.Filter{}))
		require.NoError(w.t, w.put(d, a, 0), "to the very top")
		assert.Equal(w.t, []int64{d, a, b, c}, w.order(backlog.Filter{}))
		require.NoError(w.t, w.put(a, 0, c), "to the very end")
		assert.Equal(w.t, []int64{d, b, c, a}, w.order(backlog.Filter{}))

		w.prioritise(b, 99)
		assert.Equal(w.t, b, w.order(backlog.Filter{})[0], "risk moves the others around the placed ones")
		w.prioritise(d, 0)
		assert.Contains(w.t, w.order(backlog.Filter{})[:2], d, "a placed item stays")

		_, err := w.Unplace(w.t.Context(), ana, w.team, d, w.read(d).Version)
		require.NoError(w.t, err)
		assert.Equal(w.t, d, w.order(backlog.Filter{})[3])
	})
}

func TestDriftCountsThePlacesToTheComputedPlace(t *testing.T) {
	each(t, func(w *world) {
		var numbers []int64
		for i := range 6 {
			numbers = append(numbers, w.item(fmt.Sprint(i), float64(90-10*i)))
		}
		require.NoError(w.t, w.put(numbers[5], numbers[0], 0))
		require.NoError(w.t, w.put(numbers[1], 0, numbers[3]))
		page, err := w.List(w.t.Context(), backlog.Filter{TeamID: w.team.ID, Limit: 50})
		require.NoError(w.t, err)
		drift := map[int64]int{}
		for _, p := range page.Items {
			drift[p.Number] = p.Drift
		}
		assert.Equal(w.t, 5, drift[numbers[5]], "it stands five places higher than its risk puts it")
		assert.Equal(w.t, -2, drift[numbers[1]])
		assert.Zero(w.t, drift[numbers[0]])
	})
}

func TestAPlaceThatChangedMeanwhileIsRefusedWithTheFreshNeighbours(t *testing.T) {
	each(t, func(w *world) {
		a, b, c := w.item("a", 90), w.item("b", 50), w.item("c", 10)
		require.NoError(w.t, w.put(c, 0, a))
		err := func() error {
			d := w.item("d", 5)
			return w.put(d, b, a)
		}()
		require.True(w.t, fault.Is(err, fault.Conflict), "%v", err)
		n, ok := fault.Of(err).Current.(backlog.Neighbours)
		require.True(w.t, ok)
		assert.Equal(w.t, a, n.Above.Number)
		assert.Equal(w.t, c, n.Below.Number)

		_, err = w.Place(w.t.Context(), ana, w.team, b, backlog.Placing{After: a, Seen: w.read(b).Version - 1})
		require.True(w.t, fault.Is(err, fault.Conflict))
	})
}

func TestTenThousandPlacementsBetweenTheSameNeighboursKeepKeysShort(t *testing.T) {
	each(t, func(w *world) {
		placements := 10_000
		if w.d.Postgres() {
			placements = 1_000 // each one is a round trip; the keys are the same
		}
		top, end := w.item("top", 50), w.item("end", 50)
		var movers []int64
		for i := range 4 {
			movers = append(movers, w.item(fmt.Sprint("mover ", i), 50))
		}
		for i := range placements {
			require.NoError(w.t, w.put(movers[i%len(movers)], 0, top))
		}
		order := w.order(backlog.Filter{})
		assert.Equal(w.t, top, order[0])
		assert.Equal(w.t, end, order[len(order)-1])
		last := (placements - 1) % len(movers)
		assert.Equal(w.t, movers[last], order[1])
		for _, n := range order {
			assert.Less(w.t, len(w.read(n).TieKey), scrum.RankLimit)
		}
	})
}

func TestSixteenMoversLeaveATotalOrder(t *testing.T) {
	each(t, func(w *world) {
		var numbers []int64
		for i := range 24 {
			numbers = append(numbers, w.item(fmt.Sprint(i), float64(50+i%3)))
		}
		var wg sync.WaitGroup
		for m := range 16 {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(1, uint64(m)))
				for range 12 {
					i, j := r.IntN(len(numbers)), r.IntN(len(numbers))
					if i == j {
						continue
					}
					p, err := backlog.ByNumber(w.d.Read(w.t.Context()), w.team.ID, numbers[i])
					if assert.NoError(w.t, err) {
						_, err = w.Place(w.t.Context(), ana, w.team, numbers[i], backlog.Placing{After: numbers[j], Seen: p.Version})
						assert.True(w.t, err == nil || fault.Is(err, fault.Conflict), "%v", err)
					}
				}
			})
		}
		wg.Wait()
		order := w.order(backlog.Filter{})
		assert.Equal(w.t, order, w.order(backlog.Filter{}), "it is stable")
		assert.ElementsMatch(w.t, numbers, order)
		places := map[string]bool{}
		for _, n := range order {
			p := w.read(n)
			place := fmt.Sprint(p.SortValue, p.TieKey)
			assert.False(w.t, places[place], "two patches have one place")
			places[place] = true
		}
	})
}

func TestEveryOrderPagesThroughEveryPatchOnce(t *testing.T) {
	each(t, func(w *world) {
		var numbers []int64
		for i := range 14 {
			n := w.item(fmt.Sprint(i), float64(i%4))
			numbers = append(numbers, n)
			w.clock.Add(time.Duration(i%2) * time.Second)
			if i%3 == 0 {
				require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) error {
					return tx.Exec("UPDATE patches SET due_at = NULL WHERE number = ?", n).Error
				}))
			}
		}
		for _, order := range []backlog.Order{backlog.ByRank, backlog.ByRisk, backlog.ByDue, backlog.ByCreated, backlog.ByUpdated, backlog.ByKey} {
			assert.ElementsMatch(w.t, numbers, w.order(backlog.Filter{Order: order}), order)
		}
		assert.True(w.t, slices.IsSorted(w.order(backlog.Filter{Order: backlog.ByKey})))
		_, err := w.List(w.t.Context(), backlog.Filter{TeamID: w.team.ID, Limit: 3, Cursor: "nonsense"})
		assert.True(w.t, fault.Is(err, fault.Invalid))
	})
}

func TestASearchFindsKeysTitlesComponentsAndPartsOfWords(t *testing.T) {
	each(t, func(w *world) {
		p, err := w.Create(w.t.Context(), ana, w.team, backlog.Draft{
			Title: "Upgrade OpenSSL", Component: "deb/debian/libssl-dev", FixedVersion: "1.1.1d-r2", Vulnerabilities: []string{"cve-2019-1551"},
		})
		require.NoError(w.t, err)
		w.item("Something else: 100% safe_", 1)
		for _, q := range []string{"INF-1", "openssl", "OPENS", "upgrade openssl", "libssl", "dev", "CVE-2019-1551", "1551", "1.1.1d"} {
			assert.Equal(w.t, []int64{p.Number}, w.order(backlog.Filter{Words: q}), q)
		}
		for _, q := range []string{"openssl nothing", "'; DROP TABLE patches; --", `"`, "*", "%", "NOT", "team_id:x", ":*", "a OR b", "\x00"} {
			assert.NotContains(w.t, w.order(backlog.Filter{Words: q}), p.Number, q)
		}
		title := "Upgrade LibreSSL"
		_, err = w.Update(w.t.Context(), ana, w.team, p.Number, backlog.Edit{Title: &title, Seen: p.Version})
		require.NoError(w.t, err)
		assert.Empty(w.t, w.order(backlog.Filter{Words: "openssl"}))
		assert.Equal(w.t, []int64{p.Number}, w.order(backlog.Filter{Words: "libressl cve-2019-1551"}), "its vulnerabilities are still found")
	})
}

func TestACommonWordIsFoundAsCompletelyAsARareOne(t *testing.T) {
	each(t, func(w *world) {
		var fixes []backlog.Fix
		for i := range 1100 {
			fixes = append(fixes, backlog.Fix{Component: fmt.Sprint("deb/c", i), Ecosystem: "deb", Title: fmt.Sprint("kernel update x", i), FixedVersion: "1"})
		}
		require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) error {
			made, err := backlog.Fixes(tx, ana, w.team, fixes)
			if err != nil {
				return err
			}
			_, err = backlog.Rescore(tx, ana, w.team, made.New, "")
			return err
		}))
		page, err := w.List(w.t.Context(), backlog.Filter{TeamID: w.team.ID, Words: "kernel", Limit: 200})
		require.NoError(w.t, err)
		assert.True(w.t, page.Capped)
		assert.Len(w.t, page.Items, 200)
		rare, err := w.List(w.t.Context(), backlog.Filter{TeamID: w.team.ID, Words: "kernel x1042", Limit: 200})
		require.NoError(w.t, err)
		assert.Equal(w.t, 1, rare.Count)
	})
}

func TestADroppedPatchComesBackWithItsClock(t *testing.T) {
	each(t, func(w *world) {
		n := w.item("a", 20)
		before := w.read(n)
		until := w.clock.Now().Add(24 * time.Hour)
		_, err := w.Drop(w.t.Context(), ana, w.team, n, backlog.Dropping{Reason: scrum.RiskAccepted, Note: "WAF rule", Until: &until, Seen: before.Version})
		require.NoError(w.t, err)
		assert.Empty(w.t, w.order(backlog.Filter{}))
		_, err = backlog.Refresh(w.t.Context(), w.d)
		require.NoError(w.t, err)
		assert.Equal(w.t, scrum.Dropped, w.read(n).Status)

		w.clock.Add(25 * time.Hour)
		_, err = backlog.Refresh(w.t.Context(), w.d)
		require.NoError(w.t, err)
		back := w.read(n)
		assert.Equal(w.t, scrum.New, back.Status, "as it was before")
		assert.Equal(w.t, before.DueAt, back.DueAt, "the original clock runs on")
	})
}

func TestAPriorityGrowsAsItsDueDateNearsAndOnlyThen(t *testing.T) {
	each(t, func(w *world) {
		p, err := w.Create(w.t.Context(), ana, w.team, backlog.Draft{Title: "unknown"})
		require.NoError(w.t, err)
		require.NotNil(w.t, p.DueAt)
		changed, err := backlog.Refresh(w.t.Context(), w.d)
		require.NoError(w.t, err)
		assert.Zero(w.t, changed, "less than half of the time is used")
		w.clock.Set(p.DueAt.Add(-time.Hour))
		changed, err = backlog.Refresh(w.t.Context(), w.d)
		require.NoError(w.t, err)
		assert.Equal(w.t, 1, changed)
		now := w.read(p.Number)
		assert.InDelta(w.t, p.Priority+10, now.Priority, 0.2)
		assert.InDelta(w.t, p.Risk, now.Risk, 0)
		assert.Equal(w.t, p.Version, now.Version, "a new score is no reason to refuse an edit")
		changed, err = backlog.Refresh(w.t.Context(), w.d)
		require.NoError(w.t, err)
		assert.Zero(w.t, changed)
	})
}

func TestANewerFixSupersedesTheOlderPatchAndKeepsWhatPeopleDecided(t *testing.T) {
	each(t, func(w *world) {
		fix := func(version string) backlog.FixResult {
			var out backlog.FixResult
			require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) (err error) {
				out, err = backlog.Fixes(tx, ana, w.team, []backlog.Fix{{Component: "deb/debian/openssl", Ecosystem: "deb", Title: "openssl " + version, FixedVersion: version}})
				if err != nil {
					return err
				}
				_, err = backlog.Rescore(tx, ana, w.team, out.New, "")
				return err
			}))
			return out
		}
		first := fix("1.1.1d-1")
		require.Len(w.t, first.New, 1)
		five := 5.0
		points := &five
		_, err := w.Update(w.t.Context(), ana, w.team, 1, backlog.Edit{Points: &points, Seen: 1})
		require.NoError(w.t, err)

		assert.Empty(w.t, fix("1.1.1c-9").New, "an older fix is contained")
		second := fix("1.1.1d-10")
		require.Len(w.t, second.New, 1)
		assert.Equal(w.t, first.New, second.Superseded)
		old, now := w.read(1), w.read(2)
		assert.Equal(w.t, scrum.Dropped, old.Status)
		assert.Equal(w.t, "superseded", *old.DropReason)
		assert.Equal(w.t, now.ID, *old.SupersededBy)
		assert.InDelta(w.t, 5, *now.Points, 0)
		_, err = w.Restore(w.t.Context(), ana, w.team, 1, old.Version)
		assert.True(w.t, fault.Is(err, fault.Conflict))
	})
}

func TestLabelsAreMatchedWholeAndLiterally(t *testing.T) {
	each(t, func(w *world) {
		for _, labels := range [][]string{{"dmz"}, {"dmz-2", "100%"}, {`quo"te`}} {
			_, err := w.Create(w.t.Context(), ana, w.team, backlog.Draft{Title: strings.Join(labels, " "), Labels: labels})
			require.NoError(w.t, err)
		}
		assert.Equal(w.t, []int64{1}, w.order(backlog.Filter{Labels: []string{"dmz"}}))
		assert.Equal(w.t, []int64{2}, w.order(backlog.Filter{Labels: []string{"100%"}}))
		assert.Equal(w.t, []int64{3}, w.order(backlog.Filter{Labels: []string{`quo"te`}}))
		assert.Empty(w.t, w.order(backlog.Filter{Labels: []string{"%"}}))
	})
}
