package web

import (
	"context"

	"patchline/api"
	"patchline/internal/backlog"
)

func (h *handlers) SplitPatch(ctx context.Context, r api.SplitPatchRequestObject) (api.SplitPatchResponseObject, error) {
	t, b := h.team(ctx), r.Body
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	s := backlog.Split{Points: pointer(b.Points), Reason: b.Reason, Seen: int64(b.Version)}
	for _, p := range b.Parts {
		s.Parts = append(s.Parts, backlog.Part{Title: p.Title, Points: pointer(p.Points), AssetIDs: p.AssetIds, FindingIDs: p.FindingIds})
	}
	all, err := h.Backlog.Split(ctx, who(ctx), t, n, s)
	if err != nil {
		return nil, conflict(t, err)
	}
	return api.SplitPatch200JSONResponse{Items: each(all, func(p **backlog.Patch) api.Patch { return patchOut(t, *p) })}, nil
}

func (h *handlers) UnsplitPatch(ctx context.Context, r api.UnsplitPatchRequestObject) (api.UnsplitPatchResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	u := backlog.Unsplit{Seen: int64(r.Body.Version)}
	for _, part := range r.Body.Parts {
		number, err := backlog.ParseKey(t.Key, part.Key)
		if err != nil {
			return nil, err
		}
		u.Parts = append(u.Parts, backlog.SeenPart{Number: number, Seen: int64(part.Version)})
	}
	p, err := h.Backlog.Unsplit(ctx, who(ctx), t, n, u)
	if err != nil {
		return nil, conflict(t, err)
	}
	return api.UnsplitPatch200JSONResponse(patchOut(t, p)), nil
}
