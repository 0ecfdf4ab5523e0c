package notify

import (
	"fmt"
	"slices"

	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/team"
)

// newsOf works out what an event means for whom. It looks at what the transaction
// of the event wrote, which carries the same moment, and at how things are now: what
// was taken back meanwhile is no news.
func newsOf(g db.Reader, t place, e event.Event) ([]News, error) {
	switch e.Kind {
	case event.MentionAdded:
		return mentions(g, t, e)
	case event.CommentChanged:
		return comments(g, t, e)
	case event.PatchChanged, event.PatchesChanged:
		return assignments(g, t, e)
	case event.KEVAdded:
		return exploited(g, t, e)
	case event.BlockerChanged:
		return blockers(g, t, e)
	case event.ExceptionChanged:
		return exceptions(g, t, e)
	case event.SprintChanged:
		return sprints(g, t, e)
	}
	return nil, nil
}

// of begins news about an event.
func of(e event.Event, k Kind, path string) News {
	actor, _ := e.Actor["id"].(string)
	return News{Source: fmt.Sprintf("event %d %s", e.ID, k), Kind: k, Path: path, Actor: actor, At: e.At}
}

// by names the occasion after what was done, which other events may be about too.
func (n News) by(f fact) News {
	n.Source = f.action + " " + f.id
	return n
}

func actorName(e event.Event) string {
	name, _ := e.Actor["name"].(string)
	return name
}

func patchPath(t place, key string) string { return "/t/" + t.key + "/patches/" + key }

func mentions(g db.Reader, t place, e event.Event) ([]News, error) {
	p, err := patchOf(g, t, e.Key)
	if err != nil || p == nil {
		return nil, err
	}
	people, err := mentionedAt(g, p.id, e.At)
	out := make([]News, len(people))
	for i, who := range people {
		n := of(e, Mention, patchPath(t, e.Key))
		n.Source += " " + who.id
		n.Title = fmt.Sprintf("%s mentioned %s on %s", actorName(e), who.name, e.Key)
		n.Mine = fmt.Sprintf("%s mentioned you on %s", actorName(e), e.Key)
		n.Body, n.To = p.title, []string{who.id}
		out[i] = n
	}
	return out, err
}

// comments are told to whom the patch is assigned, unless the same comment mentions
// them.
func comments(g db.Reader, t place, e event.Event) ([]News, error) {
	p, err := patchOf(g, t, e.Key)
	if err != nil || p == nil {
		return nil, err
	}
	there, err := commentedAt(g, p.id, e.At)
	if err != nil || !there {
		return nil, err
	}
	people, err := mentionedAt(g, p.id, e.At)
	if err != nil {
		return nil, err
	}
	n := of(e, Comment, patchPath(t, e.Key))
	n.Title, n.Body = fmt.Sprintf("%s commented on %s", actorName(e), e.Key), p.title
	if p.assignee != "" && !slices.ContainsFunc(people, func(who person) bool { return who.id == p.assignee }) {
		n.To = []string{p.assignee}
	}
	return []News{n}, nil
}

// joining is told to those who work on a patch beside its assignee from now on.
func joining(t place, e event.Event, f fact, key string, p *patch, to []string) News {
	n := of(e, Assigned, patchPath(t, key)).by(f)
	n.Title = fmt.Sprintf("%s asked others to work on %s", actorName(e), key)
	n.Mine = fmt.Sprintf("%s asked you to work on %s too", actorName(e), key)
	n.Body, n.To = p.title, to
	return n
}

// assignments are told to whom a patch was given, if it still is theirs, and to
// those who came to help.
func assignments(g db.Reader, t place, e event.Event) (out []News, err error) {
	keys := e.Keys
	if e.Key != "" {
		keys = append(keys, e.Key)
	}
	for _, key := range keys {
		p, err := patchOf(g, t, key)
		if err != nil {
			return nil, err
		}
		if p == nil {
			continue
		}
		facts, err := factsOf(g, p.id, e.At)
		if err != nil {
			return nil, err
		}
		for _, f := range facts {
			if to := f.joined(); len(to) > 0 {
				out = append(out, joining(t, e, f, key, p, to))
			}
			if p.assignee == "" || f.assignedTo() != p.assignee {
				continue
			}
			n := of(e, Assigned, patchPath(t, key)).by(f)
			n.Title = fmt.Sprintf("%s assigned %s to %s", actorName(e), key, p.assigneeName)
			n.Mine = fmt.Sprintf("%s assigned %s to you", actorName(e), key)
			n.Body, n.To = p.title, []string{p.assignee}
			out = append(out, n)
		}
	}
	return out, nil
}

// exploited concerns the whole team.
func exploited(g db.Reader, t place, e event.Event) ([]News, error) {
	if len(e.Keys) == 0 {
		return nil, nil
	}
	people, err := peopleWith(g, t.id, team.Read)
	n := of(e, KEV, "/t/"+t.key+"/backlog?kev=true")
	n.Title = fmt.Sprintf("%d patches have a vulnerability that is known to be exploited now", len(e.Keys))
	if len(e.Keys) == 50 {
		n.Title = "50 or more patches have a vulnerability that is known to be exploited now"
	}
	n.Body, n.To = listed(e.Keys), people
	if len(e.Keys) > 1 || err != nil {
		return []News{n}, err
	}
	p, err := patchOf(g, t, e.Keys[0])
	n.Path, n.Title = patchPath(t, e.Keys[0]), e.Keys[0]+" has a vulnerability that is known to be exploited now"
	if n.Body = ""; p != nil {
		n.Body = p.title
	}
	return []News{n}, err
}

