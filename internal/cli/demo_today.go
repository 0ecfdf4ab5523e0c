package cli

import (
	"cmp"
	"slices"

	"patchline/internal/backlog"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
)

// today is the active sprint up to its sixth day, with cards in every column.
func (s *story) today() {
	s.prepare(demoSprint, goalOfActive, 39)
	s.spread()
	s.standUps()
	s.ceremonies()
	s.emergency(demoSprint, 4, 7)
	s.later(demoSprint, 3, 17, 0, s.refresh)
	s.later(demoSprint, 4, 6, 30, func() { s.scan(demoSprint) })
	s.later(demoSprint, 5, 9, 0, func() { s.records(demoSprint) })
	s.later(demoSprint, 5, 10, 0, s.pullUnestimated)
	s.later(demoSprint, 5, 11, 0, s.placings)
	s.later(demoSprint, 5, 14, 0, s.nextSprint)
	s.end = s.days.calendar.EndOf(s.days.day(demoSprint, demoToday))
	s.happen()
	s.clock.set(s.clock.limit)
}

// stop names the last status that a card reaches by today, and on which day it
// gets there.
type stop struct {
	status scrum.Status
	day    int
}

var stops = []stop{
	{scrum.Verified, 2}, {scrum.Verified, 3}, {scrum.Testing, 5}, {scrum.Verified, 4}, {scrum.AwaitingApproval, 5}, {scrum.Verified, 5},
	{scrum.InProgress, 4}, {scrum.Deployed, 6}, {scrum.Scheduled, 5},
}

// hindered is the card, in the order of stops, that was blocked for a day before its
// work began.
const hindered = 3

// spread gives every card its way over the board so far, the large ones first; the
// rest is still to do.
func (s *story) spread() {
	cards := s.members(demoSprint)
	slices.SortStableFunc(cards, func(a, b sprint.Item) int { return cmp.Compare(pointsOf(&b.Patch), pointsOf(&a.Patch)) })
	cards = slices.DeleteFunc(cards, func(i sprint.Item) bool {
		if i.Component == stuck {
			s.impede(i.Number)
		}
		return i.Component == stuck
	})
	if len(cards) > hindered {
		s.hindrance(cards[hindered].Number)
	}
	for i, card := range cards {
		if i < len(stops) {
			s.reach(card.Number, stops[i])
		}
	}
	if last := len(cards) - 1; last >= len(stops) {
		s.later(demoSprint, 5, 9, 40, func() { s.estimate(cards[last].Number, larger(pointsOf(&cards[last].Patch)), "Femi") })
	}
}

// reach takes a patch through the gates up to a stop.
func (s *story) reach(n int64, to stop) {
	who := s.worker(n)
	way := []scrum.Status{scrum.InProgress, scrum.Testing, scrum.AwaitingApproval, scrum.Scheduled, scrum.Deployed, scrum.Verified}
	for i, status := range way {
		if status == to.status {
			s.later(demoSprint, to.day, 8, 45, func() { s.move(n, status, actor(status, who)) })
			return
		}
		s.later(demoSprint, max(1, to.day-1), 11+i, 0, func() { s.move(n, status, actor(status, who)) })
	}
}

// actor is who takes a card to a status.
func actor(status scrum.Status, worker string) string {
	if status == scrum.Scheduled {
		return "Elif"
	}
	return worker
}

// impede notes what holds the carried item up.
func (s *story) impede(n int64) {
	who := s.worker(n)
	s.later(demoSprint, 3, 9, 30, func() {
		text := "Blocked: the support contract that gives access to the download has to be renewed first. Bram is in touch with purchasing.\n\n" +
			"Once it is there: snapshot, upgrade the second node, fail over, upgrade the first."
		labels := []string{"blocked", "exploited"}
		s.edit(n, who, backlog.Edit{Description: &text, Labels: &labels})
		s.move(n, scrum.InProgress, who)
		s.block(n, who, "Bram", "The support contract, for access to the download.", "Purchasing names the day on which the contract begins.")
	})
}

// pullUnestimated takes an item in that nobody has estimated yet.
func (s *story) pullUnestimated() {
	for _, p := range s.waiting(200) {
		if p.Points == nil {
			s.add(demoSprint, scrum.Pulled, "found by the scan of yesterday, belongs to the goal", p.Number)
			return
		}
	}
}

// placings are the product owner's, against the order of risk.
func (s *story) placings() {
	top := s.waiting(60)
	for _, p := range []struct {
		from, before int
		reason       string
	}{
		{34, 2, "The auditors come next week and will ask for this one."},
		{3, 18, "Waits for the release of the shop on the first of the month."},
		{45, 9, "Same maintenance window as the database hosts, so do both at once."},
	} {
		if !s.fine() || p.from >= len(top) {
			return
		}
		n := top[p.from].Number
		_, err := s.backlog.Place(s.ctx, s.people["Bram"], s.inf, n, backlog.Placing{
			Before: top[p.before].Number, Reason: p.reason, Seen: s.patch(n).Version,
		})
		s.try(err)
	}
}

// nextSprint is planned a little already.
func (s *story) nextSprint() {
	s.plan(demoSprint+1, "Databases and internal tools")
	added := 0
	for _, p := range s.waiting(30) {
		if added == 5 {
			return
		}
		if p.Points == nil && added < 4 {
			s.estimate(p.Number, 3, "Amara")
		}
		s.add(demoSprint+1, "", "", p.Number)
		added++
	}
}
