package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Jira's answers, as `GET /rest/agile/1.0/board/{id}/sprint?state=closed` and
// `GET /rest/agile/1.0/board/{id}/issue?expand=changelog,names` give them. Field
// names as in Atlassian's reference of the Jira Software REST API.

type jiraSprint struct {
	ID            int64  `json:"id"`
	Name          string `json:"name"`
	Goal          string `json:"goal"`
	State         string `json:"state"`
	StartDate     string `json:"startDate"`
	ActivatedDate string `json:"activatedDate"` // Data Center: when it was really started
	EndDate       string `json:"endDate"`
	CompleteDate  string `json:"completeDate"`
}

type jiraIssue struct {
	Key       string                     `json:"key"`
	Fields    map[string]json.RawMessage `json:"fields"`
	Changelog struct {
		Total     int           `json:"total"`
		Histories []jiraHistory `json:"histories"`
	} `json:"changelog"`
}

type jiraHistory struct {
	Created string `json:"created"`
	Author  struct {
		DisplayName string `json:"displayName"`
	} `json:"author"`
	Items []jiraChange `json:"items"`
}

type jiraChange struct {
	Field      string `json:"field"`
	FieldID    string `json:"fieldId"`
	From       string `json:"from"`
	FromString string `json:"fromString"`
	To         string `json:"to"`
	ToString   string `json:"toString"`
}

// jiraPage is a page of one of the two lists.
type jiraPage struct {
	Values  []json.RawMessage `json:"values"`
	Issues  []json.RawMessage `json:"issues"`
	Names   map[string]string `json:"names"` // of fields, with expand=names
	StartAt int               `json:"startAt"`
	Total   int               `json:"total"`
	IsLast  *bool             `json:"isLast"`
}

// pagesOf reads a list, a page of one, or a list of pages.
func pagesOf(data json.RawMessage) (rows []json.RawMessage, names map[string]string, complete bool, err error) {
	names, complete = map[string]string{}, true
	pages := []json.RawMessage{data}
	if text := bytes.TrimSpace(data); len(text) > 0 && text[0] == '[' {
		if err := json.Unmarshal(data, &pages); err != nil {
			return nil, nil, false, err
		}
	}
	last, total := true, 0
	for _, text := range pages {
		var p jiraPage
		if err := json.Unmarshal(text, &p); err != nil {
			return nil, nil, false, err
		}
		if p.Values == nil && p.Issues == nil {
			rows = append(rows, text) // a plain row
			continue
		}
		rows = append(append(rows, p.Values...), p.Issues...)
		for id, name := range p.Names {
			names[id] = name
		}
		total, last = max(total, p.Total), p.IsLast == nil || *p.IsLast
	}
	return rows, names, last && len(rows) >= total, nil
}

// jiraExport is an export that was read.
type jiraExport struct {
	sprints  []jiraSprint
	issues   []jiraIssue
	fields   jiraFields
	warnings []string
}

func readJira(t *team.Team, d document) ([]past, error) {
	x, err := readExport(d)
	if err != nil {
		return nil, refuse("%s", err)
	}
	tracks := make([]*track, len(x.issues))
	for i := range x.issues {
		if tracks[i], err = x.fields.follow(&x.issues[i]); err != nil {
			return nil, refuse("Issue %d: %s.", i+1, err)
		}
	}
	var out []past
	for i, sp := range x.sprints {
		if !strings.EqualFold(sp.State, "closed") || sp.CompleteDate == "" {
			x.warnings = append(x.warnings, fmt.Sprintf("The sprint %q is not closed and was left out.", sp.Name))
			continue
		}
		p, err := sp.past(t, tracks)
		if err != nil {
			return nil, refuse("Sprint %d of the export: %s", i+1, err)
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, refuse("The export has no closed sprint.")
	}
	out[0].warnings = append(out[0].warnings, x.warnings...)
	return out, nil
}

func readExport(d document) (*jiraExport, error) {
	x := &jiraExport{}
	sprints, _, complete, err := pagesOf(d.Sprints)
	if err != nil {
		return nil, errors.New("The field sprints is neither a list nor a page of sprints.")
	}
	issues, names, all, err := pagesOf(d.Issues)
	if err != nil {
		return nil, errors.New("The field issues is neither a list nor a page of issues.")
	}
	if !complete || !all {
		x.warnings = append(x.warnings, "Jira answers in pages, and the last one is not in the file: sprints or issues are missing.")
	}
	if x.sprints, err = rowsOf[jiraSprint](sprints, "Sprint"); err != nil {
		return nil, err
	}
	if x.issues, err = rowsOf[jiraIssue](issues, "Issue"); err != nil {
		return nil, err
	}
	for _, issue := range x.issues {
		if n := len(issue.Changelog.Histories); n < issue.Changelog.Total {
			x.warnings = append(x.warnings, fmt.Sprintf("The history of %s is cut off at %d of %d changes.", issue.Key, n, issue.Changelog.Total))
		}
	}
	x.fields = fieldsOf(x.issues, names, d)
	if len(x.fields.points) == 0 {
		x.warnings = append(x.warnings, "No story points were found: ask Jira with expand=changelog,names, or name their field in points_field.")
	}
	return x, nil
}

func rowsOf[T any](list []json.RawMessage, what string) ([]T, error) {
	out := make([]T, len(list))
	for i, text := range list {
		if err := json.Unmarshal(text, &out[i]); err != nil {
			return nil, fmt.Errorf("%s %d of the export: %s", what, i+1, sentenceOf(err))
		}
	}
	return out, nil
}

// past makes the scenario of one sprint from the tracks of all issues.
func (s jiraSprint) past(t *team.Team, tracks []*track) (past, error) {
	start, startErr := jiraTime(s.StartDate)
	if s.ActivatedDate != "" {
		start, startErr = jiraTime(s.ActivatedDate)
	}
	end, endErr := jiraTime(s.EndDate)
	closed, closeErr := jiraTime(s.CompleteDate)
	if err := errors.Join(startErr, endErr, closeErr); err != nil {
		return past{}, errors.New("startDate, endDate and completeDate are not all times.")
	}
	cal, err := t.Calendar()
	if err != nil {
		return past{}, err
	}
	sc := scrum.Scenario{
		Name: s.Name, Goal: s.Goal, Zone: t.TimeZone, Week: t.WorkingWeek, Holidays: t.Holidays, PlannedEnd: cal.DayOf(end),
		Start: start.Format(time.RFC3339Nano), Close: closed.Format(time.RFC3339Nano),
	}
	titles := map[string]string{}
	for _, tr := range tracks {
		if events := tr.events[s.ID]; len(events) > 0 {
			sc.Events = append(sc.Events, events...)
			titles[tr.key] = tr.title
		}
	}
	p, err := replay(t, sc, document{}, FormatJira)
	p.Titles, p.Identity = titles, fmt.Sprintf("jira %d %q %s", s.ID, s.Name, s.CompleteDate)
	return p, err
}

// jiraTime reads a time as Jira writes it, with or without a colon in the offset.
func jiraTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05-0700"} { // a fraction is read in either
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("no time")
}

// sprintIDs reads "12, 13".
func sprintIDs(text string) map[int64]bool {
	ids := map[int64]bool{}
	for _, part := range strings.Split(text, ",") {
		if id, err := strconv.ParseInt(strings.TrimSpace(part), 10, 64); err == nil {
			ids[id] = true
		}
	}
	return ids
}
