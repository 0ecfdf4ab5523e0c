package sprint

import (
	"context"
	"errors"
	"patchline/internal/db"
	"slices"
	"time"

	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Report is what a sprint's ledger says, with the rows and titles behind it.
type Report struct {
	scrum.Report
	Sprint  *Sprint
	Entries []scrum.Entry // of the ledger, as far as they count
	Changes []scrum.RiskEntry
	Titles  map[string]string
	Today   *scrum.Day // while the sprint is active
}

// Report folds a sprint's ledger. A sprint that has not started has none.
func (s *Service) Report(ctx context.Context, t *team.Team, number int64) (*Report, error) {
	var out *Report
	err := s.db.View(ctx, func(g db.Reader) error {
		sp, err := byNumber(g, t.ID, number)
		if err != nil {
			return err
		}
		if sp.StartedAt == nil {
			return fault.New(fault.Conflict, "This sprint has not started, so there is nothing to report yet.")
		}
		out, err = report(g, t, sp, s.db.Now())
		return err
	})
	return out, err
}

func report(g db.Reader, t *team.Team, sp *Sprint, now time.Time) (*Report, error) {
	if err := fill(g, now, sp); err != nil {
		return nil, err
	}
	folded, err := load(g, t, sp)
	if err != nil {
		return nil, err
	}
	flow, err := riskFlow(g, t, sp, folded)
	if err != nil {
		return nil, err
	}
	folded.Risk = &flow
	out := &Report{Report: folded.Report(now), Sprint: sp, Entries: counted(folded), Changes: flow.Entries}
	if out.Titles, err = titlesOf(g, t.Key, sp.ID); err != nil {
		return nil, err
	}
	if sp.State == scrum.Active {
		today := folded.Calendar.DayOf(now)
		out.Today = &today
	}
	return out, nil
}

// counted are the entries up to the close, in the order of the report's rows.
func counted(s scrum.Sprint) []scrum.Entry {
	if s.Close.IsZero() {
		return s.Entries
	}
	return slices.DeleteFunc(slices.Clone(s.Entries), func(e scrum.Entry) bool { return e.At.After(s.Close) })
}

// load reads a started sprint as the pure rules know it.
func load(g db.Reader, t *team.Team, sp *Sprint) (scrum.Sprint, error) {
	cal, err := sp.calendar()
	if err != nil {
		return scrum.Sprint{}, err
	}
	out := scrum.Sprint{Calendar: cal, Start: *sp.StartedAt, PlannedEnd: sp.EndDate}
	if sp.ClosedAt != nil {
		out.Close = *sp.ClosedAt
	}
	if out.Commitments, err = commitmentsOf(g, t.Key, sp.ID); err != nil {
		return out, err
	}
	out.Entries, err = entriesOf(g, t.Key, sp)
	return out, err
}

// riskFlow is the open risk of the team's backlog over the sprint. An item that
// came in later starts with what it was worth then, less what is on record for it
// before.
func riskFlow(g db.Reader, t *team.Team, sp *Sprint, folded scrum.Sprint) (scrum.RiskFlow, error) {
	flow := scrum.RiskFlow{AtStart: map[string]float64{}}
	entries, err := riskOf(g, t.Key, sp)
	if err != nil {
		return flow, err
	}
	flow.Entries = entries
	for _, c := range folded.Commitments {
		flow.AtStart[c.Item] = c.Risk
	}
	for _, e := range folded.Entries {
		if _, known := flow.AtStart[e.Item]; known || e.Kind != scrum.KindAdded {
			continue
		}
		flow.AtStart[e.Item] = e.Risk - before(entries, e)
	}
	flow.Rest = *sp.RiskAtStart
	for _, r := range flow.AtStart {
		flow.Rest -= r
	}
	return flow, nil
}

// before sums the changes of an item's risk on record up to a ledger row.
func before(entries []scrum.RiskEntry, row scrum.Entry) (sum float64) {
	for _, e := range entries {
		if e.Item == row.Item && !e.At.After(row.At) {
			sum += e.Delta
		}
	}
	return sum
}

// Velocity is what the team completed in its last closed sprints.
func (s *Service) Velocity(ctx context.Context, t *team.Team) (scrum.Velocity, []*Sprint, error) {
	g := s.db.Read(ctx)
	closed, err := closedOf(g, t.ID, 12)
	if err != nil {
		return scrum.Velocity{}, nil, err
	}
	return scrum.NewVelocity(results(closed)), closed, nil
}

func velocityOf(g db.Reader, teamID string) (scrum.Velocity, error) {
	closed, err := closedOf(g, teamID, 7)
	return scrum.NewVelocity(results(closed)), err
}

func results(closed []*Sprint) []scrum.SprintResult {
	out := make([]scrum.SprintResult, len(closed))
	for i, sp := range closed {
		out[i] = scrum.SprintResult{Number: int(sp.Number), Committed: *sp.Committed, Completed: *sp.Completed}
	}
	return out
}

// Outlook is when the open backlog will be done.
type Outlook struct {
	scrum.Forecast
	Enough      bool
	Remaining   float64
	Unestimated int
	P50, P85    *float64 // points that half, and 85 %, of the coming sprints complete
}

// Forecast convolves the last closed sprints over the open estimated backlog.
func (s *Service) Forecast(ctx context.Context, t *team.Team) (Outlook, error) {
	var out Outlook
	err := s.db.View(ctx, func(g db.Reader) error {
		closed, err := closedOf(g, t.ID, scrum.MaxSamples)
		if err != nil {
			return err
		}
		if out.Remaining, out.Unestimated, err = openWork(g, t.ID); err != nil {
			return err
		}
		samples := make([]float64, len(closed))
		for i, sp := range closed {
			samples[i] = *sp.Completed
		}
		out.Forecast, err = scrum.NewForecast(samples, out.Remaining, nil)
		out.Enough = err == nil
		if errors.Is(err, scrum.ErrNotEnoughSprints) {
			return nil
		}
		out.P50, out.P85 = atLeast(samples, 0.5), atLeast(samples, 0.85)
		return err
	})
	return out, err
}

// atLeast is the most points that a share of the samples reached.
func atLeast(samples []float64, share float64) *float64 {
	sorted := slices.Clone(samples)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	i := min(len(sorted)-1, int(share*float64(len(sorted))+0.9999)-1)
	return &sorted[max(i, 0)]
}
