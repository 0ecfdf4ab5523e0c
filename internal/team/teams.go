package team

import (
	"context"
	"regexp"
	"slices"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/risk"
	"patchline/internal/scrum"
)

// NewTeam is what to know about a new team. The time zone is an IANA name; empty is
// UTC.
type NewTeam struct{ Key, Name, TimeZone string }

var keyForm = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,9}$`)

// newTeam makes a team with the usual settings: Monday to Friday, all shipped
// policies.
func newTeam(in NewTeam) (*Team, error) {
	name, err := cleanName("/name", in.Name)
	if err != nil {
		return nil, err
	}
	if !keyForm.MatchString(in.Key) {
		return nil, fault.Wrong("/key", "A key is 2 to 10 capital letters and digits and begins with a letter, such as INF.")
	}
	if in.TimeZone == "" {
		in.TimeZone = "UTC"
	}
	if _, err := scrum.ParseZone(in.TimeZone); err != nil {
		return nil, errZone
	}
	t := &Team{Key: in.Key, Name: name, TimeZone: in.TimeZone, WorkingWeek: []string{"mon", "tue", "wed", "thu", "fri"}, Holidays: []string{}, RulesText: "{}", TaskTemplatesText: "{}", ExceptionMaxDays: 180, Version: 1}
	for _, p := range risk.ShippedPolicies() {
		t.Policies = append(t.Policies, p.ID)
	}
	return t, nil
}

var errZone = fault.Wrong("/time_zone", "There is no such time zone; one is named like Europe/Berlin.")

// AddTeam makes a team without members.
func (s *Service) AddTeam(ctx context.Context, who audit.Who, in NewTeam) (*Team, error) {
	team, err := newTeam(in)
	if err != nil {
		return nil, err
	}
	return team, s.db.Write(ctx, func(tx *db.Tx) error { return addTeam(tx, who, team) })
}

func addTeam(tx *db.Tx, who audit.Who, t *Team) error {
	t.ID, t.CreatedAt = db.NewID(), tx.Now
	err := tx.Create(t).Error
	if duplicate(err) {
		return fault.Wrong("/key", "Another team has this key.")
	}
	if err != nil {
		return err
	}
	return audit.Write(tx, who, t.ID, "team.created", t.ID, map[string]any{"key": t.Key, "name": t.Name})
}

// Teams lists the teams of a person by key; for an administrator, all.
func (s *Service) Teams(ctx context.Context, u *User) ([]MyTeam, error) {
	return myTeams(s.db.Read(ctx), u)
}

// TeamChange is what shall be different about a team; nil stays.
type TeamChange struct {
	Name, TimeZone                    *string
	WorkingWeek, Holidays, Policies   []string
	ApprovalRequired, ParallelSprints *bool
	ExceptionMaxDays                  *int64
	Version                           int64
}

// UpdateTeam changes a team's settings. Sprints that have started keep the calendar
// they were started with.
func (s *Service) UpdateTeam(ctx context.Context, who audit.Who, id string, change TeamChange) (*Team, error) {
	var t *Team
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if t, err = Lock(tx, id); err != nil {
			return err
		}
		if t.Version != change.Version {
			return fault.Stale(t, "The team's settings were changed meanwhile; look again.")
		}
		own, err := ownPolicies(tx.DB, id)
		if err != nil {
			return err
		}
		before := t.Policies
		detail, err := t.apply(change, own)
		if err != nil {
			return err
		}
		if err := saveTeam(tx, t); err != nil {
			return err
		}
		if !slices.Equal(before, t.Policies) {
			if err := QueueRun(tx, who, t.ID, "other policies apply"); err != nil {
				return err
			}
		}
		if err := audit.Write(tx, who, t.ID, "team.changed", t.ID, detail); err != nil {
			return err
		}
		return event.Tell(tx, who, t.ID, event.Event{Kind: event.TeamChanged, Key: t.Key, Version: t.Version})
	})
	return t, err
}

// apply changes the row and says what changed. All wrong parts are named at once.
func (t *Team) apply(c TeamChange, ownPolicies []string) (map[string]any, error) {
	detail, wrong := map[string]any{}, &fault.Fault{Kind: fault.Invalid, Detail: "Some settings cannot be so."}
	note := func(err error) {
		if err != nil {
			wrong.Fields = append(wrong.Fields, fault.Of(err).Fields...)
		}
	}
	if c.Name != nil {
		name, err := cleanName("/name", *c.Name)
		note(err)
		t.Name, detail["name"] = name, name
	}
	if c.TimeZone != nil {
		if _, err := scrum.ParseZone(*c.TimeZone); err != nil {
			note(errZone)
		}
		t.TimeZone, detail["time_zone"] = *c.TimeZone, *c.TimeZone
	}
	note(t.applyLists(c, detail))
	note(t.applyPolicies(c.Policies, ownPolicies, detail))
	if c.ApprovalRequired != nil {
		t.ApprovalRequired, detail["approval_required"] = *c.ApprovalRequired, *c.ApprovalRequired
	}
	if c.ParallelSprints != nil {
		t.ParallelSprints, detail["parallel_sprints"] = *c.ParallelSprints, *c.ParallelSprints
	}
	if c.ExceptionMaxDays != nil {
		if *c.ExceptionMaxDays < 1 || *c.ExceptionMaxDays > 3650 {
			note(fault.Wrong("/exception_max_days", "An exception lasts from 1 to 3650 days."))
		}
		t.ExceptionMaxDays, detail["exception_max_days"] = *c.ExceptionMaxDays, *c.ExceptionMaxDays
	}
	t.Version++
	if len(wrong.Fields) > 0 {
		return nil, wrong
	}
	return detail, nil
}

func (t *Team) applyLists(c TeamChange, detail map[string]any) error {
	if c.WorkingWeek != nil {
		week, err := scrum.ParseWeek(c.WorkingWeek)
		if err != nil {
			return fault.Wrong("/working_week", "A working week has at least one of mon, tue, wed, thu, fri, sat, sun, each once.")
		}
		t.WorkingWeek = scrum.WeekNames(week)
		detail["working_week"] = t.WorkingWeek
	}
	if c.Holidays != nil {
		for _, day := range c.Holidays {
			if _, err := scrum.ParseDay(day); err != nil {
				return fault.Wrong("/holidays", "A holiday is a day of the calendar, such as 2026-10-03.")
			}
		}
		t.Holidays = slices.Compact(slices.Sorted(slices.Values(c.Holidays)))
		detail["holidays"] = len(t.Holidays)
	}
	return nil
}

func (t *Team) applyPolicies(ids, own []string, detail map[string]any) error {
	if ids == nil {
		return nil
	}
	for _, id := range ids {
		known := func(p risk.Policy) bool { return p.ID == id }
		if !slices.ContainsFunc(risk.ShippedPolicies(), known) && !slices.Contains(own, id) {
			return fault.Wrong("/policies", "There is no such policy; the team's settings list those there are.")
		}
	}
	for _, id := range t.Policies { // the team's own are switched one by one
		if slices.Contains(own, id) && !slices.Contains(ids, id) {
			ids = append(slices.Clone(ids), id)
		}
	}
	t.Policies, detail["policies"] = ids, ids
	return nil
}
