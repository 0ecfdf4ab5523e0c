package report

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

// Summary is what a Scrum master writes to people when a sprint ends, or while it
// runs: figures, and the items behind them.
type Summary struct {
	*sprint.Report
	Until       time.Time // the close, or now
	WorkingDays int       // of the plan, and how many of them are over
	DaysOver    int
	Completed   []Line
	Added       []Line // without the emergencies
	Emergencies []Line
	Removed     []Line
	ReEstimated []Line
	Dropped     []Line
	Reopened    []Line
	Carried     []Line // still open in an active sprint
	OpenTasks   []Line // completed with tasks that were not done, how many stands in the detail
	Blockers    []Blocked
	DueMet      int // of the commitment: due by the end, and done by then
	DueMissed   []Line
	Risk        map[scrum.RiskCause]float64
}

// Line is an item with what there is to say about it.
type Line struct {
	Item, Key, Title string
	Points           float64 // of the item, or by how many they changed
	Detail           string  // kind of reason
	Who, Reason      string
	At               *time.Time // when it happened, or was due
	Times            int        // how many sprints carried it over
}

// Blocked is a blocker as far as it fell into the sprint.
type Blocked struct {
	Key, Title, Needed string
	Days               int // working days it touched
	Open               bool
}

// Summary reads one sprint. That of a closed sprint never changes.
func (s *Service) Summary(ctx context.Context, t *team.Team, number int64) (*Summary, error) {
	r, err := s.sprint.Report(ctx, t, number)
	if err != nil {
		return nil, err
	}
	out := &Summary{Report: r, Until: s.db.Now(), Risk: map[scrum.RiskCause]float64{}}
	if r.Sprint.ClosedAt != nil {
		out.Until = *r.Sprint.ClosedAt
	}
	cal, err := scrum.NewCalendar(r.Sprint.TimeZone, r.Sprint.WorkingWeek, r.Sprint.Holidays)
	if err != nil {
		return nil, err
	}
	out.WorkingDays = cal.WorkingDays(r.Sprint.StartDate, r.Sprint.EndDate)
	out.DaysOver = cal.WorkingDays(r.Sprint.StartDate, min(cal.DayOf(out.Until), r.Sprint.EndDate))
	out.tell()
	if r.Report.Risk != nil {
		out.Risk = r.Report.Risk.Causes()
	}
	return out, s.db.View(ctx, func(g db.Reader) error { return out.look(g, t, cal) })
}

// tell sorts the ledger by what happened.
func (s *Summary) tell() {
	to := map[scrum.Kind]*[]Line{
		scrum.KindCompleted: &s.Completed, scrum.KindRemoved: &s.Removed, scrum.KindEstimated: &s.ReEstimated, scrum.KindReEstimated: &s.ReEstimated,
		scrum.KindCorrection: &s.ReEstimated, scrum.KindDropped: &s.Dropped, scrum.KindReopened: &s.Reopened, scrum.KindAdded: &s.Added,
	}
	for _, e := range s.Entries {
		list := to[e.Kind]
		if e.Kind == scrum.KindAdded && e.Detail == string(scrum.Emergency) {
			list = &s.Emergencies
		}
		if list == nil {
			continue
		}
		points := e.Points
		if points < 0 && e.Kind != scrum.KindReEstimated && e.Kind != scrum.KindCorrection {
			points = -points
		}
		line := s.line(e.Item, points)
		line.Detail, line.Who, line.Reason, line.At = e.Detail, e.Actor, e.Reason, &e.At
		*list = append(*list, line)
	}
	s.Completed = s.lastOf(s.Completed)
}

// lastOf keeps what is completed at the end, once.
func (s *Summary) lastOf(lines []Line) (out []Line) {
	seen, fold := map[string]bool{}, scrum.Sprint{Commitments: s.Commitments, Entries: s.Entries}.Fold()
	for _, l := range slices.Backward(lines) {
		if fold.Standing(l.Item).Done && !seen[l.Item] {
			seen[l.Item] = true
			out = append(out, l)
		}
	}
	slices.Reverse(out)
	return out
}

func (s *Summary) line(item string, points float64) Line {
	key := item
	if s.History != nil {
		key = s.History.Keys[item]
	}
	return Line{Item: item, Key: key, Title: s.Titles[item], Points: points}
}

// look adds what is not in the ledger.
func (s *Summary) look(g db.Reader, t *team.Team, cal scrum.Calendar) error {
	until := s.Until.UnixMicro()
	times, err := carriedTimes(g, t.ID, s.Sprint.ID, until)
	if err != nil {
		return err
	}
	for _, item := range slices.Sorted(maps.Keys(s.CarryOver)) {
		line := s.line(item, s.CarryOver[item])
		if n, err := backlog.ParseKey(t.Key, line.Key); err == nil {
			line.Times = times[n]
		}
		s.Carried = append(s.Carried, line)
	}
	if s.History != nil {
		return nil // of blockers and due dates elsewhere nothing is known
	}
	if err := s.unfinishedTasks(g, t); err != nil {
		return err
	}
	blockers, err := blockersIn(g, t, s.Sprint.ID, *s.Sprint.StartedAt, s.Until)
	if err != nil {
		return err
	}
	for _, b := range blockers {
		days, open := b.workingDays(cal, s.Sprint.StartDate)
		s.Blockers = append(s.Blockers, Blocked{b.key, b.title, b.needed, days, open})
	}
	s.dueDates(cal)
	return nil
}

// workingDays counts those from a day on that the blocker touched, each once: a day
// between its resolution and its return is none of them.
func (b *blocker) workingDays(cal scrum.Calendar, from scrum.Day) (n int, open bool) {
	counted := from
	for _, s := range b.spans {
		first, last := max(cal.DayOf(s.since), counted), cal.DayOf(s.until)
		if last >= first {
			n += cal.WorkingDays(first, last)
			counted = last.Add(1)
		}
		open = open || s.open
	}
	return n, open
}

// dueDates follows what was promised: the dates are those of the start.
func (s *Summary) dueDates(cal scrum.Calendar) {
	done := map[string]time.Time{}
	for _, l := range s.Completed {
		done[l.Item] = *l.At
	}
	end := cal.EndOf(s.Sprint.EndDate)
	for _, c := range s.Commitments {
		if c.Due == nil || !c.Due.Before(end) || slices.Contains(s.Report.Dropped, c.Item) {
			continue
		}
		at, completed := done[c.Item]
		switch {
		case completed && !at.After(*c.Due):
			s.DueMet++
		case completed || !s.Until.Before(*c.Due):
			line := s.line(c.Item, 0)
			line.At = c.Due
			if c.Due.Before(*s.Sprint.StartedAt) {
				line.Detail = "overdue at the start"
			}
			s.DueMissed = append(s.DueMissed, line)
		}
	}
}

// unfinishedTasks mentions what is completed although a task of it is not.
func (s *Summary) unfinishedTasks(g db.Reader, t *team.Team) error {
	open, err := openTasks(g, s.Sprint.ID, s.Sprint.ClosedAt != nil)
	for _, line := range s.Completed {
		number, _ := backlog.ParseKey(t.Key, line.Key)
		if n := open[number]; n > 0 {
			line.Detail = fmt.Sprintf("%d of its tasks not done", n)
			s.OpenTasks = append(s.OpenTasks, line)
		}
	}
	return err
}
