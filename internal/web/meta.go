package web

import (
	"context"

	"patchline/api"
	"patchline/internal/team"
)

func (h *handlers) GetMeta(ctx context.Context, _ api.GetMetaRequestObject) (api.GetMetaResponseObject, error) {
	needed, err := h.Services.Team.SetupNeeded(ctx)
	return api.GetMeta200JSONResponse{Version: h.Version, SetupNeeded: needed, PlainHTTP: h.PlainHTTP, Demo: h.Demo}, err
}

func (h *handlers) SetUp(ctx context.Context, r api.SetUpRequestObject) (api.SetUpResponseObject, error) {
	if err := h.keepable(ctx); err != nil {
		return nil, err
	}
	signed, err := h.Services.Team.SetUp(ctx, team.SetUp{
		Email: r.Body.Email, Name: r.Body.Name, Password: r.Body.Password,
		Team: team.NewTeam{Key: r.Body.TeamKey, Name: r.Body.TeamName, TimeZone: r.Body.TimeZone},
	}, of(ctx).from)
	if err != nil {
		return nil, err
	}
	me, err := h.welcome(ctx, signed)
	return api.SetUp201JSONResponse(me), err
}
