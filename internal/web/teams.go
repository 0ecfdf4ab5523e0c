package web

import (
	"context"
	"slices"

	"patchline/api"
	"patchline/internal/risk"
	"patchline/internal/team"
)

func (h *handlers) ListTeams(ctx context.Context, _ api.ListTeamsRequestObject) (api.ListTeamsResponseObject, error) {
	list, err := h.Services.Team.Teams(ctx, &me(ctx).User)
	return api.ListTeams200JSONResponse{Items: each(list, func(m *team.MyTeam) api.Team { return teamOut(&m.Team) })}, err
}

func (h *handlers) CreateTeam(ctx context.Context, r api.CreateTeamRequestObject) (api.CreateTeamResponseObject, error) {
	t, err := h.Services.Team.AddTeam(ctx, who(ctx), team.NewTeam{Key: r.Body.Key, Name: r.Body.Name, TimeZone: r.Body.TimeZone})
	if err != nil {
		return nil, err
	}
	return api.CreateTeam201JSONResponse(teamOut(t)), nil
}

func (h *handlers) GetTeam(ctx context.Context, _ api.GetTeamRequestObject) (api.GetTeamResponseObject, error) {
	return api.GetTeam200JSONResponse(teamOut(h.team(ctx))), nil
}

func (h *handlers) UpdateTeam(ctx context.Context, r api.UpdateTeamRequestObject) (api.UpdateTeamResponseObject, error) {
	b := r.Body
	change := team.TeamChange{
		Name: b.Name, TimeZone: b.TimeZone, ApprovalRequired: b.ApprovalRequired, ParallelSprints: b.ParallelSprints, ExceptionMaxDays: wide(b.ExceptionMaxDays), Version: int64(b.Version),
	}
	if b.WorkingWeek != nil {
		change.WorkingWeek = words[string](*b.WorkingWeek)
	}
	if b.Holidays != nil {
		change.Holidays = words[string](*b.Holidays)
	}
	if b.Policies != nil {
		change.Policies = words[string](*b.Policies)
	}
	t, err := h.Services.Team.UpdateTeam(ctx, who(ctx), h.team(ctx).ID, change)
	if err != nil {
		return nil, showing(err, teamOut)
	}
	if b.Policies != nil { // other policies mean other due dates, and so other priorities
		h.Backlog.Wake()
	}
	return api.UpdateTeam200JSONResponse(teamOut(t)), nil
}

func teamOut(t *team.Team) api.Team {
	policies := risk.ShippedPolicies()
	return api.Team{
		Key: t.Key, Name: t.Name, TimeZone: t.TimeZone, WorkingWeek: words[api.Weekday](t.WorkingWeek), Holidays: words[api.Date](t.Holidays),
		ApprovalRequired: t.ApprovalRequired, ParallelSprints: t.ParallelSprints, ExceptionMaxDays: int(t.ExceptionMaxDays), Version: int(t.Version), CreatedAt: t.CreatedAt,
		Policies: each(policies, func(p *risk.Policy) api.Policy {
			return api.Policy{ID: p.ID, Name: p.Name, Citation: p.Citation, Enabled: slices.Contains(t.Policies, p.ID)}
		}),
	}
}
