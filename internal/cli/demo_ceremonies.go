package cli

import (
	"time"

	"github.com/google/uuid"

	"patchline/internal/backlog"
	"patchline/internal/estimate"
	"patchline/internal/retro"
	"patchline/internal/review"
)

// looked is the sprint whose review and retrospective are over.
const looked = demoSprint - 1

// ceremonies are the review and the retrospective of the sprint before, held on the
// first day of the active one, and an afternoon of estimating. Their times are not
// left to chance, so that nothing else moves.
func (s *story) ceremonies() {
	on := func(day, hour, minute int, do func()) {
		s.cards = append(s.cards, act{s.days.at(demoSprint, day, hour, minute), do})
	}
	on(1, 14, 0, s.review6)
	on(1, 15, 30, s.lookBack)
	on(5, 15, 0, s.estimateTogether)
	on(5, 16, 30, s.estimateApart)
}

// review6 is judged, commented by a guest too, and closed.
func (s *story) review6() {
	if !s.fine() {
		return
	}
	seen, err := s.review.Get(s.ctx, s.inf, looked)
	if s.try(err); err != nil {
		return
	}
	refused := int64(0)
	for i, item := range seen.Looked {
		if item.State != review.Done {
			continue
		}
		j := review.Judgement{Accepted: i != 1}
		n := s.numberOf(item.Key)
		if i == 1 {
			refused, j.Feedback = n, "Arrived everywhere, but the runbook of the service still names the old version."
		}
		s.try(s.review.Judge(s.ctx, s.people["Bram"], s.inf, looked, n, j))
	}
	if refused != 0 {
		s.try(s.review.FollowUp(s.ctx, s.people["Dara"], s.inf, looked, refused))
	}
	s.try(s.review.Say(s.ctx, s.people["Chen"], s.inf, looked, "The window on Thursday was short: two clusters had to wait until Friday morning."))
	_, secret, err := s.review.Invite(s.ctx, s.people["Amara"], s.inf, looked, 14)
	if s.try(err); err == nil {
		s.try(s.review.VisitSay(s.ctx, secret, "Ines Vogel, Finance", "Nobody here noticed the restarts. Thank you for doing them before month end.", ""))
	}
	summary := "The workplaces are patched and the auditors have what they asked for.\n\n- One item comes back: its runbook is out of date.\n- What was carried over waits for a support contract."
	s.try(s.review.Change(s.ctx, s.people["Amara"], s.inf, looked, review.Change{Summary: &summary, Close: true, Seen: 1}))
}

func (s *story) numberOf(key string) int64 {
	n, err := backlog.ParseKey(s.inf.Key, key)
	s.try(err)
	return n
}

// demoCards are what the team says in its retrospective: who, in which column, what.
var demoCards = []struct {
	who    string
	column int64
	text   string
}{
	{"Chen", 0, "Pairing on the kernel updates halved the reboots"},
	{"Femi", 0, "Scans now come before the stand-up"},
	{"Dara", 1, "Support contracts expire without anybody noticing"},
	{"Gita", 1, "We learn about contracts when a download fails"},
	{"Elif", 1, "Approvals pile up on the last two days"},
}

// lookBack goes through all phases of a retrospective.
func (s *story) lookBack() {
	lead := func(c retro.Change) *retro.Retro {
		r := s.retroNow("Amara")
		if !s.fine() {
			return r
		}
		c.Seen = r.Version
		s.try(s.retro.Change(s.ctx, s.people["Amara"], s.inf, looked, c))
		return s.retroNow("Amara")
	}
	to := func(p retro.Phase) *retro.Retro { return lead(retro.Change{Phase: &p}) }
	to(retro.Collect)
	ids := make([]string, len(demoCards))
	for i, c := range demoCards {
		ids[i] = uuid.NewString()
		s.try(s.retro.PutCard(s.ctx, s.hand(c.who), s.inf, looked, ids[i], c.column, c.text))
	}
	group := groupsOf(to(retro.Group))
	if !s.fine() {
		return
	}
	contracts, late := group[ids[2]], group[ids[4]]
	s.try(s.retro.MoveCard(s.ctx, s.hand("Dara"), s.inf, looked, ids[3], &contracts))
	to(retro.Vote)
	for name, id := range map[string]string{"Chen": contracts, "Dara": contracts, "Femi": late, "Gita": contracts, "Bram": late} {
		s.try(s.retro.Dot(s.ctx, s.hand(name), s.inf, looked, id, 2))
	}
	to(retro.Discuss)
	note := "Purchasing tells us three months ahead; we keep the dates in the team's calendar."
	s.try(s.retro.Topic(s.ctx, s.hand("Amara"), s.inf, looked, contracts, nil, &note, 1))
	to(retro.Actions)
	s.act("List every support contract with its end", "Gita", contracts)
	s.act("Approvals on Monday and Wednesday, not at the end", "Elif", late)
	s.learn()
	to(retro.Closed)
}

func (s *story) hand(name string) retro.Hand { return retro.Hand{Who: s.people[name]} }

