package web

import (
	"context"

	"patchline/api"
	"patchline/internal/team"
)

func (h *handlers) ListInvites(ctx context.Context, _ api.ListInvitesRequestObject) (api.ListInvitesResponseObject, error) {
	list, err := h.Services.Team.Invites(ctx, h.team(ctx).ID)
	return api.ListInvites200JSONResponse{Items: each(list, inviteOut)}, err
}

func (h *handlers) CreateInvite(ctx context.Context, r api.CreateInviteRequestObject) (api.CreateInviteResponseObject, error) {
	i, secret, err := h.Services.Team.CreateInvite(ctx, who(ctx), h.team(ctx).ID, team.Role(r.Body.Role), r.Body.Email, r.Body.Days)
	if err != nil {
		return nil, err
	}
	return api.CreateInvite201JSONResponse{Invite: inviteOut(i), Secret: secret, Path: "/invite/" + secret}, nil
}

func (h *handlers) RevokeInvite(ctx context.Context, r api.RevokeInviteRequestObject) (api.RevokeInviteResponseObject, error) {
	return api.RevokeInvite204Response{}, h.Services.Team.RevokeInvite(ctx, who(ctx), h.team(ctx).ID, r.ID)
}

func inviteOut(i *team.OpenInvite) api.Invite {
	return api.Invite{
		ID: i.ID, Role: api.Role(i.Role), Email: orNull(i.Email),
		CreatedAt: i.CreatedAt, ExpiresAt: i.ExpiresAt, CreatedBy: i.Author,
	}
}

func (h *handlers) GetInvite(ctx context.Context, r api.GetInviteRequestObject) (api.GetInviteResponseObject, error) {
	i, err := h.Services.Team.Offer(ctx, r.Secret)
	if err != nil {
		return nil, err
	}
	return api.GetInvite200JSONResponse{
		TeamKey: i.Team.Key, TeamName: i.Team.Name, Role: api.Role(i.Role), Email: orNull(i.Email), InvitedBy: i.Author,
	}, nil
}

func (h *handlers) AcceptInvite(ctx context.Context, r api.AcceptInviteRequestObject) (api.AcceptInviteResponseObject, error) {
	if err := h.keepable(ctx); err != nil {
		return nil, err
	}
	signed, err := h.Services.Team.Accept(ctx, r.Secret, team.NewUser{Email: r.Body.Email, Name: r.Body.Name, Password: r.Body.Password}, of(ctx).from)
	if err != nil {
		return nil, err
	}
	me, err := h.welcome(ctx, signed)
	return api.AcceptInvite201JSONResponse(me), err
}
