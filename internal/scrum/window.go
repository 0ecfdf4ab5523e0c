package scrum

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Repeat is how often a window comes.
type Repeat string

// Repeats.
const (
	Once    Repeat = "once"
	Daily   Repeat = "daily"
	Weekly  Repeat = "weekly"  // on its weekdays, every so many weeks
	Monthly Repeat = "monthly" // on the nth of its weekdays in the month
)

// Window is a time in which assets may be changed, or, as a freeze, must not be:
// "third Tuesday 22:00–02:00 in Europe/Berlin". It belongs to the day on which it
// begins, by the clocks of its zone, so a window over midnight or over a change of
// the clocks ends when they show its end.
type Window struct {
	Zone     *time.Location
	Start    string         // "22:00"
	End      string         // "02:00"; not after Start means the next day
	Days     int            // further whole days that it lasts: 0 for a night, 13 for a freeze of two weeks
	Repeat   Repeat         // Once when empty
	Weekdays []time.Weekday // of Weekly and Monthly
	Nth      int            // of Monthly: 1 to 5, or -1 for the last
	Every    int            // weeks or months between; 1 when 0
	From     Day            // the first day on which it may begin; with Once the day
	Until    Day            // the last one; empty for ever
	Except   []Day          // days on which it does not begin
}

// Span is a stretch of time; To is not part of it.
type Span struct{ From, To time.Time }

// Overlaps tells whether two spans share a moment.
func (s Span) Overlaps(o Span) bool { return s.From.Before(o.To) && o.From.Before(s.To) }

// maxWindowDays bounds how long one window lasts.
const maxWindowDays = 366

// Check names everything that is wrong with a window, in words for people.
func (w Window) Check() error {
	var errs []error
	add := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	_, startErr := parseClock(w.Start)
	_, endErr := parseClock(w.End)
	errs = append(errs, startErr, endErr)
	add(w.Zone == nil, "a window needs a time zone")
	add(w.From == "", "a window needs its first day")
	add(w.Until != "" && w.Until < w.From, "the last day is before the first")
	add(w.Days < 0 || w.Days > maxWindowDays, "a window lasts at most %d days", maxWindowDays)
	add(w.Every < 0 || w.Every > 52, "a window comes every 1 to 52 weeks or months")
	switch w.Repeat {
	case "", Once, Daily:
	case Weekly:
		add(len(w.Weekdays) == 0, "a weekly window needs a day of the week")
	case Monthly:
		add(len(w.Weekdays) == 0, "a monthly window needs a day of the week")
		add(w.Nth == 0 || w.Nth < -1 || w.Nth > 5, "a monthly window comes on the 1st to 5th or, as -1, on the last of its days")
	default:
		add(true, "a window comes once, daily, weekly or monthly, not %q", w.Repeat)
	}
	return errors.Join(errs...)
}

// parseClock reads "22:00" as minutes after midnight.
func parseClock(text string) (int, error) {
	at, err := time.Parse("15:04", text)
	if err != nil || len(text) != 5 { // it would take 9:00
		return 0, fmt.Errorf("a time of the day is written like 22:00, not %q", text)
	}
	return at.Hour()*60 + at.Minute(), nil
}

// Spans lists when the window is open between two moments, in order; a span that
// has begun before or ends after them is given whole. It stops after limit spans.
// A window that fails Check has none.
func (w Window) Spans(from, to time.Time, limit int) []Span {
	if w.Check() != nil || !from.Before(to) {
		return nil
	}
	day := max(w.From, DayOf(from, w.Zone).Add(-w.Days-2)) // begun before, and still open
	last := DayOf(to, w.Zone)
	if w.Until != "" {
		last = min(last, w.Until)
	}
	if w.Repeat == Once || w.Repeat == "" {
		last = min(last, w.From)
	}
	var out []Span
	for ; day <= last && len(out) < limit; day = day.Add(1) {
		if !w.begins(day) {
			continue
		}
		if s := w.span(day); s.From.Before(to) && from.Before(s.To) {
			out = append(out, s)
		}
	}
	return out
}

// begins tells whether the window opens on a day from its first on.
func (w Window) begins(day Day) bool {
	if slices.Contains(w.Except, day) {
		return false
	}
	every := max(w.Every, 1)
	switch w.Repeat {
	case Daily:
		return w.From.DaysUntil(day)%every == 0
	case Weekly:
		return slices.Contains(w.Weekdays, day.Weekday()) && monday(w.From).DaysUntil(monday(day))/7%every == 0
	case Monthly:
		return slices.Contains(w.Weekdays, day.Weekday()) && w.isNth(day) && w.months(day)%every == 0
	}
	return day == w.From
}

// monday of the week of a day.
func monday(d Day) Day { return d.Add(-(int(d.Weekday()) + 6) % 7) }

// isNth tells whether the day is the nth of its weekday in its month.
func (w Window) isNth(day Day) bool {
	if w.Nth == -1 {
		return day.Add(7).midnight().Month() != day.midnight().Month()
	}
	return (day.midnight().Day()-1)/7+1 == w.Nth
}

func (w Window) months(day Day) int {
	a, b := w.From.midnight(), day.midnight()
	return (b.Year()-a.Year())*12 + int(b.Month()-a.Month())
}

// span of the window that begins on a day. It is never empty: where the clocks
// skip all of it, it lasts as long as its clock times say.
func (w Window) span(day Day) Span {
	start, _ := parseClock(w.Start)
	end, _ := parseClock(w.End)
	days := w.Days
	if end <= start {
		days++
	}
	opens, closes := day.midnight().Add(minutes(start)), day.Add(days).midnight().Add(minutes(end))
	s := Span{resolveWall(opens, w.Zone), resolveWall(closes, w.Zone)}
	if !s.From.Before(s.To) {
		s.To = s.From.Add(closes.Sub(opens))
	}
	return s
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// FrozenDays are the days from one to another, both included, of which a freeze
// covers any part of the working hours' day in the team's zone.
func FrozenDays(c Calendar, freezes []Window, from, to Day) map[Day]bool {
	out := map[Day]bool{}
	for _, w := range freezes {
		for _, s := range w.Spans(c.StartOf(from), c.EndOf(to), maxWindowDays) {
			for d := max(from, c.DayOf(s.From)); d <= to && c.StartOf(d).Before(s.To); d = d.Add(1) {
				out[d] = true
			}
		}
	}
	return out
}

// OpenWithin tells whether any of the windows gives a moment between two moments
// that no freeze takes away. Without windows every moment outside a freeze counts.
func OpenWithin(windows, freezes []Window, from, to time.Time) bool {
	open := []Span{{from, to}}
	if len(windows) > 0 {
		open = nil
		for _, w := range windows {
			open = append(open, w.Spans(from, to, maxWindowDays)...)
		}
	}
	var closed []Span
	for _, w := range freezes {
		closed = append(closed, w.Spans(from, to, maxWindowDays)...)
	}
	for _, s := range open {
		if len(s.minus(closed)) > 0 {
			return true
		}
	}
	return false
}

// minus is what others leave of a span.
func (s Span) minus(others []Span) []Span {
	left := []Span{s}
	for _, o := range others {
		var next []Span
		for _, part := range left {
			if !part.Overlaps(o) {
				next = append(next, part)
				continue
			}
			if part.From.Before(o.From) {
				next = append(next, Span{part.From, o.From})
			}
			if o.To.Before(part.To) {
				next = append(next, Span{o.To, part.To})
			}
		}
		left = next
	}
	return left
}
