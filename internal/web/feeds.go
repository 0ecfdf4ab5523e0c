package web

import (
	"context"
	"strings"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/fault"
	"patchline/internal/feed"
	"patchline/internal/team"
)

func (h *handlers) ListFeeds(ctx context.Context, _ api.ListFeedsRequestObject) (api.ListFeedsResponseObject, error) {
	found, err := h.Feed.List(ctx)
	if err != nil {
		return nil, err
	}
	out := api.ListFeeds200JSONResponse{Items: each(found, func(f *feed.Feed) api.Feed { return feedOut(ctx, f) })}
	if me(ctx).User.IsAdmin {
		out.Folder = h.Feed.Folder()
	}
	return out, nil
}

func (h *handlers) GetFeed(ctx context.Context, r api.GetFeedRequestObject) (api.GetFeedResponseObject, error) {
	f, err := h.Feed.Get(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return api.GetFeed200JSONResponse(feedOut(ctx, f)), nil
}

func (h *handlers) ListFeedRuns(ctx context.Context, r api.ListFeedRunsRequestObject) (api.ListFeedRunsResponseObject, error) {
	runs, err := h.Feed.Runs(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return api.ListFeedRuns200JSONResponse{Items: each(runs, feedRunOut)}, nil
}

func (h *handlers) CreateFeed(ctx context.Context, r api.CreateFeedRequestObject) (api.CreateFeedResponseObject, error) {
	b := r.Body
	kind := string(b.Kind)
	d := feed.Draft{
		Name: &b.Name, Kind: &kind, Source: &b.Source, Scope: filled(string(b.Scope)), Enabled: b.Enabled,
		EveryMinutes: minutes(b.EveryMinutes), DailyAt: given(b.DailyAt), TimeZone: filled(b.TimeZone),
		MaxMiB: whole(b.MaxMib), MaxMinutes: whole(b.MaxMinutes), Since: given(b.Since),
	}
	var err error
	if d.TeamID, err = h.teamNamed(ctx, b.Team); err != nil {
		return nil, err
	}
	f, err := h.Feed.Create(ctx, who(ctx), d)
	if err != nil {
		return nil, err
	}
	return api.CreateFeed201JSONResponse(feedOut(ctx, f)), nil
}

func (h *handlers) UpdateFeed(ctx context.Context, r api.UpdateFeedRequestObject) (api.UpdateFeedResponseObject, error) {
	b := r.Body
	d := feed.Draft{
		Name: b.Name, Kind: (*string)(b.Kind), Source: b.Source, Scope: (*string)(b.Scope), Enabled: b.Enabled,
		EveryMinutes: minutes(b.EveryMinutes), DailyAt: given(b.DailyAt), TimeZone: b.TimeZone, Since: given(b.Since),
	}
	if b.MaxMib != nil {
		d.MaxMiB = whole(*b.MaxMib)
	}
	if b.MaxMinutes != nil {
		d.MaxMinutes = whole(*b.MaxMinutes)
	}
	var err error
	if d.TeamID, err = h.teamNamed(ctx, b.Team); err != nil {
		return nil, err
	}
	f, err := h.Feed.Change(ctx, who(ctx), r.ID, int64(b.Version), d)
	if err != nil {
		return nil, showing(err, func(f *feed.Feed) any { return map[string]any{"feed": feedOut(ctx, f)} })
	}
	return api.UpdateFeed200JSONResponse(feedOut(ctx, f)), nil
}

func (h *handlers) DeleteFeed(ctx context.Context, r api.DeleteFeedRequestObject) (api.DeleteFeedResponseObject, error) {
	return api.DeleteFeed204Response{}, h.Feed.Delete(ctx, who(ctx), r.ID)
}

func (h *handlers) RunFeed(ctx context.Context, r api.RunFeedRequestObject) (api.RunFeedResponseObject, error) {
	f, err := h.Feed.Ask(ctx, who(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return api.RunFeed202JSONResponse(feedOut(ctx, f)), nil
}

func (h *handlers) CancelFeedRun(ctx context.Context, r api.CancelFeedRunRequestObject) (api.CancelFeedRunResponseObject, error) {
	f, err := h.Feed.Cancel(ctx, who(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return api.CancelFeedRun200JSONResponse(feedOut(ctx, f)), nil
}

// teamNamed finds the team of a key; an absent one is nil, null is no team.
func (h *handlers) teamNamed(ctx context.Context, key nullable.Nullable[string]) (**string, error) {
	named := given(key)
	if named == nil || *named == nil || **named == "" {
		if named == nil {
			return nil, nil
		}
		none := (*string)(nil)
		return &none, nil
	}
	t, err := team.ByKey(h.DB.Read(ctx), strings.ToUpper(**named))
	if fault.Is(err, fault.NotFound) {
		return nil, fault.Wrong("/team", "There is no such team.")
	}
	if err != nil {
		return nil, err
	}
	id := &t.ID
	return &id, nil
}

func whole(n int) *int64 {
	if n == 0 {
		return nil
	}
	v := int64(n)
	return &v
}

func minutes(n nullable.Nullable[int]) **int64 {
	v := given(n)
	if v == nil {
		return nil
	}
	out := (*int64)(nil)
	if *v != nil {
		out = whole(**v)
	}
	return &out
}

// feedOut shows a feed. What follows the question mark of an address may be a
// secret between the publisher and whoever set the feed up.
func feedOut(ctx context.Context, f *feed.Feed) api.Feed {
	out := api.Feed{
		ID: f.ID, Name: f.Name, Kind: api.FeedKind(f.Kind), Source: f.Source, Team: nullable.NewNullNullable[string](), Scope: api.FeedScope(f.Scope),
		Enabled: f.Enabled, EveryMinutes: number(f.EveryMinutes), DailyAt: orNull(f.DailyAt), TimeZone: f.TimeZone,
		MaxMib: int(f.MaxMiB), MaxMinutes: int(f.MaxMinutes), Since: orNull(f.Since), NextRunAt: orNull(f.NextRunAt), Waiting: f.AskedBy != "",
		Failures: int(f.Failures), LastRun: nullable.NewNullNullable[api.FeedRun](), Shipped: strings.HasPrefix(f.ID, "shipped-"), Version: int(f.Version),
	}
	if address, query, there := strings.Cut(f.Source, "?"); there && query != "" && !me(ctx).User.IsAdmin {
		out.Source = address + "?…"
	}
	if f.TeamID != nil {
		out.Team.Set(f.TeamKey)
	}
	if f.Last != nil {
		out.LastRun.Set(feedRunOut(f.Last))
	}
	return out
}

func feedRunOut(r *feed.Run) api.FeedRun {
	return api.FeedRun{
		ID: r.ID, State: api.FeedRunState(r.State), Who: r.Who, StartedAt: r.StartedAt, FinishedAt: orNull(r.FinishedAt), Phase: r.Phase,
		Status: number(r.Status), Bytes: r.Bytes, Files: int(r.Files), Applied: int(r.Applied), Summary: list(r.Summary), Error: r.Error,
	}
}
