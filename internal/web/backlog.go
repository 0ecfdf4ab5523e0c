package web

import (
	"context"
	"math"
	"time"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/risk"
	"patchline/internal/scan"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

func (h *handlers) ListPatches(ctx context.Context, r api.ListPatchesRequestObject) (api.ListPatchesResponseObject, error) {
	t := h.team(ctx)
	f, err := h.filter(ctx, t, &r.Params)
	if err != nil {
		return nil, err
	}
	page, err := h.Backlog.List(ctx, f)
	if err != nil {
		return nil, err
	}
	out := api.ListPatches200JSONResponse{Items: make([]api.Patch, len(page.Items)), NextCursor: next(page.Next), Count: page.Count, CountCapped: page.Capped}
	for i := range page.Items {
		out.Items[i] = patchOut(t, &page.Items[i])
	}
	return quickList(out), nil
}

func (h *handlers) CreatePatch(ctx context.Context, r api.CreatePatchRequestObject) (api.CreatePatchResponseObject, error) {
	t, b := h.team(ctx), r.Body
	p, err := h.Backlog.Create(ctx, who(ctx), t, backlog.Draft{
		Title: b.Title, Description: b.Description, Component: b.Component, FixedVersion: b.FixedVersion, Kind: string(b.Kind),
		Points: pointer(b.Points), AssigneeID: pointer(b.AssigneeID), Labels: b.Labels, Vulnerabilities: b.Vulnerabilities, AssetIDs: b.AssetIds,
	})
	if err != nil {
		return nil, err
	}
	out, err := h.patchDetail(ctx, t, p.Number)
	return api.CreatePatch201JSONResponse(out), err
}

func (h *handlers) GetPatch(ctx context.Context, r api.GetPatchRequestObject) (api.GetPatchResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	out, err := h.patchDetail(ctx, t, n)
	return api.GetPatch200JSONResponse{Body: out, Headers: api.GetPatch200ResponseHeaders{ETag: etag(out.Version)}}, err
}

func (h *handlers) UpdatePatch(ctx context.Context, r api.UpdatePatchRequestObject) (api.UpdatePatchResponseObject, error) {
	t, b := h.team(ctx), r.Body
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	e := backlog.Edit{Title: b.Title, Description: b.Description, Points: given(b.Points), AssigneeID: given(b.AssigneeID), Labels: b.Labels, CoAssigneeIDs: b.CoAssigneeIds, Seen: int64(b.Version)}
	if _, err := h.Backlog.Update(ctx, who(ctx), t, n, e); err != nil {
		return nil, conflict(t, err)
	}
	out, err := h.patchDetail(ctx, t, n)
	return api.UpdatePatch200JSONResponse{Body: out, Headers: api.UpdatePatch200ResponseHeaders{ETag: etag(out.Version)}}, err
}

func (h *handlers) patchDetail(ctx context.Context, t *team.Team, number int64) (api.PatchDetail, error) {
	d, err := h.Backlog.Get(ctx, t, number)
	if err != nil {
		return api.PatchDetail{}, err
	}
	p := patchOut(t, &d.Patch)
	out := api.PatchDetail{
		Key: p.Key, Title: p.Title, Kind: api.PatchDetailKind(p.Kind), Component: p.Component, FixedVersion: p.FixedVersion, Status: p.Status,
		Risk: p.Risk, Priority: p.Priority, Band: api.PatchDetailBand(p.Band), Kev: p.Kev, Epss: p.Epss, Cvss: p.Cvss, DueAt: p.DueAt, DuePolicy: p.DuePolicy,
		Points: p.Points, Assignee: p.Assignee, Sprint: p.Sprint, Carried: p.Carried, Assets: p.Assets, Patched: p.Patched, Findings: p.Findings, Vulnerabilities: p.Vulnerabilities,
		Assumed: p.Assumed, Labels: p.Labels, Placement: p.Placement, Version: p.Version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
		Release: scan.StreamName(d.Stream), Description: d.Description, DropNote: d.DropNote, DropReason: orNull(d.DropReason), VulnerabilityIds: list(d.VulnerabilityIDs),
		CoAssignees: each(d.CoAssignees, personOut), FirstDetectedAt: orNull(d.DetectedAt), SupersededBy: nullable.NewNullNullable[string](),
	}
	if d.Successor != nil {
		out.SupersededBy.Set(backlog.Key(t.Key, *d.Successor))
	}
	return out, nil
}

func (h *handlers) GetPatchRisk(ctx context.Context, r api.GetPatchRiskRequestObject) (api.GetPatchRiskResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	e, err := h.Backlog.Explain(ctx, t, n)
	if err != nil {
		return nil, err
	}
	return api.GetPatchRisk200JSONResponse(riskOut(backlog.Key(t.Key, n), e)), nil
}

func riskOut(key string, e *backlog.Explanation) api.RiskScore {
	res := e.Result
	out := api.RiskScore{
		Key: key, Formula: e.Formula, Score: res.Score, Risk: res.Risk, Base: res.Base, Context: res.Context, Assumed: list(res.Assumed), MedianEpss: e.Median, At: e.At,
	}
	for _, p := range res.Parts {
		out.Parts = append(out.Parts, api.RiskPart{Name: api.RiskPartName(p.Name), Points: p.Points})
	}
	in := &out.Inputs
	in.Kev, in.Epss, in.Cvss, in.Automatable, in.TotalImpact = res.KEV, round(res.EPSS, 5), res.CVSS, res.Automatable, res.TotalImpact
	in.Criticality, in.Exposure = api.Criticality(e.Score.Context.Criticality.OrDefault()), api.Exposure(e.Score.Context.Exposure.OrDefault())
	in.Affected, in.Regulated, in.Elapsed = e.Score.Context.Affected, e.Score.Context.Regulated, round(e.Score.Context.Elapsed, 3)
	out.Due.SetNull()
	if d := e.Due; d != nil {
		out.Due.Set(api.DueDate{At: d.Due, Policy: d.PolicyName, PolicyID: d.PolicyID, PolicyVersion: d.PolicyVersion, Citation: d.Citation, Days: d.Days, ClockStart: d.Start, Forensics: d.Forensics, Assumed: list(d.Assumed)})
	}
	out.Policies = each(e.Applied, func(d *risk.DueDate) api.AppliedPolicy {
		a := api.AppliedPolicy{
			ID: d.PolicyID, Name: d.PolicyName, Version: d.PolicyVersion, Citation: d.Citation, Days: d.Days, Vulnerability: d.Vulnerability,
			Forensics: d.Forensics, DueAt: nullable.NewNullNullable[time.Time](), Sets: e.Due != nil && e.Due.PolicyID == d.PolicyID,
		}
		if !d.Due.IsZero() {
			a.DueAt.Set(d.Due)
		}
		return a
	})
	return out
}

func (h *handlers) PlacePatch(ctx context.Context, r api.PlacePatchRequestObject) (api.PlacePatchResponseObject, error) {
	t, b := h.team(ctx), r.Body
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	to := backlog.Placing{End: backlog.End(b.End), Reason: b.Reason, Seen: int64(b.Version)}
	if to.Before, err = numberOf(t, "/before", pointer(b.Before)); err != nil {
		return nil, err
	}
	if to.After, err = numberOf(t, "/after", pointer(b.After)); err != nil {
		return nil, err
	}
	p, err := h.Backlog.Place(ctx, who(ctx), t, n, to)
	if err != nil {
		return nil, conflict(t, err)
	}
	return api.PlacePatch200JSONResponse(patchOut(t, p)), nil
}

// numberOf reads a neighbour's key; none is 0.
func numberOf(t *team.Team, where string, key *string) (int64, error) {
	if key == nil || *key == "" {
		return 0, nil
	}
	n, err := backlog.ParseKey(t.Key, *key)
	if err != nil {
		return 0, fault.Wrong(where, "This is not the key of a patch of this team.")
	}
	return n, nil
}

func (h *handlers) UnplacePatch(ctx context.Context, r api.UnplacePatchRequestObject) (api.UnplacePatchResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	p, err := h.Backlog.Unplace(ctx, who(ctx), t, n, int64(r.Params.Version))
	if err != nil {
		return nil, conflict(t, err)
	}
	return api.UnplacePatch200JSONResponse(patchOut(t, p)), nil
}

func (h *handlers) DropPatch(ctx context.Context, r api.DropPatchRequestObject) (api.DropPatchResponseObject, error) {
	t, b := h.team(ctx), r.Body
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	d := backlog.Dropping{Reason: scrum.DropReason(b.Reason), Note: b.Note, Until: pointer(b.Until), Seen: int64(b.Version)}
	p, err := h.Backlog.Drop(ctx, who(ctx), t, n, d)
	if err != nil {
		return nil, conflict(t, err)
	}
	return api.DropPatch200JSONResponse(patchOut(t, p)), nil
}

func (h *handlers) RestorePatch(ctx context.Context, r api.RestorePatchRequestObject) (api.RestorePatchResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	p, err := h.Backlog.Restore(ctx, who(ctx), t, n, int64(r.Params.Version))
	if err != nil {
		return nil, conflict(t, err)
	}
	return api.RestorePatch200JSONResponse(patchOut(t, p)), nil
}

func (h *handlers) ListFindings(ctx context.Context, r api.ListFindingsRequestObject) (api.ListFindingsResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	size := limit(r.Params.Limit)
	found, err := h.Backlog.Findings(ctx, t, n, r.Params.Cursor, size+1)
	if err != nil {
		return nil, err
	}
	out := api.ListFindings200JSONResponse{Items: []api.Finding{}, NextCursor: nullable.NewNullNullable[string]()}
	for i, f := range found {
		if i == size {
			out.NextCursor = next(found[i-1].ID)
			break
		}
		item := api.Finding{
			ID: f.ID, Component: f.Component, InstalledVersion: f.InstalledVersion, FixedVersion: f.FixedVersion, Vulnerability: f.VulnerabilityID,
			Severity: f.Severity, Kev: f.KEV, Status: api.FindingStatus(f.Status), Sources: list(f.Sources), FirstSeenAt: f.FirstSeenAt,
		}
		item.Asset.ID, item.Asset.Name = f.AssetID, f.AssetName
		out.Items = append(out.Items, item)
	}
	return out, nil
}

// conflict shows the rows that a refused change carries as the API shows them.
func conflict(t *team.Team, err error) error {
	err = showing(err, func(p *backlog.Patch) any {
		return map[string]any{"item": patchOut(t, p), "changed_by": p.ChangedBy}
	})
	return showing(err, func(n backlog.Neighbours) any {
		around := map[string]any{"above": nil, "below": nil}
		if n.Above != nil {
			around["above"] = patchOut(t, n.Above)
		}
		if n.Below != nil {
			around["below"] = patchOut(t, n.Below)
		}
		return map[string]any{"item": patchOut(t, n.Item), "changed_by": n.Item.ChangedBy, "neighbours": around}
	})
}

// patchOut is the one mapping of a patch to the API.
func patchOut(t *team.Team, p *backlog.Patch) api.Patch {
	out := api.Patch{
		Key: backlog.Key(t.Key, p.Number), Title: p.Title, Kind: api.PatchKind(p.Kind), Component: p.Component, FixedVersion: p.FixedVersion,
		Status: api.Status(p.Status), Risk: p.Risk, Priority: p.Priority, Band: api.PatchBand(backlog.Band(p.Priority)), Kev: p.KEV,
		Epss: orNull(rounded(p.EPSS, 5)), Cvss: orNull(p.CVSS), DueAt: orNull(p.DueAt), DuePolicy: p.DuePolicy, Points: orNull(p.Points),
		Assignee: person(p.AssigneeID, p.AssigneeName), Sprint: number(p.SprintNumber), Carried: int(p.Carried), Assets: int(p.Assets), Patched: int(p.Patched), Findings: int(p.Findings),
		Vulnerabilities: int(p.Vulnerabilities), Assumed: list(p.Assumed), Labels: list(p.Labels), Version: int(p.Version), CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
		Placement: nullable.NewNullNullable[api.Placement](),
	}
	if p.PlacedAt != nil {
		out.Placement.Set(api.Placement{By: p.PlacedByName, At: *p.PlacedAt, Reason: p.PlacedReason, Drift: p.Drift})
	}
	return out
}

func person(id *string, name string) nullable.Nullable[api.Person] {
	if id == nil {
		return nullable.NewNullNullable[api.Person]()
	}
	return nullable.NewNullableWithValue(api.Person{ID: *id, Name: name})
}

func number(n *int64) nullable.Nullable[int] {
	if n == nil {
		return nullable.NewNullNullable[int]()
	}
	return nullable.NewNullableWithValue(int(*n))
}

func rounded(x *float64, digits int) *float64 {
	if x == nil {
		return nil
	}
	r := round(*x, digits)
	return &r
}

func round(x float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(x*p) / p
}
