package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"patchline/api"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

func (h *handlers) CreateCalendarFeed(ctx context.Context, _ api.CreateCalendarFeedRequestObject) (api.CreateCalendarFeedResponseObject, error) {
	secret, err := h.Services.Team.NewFeed(ctx, who(ctx), h.team(ctx))
	return api.CreateCalendarFeed200JSONResponse{Path: "/api/v1/calendars/" + url.PathEscape(secret) + ".ics"}, err
}

// GetCalendarFeed writes what a calendar program shows of a team: half a year back
// and a year ahead.
func (h *handlers) GetCalendarFeed(ctx context.Context, r api.GetCalendarFeedRequestObject) (api.GetCalendarFeedResponseObject, error) {
	t, err := h.Services.Team.FeedTeam(ctx, strings.TrimSuffix(r.Secret, ".ics"))
	if err != nil {
		return nil, err
	}
	cal, err := t.Calendar()
	if err != nil {
		return nil, err
	}
	now := h.DB.Now()
	today := cal.DayOf(now)
	f := newFeedFile(t, now)
	if err := h.feedDays(ctx, f, t, today.Add(-180), today.Add(365)); err != nil {
		return nil, err
	}
	windows, err := h.Asset.Windows(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range spansOut(windows, now.AddDate(0, 0, -180), now.AddDate(1, 0, 0)) {
		f.span(s)
	}
	text := f.Serialize(ics.WithNewLineWindows) // RFC 5545, 3.1: lines end with CRLF
	return api.GetCalendarFeed200TextCalendarResponse{Body: strings.NewReader(text), ContentLength: int64(len(text))}, nil
}

// feedDays adds what lasts whole days: sprints, holidays, days off.
func (h *handlers) feedDays(ctx context.Context, f *feedFile, t *team.Team, from, to scrum.Day) error {
	sprints, err := h.Sprint.List(ctx, t, nil, 0, 60)
	if err != nil {
		return err
	}
	for _, s := range sprints {
		f.days("sprint-"+s.ID, s.StartDate, s.EndDate, sprintTitle(s), s.Goal)
	}
	for _, day := range t.Holidays {
		if d := scrum.Day(day); from <= d && d <= to {
			f.days("holiday-"+t.ID+"-"+day, d, d, "Holiday", "")
		}
	}
	absences, err := h.Services.Team.Absences(ctx, t.ID, from, to)
	for _, a := range absences {
		who := a.Name
		if a.UserID == nil {
			who = "The team"
		}
		what := " is off"
		if a.Half {
			what = " is off half the day"
		}
		f.days("absence-"+a.ID, a.FromDay, a.ToDay, who+what, "")
	}
	return err
}

func sprintTitle(s *sprint.Sprint) string {
	name := s.Name
	if name == "" {
		name = fmt.Sprintf("Sprint %d", s.Number)
	}
	return name + " (" + string(s.State) + ")"
}

// feedFile is an iCalendar file under way.
type feedFile struct {
	*ics.Calendar
	now time.Time
}

func newFeedFile(t *team.Team, now time.Time) *feedFile {
	c := ics.NewCalendarFor("Patchline")
	c.SetMethod(ics.MethodPublish)
	c.SetName(t.Name)
	c.SetXWRCalName(t.Name)
	return &feedFile{c, now}
}

// days adds whole days; in the file the end is the day after.
func (f *feedFile) days(id string, from, to scrum.Day, title, text string) {
	e := f.AddEvent(id + "@patchline")
	e.SetDtStampTime(f.now)
	e.SetAllDayStartAt(from.Start(time.UTC))
	e.SetAllDayEndAt(to.Add(1).Start(time.UTC))
	e.SetSummary(title)
	if text != "" {
		e.SetDescription(text)
	}
}

func (f *feedFile) span(s api.WindowSpan) {
	e := f.AddEvent("window-" + s.ID + "-" + s.From.Format("20060102T150405Z") + "@patchline")
	e.SetDtStampTime(f.now)
	e.SetStartAt(s.From)
	e.SetEndAt(s.To)
	title := "Maintenance: "
	if s.Kind == "freeze" {
		title = "Freeze: "
	}
	e.SetSummary(title + s.Name)
	if s.GroupName != "" {
		e.SetDescription("For the assets of " + s.GroupName)
	}
}

const (
	maxHolidayFile = 2 << 20
	yearsAhead     = 5
)

// ImportHolidays takes the whole days of a calendar file.
func (h *handlers) ImportHolidays(ctx context.Context, r api.ImportHolidaysRequestObject) (api.ImportHolidaysResponseObject, error) {
	text, err := io.ReadAll(io.LimitReader(r.Body, maxHolidayFile+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxHolidayFile {
		return nil, fault.New(fault.TooLarge, "A calendar of holidays has at most 2 MiB.")
	}
	t := h.team(ctx)
	days, skipped, err := holidaysOf(text, h.DB.Now())
	if err != nil {
		return nil, err
	}
	days = slices.DeleteFunc(days, func(d string) bool { return slices.Contains(t.Holidays, d) })
	if len(days) > 0 {
		if t, err = h.Services.Team.AddHolidays(ctx, who(ctx), t, days); err != nil {
			return nil, err
		}
	}
	return api.ImportHolidays200JSONResponse{Added: words[api.Date](days), Skipped: skipped, Team: teamOut(t)}, nil
}

// holidaysOf are the whole days of a calendar file from last year on, each once.
func holidaysOf(text []byte, now time.Time) (days []string, skipped int, err error) {
	if !bytes.Contains(text[:min(len(text), 4096)], []byte("BEGIN:VCALENDAR")) {
		return nil, 0, fault.New(fault.Invalid, "This is not a calendar file: it does not begin with BEGIN:VCALENDAR.")
	}
	c, err := ics.ParseCalendar(bytes.NewReader(text))
	if err != nil {
		return nil, 0, fault.New(fault.Invalid, "The calendar file cannot be read; it may be cut off.")
	}
	first := scrum.DayOf(now.AddDate(-1, 0, 0), time.UTC)
	for _, e := range c.Events() {
		from, to, ok := wholeDays(e)
		if !ok {
			skipped++
			continue
		}
		for year := range repeats(e, now) {
			for d := from; d < to && d < from.Add(40); d = d.Add(1) {
				if day := inYears(d, year); day >= first {
					days = append(days, string(day))
				}
			}
		}
	}
	slices.Sort(days)
	if days = slices.Compact(days); len(days) > 300 {
		return nil, 0, fault.New(fault.Invalid, "The file has more than 300 days from last year on; this does not look like holidays.")
	}
	return days, skipped, nil
}

// wholeDays are the first day of an event and the day after its last.
func wholeDays(e *ics.VEvent) (from, to scrum.Day, ok bool) {
	start := e.GetProperty(ics.ComponentPropertyDtStart)
	if start == nil || len(start.Value) != 8 {
		return "", "", false
	}
	at, err := time.Parse("20060102", start.Value)
	if err != nil {
		return "", "", false
	}
	from = scrum.DayOf(at, time.UTC)
	to = from.Add(1)
	if end := e.GetProperty(ics.ComponentPropertyDtEnd); end != nil {
		if at, err := time.Parse("20060102", end.Value); err == nil {
			to = max(to, scrum.DayOf(at, time.UTC))
		}
	}
	rule := e.GetProperty(ics.ComponentPropertyRrule)
	return from, to, rule == nil || yearly(rule.Value)
}

// yearly is the only repetition that a holiday of a fixed date has.
func yearly(rule string) bool {
	rule = strings.ToUpper(rule)
	return strings.Contains(rule, "FREQ=YEARLY") && !strings.Contains(rule, "BYDAY") && !strings.Contains(rule, "COUNT") && !strings.Contains(rule, "UNTIL")
}

// repeats is over how many years from its first an event comes.
func repeats(e *ics.VEvent, now time.Time) int {
	if e.GetProperty(ics.ComponentPropertyRrule) == nil {
		return 1
	}
	start := e.GetProperty(ics.ComponentPropertyDtStart)
	at, err := time.Parse("20060102", start.Value)
	if err != nil {
		return 1
	}
	return max(1, min(200, now.Year()-at.Year()+yearsAhead+1))
}

// inYears is the same date some years later; 29 February only where there is one.
func inYears(d scrum.Day, years int) scrum.Day {
	at := d.Start(time.UTC)
	later := time.Date(at.Year()+years, at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	if later.Day() != at.Day() {
		return ""
	}
	return scrum.DayOf(later, time.UTC)
}
