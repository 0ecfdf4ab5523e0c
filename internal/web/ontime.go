package web

import (
	"cmp"
	"context"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/sprint"
)

func (h *handlers) GetOnTime(ctx context.Context, r api.GetOnTimeRequestObject) (api.GetOnTimeResponseObject, error) {
	o, err := h.onTime(ctx, &r.Params)
	if err != nil {
		return nil, err
	}
	return api.GetOnTime200JSONResponse{Enough: o.Enough, Items: onTimesOut(o.Items)}, nil
}

func (h *handlers) onTime(ctx context.Context, p *api.GetOnTimeParams) (sprint.OnTime, error) {
	t := h.team(ctx)
	if len(p.Keys) == 0 {
		return h.Sprint.OnTime(ctx, t, cmp.Or(p.First, 200))
	}
	numbers := make([]int64, len(p.Keys))
	for i, key := range p.Keys {
		n, err := backlog.ParseKey(t.Key, key)
		if err != nil {
			return sprint.OnTime{}, fault.Wrong("/query/keys", "One of these is not the key of a patch of this team.")
		}
		numbers[i] = n
	}
	return h.Sprint.OnTimeOf(ctx, t, numbers)
}
