package notify_test

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/comment"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/exception"
	"patchline/internal/fetch"
	"patchline/internal/mail/mailtest"
	"patchline/internal/notify"
	"patchline/internal/sprint"
	"patchline/internal/standup"
	"patchline/internal/team"
)

// local are webhooks that a test receives itself.
var local = notify.Options{PublicURL: "https://patchline.example", Fetch: fetch.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}}

// office is a team of Ana, Bram, Chen and Elif, who tell each other things.
type office struct {
	*testing.T
	db      *db.DB
	clock   *dbtest.Clock
	team    *team.Team
	people  map[string]audit.Who
	backlog *backlog.Service
	comment *comment.Service
	notify  *notify.Service
}

func inOffice(t *testing.T, test func(o *office)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		people, err := team.New(t.Context(), d)
		require.NoError(t, err)
		inf, err := people.AddTeam(t.Context(), audit.Server, team.NewTeam{Key: "INF", Name: "Infrastructure", TimeZone: "Europe/Berlin"})
		require.NoError(t, err)
		o := &office{t, d, clock, inf, map[string]audit.Who{}, backlog.New(d), comment.New(d, comment.Options{}), notify.New(d, local)}
		for name, role := range map[string]team.Role{"Ana": team.ScrumMaster, "Bram": team.ProductOwner, "Chen": team.Member, "Elif": team.Approver} {
			o.hire(name, role)
		}
		test(o)
	})
}

func (o *office) hire(name string, role team.Role) {
	who := audit.Who{UserID: db.NewID(), Name: name}
	require.NoError(o, o.db.Write(o.Context(), func(tx *db.Tx) error {
		u := &team.User{ID: who.UserID, Email: name + "@example.com", Name: name, Version: 1, CreatedAt: tx.Now}
		if err := tx.Create(u).Error; err != nil {
			return err
		}
		return tx.Create(&team.Membership{TeamID: o.team.ID, UserID: u.ID, Role: role, JoinedAt: tx.Now}).Error
	}))
	o.people[name] = who
}

// second is another team of the same people, with those who are named in it.
func (o *office) second(key string, names ...string) *office {
	people, err := team.New(o.Context(), o.db)
	require.NoError(o, err)
	made, err := people.AddTeam(o.Context(), audit.Server, team.NewTeam{Key: key, Name: key, TimeZone: "Europe/Berlin"})
	require.NoError(o, err)
	other := *o
	other.team = made
	for _, name := range names {
		require.NoError(o, o.db.Write(o.Context(), func(tx *db.Tx) error {
			return tx.Create(&team.Membership{TeamID: made.ID, UserID: o.people[name].UserID, Role: team.Member, JoinedAt: tx.Now}).Error
		}))
	}
	return &other
}

// later moves the clock on, as between two acts of people.
func (o *office) later() { o.clock.Add(time.Second) }

func (o *office) patch(title string) *backlog.Patch {
	o.later()
	p, err := o.backlog.Create(o.Context(), o.people["Bram"], o.team, backlog.Draft{Title: title})
	require.NoError(o, err)
	return p
}

func (o *office) assign(by string, p *backlog.Patch, to string) *backlog.Patch {
	o.later()
	id := new(string)
	*id = o.people[to].UserID
	p, err := o.backlog.Update(o.Context(), o.people[by], o.team, p.Number, backlog.Edit{AssigneeID: &id, Seen: p.Version})
	require.NoError(o, err)
	return p
}

func (o *office) say(by string, p *backlog.Patch, text string) {
	o.later()
	_, err := o.comment.Add(o.Context(), o.people[by], o.team, p.Number, text)
	require.NoError(o, err)
}

func (o *office) catchUp() { require.NoError(o, o.notify.CatchUp(o.Context())) }

// inbox is what somebody reads, the oldest first.
func (o *office) inbox(name string) (titles []string) {
	items, unread, err := o.notify.Inbox(o.Context(), o.people[name].UserID, notify.Filter{Limit: 500})
	require.NoError(o, err)
	assert.Len(o, items, unread)
	for i := len(items) - 1; i >= 0; i-- {
		titles = append(titles, items[i].Title)
	}
	return titles
}

func TestWhoIsAskedToWorkOnAPatchTooIsToldOnce(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.patch("Update nginx")
		with := func(names ...string) {
			o.later()
			ids := []string{}
			for _, name := range names {
				ids = append(ids, o.people[name].UserID)
			}
			var err error
			p, err = o.backlog.Update(o.Context(), o.people["Bram"], o.team, p.Number, backlog.Edit{CoAssigneeIDs: &ids, Seen: p.Version})
			require.NoError(o, err)
		}
		with("Chen")
		with("Chen", "Elif", "Bram")
		with("Elif")
		o.catchUp()
		assert.Equal(o, []string{"Bram asked you to work on INF-1 too"}, o.inbox("Chen"))
		assert.Equal(o, []string{"Bram asked you to work on INF-1 too"}, o.inbox("Elif"))
		assert.Empty(o, o.inbox("Bram"))
	})
}

