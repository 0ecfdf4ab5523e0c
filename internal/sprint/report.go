package sprint

import (
	"context"
	"slices"
	"time"

	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Report is what a sprint's ledger says, with the rows and titles behind it.
type Report struct {
	scrum.Report
	Sprint      *Sprint
	Entries     []scrum.Entry // of the ledger, as far as they count
	Commitments []scrum.Commitment
	Changes     []scrum.RiskEntry
	Titles      map[string]string
	Today       *scrum.Day // while the sprint is active
	History     *History   // of an imported sprint
	Corrections Corrections
	Reopenings  []*Closed // closes that were taken back, oldest first
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
	if sp.Imported {
		return importedReport(g, t, sp, now)
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
	out := &Report{Report: folded.Report(now), Sprint: sp, Entries: counted(folded), Commitments: folded.Commitments, Changes: flow.Entries}
	if out.Titles, err = titlesOf(g, t.Key, sp.ID); err != nil {
		return nil, err
	}
	if err := out.correct(g, t, folded); err != nil {
		return nil, err
	}
	if out.Reopenings, err = reopenings(g, sp.ID); err != nil {
		return nil, err
	}
	if sp.State == scrum.Active {
		today := folded.Calendar.DayOf(now)
		out.Today = &today
	}
	return out, nil
}

// CausesByDay sums what each cause did to the open risk, by the days of the sprint.
func (r *Report) CausesByDay() (map[scrum.Day]map[scrum.RiskCause]float64, error) {
	cal, err := r.Sprint.calendar()
	return scrum.CausesByDay(cal, r.Changes), err
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
	if sp.Imported {
		return out, loadPast(g, t.Key, sp, &out)
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
		if _, known := flow.AtStart[e.Item]; known || e.Kind != scrum.KindAdded && e.Kind != scrum.KindSplit {
			continue
		}
		if e.Kind == scrum.KindSplit {
			flow.AtStart[e.Item] = 0 // it was made then, and all its risk is on record
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
	last, err := lastResults(g, teamID, 7)
	return scrum.NewVelocity(last), err
}

func results(closed []*Sprint) []scrum.SprintResult {
	out := make([]scrum.SprintResult, len(closed))
	for i, sp := range closed {
		out[i] = scrum.SprintResult{Number: int(sp.Number), Committed: *sp.Committed, Completed: *sp.Completed}
	}
	return out
}
