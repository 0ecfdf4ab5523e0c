package web

import (
	"context"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

func (h *handlers) ReopenSprint(ctx context.Context, r api.ReopenSprintRequestObject) (api.ReopenSprintResponseObject, error) {
	t := h.team(ctx)
	back, err := h.Sprint.Reopen(ctx, who(ctx), t, int64(r.N), sprint.Reopening{Reason: r.Body.Reason, Seen: int64(r.Body.Version)})
	if err != nil {
		return nil, sprintConflict(err)
	}
	out := api.ReopenSprint200JSONResponse{Sprint: sprintOut(back.Sprint), Returned: make([]string, len(back.Returned)), MovedOn: movedOnOut(t, back.MovedOn), Next: api.ReopenedSprintNext(back.Next)}
	for i, n := range back.Returned {
		out.Returned[i] = backlog.Key(t.Key, n)
	}
	return out, nil
}

func (h *handlers) CorrectSprint(ctx context.Context, r api.CorrectSprintRequestObject) (api.CorrectSprintResponseObject, error) {
	t, b := h.team(ctx), r.Body
	n, err := backlog.ParseKey(t.Key, b.Key)
	if err != nil {
		return nil, fault.Wrong("/key", "This is not the key of a patch of this team.")
	}
	c := sprint.Correcting{Number: n, What: scrum.Correction(b.What), Reason: b.Reason}
	if points := pointer(b.Points); points != nil {
		c.Points = *points
	} else if c.What == scrum.CorrectPoints {
		return nil, fault.Wrong("/points", "Say how many points are right.")
	}
	rep, err := h.Sprint.Correct(ctx, who(ctx), t, int64(r.N), c)
	if err != nil {
		return nil, err
	}
	return api.CorrectSprint201JSONResponse(correctionsOut(rep)), nil
}

func movedOnOut(t *team.Team, all []sprint.MovedOn) []api.MovedOn {
	out := make([]api.MovedOn, len(all))
	for i, m := range all {
		out[i] = api.MovedOn{Key: backlog.Key(t.Key, m.Number), Where: m.Where}
	}
	return out
}

func correctionsOut(r *sprint.Report) api.Corrections {
	out := api.Corrections{Items: make([]api.Correction, len(r.Corrections.Rows)), Figures: orNull[api.CorrectedFigures](nil)}
	for i, c := range r.Corrections.Rows {
		out.Items[i] = api.Correction{
			At: c.At, Who: c.Actor, Key: c.Item, Title: r.Titles[c.Item], What: api.CorrectionKind(c.Detail),
			Delta: c.Points, Reason: c.Reason, Counts: c.Counts,
		}
	}
	if f := r.Corrections.Figures; f != nil {
		out.Figures.Set(api.CorrectedFigures{
			Completed: f.Completed, CompletedOfCommitted: f.CompletedOfCommitted, CompletedOfAdded: f.CompletedOfAdded,
			FinalScope: f.FinalScope, SayDo: orNull(f.SayDo), CarryOver: f.CarryOver,
		})
	}
	return out
}

func reopeningsOut(t *team.Team, all []*sprint.Closed) []api.Reopening {
	out := make([]api.Reopening, len(all))
	for i, c := range all {
		out[i] = api.Reopening{
			ClosedAt: c.ClosedAt, ClosedBy: c.ClosedBy, Completed: c.Completed, FinalScope: c.FinalScope, GoalMet: orNull(c.GoalMet),
			ReopenedAt: *c.ReopenedAt, ReopenedBy: c.ReopenedBy, Reason: c.Reason, MovedOn: movedOnOut(t, c.MovedOn),
		}
	}
	return out
}
