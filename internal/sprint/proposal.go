package sprint

import (
	"context"
	"math"
	"slices"

	"patchline/internal/asset"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Wishes are what a person has decided before asking for a proposal.
type Wishes struct {
	Capacity *float64 // points; nil takes the sprint's capacity, or the velocity
	Assumed  float64  // points of an item without an estimate; 0 leaves those out
	Keep     []int64  // numbers of patches that are in
	LeaveOut []int64  // that are not; an item of the sprint that is in neither list stays in
}

// Proposal is a selection for a sprint, with the greedy one beside it.
type Proposal struct {
	scrum.Proposal
	Items  []ProposedItem // beside Choices
	Greedy scrum.Proposal
}

// ProposedItem is what a choice is about.
type ProposedItem struct {
	Number int64
	Title  string
	Risk   float64
	Due    bool
	Barred string
	In     bool // it is in the sprint already
}

// Propose selects what a planned sprint should take: as many due dates as can be
// met, then the most risk, within the capacity. It changes nothing.
func (s *Service) Propose(ctx context.Context, t *team.Team, number int64, w Wishes) (*Proposal, error) {
	var in scrum.Proposing
	out := &Proposal{}
	err := s.db.View(ctx, func(g db.Reader) error {
		sp, err := byNumber(g, t.ID, number)
		if err != nil {
			return err
		}
		if sp.State != scrum.Planned {
			return fault.New(fault.Conflict, "Sprint %d is %s; a proposal is for a planned one.", sp.Number, sp.State)
		}
		if in.Capacity, err = w.capacity(g, t, sp); err != nil {
			return err
		}
		in.Assumed = w.Assumed
		in.Candidates, out.Items, err = w.candidates(g, t, sp)
		return err
	})
	if err != nil {
		return nil, err
	}
	if out.Proposal, err = in.Propose(); err == nil {
		out.Greedy, err = in.Greedy()
	}
	return out, err
}

func (w Wishes) capacity(g db.Reader, t *team.Team, sp *Sprint) (float64, error) {
	if w.Capacity != nil {
		return *w.Capacity, nil
	}
	c, err := capacityOf(g, t, sp)
	if err != nil {
		return 0, err
	}
	if c.Points == nil {
		return 0, fault.Wrong("/capacity", "There are not enough closed sprints to know the capacity in points; say how many points the sprint holds.")
	}
	return math.Floor(*c.Points*(1-c.Reserve)*2) / 2, nil
}

func (w Wishes) candidates(g db.Reader, t *team.Team, sp *Sprint) ([]scrum.Candidate, []ProposedItem, error) {
	rows, err := candidatesOf(g, sp, scrum.MaxCandidates)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	barred, err := barredIn(g, t, sp, ids)
	if err != nil {
		return nil, nil, err
	}
	needs, err := backlog.OpenNeeds(g, ids)
	if err != nil {
		return nil, nil, err
	}
	cal, err := t.Calendar()
	if err != nil {
		return nil, nil, err
	}
	end := cal.EndOf(sp.EndDate).UnixMicro()
	candidates, items := make([]scrum.Candidate, len(rows)), make([]ProposedItem, len(rows))
	for i, r := range rows {
		items[i] = ProposedItem{Number: r.number, Title: r.title, Risk: r.risk, Due: r.due != nil && *r.due < end, Barred: barred[r.id], In: r.sprint.Valid}
		candidates[i] = scrum.Candidate{
			Item: backlog.Key(t.Key, r.number), Points: r.points, Risk: r.risk, Due: items[i].Due, Barred: items[i].Barred, Wish: w.of(r),
		}
		for _, n := range needs[r.id] {
			candidates[i].Needs = append(candidates[i].Needs, backlog.Key(t.Key, n))
		}
	}
	return candidates, items, nil
}

// of is what the person wishes of an item; what is in the sprint already stays.
func (w Wishes) of(c candidate) scrum.Wish {
	switch {
	case slices.Contains(w.LeaveOut, c.number):
		return scrum.LeaveOut
	case slices.Contains(w.Keep, c.number) || c.sprint.Valid:
		return scrum.Keep
	}
	return ""
}

// barredIn says for which patches no moment of the sprint can be used: none of the
// windows of their groups of assets opens, or freezes cover all of it.
func barredIn(g db.Reader, t *team.Team, sp *Sprint, ids []string) (map[string]string, error) {
	windows, err := asset.WindowsOf(g, t.ID)
	if err != nil || len(windows) == 0 || len(ids) == 0 {
		return nil, err
	}
	groups, err := groupsOf(g, ids)
	if err != nil {
		return nil, err
	}
	cal, err := t.Calendar()
	if err != nil {
		return nil, err
	}
	from, to := cal.StartOf(sp.StartDate), cal.EndOf(sp.EndDate)
	known := map[string]bool{}
	open := func(group string) bool {
		if _, there := known[group]; !there {
			maintenance, freezes := sortWindows(windows, group)
			known[group] = scrum.OpenWithin(maintenance, freezes, from, to)
		}
		return known[group]
	}
	out := map[string]string{}
	for _, id := range ids {
		for _, group := range append(groups[id], "") {
			if !open(group) {
				out[id] = "No maintenance window opens in this sprint."
			}
		}
	}
	return out, nil
}
