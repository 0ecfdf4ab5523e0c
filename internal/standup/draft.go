package standup

import (
	"context"
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Step is how far a patch came between a person's last entry and this one.
type Step struct {
	Item
	From, To scrum.Status
	Planned  bool // the last entry named it
}

// Ticked tells that what was to be done is done, or went a step on.
func (s Step) Ticked() bool {
	return s.To.Done() || s.To.Open() && slices.Index(scrum.Statuses, s.To) > slices.Index(scrum.Statuses, s.From)
}

// Draft is what a new entry begins with: the plan of the last one, and what its
// writer moved on the board since.
type Draft struct {
	Since time.Time // the last entry was written, or the working day before began
	Plan  string    // what the last entry said about its day
	Steps []Step    // the planned ones first
	Today []Item    // of them, what is not finished
}

// draftLimit is the most patches that a draft names.
const draftLimit = 30

// Draft prepares the entry of a day for the one who asks.
func (s *Service) Draft(ctx context.Context, who audit.Who, t *team.Team, date string) (*Draft, error) {
	out := &Draft{}
	err := s.db.View(ctx, func(g db.Reader) error {
		now := s.db.Now()
		cal, err := calendarOf(g, t, now)
		if err != nil {
			return err
		}
		day, err := dayOf(cal, now, date)
		if err != nil {
			return err
		}
		var last *Entry
		if out.Since, last, err = lastSaid(g, cal, t.ID, who.UserID, day); err != nil {
			return err
		}
		moved, err := movedBy(g, t.ID, who.UserID, out.Since)
		if err != nil {
			return err
		}
		return out.fill(g, t.ID, last, moved)
	})
	return out, err
}

func (d *Draft) fill(g db.Reader, teamID string, last *Entry, moved []int64) (err error) {
	var planned []int64
	if last != nil {
		d.Plan = last.Today
		for _, i := range last.Items {
			planned = append(planned, i.Number)
		}
	}
	all := slices.Clone(planned)
	for _, n := range moved {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	steps, err := stepsOf(g, teamID, all, d.Since)
	for _, step := range steps {
		step.Planned = slices.Contains(planned, step.Number)
		if !step.Planned && step.From == step.To || len(d.Steps) == draftLimit {
			continue // it changed its place in a column alone
		}
		d.Steps = append(d.Steps, step)
		if step.To.Open() {
			d.Today = append(d.Today, step.Item)
		}
	}
	return err
}

// lastSaid is the entry of a person before a day, and since when they have said
// nothing: without one, since the working day before began.
func lastSaid(g db.Reader, cal scrum.Calendar, teamID, userID string, day scrum.Day) (time.Time, *Entry, error) {
	last, err := lastDay(g, teamID, userID, day)
	if err != nil {
		return time.Time{}, nil, err
	}
	if last == "" {
		before, err := cal.AddWorkingDays(day, -1)
		if err != nil {
			before = day.Add(-1)
		}
		return cal.StartOf(before), nil, nil
	}
	list, err := entriesOf(g, teamID, last, userID)
	if err != nil || len(list) == 0 {
		return time.Time{}, nil, err
	}
	return list[0].WrittenAt, &list[0], nil
}

// stepsOf tells how far patches came since a moment, in the order they are named.
func stepsOf(g db.Reader, teamID string, numbers []int64, since time.Time) ([]Step, error) {
	items, err := itemsOf(g, teamID, numbers)
	if err != nil {
		return nil, err
	}
	were, err := statusesAt(g, teamID, numbers, since)
	var out []Step
	for _, n := range numbers {
		i, there := items[n]
		if !there {
			continue
		}
		from, changed := were[n]
		if !changed {
			from = i.Status
		}
		out = append(out, Step{Item: i, From: from, To: i.Status})
	}
	return out, err
}

// Versions are what the entries of a day said before they were changed, by person
// and the latest first; of one person where a user's id is given.
func (s *Service) Versions(ctx context.Context, t *team.Team, date, userID string) (out []Entry, err error) {
	cal, err := t.Calendar()
	if err != nil {
		return nil, err
	}
	day, err := dayOf(cal, s.db.Now(), date)
	if err != nil {
		return nil, err
	}
	return versionsOf(s.db.Read(ctx), t.ID, day, userID)
}
