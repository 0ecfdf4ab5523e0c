package web

import (
	"context"

	"patchline/api"
	"patchline/internal/fault"
	"patchline/internal/notify"
)

func (h *handlers) ListInbox(ctx context.Context, r api.ListInboxRequestObject) (api.ListInboxResponseObject, error) {
	q := r.Params
	before, err := beforeID(q.Cursor)
	if err != nil {
		return nil, err
	}
	f := notify.Filter{Unread: q.Unread, Kind: notify.Kind(q.Kind), Team: q.Team, Before: before, Limit: limit(q.Limit)}
	found, unread, err := h.Notify.Inbox(ctx, me(ctx).User.ID, f)
	if err != nil {
		return nil, err
	}
	out := api.ListInbox200JSONResponse{Unread: unread}
	found, out.NextCursor = idPage(found, f.Limit, func(i notify.Item) string { return i.ID })
	out.Items = each(found, inboxItemOut)
	return out, nil
}

func (h *handlers) MarkInbox(ctx context.Context, r api.MarkInboxRequestObject) (api.MarkInboxResponseObject, error) {
	b := r.Body
	if len(b.Ids) == 0 && b.Until == "" {
		return nil, fault.Wrong("/until", "Say which entries: with ids, or all until one of them.")
	}
	unread, err := h.Notify.Mark(ctx, who(ctx), notify.Marking{IDs: b.Ids, Until: b.Until, Kind: notify.Kind(b.Kind), Team: b.Team, Read: b.Read})
	if err != nil {
		return nil, err
	}
	return api.MarkInbox200JSONResponse{Unread: unread}, nil
}

func inboxItemOut(i *notify.Item) api.InboxItem {
	return api.InboxItem{
		ID: i.ID, Team: i.Team, Kind: api.NewsKind(i.Kind), Title: i.Title, Body: i.Body, Path: i.Path, At: i.At, ReadAt: orNull(i.ReadAt),
	}
}
