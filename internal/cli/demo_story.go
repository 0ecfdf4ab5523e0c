package cli

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// story is the invented history of a team: everything happens through the same
// services as in earnest, only on a clock of its own. Chance is seeded, so that it
// always happens alike. The first error ends it.
type story struct {
	*app
	ctx    context.Context
	clock  *storyClock
	days   demoDays
	dice   *rand.Rand
	people map[string]audit.Who // by first name
	inf    *team.Team
	other  *team.Team
	assets []*demoAsset
	fixes  []*fix
	seen   map[string][]string               // rows of the last scan, by asset
	stays  string                            // component and version that a scan still sees after the work on it
	cards  []act                             // what is going to happen in the sprint
	end    time.Time                         // nothing happens after it; zero for no end
	told   map[string]map[int64]scrum.Status // of whose items who has spoken at the last stand-up
	err    error
}

func newStory(ctx context.Context, a *app, clock *storyClock, now time.Time) (*story, error) {
	days, err := newDemoDays(now)
	if err != nil {
		return nil, err
	}
	fixes, err := readFixes()
	if err != nil {
		return nil, err
	}
	clock.begin(days.at(1, -4, 9, 0))
	return &story{
		app: a, ctx: ctx, clock: clock, days: days, dice: rand.New(rand.NewPCG(20250825, 20260614)),
		people: map[string]audit.Who{}, fixes: fixes, seen: map[string][]string{}, told: map[string]map[int64]scrum.Status{},
	}, nil
}

// tell lets everything happen.
func (s *story) tell() error {
	steps := []func(){s.meet, s.takeStock, s.readFeeds, s.firstScans}
	for _, ch := range chapters {
		steps = append(steps, func() { s.live(ch) })
	}
	steps = append(steps, s.secondTeam, s.today, s.refresh)
	for _, step := range steps {
		if s.fine() {
			step()
		}
	}
	return s.err
}

func (s *story) fine() bool {
	s.try(s.ctx.Err())
	return s.err == nil
}

func (s *story) try(err error) {
	if s.err == nil {
		s.err = err
	}
}

// act is something that happens at a time.
type act struct {
	at time.Time
	do func()
}

// demoPassword is everybody's; the page to sign in shows it.
const demoPassword = "patchline-demo"

// demoPeople are the team's members in the order they join.
var demoPeople = []struct {
	name string
	role team.Role
}{
	{"Amara", team.ScrumMaster}, {"Bram", team.ProductOwner}, {"Elif", team.Approver}, {"Chen", team.Member},
	{"Dara", team.Member}, {"Femi", team.Member}, {"Gita", team.Member}, {"Hugo", team.Viewer},
}

// workers are who patches get assigned to.
var workers = []string{"Chen", "Dara", "Femi", "Gita"}

// meet makes the people and their teams.
func (s *story) meet() {
	admin := s.account("Admin", true)
	s.inf = s.newTeam(admin, "INF", "Infrastructure")
	s.other = s.newTeam(admin, "APP", "Customer apps")
	for _, p := range demoPeople {
		s.account(p.name, false)
		s.join(admin, s.inf, p.name, p.role)
	}
	s.join(admin, s.other, "Bram", team.ScrumMaster)
	s.join(admin, s.other, "Dara", team.ProductOwner)
	s.join(admin, s.other, "Gita", team.Member)
	s.join(admin, s.other, "Hugo", team.Viewer)
}

func (s *story) account(name string, admin bool) audit.Who {
	if !s.fine() {
		return audit.Who{}
	}
	u, err := s.app.team.AddUser(s.ctx, audit.Server, team.NewUser{
		Email: strings.ToLower(name) + "@demo.example", Name: name + " Demo", Password: demoPassword, Admin: admin,
	}, "", "")
	if s.try(err); err == nil {
		s.people[name] = audit.Who{UserID: u.ID, Name: u.Name}
	}
	return s.people[name]
}

func (s *story) newTeam(who audit.Who, key, name string) *team.Team {
	if !s.fine() {
		return nil
	}
	t, err := s.app.team.AddTeam(s.ctx, who, team.NewTeam{Key: key, Name: name, TimeZone: demoZone})
	if s.try(err); err != nil {
		return nil
	}
	needed := true
	t, err = s.app.team.UpdateTeam(s.ctx, who, t.ID, team.TeamChange{Holidays: s.days.holidays, ApprovalRequired: &needed, Version: t.Version})
	s.try(err)
	return t
}

func (s *story) join(who audit.Who, t *team.Team, name string, role team.Role) {
	if s.fine() {
		_, err := s.app.team.AddMember(s.ctx, who, t, strings.ToLower(name)+"@demo.example", role)
		s.try(err)
	}
}

// patches lists a team's patches by number.
func (s *story) patches(f backlog.Filter) (out []backlog.Patch) {
	f.Limit = 200
	if f.TeamID == "" {
		f.TeamID = s.inf.ID
	}
	for s.fine() {
		page, err := s.backlog.List(s.ctx, f)
		s.try(err)
		out = append(out, page.Items...)
		if f.Cursor = page.Next; f.Cursor == "" {
			break
		}
	}
	return out
}

// patch reads one as it is now.
func (s *story) patch(number int64) *backlog.Patch {
	p, err := backlog.ByNumber(s.db.Read(s.ctx), s.inf.ID, number)
	if err != nil {
		s.try(fmt.Errorf("patch %d: %w", number, err))
		return &backlog.Patch{}
	}
	return p
}

// refresh is what the server does by itself every few minutes.
func (s *story) refresh() {
	if s.fine() {
		_, err := backlog.Refresh(s.ctx, s.db)
		s.try(err)
	}
}
