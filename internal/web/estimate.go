package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/estimate"
	"patchline/internal/team"
)

func (h *handlers) ListEstimations(ctx context.Context, r api.ListEstimationsRequestObject) (api.ListEstimationsResponseObject, error) {
	after, err := readCursor[string](r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	if after == nil {
		after = new(string)
	}
	size := limit(r.Params.Limit)
	list, err := h.Estimate.List(ctx, h.team(ctx), me(ctx).User.ID, r.Params.Closed, *after, size+1)
	if err != nil {
		return nil, err
	}
	out := api.ListEstimations200JSONResponse{NextCursor: nullable.NewNullNullable[string]()}
	if len(list) > size {
		list = list[:size]
		out.NextCursor = cursor(list[size-1].ID)
	}
	out.Items = each(list, estimationOut)
	return out, nil
}

func (h *handlers) CreateEstimation(ctx context.Context, r api.CreateEstimationRequestObject) (api.CreateEstimationResponseObject, error) {
	t, b := h.team(ctx), r.Body
	e, err := h.Estimate.Open(ctx, who(ctx), t, estimate.Draft{
		Name: b.Name, Mode: estimate.Mode(b.Mode), AutoReveal: b.AutoReveal, Deadline: b.Deadline, Numbers: numbers(t, b.Keys), Top: b.Top,
	})
	if err != nil {
		return nil, err
	}
	return api.CreateEstimation201JSONResponse(h.table(ctx, e)), nil
}

// numbers reads keys; 0, which is no patch's number, stands for what is none, so
// that it is refused with its place in the list.
func numbers(t *team.Team, keys []string) []int64 {
	out := make([]int64, len(keys))
	for i, key := range keys {
		out[i], _ = backlog.ParseKey(t.Key, key)
	}
	return out
}

func (h *handlers) GetEstimation(ctx context.Context, r api.GetEstimationRequestObject) (api.GetEstimationResponseObject, error) {
	e, err := h.Estimate.Get(ctx, h.team(ctx), me(ctx).User.ID, r.ID)
	if err != nil {
		return nil, err
	}
	return api.GetEstimation200JSONResponse(h.table(ctx, e)), nil
}

func (h *handlers) PutEstimationPresence(ctx context.Context, r api.PutEstimationPresenceRequestObject) (api.PutEstimationPresenceResponseObject, error) {
	seats, err := h.Estimate.Here(ctx, who(ctx), h.team(ctx), r.ID, estimate.Being(r.Body.As))
	return api.PutEstimationPresence200JSONResponse{Items: each(seats, seatOut)}, err
}

func (h *handlers) AddEstimationItems(ctx context.Context, r api.AddEstimationItemsRequestObject) (api.AddEstimationItemsResponseObject, error) {
	t := h.team(ctx)
	e, err := h.Estimate.Add(ctx, who(ctx), t, r.ID, numbers(t, r.Body.Keys))
	if err != nil {
		return nil, err
	}
	return api.AddEstimationItems200JSONResponse(h.table(ctx, e)), nil
}

func (h *handlers) TurnEstimation(ctx context.Context, r api.TurnEstimationRequestObject) (api.TurnEstimationResponseObject, error) {
	t := h.team(ctx)
	e, err := h.Estimate.Turn(ctx, lead(ctx), t, r.ID, numbers(t, []string{r.Body.Key})[0])
	if err != nil {
		return nil, err
	}
	return api.TurnEstimation200JSONResponse(h.table(ctx, e)), nil
}

func (h *handlers) PutEstimationVote(ctx context.Context, r api.PutEstimationVoteRequestObject) (api.PutEstimationVoteResponseObject, error) {
	t, b := h.team(ctx), r.Body
	e, err := h.Estimate.Vote(ctx, who(ctx), t, r.ID, roundIn(t, b.Key, b.Round), pointer(b.Value))
	if err != nil {
		return nil, err
	}
	return api.PutEstimationVote200JSONResponse(h.table(ctx, e)), nil
}

func (h *handlers) RevealEstimation(ctx context.Context, r api.RevealEstimationRequestObject) (api.RevealEstimationResponseObject, error) {
	t, b := h.team(ctx), r.Body
	e, err := h.Estimate.Reveal(ctx, lead(ctx), t, r.ID, roundIn(t, b.Key, b.Round))
	if err != nil {
		return nil, err
	}
	return api.RevealEstimation200JSONResponse(h.table(ctx, e)), nil
}

func (h *handlers) RepeatEstimation(ctx context.Context, r api.RepeatEstimationRequestObject) (api.RepeatEstimationResponseObject, error) {
	t, b := h.team(ctx), r.Body
	e, err := h.Estimate.Again(ctx, lead(ctx), t, r.ID, roundIn(t, b.Key, b.Round))
	if err != nil {
		return nil, err
	}
	return api.RepeatEstimation200JSONResponse(h.table(ctx, e)), nil
}

func (h *handlers) SetEstimationFinal(ctx context.Context, r api.SetEstimationFinalRequestObject) (api.SetEstimationFinalResponseObject, error) {
	t, b := h.team(ctx), r.Body
	e, err := h.Estimate.Settle(ctx, lead(ctx), t, r.ID, roundIn(t, b.Key, b.Round), b.Points, int64(b.Version))
	if err != nil {
		return nil, conflict(t, err)
	}
	return api.SetEstimationFinal200JSONResponse(h.table(ctx, e)), nil
}

func (h *handlers) CloseEstimation(ctx context.Context, r api.CloseEstimationRequestObject) (api.CloseEstimationResponseObject, error) {
	e, err := h.Estimate.Close(ctx, lead(ctx), h.team(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return api.CloseEstimation200JSONResponse(h.table(ctx, e)), nil
}

func (h *handlers) ListEstimates(ctx context.Context, r api.ListEstimatesRequestObject) (api.ListEstimatesResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	past, err := h.Estimate.History(ctx, t, n)
	if err != nil {
		return nil, err
	}
	mine := me(ctx).User.ID
	return api.ListEstimates200JSONResponse{
		Changes: each(past.Changes, func(c *estimate.Change) api.EstimateChange {
			return api.EstimateChange{At: c.At, Who: c.Who, From: orNull(c.From), To: orNull(c.To), Round: narrow(c.Round)}
		}),
		Rounds: each(past.Rounds, func(r *estimate.Round) api.PastEstimationRound {
			return api.PastEstimationRound{Estimation: r.SessionID, Name: r.Session, Result: roundOut(r, mine)}
		}),
	}, nil
}

func (h *handlers) GetEstimateSuggestion(ctx context.Context, r api.GetEstimateSuggestionRequestObject) (api.GetEstimateSuggestionResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	s, err := h.Estimate.Suggest(ctx, t, n)
	if err != nil {
		return nil, err
	}
	return api.GetEstimateSuggestion200JSONResponse{Points: orNull(s.Points), Similar: each(s.Similar, func(p *estimate.Similar) api.SimilarPatch {
		return api.SimilarPatch{
			Key: backlog.Key(t.Key, p.Number), Title: p.Title, Component: p.Component, FixedVersion: p.FixedVersion,
			Points: p.Points, Assets: int(p.Assets), DoneAt: p.DoneAt, Why: api.SimilarPatchWhy(p.Why),
		}
	})}, nil
}
