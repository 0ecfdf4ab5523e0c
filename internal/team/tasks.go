package team

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
)

// Kinds of tasks.
const (
	TaskTest     = "test"
	TaskBackUp   = "back_up"
	TaskDeploy   = "deploy"
	TaskVerify   = "verify"
	TaskAnnounce = "announce"
	TaskOther    = "other"
)

// TaskKinds in the order of work.
var TaskKinds = []string{TaskTest, TaskBackUp, TaskDeploy, TaskVerify, TaskAnnounce, TaskOther}

// TaskTemplates are the lists of tasks that a team begins patches with.
type TaskTemplates struct {
	Automatic bool           `json:"automatic"` // applied when a patch comes into a sprint
	Templates []TaskTemplate `json:"templates"` // the first that fits counts
}

// TaskTemplate is one list of tasks, for the patches that a pattern fits.
type TaskTemplate struct {
	Name    string     `json:"name"`
	Pattern string     `json:"pattern"` // of product or component, where * stands for any text: "openssl", "Windows *", "*"
	Tasks   []TaskStep `json:"tasks"`
}

// TaskStep is a task of a template.
type TaskStep struct {
	Kind  string   `json:"kind"`
	Title string   `json:"title"`
	Hours *float64 `json:"hours,omitempty"` // estimated
}

const (
	maxTemplates = 50
	maxSteps     = 20
	maxTitle     = 200
	maxHours     = 1000
)

// Check brings a task into its usual form; at is the JSON pointer of where it is.
func (s *TaskStep) Check(at string) error {
	s.Title = strings.TrimSpace(s.Title)
	switch {
	case s.Title == "" || len([]rune(s.Title)) > maxTitle:
		return fault.Wrong(at+"/title", "A task says what is to be done, in at most %d letters.", maxTitle)
	case !slices.Contains(TaskKinds, s.Kind):
		return fault.Wrong(at+"/kind", "A task is test, back_up, deploy, verify, announce or other.")
	case s.Hours != nil && !(*s.Hours >= 0.25 && *s.Hours <= maxHours):
		return fault.Wrong(at+"/hours", "The estimate is a number of hours from a quarter to %d.", maxHours)
	}
	return nil
}

// TaskTemplates reads the team's lists; a new team has none.
func (t *Team) TaskTemplates() (TaskTemplates, error) {
	out := TaskTemplates{Templates: []TaskTemplate{}}
	if t.TaskTemplatesText == "" {
		return out, nil
	}
	if err := json.Unmarshal([]byte(t.TaskTemplatesText), &out); err != nil {
		return out, fmt.Errorf("task templates of team %s: %w", t.Key, err)
	}
	return out, nil
}

// For is the first template whose pattern fits one of the names; nil if none does.
func (t TaskTemplates) For(names ...string) *TaskTemplate {
	for i := range t.Templates {
		if slices.ContainsFunc(names, func(n string) bool { return n != "" && fits(t.Templates[i].Pattern, n) }) {
			return &t.Templates[i]
		}
	}
	return nil
}

// Named is the template of a name; nil if there is none.
func (t TaskTemplates) Named(name string) *TaskTemplate {
	i := slices.IndexFunc(t.Templates, func(o TaskTemplate) bool { return strings.EqualFold(o.Name, name) })
	if i < 0 {
		return nil
	}
	return &t.Templates[i]
}

// fits tells whether a whole name is as a pattern says; letter case does not matter.
// It looks for the pieces between the stars one after another, each as early as
// possible, which is linear in the name.
func fits(pattern, name string) bool {
	pieces := strings.Split(strings.ToLower(pattern), "*")
	name = strings.ToLower(name)
	last := len(pieces) - 1
	if last == 0 {
		return name == pieces[0]
	}
	rest, ok := strings.CutPrefix(name, pieces[0])
	if !ok {
		return false
	}
	for _, piece := range pieces[1:last] {
		if _, rest, ok = strings.Cut(rest, piece); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, pieces[last])
}

func (t *TaskTemplates) check() error {
	if len(t.Templates) > maxTemplates {
		return fault.Wrong("/templates", "A team has at most %d templates.", maxTemplates)
	}
	seen := map[string]bool{}
	for i := range t.Templates {
		m := &t.Templates[i]
		m.Name, m.Pattern = strings.TrimSpace(m.Name), strings.TrimSpace(m.Pattern)
		at, key := fmt.Sprintf("/templates/%d", i), strings.ToLower(m.Name)
		switch {
		case m.Name == "" || len([]rune(m.Name)) > 80 || seen[key]:
			return fault.Wrong(at+"/name", "Each template has a name of its own, of at most 80 letters.")
		case m.Pattern == "" || len([]rune(m.Pattern)) > maxTitle:
			return fault.Wrong(at+"/pattern", "A pattern is the name of a product or component, where * stands for any text.")
		case len(m.Tasks) == 0 || len(m.Tasks) > maxSteps:
			return fault.Wrong(at+"/tasks", "A template has 1 to %d tasks.", maxSteps)
		}
		seen[key] = true
		titles := map[string]bool{}
		for j := range m.Tasks {
			where := fmt.Sprintf("%s/tasks/%d", at, j)
			if err := m.Tasks[j].Check(where); err != nil {
				return err
			}
			if title := strings.ToLower(m.Tasks[j].Title); titles[title] {
				return fault.Wrong(where+"/title", "Two tasks of one template have different titles: by these they are told apart.")
			} else {
				titles[title] = true
			}
		}
	}
	return nil
}

// SetTaskTemplates replaces a team's templates. Seen is the team's version that they
// were made from.
func (s *Service) SetTaskTemplates(ctx context.Context, who audit.Who, id string, tt TaskTemplates, seen int64) (*Team, error) {
	if err := tt.check(); err != nil {
		return nil, err
	}
	return s.changeSettings(ctx, who, id, seen, func(tx *db.Tx, t *Team) error {
		text, err := json.Marshal(tt)
		if err != nil {
			return err
		}
		t.TaskTemplatesText = string(text)
		if err := saveTaskTemplates(tx, t); err != nil {
			return err
		}
		return audit.Write(tx, who, t.ID, "team.task_templates_changed", t.ID, map[string]any{"task_templates": tt})
	})
}
