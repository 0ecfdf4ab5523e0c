package web

import (
	"context"

	"patchline/api"
	"patchline/internal/report"
	"patchline/internal/scrum"
)

func (h *handlers) GetFlow(ctx context.Context, r api.GetFlowRequestObject) (api.GetFlowResponseObject, error) {
	f, err := report.New(h.DB, h.Sprint).Flow(ctx, h.team(ctx), r.Params.Days)
	if err != nil {
		return nil, err
	}
	out := api.GetFlow200JSONResponse{Cycles: each(f.Cycles, cycleOut), P50: round(f.P50, 2), P85: round(f.P85, 2), P95: round(f.P95, 2), Truncated: f.Truncated}
	out.Days = each(f.Days, flowDayOut)
	return out, nil
}

func (h *handlers) GetBurndown(ctx context.Context, r api.GetBurndownRequestObject) (api.GetBurndownResponseObject, error) {
	committed, days, err := h.Sprint.Burndown(ctx, h.team(ctx), int64(r.N))
	if err != nil {
		return nil, err
	}
	return api.GetBurndown200JSONResponse{Committed: committed, Days: each(days, dayPointOut)}, nil
}

func flowDayOut(d *scrum.FlowDay) api.FlowDay {
	counts := map[string]int{}
	for status, n := range d.Counts {
		counts[string(status)] = n
	}
	return api.FlowDay{Day: string(d.Day), Counts: counts}
}

func cycleOut(c *report.Cycle) api.Cycle {
	return api.Cycle{
		Key: c.Key, Title: c.Title, Points: orNull(c.Points), StartedAt: c.Started, DoneAt: c.Done, Days: round(c.Days, 2), BlockedDays: round(c.Blocked, 2),
	}
}

func (h *handlers) GetSprintSummary(ctx context.Context, r api.GetSprintSummaryRequestObject) (api.GetSprintSummaryResponseObject, error) {
	s, err := report.New(h.DB, h.Sprint).Summary(ctx, h.team(ctx), int64(r.N))
	if err != nil {
		return nil, err
	}
	out := api.GetSprintSummary200JSONResponse{
		Sprint: sprintOut(s.Sprint), Headline: headline(s.Report), GoalMet: orNull(s.Sprint.GoalMet), Committed: s.Committed, Completed: s.Report.Completed,
		CompletedOfCommitted: s.CompletedOfCommitted, CompletedOfAdded: s.CompletedOfAdded, FinalScope: s.FinalScope, SayDo: orNull(s.SayDo),
		WorkingDays: s.WorkingDays, DaysOver: s.DaysOver, DueMet: s.DueMet, Risk: causesOut(s.Risk), Markdown: s.Markdown(),
		CompletedItems: each(s.Completed, lineOut), Added: each(s.Added, lineOut), Emergencies: each(s.Emergencies, lineOut), Removed: each(s.Removed, lineOut),
		ReEstimated: each(s.ReEstimated, lineOut), Reopened: each(s.Reopened, lineOut), Dropped: each(s.Dropped, lineOut), Carried: each(s.Carried, lineOut),
		OpenTasks: each(s.OpenTasks, lineOut), DueMissed: each(s.DueMissed, lineOut), Corrections: correctionsOut(s.Report), Reopenings: reopeningsOut(h.team(ctx), s.Reopenings),
	}
	out.Blockers = each(s.Blockers, func(b *report.Blocked) api.SprintBlocker {
		return api.SprintBlocker{Key: b.Key, Title: b.Title, Needed: b.Needed, Days: b.Days, Open: b.Open}
	})
	return out, nil
}

func causesOut(in map[scrum.RiskCause]float64) map[string]float64 {
	out := map[string]float64{}
	for cause, delta := range in {
		out[string(cause)] = delta
	}
	return out
}

func lineOut(l *report.Line) api.SummaryLine {
	return api.SummaryLine{
		Item: l.Item, Key: l.Key, Title: l.Title, Points: round(l.Points, 2), Detail: l.Detail, Who: l.Who, Reason: l.Reason, At: orNull(l.At), Times: l.Times,
	}
}
