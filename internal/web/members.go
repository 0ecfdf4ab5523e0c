package web

import (
	"context"

	"patchline/api"
	"patchline/internal/team"
)

func (h *handlers) ListMembers(ctx context.Context, _ api.ListMembersRequestObject) (api.ListMembersResponseObject, error) {
	list, err := h.Services.Team.Members(ctx, h.team(ctx).ID)
	return api.ListMembers200JSONResponse{Items: each(list, memberOut)}, err
}

func (h *handlers) AddMember(ctx context.Context, r api.AddMemberRequestObject) (api.AddMemberResponseObject, error) {
	m, err := h.Services.Team.AddMember(ctx, who(ctx), h.team(ctx), r.Body.Email, team.Role(r.Body.Role))
	if err != nil {
		return nil, err
	}
	return api.AddMember201JSONResponse(memberOut(m)), nil
}

func (h *handlers) UpdateMember(ctx context.Context, r api.UpdateMemberRequestObject) (api.UpdateMemberResponseObject, error) {
	m, err := h.Services.Team.UpdateMember(ctx, who(ctx), h.team(ctx).ID, r.ID, team.Role(r.Body.Role))
	if err != nil {
		return nil, err
	}
	return api.UpdateMember200JSONResponse(memberOut(m)), nil
}

func (h *handlers) RemoveMember(ctx context.Context, r api.RemoveMemberRequestObject) (api.RemoveMemberResponseObject, error) {
	return api.RemoveMember204Response{}, h.Services.Team.RemoveMember(ctx, who(ctx), h.team(ctx).ID, r.ID)
}

func memberOut(m *team.Colleague) api.Member {
	return api.Member{
		User: api.Person{ID: m.UserID, Name: m.Name}, Email: m.Email, Role: api.Role(m.Role),
		JoinedAt: m.JoinedAt, Disabled: m.Disabled,
	}
}
