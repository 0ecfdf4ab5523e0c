package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/exception"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

func (h *handlers) ListExceptions(ctx context.Context, r api.ListExceptionsRequestObject) (api.ListExceptionsResponseObject, error) {
	t, q := h.team(ctx), r.Params
	after, err := readCursor[exception.Place](q.Cursor)
	if err != nil {
		return nil, err
	}
	f := exception.Filter{View: exception.View(q.View), Kind: exception.Kind(q.Kind), After: after, Limit: limit(q.Limit)}
	if q.View == "waiting" {
		f.WaitingFor = who(ctx).UserID
	}
	if q.View == "requested" {
		f.View = exception.Waiting
	}
	if q.Key != "" {
		if f.PatchNumber, err = backlog.ParseKey(t.Key, q.Key); err != nil {
			return nil, err
		}
	}
	found, counts, err := h.Exception.List(ctx, t, who(ctx).UserID, f)
	if err != nil {
		return nil, err
	}
	if !role(ctx).May(team.Approve) {
		counts.Mine = 0
	}
	out := api.ListExceptions200JSONResponse{NextCursor: nullable.NewNullNullable[string](), Counts: api.ExceptionCounts{
		Requested: counts.Waiting, Waiting: counts.Mine, Active: counts.Active, Expiring: counts.Expiring, Review: counts.Review,
	}}
	if len(found) > f.Limit {
		found = found[:f.Limit]
		out.NextCursor = cursor(found[f.Limit-1].Place(f.View))
	}
	out.Items = each(found, func(e *exception.Exception) api.Exception { return exceptionOut(t, e) })
	return out, nil
}

func (h *handlers) GetException(ctx context.Context, r api.GetExceptionRequestObject) (api.GetExceptionResponseObject, error) {
	t := h.team(ctx)
	e, err := h.Exception.Get(ctx, t, r.ID)
	if err != nil {
		return nil, err
	}
	return api.GetException200JSONResponse(exceptionOut(t, e)), nil
}

func (h *handlers) RequestException(ctx context.Context, r api.RequestExceptionRequestObject) (api.RequestExceptionResponseObject, error) {
	t, b := h.team(ctx), r.Body
	n, err := numberOf(t, "/key", &b.Key)
	if err != nil {
		return nil, err
	}
	e, err := h.Exception.Request(ctx, who(ctx), t, n, exception.Draft{
		Kind: exception.Kind(b.Kind), Reason: b.Reason, Control: b.Control, Expires: dayIn(b.ExpiresOn), AssetIDs: b.AssetIds,
	})
	if err != nil {
		return nil, exceptionConflict(t, err)
	}
	return api.RequestException201JSONResponse(exceptionOut(t, e)), nil
}

func (h *handlers) UpdateException(ctx context.Context, r api.UpdateExceptionRequestObject) (api.UpdateExceptionResponseObject, error) {
	t, b := h.team(ctx), r.Body
	e, err := h.Exception.Edit(ctx, who(ctx), t, r.ID, exception.Draft{
		Kind: exception.Kind(b.Kind), Reason: b.Reason, Control: b.Control, Expires: dayIn(b.ExpiresOn), AssetIDs: b.AssetIds,
	}, int64(b.Version))
	if err != nil {
		return nil, exceptionConflict(t, err)
	}
	return api.UpdateException200JSONResponse(exceptionOut(t, e)), nil
}

func (h *handlers) RenewException(ctx context.Context, r api.RenewExceptionRequestObject) (api.RenewExceptionResponseObject, error) {
	t := h.team(ctx)
	e, err := h.Exception.Renew(ctx, who(ctx), t, r.ID, dayIn(r.Body.ExpiresOn), r.Body.Reason)
	if err != nil {
		return nil, exceptionConflict(t, err)
	}
	return api.RenewException201JSONResponse(exceptionOut(t, e)), nil
}

