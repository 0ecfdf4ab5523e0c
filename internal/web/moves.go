package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/team"
)

func (h *handlers) ListMoves(ctx context.Context, r api.ListMovesRequestObject) (api.ListMovesResponseObject, error) {
	t := h.team(ctx)
	m, err := h.Backlog.MovesSince(ctx, me(ctx).User.ID, t.ID, t.Key, r.Params.Since, limit(r.Params.Limit))
	if err != nil {
		return nil, err
	}
	return api.ListMoves200JSONResponse{
		Since: m.Since, Until: m.Until, Looked: m.Looked, Moved: m.Moved, New: m.New, Closed: m.Closed,
		Items: each(m.Items, moveOut), Rebaseline: rebaselineOut(t, m.Rebaseline),
	}, nil
}

func moveOut(m *backlog.Move) api.ItemMove {
	return api.ItemMove{
		Key: m.Key, Title: m.Title, Kind: api.ItemMoveKind(m.Kind), At: m.At, Before: m.Before, After: m.After,
		Cause: m.Cause, Was: m.Was, Became: m.Became, Kev: m.KEV, Status: api.Status(m.Status),
	}
}

func (h *handlers) MarkMovesSeen(ctx context.Context, r api.MarkMovesSeenRequestObject) (api.MarkMovesSeenResponseObject, error) {
	err := h.Backlog.Looked(ctx, me(ctx).User.ID, h.team(ctx).ID, r.Body.Until)
	return api.MarkMovesSeen204Response{}, err
}

func (h *handlers) ListNotices(ctx context.Context, _ api.ListNoticesRequestObject) (api.ListNoticesResponseObject, error) {
	t := h.team(ctx)
	found, err := h.Backlog.Notices(ctx, me(ctx).User.ID, t.ID)
	if err != nil {
		return nil, err
	}
	return api.ListNotices200JSONResponse{Items: each(found, func(n *backlog.Notice) api.Notice { return noticeOut(t, n) })}, nil
}

func (h *handlers) DismissNotice(ctx context.Context, r api.DismissNoticeRequestObject) (api.DismissNoticeResponseObject, error) {
	err := h.Backlog.Dismiss(ctx, me(ctx).User.ID, h.team(ctx).ID, r.ID)
	return api.DismissNotice204Response{}, err
}

func noticeOut(t *team.Team, n *backlog.Notice) api.Notice {
	out := api.Notice{
		ID: n.ID, Kind: api.NoticeKind(n.Kind), At: n.At, Vulnerabilities: list(n.Vulnerabilities), VulnerabilityCount: n.VulnerabilityCount,
		PatchCount: n.PatchCount, Patches: []api.Patch{}, Rebaseline: nullable.NewNullNullable[api.Rebaseline](),
	}
	if n.Kind == backlog.NoticeRebaseline {
		out.Rebaseline = rebaselineOut(t, n)
		return out
	}
	out.Patches = each(n.Patches, func(p *backlog.Patch) api.Patch { return patchOut(t, p) })
	return out
}

func rebaselineOut(t *team.Team, n *backlog.Notice) nullable.Nullable[api.Rebaseline] {
	if n == nil {
		return nullable.NewNullNullable[api.Rebaseline]()
	}
	out := api.Rebaseline{At: n.At, From: n.From, To: n.To, Up: n.Up, Down: n.Down, Kept: n.Kept, Top: room(api.Rebaseline{}.Top, len(n.Top))}
	named := map[string]*backlog.Patch{}
	for i := range n.Patches {
		named[n.Patches[i].ID] = &n.Patches[i]
	}
	for i, m := range n.Top {
		v := &out.Top[i]
		v.Before, v.After = m.Before, m.After
		if p := named[m.PatchID]; p != nil {
			v.Key, v.Title = backlog.Key(t.Key, p.Number), p.Title
		}
	}
	return nullable.NewNullableWithValue(out)
}
