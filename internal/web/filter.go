package web

import (
	"context"
	"strconv"
	"time"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// filter turns what a list was asked for into conditions. Days are the team's.
func (h *handlers) filter(ctx context.Context, t *team.Team, q *api.ListPatchesParams) (backlog.Filter, error) {
	f := backlog.Filter{
		TeamID: t.ID, TeamKey: t.Key, Statuses: words[scrum.Status](q.Status), Words: q.Q,
		Risk: backlog.Range{Min: q.MinRisk, Max: q.MaxRisk}, EPSS: backlog.Range{Min: q.MinEpss, Max: q.MaxEpss},
		CVSS: backlog.Range{Min: q.MinCvss, Max: q.MaxCvss}, Points: backlog.Range{Min: q.MinPoints, Max: q.MaxPoints},
		Assets: backlog.Range{Min: float(q.MinAssets), Max: float(q.MaxAssets)}, Coverage: backlog.Range{Min: q.MinCoverage, Max: q.MaxCoverage},
		KEV: q.Kev, Overdue: q.Overdue, Placed: q.Placed, Estimated: q.Estimated, Regulated: q.Regulated, Dated: q.Due,
		Assignees: mine(ctx, q.Assignee), OnAssets: q.Asset, InGroups: q.Group, Ecosystems: q.Ecosystem, Labels: q.Label, AllLabels: q.AllLabels, NoLabels: q.NoLabels,
		Kinds: words[string](q.Kind), Exceptions: words[string](q.Exception), Order: backlog.Order(q.Order), Limit: limit(q.Limit), Cursor: q.Cursor,
	}
	if err := h.days(t, q, &f); err != nil {
		return f, err
	}
	var err error
	if f.Sprints, err = h.sprintFilter(ctx, t, q.Sprint); err != nil {
		return f, err
	}
	return f, f.Check()
}

// float is a number of assets as an end of a range.
func float(n *int) *float64 {
	if n == nil {
		return nil
	}
	x := float64(*n)
	return &x
}

// mine puts the one who asks in place of me.
func mine(ctx context.Context, people []string) []string {
	out := make([]string, len(people))
	for i, id := range people {
		if out[i] = id; id == "me" {
			out[i] = who(ctx).UserID
		}
	}
	return out
}

// days turns days of the team into moments.
func (h *handlers) days(t *team.Team, q *api.ListPatchesParams, f *backlog.Filter) error {
	cal, err := t.Calendar()
	if err != nil {
		return err
	}
	d := dayReader{cal: cal, today: cal.DayOf(h.DB.Now())}
	f.Due = backlog.Span{From: d.start("due_from", q.DueFrom), To: earlier(d.end("due_to", q.DueTo), d.ahead(q.DueWithin))}
	f.Created.From = later(d.start("created_since", q.CreatedSince), d.ago(q.CreatedWithin))
	f.Updated.From = later(d.start("updated_since", q.UpdatedSince), d.ago(q.UpdatedWithin))
	return d.err
}

// dayReader reads days until one is none.
type dayReader struct {
	cal   scrum.Calendar
	today scrum.Day
	err   error
}

func (d *dayReader) day(name, text string) (scrum.Day, bool) {
	if text == "" || d.err != nil {
		return "", false
	}
	day, err := scrum.ParseDay(text)
	if err != nil {
		d.err = fault.Wrong("/query/"+name, "This is not a day: write it as 2026-10-19.")
	}
	return day, err == nil
}

func (d *dayReader) start(name, text string) *time.Time {
	day, ok := d.day(name, text)
	if !ok {
		return nil
	}
	at := d.cal.StartOf(day)
	return &at
}

func (d *dayReader) end(name, text string) *time.Time {
	day, ok := d.day(name, text)
	if !ok {
		return nil
	}
	at := d.cal.EndOf(day)
	return &at
}

func (d *dayReader) ahead(days *int) *time.Time {
	if days == nil {
		return nil
	}
	at := d.cal.EndOf(d.today.Add(*days))
	return &at
}

func (d *dayReader) ago(days *int) *time.Time {
	if days == nil {
		return nil
	}
	at := d.cal.StartOf(d.today.Add(-*days))
	return &at
}

func earlier(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.Before(*a) {
		return b
	}
	return a
}

func later(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.After(*a) {
		return b
	}
	return a
}

// sprintFilter turns numbers of sprints into their ids. Without an active sprint
// nothing is in it.
func (h *handlers) sprintFilter(ctx context.Context, t *team.Team, sprints []string) ([]string, error) {
	var out []string
	for _, text := range sprints {
		switch n, err := strconv.ParseInt(text, 10, 64); {
		case text == backlog.None:
			out = append(out, text)
		case text == "active":
			ids, err := h.Sprint.ActiveIDs(ctx, t)
			if err != nil {
				return nil, err
			}
			out = append(out, append(ids, "no sprint")...)
		case err != nil:
			return nil, fault.Wrong("/query/sprint", "A sprint is named by its number, active, or none.")
		default:
			s, err := h.Sprint.Get(ctx, t, n)
			if err != nil {
				return nil, err
			}
			out = append(out, s.ID)
		}
	}
	return out, nil
}
