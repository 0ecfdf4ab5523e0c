package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/team"
)

func (h *handlers) ListTasks(ctx context.Context, r api.ListTasksRequestObject) (api.ListTasksResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	tasks, err := h.Backlog.Tasks(ctx, t, n)
	return api.ListTasks200JSONResponse{Items: each(tasks, taskOut)}, err
}

// listedTasks is how many of somebody's tasks are listed.
const listedTasks = 100

func (h *handlers) ListMyTasks(ctx context.Context, _ api.ListMyTasksRequestObject) (api.ListMyTasksResponseObject, error) {
	t := h.team(ctx)
	tasks, err := h.Backlog.OpenTasks(ctx, t, who(ctx).UserID, listedTasks)
	return api.ListMyTasks200JSONResponse{Items: each(tasks, func(k *backlog.OpenTask) api.MyTask {
		return api.MyTask{Key: backlog.Key(t.Key, k.Number), Title: k.PatchTitle, DueAt: orNull(k.DueAt), Task: taskOut(&k.Task)}
	})}, err
}

func (h *handlers) CreateTask(ctx context.Context, r api.CreateTaskRequestObject) (api.CreateTaskResponseObject, error) {
	t, b := h.team(ctx), r.Body
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	e := backlog.TaskEdit{Title: &b.Title, Kind: text(b.Kind), State: text(b.State), AssigneeID: given(b.AssigneeID), Hours: given(b.Hours), After: given(b.After)}
	k, err := h.Backlog.AddTask(ctx, who(ctx), t, n, e)
	if err != nil {
		return nil, err
	}
	return api.CreateTask201JSONResponse(taskOut(k)), nil
}

func (h *handlers) UpdateTask(ctx context.Context, r api.UpdateTaskRequestObject) (api.UpdateTaskResponseObject, error) {
	t, b := h.team(ctx), r.Body
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	e := backlog.TaskEdit{Title: b.Title, AssigneeID: given(b.AssigneeID), Hours: given(b.Hours), After: given(b.After), Seen: int64(b.Version)}
	if b.Kind != nil {
		e.Kind = text(*b.Kind)
	}
	if b.State != nil {
		e.State = text(*b.State)
	}
	k, err := h.Backlog.EditTask(ctx, who(ctx), t, n, r.ID, e)
	if err != nil {
		return nil, taskConflict(err)
	}
	return api.UpdateTask200JSONResponse(taskOut(k)), nil
}

func (h *handlers) DeleteTask(ctx context.Context, r api.DeleteTaskRequestObject) (api.DeleteTaskResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	return api.DeleteTask204Response{}, taskConflict(h.Backlog.DeleteTask(ctx, who(ctx), t, n, r.ID, int64(r.Params.Version)))
}

func taskConflict(err error) error {
	return showing(err, func(k *backlog.Task) any { return map[string]any{"task": taskOut(k)} })
}

// text is a word that may be missing; nil then.
func text[T ~string](word T) *string {
	if word == "" {
		return nil
	}
	s := string(word)
	return &s
}

func taskOut(k *backlog.Task) api.Task {
	return api.Task{
		ID: k.ID, Kind: api.TaskKind(k.Kind), Title: k.Title, Assignee: person(k.AssigneeID, k.AssigneeName), Hours: orNull(k.Hours),
		State: api.TaskState(k.State), Version: int(k.Version),
	}
}

func personOut(p *backlog.Person) api.Person { return api.Person(*p) }

// peopleOut leaves the field away where there is nobody.
func peopleOut(people []backlog.Person) []api.Person {
	if len(people) == 0 {
		return nil
	}
	return each(people, personOut)
}

func (h *handlers) ApplyTaskTemplate(ctx context.Context, r api.ApplyTaskTemplateRequestObject) (api.ApplyTaskTemplateResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	tasks, err := h.Backlog.ApplyTemplate(ctx, who(ctx), t, n, r.Body.Template)
	return api.ApplyTaskTemplate200JSONResponse{Items: each(tasks, taskOut)}, err
}

func (h *handlers) GetTaskTemplates(ctx context.Context, _ api.GetTaskTemplatesRequestObject) (api.GetTaskTemplatesResponseObject, error) {
	out, err := templatesOut(h.team(ctx))
	return api.GetTaskTemplates200JSONResponse(out), err
}

func (h *handlers) SetTaskTemplates(ctx context.Context, r api.SetTaskTemplatesRequestObject) (api.SetTaskTemplatesResponseObject, error) {
	in := team.TaskTemplates{Automatic: r.Body.Automatic, Templates: each(r.Body.Templates, templateIn)}
	t, err := h.Services.Team.SetTaskTemplates(ctx, who(ctx), h.team(ctx).ID, in, int64(r.Body.Version))
	if err != nil {
		return nil, showing(err, teamOut)
	}
	out, err := templatesOut(t)
	return api.SetTaskTemplates200JSONResponse(out), err
}

func templateIn(m *api.TaskTemplate) team.TaskTemplate {
	return team.TaskTemplate{Name: m.Name, Pattern: m.Pattern, Tasks: each(m.Tasks, func(s *api.TaskStep) team.TaskStep {
		return team.TaskStep{Kind: string(s.Kind), Title: s.Title, Hours: pointer(s.Hours)}
	})}
}

func templatesOut(t *team.Team) (api.TaskTemplates, error) {
	all, err := t.TaskTemplates()
	return api.TaskTemplates{Automatic: all.Automatic, Version: int(t.Version), Templates: each(all.Templates, func(m *team.TaskTemplate) api.TaskTemplate {
		return api.TaskTemplate{Name: m.Name, Pattern: m.Pattern, Tasks: each(m.Tasks, func(s *team.TaskStep) api.TaskStep {
			step := api.TaskStep{Kind: api.TaskKind(s.Kind), Title: s.Title, Hours: nullable.NewNullNullable[api.TaskHours]()}
			if s.Hours != nil {
				step.Hours.Set(*s.Hours)
			}
			return step
		})}
	})}, err
}