// listed names a few keys.
func listed(keys []string) string {
	const few = 5
	text := ""
	for i, key := range keys[:min(few, len(keys))] {
		if i > 0 {
			text += ", "
		}
		text += key
	}
	if more := len(keys) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func sprints(g db.Reader, t place, e event.Event) ([]News, error) {
	s, err := sprintOf(g, t.id, e.Sprint)
	if err != nil || s == nil {
		return nil, err
	}
	facts, err := factsOf(g, s.id, e.At)
	if err != nil {
		return nil, err
	}
	for _, f := range facts {
		n := of(e, Sprint, fmt.Sprintf("/t/%s/board", t.key)).by(f)
		switch f.action {
		case "sprint.started":
			n.Title = s.name + " has started"
		case "sprint.closed":
			n.Title, n.Path = s.name+" is closed", fmt.Sprintf("/t/%s/sprints/%d/report", t.key, e.Sprint)
		case "sprint.reopened":
			n.Title = s.name + " is open again"
		case "sprint.cancelled":
			n.Title, n.Path = s.name+" was cancelled", fmt.Sprintf("/t/%s/sprints/%d", t.key, e.Sprint)
		default:
			continue
		}
		n.Body = s.goal
		n.To, err = peopleWith(g, t.id, team.Read)
		return []News{n}, err
	}
	return nil, nil
}

func blockers(g db.Reader, t place, e event.Event) ([]News, error) {
	p, err := patchOf(g, t, e.Key)
	if err != nil || p == nil {
		return nil, err
	}
	facts, err := factsOf(g, p.id, e.At)
	if err != nil {
		return nil, err
	}
	var out []News
	for _, f := range facts {
		id := f.text("blocker")
		if id == "" {
			continue
		}
		n := of(e, Blocker, patchPath(t, e.Key)).by(f)
		n.Body = f.text("needed")
		switch f.action {
		case "blocker.reported", "blocker.reopened":
			n.Title = e.Key + " is blocked"
		case "blocker.resolved":
			n.Title = e.Key + " is not blocked any more"
		}
		if n.Title != "" {
			if p.assignee != "" {
				n.To = []string{p.assignee}
			}
			out = append(out, n)
		}
		owned, err := owners(g, t, e, id)
		if err != nil {
			return nil, err
		}
		out = append(out, owned...)
	}
	return out, nil
}

// owners tells who is to clear the way, once a person.
func owners(g db.Reader, t place, e event.Event, id string) ([]News, error) {
	owner, open, err := ownerOf(g, id)
	if err != nil || !open || owner.id == "" {
		return nil, err
	}
	n := of(e, Blocker, patchPath(t, e.Key))
	n.Source = "blocker " + id + " owner " + owner.id
	n.Title = fmt.Sprintf("%s is to clear what blocks %s", owner.name, e.Key)
	n.Mine = fmt.Sprintf("You are to clear what blocks %s", e.Key)
	n.To = []string{owner.id}
	return []News{n}, nil
}

// exceptions are told to those who decide about them, and to who asked.
func exceptions(g db.Reader, t place, e event.Event) ([]News, error) {
	p, err := patchOf(g, t, e.Key)
	if err != nil || p == nil {
		return nil, err
	}
	facts, err := factsOf(g, p.id, e.At)
	if err != nil {
		return nil, err
	}
	for _, f := range facts {
		id := f.text("exception")
		if id == "" {
			continue
		}
		asker, err := askerOf(g, id)
		if err != nil {
			return nil, err
		}
		deciders, err := peopleWith(g, t.id, team.Approve)
		if err != nil {
			return nil, err
		}
		deciders = slices.DeleteFunc(deciders, func(id string) bool { return id == asker }) // nobody decides about their own
		n := of(e, Exception, patchPath(t, e.Key)).by(f)
		n.Body = p.title
		if n.decided(f, e.Key, actorName(e), asker, deciders); n.Title != "" {
			return []News{n}, nil
		}
	}
	return nil, nil
}

func (n *News) decided(f fact, key, actor, asker string, deciders []string) {
	until := ""
	if day := f.text("until"); len(day) >= len("2026-03-02") {
		until = day[:len("2026-03-02")]
	}
	switch f.action {
	case "exception.requested":
		n.Title, n.To = fmt.Sprintf("%s asks for an exception of %s", actor, key), deciders
	case "exception.edited":
		n.Title, n.To = fmt.Sprintf("%s changed what is asked for in an exception of %s", actor, key), deciders
	case "exception.approved":
		n.Title, n.Mine = fmt.Sprintf("%s approved an exception of %s", actor, key), fmt.Sprintf("%s approved your exception of %s", actor, key)
		n.To = []string{asker}
	case "exception.rejected":
		n.Title, n.Mine = fmt.Sprintf("%s rejected an exception of %s", actor, key), fmt.Sprintf("%s rejected your exception of %s", actor, key)
		n.To = []string{asker}
	case "exception.reminder":
		n.Title, n.To = fmt.Sprintf("The exception of %s ends on %s", key, until), append(deciders, asker)
	case "exception.expired":
		n.Title, n.To = fmt.Sprintf("The exception of %s has expired: it is due again", key), append(deciders, asker)
	case "exception.ended":
		n.Title, n.To = fmt.Sprintf("%s ended the exception of %s", actor, key), []string{asker}
	case "exception.kev_listed":
		n.Title, n.To = fmt.Sprintf("The exception of %s wants a review: more of it is known to be exploited", key), append(deciders, asker)
	}
}
