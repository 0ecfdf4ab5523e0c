package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/team"
)

func (h *handlers) GetPatchContent(ctx context.Context, r api.GetPatchContentRequestObject) (api.GetPatchContentResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	c, err := h.Backlog.Content(ctx, t, n)
	if err != nil {
		return nil, err
	}
	return api.GetPatchContent200JSONResponse(contentOut(t, c)), nil
}

func (h *handlers) PutPatchContent(ctx context.Context, r api.PutPatchContentRequestObject) (api.PutPatchContentResponseObject, error) {
	t, b := h.team(ctx), r.Body
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	e := backlog.ContentEdit{Reboot: string(b.Reboot), Seen: int64(b.Version)}
	if minutes := pointer(b.DowntimeMinutes); minutes != nil {
		wide := int64(*minutes)
		e.Downtime = &wide
	}
	for _, l := range b.Links {
		e.Links = append(e.Links, backlog.Link{Title: l.Title, URL: l.URL})
	}
	c, err := h.Backlog.EditContent(ctx, who(ctx), t, n, e)
	if err != nil {
		return nil, conflict(t, err)
	}
	return api.PutPatchContent200JSONResponse(contentOut(t, c)), nil
}

func (h *handlers) AddPatchNeed(ctx context.Context, r api.AddPatchNeedRequestObject) (api.AddPatchNeedResponseObject, error) {
	t := h.team(ctx)
	n, other, err := pairOf(t, r.Key, r.Other)
	if err != nil {
		return nil, err
	}
	c, err := h.Backlog.Need(ctx, who(ctx), t, n, other)
	if err != nil {
		return nil, err
	}
	return api.AddPatchNeed200JSONResponse(contentOut(t, c)), nil
}

func (h *handlers) RemovePatchNeed(ctx context.Context, r api.RemovePatchNeedRequestObject) (api.RemovePatchNeedResponseObject, error) {
	t := h.team(ctx)
	n, other, err := pairOf(t, r.Key, r.Other)
	if err != nil {
		return nil, err
	}
	c, err := h.Backlog.Unneed(ctx, who(ctx), t, n, other)
	if err != nil {
		return nil, err
	}
	return api.RemovePatchNeed200JSONResponse(contentOut(t, c)), nil
}

func pairOf(t *team.Team, key, other string) (n, o int64, err error) {
	if n, err = backlog.ParseKey(t.Key, key); err == nil {
		o, err = backlog.ParseKey(t.Key, other)
	}
	return n, o, err
}

func contentOut(t *team.Team, c *backlog.Content) api.PatchContent {
	relatedOut := func(r *backlog.Related) api.RelatedPatch {
		return api.RelatedPatch{Key: backlog.Key(t.Key, r.Number), Title: r.Title, Status: api.Status(r.Status), Open: r.IsOpen}
	}
	out := api.PatchContent{
		Key: backlog.Key(t.Key, c.Number), Reboot: api.Reboot(c.Reboot), DowntimeMinutes: number(c.Downtime), Version: int(c.Version),
		Links:        each(c.Links, func(l *backlog.Link) api.AdvisoryLink { return api.AdvisoryLink{Title: l.Title, URL: l.URL} }),
		SupersededBy: nullable.NewNullNullable[api.RelatedPatch](), Supersedes: each(c.Supersedes, relatedOut),
		Parts: each(c.Parts, relatedOut), Needs: each(c.Needs, relatedOut), NeededBy: each(c.NeededBy, relatedOut),
		BlockedBy: each(c.BlockedBy(), func(r *backlog.Related) string { return backlog.Key(t.Key, r.Number) }),
	}
	if c.SupersededBy != nil {
		out.SupersededBy.Set(relatedOut(c.SupersededBy))
	}
	return out
}

func (h *handlers) ListActivity(ctx context.Context, r api.ListActivityRequestObject) (api.ListActivityResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	size := limit(r.Params.Limit)
	found, err := h.Backlog.Activity(ctx, t, n, words[backlog.ActivityKind](r.Params.Kind), r.Params.Cursor, size+1)
	if err != nil {
		return nil, err
	}
	out := api.ListActivity200JSONResponse{NextCursor: nullable.NewNullNullable[string]()}
	if len(found) > size {
		found = found[:size]
		out.NextCursor = next(found[size-1].ID)
	}
	out.Items = each(found, func(a *backlog.Happening) api.Activity {
		return api.Activity{ID: a.ID, At: a.At, Who: a.Who, Action: a.Action, Detail: a.Detail}
	})
	return out, nil
}
