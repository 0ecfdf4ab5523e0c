package web

import (
	"context"

	"patchline/api"
	"patchline/internal/intake"
	"patchline/internal/scan"
)

func (h *handlers) ListFormats(context.Context, api.ListFormatsRequestObject) (api.ListFormatsResponseObject, error) {
	return api.ListFormats200JSONResponse{Items: each(scan.Formats, func(k *scan.Known) api.Format {
		return api.Format{ID: string(k.Format), Title: k.Title, Brings: k.Brings, Example: k.Example}
	})}, nil
}

func (h *handlers) ListImports(ctx context.Context, r api.ListImportsRequestObject) (api.ListImportsResponseObject, error) {
	before, err := readCursor[string](r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	if before == nil {
		before = new(string)
	}
	items, more, err := h.Intake.List(ctx, h.team(ctx).ID, *before, limit(r.Params.Limit))
	if err != nil {
		return nil, err
	}
	out := api.ListImports200JSONResponse{Items: each(items, importOut), NextCursor: next("")}
	if more {
		out.NextCursor = cursor(items[len(items)-1].ID)
	}
	return out, nil
}

// CreateImport stores the upload as it arrives; a worker reads it afterwards.
func (h *handlers) CreateImport(ctx context.Context, r api.CreateImportRequestObject) (api.CreateImportResponseObject, error) {
	q := r.Params
	req := intake.Request{Name: q.Filename, Format: q.Format, Scope: string(q.Scope), Asset: q.Asset}
	i, err := h.Intake.Enqueue(ctx, who(ctx), h.team(ctx), req, r.Body)
	if err != nil {
		return nil, err
	}
	return api.CreateImport202JSONResponse(importOut(i)), nil
}

func (h *handlers) GetImport(ctx context.Context, r api.GetImportRequestObject) (api.GetImportResponseObject, error) {
	i, err := h.Intake.Get(ctx, h.team(ctx).ID, r.ID)
	if err != nil {
		return nil, err
	}
	return api.GetImport200JSONResponse(importOut(i)), nil
}

func importOut(i *intake.Import) api.Import {
	s := &i.Summary
	out := api.Import{
		ID: i.ID, File: i.File, State: api.ImportState(i.State), Phase: i.Phase, Scope: api.ImportScope(i.Scope), Format: orNull(i.Format),
		Bytes: i.Bytes, ReadBytes: i.ReadBytes, Applied: int(i.Applied), Records: s.Records, Vulnerabilities: s.Vulnerabilities,
		RejectedCount: s.RejectedCount, Notes: list(s.Notes), Error: orNull(i.Error),
		Rejected:  each(s.Rejected, func(x *intake.Rejection) api.Rejection { return api.Rejection{Position: x.Position, Reason: x.Reason} }),
		CreatedBy: api.Person{ID: i.UserID, Name: i.Who}, CreatedAt: i.CreatedAt, FinishedAt: orNull(i.FinishedAt),
	}
	out.Findings.New, out.Findings.Unchanged = s.Findings.New, s.Findings.Unchanged
	out.Findings.Closed, out.Findings.WithoutFix = s.Findings.Closed, s.Findings.WithoutFix
	out.Patches.New, out.Patches.Changed, out.Patches.Superseded = s.Patches.New, s.Patches.Changed, s.Patches.Superseded
	return out
}
