package web

import (
	"context"
	"slices"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/policy"
	"patchline/internal/risk"
	"patchline/internal/team"
)

func (h *handlers) ListPolicies(ctx context.Context, _ api.ListPoliciesRequestObject) (api.ListPoliciesResponseObject, error) {
	t := h.team(ctx)
	items, err := h.Policy.List(ctx, t)
	if err != nil {
		return nil, err
	}
	runs, err := h.Policy.Runs(ctx, t)
	return api.ListPolicies200JSONResponse{Items: each(items, policyOut), Runs: each(runs, runOut)}, err
}

func (h *handlers) GetPolicy(ctx context.Context, r api.GetPolicyRequestObject) (api.GetPolicyResponseObject, error) {
	versions, err := h.Policy.Versions(ctx, h.team(ctx), r.ID)
	return api.GetPolicy200JSONResponse{Items: each(versions, policyOut)}, err
}

func (h *handlers) CreatePolicy(ctx context.Context, r api.CreatePolicyRequestObject) (api.CreatePolicyResponseObject, error) {
	p, err := h.Policy.Create(ctx, who(ctx), h.team(ctx), policyIn(*r.Body), r.Body.Note)
	if err != nil {
		return nil, err
	}
	return api.CreatePolicy201JSONResponse(policyOut(p)), nil
}

func (h *handlers) ChangePolicy(ctx context.Context, r api.ChangePolicyRequestObject) (api.ChangePolicyResponseObject, error) {
	b := r.Body
	draft := policyIn(api.NewPolicy{
		Name: b.Name, Citation: b.Citation, CitationURL: b.CitationURL, CitedOn: b.CitedOn, ValidFrom: b.ValidFrom, ValidUntil: b.ValidUntil,
		Scope: b.Scope, Rules: b.Rules, NotPastKevDue: b.NotPastKevDue,
	})
	p, err := h.Policy.Change(ctx, who(ctx), h.team(ctx), r.ID, draft, b.Note, int64(b.Version))
	if err != nil {
		return nil, showing(err, policyOut)
	}
	h.Backlog.Wake()
	return api.ChangePolicy200JSONResponse(policyOut(p)), nil
}

func (h *handlers) SwitchPolicy(ctx context.Context, r api.SwitchPolicyRequestObject) (api.SwitchPolicyResponseObject, error) {
	p, err := h.Policy.Switch(ctx, who(ctx), h.team(ctx), r.ID, r.Body.Enabled)
	if err != nil {
		return nil, err
	}
	h.Backlog.Wake()
	return api.SwitchPolicy200JSONResponse(policyOut(p)), nil
}

func (h *handlers) RetirePolicy(ctx context.Context, r api.RetirePolicyRequestObject) (api.RetirePolicyResponseObject, error) {
	return api.RetirePolicy204Response{}, h.Policy.Retire(ctx, who(ctx), h.team(ctx), r.ID)
}

func (h *handlers) PreviewPolicies(ctx context.Context, r api.PreviewPoliciesRequestObject) (api.PreviewPoliciesResponseObject, error) {
	t := h.team(ctx)
	policies, err := h.tried(ctx, t, r.Body)
	if err != nil {
		return nil, err
	}
	v, err := h.Backlog.PreviewPolicies(ctx, t, policies, r.Body.Rows)
	if err != nil {
		return nil, err
	}
	return api.PreviewPolicies200JSONResponse{
		Open: v.Open, Changed: v.Changed, Earlier: v.Earlier, Later: v.Later, Gained: v.Gained, Lost: v.Lost, Breach: v.Breach,
		Rows: each(v.Rows, func(row *backlog.PreviewRow) api.PolicyPreviewRow {
			return api.PolicyPreviewRow{
				Key: backlog.Key(t.Key, row.Number), Title: row.Title, Before: orNull(row.Before), After: orNull(row.After),
				PolicyBefore: row.PolicyBefore, PolicyAfter: row.PolicyAfter, Breach: row.Breach,
			}
		}),
	}, nil
}

