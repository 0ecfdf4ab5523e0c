package retro

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"patchline/internal/backlog"
	"patchline/internal/report"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

func (r *Retro) label() string {
	if r.Sprint.Name != "" {
		return r.Sprint.Name
	}
	return fmt.Sprintf("Sprint %d", r.Sprint.Number)
}

// page is a Markdown text that is being written.
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) { fmt.Fprintf(&p.Builder, format+"\n", args...) }

// markdown is what stays of a retrospective. It names nobody but owners of actions.
func (r *Retro) markdown(t *team.Team, facts *report.Summary) string {
	p := &page{}
	p.line("# Retrospective of %s\n", report.Plain(r.label()))
	p.facts(facts)
	p.actions("What came of former actions", t, r.OpenActions)
	p.groups(r)
	p.actions("Actions", t, r.Actions)
	return p.String()
}

func (p *page) facts(s *report.Summary) {
	if s == nil {
		return
	}
	f := FactsOf(s)
	p.line("## Facts\n")
	p.line("- %g of %g points completed, %g committed", s.Report.Completed, s.FinalScope, s.Committed)
	p.line("- %d due dates missed, %d emergencies, %d reopened, %d carried over", len(f.DueMissed), len(f.Emergencies), len(f.Reopened), len(f.Carried))
	p.line("- %d working days blocked", f.BlockedDays)
	for _, l := range f.Misses {
		p.line("- estimate changed by %+g: %s %s", l.Points, l.Key, report.Plain(l.Title))
	}
	p.line("")
}

func (p *page) groups(r *Retro) {
	p.line("## What we talked about\n")
	byGroup := map[string][]Card{}
	for _, c := range r.Cards {
		if c.Group != nil {
			byGroup[*c.Group] = append(byGroup[*c.Group], c)
		}
	}
	for _, g := range r.Groups {
		cards := byGroup[g.ID]
		if len(cards) == 0 {
			continue
		}
		name := g.Name
		if name == "" {
			name = cards[0].Body
		}
		p.line("### %s (%d votes)\n", report.Plain(name), g.Votes)
		for _, c := range cards {
			p.line("- %s: %s", report.Plain(r.heading(c)), report.Plain(c.Body))
		}
		if g.Note != "" {
			p.line("\n%s", report.Plain(g.Note))
		}
		p.line("")
	}
}

func (r *Retro) heading(c Card) string {
	if c.Heading >= int64(len(r.Headings)) {
		return ""
	}
	return r.Headings[c.Heading]
}

func (p *page) actions(title string, t *team.Team, list []Action) {
	if len(list) == 0 {
		return
	}
	p.line("## %s\n", title)
	for _, a := range list {
		state := "by sprint " + fmt.Sprint(a.DueSprint)
		if !a.IsOpen {
			state = a.Status.Label()
		}
		p.line("- %s %s (%s, %s)", backlog.Key(t.Key, a.Number), report.Plain(a.Title), report.Plain(cmp.Or(a.Owner, "nobody")), state)
	}
	p.line("")
}

// SprintFacts are what a retrospective opens with.
type SprintFacts struct {
	DueMissed, Emergencies, Reopened, Carried []report.Line
	Misses                                    []report.Line // the largest changes of estimates, at most five
	Blockers                                  []report.Blocked
	BlockedDays                               int // working days, summed over the blockers
}

// FactsOf picks them out of the summary of a sprint.
func FactsOf(s *report.Summary) SprintFacts {
	f := SprintFacts{DueMissed: s.DueMissed, Emergencies: s.Emergencies, Reopened: s.Reopened, Carried: s.Carried, Blockers: s.Blockers}
	for _, e := range s.Entries {
		if e.Kind == scrum.KindReEstimated {
			f.Misses = append(f.Misses, report.Line{Item: e.Item, Key: e.Item, Title: s.Titles[e.Item], Points: e.Points})
		}
	}
	slices.SortStableFunc(f.Misses, func(a, b report.Line) int { return cmp.Compare(size(b.Points), size(a.Points)) })
	f.Misses = f.Misses[:min(5, len(f.Misses))]
	for _, b := range s.Blockers {
		f.BlockedDays += b.Days
	}
	return f
}

func size(x float64) float64 { return max(x, -x) }
