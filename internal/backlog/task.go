package backlog

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// States of a task.
const (
	TaskToDo  = "to_do"
	TaskDoing = "doing"
	TaskDone  = "done"
)

// Task is a step of the work on a patch. Tasks change without the patch: whoever
// edits that is not held up.
type Task struct {
	ID           string
	PatchID      string
	Kind         string // one of team.TaskKinds
	Title        string
	AssigneeID   *string
	AssigneeName string
	Hours        *float64 // estimated
	State        string
	Place        string // rank key among the tasks of the patch
	Version      int64
}

// OpenTask is a task in a list over many patches.
type OpenTask struct {
	Task
	Number     int64 // this and the next two are the patch's
	PatchTitle string
	DueAt      *time.Time
}

// TaskEdit is a change of a task, or what a new one is; a nil field stays as it is.
type TaskEdit struct {
	Kind, Title, State *string
	AssigneeID         **string
	Hours              **float64
	After              **string // id of the task it stands below; to nil: at the top
	Seen               int64
}

// maxTasks is how many tasks a patch may have.
const maxTasks = 50

// Tasks lists the tasks of a patch in their order.
func (s *Service) Tasks(ctx context.Context, t *team.Team, number int64) ([]Task, error) {
	g := s.db.Read(ctx)
	p, err := ByNumber(g, t.ID, number)
	if err != nil {
		return nil, err
	}
	return tasksOf(g, p.ID)
}

// OpenTasks lists what somebody still has to do on open patches, at most limit:
// what is due first stands first.
func (s *Service) OpenTasks(ctx context.Context, t *team.Team, userID string, limit int) ([]OpenTask, error) {
	return openTasks(s.db.Read(ctx), t.ID, userID, limit)
}

// AddTask adds a task to a patch, at the end or below another one.
func (s *Service) AddTask(ctx context.Context, who audit.Who, t *team.Team, number int64, e TaskEdit) (*Task, error) {
	var k *Task
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, tasks, err := holdTasks(tx, t, number)
		if err != nil {
			return err
		}
		if len(tasks) >= maxTasks {
			return fault.New(fault.Conflict, "%s has %d tasks, and no patch has more. Delete one first, or split the patch.", Key(t.Key, number), maxTasks)
		}
		k = &Task{ID: db.NewID(), PatchID: p.ID, Kind: team.TaskOther, State: TaskToDo, Version: 1}
		if len(tasks) > 0 && e.After == nil {
			last := &tasks[len(tasks)-1].ID
			e.After = &last
		} else if e.After == nil {
			e.After = new(*string)
		}
		if err := e.apply(tx, t, k, tasks); err != nil {
			return err
		}
		if err := insertTask(tx, t.ID, k); err != nil {
			return err
		}
		return toldTask(tx, who, t, p, k, "task.added", taskGiven(nil, k.AssigneeID))
	})
	return k, err
}

// EditTask changes a task: what it is, how far, or where it stands.
func (s *Service) EditTask(ctx context.Context, who audit.Who, t *team.Team, number int64, id string, e TaskEdit) (*Task, error) {
	var k *Task
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, tasks, err := holdTasks(tx, t, number)
		if err != nil {
			return err
		}
		if k, err = taskSeen(tasks, id, e.Seen); err != nil {
			return err
		}
		old := *k
		if err := e.apply(tx, t, k, tasks); err != nil {
			return err
		}
		k.Version++
		if err := updateTask(tx, k); err != nil {
			return err
		}
		return toldTask(tx, who, t, p, k, taskAction(&old, k), taskChanges(&old, k))
	})
	return k, err
}

// DeleteTask deletes a task. Adding it again, below what it stood below, undoes it.
func (s *Service) DeleteTask(ctx context.Context, who audit.Who, t *team.Team, number int64, id string, seen int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, tasks, err := holdTasks(tx, t, number)
		if err != nil {
			return err
		}
		k, err := taskSeen(tasks, id, seen)
		if err != nil {
			return err
		}
		if err := removeTask(tx, k.ID); err != nil {
			return err
		}
		return toldTask(tx, who, t, p, k, "task.deleted", nil)
	})
}

