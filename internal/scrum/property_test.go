package scrum_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"patchline/internal/scrum"
)

// model is what a sprint should hold, kept without looking at the package: the
// members in scope, and which of them are done.
type model struct {
	points map[string]float64
	done   map[string]bool
	scope  float64 // commitment + Σ scope rows
}

func (m *model) completed() (sum float64) {
	for item := range m.done {
		sum += m.points[item]
	}
	return sum
}

func (m *model) carried() (sum float64) {
	for item, points := range m.points {
		if !m.done[item] {
			sum += points
		}
	}
	return sum
}

// apply repeats the rules of the process in the plainest way; false is not allowed.
func (m *model) apply(kind scrum.Kind, item, other string, points float64) bool {
	_, in := m.points[item]
	_, otherIn := m.points[other]
	done := m.done[item]
	switch kind {
	case scrum.KindAdded:
		if in {
			return false
		}
		m.points[item], m.scope = points, m.scope+points
	case scrum.KindReopened:
		if !done {
			return false
		}
		delete(m.done, item)
	case scrum.KindCorrection:
		if !in || m.points[item]+points < 0 {
			return false
		}
		m.points[item], m.scope = m.points[item]+points, m.scope+points
	case scrum.KindSplit:
		if !in || done || otherIn || points > m.points[item] {
			return false
		}
		m.points[item] -= points
		m.points[other] = points
	default:
		return in && !done && m.applyUnfinished(kind, item, points)
	}
	return true
}

func (m *model) applyUnfinished(kind scrum.Kind, item string, points float64) bool {
	switch kind {
	case scrum.KindCompleted:
		m.done[item] = true
	case scrum.KindRemoved, scrum.KindDropped:
		m.scope -= m.points[item]
		delete(m.points, item)
	default:
		m.scope += points - m.points[item]
		m.points[item] = points
	}
	return true
}

// game plays random steps against one sprint after another.
type game struct {
	sprint scrum.Sprint
	fold   *scrum.Fold
	model  model
	now    time.Time
}

func newGame(start time.Time, calendar scrum.Calendar, commitments []scrum.Commitment) *game {
	g := &game{
		sprint: scrum.Sprint{Calendar: calendar, Start: start, PlannedEnd: calendar.DayOf(start).Add(11), Commitments: commitments},
		fold:   scrum.NewFold(commitments), now: start,
		model: model{points: map[string]float64{}, done: map[string]bool{}},
	}
	for _, c := range commitments {
		g.model.points[c.Item] = 0
		if c.Points != nil {
			g.model.points[c.Item] = *c.Points
			g.model.scope += *c.Points
		}
	}
	return g
}

var details = map[scrum.Kind]string{
	scrum.KindAdded: "emergency", scrum.KindReopened: "rolled_back", scrum.KindDropped: "superseded",
}

// step tries one step. The package and the model must agree whether it is allowed.
func (g *game) step(t require.TestingT, kind scrum.Kind, item, other string, points float64) bool {
	st := g.fold.Standing(item)
	if kind == scrum.KindEstimated || kind == scrum.KindReEstimated {
		kind = st.EstimateKind()
	}
	delta, err := st.Delta(kind, points)
	if kind == scrum.KindSplit && (!st.In || g.fold.Standing(other).In) {
		err = scrum.ErrNotAllowed
	}
	allowed := g.model.apply(kind, item, other, points)
	require.Equal(t, allowed, err == nil, "%s %s %g: %v", kind, item, points, err)
	if !allowed {
		return false
	}
	g.write(t, scrum.Entry{Kind: kind, Item: item, Points: delta, Detail: details[kind]})
	if kind == scrum.KindSplit {
		g.write(t, scrum.Entry{Kind: kind, Item: other, Points: points, Detail: item})
	}
	return true
}

