package web

import (
	"context"

	"patchline/api"
	"patchline/internal/asset"
	"patchline/internal/backlog"
	"patchline/internal/risk"
)

func (h *handlers) ListAssets(ctx context.Context, r api.ListAssetsRequestObject) (api.ListAssetsResponseObject, error) {
	q := r.Params
	f := asset.Filter{
		Q: q.Q, Environment: string(q.Environment), Criticality: string(q.Criticality), Exposure: string(q.Exposure),
		Tag: q.Tag, Owner: q.Owner, Group: q.Group, Component: q.Component, Stale: q.Stale, StaleDays: q.StaleDays, Retired: q.Retired,
		Sort: asset.Sort(q.Sort), Limit: limit(q.Limit),
	}
	var err error
	if f.After, err = readCursor[asset.Place](q.Cursor); err != nil {
		return nil, err
	}
	page, err := h.Asset.List(ctx, h.team(ctx).ID, f)
	if err != nil {
		return nil, err
	}
	out := api.ListAssets200JSONResponse{Items: make([]api.Asset, len(page.Items)), Count: page.Count, CountCapped: page.Capped, NextCursor: next("")}
	now := h.DB.Now()
	for i := range page.Items {
		out.Items[i] = assetOut(&page.Items[i])
		out.Items[i].Stale = page.Items[i].Stale(now, f.StaleDays)
	}
	if page.Next != nil {
		out.NextCursor = cursor(page.Next)
	}
	return out, nil
}

func (h *handlers) CreateAsset(ctx context.Context, r api.CreateAssetRequestObject) (api.CreateAssetResponseObject, error) {
	a, err := h.Asset.Create(ctx, who(ctx), h.team(ctx).ID, newAsset(r.Body))
	if err != nil {
		return nil, err
	}
	return api.CreateAsset201JSONResponse(h.assetNow(a)), nil
}

func (h *handlers) GetAsset(ctx context.Context, r api.GetAssetRequestObject) (api.GetAssetResponseObject, error) {
	t := h.team(ctx)
	d, err := h.Asset.Detail(ctx, t.ID, r.ID)
	if err != nil {
		return nil, err
	}
	sources, err := h.Backlog.SourcesOn(ctx, t, d.ID)
	if err != nil {
		return nil, err
	}
	a := h.assetNow(&d.Asset)
	return api.GetAsset200JSONResponse{
		ID: a.ID, Name: a.Name, Kind: a.Kind, Environment: a.Environment, Criticality: a.Criticality, Exposure: a.Exposure, Regulations: a.Regulations, Owner: a.Owner,
		Tags: a.Tags, Identifiers: a.Identifiers, Groups: a.Groups, Description: a.Description, OpenFindings: a.OpenFindings, ScannedAt: a.ScannedAt, RetiredAt: a.RetiredAt,
		Stale: a.Stale, Version: a.Version, CreatedAt: a.CreatedAt, Names: list(d.Names), Merges: each(d.Merges, h.mergeOut),
		Inventories: each(d.Inventories, func(i *asset.Inventory) api.AssetInventory {
			return api.AssetInventory{Source: i.Source, Components: int(i.Components), SeenAt: i.SeenAt}
		}),
		Sources: each(sources, func(s *backlog.AssetSource) api.AssetSource {
			return api.AssetSource{Source: s.Source, Seen: int(s.Seen), Gone: int(s.Gone), Since: s.Since}
		}),
	}, nil
}

func (h *handlers) UpdateAsset(ctx context.Context, r api.UpdateAssetRequestObject) (api.UpdateAssetResponseObject, error) {
	a, err := h.Asset.Update(ctx, who(ctx), h.team(ctx).ID, r.ID, int64(r.Body.Version), changedAsset(r.Body))
	if err != nil {
		return nil, showing(err, assetOut)
	}
	return api.UpdateAsset200JSONResponse(h.assetNow(a)), nil
}

func (h *handlers) ImportAssets(ctx context.Context, r api.ImportAssetsRequestObject) (api.ImportAssetsResponseObject, error) {
	done, err := h.Asset.ImportCSV(ctx, who(ctx), h.team(ctx).ID, r.Body)
	if err != nil {
		return nil, err
	}
	return api.ImportAssets200JSONResponse{
		Rows: done.Rows, Created: done.Created, Updated: done.Updated, Unchanged: done.Unchanged,
		Rejected: each(done.Rejected, func(x *asset.Rejection) api.Rejection { return api.Rejection{Position: x.Position, Reason: x.Reason} }),
	}, nil
}

// newAsset reads what was given; what was left out gets the cautious value.
func newAsset(b *api.NewAsset) asset.Draft {
	d := asset.Draft{Name: &b.Name, Owner: &b.Owner, Description: &b.Description}
	tags, regulations, identifiers := words[string](b.Tags), words[string](b.Regulations), words[string](b.Identifiers)
	d.Tags, d.Regulations, d.Identifiers = &tags, &regulations, &identifiers
	if b.Kind != "" {
		d.Kind = &b.Kind
	}
	d.Environment = unlessEmpty[string](b.Environment)
	d.Criticality = unlessEmpty[risk.Criticality](b.Criticality)
	d.Exposure = unlessEmpty[risk.Exposure](b.Exposure)
	return d
}

// unlessEmpty is another kind of string, or nil for an empty one.
func unlessEmpty[Out, In ~string](v In) *Out {
	if v == "" {
		return nil
	}
	out := Out(v)
	return &out
}

func changedAsset(b *api.AssetPatch) asset.Draft {
	return asset.Draft{
		Name: b.Name, Kind: b.Kind, Owner: b.Owner, Description: b.Description,
		Environment: as[string](b.Environment), Criticality: as[risk.Criticality](b.Criticality), Exposure: as[risk.Exposure](b.Exposure),
		Tags: wordsOf(b.Tags), Regulations: wordsOf(b.Regulations), Identifiers: wordsOf(b.Identifiers),
	}
}

// as turns an optional string into one of another kind.
func as[Out, In ~string](v *In) *Out {
	if v == nil {
		return nil
	}
	out := Out(*v)
	return &out
}

func wordsOf[In ~string](list *[]In) *[]string {
	if list == nil {
		return nil
	}
	out := words[string](*list)
	return &out
}

func assetOut(a *asset.Asset) api.Asset {
	return api.Asset{
		ID: a.ID, Name: a.Name, Kind: a.Kind, Environment: api.Environment(a.Environment), Criticality: api.Criticality(a.Criticality),
		Exposure: api.Exposure(a.Exposure), Regulations: list(a.Regulations), Owner: a.Owner, Tags: list(a.Tags), Description: a.Description,
		Identifiers: list(a.Identifiers), Groups: each(a.Groups, func(m *asset.Membership) api.AssetMembership {
			return api.AssetMembership{ID: m.GroupID, Name: m.Name, Pinned: m.Pinned, Matched: m.Matched}
		}),
		OpenFindings: int(a.OpenFindings), ScannedAt: orNull(a.ScannedAt), RetiredAt: orNull(a.RetiredAt), Version: int(a.Version), CreatedAt: a.CreatedAt,
	}
}
