package history

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"patchline/internal/scrum"
)

// track is an issue's way through the sprints, as events of each.
type track struct {
	key, title string
	events     map[int64][]scrum.Event

	fields     *jiraFields
	touched    []int64 // every sprint it was ever in
	in         map[int64]bool
	open       map[int64]bool // it came in before it was done
	points     *float64
	done       bool
	resolution string
	at         string
	actor      string
}

// dated is a change with its moment.
type dated struct {
	at time.Time
	jiraHistory
}

// follow walks an issue's change log forwards, from what it was when it was made.
func (f *jiraFields) follow(issue *jiraIssue) (*track, error) {
	if issue.Key == "" {
		return nil, errors.New("it has no key")
	}
	histories, err := inOrder(issue.Changelog.Histories)
	if err != nil {
		return nil, err
	}
	tr := f.begin(issue, histories)
	for _, h := range histories {
		tr.at, tr.actor = h.at.Format(time.RFC3339Nano), plain(h.Author.DisplayName)
		tr.apply(h.Items)
	}
	return tr, nil
}

func inOrder(histories []jiraHistory) ([]dated, error) {
	out := make([]dated, len(histories))
	for i, h := range histories {
		at, err := jiraTime(h.Created)
		if err != nil {
			return nil, errors.New("a change has no time")
		}
		out[i] = dated{at, h}
	}
	slices.SortStableFunc(out, func(a, b dated) int { return a.at.Compare(b.at) })
	return out, nil
}

// begin is the issue before its first change: where a field never changed, it was
// always what it is now.
func (f *jiraFields) begin(issue *jiraIssue, histories []dated) *track {
	var status jiraStatus
	var resolution struct{ Name string }
	var title, created string
	for name, to := range map[string]any{"status": &status, "resolution": &resolution, "summary": &title, "created": &created} {
		_ = json.Unmarshal(issue.Fields[name], to) // what is missing stays empty
	}
	tr := &track{
		key: issue.Key, title: plain(title), events: map[int64][]scrum.Event{}, fields: f, open: map[int64]bool{},
		in: f.currentSprints(issue), points: f.currentPoints(issue), done: f.isDone(status.ID, status.Name), resolution: resolution.Name,
	}
	ever := maps.Clone(tr.in)
	for i := len(histories) - 1; i >= 0; i-- {
		for _, c := range slices.Backward(histories[i].Items) {
			tr.undo(c, ever)
		}
	}
	tr.touched = slices.Sorted(maps.Keys(ever))
	tr.at = "1970-01-02T00:00:00Z"
	if at, err := jiraTime(created); err == nil {
		tr.at = at.Format(time.RFC3339Nano)
	}
	tr.join(nil)
	return tr
}

func (tr *track) undo(c jiraChange, ever map[int64]bool) {
	switch {
	case isSprint(c.Field):
		tr.in = sprintIDs(c.From)
		maps.Copy(ever, tr.in)
		maps.Copy(ever, sprintIDs(c.To))
	case isPoints(c.Field):
		tr.points = pointsOf(c.FromString)
	case c.Field == "status":
		tr.done = tr.fields.isDone(c.From, c.FromString)
	case c.Field == "resolution":
		tr.resolution = c.FromString
	}
}

// apply takes the changes of one moment together: a status and its resolution
// change at once.
func (tr *track) apply(changes []jiraChange) {
	before, wasDone, estimated := tr.in, tr.done, false
	for _, c := range changes {
		switch {
		case isSprint(c.Field):
			tr.in = sprintIDs(c.To)
		case isPoints(c.Field):
			tr.points, estimated = pointsOf(c.ToString), true
		case c.Field == "status":
			tr.done = tr.fields.isDone(c.To, c.ToString)
		case c.Field == "resolution":
			tr.resolution = c.ToString
		}
	}
	if estimated {
		tr.everywhere(scrum.Event{Verb: scrum.VerbEstimate, Points: tr.points})
	}
	if wasDone && !tr.done {
		tr.reopen()
	}
	tr.join(before)
	if !wasDone && tr.done {
		tr.finish()
	}
}

func (tr *track) say(sprint int64, e scrum.Event) {
	e.At, e.Item, e.Actor = tr.at, tr.key, tr.actor
	tr.events[sprint] = append(tr.events[sprint], e)
}

func (tr *track) everywhere(e scrum.Event) {
	for _, id := range tr.touched {
		tr.say(id, e)
	}
}

// join tells of the sprints the issue came into and left. What is done already is
// no work of a sprint.
func (tr *track) join(before map[int64]bool) {
	for _, id := range tr.touched {
		switch {
		case tr.in[id] && !before[id] && !tr.done:
			tr.open[id] = true
			tr.say(id, scrum.Event{Verb: scrum.VerbAdd, Points: tr.points})
		case before[id] && !tr.in[id]:
			tr.say(id, scrum.Event{Verb: scrum.VerbRemove})
		}
	}
}

func (tr *track) finish() {
	reason := dropReason(tr.resolution)
	for _, id := range tr.touched {
		if !tr.in[id] {
			continue
		}
		if reason != "" {
			delete(tr.open, id)
			tr.say(id, scrum.Event{Verb: scrum.VerbDrop, Text: string(reason)})
			continue
		}
		tr.say(id, scrum.Event{Verb: scrum.VerbComplete})
	}
}

// reopen brings work back. What was dropped, or came in when it was done, is new to
// the sprint.
func (tr *track) reopen() {
	for _, id := range tr.touched {
		if !tr.in[id] {
			continue
		}
		if tr.open[id] {
			tr.say(id, scrum.Event{Verb: scrum.VerbReopen, Text: string(scrum.OtherReason)})
			continue
		}
		tr.open[id] = true
		tr.say(id, scrum.Event{Verb: scrum.VerbAdd, Points: tr.points})
	}
}

// plain leaves out what no database stores and nobody can read.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
}