func TestPeopleAreToldWhatConcernsThemAndNotWhatTheyDidThemselves(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.assign("Bram", o.patch("Update nginx"), "Chen")
		o.say("Bram", p, "@Chen please, and @Elif look at it")
		o.say("Elif", p, "Looks right.")
		o.say("Chen", p, "@Elif thanks")
		o.assign("Chen", o.patch("Update curl"), "Chen")
		o.catchUp()
		assert.Equal(o, []string{"Bram assigned INF-1 to you", "Bram mentioned you on INF-1", "Elif commented on INF-1"}, o.inbox("Chen"))
		assert.Equal(o, []string{"Bram mentioned you on INF-1", "Chen mentioned you on INF-1"}, o.inbox("Elif"))
		assert.Empty(o, o.inbox("Bram"))
		assert.Empty(o, o.inbox("Ana"))
	})
}

func TestABlockerAnExceptionAndASprintReachThoseWhoAct(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.assign("Bram", o.patch("Update nginx"), "Chen")
		ctx := o.Context()
		ana := o.people["Ana"].UserID
		owner := &ana
		b, err := standup.New(o.db).Block(ctx, o.people["Elif"], o.team, p.Number, standup.Change{Needed: new("a window"), OwnerID: &owner})
		require.NoError(o, err)
		o.later()
		_, err = standup.New(o.db).Update(ctx, o.people["Ana"], o.team, b.ID, standup.Change{NextStep: new("ask"), Seen: b.Version})
		require.NoError(o, err)
		o.later()
		e, err := exception.New(o.db).Request(ctx, o.people["Chen"], o.team, p.Number, exception.Draft{Kind: exception.FalsePositive, Reason: "not installed"})
		require.NoError(o, err)
		o.later()
		o.catchUp()
		_, err = exception.New(o.db).Reject(ctx, o.people["Elif"], o.team, e.ID, "it is", e.Version)
		require.NoError(o, err)
		o.later()
		s, err := sprint.New(o.db).Create(ctx, o.people["Ana"], o.team, sprint.Planning{})
		require.NoError(o, err)
		s, err = sprint.New(o.db).Add(ctx, o.people["Ana"], o.team, s.Number, sprint.Adding{Numbers: []int64{p.Number}})
		require.NoError(o, err)
		o.later()
		_, err = sprint.New(o.db).Start(ctx, o.people["Ana"], o.team, s.Number, s.Version)
		require.NoError(o, err)
		o.later()
		o.catchUp()
		assert.Equal(o, []string{"You are to clear what blocks INF-1"}, o.inbox("Ana"), "once, however often the blocker changes")
		assert.Equal(o, []string{"Chen asks for an exception of INF-1", "Sprint 1 has started"}, o.inbox("Elif"))
		assert.Equal(o, []string{"Bram assigned INF-1 to you", "INF-1 is blocked", "Elif rejected your exception of INF-1", "Sprint 1 has started"}, o.inbox("Chen"))

		o.clock.Add(4 * 24 * time.Hour)
		for range 3 {
			require.NoError(o, o.notify.Remind(ctx, func(*db.Tx) error { return nil }))
		}
		assert.Equal(o, []string{"You are to clear what blocks INF-1", "INF-1 has been blocked for 4 days"}, o.inbox("Ana"))
	})
}

func TestADueDateWarnsOnceBeforeAndOnceAfterAndAgainWhenItMoves(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.assign("Chen", o.patch("Update nginx"), "Chen")
		due := o.db.Now().Add(50 * time.Hour)
		set := func(to time.Time) {
			require.NoError(o, o.db.Write(o.Context(), func(tx *db.Tx) error {
				return tx.Exec("UPDATE patches SET due_at = ? WHERE id = ?", to.UnixMicro(), p.ID).Error
			}))
		}
		remind := func() {
			for range 2 {
				require.NoError(o, notify.New(o.db, local).Remind(o.Context(), func(*db.Tx) error { return nil }))
			}
		}
		set(due.Add(5 * 24 * time.Hour))
		remind()
		assert.Empty(o, o.inbox("Chen"))
		set(due)
		remind()
		o.clock.Set(due.Add(time.Minute))
		remind()
		set(due.Add(24 * time.Hour))
		remind()
		assert.Equal(o, []string{"INF-1 is due in 2 days", "INF-1 is overdue", "INF-1 is due within a day"}, o.inbox("Chen"))
		lost := errors.New("somebody else runs this job")
		o.clock.Add(25 * time.Hour)
		require.ErrorIs(o, o.notify.Remind(o.Context(), func(*db.Tx) error { return lost }), lost)
		assert.Len(o, o.inbox("Chen"), 3)
	})
}

