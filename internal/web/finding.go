package web

import (
	"context"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/bulk"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
	"patchline/internal/view"

	"github.com/oapi-codegen/nullable"
)

func (h *handlers) GetPatchFacets(ctx context.Context, _ api.GetPatchFacetsRequestObject) (api.GetPatchFacetsResponseObject, error) {
	f, err := h.Backlog.Facets(ctx, h.team(ctx).ID)
	return api.GetPatchFacets200JSONResponse{Labels: list(f.Labels), Ecosystems: list(f.Ecosystems)}, err
}

func (h *handlers) EditPatches(ctx context.Context, r api.EditPatchesRequestObject) (api.EditPatchesResponseObject, error) {
	t, b := h.team(ctx), r.Body
	items := make([]bulk.Item, len(b.Items))
	twice := map[int64]bool{}
	for i, item := range b.Items {
		n, err := backlog.ParseKey(t.Key, item.Key)
		if err != nil || twice[n] {
			return nil, fault.Wrong("/items", "Each item is the key of a patch of this team, named once.")
		}
		twice[n] = true
		items[i] = bulk.Item{Number: n, Seen: int64(item.Version)}
	}
	c := b.Change
	out, err := h.Bulk.Edit(ctx, who(ctx), t, items, bulk.Change{
		AddLabels: c.AddLabels, RemoveLabels: c.RemoveLabels, AddHelpers: c.AddCoAssigneeIds, RemoveHelpers: c.RemoveCoAssigneeIds, Assignee: given(c.AssigneeID), Points: given(c.Points), Status: scrum.Status(c.Status),
		Sprint: sprintNumber(c.Sprint), Drop: scrum.DropReason(c.Drop), Note: c.Note,
	}, allowances(ctx))
	if err != nil {
		return nil, err
	}
	return api.EditPatches200JSONResponse(bulkOut(t, out)), nil
}

func sprintNumber(n nullable.Nullable[int]) **int64 {
	if !n.IsSpecified() {
		return nil
	}
	var out *int64
	if v := pointer(n); v != nil {
		wide := int64(*v)
		out = &wide
	}
	return &out
}

// allowances are what the role allows beyond changing patches.
func allowances(ctx context.Context) bulk.Allowed {
	return bulk.Allowed{Rank: role(ctx).May(team.Rank), Scope: mayScope(ctx), Approve: role(ctx).May(team.Approve)}
}

func (h *handlers) UndoEditPatches(ctx context.Context, r api.UndoEditPatchesRequestObject) (api.UndoEditPatchesResponseObject, error) {
	t := h.team(ctx)
	out, err := h.Bulk.Undo(ctx, who(ctx), t, r.ID, allowances(ctx))
	if err != nil {
		return nil, err
	}
	return api.UndoEditPatches200JSONResponse(bulkOut(t, out)), nil
}

func bulkOut(t *team.Team, r bulk.Result) api.BulkResult {
	out := api.BulkResult{Done: r.Changed(), Undo: nullable.NewNullNullable[string]()}
	if r.Undo != "" {
		out.Undo.Set(r.Undo)
	}
	out.Items = each(r.Answers, func(a *bulk.Answer) (item struct {
		Key     string                     `json:"key"`
		Outcome api.BulkResultItemsOutcome `json:"outcome"`
		Reason  string                     `json:"reason"`
		Version int                        `json:"version"`
	}) {
		item.Key, item.Outcome, item.Reason, item.Version = backlog.Key(t.Key, a.Number), api.BulkResultItemsOutcome(a.Outcome), a.Reason, int(a.Version)
		return item
	})
	return out
}

// reader is the one who asks, as far as views are concerned.
func reader(ctx context.Context) view.Reader {
	return view.Reader{Who: who(ctx), MayShare: role(ctx).May(team.Work), MayEdit: mayScope(ctx)}
}

