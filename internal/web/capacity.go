package web

import (
	"context"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

func (h *handlers) GetCapacity(ctx context.Context, r api.GetCapacityRequestObject) (api.GetCapacityResponseObject, error) {
	c, err := h.Sprint.Capacity(ctx, h.team(ctx), int64(r.N))
	if err != nil {
		return nil, err
	}
	return api.GetCapacity200JSONResponse{
		WorkingDays: c.WorkingDays, PersonDays: c.PersonDays, Hours: c.Hours, Reserve: c.Reserve, ReserveFrom: api.CapacityReserveFrom(c.ReserveFrom),
		ReserveHours: c.ReserveHours, AvailableHours: c.Available, DeployHours: c.DeployHours, FreezeDays: words[api.Date](c.FreezeDays), Holidays: words[api.Date](c.Holidays),
		Points: orNull(c.Points),
		People: each(c.People, func(p *sprint.PersonLoad) api.PersonLoad {
			return api.PersonLoad{User: api.Person{ID: p.UserID, Name: p.Name}, Days: p.Days, Hours: p.Hours, Points: p.Points, Share: orNull(p.Share)}
		}),
		Activities: each(c.Activities, func(a *sprint.Activity) api.ActivityHours {
			return api.ActivityHours{Activity: api.ActivityHoursActivity(a.Name), Hours: a.Hours}
		}),
	}, nil
}

func (h *handlers) ProposeSprint(ctx context.Context, r api.ProposeSprintRequestObject) (api.ProposeSprintResponseObject, error) {
	t, b := h.team(ctx), r.Body
	w := sprint.Wishes{Capacity: pointer(b.Capacity), Assumed: b.AssumedPoints}
	var err error
	if w.Keep, err = numbersOf(t, b.Keep); err != nil {
		return nil, err
	}
	if w.LeaveOut, err = numbersOf(t, b.LeaveOut); err != nil {
		return nil, err
	}
	p, err := h.Sprint.Propose(ctx, t, int64(r.N), w)
	if err != nil {
		return nil, err
	}
	out := proposalOut(t, p)
	return api.ProposeSprint200JSONResponse(out), h.addLessons(ctx, t, p, out.Items)
}

func numbersOf(t *team.Team, keys []string) (out []int64, err error) {
	for _, key := range keys {
		n, err := backlog.ParseKey(t.Key, key)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func proposalOut(t *team.Team, p *sprint.Proposal) api.Proposal {
	out := api.Proposal{Capacity: p.Capacity, Points: p.Points, Risk: p.Risk, Bound: p.Bound, Exact: p.Exact, DueMet: p.DueMet, DueAll: p.DueAll, Items: make([]api.ProposalItem, len(p.Choices))}
	out.Greedy.Points, out.Greedy.Risk, out.Greedy.DueMet = p.Greedy.Points, p.Greedy.Risk, p.Greedy.DueMet
	for i := range p.Choices {
		out.Items[i] = proposalItem(t, p.Items[i], p.Choices[i])
	}
	return out
}

// addLessons tells of which proposed products the team has learned something.
func (h *handlers) addLessons(ctx context.Context, t *team.Team, p *sprint.Proposal, items []api.ProposalItem) error {
	numbers := make([]int64, len(items))
	for i := range items {
		numbers[i] = p.Items[i].Number
	}
	known, err := h.Retro.Known(ctx, t, numbers)
	for i, n := range numbers {
		items[i].Lessons = known[n]
	}
	return err
}

func proposalItem(t *team.Team, item sprint.ProposedItem, c scrum.Choice) api.ProposalItem {
	return api.ProposalItem{
		Key: backlog.Key(t.Key, item.Number), Title: item.Title, In: c.In, InSprint: item.In, Reason: api.ProposalItemReason(c.Reason), Related: c.For,
		Points: c.Points, Assumed: c.Assumed, Risk: item.Risk, Due: item.Due,
	}
}
