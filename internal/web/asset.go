package web

import (
	"context"

	"patchline/api"
	"patchline/internal/asset"
	"patchline/internal/risk"
)

func (h *handlers) ListAssets(ctx context.Context, r api.ListAssetsRequestObject) (api.ListAssetsResponseObject, error) {
	q := r.Params
	f := asset.Filter{Q: q.Q, Environment: string(q.Environment), Criticality: string(q.Criticality), Exposure: string(q.Exposure), Limit: limit(q.Limit)}
	after, err := readCursor[string](q.Cursor)
	if err != nil {
		return nil, err
	}
	if after != nil {
		f.After = *after
	}
	page, err := h.Asset.List(ctx, h.team(ctx).ID, f)
	if err != nil {
		return nil, err
	}
	out := api.ListAssets200JSONResponse{Items: each(page.Items, assetOut), Count: page.Count, CountCapped: page.Capped, NextCursor: next("")}
	if page.More {
		out.NextCursor = cursor(page.Items[len(page.Items)-1].NameKey)
	}
	return out, nil
}

func (h *handlers) CreateAsset(ctx context.Context, r api.CreateAssetRequestObject) (api.CreateAssetResponseObject, error) {
	a, err := h.Asset.Create(ctx, who(ctx), h.team(ctx).ID, newAsset(r.Body))
	if err != nil {
		return nil, err
	}
	return api.CreateAsset201JSONResponse(assetOut(a)), nil
}

func (h *handlers) GetAsset(ctx context.Context, r api.GetAssetRequestObject) (api.GetAssetResponseObject, error) {
	a, err := h.Asset.Get(ctx, h.team(ctx).ID, r.ID)
	if err != nil {
		return nil, err
	}
	return api.GetAsset200JSONResponse(assetOut(a)), nil
}

func (h *handlers) UpdateAsset(ctx context.Context, r api.UpdateAssetRequestObject) (api.UpdateAssetResponseObject, error) {
	a, err := h.Asset.Update(ctx, who(ctx), h.team(ctx).ID, r.ID, int64(r.Body.Version), changedAsset(r.Body))
	if err != nil {
		return nil, showing(err, assetOut)
	}
	return api.UpdateAsset200JSONResponse(assetOut(a)), nil
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
	tags, regulations := words[string](b.Tags), words[string](b.Regulations)
	d.Tags, d.Regulations = &tags, &regulations
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
		Tags: wordsOf(b.Tags), Regulations: wordsOf(b.Regulations),
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
		OpenFindings: int(a.OpenFindings), ScannedAt: orNull(a.ScannedAt), Version: int(a.Version), CreatedAt: a.CreatedAt,
	}
}
