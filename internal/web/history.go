package web

import (
	"context"

	"patchline/api"
	"patchline/internal/history"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
)

// ImportHistory reads a file of closed sprints as it arrives.
func (h *handlers) ImportHistory(ctx context.Context, r api.ImportHistoryRequestObject) (api.ImportHistoryResponseObject, error) {
	done, err := history.New(h.Sprint).Import(ctx, who(ctx), h.team(ctx), r.Params.Filename, r.Body)
	if err != nil {
		return nil, err
	}
	return api.ImportHistory200JSONResponse{Sprints: each(done, historySprintOut)}, nil
}

func historySprintOut(s *history.Summary) api.HistorySprint {
	return api.HistorySprint{
		Sprint: int(s.Sprint), Name: s.Name, File: s.File, Format: api.HistorySprintFormat(s.Format), Already: s.Already,
		StartDate: s.StartDate, EndDate: s.EndDate, Committed: s.Committed, Completed: s.Completed, FinalScope: s.FinalScope,
		Items: s.Items, Carried: s.Carried, Dropped: s.Dropped, Warnings: list(s.Warnings),
	}
}

// addHistory adds to a report what only that of an imported sprint has.
func addHistory(out *api.SprintReport, h *sprint.History) {
	out.History.Set(api.SprintHistory{
		File: h.File, Format: api.SprintHistoryFormat(h.Format), SumsOnly: h.SumsOnly, ImportedBy: h.Who, ImportedAt: h.At, Keys: h.Keys,
	})
	if h.Forecast == nil {
		return
	}
	out.Forecast.Set(api.PastForecast{
		Samples: h.Forecast.Samples, Remaining: h.Forecast.Remaining, PDoneWithinN: h.Forecast.PDoneWithin,
		PercentileSprints: percentilesOut(h.Forecast.PercentileSprints), PWithHalfCapacitySprint3: h.Halved,
	})
	out.SLA = onTimesOut(h.OnTime)
}

func onTimesOut(rows []scrum.OnTime) []api.OnTime {
	return each(rows, func(r *scrum.OnTime) api.OnTime {
		return api.OnTime{Item: r.Item, Cumulative: r.Cumulative, SLASprint: r.DueSprint, POnTime: orNull(r.P)}
	})
}
