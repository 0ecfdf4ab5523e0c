package history

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"patchline/internal/scrum"
)

// jiraFields knows which custom fields of a Jira are the sprint and the points, and
// which of its statuses are done.
type jiraFields struct {
	sprint, points []string
	done, notDone  map[string]bool // by status id and by name in small letters
}

type jiraStatus struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Category struct {
		Key string `json:"key"`
	} `json:"statusCategory"`
}

// pointsByDefault is Jira Cloud's story point estimate; elsewhere the number of the
// field differs from one Jira to the next.
const pointsByDefault = "customfield_10016"

func isSprint(name string) bool { return strings.EqualFold(name, "Sprint") }

func isPoints(name string) bool {
	return strings.EqualFold(name, "Story Points") || strings.EqualFold(name, "Story point estimate")
}

func fieldsOf(issues []jiraIssue, names map[string]string, d document) jiraFields {
	f := jiraFields{done: map[string]bool{}, notDone: map[string]bool{}}
	sprint, points := map[string]bool{"sprint": true, "closedSprints": true}, map[string]bool{}
	note := func(id, name string) {
		if isSprint(name) && id != "" {
			sprint[id] = true
		}
		if isPoints(name) {
			points[id] = true
		}
	}
	for id, name := range names {
		note(id, name)
	}
	var statuses []jiraStatus
	_ = json.Unmarshal(d.Statuses, &statuses) // may be left out
	for i := range issues {
		for _, h := range issues[i].Changelog.Histories {
			for _, c := range h.Items {
				note(c.FieldID, c.Field)
			}
		}
		var status jiraStatus
		if json.Unmarshal(issues[i].Fields["status"], &status) == nil {
			statuses = append(statuses, status)
		}
		if _, has := issues[i].Fields[pointsByDefault]; has {
			points[pointsByDefault] = true
		}
	}
	f.learn(statuses)
	if d.PointsField != "" {
		points = map[string]bool{d.PointsField: true}
	}
	f.sprint, f.points = keys(sprint), keys(points)
	return f
}

func keys(set map[string]bool) (out []string) {
	for key := range set {
		out = append(out, key)
	}
	return out
}

func (f *jiraFields) learn(statuses []jiraStatus) {
	for _, s := range statuses {
		set := f.notDone
		if s.Category.Key == "done" {
			set = f.done
		}
		set[s.ID], set[strings.ToLower(s.Name)] = true, true
	}
}

// usuallyDone are names of statuses of which the export does not say the category.
var usuallyDone = map[string]bool{
	"done": true, "closed": true, "resolved": true, "complete": true, "completed": true, "verified": true, "released": true, "deployed": true,
	"cancelled": true, "canceled": true, "won't do": true, "rejected": true, "declined": true,
}

func (f *jiraFields) isDone(id, name string) bool {
	name = strings.ToLower(name)
	switch {
	case f.done[id] && id != "" || f.done[name]:
		return true
	case f.notDone[id] && id != "" || f.notDone[name]:
		return false
	}
	return usuallyDone[name]
}

// dropReason is why an issue was ended without being done, or "".
func dropReason(resolution string) scrum.DropReason {
	text := strings.ToLower(resolution)
	for _, r := range []struct {
		words  []string
		reason scrum.DropReason
	}{
		{[]string{"duplicate"}, scrum.Duplicate},
		{[]string{"obsolete", "superseded", "outdated"}, scrum.Superseded},
		{[]string{"reproduce", "invalid", "not a bug", "incomplete", "known error"}, scrum.FalsePositive},
		{[]string{"won't", "wont", "will not", "declined", "rejected", "abandoned", "cancel"}, scrum.RiskAccepted},
	} {
		for _, word := range r.words {
			if strings.Contains(text, word) {
				return r.reason
			}
		}
	}
	return ""
}

func pointsOf(text string) *float64 {
	points, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || !scrum.ValidPoints(points) {
		return nil
	}
	return &points
}

// currentPoints is the estimate that stands in the issue now.
func (f *jiraFields) currentPoints(issue *jiraIssue) *float64 {
	for _, id := range f.points {
		if text := string(issue.Fields[id]); text != "" && text != "null" {
			return pointsOf(text)
		}
	}
	return nil
}

// oldSprint finds the id in the text that older servers give for a sprint.
var oldSprint = regexp.MustCompile(`com\.atlassian\.greenhopper\.service\.sprint\.Sprint@[^\[]*\[(?:[^\]]*,)?id=(\d+)`)

// currentSprints are the ids of all sprints the issue is or was in.
func (f *jiraFields) currentSprints(issue *jiraIssue) map[int64]bool {
	ids := map[int64]bool{}
	for id, text := range issue.Fields {
		for _, m := range oldSprint.FindAllSubmatch(text, -1) {
			n, _ := strconv.ParseInt(string(m[1]), 10, 64) // digits
			ids[n] = true
		}
		if !contains(f.sprint, id) {
			continue
		}
		var one struct{ ID int64 }
		var many []struct{ ID int64 }
		if json.Unmarshal(text, &many) == nil {
			for _, s := range many {
				ids[s.ID] = true
			}
		} else if json.Unmarshal(text, &one) == nil {
			ids[one.ID] = true
		}
	}
	delete(ids, 0)
	return ids
}

func contains(list []string, x string) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}
