package backlog

import (
	"context"
	"slices"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// Lists of points that a patch is held to.
const (
	ReadyList = "ready" // the definition of ready
	DoneList  = "done"  // the definition of done
)

// Check is a point of a definition, and whether a patch meets it.
type Check struct {
	Text, Auto string // Auto: the server sees it, nobody ticks it
	Met        bool
	Who        string // who ticked it
}

// Checks are a patch beside its team's definitions.
type Checks struct{ Ready, Done []Check }

// Checks reads how a patch stands against its team's definitions of ready and done.
func (s *Service) Checks(ctx context.Context, t *team.Team, number int64) (Checks, error) {
	g := s.db.Read(ctx)
	p, err := ByNumber(g, t.ID, number)
	if err != nil {
		return Checks{}, err
	}
	return checksOf(g, t, p)
}

func checksOf(g db.Reader, t *team.Team, p *Patch) (Checks, error) {
	rules, err := t.Rules()
	if err != nil {
		return Checks{}, err
	}
	all, err := meetingsOf(g, []string{p.ID})
	if err != nil {
		return Checks{}, err
	}
	return Checks{all[p.ID].check(ReadyList, rules.Ready), all[p.ID].check(DoneList, rules.Done)}, nil
}

// check holds a patch against a definition.
func (s *meeting) check(list string, d team.Definition) []Check {
	out := make([]Check, len(d.Items))
	for i, point := range d.Items {
		out[i] = Check{Text: point.Text, Auto: point.Auto, Met: s.facts[point.Auto]}
		if point.Auto == "" {
			out[i].Who = s.ticked[[2]string{list, point.Text}]
			out[i].Met = out[i].Who != ""
		}
	}
	return out
}

// Unmet are the points of a definition that patches do not meet, in their words,
// by patch id. A definition that is off asks for nothing.
func Unmet(g db.Reader, list string, d team.Definition, patchIDs []string) (map[string][]string, error) {
	out := map[string][]string{}
	if d.Mode == team.Off || len(d.Items) == 0 || len(patchIDs) == 0 {
		return out, nil
	}
	all, err := meetingsOf(g, patchIDs)
	for id, s := range all {
		for _, c := range s.check(list, d) {
			if !c.Met {
				out[id] = append(out[id], c.Text)
			}
		}
	}
	return out, err
}

// Tick ticks a point of a definition for a patch, or takes the tick back. Ticking
// what is ticked changes nothing.
func (s *Service) Tick(ctx context.Context, who audit.Who, t *team.Team, number int64, list, item string, met bool) (Checks, error) {
	var out Checks
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := ByNumber(tx.DB, t.ID, number)
		if err != nil {
			return err
		}
		if err := tickable(t, list, item); err != nil {
			return err
		}
		changed, err := tick(tx, who, p.ID, list, item, met)
		if err == nil && changed {
			err = Tell(tx, who, t, p, event.PatchChanged, "patch.checked", map[string]any{"list": list, "point": item, "met": met})
		}
		if err != nil {
			return err
		}
		out, err = checksOf(tx.DB, t, p)
		return err
	})
	return out, err
}

func tickable(t *team.Team, list, item string) error {
	rules, err := t.Rules()
	if err != nil {
		return err
	}
	d := rules.Ready
	if list == DoneList {
		d = rules.Done
	}
	i := slices.IndexFunc(d.Items, func(p team.Point) bool { return p.Text == item })
	switch {
	case i < 0:
		return fault.Wrong("/item", "The team's definition has no such point any more; look again.")
	case d.Items[i].Auto != "":
		return fault.Wrong("/item", "The server sees this by itself; nobody ticks it.")
	}
	return nil
}