// rejoin takes a split back, as it is undone: the part gives its points to the item,
// and leaves the sprint without any. Anything but two unfinished items is refused.
func (g *game) rejoin(t require.TestingT, item, part string) bool {
	all := g.fold.Standing(part).Points
	to := scrum.Entry{At: g.now, Kind: scrum.KindSplit, Item: item, Points: all, Detail: part}
	if item == part || !g.fold.Standing(part).Unfinished() || !g.fold.Standing(item).Unfinished() {
		if g.fold.Standing(item).Done && all > 0 {
			require.Error(t, g.fold.Apply(to), "the credit of what is completed does not grow")
		}
		return false
	}
	scope := g.fold.Scope()
	g.write(t, scrum.Entry{Kind: scrum.KindSplit, Item: part, Points: -all, Detail: item})
	g.write(t, to)
	g.write(t, scrum.Entry{Kind: scrum.KindDropped, Item: part, Detail: "superseded"})
	require.Equal(t, scope, g.fold.Scope(), "points are conserved")
	g.model.points[item] += all
	delete(g.model.points, part)
	return true
}

func (g *game) write(t require.TestingT, e scrum.Entry) {
	e.At = g.now
	require.NoError(t, g.fold.Apply(e))
	g.sprint.Entries = append(g.sprint.Entries, e)
}

// requireInvariants: commitment + Σ scope rows = final scope = completed + carried.
func (g *game) requireInvariants(t require.TestingT) {
	require.Equal(t, g.model.scope, g.fold.Scope())
	require.Equal(t, g.model.completed(), g.fold.Done())
	require.Equal(t, g.model.carried(), g.fold.Remaining())
	require.Equal(t, g.fold.Scope(), g.fold.Done()+g.fold.Remaining())
}

func (g *game) requireReport(t require.TestingT) {
	require.NoError(t, g.sprint.Check())
	r := g.sprint.Report(g.now)
	require.Equal(t, []float64{g.model.scope, g.model.completed(), g.model.carried()}, []float64{r.FinalScope, r.Completed, r.Remaining})
	require.Equal(t, r.Completed, r.CompletedOfCommitted+r.CompletedOfAdded)
	carried := 0.0
	for _, points := range r.CarryOver {
		carried += points
	}
	require.Equal(t, r.Remaining, carried)
	for _, day := range slices.Backward(r.Days) {
		if day.Scope != nil {
			require.Equal(t, []float64{r.FinalScope, r.Completed, r.Remaining}, []float64{*day.Scope, *day.Done, *day.Remaining})
			return
		}
	}
	t.Errorf("no day has figures")
}

// carryOver starts the next sprint with what this one left.
func (g *game) carryOver(r scrum.Report) []scrum.Commitment {
	var next []scrum.Commitment
	for item, points := range r.CarryOver {
		c := scrum.Commitment{Item: item}
		if !slices.Contains(r.Unestimated, item) {
			c.Points = &points
		}
		next = append(next, c)
	}
	slices.SortFunc(next, func(a, b scrum.Commitment) int { return len(a.Item) - len(b.Item) })
	return next
}

func TestAHundredThousandRandomStepsKeepTheBooksBalanced(t *testing.T) {
	calendar := workweek(t, "Europe/Berlin", "2026-10-26")
	begin := time.Date(2026, 10, 19, 8, 0, 0, 0, time.UTC)
	steps, closes, rejoined, taken := 0, 0, 0, map[scrum.Kind]int{}
	rapid.Check(t, func(t *rapid.T) {
		g := newGame(begin, calendar, nil)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)) // uniform, unlike rapid's own numbers
		for range 1000 {
			g.now = g.now.Add(time.Duration(r.IntN(400)) * time.Minute)
			if r.IntN(60) == 0 {
				g = closeAndStartNext(t, g, calendar)
				closes++
				continue
			}
			item, other := fmt.Sprintf("I%d", r.IntN(14)), fmt.Sprintf("I%d", r.IntN(14))
			kind := scrum.Kinds[r.IntN(len(scrum.Kinds))]
			if r.IntN(10) == 0 {
				if g.rejoin(t, item, other) {
					rejoined++
				}
			} else if g.step(t, kind, item, other, float64(r.IntN(27))/2) {
				taken[kind]++
			}
			g.requireInvariants(t)
			if steps++; steps%50 == 0 {
				g.requireReport(t)
			}
		}
	})
	if !testing.Short() {
		require.GreaterOrEqual(t, steps+closes, 100_000)
		require.Greater(t, rejoined, 500)
		for _, kind := range scrum.Kinds {
			require.Greater(t, taken[kind], 500, kind)
		}
	}
}

