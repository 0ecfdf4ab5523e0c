package notify

import (
	"fmt"
	"slices"

	"patchline/internal/team"
)

// saying is what a fact means for some people. In its words {by} is who did it, {it}
// the patch or sprint, {name} the person it concerns, {until} a day of the fact.
type saying struct {
	kind  Kind
	title string
	mine  string // to those whom it concerns; the title if empty
	to    func(*occasion) ([]person, error)
	when  func(*occasion) (bool, error) // whether it is said at all; nil: always
	each  bool                          // it is said of each person apart
	as    string                        // names the occasion, with {fact}, {blocker} and the person's {id}; {fact} if empty
	path  func(*occasion) string        // another page than the subject's
}

// sayings are by the action that the audit has written.
var sayings = map[string][]saying{
	"comment.added":  {{kind: Comment, title: "{by} commented on {it}", to: readers}, mention},
	"comment.edited": {mention},

	"blocker.reported":  {{kind: Blocker, title: "{it} is blocked", to: assignee}, clears},
	"blocker.reopened":  {{kind: Blocker, title: "{it} is blocked", to: assignee}, clears},
	"blocker.changed":   {clears},
	"blocker.escalated": {{kind: Blocker, title: "{it} is still blocked, and its day of escalation has come", to: escalation}},
	"blocker.resolved":  {{kind: Blocker, title: "{it} is not blocked any more", to: assignee}},

	"exception.requested":  {{kind: Exception, title: "{by} asks for an exception of {it}", to: deciders}},
	"exception.edited":     {{kind: Exception, title: "{by} changed what is asked for in an exception of {it}", to: deciders}},
	"exception.approved":   {{kind: Exception, title: "{by} approved an exception of {it}", mine: "{by} approved your exception of {it}", to: asker}},
	"exception.rejected":   {{kind: Exception, title: "{by} rejected an exception of {it}", mine: "{by} rejected your exception of {it}", to: asker}},
	"exception.ended":      {{kind: Exception, title: "{by} ended the exception of {it}", to: asker}},
	"exception.reminder":   {{kind: Exception, title: "The exception of {it} ends on {until}", to: decidersAndAsker}},
	"exception.expired":    {{kind: Exception, title: "The exception of {it} has expired: it is due again", to: decidersAndAsker}},
	"exception.kev_listed": {{kind: Exception, title: "The exception of {it} wants a review: more of it is known to be exploited", to: decidersAndAsker}},

	"sprint.started":   {{kind: Sprint, title: "{it} has started", to: everybody, path: onBoard}},
	"sprint.closed":    {{kind: Sprint, title: "{it} is closed", to: everybody, path: inReport}, verdict},
	"sprint.reopened":  {{kind: Sprint, title: "{it} is open again", to: everybody, path: onBoard}},
	"sprint.cancelled": {{kind: Sprint, title: "{it} was cancelled", to: everybody}},

	"review.commented": {{kind: Review, title: "{by} commented on the review of {it}", to: hosts, when: byGuest}},
}

// always are said of every fact that they fit: many actions give a patch to somebody,
// or ask others to help.
var always = []saying{
	{kind: Assigned, title: "{by} assigned {it} to {name}", mine: "{by} assigned {it} to you", to: given, each: true},
	{kind: Assigned, title: "{by} asked {name} to work on {it} too", mine: "{by} asked you to work on {it} too", to: joined, each: true, as: "{fact} joined {id}"},
	{kind: Assigned, title: "{by} gave {name} a task of {it}", mine: "{by} gave you a task of {it}", to: tasked, each: true, as: "{fact} task {id}"},
}

var (
	mention = saying{kind: Mention, title: "{by} mentioned {name} on {it}", mine: "{by} mentioned you on {it}", to: mentioned, each: true, as: "{fact} mention {id}"}
	verdict = saying{kind: Review, title: "What is done in {it} waits for a verdict", mine: "What is done in {it} waits for your verdict", to: judges, when: waits, as: "{fact} verdict", path: inReview}
	clears  = saying{kind: Blocker, title: "{name} is to clear what blocks {it}", mine: "You are to clear what blocks {it}", to: owner, each: true, as: "blocker {blocker} owner {id}"}
)

func onBoard(o *occasion) string  { return "/t/" + o.team.key + "/board" }
func inReport(o *occasion) string { return o.about.path + "/report" }

func inReview(o *occasion) string { return o.about.path + "/review" }

func everybody(o *occasion) ([]person, error) { return peopleWith(o.g, o.team.id, team.Read) }

func assignee(o *occasion) ([]person, error) {
	if o.about.assignee.id == "" {
		return nil, nil
	}
	return []person{o.about.assignee}, nil
}

// given is whom a patch was given, if it still is theirs.
func given(o *occasion) ([]person, error) {
	if to := o.fact.assignedTo(); to == "" || to != o.about.assignee.id {
		return nil, nil
	}
	return assignee(o)
}

// joined are those who have come to work on a patch beside its assignee.
func joined(o *occasion) ([]person, error) {
	ids := o.fact.joined()
	if len(ids) == 0 {
		return nil, nil
	}
	return named(o.g, ids)
}

// tasked is whom a task was given, if it still is theirs.
func tasked(o *occasion) ([]person, error) {
	id := o.fact.givenTask()
	if id == "" {
		return nil, nil
	}
	return taskOf(o.g, id)
}

func mentioned(o *occasion) ([]person, error) {
	return mentionedIn(o.g, o.fact.text("comment"), o.event.At)
}

// readers are told of a comment on their patch, unless it mentions them.
func readers(o *occasion) ([]person, error) {
	named, err := mentioned(o)
	if err != nil || slices.Contains(named, o.about.assignee) {
		return nil, err
	}
	return assignee(o)
}

// owner is who is to clear what still blocks.
func owner(o *occasion) ([]person, error) { return ownerOf(o.g, o.fact.text("blocker")) }

func escalation(o *occasion) ([]person, error) {
	clearing, err := owner(o)
	if err != nil {
		return nil, err
	}
	masters, err := peopleAs(o.g, o.team.id, team.ScrumMaster)
	return append(clearing, masters...), err
}

// judges are who may accept what is done.
func judges(o *occasion) ([]person, error) { return peopleWith(o.g, o.team.id, team.Rank) }

func waits(o *occasion) (bool, error) { return unjudged(o.g, o.about.id) }

// hosts are who invites guests to a review, and answers them.
func hosts(o *occasion) ([]person, error) {
	return peopleAs(o.g, o.team.id, team.ProductOwner, team.ScrumMaster)
}

func byGuest(o *occasion) (bool, error) { return o.fact.detail["guest"] == true, nil }

func asker(o *occasion) ([]person, error) { return askerOf(o.g, o.fact.text("exception")) }

// deciders are who may decide about an exception: nobody about their own.
func deciders(o *occasion) ([]person, error) {
	asks, err := asker(o)
	if err != nil {
		return nil, err
	}
	people, err := peopleWith(o.g, o.team.id, team.Approve)
	return slices.DeleteFunc(people, func(p person) bool {
		return slices.ContainsFunc(asks, func(a person) bool { return a.id == p.id })
	}), err
}

func decidersAndAsker(o *occasion) ([]person, error) {
	people, err := deciders(o)
	if err != nil {
		return nil, err
	}
	asks, err := asker(o)
	return append(people, asks...), err
}

func patchPath(t place, key string) string { return fmt.Sprintf("/t/%s/patches/%s", t.key, key) }
