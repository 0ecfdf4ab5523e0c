package web

import (
	"context"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

func (h *handlers) GetTeamRules(ctx context.Context, _ api.GetTeamRulesRequestObject) (api.GetTeamRulesResponseObject, error) {
	out, err := rulesOut(h.team(ctx))
	return api.GetTeamRules200JSONResponse(out), err
}

func (h *handlers) SetTeamRules(ctx context.Context, r api.SetTeamRulesRequestObject) (api.SetTeamRulesResponseObject, error) {
	b := r.Body
	rules := team.Rules{
		Scale: team.Scale{Kind: string(b.Scale.Kind)}, Limits: team.Mode(b.Limits), PersonLimit: b.PersonLimit, Ready: definitionIn(b.Ready), Done: definitionIn(b.Done),
		EmergencyLane: b.EmergencyLane, EmergencyPoints: b.EmergencyPoints, Reserve: pointer(b.Reserve), AgeDays: b.AgeDays, StandupAt: b.StandupAt,
	}
	for _, v := range b.Scale.Values {
		rules.Scale.Values = append(rules.Scale.Values, team.ScaleValue{Label: v.Label, Points: v.Points})
	}
	for _, c := range b.Columns {
		rules.Columns = append(rules.Columns, team.ColumnRule{Status: scrum.Status(c.Status), Limit: c.Limit})
	}
	t, err := h.Services.Team.SetRules(ctx, who(ctx), h.team(ctx).ID, rules, int64(b.Version))
	if err != nil {
		return nil, showing(err, teamOut)
	}
	out, err := rulesOut(t)
	return api.SetTeamRules200JSONResponse(out), err
}

func definitionIn(d api.Definition) team.Definition {
	out := team.Definition{Mode: team.Mode(d.Mode), Items: []team.Point{}}
	for _, p := range d.Items {
		out.Items = append(out.Items, team.Point{Text: p.Text, Auto: string(p.Auto)})
	}
	return out
}

func rulesOut(t *team.Team) (api.TeamRules, error) {
	r, err := t.Rules()
	out := api.TeamRules{
		Scale: scaleOut(&r.Scale), Scales: each(team.Scales, scaleOut), Limits: api.RuleMode(r.Limits), PersonLimit: r.PersonLimit,
		Ready: definitionOut(r.Ready), Done: definitionOut(r.Done), EmergencyLane: r.EmergencyLane, EmergencyPoints: r.EmergencyPoints,
		Reserve: orNull(r.Reserve), AgeDays: r.AgeDays, StandupAt: r.StandupAt, Version: int(t.Version),
		Columns: each(r.Columns, func(c *team.ColumnRule) api.ColumnRule {
			return api.ColumnRule{Status: api.Status(c.Status), Limit: c.Limit}
		}),
	}
	return out, err
}

func scaleOut(s *team.Scale) api.PointScale {
	return api.PointScale{Kind: api.PointScaleKind(s.Kind), Values: each(s.Values, func(v *team.ScaleValue) api.ScaleValue {
		return api.ScaleValue{Label: v.Label, Points: v.Points}
	})}
}

func definitionOut(d team.Definition) api.Definition {
	return api.Definition{Mode: api.RuleMode(d.Mode), Items: each(d.Items, func(p *team.Point) api.DefinitionPoint {
		return api.DefinitionPoint{Text: p.Text, Auto: api.DefinitionPointAuto(p.Auto)}
	})}
}

func (h *handlers) GetPatchChecks(ctx context.Context, r api.GetPatchChecksRequestObject) (api.GetPatchChecksResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	c, err := h.Backlog.Checks(ctx, t, n)
	return api.GetPatchChecks200JSONResponse(checksOut(c)), err
}

func (h *handlers) SetPatchCheck(ctx context.Context, r api.SetPatchCheckRequestObject) (api.SetPatchCheckResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	c, err := h.Backlog.Tick(ctx, who(ctx), t, n, string(r.Body.List), r.Body.Item, r.Body.Met)
	return api.SetPatchCheck200JSONResponse(checksOut(c)), err
}

func checksOut(c backlog.Checks) api.PatchChecks {
	out := func(c *backlog.Check) api.PatchCheck {
		return api.PatchCheck{Text: c.Text, Auto: c.Auto != "", Met: c.Met, Who: c.Who}
	}
	return api.PatchChecks{Ready: each(c.Ready, out), Done: each(c.Done, out)}
}
