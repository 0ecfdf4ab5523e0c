package web

import (
	"context"
	"fmt"

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
	return api.GetStandup200JSONResponse(StandupOut(t, s)), nil
}

// StandupOut is the one mapping of a stand-up to the API; the command line prints
// the same.
func StandupOut(t *team.Team, s *standup.Standup) api.Standup {
	return api.Standup{
		Date: api.Date(s.Day), Before: api.Date(s.Before), After: api.Date(s.After), Last: api.Date(s.Last), Now: s.Now,
		Working: s.Working, SprintDay: orNull(s.SprintDay), SprintDays: orNull(s.SprintDays),
		Entries:  each(s.Entries, func(e *standup.Entry) api.StandupEntry { return EntryOut(t, e) }),
		Missing:  each(s.Missing, func(p *standup.Person) api.Person { return api.Person(*p) }),
		Off:      each(s.Off, func(p *standup.Person) api.Person { return api.Person(*p) }),
		Walk:     walkOut(s.Walk),
		Blockers: each(s.Blockers, func(b *standup.Blocker) api.Blocker { return blockerOut(t, b) }),
	}
}

func (h *handlers) PutStandupEntry(ctx context.Context, r api.PutStandupEntryRequestObject) (api.PutStandupEntryResponseObject, error) {
	t, b := h.team(ctx), r.Body
	note := standup.Note{Yesterday: b.Yesterday, Today: b.Today, Seen: int64(b.Version)}
	note.Items, note.Done = named(t, b.Items), named(t, b.YesterdayItems)
	for i, stop := range b.Blockers {
		n, err := numberOf(t, fmt.Sprintf("/blockers/%d/key", i), &stop.Key)
		if err != nil {
			return nil, err
		}
		note.Blockers = append(note.Blockers, standup.Stop{Number: n, Change: newBlocker(&stop)})
	}
	e, err := h.Standup.Write(ctx, who(ctx), t, r.Date, note)
	if err != nil {
		return nil, blockerConflict(t, showing(err, func(e *standup.Entry) any { return map[string]any{"entry": EntryOut(t, e)} }))
	}
	return api.PutStandupEntry200JSONResponse(EntryOut(t, e)), nil
}

// named reads keys; 0 is no patch's number, and refused with its place in the list.
func named(t *team.Team, keys []string) (out []int64) {
	for _, key := range keys {
		n, _ := backlog.ParseKey(t.Key, key)
		out = append(out, n)
	}
	return out
}

func newBlocker(b *api.NewBlocker) standup.Change {
	return standup.Change{Needed: &b.Needed, NextStep: &b.NextStep, OwnerID: given(b.OwnerID), EscalateOn: given(b.EscalateOn)}
}

// EntryOut is the one mapping of an entry to the API.
func EntryOut(t *team.Team, e *standup.Entry) api.StandupEntry {
	return api.StandupEntry{
		Member: api.Person(e.Member), Date: api.Date(e.Day), Yesterday: e.Yesterday, Today: e.Today,
		YesterdayItems: each(e.Done, func(step *standup.Step) api.StandupStep { return stepOut(t, step) }),
		Items: each(e.Items, func(i *standup.Item) api.StandupItem {
			return itemOut(t, i)
		}),
		WrittenAt: e.WrittenAt, ChangedAt: orNull(e.ChangedAt), Edited: e.Edited(), Version: int(e.Version),
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
	made, err := h.Standup.Block(ctx, who(ctx), t, n, newBlocker(b))
	if err != nil {
		return nil, blockerConflict(t, err)
	}
	return api.CreateBlocker201JSONResponse(blockerOut(t, made)), nil
}

func (h *handlers) UpdateBlocker(ctx context.Context, r api.UpdateBlockerRequestObject) (api.UpdateBlockerResponseObject, error) {
	t, b := h.team(ctx), r.Body
	now, err := h.Standup.Update(ctx, who(ctx), t, r.ID, standup.Change{
		Needed: b.Needed, NextStep: b.NextStep, OwnerID: given(b.OwnerID), EscalateOn: given(b.EscalateOn), Resolved: b.Resolved, Seen: int64(b.Version),
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
		Needed: b.Needed, NextStep: b.NextStep, DueAt: orNull(b.DueAt), ResolvedAt: orNull(b.ResolvedAt), PausedAt: orNull(b.PausedAt),
		Days: b.Days, EscalateOn: orNull((*api.Date)(b.EscalateOn)), EscalatedAt: orNull(b.Escalated), Version: int(b.Version),
	}
}
