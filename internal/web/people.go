package web

import (
	"context"

	"patchline/api"
	"patchline/internal/team"
)

// userPlace is where a page of people ended.
type userPlace struct{ Name, ID string }

func (h *handlers) ListUsers(ctx context.Context, r api.ListUsersRequestObject) (api.ListUsersResponseObject, error) {
	place, err := readCursor[userPlace](r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	var after *team.User
	if place != nil {
		after = &team.User{Name: place.Name, ID: place.ID}
	}
	list, count, err := h.Services.Team.Users(ctx, r.Params.Q, after, r.Params.Limit+1)
	out := api.ListUsers200JSONResponse{NextCursor: orNull[string](nil), Count: min(count, 1000), CountCapped: count > 1000}
	if len(list) > r.Params.Limit {
		list = list[:r.Params.Limit]
		last := list[len(list)-1]
		out.NextCursor = cursor(userPlace{last.Name, last.ID})
	}
	out.Items = each(list, userOut)
	return out, err
}

func (h *handlers) CreateUser(ctx context.Context, r api.CreateUserRequestObject) (api.CreateUserResponseObject, error) {
	u, err := h.Services.Team.AddUser(ctx, who(ctx), team.NewUser{
		Email: r.Body.Email, Name: r.Body.Name, Password: r.Body.Password, Admin: r.Body.Admin,
	}, "", "")
	if err != nil {
		return nil, err
	}
	return api.CreateUser201JSONResponse(userOut(u)), nil
}

func (h *handlers) UpdateUser(ctx context.Context, r api.UpdateUserRequestObject) (api.UpdateUserResponseObject, error) {
	u, err := h.Services.Team.UpdateUser(ctx, who(ctx), r.ID, team.UserChange{
		Name: r.Body.Name, Admin: r.Body.Admin, Disabled: r.Body.Disabled, Password: r.Body.Password, Version: int64(r.Body.Version),
	})
	if err != nil {
		return nil, showing(err, userOut)
	}
	return api.UpdateUser200JSONResponse(userOut(u)), nil
}

func userOut(u *team.User) api.User {
	return api.User{
		ID: u.ID, Email: u.Email, Name: u.Name, Admin: u.IsAdmin, Disabled: u.Disabled(),
		Version: int(u.Version), CreatedAt: u.CreatedAt,
	}
}