// closeAndStartNext also shows that nothing after the close changes the sprint.
func closeAndStartNext(t require.TestingT, g *game, calendar scrum.Calendar) *game {
	g.requireReport(t)
	g.sprint.Close = g.now
	report := g.sprint.Report(g.now)
	before, err := json.Marshal(report)
	require.NoError(t, err)
	closed := *g
	closed.now = g.now.Add(time.Microsecond)
	for i, kind := range []scrum.Kind{scrum.KindAdded, scrum.KindCompleted, scrum.KindReopened, scrum.KindRemoved, scrum.KindSplit} {
		closed.sprint.Entries = append(closed.sprint.Entries, scrum.Entry{At: closed.now, Kind: kind, Item: fmt.Sprintf("I%d", i), Points: 5})
	}
	after, err := json.Marshal(closed.sprint.Report(g.now.AddDate(1, 0, 0)))
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
	return newGame(g.now.Add(time.Hour), calendar, g.carryOver(report))
}

func TestEveryToldHistoryReplaysIntoBalancedBooks(t *testing.T) {
	verbs := []string{"add", "estimate", "complete", "remove", "reopen", "drop", "split", "correction"}
	rapid.Check(t, func(t *rapid.T) {
		sc := scrum.Scenario{
			Zone: "Europe/Berlin", Start: "2026-10-19T10:00", Close: "2026-10-30T16:00", PlannedEnd: "2026-10-30",
			Week: []string{"mon", "tue", "wed", "thu", "fri"},
		}
		for range rapid.IntRange(0, 80).Draw(t, "events") {
			sc.Events = append(sc.Events, drawEvent(t, rapid.SampledFrom(verbs).Draw(t, "verb"), 16, 30))
		}
		sprint, err := scrum.Replay(sc)
		require.NoError(t, err)
		require.NoError(t, sprint.Check())
		before, err := json.Marshal(sprint.Report(time.Time{}))
		require.NoError(t, err)
		for range 10 { // whatever happens later
			sc.Events = append(sc.Events, drawEvent(t, rapid.SampledFrom(verbs).Draw(t, "verb"), 31, 31))
		}
		later, err := scrum.Replay(sc)
		require.NoError(t, err)
		after, err := json.Marshal(later.Report(time.Time{}))
		require.NoError(t, err)
		require.Equal(t, string(before), string(after))
	})
}

func drawEvent(t *rapid.T, verb string, firstDay, lastDay int) scrum.Event {
	points := float64(rapid.IntRange(0, 26).Draw(t, "halves")) / 2
	e := scrum.Event{
		At:   fmt.Sprintf("2026-10-%02dT%02d:30", rapid.IntRange(firstDay, lastDay).Draw(t, "day"), rapid.IntRange(0, 15).Draw(t, "hour")),
		Verb: scrum.Verb(verb), Item: rapid.SampledFrom([]string{"A", "B", "C", "D"}).Draw(t, "item"),
	}
	switch e.Verb {
	case scrum.VerbAdd, scrum.VerbEstimate:
		if rapid.Bool().Draw(t, "estimated") {
			e.Points = &points
		}
	case scrum.VerbDrop:
		e.Text = "duplicate"
	case scrum.VerbSplit:
		e.Points, e.Text = &points, "E"
	case scrum.VerbCorrection:
		points -= 6
		e.Points = &points
	}
	return e
}
