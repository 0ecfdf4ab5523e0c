package web

import (
	"bytes"
	"encoding/csv"
	"strconv"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// sprintOut is the one mapping of a sprint to the API.
func sprintOut(s *sprint.Sprint) api.Sprint {
	t := s.Totals
	return api.Sprint{
		Number: int(s.Number), Name: s.Name, Goal: s.Goal, State: api.SprintState(s.State), StartDate: string(s.StartDate), EndDate: string(s.EndDate),
		TimeZone: s.TimeZone, StartedAt: orNull(s.StartedAt), ClosedAt: orNull(s.ClosedAt), ReopenableUntil: orNull(s.ReopenableUntil()), Velocity: orNull(s.Velocity), Version: int(s.Version), Imported: s.Imported,
		Totals: api.SprintTotals{
			Items: t.Items, Points: t.Points, Unestimated: t.Unestimated, Risk: round(t.Risk, 1), DueAtRisk: t.DueAtRisk, Kev: t.KEV,
			Committed: orNull(s.Committed), Completed: t.Completed,
		},
	}
}

func sprintConflict(err error) error {
	return showing(err, func(s *sprint.Sprint) any { return map[string]any{"sprint": sprintOut(s)} })
}

func sprintItemOut(t *team.Team, i *sprint.Item) api.SprintItem {
	p := patchOut(t, &i.Patch)
	how := i.How
	if how == "" {
		how = backlog.HowPlanned
	}
	return api.SprintItem{
		Key: p.Key, Title: p.Title, Kind: api.SprintItemKind(p.Kind), Component: p.Component, FixedVersion: p.FixedVersion, Status: p.Status,
		Risk: p.Risk, Priority: p.Priority, Band: api.SprintItemBand(p.Band), Kev: p.Kev, Epss: p.Epss, Cvss: p.Cvss, DueAt: p.DueAt, DuePolicy: p.DuePolicy,
		Points: p.Points, Assignee: p.Assignee, Sprint: p.Sprint, Carried: p.Carried, Assets: p.Assets, Patched: p.Patched, Findings: p.Findings, Vulnerabilities: p.Vulnerabilities,
		Assumed: p.Assumed, Labels: p.Labels, Placement: p.Placement, Version: p.Version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
		Membership: api.SprintItemMembership(how), Unplanned: i.Unplanned,
	}
}

func reportOut(t *team.Team, r *sprint.Report) api.SprintReport {
	out := api.SprintReport{
		Sprint: sprintOut(r.Sprint), Committed: r.Committed, CommittedItems: r.CommittedItems, UnestimatedAtStart: r.UnestimatedAtStart,
		Completed: r.Completed, CompletedOfCommitted: r.CompletedOfCommitted, CompletedOfAdded: r.CompletedOfAdded, FinalScope: r.FinalScope,
		Dropped: r.Dropped, CarryOver: r.CarryOver, Velocity: r.Velocity, SayDo: orNull(r.SayDo), Titles: r.Titles,
		ScopeLedger: []api.LedgerRow{}, Days: make([]api.DayPoint, len(r.Days)), Risk: riskBurndownOut(r),
		Projection: nullable.NewNullNullable[api.Projection](), Today: nullable.NewNullNullable[string](), Headline: headline(r),
		Corrections: correctionsOut(r), Reopenings: reopeningsOut(t, r.Reopenings),
	}
	for i, row := range r.ScopeLedger {
		e := r.Entries[i]
		out.ScopeLedger = append(out.ScopeLedger, api.LedgerRow{At: row.At, Kind: row.Kind, Detail: e.Detail, Item: row.Item, Delta: row.Delta, Who: e.Actor, Reason: e.Reason})
	}
	for i := range r.Days {
		out.Days[i] = dayPointOut(&r.Days[i])
	}
	if r.Today != nil {
		out.Today.Set(string(*r.Today))
	}
	if p := r.Report.Projection; p != nil && p.Enough {
		shown := api.Projection{P15: p.P15, P50: p.P50, P85: p.P85, Days: make([]api.ProjectionDay, len(p.Days))}
		for i, d := range p.Days {
			shown.Days[i] = api.ProjectionDay{Day: string(d.Day), P15: d.P15, P50: d.P50, P85: d.P85}
		}
		out.Projection.Set(shown)
	}
	if r.History != nil {
		addHistory(&out, r.History)
	}
	return out
}

// headline says in one sentence how the sprint stands, or how it ended.
func headline(r *sprint.Report) string {
	if p := r.Report.Projection; p != nil {
		return p.Headline
	}
	points := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	return points(r.Completed) + " of " + points(r.FinalScope) + " points completed; " + points(r.Committed) + " were committed"
}

func riskBurndownOut(r *sprint.Report) api.RiskBurndown {
	out := api.RiskBurndown{Ledger: []api.RiskRow{}, TotalOpen: []float64{}, InSprint: []float64{}}
	if r.Report.Risk == nil {
		return out
	}
	for i, row := range r.Report.Risk.Ledger {
		shown := api.RiskRow{Kind: api.RiskRowKind(row.Cause), Item: row.Item, Delta: row.Delta}
		if i < len(r.Changes) {
			shown.At = r.Changes[i].At
		}
		out.Ledger = append(out.Ledger, shown)
	}
	out.TotalOpen, out.InSprint = soFar(r.Report.Risk.TotalOpen), soFar(r.Report.Risk.InSprint)
	return out
}

// soFar leaves out the days to come.
func soFar(days []*float64) []float64 {
	out := []float64{}
	for _, d := range days {
		if d != nil {
			out = append(out, *d)
		}
	}
	return out
}

// reportCSV is the daily series, a row a day, with what each cause did to the open
// risk on it; days to come are empty.
func reportCSV(r *sprint.Report) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	head := []string{"day", "working", "scope", "done", "remaining", "guideline", "risk_total_open", "risk_in_sprint"}
	for _, cause := range scrum.RiskCauses {
		head = append(head, "risk_"+string(cause))
	}
	_ = w.Write(head) // Flush reports errors
	risk := r.Report.Risk
	if risk == nil {
		risk = &scrum.RiskReport{}
	}
	causes, err := r.CausesByDay()
	if err != nil {
		return nil, err
	}
	for i, d := range r.Days {
		row := []string{
			string(d.Day), strconv.FormatBool(d.Working), cell(d.Scope), cell(d.Done), cell(d.Remaining), cell(&d.Guideline),
			cell(at(risk.TotalOpen, i)), cell(at(risk.InSprint, i)),
		}
		for _, cause := range scrum.RiskCauses {
			moved := causes[d.Day][cause]
			if d.Scope == nil {
				row = append(row, "")
				continue
			}
			row = append(row, cell(&moved))
		}
		_ = w.Write(row)
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func at(days []*float64, i int) *float64 {
	if i < len(days) {
		return days[i]
	}
	return nil
}

func cell(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}

func dayPointOut(d *scrum.DayPoint) api.DayPoint {
	return api.DayPoint{Day: string(d.Day), Working: d.Working, Scope: orNull(d.Scope), Done: orNull(d.Done), Remaining: orNull(d.Remaining), Guideline: d.Guideline}
}