func (h *handlers) ListViews(ctx context.Context, _ api.ListViewsRequestObject) (api.ListViewsResponseObject, error) {
	r := reader(ctx)
	views, c, err := h.View.List(ctx, h.team(ctx).ID, r.UserID)
	if err != nil {
		return nil, err
	}
	return api.ListViews200JSONResponse{Items: each(views, func(v *view.View) api.View { return viewOut(r, v) }), Choices: choicesOut(c)}, nil
}

func (h *handlers) CreateView(ctx context.Context, r api.CreateViewRequestObject) (api.CreateViewResponseObject, error) {
	b, who := r.Body, reader(ctx)
	columns, density := words[string](b.Columns), string(b.Density)
	v, err := h.View.Create(ctx, who, h.team(ctx).ID, view.Draft{Name: &b.Name, Query: &b.Query, Shared: &b.Shared, Columns: &columns, Density: &density})
	if err != nil {
		return nil, err
	}
	return api.CreateView201JSONResponse(viewOut(who, v)), nil
}

func (h *handlers) UpdateView(ctx context.Context, r api.UpdateViewRequestObject) (api.UpdateViewResponseObject, error) {
	b, who := r.Body, reader(ctx)
	d := view.Draft{Name: b.Name, Query: b.Query, Shared: b.Shared, Density: (*string)(b.Density), Columns: columnWords(b.Columns)}
	v, err := h.View.Update(ctx, who, h.team(ctx).ID, r.ID, int64(b.Version), d)
	if err != nil {
		return nil, showing(err, func(v *view.View) any { return map[string]any{"item": viewOut(who, v)} })
	}
	return api.UpdateView200JSONResponse(viewOut(who, v)), nil
}

func (h *handlers) DeleteView(ctx context.Context, r api.DeleteViewRequestObject) (api.DeleteViewResponseObject, error) {
	return api.DeleteView204Response{}, h.View.Delete(ctx, reader(ctx), h.team(ctx).ID, r.ID)
}

func (h *handlers) RestoreView(ctx context.Context, r api.RestoreViewRequestObject) (api.RestoreViewResponseObject, error) {
	who := reader(ctx)
	v, err := h.View.Restore(ctx, who, h.team(ctx).ID, r.ID)
	if err != nil {
		return nil, err
	}
	return api.RestoreView200JSONResponse(viewOut(who, v)), nil
}

func (h *handlers) ChooseViews(ctx context.Context, r api.ChooseViewsRequestObject) (api.ChooseViewsResponseObject, error) {
	b := r.Body
	if b.Widths != nil {
		if err := knownColumns(*b.Widths); err != nil {
			return nil, err
		}
	}
	c, err := h.View.Choose(ctx, h.team(ctx).ID, who(ctx).UserID, view.Choosing{
		DefaultView: b.DefaultView, Density: (*string)(b.Density), Places: b.Places, Columns: columnWords(b.Columns), Widths: b.Widths,
	})
	return api.ChooseViews200JSONResponse(choicesOut(c)), err
}

// knownColumns refuses widths of what is no column: names of properties are
// nothing that the contract could check.
func knownColumns(widths map[string]int) error {
	for name := range widths {
		if columnNamed(name) < 0 {
			return fault.Wrong("/widths", "Widths are given by the names of columns, such as title or due.")
		}
	}
	return nil
}

func columnWords(columns *[]api.PatchColumn) *[]string {
	if columns == nil {
		return nil
	}
	out := words[string](*columns)
	return &out
}

func viewOut(r view.Reader, v *view.View) api.View {
	return api.View{
		ID: v.ID, Name: v.Name, Shared: v.Shared, Query: v.Query, Columns: words[api.PatchColumn](v.Columns), Density: api.Density(v.Density),
		Owner: api.Person{ID: v.OwnerID, Name: v.OwnerName}, Mine: v.OwnerID == r.UserID, Editable: r.Edits(v), Version: int(v.Version),
	}
}

func choicesOut(c view.Choices) api.ViewChoices {
	return api.ViewChoices{DefaultView: c.DefaultView, Places: list(c.Places), Columns: words[api.PatchColumn](c.Columns), Density: api.Density(c.Density), Widths: c.Widths}
}
