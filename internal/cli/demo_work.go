package cli

import (
	"slices"
	"time"

	"patchline/internal/backlog"
	"patchline/internal/board"
	"patchline/internal/exception"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
)

// later notes what is going to happen on a day of a sprint, some minutes around
// the time.
func (s *story) later(number, day, hour, minute int, do func()) {
	at := s.days.at(number, day, hour, minute).Add(time.Duration(s.dice.IntN(20*60)) * time.Second)
	s.cards = append(s.cards, act{at, do})
}

// happen lets everything happen that was noted, in order of time; what happens may
// note more.
func (s *story) happen() {
	for len(s.cards) > 0 && s.fine() {
		next := 0
		for i, a := range s.cards {
			if a.at.Before(s.cards[next].at) {
				next = i
			}
		}
		a := s.cards[next]
		s.cards = slices.Delete(s.cards, next, next+1)
		if s.end.IsZero() || a.at.Before(s.end) {
			s.clock.set(a.at)
			a.do()
		}
	}
}

// move gives a patch another status; an approver takes it past the gate.
func (s *story) move(number int64, to scrum.Status, who string) {
	if !s.fine() {
		return
	}
	p := s.patch(number)
	if p.Status == to || !p.IsOpen {
		return // it was dropped or superseded before its turn
	}
	_, err := s.board.Move(s.ctx, s.people[who], s.inf, number, board.Move{Status: to, MayApprove: who == "Elif", Seen: p.Version})
	s.try(err)
}

func (s *story) reopen(number int64, why scrum.ReopenReason, reason, who string) {
	if !s.fine() {
		return
	}
	_, err := s.board.Move(s.ctx, s.people[who], s.inf, number, board.Move{
		Status: scrum.InProgress, Reopen: why, Reason: reason, Seen: s.patch(number).Version,
	})
	s.try(err)
}

func (s *story) edit(number int64, who string, e backlog.Edit) {
	if !s.fine() {
		return
	}
	e.Seen = s.patch(number).Version
	_, err := s.backlog.Update(s.ctx, s.people[who], s.inf, number, e)
	s.try(err)
}

func (s *story) estimate(number int64, points float64, who string) {
	p := &points
	s.edit(number, who, backlog.Edit{Points: &p})
}

func (s *story) assign(number int64, who string) {
	id := s.people[who].UserID
	to := &id
	s.edit(number, "Amara", backlog.Edit{AssigneeID: &to})
}

// accept accepts the risk of a patch for some days: the product owner asks, and the
// approver approves.
func (s *story) accept(number int64, reason, control string, days int) {
	if !s.fine() {
		return
	}
	last := scrum.DayOf(s.clock.now(), time.UTC).Add(days)
	draft := exception.Draft{Kind: exception.RiskAccepted, Reason: reason, Control: control, Expires: &last}
	e, err := s.app.exception.Request(s.ctx, s.people["Bram"], s.inf, number, draft)
	if s.try(err); err != nil {
		return
	}
	_, err = s.app.exception.Approve(s.ctx, s.people["Elif"], s.inf, e.ID, "The bastion is watched; fine until the replacement.", e.Version)
	s.try(err)
}

// add puts patches into a sprint.
func (s *story) add(sprintNumber int64, how scrum.AddReason, reason string, numbers ...int64) {
	if !s.fine() {
		return
	}
	_, err := s.sprint.Add(s.ctx, s.people["Bram"], s.inf, sprintNumber, sprint.Adding{Numbers: numbers, How: how, Reason: reason, MayScope: true})
	s.try(err)
}

func (s *story) remove(sprintNumber, number int64, reason string) {
	if s.fine() {
		_, err := s.sprint.Remove(s.ctx, s.people["Bram"], s.inf, sprintNumber, number, reason, true)
		s.try(err)
	}
}

// plan makes the planned sprint that comes next.
func (s *story) plan(number int, goal string) {
	if !s.fine() {
		return
	}
	start, end := string(s.days.day(number, 1)), string(s.days.day(number, demoSprintLen))
	_, err := s.sprint.Create(s.ctx, s.people["Amara"], s.inf, sprint.Planning{Goal: &goal, StartDate: &start, EndDate: &end})
	s.try(err)
}

func (s *story) start(number int64) {
	if !s.fine() {
		return
	}
	sp, err := s.sprint.Get(s.ctx, s.inf, number)
	if s.try(err); err == nil {
		_, err = s.sprint.Start(s.ctx, s.people["Amara"], s.inf, number, sp.Version)
		s.try(err)
	}
}

// close ends a sprint; what is not said of an unfinished item goes to the next one.
func (s *story) close(number int64, met bool, choices ...sprint.Choice) {
	if !s.fine() {
		return
	}
	sp, err := s.sprint.Get(s.ctx, s.inf, number)
	if s.try(err); err != nil {
		return
	}
	_, err = s.sprint.Close(s.ctx, s.people["Amara"], s.inf, number, sprint.Closing{
		GoalMet: &met, Choices: choices, Otherwise: scrum.ToNextSprint, Seen: sp.Version,
	})
	s.try(err)
}

// members are the patches of a sprint in backlog order.
func (s *story) members(number int64) []sprint.Item {
	if !s.fine() {
		return nil
	}
	items, _, err := s.sprint.Items(s.ctx, s.inf, number)
	s.try(err)
	return items
}

// waiting are the first patches of the backlog that are in no sprint.
func (s *story) waiting(n int) []backlog.Patch {
	if !s.fine() {
		return nil
	}
	page, err := s.backlog.List(s.ctx, backlog.Filter{TeamID: s.inf.ID, Sprints: []string{backlog.None}, Limit: n})
	s.try(err)
	return page.Items
}
