package sprint_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/board"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

var ana = audit.Who{Name: "Ana"}

// world is a team with its services on a test's database.
type world struct {
	t       *testing.T
	d       *db.DB
	clock   *dbtest.Clock
	team    *team.Team
	backlog *backlog.Service
	sprint  *sprint.Service
	board   *board.Service

	reopened atomic.Int64 // sprints, by people who work at once
}

func each(t *testing.T, zone string, test func(w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		people, err := team.New(t.Context(), d)
		require.NoError(t, err)
		inf, err := people.AddTeam(t.Context(), ana, team.NewTeam{Key: "INF", Name: "Infrastructure", TimeZone: zone})
		require.NoError(t, err)
		test(&world{t: t, d: d, clock: clock, team: inf, backlog: backlog.New(d), sprint: sprint.New(d), board: board.New(d)})
	})
}

// patch makes a patch by hand with points (negative: unestimated) and a risk of
// the test's choosing.
func (w *world) patch(title string, points, risk float64) *backlog.Patch {
	w.t.Helper()
	d := backlog.Draft{Title: title}
	if points >= 0 {
		d.Points = &points
	}
	p, err := w.backlog.Create(w.t.Context(), ana, w.team, d)
	require.NoError(w.t, err)
	require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		return tx.Exec("UPDATE patches SET risk = ? WHERE id = ?", risk, p.ID).Error
	}))
	require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		return tx.Exec("UPDATE ledger SET risk = ? WHERE patch_id = ? AND risk_kind = 'arrived'", risk, p.ID).Error
	}))
	return w.read(p.Number)
}

func (w *world) read(number int64) *backlog.Patch {
	w.t.Helper()
	p, err := backlog.ByNumber(w.d.Read(w.t.Context()), w.team.ID, number)
	require.NoError(w.t, err)
	return p
}

func (w *world) add(n int64, p *backlog.Patch, how scrum.AddReason) {
	w.t.Helper()
	_, err := w.sprint.Add(w.t.Context(), ana, w.team, n, sprint.Adding{Numbers: []int64{p.Number}, How: how, MayScope: true})
	require.NoError(w.t, err)
}

func (w *world) move(number int64, to scrum.Status, reopen scrum.ReopenReason) {
	w.t.Helper()
	_, err := w.board.Move(w.t.Context(), ana, w.team, number, board.Move{Status: to, Reopen: reopen, Seen: w.read(number).Version})
	require.NoError(w.t, err)
}

func (w *world) estimate(number int64, points float64) {
	w.t.Helper()
	p := &points
	_, err := w.backlog.Update(w.t.Context(), ana, w.team, number, backlog.Edit{Points: &p, Seen: w.read(number).Version})
	require.NoError(w.t, err)
}

func (w *world) rescore(number int64, risk float64) {
	w.t.Helper()
	require.NoError(w.t, w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		p, err := backlog.ByNumber(tx.DB, w.team.ID, number)
		if err != nil {
			return err
		}
		if err := tx.Exec("UPDATE patches SET risk = ? WHERE id = ?", risk, p.ID).Error; err != nil {
			return err
		}
		return backlog.Record(tx, ana, p, backlog.Step{Cause: scrum.RiskRescored, Risk: risk - p.Risk})
	}))
}

// shared finds the folder of exact numbers and real files; the test says loudly
// when it is not there.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	dir := os.Getenv("PATCHLINE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Skipf("THE SHARED FOLDER IS MISSING: %v", err)
	}
	return data
}

// TestTheGoldenSprintLivedThroughTheServices plays the difficult sprint as a team
// would, each step at its wall-clock time, and compares every number.
func TestTheGoldenSprintLivedThroughTheServices(t *testing.T) {
	text := shared(t, "golden/sprint.json")
	var golden map[string]any
	require.NoError(t, json.Unmarshal(text, &golden))
	scenario, err := scrum.ParseScenario(text)
	require.NoError(t, err)
	each(t, scenario.Zone, func(w *world) {
		play := newPlay(w, scenario)
		play.run()
		got := play.report()
		for _, field := range []string{
			"committed", "committed_items", "unestimated_at_start", "completed", "completed_of_committed", "completed_of_added",
			"final_scope", "dropped", "carry_over", "velocity", "say_do", "scope_ledger", "days",
		} {
			assert.Equal(w.t, golden[field], got[field], field)
		}
		risk := golden["risk"].(map[string]any)
		for _, field := range []string{"ledger", "total_open", "in_sprint"} {
			assert.Equal(w.t, risk[field], got["risk"].(map[string]any)[field], field)
		}
	})
}

// play walks a scenario through the services.
type play struct {
	*world
	scenario scrum.Scenario
	zone     *time.Location
	numbers  map[string]int64
	names    map[string]string // of keys
	n        int64
}

func newPlay(w *world, sc scrum.Scenario) *play {
	zone, err := time.LoadLocation(sc.Zone)
	require.NoError(w.t, err)
	return &play{w, sc, zone, map[string]int64{}, map[string]string{}, 0}
}