func TestAServerThatDiesWhileItTellsTellsEverythingOnceAfterItsRestart(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.patch("Update nginx")
		for i := range 5 {
			o.say("Bram", p, fmt.Sprintf("@Chen %d", i))
		}
		rename := func(from, to string) {
			require.NoError(o, o.db.Write(o.Context(), func(tx *db.Tx) error { return tx.Exec("ALTER TABLE " + from + " RENAME TO " + to).Error }))
		}
		rename("notifications", "gone") // it gets as far as its place, and no further
		require.Error(o, o.notify.CatchUp(o.Context()))
		rename("gone", "notifications")
		o.notify = notify.New(o.db, local)
		o.catchUp()
		assert.Len(o, o.inbox("Chen"), 5)
		for range 3 {
			o.notify = notify.New(o.db, local)
			o.catchUp()
		}
		assert.Len(o, o.inbox("Chen"), 5)
	})
}

func TestSeveralServersTellEverythingOnce(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.patch("Update nginx")
		servers := []*notify.Service{notify.New(o.db, local), notify.New(o.db, local), notify.New(o.db, local)}
		var all sync.WaitGroup
		done := make(chan struct{})
		for _, s := range servers {
			all.Go(func() {
				for {
					assert.NoError(o, s.CatchUp(o.Context()))
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		const n = 40
		for i := range n {
			o.say("Bram", p, fmt.Sprintf("@Chen %d", i))
		}
		close(done)
		all.Wait()
		o.catchUp()
		assert.Len(o, o.inbox("Chen"), n)
	})
}

func TestWhatWasRolledBackIsToldByNobody(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.patch("Update nginx")
		refused := errors.New("refused")
		require.ErrorIs(o, o.db.Write(o.Context(), func(tx *db.Tx) error {
			id := new(string)
			*id = o.people["Chen"].UserID
			held, err := backlog.Hold(tx, o.team.ID, p.Number)
			require.NoError(o, err)
			detail, err := backlog.EditIn(tx, o.people["Bram"], o.team, held, backlog.Edit{AssigneeID: &id, Seen: held.Version})
			require.NoError(o, err)
			require.NoError(o, backlog.Tell(tx, o.people["Bram"], o.team, held, "patch.changed", "patch.changed", detail))
			return refused
		}), refused)
		o.catchUp()
		assert.Empty(o, o.inbox("Chen"))
		o.assign("Bram", p, "Chen")
		o.catchUp()
		assert.Len(o, o.inbox("Chen"), 1)
	})
}

func TestWhoLeftTheTeamReadsNothingOfItAnyMore(t *testing.T) {
	inOffice(t, func(o *office) {
		o.assign("Bram", o.patch("Update nginx"), "Chen")
		o.catchUp()
		require.Len(o, o.inbox("Chen"), 1)
		require.NoError(o, o.db.Write(o.Context(), func(tx *db.Tx) error {
			return tx.Exec("DELETE FROM members WHERE user_id = ?", o.people["Chen"].UserID).Error
		}))
		assert.Empty(o, o.inbox("Chen"))
	})
}

func TestMarkingAllLeavesWhatCameMeanwhile(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.patch("Update nginx")
		o.say("Bram", p, "@Chen one")
		o.say("Bram", p, "@Chen two")
		o.catchUp()
		seen, _, err := o.notify.Inbox(o.Context(), o.people["Chen"].UserID, notify.Filter{Limit: 10})
		require.NoError(o, err)
		o.say("Bram", p, "@Chen three")
		o.catchUp()
		unread, err := o.notify.Mark(o.Context(), o.people["Chen"], notify.Marking{Until: seen[0].ID, Read: true})
		require.NoError(o, err)
		assert.Equal(o, 1, unread)
		unread, err = o.notify.Mark(o.Context(), o.people["Elif"], notify.Marking{IDs: []string{seen[0].ID}, Read: false})
		require.NoError(o, err)
		assert.Zero(o, unread, "another's entry is not hers to mark")
		unread, err = o.notify.Mark(o.Context(), o.people["Chen"], notify.Marking{IDs: []string{seen[1].ID}, Read: false})
		require.NoError(o, err)
		assert.Equal(o, 2, unread)
	})
}

func TestAnInboxForgetsAfterNinetyDays(t *testing.T) {
	inOffice(t, func(o *office) {
		o.assign("Bram", o.patch("Update nginx"), "Chen")
		o.catchUp()
		o.clock.Add(notify.Kept + time.Minute)
		require.NoError(o, o.notify.Tidy(o.Context()))
		assert.Empty(o, o.inbox("Chen"))
	})
}