func (h *handlers) ApproveException(ctx context.Context, r api.ApproveExceptionRequestObject) (api.ApproveExceptionResponseObject, error) {
	t := h.team(ctx)
	e, err := h.Exception.Approve(ctx, who(ctx), t, r.ID, r.Body.Note, int64(r.Body.Version))
	if err != nil {
		return nil, exceptionConflict(t, err)
	}
	return api.ApproveException200JSONResponse(exceptionOut(t, e)), nil
}

func (h *handlers) RejectException(ctx context.Context, r api.RejectExceptionRequestObject) (api.RejectExceptionResponseObject, error) {
	t := h.team(ctx)
	e, err := h.Exception.Reject(ctx, who(ctx), t, r.ID, r.Body.Note, int64(r.Body.Version))
	if err != nil {
		return nil, exceptionConflict(t, err)
	}
	return api.RejectException200JSONResponse(exceptionOut(t, e)), nil
}

func (h *handlers) WithdrawException(ctx context.Context, r api.WithdrawExceptionRequestObject) (api.WithdrawExceptionResponseObject, error) {
	t := h.team(ctx)
	e, err := h.Exception.Withdraw(ctx, who(ctx), t, r.ID, int64(r.Body.Version))
	if err != nil {
		return nil, exceptionConflict(t, err)
	}
	return api.WithdrawException200JSONResponse(exceptionOut(t, e)), nil
}

func (h *handlers) EndException(ctx context.Context, r api.EndExceptionRequestObject) (api.EndExceptionResponseObject, error) {
	t, mine := h.team(ctx), role(ctx)
	any := mine.May(team.Approve) || mine.May(team.Rank)
	e, err := h.Exception.End(ctx, who(ctx), t, r.ID, r.Body.Note, int64(r.Body.Version), any)
	if err != nil {
		return nil, exceptionConflict(t, err)
	}
	return api.EndException200JSONResponse(exceptionOut(t, e)), nil
}

func (h *handlers) ReviewException(ctx context.Context, r api.ReviewExceptionRequestObject) (api.ReviewExceptionResponseObject, error) {
	t := h.team(ctx)
	e, err := h.Exception.Acknowledge(ctx, who(ctx), t, r.ID, int64(r.Body.Version))
	if err != nil {
		return nil, exceptionConflict(t, err)
	}
	return api.ReviewException200JSONResponse(exceptionOut(t, e)), nil
}

// dayIn reads a day of the calendar; what is none passes as it is, and is refused
// with its name by the use case.
func dayIn(d nullable.Nullable[api.Date]) *scrum.Day {
	v := pointer(d)
	if v == nil {
		return nil
	}
	day := scrum.Day(*v)
	return &day
}

func exceptionConflict(t *team.Team, err error) error {
	return showing(conflict(t, err), func(e *exception.Exception) any { return map[string]any{"exception": exceptionOut(t, e)} })
}

func exceptionOut(t *team.Team, e *exception.Exception) api.Exception {
	return api.Exception{
		ID: e.ID, Key: backlog.Key(t.Key, e.Number), Title: e.Title, Kind: api.ExceptionKind(e.Kind), State: api.ExceptionState(e.State),
		Reason: e.Reason, Control: e.Control, Whole: e.Whole, ExpiresAt: orNull(e.ExpiresAt),
		Assets:      each(e.Assets, func(a *exception.Asset) api.ExceptedAsset { return api.ExceptedAsset(*a) }),
		RequestedBy: api.Person{ID: e.RequestedBy, Name: e.RequestedName}, RequestedAt: e.RequestedAt,
		DecidedBy: e.DecidedName, DecidedAt: orNull(e.DecidedAt), Decision: e.Decision,
		EndedBy: e.EndedName, EndedAt: orNull(e.EndedAt), EndedReason: e.EndedReason,
		Renews: orNull(e.Renews), Renewals: int(e.Renewals), ReviewAt: orNull(e.ReviewAt), Version: int(e.Version),
	}
}
