package notify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/team"
)

// lookedAt are the kinds of events whose patches and sprints are looked at. Several of
// one transaction lead to the same facts, which are told once.
var lookedAt = []string{event.PatchChanged, event.PatchesChanged, event.CommentChanged, event.BlockerChanged, event.ExceptionChanged, event.SprintChanged, event.ReviewChanged}

// newsOf works out what an event means for whom. The event says which patches or
// which sprint it is about; what was done to them is what the audit says about the
// moment of its transaction, and sayings hold what that means. Things are looked at
// as they are now: what was taken back meanwhile is no news.
func newsOf(g db.Reader, t place, e event.Event) (all []News, err error) {
	if e.Kind == event.KEVAdded {
		return exploited(g, t, e)
	}
	if !slices.Contains(lookedAt, e.Kind) {
		return nil, nil
	}
	subjects, err := subjectsOf(g, t, e)
	if err != nil {
		return nil, err
	}
	for _, about := range subjects {
		facts, err := factsOf(g, about.id, e.At)
		if err != nil {
			return nil, err
		}
		for _, f := range facts {
			o := &occasion{g, t, e, about, f}
			news, err := o.news()
			if err != nil {
				return nil, err
			}
			all = append(all, news...)
		}
	}
	return all, nil
}

// subject is a patch, a sprint or its review as it is now.
type subject struct {
	id, name, path string // a patch's name is its key
	patchID        string // of a patch
	body           string // its title, or the goal of the sprint
	assignee       person // of a patch; without an id if it has none
}

func subjectsOf(g db.Reader, t place, e event.Event) ([]subject, error) {
	switch e.Kind {
	case event.SprintChanged:
		return sprintOf(g, t, e.Sprint)
	case event.ReviewChanged:
		return reviewOf(g, t, e.Sprint)
	}
	keys := e.Keys
	if e.Key != "" {
		keys = append(keys, e.Key)
	}
	var out []subject
	for _, key := range keys {
		found, err := patchOf(g, t, key)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// occasion is a fact about a subject.
type occasion struct {
	g     db.Reader
	team  place
	event event.Event
	about subject
	fact  fact
}

// news are what the sayings about a fact come to.
func (o *occasion) news() (out []News, err error) {
	if gone, err := o.takenBack(); err != nil || gone {
		return nil, err
	}
	for _, s := range append(slices.Clone(sayings[o.fact.action]), always...) {
		if s.when != nil {
			if said, err := s.when(o); err != nil {
				return nil, err
			} else if !said {
				continue
			}
		}
		people, err := s.to(o)
		if err != nil {
			return nil, err
		}
		if !s.each {
			out = append(out, o.say(s, person{}, people))
			continue
		}
		for _, p := range people {
			out = append(out, o.say(s, p, []person{p}))
		}
	}
	return out, nil
}

// takenBack tells whether the comment that a fact is about is gone.
func (o *occasion) takenBack() (bool, error) {
	id := o.fact.text("comment")
	if id == "" {
		return false, nil
	}
	there, err := commentThere(o.g, id)
	return !there, err
}

// say makes news of a saying, about one person if it names one.
func (o *occasion) say(s saying, who person, people []person) News {
	until := o.fact.text("until")
	fact := o.fact.action + " " + o.fact.id
	fill := strings.NewReplacer("{by}", o.fact.by, "{it}", o.about.name, "{name}", who.name, "{id}", who.id, "{until}", until[:min(len(until), len("2026-03-02"))],
		"{fact}", fact, "{blocker}", o.fact.text("blocker"))
	n := News{
		Source: cmp.Or(fill.Replace(s.as), fact), Kind: s.kind, Title: fill.Replace(s.title), Mine: fill.Replace(s.mine),
		Body: o.about.body, Path: o.about.path, Actor: o.fact.userID, At: o.event.At,
		PatchID: o.about.patchID,
	}
	if needed := o.fact.text("needed"); s.kind == Blocker && needed != "" {
		n.Body = needed
	}
	if s.kind == Assigned {
		n.TaskID = o.fact.givenTask()
	}
	if n.TaskID != "" {
		n.Body = o.fact.text("title")
	}
	if s.path != nil {
		n.Path = s.path(o)
	}
	n.To = ids(people)
	return n
}

// exploited concerns the whole team, once for many patches.
func exploited(g db.Reader, t place, e event.Event) ([]News, error) {
	if len(e.Keys) == 0 {
		return nil, nil
	}
	people, err := peopleWith(g, t.id, team.Read)
	if err != nil {
		return nil, err
	}
	n := News{Source: fmt.Sprintf("event %d %s", e.ID, KEV), Kind: KEV, Path: "/t/" + t.key + "/backlog?kev=true", Body: listed(e.Keys), At: e.At}
	n.Title = fmt.Sprintf("%d patches have a vulnerability that is known to be exploited now", len(e.Keys))
	if len(e.Keys) == 50 {
		n.Title = "50 or more patches have a vulnerability that is known to be exploited now"
	}
	n.To = ids(people)
	if len(e.Keys) > 1 {
		return []News{n}, nil
	}
	found, err := patchOf(g, t, e.Keys[0])
	n.Title, n.Body = e.Keys[0]+" has a vulnerability that is known to be exploited now", ""
	for _, p := range found {
		n.Path, n.Body = p.path, p.body
	}
	return []News{n}, err
}

// listed names a few keys.
func listed(keys []string) string {
	const few = 5
	text := strings.Join(keys[:min(few, len(keys))], ", ")
	if more := len(keys) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
