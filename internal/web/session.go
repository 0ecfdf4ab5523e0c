package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"patchline/api"
	"patchline/internal/fault"
	"patchline/internal/team"
)

var errPlain = fault.New(fault.Conflict, "Over plain http your browser would not keep the session. Use https, or http://localhost on the server itself; "+
	"or, in a network you trust, start the server with --plain-http.")

// keepable refuses to sign in a browser that would throw the cookies away at once:
// over plain http it takes ours from localhost only. Programs name no origin.
func (h *handlers) keepable(ctx context.Context) error {
	origin, err := url.Parse(of(ctx).http.Header.Get("Origin"))
	if err != nil || origin.Scheme != "http" || h.PlainHTTP {
		return nil
	}
	switch origin.Hostname() {
	case "localhost", "127.0.0.1", "::1":
		return nil
	}
	return errPlain
}

func (h *handlers) SignIn(ctx context.Context, r api.SignInRequestObject) (api.SignInResponseObject, error) {
	if err := h.keepable(ctx); err != nil {
		return nil, err
	}
	signed, err := h.Services.Team.SignIn(ctx, r.Body.Email, r.Body.Password, of(ctx).from)
	if err != nil {
		return nil, err
	}
	me, err := h.welcome(ctx, signed)
	return api.SignIn200JSONResponse(me), err
}

// welcome gives the browser its cookies and says who has signed in.
func (h *handlers) welcome(ctx context.Context, s *team.Signed) (api.Me, error) {
	h.keep(of(ctx), s, h.DB.Now())
	me, err := h.meOut(ctx, s.User)
	me.ExpiresAt = s.AccessUntil
	return me, err
}

func (h *handlers) meOut(ctx context.Context, u *team.User) (api.Me, error) {
	teams, err := h.Services.Team.Teams(ctx, u)
	return api.Me{User: userOut(u), Teams: each(teams, myTeamOut)}, err
}

// myTeamOut shows an administrator who does not belong to a team as its Scrum
// master: the API knows no other role that manages it. What counts are the
// permissions.
func myTeamOut(m *team.MyTeam) api.MyTeam {
	role := m.Role
	if role == "" {
		role = team.ScrumMaster
	}
	return api.MyTeam{
		Key: m.Key, Name: m.Name, TimeZone: m.TimeZone, Role: api.Role(role),
		Permissions: words[api.Permission](m.Acting().Grants()),
	}
}

func (h *handlers) GetSession(ctx context.Context, _ api.GetSessionRequestObject) (api.GetSessionResponseObject, error) {
	a := me(ctx)
	out, err := h.meOut(ctx, &a.User)
	if a.TokenID != "" {
		return program{out.User, out.Teams}, err
	}
	out.ExpiresAt = a.Until
	return api.GetSession200JSONResponse(out), err
}

// program is Me without the end of a cookie, which a program has none of and the
// generated type cannot leave out.
type program struct {
	User  api.User     `json:"user"`
	Teams []api.MyTeam `json:"teams"`
}

// VisitGetSessionResponse writes the answer.
func (p program) VisitGetSessionResponse(w http.ResponseWriter) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(text)
	return err
}

func (h *handlers) RefreshSession(ctx context.Context, _ api.RefreshSessionRequestObject) (api.RefreshSessionResponseObject, error) {
	v := of(ctx)
	cookie, err := v.http.Cookie(h.refreshCookie())
	if err != nil {
		return nil, errUnsigned
	}
	signed, err := h.Services.Team.Refresh(ctx, cookie.Value, v.from)
	if fault.Is(err, fault.Unsigned) {
		h.forget(v)
	}
	if err != nil {
		return nil, err
	}
	me, err := h.welcome(ctx, signed)
	return api.RefreshSession200JSONResponse(me), err
}

var errNoSession = fault.New(fault.Forbidden, "An API token has no session to end; revoke the token instead.")

func (h *handlers) SignOut(ctx context.Context, _ api.SignOutRequestObject) (api.SignOutResponseObject, error) {
	if me(ctx).SessionID == "" {
		return nil, errNoSession
	}
	if err := h.Services.Team.EndSession(ctx, who(ctx), me(ctx).SessionID); err != nil {
		return nil, err
	}
	h.forget(of(ctx))
	return api.SignOut204Response{}, nil
}

func (h *handlers) ChangePassword(ctx context.Context, r api.ChangePasswordRequestObject) (api.ChangePasswordResponseObject, error) {
	a := me(ctx)
	err := h.Services.Team.ChangePassword(ctx, who(ctx), a.User.Email, r.Body.Current, r.Body.New, a.SessionID, of(ctx).from)
	return api.ChangePassword204Response{}, err
}

func (h *handlers) ListSessions(ctx context.Context, _ api.ListSessionsRequestObject) (api.ListSessionsResponseObject, error) {
	list, err := h.Services.Team.Sessions(ctx, me(ctx).User.ID)
	return api.ListSessions200JSONResponse{Items: each(list, func(s *team.Session) api.Session {
		return api.Session{
			ID: s.ID, CreatedAt: s.CreatedAt, LastSeenAt: s.LastSeenAt,
			UserAgent: s.UserAgent, Address: s.Address, Current: s.ID == me(ctx).SessionID,
		}
	})}, err
}

func (h *handlers) EndSession(ctx context.Context, r api.EndSessionRequestObject) (api.EndSessionResponseObject, error) {
	err := h.Services.Team.EndSession(ctx, who(ctx), r.ID)
	if err == nil && r.ID == me(ctx).SessionID {
		h.forget(of(ctx))
	}
	return api.EndSession204Response{}, err
}
