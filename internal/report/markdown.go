package report

import (
	"fmt"
	"strings"
	"time"

	"patchline/internal/scrum"
	"patchline/internal/sprint"
)

// Markdown is the summary as a text to send.
func (s *Summary) Markdown() string {
	w := &writer{zone: s.location()}
	sp := s.Sprint
	name := sp.Name
	if name == "" {
		name = fmt.Sprintf("Sprint %d", sp.Number)
	}
	w.line("# %s, %s to %s", Plain(name), sp.StartDate, sp.EndDate)
	w.gap()
	if sp.Goal != "" {
		w.line("**Goal:** %s%s", Plain(sp.Goal), met(sp.GoalMet))
		w.gap()
	}
	s.figures(w)
	w.list("Emergencies", s.Emergencies)
	w.list("Added", s.Added)
	w.list("Removed", s.Removed)
	w.list("Estimates changed", s.ReEstimated)
	w.list("Reopened", s.Reopened)
	w.list("Dropped", s.Dropped)
	carried := "Carried over"
	if sp.State == scrum.Active {
		carried = "Still open"
	}
	w.list(carried, s.Carried)
	w.list("Due dates missed", s.DueMissed)
	w.blockers(s.Blockers)
	w.list("Completed with open tasks", s.OpenTasks)
	w.list("Completed", s.Completed)
	w.corrections(s.Report)
	w.reopenings(s.Report)
	return w.String()
}

func (s *Summary) location() *time.Location {
	zone, err := scrum.ParseZone(s.Sprint.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

func met(goal *bool) string {
	switch {
	case goal == nil:
		return ""
	case *goal:
		return " (met)"
	}
	return " (not met)"
}

func (s *Summary) figures(w *writer) {
	w.line("| | points |")
	w.line("|---|---:|")
	w.line("| Committed | %g |", s.Committed)
	w.line("| Completed | %g |", s.Report.Completed)
	w.line("| of the commitment | %g |", s.CompletedOfCommitted)
	w.line("| of what was added | %g |", s.CompletedOfAdded)
	w.line("| Final scope | %g |", s.FinalScope)
	if s.SayDo != nil {
		w.line("| Say/do | %.0f %% |", *s.SayDo*100)
	}
	w.gap()
	w.line("Working days: %d of %d. Due dates met: %d, missed: %d.", s.DaysOver, s.WorkingDays, s.DueMet, len(s.DueMissed))
	if len(s.Risk) > 0 {
		var parts []string
		for _, cause := range scrum.RiskCauses {
			if delta, ok := s.Risk[cause]; ok {
				parts = append(parts, fmt.Sprintf("%s %+g", cause, delta))
			}
		}
		w.line("Risk of the backlog: %s.", strings.Join(parts, ", "))
	}
	w.gap()
}

// maxLines is how many lines of a list are written: a longer mail is not read.
const maxLines = 200

type writer struct {
	strings.Builder
	zone *time.Location
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.Builder, format+"\n", args...) }
func (w *writer) gap()                            { w.WriteByte('\n') }

func (w *writer) list(title string, lines []Line) {
	if len(lines) == 0 {
		return
	}
	w.line("## %s (%d)", title, len(lines))
	w.gap()
	for _, l := range lines[:min(len(lines), maxLines)] {
		w.line("- %s", l.text(w.zone))
	}
	if more := len(lines) - maxLines; more > 0 {
		w.line("- and %d more, in the ledger", more)
	}
	w.gap()
}

func (l Line) text(zone *time.Location) string {
	parts := []string{strings.TrimSpace(Plain(l.Item) + " " + Plain(l.Title))}
	if l.Points != 0 {
		parts = append(parts, fmt.Sprintf("%g points", l.Points))
	}
	if l.Detail != "" {
		parts = append(parts, strings.ReplaceAll(l.Detail, "_", " "))
	}
	if l.At != nil {
		parts = append(parts, l.At.In(zone).Format(time.DateOnly))
	}
	if l.Times > 1 {
		parts = append(parts, fmt.Sprintf("carried %d times", l.Times))
	}
	text := strings.Join(parts, ", ")
	if l.Who != "" {
		text += ", " + Plain(l.Who)
	}
	if l.Reason != "" {
		text += ": " + Plain(l.Reason)
	}
	return text
}

func (w *writer) blockers(all []Blocked) {
	if len(all) == 0 {
		return
	}
	w.line("## Blockers (%d)", len(all))
	w.gap()
	for _, b := range all {
		open := ""
		if b.Open {
			open = ", still open"
		}
		w.line("- %s %s: %s, %d working days%s", b.Key, Plain(b.Title), Plain(b.Needed), b.Days, open)
	}
	w.gap()
}

// corrections come after the figures of the close, which they do not change.
func (w *writer) corrections(r *sprint.Report) {
	rows := r.Corrections.Rows
	if len(rows) == 0 {
		return
	}
	w.line("## Corrected since the close (%d)", len(rows))
	w.gap()
	for _, c := range rows {
		note := ""
		if !c.Counts {
			note = " (before the sprint was reopened; it counts no more)"
		}
		w.line("- %s %s: %s, %+g points, %s, %s: %s%s", c.Item, Plain(r.Titles[c.Item]), strings.ReplaceAll(c.Detail, "_", " "), c.Points,
			c.At.In(w.zone).Format(time.DateOnly), Plain(c.Actor), Plain(c.Reason), note)
	}
	w.gap()
	if f := r.Corrections.Figures; f != nil {
		w.line("Corrected: %g of %g points completed; at the close it was %g of %g.", f.Completed, f.FinalScope, r.Completed, r.FinalScope)
		w.gap()
	}
}

func (w *writer) reopenings(r *sprint.Report) {
	for _, c := range r.Reopenings {
		w.line("Closed on %s by %s with %g of %g points, and reopened on %s by %s: %s", c.ClosedAt.In(w.zone).Format(time.DateOnly), Plain(c.ClosedBy),
			c.Completed, c.FinalScope, c.ReopenedAt.In(w.zone).Format(time.DateOnly), Plain(c.ReopenedBy), Plain(c.Reason))
		w.gap()
	}
}

// Plain keeps a text of somebody's from being read as Markdown or HTML.
func Plain(text string) string { return escapes.Replace(strings.Join(strings.Fields(text), " ")) }

var escapes = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "|", `\|`, "#", `\#`)
