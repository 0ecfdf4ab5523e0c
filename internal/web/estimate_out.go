package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/estimate"
	"patchline/internal/team"
)

// lead is who acts, and whether they may lead what they did not open.
func lead(ctx context.Context) estimate.Lead {
	return estimate.Lead{Who: who(ctx), Plans: role(ctx).May(team.Plan)}
}

func roundIn(t *team.Team, key string, round int) estimate.At {
	return estimate.At{Patch: numbers(t, []string{key})[0], Round: int64(round)}
}

func estimationOut(e *estimate.Session) api.Estimation {
	return api.Estimation{
		ID: e.ID, Name: e.Name, Mode: api.EstimationMode(e.Mode), AutoReveal: e.AutoReveal, Deadline: orNull(e.Deadline),
		OpenedBy: api.Person(e.OpenedBy), OpenedAt: e.OpenedAt, ClosedAt: orNull(e.ClosedAt),
		Items: e.Items, Estimated: e.Estimated, OpenRounds: e.OpenRounds, Waiting: e.Waiting,
	}
}

// table shows a session to the one who asks.
func (h *handlers) table(ctx context.Context, e *estimate.Table) api.EstimationTable {
	t, mine, s := h.team(ctx), me(ctx).User.ID, estimationOut(&e.Session)
	out := api.EstimationTable{
		ID: s.ID, Name: s.Name, Mode: s.Mode, AutoReveal: s.AutoReveal, Deadline: s.Deadline, OpenedBy: s.OpenedBy, OpenedAt: s.OpenedAt,
		ClosedAt: s.ClosedAt, Items: s.Items, Estimated: s.Estimated, OpenRounds: s.OpenRounds, Waiting: s.Waiting,
		Current: nullable.NewNullNullable[string](), Present: each(e.Present, seatOut),
	}
	out.Queue = each(e.Queue, func(i *estimate.Item) api.EstimationItem {
		key := backlog.Key(t.Key, i.Number)
		if e.Current != nil && *e.Current == i.PatchID {
			out.Current.Set(key)
		}
		return api.EstimationItem{
			Key: key, Title: i.Title, Status: api.Status(i.Status), Priority: round(i.Priority, 1), Points: orNull(i.Points), Version: int(i.Version),
			Rounds: each(i.Rounds, func(r *estimate.Round) api.EstimationRound { return roundOut(r, mine) }),
		}
	})
	return out
}

func seatOut(s *estimate.Seat) api.EstimationSeat {
	return api.EstimationSeat{ID: s.ID, Name: s.Name, Watching: s.Watching}
}

// roundOut shows a round to a person; what its service did not read is not there.
func roundOut(r *estimate.Round, userID string) api.EstimationRound {
	out := api.EstimationRound{
		Round: int(r.Number), State: api.EstimationRoundState(r.State), OpenedBy: r.OpenedBy, OpenedAt: r.OpenedAt, Deadline: orNull(r.Deadline),
		RevealedBy: r.RevealedBy, RevealedWhy: api.EstimationRoundRevealedWhy(r.Why), RevealedAt: orNull(r.RevealedAt),
		Scale:      each(r.Scale, func(v *team.ScaleValue) api.ScaleValue { return api.ScaleValue{Label: v.Label, Points: v.Points} }),
		Voted:      each(r.Votes, func(v *estimate.Vote) api.Person { return api.Person(v.Person) }),
		Votes:      []api.EstimationCast{},
		Mine:       nullable.NewNullNullable[string](),
		Statistics: statisticsOut(r.Statistics()),
		Final:      nullable.NewNullNullable[api.EstimationSettled](),
	}
	for _, v := range r.Votes {
		if v.ID == userID {
			out.Mine.Set(v.Value)
		}
		if r.State == estimate.Revealed {
			out.Votes = append(out.Votes, api.EstimationCast{Person: api.Person(v.Person), Value: v.Value})
		}
	}
	if r.Final != nil {
		out.Final.Set(api.EstimationSettled{Points: r.Final.Points, By: r.Final.By, At: r.Final.At})
	}
	return out
}

func statisticsOut(s *estimate.Statistics) nullable.Nullable[api.EstimationStatistics] {
	if s == nil {
		return nullable.NewNullNullable[api.EstimationStatistics]()
	}
	return nullable.NewNullableWithValue(api.EstimationStatistics{
		Counts: each(s.Counts, func(c *estimate.Count) api.EstimationCount {
			return api.EstimationCount{Value: c.Value, Votes: c.Votes}
		}),
		Estimates: s.Estimates, Median: orNull(s.Median), Mean: orNull(s.Mean), Lowest: orNull(s.Lowest), Highest: orNull(s.Highest), Agreed: s.Agreed,
	})
}

// narrow is an optional count as the API shows it.
func narrow(n *int64) nullable.Nullable[int] {
	if n == nil {
		return nullable.NewNullNullable[int]()
	}
	return nullable.NewNullableWithValue(int(*n))
}