func (p *play) at(text string) {
	at, err := scrum.ParseWall(text, p.zone)
	require.NoError(p.t, err)
	p.clock.Set(at)
}

type act struct {
	at string
	do func()
}

func (p *play) run() {
	p.at("2026-10-15T09:00")
	people, err := team.New(p.t.Context(), p.d)
	require.NoError(p.t, err)
	p.team, err = people.UpdateTeam(p.t.Context(), ana, p.team.ID, team.TeamChange{Holidays: p.scenario.Holidays, Version: p.team.Version})
	require.NoError(p.t, err)
	start, end := "2026-10-19", string(p.scenario.PlannedEnd)
	sp, err := p.sprint.Create(p.t.Context(), ana, p.team, sprint.Planning{StartDate: &start, EndDate: &end})
	require.NoError(p.t, err)
	p.n = sp.Number
	for _, name := range []string{"A", "B", "C", "D", "E", "G", "Y"} {
		p.make(name, p.scenario.RiskAtStart[name])
	}
	acts := p.acts()
	for _, a := range acts {
		p.at(a.at)
		a.do()
	}
}

func (p *play) make(name string, risk float64) {
	made := p.patch(name, -1, risk)
	p.numbers[name] = made.Number
	p.names[backlog.Key("INF", made.Number)] = name
}

// acts are the scenario's events in order of time, with start and close among
// them. Retirements and acceptances of risk follow from the work itself.
func (p *play) acts() []act {
	var out []act
	add := func(at string, do func()) { out = append(out, act{at, do}) }
	for _, e := range p.scenario.Events {
		add(e.At, func() { p.event(e) })
	}
	for _, e := range p.scenario.RiskEvents {
		switch e.Cause {
		case scrum.RiskArrived:
			add(e.At, func() { p.make(e.Item, *e.Risk) })
		case scrum.RiskRescored:
			add(e.At, func() { p.rescore(p.numbers[e.Item], *e.Risk) })
		}
	}
	add(p.scenario.Start, func() {
		sp, err := p.sprint.Get(p.t.Context(), p.team, p.n)
		require.NoError(p.t, err)
		_, err = p.sprint.Start(p.t.Context(), ana, p.team, p.n, sp.Version)
		require.NoError(p.t, err)
	})
	add(p.scenario.Close, func() {
		sp, err := p.sprint.Get(p.t.Context(), p.team, p.n)
		require.NoError(p.t, err)
		_, err = p.sprint.Close(p.t.Context(), ana, p.team, p.n, sprint.Closing{Otherwise: scrum.ToBacklogRank, Seen: sp.Version})
		require.NoError(p.t, err)
	})
	sortByTime(out)
	return out
}

func sortByTime(acts []act) {
	for i := range acts {
		for j := i; j > 0 && acts[j].at < acts[j-1].at; j-- {
			acts[j], acts[j-1] = acts[j-1], acts[j]
		}
	}
}

func (p *play) event(e scrum.Event) {
	number := p.numbers[e.Item]
	switch e.Verb {
	case scrum.VerbAdd:
		if e.Points != nil {
			p.estimate(number, *e.Points)
		}
		p.add(p.n, p.read(number), scrum.Pulled)
	case scrum.VerbEstimate:
		p.estimate(number, *e.Points)
	case scrum.VerbComplete:
		p.move(number, scrum.Verified, "")
	case scrum.VerbReopen:
		p.move(number, scrum.InProgress, scrum.ReopenReason(e.Text))
	case scrum.VerbRemove:
		_, err := p.sprint.Remove(p.t.Context(), ana, p.team, p.n, number, "", true)
		require.NoError(p.t, err)
	case scrum.VerbDrop:
		_, err := p.backlog.Drop(p.t.Context(), ana, p.team, number, backlog.Dropping{Reason: scrum.DropReason(e.Text), Seen: p.read(number).Version})
		require.NoError(p.t, err)
	default:
		p.t.Fatalf("the play does not know %s", e.Verb)
	}
}

// report is the sprint's report as JSON with the scenario's names for the keys.
func (p *play) report() map[string]any {
	r, err := p.sprint.Report(p.t.Context(), p.team, p.n)
	require.NoError(p.t, err)
	text, err := json.Marshal(r.Report)
	require.NoError(p.t, err)
	for key, name := range p.names {
		text = replace(text, `"`+key+`"`, `"`+name+`"`)
	}
	var out map[string]any
	require.NoError(p.t, json.Unmarshal(text, &out))
	return out
}

func (w *world) setZone(zone string) {
	w.t.Helper()
	people, err := team.New(w.t.Context(), w.d)
	require.NoError(w.t, err)
	w.team, err = people.UpdateTeam(w.t.Context(), ana, w.team.ID, team.TeamChange{TimeZone: &zone, Version: w.team.Version})
	require.NoError(w.t, err)
}
