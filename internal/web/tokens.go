package web

import (
	"context"

	"patchline/api"
	"patchline/internal/team"
)

func (h *handlers) ListTokens(ctx context.Context, _ api.ListTokensRequestObject) (api.ListTokensResponseObject, error) {
	list, err := h.Services.Team.Tokens(ctx, me(ctx).User.ID)
	return api.ListTokens200JSONResponse{Items: each(list, tokenOut)}, err
}

func (h *handlers) CreateToken(ctx context.Context, r api.CreateTokenRequestObject) (api.CreateTokenResponseObject, error) {
	t, secret, err := h.Services.Team.CreateToken(ctx, who(ctx), r.Body.Name, words[string](r.Body.Scopes), pointer(r.Body.ExpiresAt))
	if err != nil {
		return nil, err
	}
	return api.CreateToken201JSONResponse{Token: tokenOut(t), Secret: secret}, nil
}

func (h *handlers) RevokeToken(ctx context.Context, r api.RevokeTokenRequestObject) (api.RevokeTokenResponseObject, error) {
	return api.RevokeToken204Response{}, h.Services.Team.RevokeToken(ctx, who(ctx), r.ID)
}

func tokenOut(t *team.Token) api.Token {
	return api.Token{
		ID: t.ID, Name: t.Name, Prefix: t.Prefix, Scopes: words[api.Scope](t.Scopes),
		CreatedAt: t.CreatedAt, LastUsedAt: orNull(t.LastUsedAt), ExpiresAt: orNull(t.ExpiresAt),
	}
}
