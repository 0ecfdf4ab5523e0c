package cli

import (
	"fmt"
	"strings"
	"time"

	"patchline/internal/backlog"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/standup"
)

// speakers write an entry every day, in this order; the last one has not yet today.
var speakers = []string{"Chen", "Amara", "Dara", "Elif", "Femi", "Bram", "Gita"}

// standUps are the active sprint's so far. On its first day they follow the
// planning; Femi writes the evening before. The times are not left to chance, so
// that nothing else moves.
func (s *story) standUps() {
	for day := 1; day <= demoToday; day++ {
		for i, name := range speakers {
			written, hour := day, 9
			switch {
			case day == demoToday && i == len(speakers)-1:
				return
			case day == 1:
				hour = 10
			case name == "Femi":
				written, hour = day-1, 17
			}
			at := s.days.at(demoSprint, written, hour, 4+3*i).Add(time.Duration(day*7+i*11) * time.Second)
			s.cards = append(s.cards, act{at, func() { s.speak(day, i) }})
		}
	}
}

// speak writes somebody's entry for a day of the sprint.
func (s *story) speak(day, speaker int) {
	name, usual := speakers[speaker], yesterdays[0]
	if day > 1 {
		usual = yesterdays[1+(day+speaker)%(len(yesterdays)-1)]
	}
	n := s.note(name, usual)
	if s.fine() {
		_, err := s.standup.Write(s.ctx, s.people[name], s.inf, string(s.days.day(demoSprint, day)), n)
		s.try(err)
	}
}

// note says which items have moved since somebody spoke last, and which are next:
// those under way, and one that waits.
func (s *story) note(name, usual string) (n standup.Note) {
	before, now := s.told[name], map[int64]scrum.Status{}
	var moved, plan []string
	waits := false
	for _, item := range s.members(demoSprint) {
		if !s.concerns(name, &item) {
			continue
		}
		key := backlog.Key(s.inf.Key, item.Number)
		now[item.Number] = item.Status
		if was, known := before[item.Number]; known && was != item.Status {
			moved = append(moved, fmt.Sprintf("%s moved to %s.", key, strings.ToLower(item.Status.Label())))
		}
		ready := item.Status == scrum.Ready
		if phrase := todays[item.Status]; phrase != "" && !(ready && waits) {
			plan, n.Items = append(plan, fmt.Sprintf(phrase, key)), append(n.Items, item.Number)
			waits = waits || ready
		}
	}
	s.told[name] = now
	n.Yesterday, n.Today = orElse(moved, usual), orElse(plan, duties[name])
	return n
}

// concerns tells whether somebody speaks of an item: it is theirs, or waits for the
// approver.
func (s *story) concerns(name string, item *sprint.Item) bool {
	if name == "Elif" {
		return item.Status == scrum.AwaitingApproval
	}
	return item.AssigneeID != nil && *item.AssigneeID == s.people[name].UserID
}

// todays say what comes next for an item in a status.
var todays = map[scrum.Status]string{
	scrum.Ready: "Begin with %s.", scrum.InProgress: "Go on with %s on staging.", scrum.Testing: "Finish the tests of %s.",
	scrum.AwaitingApproval: "%s needs its approval.", scrum.Scheduled: "Deploy %s in its window.", scrum.Deployed: "Verify %s on all hosts.",
}

// What is said by those whose items did not move.
var yesterdays = []string{"Sprint planning.", "Read advisories, helped with tests.", "On call; nothing moved.", "Prepared the maintenance window.", "Looked through the new findings.", "Tidied up after the scan."}

var duties = map[string]string{
	"Amara": "Keep the board moving, and look after the blockers.", "Bram": "Refine the top of the backlog; call purchasing.",
	"Elif": "Look through the changes of the week.",
	"Chen": "Free for reviews and tests.", "Dara": "Free for reviews and tests.", "Femi": "Free for reviews and tests.", "Gita": "Free for reviews and tests.",
}

func orElse(sentences []string, other string) string {
	if len(sentences) == 0 {
		return other
	}
	return strings.Join(sentences, " ")
}

// block says that something stops a patch; somebody else clears it.
func (s *story) block(number int64, who, owner, needed, next string) (id string) {
	if !s.fine() {
		return ""
	}
	user := s.people[owner].UserID
	to := &user
	b, err := s.standup.Block(s.ctx, s.people[who], s.inf, number, standup.Change{Needed: &needed, NextStep: &next, OwnerID: &to})
	if s.try(err); err != nil {
		return ""
	}
	return b.ID
}

// hindrance stops a card for a day, early in the sprint.
func (s *story) hindrance(number int64) {
	var id string
	who := s.worker(number)
	at := func(day, minute int, do func()) {
		s.cards = append(s.cards, act{s.days.at(demoSprint, day, 10, minute), do})
	}
	at(2, 12, func() {
		id = s.block(number, who, "Amara", "Changes are frozen until the accounts of the month are closed.", "Finance says when they are done.")
	})
	at(3, 31, func() {
		yes := true
		if s.fine() {
			_, err := s.standup.Update(s.ctx, s.people["Amara"], s.inf, id, standup.Change{Resolved: &yes, Seen: 1})
			s.try(err)
		}
	})
}
