package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/board"
	"patchline/internal/event"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

func (h *handlers) GetBoard(ctx context.Context, r api.GetBoardRequestObject) (api.GetBoardResponseObject, error) {
	t := h.team(ctx)
	b, err := h.Board.Get(ctx, t, r.Params.Sprint)
	if err != nil {
		return nil, err
	}
	out := api.GetBoard200JSONResponse{
		ApprovalRequired: t.ApprovalRequired, Sprint: nullable.NewNullNullable[api.Sprint](), ActiveSprints: make([]int, len(b.Active)),
		Limits: api.RuleMode(b.Rules.Limits), PersonLimit: b.Rules.PersonLimit, EmergencyLane: b.Rules.EmergencyLane, AgeDays: b.Rules.AgeDays,
	}
	for i, n := range b.Active {
		out.ActiveSprints[i] = int(n)
	}
	if b.Sprint != nil {
		out.Sprint.Set(sprintOut(b.Sprint))
	}
	for _, c := range b.Columns {
		cards := make([]api.Card, len(c.Cards))
		for i := range c.Cards {
			cards[i] = cardOut(t, &c.Cards[i])
		}
		out.Columns = append(out.Columns, api.BoardColumn{Status: api.Status(c.Status), Name: columnName(c.Status), Points: c.Points, Limit: c.Limit, Cards: cards})
	}
	return quickBoard(out), nil
}

// columnName is a column's heading; the first one holds new and ready items.
func columnName(s scrum.Status) string {
	if s == scrum.Ready {
		return "To do"
	}
	return s.Label()
}

func cardOut(t *team.Team, c *board.Card) api.Card {
	return api.Card{
		Key: backlog.Key(t.Key, c.Number), Title: c.Title, Status: api.Status(c.Status), Priority: c.Priority, Band: api.CardBand(backlog.Band(c.Priority)),
		Kev: c.KEV, DueAt: orNull(c.DueAt), Points: orNull(c.Points), Assignee: person(c.AssigneeID, c.AssigneeName), Carried: int(c.Carried), Assets: int(c.Assets), Patched: int(c.Patched),
		Unplanned: c.Unplanned, Emergency: c.How == backlog.HowEmergency, BlockedSince: orNull(c.BlockedSince), Since: orNull(c.Since), Labels: c.Labels, Version: int(c.Version),
		Tasks: int(c.Tasks.Total), TasksDone: int(c.Tasks.Done), CoAssignees: peopleOut(c.CoAssignees),
	}
}

func (h *handlers) MovePatch(ctx context.Context, r api.MovePatchRequestObject) (api.MovePatchResponseObject, error) {
	t, b := h.team(ctx), r.Body
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	m := board.Move{
		Status: scrum.Status(b.Status), Reason: b.Reason, Reopen: scrum.ReopenReason(b.ReopenReason),
		MayApprove: role(ctx).May(team.Approve), Seen: int64(b.Version),
	}
	if m.Before, err = numberOf(t, "/before", pointer(b.Before)); err != nil {
		return nil, err
	}
	if m.After, err = numberOf(t, "/after", pointer(b.After)); err != nil {
		return nil, err
	}
	p, err := h.Board.Move(ctx, who(ctx), t, n, m)
	if err != nil {
		return nil, conflict(t, err)
	}
	return api.MovePatch200JSONResponse(patchOut(t, p)), nil
}

func (h *handlers) GetBoardGroups(ctx context.Context, _ api.GetBoardGroupsRequestObject) (api.GetBoardGroupsResponseObject, error) {
	t := h.team(ctx)
	groups, err := h.Board.Groups(ctx, t)
	if err != nil {
		return nil, err
	}
	out := api.GetBoardGroups200JSONResponse{Items: make([]api.BoardGroup, len(groups))}
	for i, g := range groups {
		keys := make([]string, len(g.Numbers))
		for j, n := range g.Numbers {
			keys[j] = backlog.Key(t.Key, n)
		}
		out.Items[i] = api.BoardGroup{ID: g.ID, Name: g.Name, Keys: keys}
	}
	return out, nil
}

func (h *handlers) LookAtBoard(ctx context.Context, r api.LookAtBoardRequestObject) (api.LookAtBoardResponseObject, error) {
	w := who(ctx)
	all := h.Hub.Look(h.team(ctx).ID, event.Viewer{UserID: w.UserID, Name: w.Name, Client: w.Client}, r.Body.Looking)
	out := api.LookAtBoard200JSONResponse{Items: make([]api.Person, len(all))}
	for i, v := range all {
		out.Items[i] = api.Person{ID: v.UserID, Name: v.Name}
	}
	return out, nil
}
