package web

import (
	"bytes"
	"context"
	"strconv"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

func (h *handlers) ListSprints(ctx context.Context, r api.ListSprintsRequestObject) (api.ListSprintsResponseObject, error) {
	var before int64
	if c := r.Params.Cursor; c != "" {
		n, err := strconv.ParseInt(c, 10, 64)
		if err != nil {
			return nil, fault.Wrong("/query/cursor", "This cursor is not from a page of this list; start again without it.")
		}
		before = n
	}
	states := make([]string, len(r.Params.State))
	for i, s := range r.Params.State {
		states[i] = string(s)
	}
	size := limit(r.Params.Limit)
	sprints, err := h.Sprint.List(ctx, h.team(ctx), states, before, size+1)
	if err != nil {
		return nil, err
	}
	out := api.ListSprints200JSONResponse{Items: []api.Sprint{}, NextCursor: nullable.NewNullNullable[string]()}
	for i, s := range sprints {
		if i == size {
			out.NextCursor = next(strconv.FormatInt(sprints[i-1].Number, 10))
			break
		}
		out.Items = append(out.Items, sprintOut(s))
	}
	return out, nil
}

func (h *handlers) CreateSprint(ctx context.Context, r api.CreateSprintRequestObject) (api.CreateSprintResponseObject, error) {
	b := r.Body
	s, err := h.Sprint.Create(ctx, who(ctx), h.team(ctx), sprint.Planning{
		Name: filled(b.Name), Goal: filled(b.Goal), StartDate: filled(string(b.StartDate)), EndDate: filled(string(b.EndDate)),
	})
	if err != nil {
		return nil, err
	}
	return api.CreateSprint201JSONResponse(sprintOut(s)), nil
}

// filled is nil for an empty field.
func filled(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (h *handlers) GetSprint(ctx context.Context, r api.GetSprintRequestObject) (api.GetSprintResponseObject, error) {
	s, err := h.Sprint.Get(ctx, h.team(ctx), int64(r.N))
	if err != nil {
		return nil, err
	}
	return api.GetSprint200JSONResponse(sprintOut(s)), nil
}

func (h *handlers) UpdateSprint(ctx context.Context, r api.UpdateSprintRequestObject) (api.UpdateSprintResponseObject, error) {
	b := r.Body
	s, err := h.Sprint.Update(ctx, who(ctx), h.team(ctx), int64(r.N), int64(b.Version), sprint.Planning{
		Name: b.Name, Goal: b.Goal, StartDate: (*string)(b.StartDate), EndDate: (*string)(b.EndDate),
	})
	if err != nil {
		return nil, sprintConflict(err)
	}
	return api.UpdateSprint200JSONResponse(sprintOut(s)), nil
}

func (h *handlers) ListSprintItems(ctx context.Context, r api.ListSprintItemsRequestObject) (api.ListSprintItemsResponseObject, error) {
	t := h.team(ctx)
	items, truncated, err := h.Sprint.Items(ctx, t, int64(r.N))
	if err != nil {
		return nil, err
	}
	out := api.ListSprintItems200JSONResponse{Items: make([]api.SprintItem, len(items)), Truncated: truncated}
	for i := range items {
		out.Items[i] = sprintItemOut(t, &items[i])
	}
	return out, nil
}

func (h *handlers) AddSprintItems(ctx context.Context, r api.AddSprintItemsRequestObject) (api.AddSprintItemsResponseObject, error) {
	t, b := h.team(ctx), r.Body
	a := sprint.Adding{How: scrum.AddReason(b.How), Reason: b.Reason, MayScope: mayScope(ctx)}
	for i, key := range b.Keys {
		n, err := backlog.ParseKey(t.Key, key)
		if err != nil {
			return nil, fault.Wrong("/keys/"+strconv.Itoa(i), "This is not the key of a patch of this team.")
		}
		a.Numbers = append(a.Numbers, n)
	}
	s, err := h.Sprint.Add(ctx, who(ctx), t, int64(r.N), a)
	if err != nil {
		return nil, conflict(t, err)
	}
	return api.AddSprintItems200JSONResponse(sprintOut(s)), nil
}

func mayScope(ctx context.Context) bool {
	return role(ctx).May(team.Rank) || role(ctx).May(team.Plan)
}

func (h *handlers) AddSprintItem(ctx context.Context, r api.AddSprintItemRequestObject) (api.AddSprintItemResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	a := sprint.Adding{Numbers: []int64{n}, MayScope: mayScope(ctx)}
	if r.Body != nil {
		a.How, a.Reason = scrum.AddReason(r.Body.How), r.Body.Reason
	}
	s, err := h.Sprint.Add(ctx, who(ctx), t, int64(r.N), a)
	if err != nil {
		return nil, conflict(t, err)
	}
	return api.AddSprintItem200JSONResponse(sprintOut(s)), nil
}

func (h *handlers) RemoveSprintItem(ctx context.Context, r api.RemoveSprintItemRequestObject) (api.RemoveSprintItemResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	s, err := h.Sprint.Remove(ctx, who(ctx), t, int64(r.N), n, r.Params.Reason, mayScope(ctx))
	if err != nil {
		return nil, conflict(t, err)
	}
	return api.RemoveSprintItem200JSONResponse(sprintOut(s)), nil
}

func (h *handlers) GetStartChecklist(ctx context.Context, r api.GetStartChecklistRequestObject) (api.GetStartChecklistResponseObject, error) {
	c, err := h.Sprint.StartChecklist(ctx, h.team(ctx), int64(r.N))
	if err != nil {
		return nil, err
	}
	out := api.GetStartChecklist200JSONResponse{Sprint: sprintOut(c.Sprint), CanStart: c.CanStart(), Checks: []api.Check{}}
	for _, check := range c.Checks {
		out.Checks = append(out.Checks, api.Check{ID: check.ID, Level: api.CheckLevel(check.Level), Text: check.Text})
	}
	t := c.Sprint.Totals
	f := &out.Commitment
	f.Items, f.Points, f.Unestimated, f.Risk = t.Items, t.Points, t.Unestimated, round(t.Risk, 1)
	f.DueBeforeEnd, f.WorkingDays = c.DueBeforeEnd, c.WorkingDays
	return out, nil
}

func (h *handlers) StartSprint(ctx context.Context, r api.StartSprintRequestObject) (api.StartSprintResponseObject, error) {
	s, err := h.Sprint.Start(ctx, who(ctx), h.team(ctx), int64(r.N), int64(r.Body.Version))
	if err != nil {
		return nil, sprintConflict(err)
	}
	return api.StartSprint200JSONResponse(sprintOut(s)), nil
}

func (h *handlers) GetCloseChecklist(ctx context.Context, r api.GetCloseChecklistRequestObject) (api.GetCloseChecklistResponseObject, error) {
	t := h.team(ctx)
	c, err := h.Sprint.CloseChecklist(ctx, t, int64(r.N))
	if err != nil {
		return nil, err
	}
	out := api.GetCloseChecklist200JSONResponse{Sprint: sprintOut(c.Sprint), Completed: c.Completed, NextSprint: number(c.Next), Unfinished: []api.Patch{}}
	for i := range c.Unfinished {
		out.Unfinished = append(out.Unfinished, patchOut(t, &c.Unfinished[i].Patch))
	}
	return out, nil
}

func (h *handlers) CloseSprint(ctx context.Context, r api.CloseSprintRequestObject) (api.CloseSprintResponseObject, error) {
	t, b := h.team(ctx), r.Body
	c := sprint.Closing{GoalMet: pointer(b.GoalMet), Otherwise: scrum.CloseChoice(b.Otherwise), Seen: int64(b.Version)}
	for i, d := range b.Decisions {
		n, err := backlog.ParseKey(t.Key, d.Key)
		if err != nil {
			return nil, fault.Wrong("/decisions/"+strconv.Itoa(i)+"/key", "This is not the key of a patch of this team.")
		}
		c.Choices = append(c.Choices, sprint.Choice{Number: n, Choice: scrum.CloseChoice(d.Choice), DropReason: scrum.DropReason(d.DropReason)})
	}
	s, err := h.Sprint.Close(ctx, who(ctx), t, int64(r.N), c)
	if err != nil {
		return nil, sprintConflict(conflict(t, err))
	}
	return api.CloseSprint200JSONResponse(sprintOut(s)), nil
}

func (h *handlers) CancelSprint(ctx context.Context, r api.CancelSprintRequestObject) (api.CancelSprintResponseObject, error) {
	s, err := h.Sprint.Cancel(ctx, who(ctx), h.team(ctx), int64(r.N), int64(r.Body.Version), r.Body.Reason)
	if err != nil {
		return nil, sprintConflict(err)
	}
	return api.CancelSprint200JSONResponse(sprintOut(s)), nil
}

func (h *handlers) GetSprintReport(ctx context.Context, r api.GetSprintReportRequestObject) (api.GetSprintReportResponseObject, error) {
	t := h.team(ctx)
	rep, err := h.Sprint.Report(ctx, t, int64(r.N))
	if err != nil {
		return nil, err
	}
	return api.GetSprintReport200JSONResponse(reportOut(t, rep)), nil
}

func (h *handlers) GetSprintReportCSV(ctx context.Context, r api.GetSprintReportCSVRequestObject) (api.GetSprintReportCSVResponseObject, error) {
	rep, err := h.Sprint.Report(ctx, h.team(ctx), int64(r.N))
	if err != nil {
		return nil, err
	}
	text, err := reportCSV(rep)
	if err != nil {
		return nil, err
	}
	return api.GetSprintReportCSV200TextCsvResponse{Body: bytes.NewReader(text), ContentLength: int64(len(text))}, nil
}

func (h *handlers) GetVelocity(ctx context.Context, _ api.GetVelocityRequestObject) (api.GetVelocityResponseObject, error) {
	v, closed, err := h.Sprint.Velocity(ctx, h.team(ctx))
	if err != nil {
		return nil, err
	}
	out := api.GetVelocity200JSONResponse{Enough: v.Enough, Mean: orNull(v.Mean), Low: orNull(v.Low), High: orNull(v.High)}
	last := closed[max(0, len(closed)-len(v.Sprints)):]
	out.Sprints = make([]api.VelocitySprint, len(last))
	for i, s := range last {
		out.Sprints[i] = api.VelocitySprint{Number: int(s.Number), Committed: *s.Committed, Completed: *s.Completed, ClosedAt: *s.ClosedAt}
	}
	return out, nil
}
