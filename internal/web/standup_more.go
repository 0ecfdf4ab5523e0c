package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/standup"
	"patchline/internal/team"
)

func (h *handlers) GetStandupDraft(ctx context.Context, r api.GetStandupDraftRequestObject) (api.GetStandupDraftResponseObject, error) {
	t := h.team(ctx)
	d, err := h.Standup.Draft(ctx, who(ctx), t, r.Date)
	if err != nil {
		return nil, err
	}
	return api.GetStandupDraft200JSONResponse{
		Since: d.Since, Plan: d.Plan,
		YesterdayItems: each(d.Steps, func(s *standup.Step) api.StandupStep { return stepOut(t, s) }),
		Items:          each(d.Today, func(i *standup.Item) api.StandupItem { return itemOut(t, i) }),
	}, nil
}

func itemOut(t *team.Team, i *standup.Item) api.StandupItem {
	return api.StandupItem{Key: backlog.Key(t.Key, i.Number), Title: i.Title, Status: api.Status(i.Status)}
}

func stepOut(t *team.Team, s *standup.Step) api.StandupStep {
	return api.StandupStep{
		Key: backlog.Key(t.Key, s.Number), Title: s.Title, Status: api.Status(s.Status),
		From: api.Status(s.From), To: api.Status(s.To), Ticked: s.Ticked(), Planned: s.Planned,
	}
}

func (h *handlers) ListStandupVersions(ctx context.Context, r api.ListStandupVersionsRequestObject) (api.ListStandupVersionsResponseObject, error) {
	t := h.team(ctx)
	list, err := h.Standup.Versions(ctx, t, r.Date, r.Params.Member)
	if err != nil {
		return nil, err
	}
	return api.ListStandupVersions200JSONResponse{Items: each(list, func(e *standup.Entry) api.StandupEntry { return EntryOut(t, e) })}, nil
}

func (h *handlers) GetStandupDigest(ctx context.Context, r api.GetStandupDigestRequestObject) (api.GetStandupDigestResponseObject, error) {
	t := h.team(ctx)
	s, err := h.Standup.Get(ctx, t, r.Date)
	if err != nil {
		return nil, err
	}
	return api.GetStandupDigest200JSONResponse{Standup: StandupOut(t, s), Markdown: s.Digest(t)}, nil
}

func (h *handlers) WalkStandup(ctx context.Context, r api.WalkStandupRequestObject) (api.WalkStandupResponseObject, error) {
	t, role := h.team(ctx), of(ctx).access.Role
	w, err := h.Standup.Walk(ctx, who(ctx), t, role, r.Date, standup.Pace(r.Body.Pace), r.Body.Current)
	if err != nil {
		return nil, showing(err, func(w *standup.Walk) any { return map[string]any{"walk": walkOut(w)} })
	}
	return api.WalkStandup200JSONResponse{Walk: walkOut(w)}, nil
}

func walkOut(w *standup.Walk) nullable.Nullable[api.StandupWalk] {
	if w == nil {
		return nullable.NewNullNullable[api.StandupWalk]()
	}
	return nullable.NewNullableWithValue(api.StandupWalk{
		Current: api.Person(w.Current), Since: w.Since, StartedBy: api.Person(w.StartedBy), StartedAt: w.StartedAt, Position: w.Position, Total: w.Total,
	})
}

func (h *handlers) GetBlockerAgeing(ctx context.Context, _ api.GetBlockerAgeingRequestObject) (api.GetBlockerAgeingResponseObject, error) {
	t := h.team(ctx)
	a, err := h.Standup.Ageing(ctx, t)
	if err != nil {
		return nil, err
	}
	out := api.GetBlockerAgeing200JSONResponse{
		Since: api.Date(a.Since), Resolved: spellOut(a.Resolved),
		Open: each(a.Open, func(b *standup.Blocker) api.Blocker { return blockerOut(t, b) }),
	}
	for i, b := range a.Buckets {
		to := nullable.NewNullableWithValue(b.To)
		if i == len(a.Buckets)-1 {
			to = nullable.NewNullNullable[int]()
		}
		out.Buckets = append(out.Buckets, api.BlockerBucket{From: b.From, To: to, Count: b.Count})
	}
	out.Owners = each(a.Owners, ownerAgeOut)
	return out, nil
}

func spellOut(s standup.Spell) api.BlockerSpell {
	return api.BlockerSpell{Count: s.Count, MeanDays: orNull(s.Mean), MedianDays: orNull(s.Median)}
}

func ownerAgeOut(o *standup.OwnerAge) api.BlockerOwnerAge {
	owner := nullable.NewNullNullable[api.Person]()
	if o.Owner != nil {
		owner.Set(api.Person(*o.Owner))
	}
	return api.BlockerOwnerAge{Owner: owner, Open: o.Open, Escalated: o.Escalated, OldestDays: o.Oldest, Resolved: spellOut(o.Resolved)}
}
