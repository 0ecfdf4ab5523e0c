package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// document is a JSON file by its outermost fields; they say what it is.
type document struct {
	Scenario    json.RawMessage `json:"scenario"`
	Events      json.RawMessage `json:"events"`
	Start       json.RawMessage `json:"start"`
	Sprints     json.RawMessage `json:"sprints"`
	Issues      json.RawMessage `json:"issues"`
	Statuses    json.RawMessage `json:"statuses"`
	PointsField string          `json:"points_field"`

	Forecast *struct { // what the history forecast at its close
		Samples   []float64 `json:"samples"`
		Remaining float64   `json:"remaining"`
	} `json:"forecast"`
	SLA []scrum.OnTime `json:"sla"`
}

const whatJSON = "A history in JSON is a sprint with its events (fields start, close, events), a list of such, or Jira's {\"sprints\": …, \"issues\": …}."

func readJSON(t *team.Team, data []byte) ([]past, error) {
	if data[0] == '[' {
		return readList(t, data)
	}
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, refuse("%s %s", sentenceOf(err), whatJSON)
	}
	if d.Sprints != nil && d.Issues != nil {
		return readJira(t, d)
	}
	one, err := readScenario(t, d, data)
	if err != nil {
		return nil, refuse("%s", err)
	}
	return []past{one}, nil
}

func readList(t *team.Team, data []byte) ([]past, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, refuse("%s %s", sentenceOf(err), whatJSON)
	}
	if len(list) == 0 {
		return nil, refuse("The list is empty.")
	}
	var out []past
	for i, text := range list {
		var d document
		err := json.Unmarshal(text, &d)
		if err != nil {
			err = errors.New(sentenceOf(err))
		}
		var one past
		if err == nil {
			one, err = readScenario(t, d, text)
		}
		if err != nil {
			return nil, refuse("%s%s", position(i, len(list)), err)
		}
		out = append(out, one)
	}
	return out, nil
}

// sentenceOf tells what is wrong with JSON without the words of its decoder.
func sentenceOf(err error) string {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Sprintf("The field %s is of another kind than it should be.", kind.Field)
	case errors.As(err, &syntax):
		return fmt.Sprintf("The JSON breaks off or is wrong at byte %d.", syntax.Offset)
	}
	return "This JSON is not a history: " + err.Error() + "."
}

// readScenario reads a sprint told as events, alone or beside what is known of it.
func readScenario(t *team.Team, d document, data []byte) (past, error) {
	if d.Scenario == nil && (d.Events == nil || d.Start == nil) {
		return past{}, errors.New("This JSON is no history of a sprint. " + whatJSON)
	}
	sc, err := scrum.ParseScenario(data)
	if err != nil {
		if inner := errors.Unwrap(err); inner != nil {
			err = inner
		}
		return past{}, errors.New(sentenceOf(err))
	}
	return replay(t, sc, d, FormatScenario)
}

// replay turns events into the sprint that they tell. Without a zone or a week of
// its own it was lived in the team's.
func replay(t *team.Team, sc scrum.Scenario, d document, format string) (past, error) {
	if sc.Zone == "" {
		sc.Zone = t.TimeZone
	}
	if len(sc.Week) == 0 {
		sc.Week = t.WorkingWeek
	}
	folded, err := scrum.Replay(sc)
	if err != nil {
		return past{}, fmt.Errorf("This history cannot be replayed: %s.", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	p := past{Past: sprint.Past{Sprint: folded, Name: sc.Name, Goal: sc.Goal, Format: format}}
	p.Outlook = d.outlook()
	p.lateEvents(sc)
	return p, nil
}

// lateEvents tells that a history goes on after its sprint.
func (p *past) lateEvents(sc scrum.Scenario) {
	late := 0
	for _, e := range sc.Events {
		if at, err := scrum.ParseWall(e.At, p.Calendar.Zone); err == nil && at.After(p.Close) {
			late++
		}
	}
	if late > 0 {
		p.warn("Events after the close change nothing: %d.", late)
	}
}

func (d document) outlook() *sprint.PastOutlook {
	if d.Forecast == nil {
		return nil
	}
	o := &sprint.PastOutlook{Samples: d.Forecast.Samples, Remaining: d.Forecast.Remaining}
	above := 0.0
	for _, row := range d.SLA {
		o.Ranked = append(o.Ranked, scrum.Ranked{Item: row.Item, Points: row.Cumulative - above, DueSprint: row.DueSprint})
		above = row.Cumulative
	}
	return o
}
