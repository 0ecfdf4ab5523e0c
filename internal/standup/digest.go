package standup

import (
	"fmt"
	"strings"
	"time"

	"patchline/internal/backlog"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Digest writes a stand-up as Markdown, to be sent to those who were not there.
func (s *Standup) Digest(t *team.Team) string {
	var w digest
	w.line("# Stand-up of %s, %s", plain(t.Name), s.Day.Text())
	if s.SprintDay != nil && s.SprintDays != nil {
		w.line("\nDay %d of %d of the sprint.", *s.SprintDay, *s.SprintDays)
	}
	if !s.Working {
		w.line("\nThe team does not work that day.")
	}
	w.blockers(t, s.Blockers)
	for _, e := range s.Entries {
		w.entry(t, e)
	}
	w.names("\nNo entry", s.Missing, plain)
	w.names("\nOff", s.Off, plain)
	return w.String()
}

// dayIn is the day of a moment in the team's zone.
func dayIn(t *team.Team, at time.Time) string {
	cal, err := t.Calendar()
	if err != nil { // a zone that this machine does not know
		return scrum.DayOf(at, time.UTC).Text()
	}
	return cal.DayOf(at).Text()
}

type digest struct{ strings.Builder }

func (w *digest) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *digest) blockers(t *team.Team, all []Blocker) {
	if len(all) == 0 {
		return
	}
	w.line("\n## Open blockers\n")
	for _, b := range all {
		line := fmt.Sprintf("- **%s** %s: %s", backlog.Key(t.Key, b.Number), plain(b.Title), plain(b.Needed))
		if b.NextStep != "" {
			line += " Next: " + plain(b.NextStep)
		}
		owner := "no owner"
		if b.Owner != nil {
			owner = plain(b.Owner.Name)
		}
		line += fmt.Sprintf(" (%d working days, %s", b.Days, owner)
		if b.DueAt != nil {
			line += ", threatens " + dayIn(t, *b.DueAt)
		}
		if b.Escalated != nil {
			line += ", escalated"
		}
		w.line("%s)", line)
	}
}

func (w *digest) entry(t *team.Team, e Entry) {
	w.line("\n## %s\n", plain(e.Member.Name))
	w.said("Yesterday", e.Yesterday)
	for _, step := range e.Done {
		tick := " "
		if step.Ticked() {
			tick = "x"
		}
		w.line("- [%s] %s %s: %s", tick, backlog.Key(t.Key, step.Number), plain(step.Title), strings.ToLower(step.To.Label()))
	}
	w.said("Today", e.Today)
	for _, i := range e.Items {
		w.line("- %s %s", backlog.Key(t.Key, i.Number), plain(i.Title))
	}
}

func (w *digest) said(when, text string) {
	if text == "" {
		text = "–"
	}
	w.line("%s: %s\n", when, plain(text))
}

func (w *digest) names(what string, list []Person, clean func(string) string) {
	if len(list) == 0 {
		return
	}
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = clean(p.Name)
	}
	w.line("%s: %s", what, strings.Join(names, ", "))
}

var markup = strings.NewReplacer("\\", "\\\\", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "<", "\\<", "#", "\\#", "|", "\\|")

// plain keeps what people wrote from being read as Markdown, on one line.
func plain(text string) string { return markup.Replace(strings.Join(strings.Fields(text), " ")) }

// mostBrief is how many letters of each text a brief digest shows.
const mostBrief = 300

// Brief writes a stand-up as plain text for a notice: what stops the team, who said
// what, and who said nothing. Long texts are cut; the page has them whole.
func (s *Standup) Brief(t *team.Team) string {
	var w digest
	for _, b := range s.Blockers {
		w.line("Blocked: %s %s: %s (%d working days)", backlog.Key(t.Key, b.Number), brief(b.Title), brief(b.Needed), b.Days)
	}
	for _, e := range s.Entries {
		w.line("%s", e.Member.Name)
		w.told("Yesterday", e.Yesterday, keysOf(t, e.Done, func(s Step) int64 { return s.Number }))
		w.told("Today", e.Today, keysOf(t, e.Items, func(i Item) int64 { return i.Number }))
	}
	w.names("No entry", s.Missing, brief)
	w.names("Off", s.Off, brief)
	return strings.TrimSpace(w.String())
}

// told is one line of what somebody said, with the patches that it is about.
func (w *digest) told(when, text string, keys []string) {
	if text = brief(text); len(keys) > 0 {
		text = strings.TrimSpace(text + " (" + strings.Join(keys, ", ") + ")")
	}
	if text != "" {
		w.line("  %s: %s", when, text)
	}
}

func keysOf[T any](t *team.Team, items []T, number func(T) int64) (keys []string) {
	for _, i := range items {
		keys = append(keys, backlog.Key(t.Key, number(i)))
	}
	return keys
}

func brief(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > mostBrief {
		return string(r[:mostBrief]) + "…"
	}
	return text
}