// tried are the policies that somebody wants to try.
func (h *handlers) tried(ctx context.Context, t *team.Team, b *api.PolicyTrial) ([]risk.Policy, error) {
	ids := slices.Clone(t.Policies)
	if b.Enabled != nil {
		ids = words[string](*b.Enabled)
	}
	if b.Policy != nil {
		ids = slices.DeleteFunc(ids, func(id string) bool { return id == b.Replaces })
	}
	policies, err := policy.Chosen(h.DB.Read(ctx), t.ID, ids, h.DB.Now())
	if err != nil || b.Policy == nil {
		return policies, err
	}
	draft := policyIn(*b.Policy)
	draft.ID = "draft"
	if err := policy.Check(&draft); err != nil {
		f := fault.Of(err)
		for i := range f.Fields {
			f.Fields[i].Pointer = "/policy" + f.Fields[i].Pointer
		}
		return nil, f
	}
	if draft.InForce(h.DB.Now()) {
		policies = append(policies, draft)
	}
	return policies, nil
}

func policyIn(b api.NewPolicy) risk.Policy {
	p := risk.Policy{
		Name: b.Name, Citation: b.Citation, CitationURL: b.CitationURL, CitedOn: dateIn(b.CitedOn), ValidFrom: dateIn(b.ValidFrom), ValidUntil: dateIn(b.ValidUntil),
		NotPastKEVDue: b.NotPastKevDue,
		Scope: risk.Scope{
			Groups: b.Scope.Groups, Tags: words[string](b.Scope.Tags), Kinds: b.Scope.Kinds, Environments: words[string](b.Scope.Environments),
			Regulations: words[string](b.Scope.Regulations), Criticalities: words[risk.Criticality](b.Scope.Criticalities), Exposures: words[risk.Exposure](b.Scope.Exposures),
		},
	}
	for _, r := range b.Rules {
		p.Rules = append(p.Rules, risk.Rule{
			Name: r.Name, Severities: words[risk.Severity](r.Severities), Bands: words[risk.Band](r.Bands), KEV: r.Kev, Exposed: r.Exposed,
			Automatable: r.Automatable, TotalImpact: r.TotalImpact, Days: r.Days, Forensics: r.Forensics,
		})
	}
	return p
}

func dateIn(d nullable.Nullable[api.Date]) string {
	if v := pointer(d); v != nil {
		return string(*v)
	}
	return ""
}

// textOrNull shows an empty text as null.
func textOrNull(text string) nullable.Nullable[string] {
	if text == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(text)
}

func policyOut(p *policy.Policy) api.DuePolicy {
	shown := p.Policy.AsRules()
	s := shown.Scope
	return api.DuePolicy{
		ID: p.ID, Name: p.Name, Citation: p.Citation, CitationURL: p.CitationURL, CitedOn: textOrNull(p.CitedOn),
		ValidFrom: textOrNull(p.ValidFrom), ValidUntil: textOrNull(p.ValidUntil), NotPastKevDue: p.NotPastKEVDue,
		Scope: api.PolicyScope{
			Groups: s.Groups, Tags: words[api.Tag](s.Tags), Kinds: s.Kinds, Environments: words[api.Environment](s.Environments),
			Regulations: words[api.Tag](s.Regulations), Criticalities: words[api.Criticality](s.Criticalities), Exposures: words[api.Exposure](s.Exposures),
		},
		Rules: each(shown.Rules, func(r *risk.Rule) api.PolicyRule {
			return api.PolicyRule{
				Name: r.Name, Severities: words[api.Severity](r.Severities), Bands: words[api.Severity](r.Bands), Kev: r.KEV, Exposed: r.Exposed,
				Automatable: r.Automatable, TotalImpact: r.TotalImpact, Days: r.Days, Forensics: r.Forensics,
			}
		}),
		Shipped: p.Shipped, Enabled: p.Enabled, InForce: p.InForce, Version: int(p.Number), Label: p.Version,
		ChangedBy: p.ChangedBy, ChangedAt: orNull(p.ChangedAt), Note: p.Note,
	}
}

func runOut(r *policy.Run) api.PolicyRun {
	return api.PolicyRun{
		ID: r.ID, State: api.PolicyRunState(r.State), Reason: r.Reason, By: r.Who, Total: int(r.Total), Looked: int(r.Looked), Changed: int(r.Changed),
		CreatedAt: r.CreatedAt, FinishedAt: orNull(r.FinishedAt),
	}
}
