package web

import (
	"context"
	"strconv"
	"strings"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
)

func (h *handlers) GetForecast(ctx context.Context, r api.GetForecastRequestObject) (api.GetForecastResponseObject, error) {
	items, err := rankedIn(r.Params.Items)
	if err != nil {
		return nil, err
	}
	t := h.team(ctx)
	q := sprint.Question{Samples: r.Params.Samples, Remaining: r.Params.Remaining, Capacity: r.Params.Capacity, Ranked: items}
	if key := r.Params.Through; key != "" {
		if q.Through, err = backlog.ParseKey(t.Key, key); err != nil {
			return nil, fault.Wrong("/query/through", "This is not the key of a patch of this team.")
		}
	}
	f, err := h.Sprint.Forecast(ctx, t, q)
	if err != nil {
		return nil, err
	}
	out := api.GetForecast200JSONResponse{
		Enough: f.Enough, Samples: []float64{}, Remaining: f.Remaining, Unestimated: f.Unestimated, PDoneWithinN: []float64{},
		PercentileSprints: map[string]int{}, P50Points: orNull(f.P50), P85Points: orNull(f.P85),
	}
	if f.Enough {
		out.Samples, out.PDoneWithinN, out.PercentileSprints = f.Samples, f.PDoneWithin, percentilesOut(f.PercentileSprints)
	}
	if len(items) > 0 {
		out.SLA = onTimesOut(f.OnTime)
	}
	return out, nil
}

// percentilesOut leaves out what lies beyond the horizon.
func percentilesOut(in map[int]*int) map[string]int {
	out := map[string]int{}
	for percent, n := range in {
		if n != nil {
			out[strconv.Itoa(percent)] = *n
		}
	}
	return out
}

// rankedIn reads items written as NAME:POINTS:SPRINT.
func rankedIn(texts []string) ([]scrum.Ranked, error) {
	var out []scrum.Ranked
	for i, text := range texts {
		parts := strings.Split(text, ":")
		if len(parts) != 3 {
			return nil, wrongItem(i)
		}
		points, pointsErr := strconv.ParseFloat(parts[1], 64)
		due, dueErr := strconv.Atoi(parts[2])
		if pointsErr != nil || dueErr != nil || !scrum.ValidPoints(points) || due < scrum.NoDueSprint || due > scrum.Horizon {
			return nil, wrongItem(i)
		}
		out = append(out, scrum.Ranked{Item: parts[0], Points: points, DueSprint: due})
	}
	return out, nil
}

func wrongItem(i int) error {
	return fault.Wrong("/query/items", "Item %d is not NAME:POINTS:SPRINT, as in INF-7:5:2; SPRINT is from -1 (no due date) to %d.", i+1, scrum.Horizon)
}
