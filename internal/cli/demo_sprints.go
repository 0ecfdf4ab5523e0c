package cli

import (
	"patchline/internal/backlog"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
)

// chapter is a sprint as it went: how many points were planned and verified.
type chapter struct {
	number        int
	goal          string
	plan, deliver float64
	met           bool
	twists        func(*story, *cast)
}

var chapters = []chapter{
	{1, "Close what is exploited at the edge", 29, 25, true, reEstimated},
	{2, "Servers without a known exploited vulnerability", 33, 30, true, withEmergency},
	{3, "Mail, build servers and the first images", 31, 22, false, withRemoval},
	{4, "Java services fit for the assessment", 34, 32, true, withAcceptedRisk},
	{5, "Virtual machines and the container platform", 33, 27, false, withReopening},
	{6, "Workplaces and what the auditors asked for", 37, 36, true, withPull},
}

const goalOfActive = "No known exploited vulnerability older than a month on anything the internet can reach"

// cast is who plays in a sprint.
type cast struct {
	number int
	done   []int64 // patches that get verified, in that order
	left   []int64 // and those that do not
}

// live is one whole sprint, from its planning to its close.
func (s *story) live(ch chapter) {
	s.prepare(ch.number, ch.goal, ch.plan)
	c := s.cast(ch)
	s.work(c)
	ch.twists(s, c)
	s.routine(ch.number)
	s.happen()
	s.clock.set(s.days.at(ch.number, demoSprintLen, 15, 30))
	s.close(int64(ch.number), ch.met, s.decisions(ch.number)...)
}

// prepare refines and plans, and starts the sprint on its first day.
func (s *story) prepare(number int, goal string, points float64) {
	s.clock.set(s.days.at(number, 0, 13, 0))
	s.refresh()
	if number == 1 {
		s.plan(number, goal)
	}
	s.refine()
	s.clock.set(s.days.at(number, 1, 9, 30))
	for _, item := range s.members(int64(number)) {
		points -= pointsOf(&item.Patch)
	}
	for _, p := range s.waiting(40) {
		if size := pointsOf(&p); size > 0 && size <= points {
			points -= size
			s.add(int64(number), "", "", p.Number)
			if s.dice.IntN(3) > 0 {
				s.assign(p.Number, workers[s.dice.IntN(len(workers))])
			}
		}
	}
	s.clock.set(s.days.at(number, 1, 10, 0))
	s.start(int64(number))
}

// usual are the estimates, each as often as it is given.
var usual = []float64{1, 1, 2, 2, 2, 3, 3, 3, 5, 5, 8}

// refine estimates and describes what stands high in the backlog.
func (s *story) refine() {
	for _, p := range s.waiting(30) {
		s.clock.set(s.clock.now())
		if p.Status == scrum.New {
			s.move(p.Number, scrum.Ready, "Bram")
		}
		if p.Points != nil {
			continue
		}
		s.estimate(p.Number, usual[s.dice.IntN(len(usual))], "Amara")
		if s.dice.IntN(2) == 0 {
			text, labels := notes(&p, s.dice)
			s.edit(p.Number, "Chen", backlog.Edit{Description: &text, Labels: &labels})
		}
	}
}

func pointsOf(p *backlog.Patch) float64 {
	if p.Points == nil {
		return 0
	}
	return *p.Points
}

// cast decides which items get done: in backlog order up to the points delivered.
// The upgrade of vCenter waits for a contract, sprint after sprint.
func (s *story) cast(ch chapter) *cast {
	c := &cast{number: ch.number}
	points := ch.deliver
	for _, item := range s.members(int64(ch.number)) {
		size := pointsOf(&item.Patch)
		if size > points || item.Component == stuck && ch.number >= 5 {
			c.left = append(c.left, item.Number)
			continue
		}
		points -= size
		c.done = append(c.done, item.Number)
	}
	return c
}

// stuck is the component that is carried from sprint to sprint.
const stuck = "generic:VMware vCenter Server"

// work moves the cards over the board, day by day.
func (s *story) work(c *cast) {
	for i, n := range c.done {
		s.finish(c.number, n, 2+i*8/len(c.done))
	}
	for i, n := range c.left {
		who := s.worker(n)
		if i%2 == 0 {
			s.later(c.number, 7, 10, 0, func() { s.move(n, scrum.InProgress, who) })
		}
		if i%4 == 0 {
			s.later(c.number, 9, 14, 0, func() { s.move(n, scrum.Testing, who) })
		}
	}
}

// finish takes a patch through all gates so that it is verified on a day.
func (s *story) finish(number int, n int64, day int) {
	who := s.worker(n)
	begin := max(1, day-2-s.dice.IntN(2))
	step := func(day, hour, minute int, to scrum.Status, who string) {
		s.later(number, day, hour, minute, func() { s.move(n, to, who) })
	}
	step(begin, 10, 30, scrum.InProgress, who)
	step(max(begin, day-1), 11, 0, scrum.Testing, who)
	step(max(begin, day-1), 14, 0, scrum.AwaitingApproval, who)
	step(max(begin, day-1), 16, 0, scrum.Scheduled, "Elif")
	step(day, 9, 40, scrum.Deployed, who)
	step(day, 13, 0, scrum.Verified, workers[(s.dice.IntN(len(workers)))])
}

// worker is the assignee, or somebody who takes it now.
func (s *story) worker(n int64) string {
	p := s.patch(n)
	for _, name := range workers {
		if p.AssigneeID != nil && *p.AssigneeID == s.people[name].UserID {
			return name
		}
	}
	name := workers[s.dice.IntN(len(workers))]
	s.assign(n, name)
	return name
}

// routine is what happens in every sprint: a round of scans, the records about it,
// and the plan of the next sprint.
func (s *story) routine(number int) {
	s.later(number, 3, 17, 0, s.refresh)
	s.later(number, 8, 6, 30, func() { s.scan(number) })
	s.later(number, 9, 9, 0, func() { s.records(number) })
	goal := goalOfActive
	if number < len(chapters) {
		goal = chapters[number].goal
	}
	s.later(number, 9, 15, 0, func() { s.plan(number+1, goal) })
}

// decisions about unfinished items: the last two of some sprints go back to the
// backlog, all others on.
func (s *story) decisions(number int) (out []sprint.Choice) {
	var open []int64
	for _, item := range s.members(int64(number)) {
		if item.IsOpen && item.Component != stuck {
			open = append(open, item.Number)
		}
	}
	if len(open) > 1 && number == 2 {
		out = append(out, sprint.Choice{Number: open[0], Choice: scrum.ToBacklogTop})
	}
	if len(open) > 1 && number == 3 {
		out = append(out, sprint.Choice{Number: open[len(open)-1], Choice: scrum.ToBacklogRank})
	}
	return out
}