func auditWho(id, name string) audit.Who { return audit.Who{UserID: id, Name: name} }

func TestABlockerWhoseDayHasComeGoesToTheScrumMastersAndItsOwnerOnce(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.assign("Chen", o.patch("Update nginx"), "Chen")
		owner, day := new(o.people["Elif"].UserID), new(o.db.Now().Format(time.DateOnly))
		o.later()
		_, err := standup.New(o.db).Block(o.Context(), o.people["Chen"], o.team, p.Number, standup.Change{Needed: new("a window"), OwnerID: &owner, EscalateOn: &day})
		require.NoError(o, err)
		o.catchUp()
		for range 3 {
			o.later()
			require.NoError(o, standup.New(o.db).Escalate(o.Context()))
			o.catchUp()
		}
		still := "INF-1 is still blocked, and its day of escalation has come"
		assert.Equal(o, []string{still}, o.inbox("Ana"))
		assert.Equal(o, []string{"You are to clear what blocks INF-1", still}, o.inbox("Elif"))
	})
}

func TestACommentThatWasTakenBackIsNoNews(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.assign("Bram", o.patch("Update nginx"), "Chen")
		o.catchUp()
		o.later()
		c, err := o.comment.Add(o.Context(), o.people["Bram"], o.team, p.Number, "@Elif wrong patch")
		require.NoError(o, err)
		o.later()
		require.NoError(o, o.comment.Delete(o.Context(), o.people["Bram"], o.team, p.Number, c.ID, false))
		o.catchUp()
		assert.Empty(o, o.inbox("Elif"))
		assert.Len(o, o.inbox("Chen"), 1)
	})
}

func TestWhoIsAskedToHelpIsToldOnceAndSoIsWhomItIsGiven(t *testing.T) {
	inOffice(t, func(o *office) {
		p := o.assign("Bram", o.patch("Update nginx"), "Chen")
		o.later()
		helpers := []string{o.people["Ana"].UserID, o.people["Elif"].UserID}
		p, err := o.backlog.Update(o.Context(), o.people["Bram"], o.team, p.Number, backlog.Edit{CoAssigneeIDs: &helpers, Seen: p.Version})
		require.NoError(o, err)
		o.later()
		helpers = helpers[:1]
		_, err = o.backlog.Update(o.Context(), o.people["Bram"], o.team, p.Number, backlog.Edit{CoAssigneeIDs: &helpers, Seen: p.Version})
		require.NoError(o, err)
		o.catchUp()
		assert.Equal(o, []string{"Bram assigned INF-1 to you"}, o.inbox("Chen"))
		assert.Equal(o, []string{"Bram asked you to work on INF-1 too"}, o.inbox("Ana"))
		assert.Equal(o, []string{"Bram asked you to work on INF-1 too"}, o.inbox("Elif"))
	})
}

func TestWhoIsGivenATaskIsToldLikeWhoIsGivenAPatch(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		p := o.patch("Update nginx")
		to := func(name string) **string {
			id := new(string)
			if name == "" {
				return new(*string)
			}
			*id = o.people[name].UserID
			return &id
		}
		add := func(title, name string) *backlog.Task {
			o.later()
			k, err := o.backlog.AddTask(o.Context(), o.people["Bram"], o.team, p.Number, backlog.TaskEdit{Title: &title, AssigneeID: to(name)})
			require.NoError(o, err)
			return k
		}
		change := func(k *backlog.Task, e backlog.TaskEdit) {
			o.later()
			e.Seen = k.Version
			_, err := o.backlog.EditTask(o.Context(), o.people["Bram"], o.team, p.Number, k.ID, e)
			require.NoError(o, err)
		}
		add("Back up", "Chen")
		later := add("Deploy", "")
		taken := add("Verify", "Elif")
		change(later, backlog.TaskEdit{AssigneeID: to("Chen")})
		add("Mine", "Bram")
		o.catchUp()
		change(taken, backlog.TaskEdit{AssigneeID: to("Ana")})
		o.catchUp()
		assert.Equal(o, []string{"Bram gave you a task of INF-1", "Bram gave you a task of INF-1"}, o.inbox("Chen"))
		assert.Equal(o, []string{"Bram gave you a task of INF-1"}, o.inbox("Ana"))
		assert.Empty(o, o.inbox("Bram"))
		o.clock.Add(31 * time.Minute)
		o.post()
		assert.Contains(o, lettersTo(at, "Chen")[0].Part("text/plain"), "* Bram gave you a task of INF-1\n  Back up\n")
		assert.Empty(o, lettersTo(at, "Elif"), "it was given to somebody else before the mail went")
		assert.Len(o, lettersTo(at, "Ana"), 1)
	})
}
