package sprint

import (
	"context"
	"math"

	"patchline/internal/asset"
	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Capacity is how much work a sprint has room for, beside what it holds.
type Capacity struct {
	scrum.CapacityPlan
	People      []PersonLoad
	Activities  []Activity
	ReserveFrom string   // own, or history
	Points      *float64 // what the team's velocity makes of the person-days; nil below three closed sprints
	Holidays    []scrum.Day
}

// PersonLoad is one person's capacity beside the points assigned to them.
type PersonLoad struct {
	UserID, Name string
	Days, Hours  float64
	Points       float64  // of the sprint's items that are assigned to them
	Share        *float64 // of the sprint's points, by their hours; nil while those are unknown
}

// Activity is a part of the hours, after the reserve. Deploying does not count on
// freeze days.
type Activity struct {
	Name  string
	Hours float64
}

// Capacity sums who is there in a sprint, and how much of their time is the
// sprint's.
func (s *Service) Capacity(ctx context.Context, t *team.Team, number int64) (*Capacity, error) {
	var out *Capacity
	err := s.db.View(ctx, func(g db.Reader) error {
		sp, err := byNumber(g, t.ID, number)
		if err != nil {
			return err
		}
		out, err = capacityOf(g, t, sp)
		return err
	})
	return out, err
}

func capacityOf(g db.Reader, t *team.Team, sp *Sprint) (*Capacity, error) {
	rules, err := t.Rules()
	if err != nil {
		return nil, err
	}
	people, err := team.AvailabilitiesOf(g, t.ID)
	if err != nil {
		return nil, err
	}
	a, err := availabilityOf(g, t, sp, people)
	if err != nil {
		return nil, err
	}
	out := &Capacity{ReserveFrom: "own", Holidays: []scrum.Day{}}
	if a.Reserve, err = reserve(g, t.ID, rules); err != nil {
		return nil, err
	}
	if rules.Reserve == nil {
		out.ReserveFrom = "history"
	}
	if out.CapacityPlan, err = a.Plan(); err != nil {
		return nil, err
	}
	for d := sp.StartDate; d <= sp.EndDate; d = d.Add(1) {
		if a.Calendar.Holidays[d] {
			out.Holidays = append(out.Holidays, d)
		}
	}
	out.Activities = activitiesOf(a, out.CapacityPlan, people)
	return out, out.load(g, t, sp, people)
}

// availabilityOf gathers who is there when.
func availabilityOf(g db.Reader, t *team.Team, sp *Sprint, people []team.Availability) (a scrum.Availability, err error) {
	a = scrum.Availability{From: sp.StartDate, To: sp.EndDate}
	if a.Calendar, err = sp.calendar(); err != nil {
		return a, err
	}
	if sp.State == scrum.Planned {
		if a.Calendar, err = t.Calendar(); err != nil {
			return a, err
		}
	}
	absences, err := team.AbsencesBetween(g, t.ID, sp.StartDate, sp.EndDate)
	if err != nil {
		return a, err
	}
	all, own := team.DaysOff(absences, sp.StartDate, sp.EndDate)
	a.TeamOff = all
	for _, p := range people {
		a.People = append(a.People, scrum.Person{Name: p.Name, HoursPerDay: p.Hours, Focus: p.Focus, Off: own[p.UserID]})
	}
	windows, err := asset.WindowsOf(g, t.ID)
	if err != nil {
		return a, err
	}
	_, freezes := sortWindows(windows, "")
	a.Frozen = scrum.FrozenDays(a.Calendar, freezes, sp.StartDate, sp.EndDate)
	return a, nil
}

// sortWindows are the rules for one group of assets, "" for all, by kind. What is
// for all assets is for each group.
func sortWindows(list []asset.Window, group string) (maintenance, freezes []scrum.Window) {
	for _, w := range list {
		rule, err := w.Rule.Window()
		if err != nil || w.GroupID != nil && *w.GroupID != group {
			continue
		}
		if w.Kind == asset.Freeze {
			freezes = append(freezes, rule)
		} else {
			maintenance = append(maintenance, rule)
		}
	}
	return maintenance, freezes
}

// reserve is the team's own, or the median share of emergencies of the last five
// sprints.
func reserve(g db.Reader, teamID string, rules team.Rules) (float64, error) {
	if rules.Reserve != nil {
		return *rules.Reserve, nil
	}
	shares, err := emergencyShares(g, teamID)
	return min(1, scrum.DefaultReserve(shares)), err
}

// activitiesOf divides the hours as each person divides their day.
func activitiesOf(a scrum.Availability, plan scrum.CapacityPlan, people []team.Availability) []Activity {
	sums := map[string]float64{}
	frozen := float64(len(plan.FreezeDays))
	for i, p := range people {
		days := plan.People[i].Days
		for name, hours := range p.Activities {
			n := days
			if name == "deploy" {
				n = max(0, days-frozen)
			}
			sums[name] += n * hours * p.Focus * (1 - a.Reserve)
		}
	}
	out := []Activity{}
	for _, name := range team.Activities {
		if sums[name] > 0 {
			out = append(out, Activity{name, nearest(sums[name], .01)})
		}
	}
	return out
}

// nearest multiple of a step that divides 1.
func nearest(x, step float64) float64 {
	per := math.Round(1 / step)
	return math.Round(x*per) / per
}

// load adds the points: what the sprint should hold, and what each person has.
func (c *Capacity) load(g db.Reader, t *team.Team, sp *Sprint, people []team.Availability) error {
	velocity, err := velocityOf(g, t.ID)
	if err != nil {
		return err
	}
	if velocity.Mean != nil {
		points := *velocity.Mean
		if velocity.PerPersonDay != nil {
			points = *velocity.PerPersonDay * c.PersonDays
		}
		points = nearest(points, .5)
		c.Points = &points
	}
	assigned, err := pointsByAssignee(g, sp.ID)
	if err != nil {
		return err
	}
	for i, p := range people {
		load := PersonLoad{UserID: p.UserID, Name: p.Name, Days: c.CapacityPlan.People[i].Days, Hours: c.CapacityPlan.People[i].Hours, Points: assigned[p.UserID]}
		if c.Points != nil && c.Hours > 0 {
			share := nearest(*c.Points*load.Hours/c.Hours, .1)
			load.Share = &share
		}
		c.People = append(c.People, load)
	}
	return nil
}
