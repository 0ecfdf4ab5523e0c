package web

import (
	"context"

	"patchline/api"
)

func (h *handlers) GetOnTime(ctx context.Context, r api.GetOnTimeRequestObject) (api.GetOnTimeResponseObject, error) {
	n := r.Params.First
	if n == 0 {
		n = 200
	}
	o, err := h.Sprint.OnTime(ctx, h.team(ctx), n)
	if err != nil {
		return nil, err
	}
	return api.GetOnTime200JSONResponse{Enough: o.Enough, Items: onTimesOut(o.Items)}, nil
}