func (s *story) retroNow(name string) *retro.Retro {
	r, err := s.retro.Get(s.ctx, s.inf, looked, s.hand(name))
	if s.try(err); err != nil {
		return &retro.Retro{}
	}
	return r
}

// groupsOf says in which group each card is.
func groupsOf(r *retro.Retro) map[string]string {
	out := map[string]string{}
	for _, c := range r.Cards {
		if c.Group != nil {
			out[c.ID] = *c.Group
		}
	}
	return out
}

func (s *story) act(title, owner, group string) {
	w := retro.Wish{Title: title, OwnerID: s.people[owner].UserID, DueSprint: demoSprint + 1, Group: &group}
	s.try(s.retro.Act(s.ctx, s.people["Amara"], s.inf, looked, w))
}

// learn keeps lessons: about products that are still in the backlog, so that they show
// there, and about work at large.
func (s *story) learn() {
	texts := []string{
		"Test the fail-over on staging first: the standby did not take over until its licence was renewed.",
		"The restart takes the agents down for a minute; mute the monitoring before.",
		"The package replaces its configuration. Keep a copy, and compare.",
	}
	from := int64(looked)
	for i, p := range s.waiting(len(texts)) {
		s.lesson(retro.Learned{Body: &texts[i], Patch: &p.Number, Sprint: &from})
	}
	large := "Ask purchasing about the support contract before an appliance goes into a sprint."
	s.lesson(retro.Learned{Body: &large, Sprint: &from})
}

func (s *story) lesson(l retro.Learned) {
	if s.fine() {
		_, err := s.retro.Learn(s.ctx, s.people["Dara"], s.inf, l)
		s.try(err)
	}
}

// unestimated are the highest patches without an estimate.
func (s *story) unestimated(skip, n int) (out []int64) {
	for _, p := range s.waiting(200) {
		if p.Points == nil && p.Component != "" {
			out = append(out, p.Number)
		}
	}
	return out[min(skip, len(out)):min(skip+n, len(out))]
}

// estimateTogether plays poker on two patches: one is agreed at once, the other after
// a second round.
func (s *story) estimateTogether() {
	numbers := s.unestimated(0, 2)
	if !s.fine() || len(numbers) < 2 {
		return
	}
	e, err := s.app.estimate.Open(s.ctx, s.people["Amara"], s.inf, estimate.Draft{Name: "Refinement", Mode: estimate.Live, Numbers: numbers})
	if s.try(err); err != nil {
		return
	}
	s.play(e.ID, numbers[0], 1, "3", "3", "3")
	s.settle(e.ID, numbers[0], 1, 3)
	lead := estimate.Lead{Who: s.people["Amara"], Plans: true}
	_, err = s.app.estimate.Turn(s.ctx, lead, s.inf, e.ID, numbers[1])
	s.try(err)
	s.play(e.ID, numbers[1], 1, "2", "8", "3")
	_, err = s.app.estimate.Again(s.ctx, lead, s.inf, e.ID, estimate.At{Patch: numbers[1], Round: 1})
	s.try(err)
	s.play(e.ID, numbers[1], 2, "5", "5", "3")
	s.settle(e.ID, numbers[1], 2, 5)
	_, err = s.app.estimate.Close(s.ctx, lead, s.inf, e.ID)
	s.try(err)
}

// play takes the votes of three people, and shows them.
func (s *story) play(id string, patch, round int64, values ...string) {
	at := estimate.At{Patch: patch, Round: round}
	for i, name := range []string{"Chen", "Dara", "Femi"} {
		if s.fine() {
			_, err := s.app.estimate.Vote(s.ctx, s.people[name], s.inf, id, at, &values[i])
			s.try(err)
		}
	}
	if s.fine() {
		_, err := s.app.estimate.Reveal(s.ctx, estimate.Lead{Who: s.people["Amara"], Plans: true}, s.inf, id, at)
		s.try(err)
	}
}

func (s *story) settle(id string, patch, round int64, points float64) {
	if s.fine() {
		_, err := s.app.estimate.Settle(s.ctx, estimate.Lead{Who: s.people["Amara"], Plans: true}, s.inf, id, estimate.At{Patch: patch, Round: round}, points, s.patch(patch).Version)
		s.try(err)
	}
}

// estimateApart is open until the day after tomorrow; one has voted so far.
func (s *story) estimateApart() {
	numbers := s.unestimated(0, 4)
	if !s.fine() || len(numbers) == 0 {
		return
	}
	until := s.clock.limit.Add(48 * time.Hour)
	e, err := s.app.estimate.Open(s.ctx, s.people["Bram"], s.inf, estimate.Draft{Name: "Before the next planning", Mode: estimate.Async, Deadline: &until, Numbers: numbers})
	if s.try(err); err != nil {
		return
	}
	five := "5"
	_, err = s.app.estimate.Vote(s.ctx, s.people["Chen"], s.inf, e.ID, estimate.At{Patch: numbers[0], Round: 1}, &five)
	s.try(err)
}
