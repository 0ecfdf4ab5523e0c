package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/standup"
	"patchline/internal/team"
)

func (h *handlers) GetStandup(ctx context.Context, r api.GetStandupRequestObject) (api.GetStandupResponseObject, error) {
	t := h.team(ctx)
	s, err := h.Standup.Get(ctx, t, r.Date)
	if err != nil {
		return nil, err
	}
	return api.GetStandup200JSONResponse{
		Date: api.Date(s.Day), Working: s.Working, SprintDay: orNull(s.SprintDay), SprintDays: orNull(s.SprintDays),
		Entries:  each(s.Entries, func(e *standup.Entry) api.StandupEntry { return entryOut(t, e) }),
		Missing:  each(s.Missing, func(p *standup.Person) api.Person { return api.Person(*p) }),
		Blockers: each(s.Blockers, func(b *standup.Blocker) api.Blocker { return blockerOut(t, b) }),
	}, nil
}

func (h *handlers) PutStandupEntry(ctx context.Context, r api.PutStandupEntryRequestObject) (api.PutStandupEntryResponseObject, error) {
	t, b := h.team(ctx), r.Body
	note := standup.Note{Yesterday: b.Yesterday, Today: b.Today, Seen: int64(b.Version)}
	for _, key := range b.Items {
		n, _ := backlog.ParseKey(t.Key, key) // 0 is no patch's number, and refused with its place in the list
		note.Items = append(note.Items, n)
	}
	e, err := h.Standup.Write(ctx, who(ctx), t, r.Date, note)
	if err != nil {
		return nil, showing(err, func(e *standup.Entry) any { return map[string]any{"entry": entryOut(t, e)} })
	}
	return api.PutStandupEntry200JSONResponse(entryOut(t, e)), nil
}

func entryOut(t *team.Team, e *standup.Entry) api.StandupEntry {
	return api.StandupEntry{
		Member: api.Person(e.Member), Date: api.Date(e.Day), Yesterday: e.Yesterday, Today: e.Today,
		Items: each(e.Items, func(i *standup.Item) api.StandupItem {
			return api.StandupItem{Key: backlog.Key(t.Key, i.Number), Title: i.Title, Status: api.Status(i.Status)}
		}),
		WrittenAt: e.WrittenAt, Edited: e.Edited(), Version: int(e.Version),
	}
}

func (h *handlers) ListBlockers(ctx context.Context, r api.ListBlockersRequestObject) (api.ListBlockersResponseObject, error) {
	after, err := readCursor[standup.Place](r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	t, size := h.team(ctx), limit(r.Params.Limit)
	resolved := r.Params.Resolved != nil && *r.Params.Resolved
	list, err := h.Standup.Blockers(ctx, t, resolved, after, size+1)
	if err != nil {
		return nil, err
	}
	out := api.ListBlockers200JSONResponse{NextCursor: nullable.NewNullNullable[string]()}
	if len(list) > size {
		list = list[:size]
		out.NextCursor = cursor(list[size-1].Place())
	}
	out.Items = each(list, func(b *standup.Blocker) api.Blocker { return blockerOut(t, b) })
	return out, nil
}

func (h *handlers) CreateBlocker(ctx context.Context, r api.CreateBlockerRequestObject) (api.CreateBlockerResponseObject, error) {
	t, b := h.team(ctx), r.Body
	n, err := numberOf(t, "/key", &b.Key)
	if err != nil {
		return nil, err
	}
	made, err := h.Standup.Block(ctx, who(ctx), t, n, standup.Change{Needed: &b.Needed, NextStep: &b.NextStep, OwnerID: given(b.OwnerID)})
	if err != nil {
		return nil, blockerConflict(t, err)
	}
	return api.CreateBlocker201JSONResponse(blockerOut(t, made)), nil
}

func (h *handlers) UpdateBlocker(ctx context.Context, r api.UpdateBlockerRequestObject) (api.UpdateBlockerResponseObject, error) {
	t, b := h.team(ctx), r.Body
	now, err := h.Standup.Update(ctx, who(ctx), t, r.ID, standup.Change{
		Needed: b.Needed, NextStep: b.NextStep, OwnerID: given(b.OwnerID), Resolved: b.Resolved, Seen: int64(b.Version),
	})
	if err != nil {
		return nil, blockerConflict(t, err)
	}
	return api.UpdateBlocker200JSONResponse(blockerOut(t, now)), nil
}

func blockerConflict(t *team.Team, err error) error {
	return showing(err, func(b *standup.Blocker) any { return map[string]any{"blocker": blockerOut(t, b)} })
}

func blockerOut(t *team.Team, b *standup.Blocker) api.Blocker {
	owner := nullable.NewNullNullable[api.Person]()
	if b.Owner != nil {
		owner.Set(api.Person(*b.Owner))
	}
	return api.Blocker{
		ID: b.ID, Key: backlog.Key(t.Key, b.Number), Title: b.Title, Since: b.Since, ReportedBy: b.ReportedBy, Owner: owner,
		Needed: b.Needed, NextStep: b.NextStep, DueAt: orNull(b.DueAt), ResolvedAt: orNull(b.ResolvedAt), PausedAt: orNull(b.PausedAt), Version: int(b.Version),
	}
}
