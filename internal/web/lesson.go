package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/retro"
	"patchline/internal/team"
)

func (h *handlers) ListLessons(ctx context.Context, r api.ListLessonsRequestObject) (api.ListLessonsResponseObject, error) {
	before, err := readCursor[string](r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	if before == nil {
		before = new(string)
	}
	t, size := h.team(ctx), limit(r.Params.Limit)
	found, err := h.Retro.Lessons(ctx, t, r.Params.Q, *before, size+1)
	if err != nil {
		return nil, err
	}
	out := api.ListLessons200JSONResponse{NextCursor: nullable.NewNullNullable[string]()}
	if len(found) > size {
		found = found[:size]
		out.NextCursor = cursor(found[size-1].ID)
	}
	out.Items = each(found, func(l *retro.Lesson) api.Lesson { return lessonOut(t, l) })
	return out, nil
}

func (h *handlers) CreateLesson(ctx context.Context, r api.CreateLessonRequestObject) (api.CreateLessonResponseObject, error) {
	t, b := h.team(ctx), r.Body
	c := retro.Learned{Body: &b.Text, Vendor: b.Vendor, Product: b.Product, Sprint: wide(b.Sprint)}
	if b.Key != nil {
		n, err := backlog.ParseKey(t.Key, *b.Key)
		if err != nil {
			return nil, fault.Wrong("/key", "This is not the key of a patch of this team.")
		}
		c.Patch = &n
	}
	l, err := h.Retro.Learn(ctx, who(ctx), t, c)
	if err != nil {
		return nil, err
	}
	return api.CreateLesson201JSONResponse(lessonOut(t, l)), nil
}

func (h *handlers) UpdateLesson(ctx context.Context, r api.UpdateLessonRequestObject) (api.UpdateLessonResponseObject, error) {
	t, b := h.team(ctx), r.Body
	l, err := h.Retro.Relearn(ctx, who(ctx), t, r.ID, retro.Learned{Body: b.Text, Vendor: b.Vendor, Product: b.Product, Seen: int64(b.Version)})
	if err != nil {
		return nil, showing(err, func(l *retro.Lesson) any { return map[string]any{"lesson": lessonOut(t, l)} })
	}
	return api.UpdateLesson200JSONResponse(lessonOut(t, l)), nil
}

func (h *handlers) DeleteLesson(ctx context.Context, r api.DeleteLessonRequestObject) (api.DeleteLessonResponseObject, error) {
	if err := h.Retro.Unlearn(ctx, who(ctx), h.team(ctx), r.ID); err != nil {
		return nil, err
	}
	return api.DeleteLesson204Response{}, nil
}

func (h *handlers) ListPatchLessons(ctx context.Context, r api.ListPatchLessonsRequestObject) (api.ListPatchLessonsResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	found, vendor, product, err := h.Retro.Matching(ctx, t, n)
	if err != nil {
		return nil, err
	}
	return api.ListPatchLessons200JSONResponse{
		Items: each(found, func(l *retro.Lesson) api.Lesson { return lessonOut(t, l) }), Vendor: vendor, Product: product,
	}, nil
}

func lessonOut(t *team.Team, l *retro.Lesson) api.Lesson {
	out := api.Lesson{
		ID: l.ID, Text: l.Body, Vendor: l.Vendor, Product: l.Product, Sprint: nullable.NewNullNullable[int](), Key: nullable.NewNullNullable[string](),
		Author: l.Author, CreatedAt: l.CreatedAt, Version: int(l.Version),
	}
	if l.Sprint != nil {
		out.Sprint.Set(int(*l.Sprint))
	}
	if l.Patch != nil {
		out.Key.Set(backlog.Key(t.Key, *l.Patch))
	}
	return out
}
