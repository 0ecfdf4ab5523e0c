package web

import (
	"bytes"
	"context"
	"encoding/csv"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/standup"
	"patchline/internal/team"
)

// GetBlockerAgeingCSV is the ageing report as a file: the open blockers, then those
// that were resolved lately.
func (h *handlers) GetBlockerAgeingCSV(ctx context.Context, _ api.GetBlockerAgeingCSVRequestObject) (api.GetBlockerAgeingCSVResponseObject, error) {
	t := h.team(ctx)
	a, err := h.Standup.Ageing(ctx, t)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	rows := &csvRows{csv: csv.NewWriter(&b)}
	_ = rows.csv.Write([]string{"key", "title", "since", "working_days", "resolved", "owner", "needed", "next_step", "escalate_on", "escalated", "due"}) // end reports errors
	for _, blocker := range append(a.Open, a.Ended...) {
		_ = rows.row(ageingRow(t, &blocker))
	}
	if err := rows.end(); err != nil {
		return nil, err
	}
	return api.GetBlockerAgeingCSV200TextCsvResponse{Body: &b, ContentLength: int64(b.Len())}, nil
}

func ageingRow(t *team.Team, b *standup.Blocker) []any {
	owner, day := "", ""
	if b.Owner != nil {
		owner = b.Owner.Name
	}
	if b.EscalateOn != nil {
		day = string(*b.EscalateOn)
	}
	return []any{
		backlog.Key(t.Key, b.Number), b.Title, b.Since, b.Days, held(b.ResolvedAt), owner, b.Needed, b.NextStep, day, b.Escalated != nil, held(b.DueAt),
	}
}

// held is what a pointer holds, for a cell; nil where it holds nothing.
func held[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}
