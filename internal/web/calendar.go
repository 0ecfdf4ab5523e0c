package web

import (
	"context"
	"slices"
	"time"

	"github.com/oapi-codegen/nullable"
	"github.com/oapi-codegen/runtime/types"

	"patchline/api"
	"patchline/internal/asset"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

const (
	calendarDays  = 400  // of one answer
	calendarSpans = 1000 // of one answer
	usualAhead    = 55   // days, when nobody asks for more
)

func (h *handlers) GetCalendar(ctx context.Context, r api.GetCalendarRequestObject) (api.GetCalendarResponseObject, error) {
	t := h.team(ctx)
	cal, err := t.Calendar()
	if err != nil {
		return nil, err
	}
	from := cal.DayOf(h.DB.Now())
	if r.Params.From != "" {
		from = scrum.Day(r.Params.From)
	}
	to := from.Add(usualAhead)
	if r.Params.To != "" {
		to = scrum.Day(r.Params.To)
	}
	if to < from || from.DaysUntil(to) > calendarDays {
		return nil, fault.Wrong("/query/to", "The last day is not before the first, and at most 400 days later.")
	}
	out := api.Calendar{From: api.Date(from), To: api.Date(to), Holidays: []api.Date{}}
	for _, day := range t.Holidays {
		if d := scrum.Day(day); from <= d && d <= to {
			out.Holidays = append(out.Holidays, api.Date(day))
		}
	}
	absences, err := h.Services.Team.Absences(ctx, t.ID, from, to)
	if err != nil {
		return nil, err
	}
	out.Absences = each(absences, absenceOut)
	windows, err := h.Asset.Windows(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	out.Spans = spansOut(windows, cal.StartOf(from), cal.EndOf(to))
	people, err := h.Services.Team.Availabilities(ctx, t.ID)
	out.Availabilities = each(people, availabilityOut)
	return api.GetCalendar200JSONResponse(out), err
}

func absenceOut(a *team.Absence) api.Absence {
	return api.Absence{ID: a.ID, User: person(a.UserID, a.Name), From: api.Date(a.FromDay), To: api.Date(a.ToDay), Half: a.Half, Note: a.Note}
}

func availabilityOut(a *team.Availability) api.Availability {
	out := api.Availability{User: api.Person{ID: a.UserID, Name: a.Name}, HoursPerDay: a.Hours, Focus: a.Focus, Activities: []api.ActivityHours{}}
	for _, name := range team.Activities {
		if hours, there := a.Activities[name]; there {
			out.Activities = append(out.Activities, api.ActivityHours{Activity: api.ActivityHoursActivity(name), Hours: hours})
		}
	}
	return out
}

// spansOut are the times of all windows between two moments, by their beginning.
func spansOut(windows []asset.Window, from, to time.Time) []api.WindowSpan {
	out := []api.WindowSpan{}
	for _, w := range windows {
		rule, err := w.Rule.Window()
		if err != nil {
			continue // it was checked when it was written; its zone may be unknown to this server
		}
		for _, s := range rule.Spans(from, to, calendarSpans) {
			out = append(out, api.WindowSpan{ID: w.ID, Kind: api.WindowSpanKind(w.Kind), Name: w.Name, GroupName: w.GroupName, From: s.From.UTC(), To: s.To.UTC()})
		}
	}
	slices.SortStableFunc(out, func(a, b api.WindowSpan) int { return a.From.Compare(b.From) })
	return out[:min(len(out), calendarSpans)]
}

func (h *handlers) ListWindows(ctx context.Context, _ api.ListWindowsRequestObject) (api.ListWindowsResponseObject, error) {
	list, err := h.Asset.Windows(ctx, h.team(ctx).ID)
	return api.ListWindows200JSONResponse{Items: each(list, h.windowOut)}, err
}

func (h *handlers) CreateWindow(ctx context.Context, r api.CreateWindowRequestObject) (api.CreateWindowResponseObject, error) {
	b := r.Body
	w, err := h.Asset.AddWindow(ctx, who(ctx), h.team(ctx), asset.Window{Kind: string(b.Kind), Name: b.Name, GroupID: uuidText(b.GroupID), Rule: ruleIn(b.Rule)})
	if err != nil {
		return nil, err
	}
	return api.CreateWindow201JSONResponse(h.windowOut(w)), nil
}

func (h *handlers) UpdateWindow(ctx context.Context, r api.UpdateWindowRequestObject) (api.UpdateWindowResponseObject, error) {
	b := r.Body
	w := asset.Window{ID: r.ID, Kind: string(b.Kind), Name: b.Name, GroupID: uuidText(b.GroupID), Rule: ruleIn(b.Rule)}
	now, err := h.Asset.UpdateWindow(ctx, who(ctx), h.team(ctx), w, int64(b.Version))
	if err != nil {
		return nil, showing(err, h.windowOut)
	}
	return api.UpdateWindow200JSONResponse(h.windowOut(now)), nil
}

func (h *handlers) RemoveWindow(ctx context.Context, r api.RemoveWindowRequestObject) (api.RemoveWindowResponseObject, error) {
	return api.RemoveWindow204Response{}, h.Asset.RemoveWindow(ctx, who(ctx), h.team(ctx), r.ID)
}

func uuidText(id nullable.Nullable[types.UUID]) *string {
	v := pointer(id)
	if v == nil {
		return nil
	}
	text := v.String()
	return &text
}

func ruleIn(r api.WindowRule) asset.WindowRule {
	out := asset.WindowRule{
		Zone: r.TimeZone, Start: string(r.Start), End: string(r.End), Days: r.Days, Repeat: scrum.Repeat(r.Repeat), Weekdays: words[string](r.Weekdays),
		Nth: r.Nth, Every: r.Every, From: scrum.Day(r.From), Until: scrum.Day(r.Until), Except: words[scrum.Day](r.Except),
	}
	return out
}

// windowOut shows a window with its next times.
func (h *handlers) windowOut(w *asset.Window) api.Window {
	r := w.Rule
	out := api.Window{
		ID: w.ID, Kind: api.WindowKind(w.Kind), Name: w.Name, GroupID: orNull(w.GroupID), GroupName: w.GroupName, Version: int(w.Version), Next: []api.Span{},
		Rule: api.WindowRule{
			TimeZone: r.Zone, Start: api.ClockTime(r.Start), End: api.ClockTime(r.End), Days: r.Days, Repeat: api.WindowRuleRepeat(r.Repeat), Weekdays: words[api.Weekday](r.Weekdays),
			Nth: r.Nth, Every: r.Every, From: api.Date(r.From), Until: api.Date(r.Until), Except: words[api.Date](r.Except),
		},
	}
	if rule, err := r.Window(); err == nil {
		now := h.DB.Now()
		for _, s := range rule.Spans(now, now.AddDate(2, 0, 0), 3) {
			out.Next = append(out.Next, api.Span{From: s.From.UTC(), To: s.To.UTC()})
		}
	}
	return out
}

func (h *handlers) CreateAbsence(ctx context.Context, r api.CreateAbsenceRequestObject) (api.CreateAbsenceResponseObject, error) {
	b := r.Body
	a := team.Absence{UserID: uuidText(b.UserID), FromDay: scrum.Day(b.From), ToDay: scrum.Day(b.To), Half: b.Half, Note: b.Note}
	made, err := h.Services.Team.AddAbsence(ctx, who(ctx), h.team(ctx), role(ctx), a)
	if err != nil {
		return nil, err
	}
	return api.CreateAbsence201JSONResponse(absenceOut(made)), nil
}

func (h *handlers) RemoveAbsence(ctx context.Context, r api.RemoveAbsenceRequestObject) (api.RemoveAbsenceResponseObject, error) {
	return api.RemoveAbsence204Response{}, h.Services.Team.RemoveAbsence(ctx, who(ctx), h.team(ctx), role(ctx), r.ID)
}

func (h *handlers) SetAvailability(ctx context.Context, r api.SetAvailabilityRequestObject) (api.SetAvailabilityResponseObject, error) {
	a := team.Availability{UserID: r.ID, Hours: r.Body.HoursPerDay, Focus: r.Body.Focus, Activities: map[string]float64{}}
	for _, part := range r.Body.Activities {
		a.Activities[string(part.Activity)] += part.Hours
	}
	return api.SetAvailability204Response{}, h.Services.Team.SetAvailability(ctx, who(ctx), h.team(ctx), role(ctx), a)
}