// holdTasks reads a patch with its tasks, and lets one at a time change them.
func holdTasks(tx *db.Tx, t *team.Team, number int64) (*Patch, []Task, error) {
	p, err := ByNumber(tx.DB, t.ID, number)
	if err != nil {
		return nil, nil, err
	}
	if err := tx.Lock("patches", p.ID); err != nil {
		return nil, nil, err
	}
	tasks, err := tasksOf(tx.DB, p.ID)
	return p, tasks, err
}

func taskSeen(tasks []Task, id string, seen int64) (*Task, error) {
	i := slices.IndexFunc(tasks, func(k Task) bool { return k.ID == id })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "There is no such task on this patch.")
	}
	k := tasks[i]
	if k.Version != seen {
		return nil, fault.Stale(&k, "Somebody changed this task first. Look at it as it is now, then decide.")
	}
	return &k, nil
}

func (e TaskEdit) apply(tx *db.Tx, t *team.Team, k *Task, tasks []Task) error {
	if e.Kind != nil {
		k.Kind = *e.Kind
	}
	if e.Title != nil {
		k.Title = *e.Title
	}
	if e.Hours != nil {
		k.Hours = *e.Hours
	}
	step := team.TaskStep{Kind: k.Kind, Title: k.Title, Hours: k.Hours}
	if err := step.Check(""); err != nil {
		return err
	}
	k.Title = step.Title
	if e.State != nil {
		if !slices.Contains([]string{TaskToDo, TaskDoing, TaskDone}, *e.State) {
			return fault.Wrong("/state", "A task is to_do, doing or done.")
		}
		k.State = *e.State
	}
	if e.AssigneeID != nil {
		if err := checkAssignee(tx, t.ID, *e.AssigneeID); err != nil {
			return err
		}
		k.AssigneeID = *e.AssigneeID
		var err error
		if k.AssigneeName, err = nameOfUser(tx.DB, k.AssigneeID); err != nil {
			return err
		}
	}
	return e.place(tx, k, tasks)
}

// place puts a task below another one; keys that have become long are dealt anew.
func (e TaskEdit) place(tx *db.Tx, k *Task, tasks []Task) error {
	if e.After == nil {
		return nil
	}
	others := slices.DeleteFunc(slices.Clone(tasks), func(o Task) bool { return o.ID == k.ID })
	at := 0
	if id := *e.After; id != nil {
		if at = 1 + slices.IndexFunc(others, func(o Task) bool { return o.ID == *id }); at == 0 {
			return fault.New(fault.Conflict, "The task it should stand below is gone. Look at the list again.")
		}
	}
	above, below := "", ""
	if at > 0 {
		above = others[at-1].Place
	}
	if at < len(others) {
		below = others[at].Place
	}
	key, err := scrum.RankBetween(above, below)
	if err == nil && len(key) < scrum.RankLimit {
		k.Place = key
		return nil
	}
	fresh := scrum.RankSpread(len(others) + 1)
	k.Place = fresh[at]
	return spreadTasks(tx, others, slices.Delete(fresh, at, at+1))
}

// taskAction is how the history of the patch calls a change of a task.
func taskAction(old, now *Task) string {
	switch {
	case old.State != now.State && now.State == TaskDone:
		return "task.done"
	case old.State == TaskDone && now.State != TaskDone:
		return "task.reopened"
	}
	return "task.changed"
}

// taskChanges tells field by field what was and what is.
func taskChanges(old, now *Task) map[string]any {
	out := map[string]any{}
	if old.Title != now.Title {
		out["renamed"] = fromTo(old.Title, now.Title)
	}
	if old.Kind != now.Kind {
		out["kind"] = fromTo(old.Kind, now.Kind)
	}
	if old.State != now.State {
		out["state"] = fromTo(old.State, now.State)
	}
	maps.Copy(out, taskGiven(old.AssigneeID, now.AssigneeID))
	if !equal(old.Hours, now.Hours) {
		out["hours"] = fromTo(old.Hours, now.Hours)
	}
	return out
}

// taskGiven tells whose a task was and whose it is, if that has changed.
func taskGiven(was, is *string) map[string]any {
	if equal(was, is) {
		return map[string]any{}
	}
	return map[string]any{"task_assignee": fromTo(was, is)}
}

func toldTask(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, k *Task, action string, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["task"], detail["title"] = k.ID, strings.TrimSpace(k.Title)
	return Tell(tx, who, t, p, event.PatchChanged, action, detail)
}
