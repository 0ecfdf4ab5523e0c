package backlog

import (
	"context"
	"slices"
	"strings"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// ApplyTemplate adds the tasks of a template that a patch does not have yet, told by
// their titles: applied again it changes nothing. Without a name it is the first
// template that fits the patch.
func (s *Service) ApplyTemplate(ctx context.Context, who audit.Who, t *team.Team, number int64, name string) ([]Task, error) {
	var out []Task
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, tasks, err := holdTasks(tx, t, number)
		if err != nil {
			return err
		}
		all, err := t.TaskTemplates()
		if err != nil {
			return err
		}
		m := all.Named(name)
		switch {
		case name == "":
			if m = all.For(p.productNames()...); m == nil {
				return fault.New(fault.Conflict, "No template fits this patch. Choose one by its name, or add one to the team's templates.")
			}
		case m == nil:
			return fault.Wrong("/template", "The team has no template of this name any more; look again.")
		}
		if err := applyTemplate(tx, who, t, p, tasks, m); err != nil {
			return err
		}
		out, err = tasksOf(tx.DB, p.ID)
		return err
	})
	return out, err
}

// BeginTasks gives a patch that comes into a sprint the tasks of the template that
// fits it, where the team wants that.
func BeginTasks(tx *db.Tx, who audit.Who, t *team.Team, p *Patch) error {
	all, err := t.TaskTemplates()
	if err != nil || !all.Automatic {
		return err
	}
	m := all.For(p.productNames()...)
	if m == nil {
		return nil
	}
	p, tasks, err := holdTasks(tx, t, p.Number)
	if err != nil {
		return err
	}
	steps := missingSteps(tasks, m.Tasks)
	if len(tasks)+len(steps) > maxTasks {
		return nil // full of tasks of its own: that keeps nobody from planning it
	}
	return applyTemplate(tx, who, t, p, tasks, m)
}

// productNames are what a template's pattern is held against: the component with and
// without what stands before its name, and the title.
func (p *Patch) productNames() []string {
	component, _, _ := strings.Cut(p.Component, "?")
	return []string{component, component[strings.LastIndexAny(component, "/:")+1:], p.Title}
}

// missingSteps are those of a template whose title no task has.
func missingSteps(tasks []Task, steps []team.TaskStep) []team.TaskStep {
	return slices.DeleteFunc(slices.Clone(steps), func(s team.TaskStep) bool {
		return slices.ContainsFunc(tasks, func(k Task) bool { return strings.EqualFold(k.Title, s.Title) })
	})
}

func applyTemplate(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, tasks []Task, m *team.TaskTemplate) error {
	steps := missingSteps(tasks, m.Tasks)
	if len(steps) == 0 {
		return nil
	}
	if len(tasks)+len(steps) > maxTasks {
		return fault.New(fault.Conflict, "With this template the patch would have more than %d tasks. Delete some first.", maxTasks)
	}
	last := ""
	if len(tasks) > 0 {
		last = tasks[len(tasks)-1].Place
	}
	titles := make([]string, len(steps))
	for i, s := range steps {
		key, err := scrum.RankBetween(last, "")
		if err != nil {
			return err
		}
		k := &Task{ID: db.NewID(), PatchID: p.ID, Kind: s.Kind, Title: s.Title, Hours: s.Hours, State: TaskToDo, Place: key, Version: 1}
		if err := insertTask(tx, t.ID, k); err != nil {
			return err
		}
		last, titles[i] = key, s.Title
	}
	return Tell(tx, who, t, p, event.PatchChanged, "task.template_applied", map[string]any{"template": m.Name, "titles": titles})
}
