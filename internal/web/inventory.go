package web

import (
	"bytes"
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/asset"
	"patchline/internal/backlog"
	"patchline/internal/risk"
)

func (h *handlers) ListAssetComponents(ctx context.Context, r api.ListAssetComponentsRequestObject) (api.ListAssetComponentsResponseObject, error) {
	f := asset.ComponentFilter{Q: r.Params.Q, Limit: limit(r.Params.Limit)}
	var err error
	if f.After, err = readCursor[asset.InstalledComponent](r.Params.Cursor); err != nil {
		return nil, err
	}
	items, more, err := h.Asset.Components(ctx, h.team(ctx).ID, r.ID, f)
	if err != nil {
		return nil, err
	}
	out := api.ListAssetComponents200JSONResponse{NextCursor: next(""), Items: each(items, func(c *asset.InstalledComponent) api.AssetComponent {
		return api.AssetComponent{Component: c.Key, Name: c.Name, Version: c.Version, Source: c.Source, SeenAt: c.SeenAt}
	})}
	if more {
		out.NextCursor = cursor(items[len(items)-1])
	}
	return out, nil
}

func (h *handlers) ListAssetFindings(ctx context.Context, r api.ListAssetFindingsRequestObject) (api.ListAssetFindingsResponseObject, error) {
	t, size := h.team(ctx), limit(r.Params.Limit)
	a, err := h.Asset.Get(ctx, t.ID, r.ID)
	if err != nil {
		return nil, err
	}
	found, err := h.Backlog.FindingsOn(ctx, t, a.ID, string(r.Params.Status), r.Params.Cursor, size+1)
	if err != nil {
		return nil, err
	}
	out := api.ListAssetFindings200JSONResponse{Items: []api.AssetFinding{}, NextCursor: next("")}
	for i, f := range found {
		if i == size {
			out.NextCursor = next(found[i-1].ID)
			break
		}
		item := api.AssetFinding{
			ID: f.ID, Component: f.Component, InstalledVersion: f.InstalledVersion, FixedVersion: f.FixedVersion, Vulnerability: f.VulnerabilityID, Severity: f.Severity,
			Kev: f.KEV, Status: api.AssetFindingStatus(f.Status), Sources: list(f.Sources), FirstSeenAt: f.FirstSeenAt, ChangedAt: f.ChangedAt, Patch: nullable.NewNullNullable[string](),
		}
		if f.Patch != nil {
			item.Patch.Set(backlog.Key(t.Key, *f.Patch))
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

func (h *handlers) ListAssetActivity(ctx context.Context, r api.ListAssetActivityRequestObject) (api.ListAssetActivityResponseObject, error) {
	a, err := h.Asset.Get(ctx, h.team(ctx).ID, r.ID)
	if err != nil {
		return nil, err
	}
	size := limit(r.Params.Limit)
	records, err := h.Backlog.AssetActivity(ctx, a.ID, r.Params.Cursor, size+1)
	if err != nil {
		return nil, err
	}
	out := api.ListAssetActivity200JSONResponse{Items: []api.Activity{}, NextCursor: next("")}
	for i, x := range records {
		if i == size {
			out.NextCursor = next(records[i-1].ID)
			break
		}
		out.Items = append(out.Items, api.Activity{At: x.At, Who: x.Who, Action: x.Action, Detail: x.Fields()})
	}
	return out, nil
}

func (h *handlers) ListAssetWords(ctx context.Context, _ api.ListAssetWordsRequestObject) (api.ListAssetWordsResponseObject, error) {
	w, err := h.Asset.Words(ctx, h.team(ctx).ID)
	if err != nil {
		return nil, err
	}
	one := func(w *asset.Word) api.AssetWord { return api.AssetWord{Word: w.Word, Count: w.Count} }
	return api.ListAssetWords200JSONResponse{Tags: each(w.Tags, one), Owners: each(w.Owners, one), Kinds: each(w.Kinds, one), Regulations: each(w.Regulations, one)}, nil
}

func (h *handlers) ExportAssets(ctx context.Context, r api.ExportAssetsRequestObject) (api.ExportAssetsResponseObject, error) {
	q := r.Params
	f := asset.Filter{
		Q: q.Q, Environment: string(q.Environment), Criticality: string(q.Criticality), Exposure: string(q.Exposure),
		Tag: q.Tag, Owner: q.Owner, Group: q.Group, Component: q.Component, Stale: q.Stale, StaleDays: q.StaleDays, Retired: q.Retired,
	}
	var text bytes.Buffer
	if err := h.Asset.Export(ctx, h.team(ctx).ID, f, &text); err != nil {
		return nil, err
	}
	return api.ExportAssets200TextCsvResponse{Body: &text, ContentLength: int64(text.Len())}, nil
}

func (h *handlers) ListAssetGroups(ctx context.Context, _ api.ListAssetGroupsRequestObject) (api.ListAssetGroupsResponseObject, error) {
	groups, err := h.Asset.Groups(ctx, h.team(ctx).ID)
	return api.ListAssetGroups200JSONResponse{Items: each(groups, groupOut)}, err
}

func (h *handlers) CreateAssetGroup(ctx context.Context, r api.CreateAssetGroupRequestObject) (api.CreateAssetGroupResponseObject, error) {
	rule := ruleOf(r.Body.Rule)
	g, err := h.Asset.CreateGroup(ctx, who(ctx), h.team(ctx).ID, asset.GroupDraft{Name: &r.Body.Name, Description: &r.Body.Description, Rule: &rule})
	if err != nil {
		return nil, err
	}
	return api.CreateAssetGroup201JSONResponse(groupOut(g)), nil
}

func (h *handlers) UpdateAssetGroup(ctx context.Context, r api.UpdateAssetGroupRequestObject) (api.UpdateAssetGroupResponseObject, error) {
	d := asset.GroupDraft{Name: r.Body.Name, Description: r.Body.Description}
	if r.Body.Rule != nil {
		rule := ruleOf(*r.Body.Rule)
		d.Rule = &rule
	}
	g, err := h.Asset.UpdateGroup(ctx, who(ctx), h.team(ctx).ID, r.ID, int64(r.Body.Version), d)
	if err != nil {
		return nil, showing(err, groupOut)
	}
	return api.UpdateAssetGroup200JSONResponse(groupOut(g)), nil
}

func (h *handlers) DeleteAssetGroup(ctx context.Context, r api.DeleteAssetGroupRequestObject) (api.DeleteAssetGroupResponseObject, error) {
	if err := h.Asset.DeleteGroup(ctx, who(ctx), h.team(ctx).ID, r.ID); err != nil {
		return nil, err
	}
	return api.DeleteAssetGroup204Response{}, nil
}

func ruleOf(in []api.GroupCondition) asset.Rule {
	out := asset.Rule{}
	for _, c := range in {
		out = append(out, asset.Condition{Field: string(c.Field), Op: string(c.Op), Values: c.Values})
	}
	return out
}

func groupOut(g *asset.Group) api.AssetGroup {
	return api.AssetGroup{
		ID: g.ID, Name: g.Name, Description: g.Description, Assets: int(g.Assets), Version: int(g.Version),
		Rule: each(g.Rule, func(c *asset.Condition) api.GroupCondition {
			return api.GroupCondition{Field: api.GroupConditionField(c.Field), Op: api.GroupConditionOp(c.Op), Values: list(c.Values)}
		}),
	}
}

func (h *handlers) EditAssets(ctx context.Context, r api.EditAssetsRequestObject) (api.EditAssetsResponseObject, error) {
	b := r.Body
	sel := asset.Selection{IDs: b.Ids}
	if q := b.Filter; q != nil {
		sel.Filter = &asset.Filter{
			Q: q.Q, Environment: string(q.Environment), Criticality: string(q.Criticality), Exposure: string(q.Exposure),
			Tag: q.Tag, Owner: q.Owner, Group: q.Group, Component: q.Component, Stale: q.Stale, StaleDays: q.StaleDays, Retired: q.Retired,
		}
	}
	c := b.Change
	e, err := h.Asset.StartEdit(ctx, who(ctx), h.team(ctx).ID, sel, asset.Change{
		Criticality: as[risk.Criticality](c.Criticality), Exposure: as[risk.Exposure](c.Exposure), Environment: as[string](c.Environment), Owner: c.Owner,
		AddTags: words[string](c.AddTags), RemoveTags: words[string](c.RemoveTags), AddRegulations: words[string](c.AddRegulations), RemoveRegulations: words[string](c.RemoveRegulations),
		AddGroups: c.AddGroups, RemoveGroups: c.RemoveGroups, Retired: c.Retired,
	})
	if err != nil {
		return nil, err
	}
	return api.EditAssets202JSONResponse(editOut(e)), nil
}

func (h *handlers) GetAssetEdit(ctx context.Context, r api.GetAssetEditRequestObject) (api.GetAssetEditResponseObject, error) {
	e, err := h.Asset.Edit(ctx, h.team(ctx).ID, r.ID)
	if err != nil {
		return nil, err
	}
	return api.GetAssetEdit200JSONResponse(editOut(e)), nil
}

func (h *handlers) UndoAssetEdit(ctx context.Context, r api.UndoAssetEditRequestObject) (api.UndoAssetEditResponseObject, error) {
	e, err := h.Asset.UndoEdit(ctx, who(ctx), h.team(ctx).ID, r.ID)
	if err != nil {
		return nil, err
	}
	return api.UndoAssetEdit202JSONResponse(editOut(e)), nil
}

func editOut(e *asset.Edit) api.AssetEdit {
	phase := api.AssetEditPhase("changing")
	switch {
	case e.State == asset.EditDone:
		phase = "done"
	case e.Done >= e.Total:
		phase = "scoring"
	}
	return api.AssetEdit{
		ID: e.ID, State: api.AssetEditState(e.State), Phase: phase, Total: int(e.Total), Done: int(e.Done), Changed: int(e.Changed),
		Undoes: orNull(e.Undoes), Undone: e.UndoneBy != nil,
	}
}

func (h *handlers) ListAssetDuplicates(ctx context.Context, _ api.ListAssetDuplicatesRequestObject) (api.ListAssetDuplicatesResponseObject, error) {
	found, err := h.Asset.Duplicates(ctx, h.team(ctx).ID)
	if err != nil {
		return nil, err
	}
	return api.ListAssetDuplicates200JSONResponse{Items: each(found, func(d *asset.Duplicate) api.AssetDuplicate {
		return api.AssetDuplicate{Reason: api.AssetDuplicateReason(d.Reason), What: d.What, Assets: each(d.Assets, h.assetNow)}
	})}, nil
}

func (h *handlers) MergeAssets(ctx context.Context, r api.MergeAssetsRequestObject) (api.MergeAssetsResponseObject, error) {
	m, err := h.Asset.MergeInto(ctx, who(ctx), h.team(ctx).ID, r.Body.Into, r.Body.From)
	if err != nil {
		return nil, err
	}
	return api.MergeAssets200JSONResponse(h.mergeOut(m)), nil
}

func (h *handlers) UndoAssetMerge(ctx context.Context, r api.UndoAssetMergeRequestObject) (api.UndoAssetMergeResponseObject, error) {
	m, err := h.Asset.UndoMerge(ctx, who(ctx), h.team(ctx).ID, r.ID)
	if err != nil {
		return nil, err
	}
	return api.UndoAssetMerge200JSONResponse(h.mergeOut(m)), nil
}

func (h *handlers) mergeOut(m *asset.Merge) api.AssetMerge {
	return api.AssetMerge{ID: m.ID, Into: m.IntoID, Names: list(m.Names), Who: m.Who, At: m.At, Undoable: m.Undoable(h.DB.Now())}
}

// assetNow shows an asset, and whether it is stale by the usual number of days.
func (h *handlers) assetNow(a *asset.Asset) api.Asset {
	out := assetOut(a)
	out.Stale = a.Stale(h.DB.Now(), asset.StaleDays)
	return out
}

func (h *handlers) GetPatchCoverage(ctx context.Context, r api.GetPatchCoverageRequestObject) (api.GetPatchCoverageResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	f := backlog.CoverageFilter{State: string(r.Params.State), Limit: limit(r.Params.Limit)}
	after, err := readCursor[string](r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	if after != nil {
		f.After = *after
	}
	c, err := h.Backlog.Coverage(ctx, t, n, f)
	if err != nil {
		return nil, err
	}
	out := api.GetPatchCoverage200JSONResponse{
		Open: int(c.Open), Patched: int(c.Patched), NotAffected: int(c.NotAffected), Excepted: int(c.Excepted), Retired: int(c.Retired), NextCursor: next(""),
		Items: each(c.Items, func(a *backlog.CoveredAsset) api.CoveredAsset {
			item := api.CoveredAsset{State: api.CoverState(a.State), OpenFindings: int(a.OpenFindings), Findings: int(a.Findings), Since: orNull(a.Since)}
			item.Asset.ID, item.Asset.Name = a.AssetID, a.AssetName
			return item
		}),
	}
	if c.More {
		out.NextCursor = cursor(c.Items[len(c.Items)-1].NameKey)
	}
	return out, nil
}
