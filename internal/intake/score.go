package intake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/team"
)

// score scores every patch that the import touched, and those an import that was
// cut short has left unscored. Of finished patches it counts the findings again.
func (r *report) score(ctx context.Context) error {
	g := r.db.Read(ctx)
	ids := idSet{}
	for _, more := range []idSet{r.made, r.changed, r.weighed} {
		maps.Copy(ids, more)
	}
	r.met.drop(r.scored)
	left, err := unsettled(g, r.met.sorted())
	if err != nil {
		return err
	}
	ids.add(left...)
	teams, err := teamsOf(g, ids.sorted(), "")
	if err != nil {
		return err
	}
	for id := range r.changed {
		if !slices.Contains(teams[r.team.ID], id) {
			delete(r.changed, id) // another team's; its people see it there
		}
	}
	for teamID, ids := range teams {
		teams[teamID] = slices.DeleteFunc(ids, func(id string) bool { return r.scored[id] })
	}
	_, err = r.rescore(ctx, teams, r.reason())
	return err
}

// reason is why scores change, for ledger and history.
func (r *run) reason() string { return "import of " + r.sum.File }

// rescore scores patches again, by team, in transactions of the right size, and
// returns how many changed.
func (r *run) rescore(ctx context.Context, byTeam map[string][]string, reason string) (changed map[string]int, err error) {
	changed = map[string]int{}
	p := &pace{size: 100, least: 50, most: 200}
	for _, teamID := range slices.Sorted(maps.Keys(byTeam)) {
		who := r.who
		if teamID != r.team.ID {
			who = audit.Server // strangers have no name in another team
		}
		for ids := byTeam[teamID]; len(ids) > 0; {
			n := min(p.size, len(ids))
			err := r.paced(p, func() error {
				did, err := r.rescorePart(ctx, who, teamID, ids[:n], reason)
				changed[teamID] += did
				return err
			})
			if err != nil {
				return changed, err
			}
			ids = ids[n:]
			r.show()
		}
		if teamID != r.team.ID && changed[teamID] > 0 {
			if err := r.tellTeam(ctx, teamID); err != nil {
				return changed, err
			}
		}
	}
	return changed, nil
}

func (r *run) rescorePart(ctx context.Context, who audit.Who, teamID string, ids []string, reason string) (changed int, err error) {
	err = r.transact(ctx, func(tx *db.Tx) error {
		t, err := team.Lock(tx, teamID)
		if err != nil {
			return err
		}
		score := backlog.Rescore
		if r.rebaseline {
			score = backlog.Rebaseline
		}
		changed, err = score(tx, who, t, ids, reason)
		return err
	})
	return changed, err
}

func (r *run) tellTeam(ctx context.Context, teamID string) error {
	return r.transact(ctx, func(tx *db.Tx) error {
		return event.Tell(tx, audit.Server, teamID, event.Event{Kind: event.PatchesChanged})
	})
}

// standing is what a summary compares before and after a rescoring.
type standing struct {
	priority float64
	kev      bool
}

// moves tells how a rescoring changed the team's backlog, in one sentence.
func moves(before, after map[string]standing) string {
	up, down, listed := 0, 0, 0
	for id, now := range after {
		was := before[id]
		switch {
		case now.priority > was.priority:
			up++
		case now.priority < was.priority:
			down++
		}
		if now.kev && !was.kev {
			listed++
		}
	}
	var said []string
	for _, s := range []struct {
		n    int
		text string
	}{{up, "moved up"}, {down, "moved down"}, {listed, "became KEV"}} {
		switch {
		case s.n > 0 && len(said) == 0:
			said = append(said, count(s.n, "patch")+" "+s.text)
		case s.n > 0:
			said = append(said, fmt.Sprintf("%d %s", s.n, s.text))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return strings.Join(said, ", ") + "."
}
