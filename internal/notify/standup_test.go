package notify_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/mail/mailtest"
	"patchline/internal/notify"
	"patchline/internal/standup"
	"patchline/internal/team"
)

func unfenced(*db.Tx) error { return nil }

// standsUpAt sets the time of the stand-up; empty for none.
func (o *office) standsUpAt(at string) {
	people, err := team.New(o.Context(), o.db)
	require.NoError(o, err)
	now, err := team.ByID(o.db.Read(o.Context()), o.team.ID)
	require.NoError(o, err)
	rules, err := now.Rules()
	require.NoError(o, err)
	rules.StandupAt = at
	o.team, err = people.SetRules(o.Context(), audit.Server, o.team.ID, rules, now.Version)
	require.NoError(o, err)
}

func (o *office) note(name, today string, items ...int64) {
	o.later()
	_, err := standup.New(o.db).Write(o.Context(), o.people[name], o.team, "today", standup.Note{Today: today, Items: items})
	require.NoError(o, err)
}

// standUps sends digests, twice as by two servers.
func (o *office) standUps() {
	for range 2 {
		require.NoError(o, notify.New(o.db, local).StandUps(o.Context(), unfenced))
	}
}

func TestTheDigestOfAStandUpComesOnceItsTimeIsPastAndSaysWhatWasSaid(t *testing.T) {
	inOffice(t, func(o *office) {
		o.standsUpAt("09:30")
		o.inBerlin("2026-11-23", "09:00")
		p := o.assign("Chen", o.patch("Update nginx"), "Chen")
		_, err := standup.New(o.db).Block(o.Context(), o.people["Chen"], o.team, p.Number, standup.Change{Needed: new("a window")})
		require.NoError(o, err)
		o.note("Chen", "deploys\nnginx", 1)
		o.inBerlin("2026-11-23", "09:44")
		o.standUps()
		assert.Empty(o, o.inbox("Bram"), "they still stand")
		o.inBerlin("2026-11-23", "09:45")
		o.standUps()
		items, _, err := o.notify.Inbox(o.Context(), o.people["Bram"].UserID, notify.Filter{Kind: notify.Standup, Limit: 10})
		require.NoError(o, err)
		require.Len(o, items, 1)
		assert.Equal(o, "Stand-up of 23 November: 1 entry, 1 open blocker, 3 without an entry", items[0].Title)
		assert.Equal(o, "/t/INF/standup?day=2026-11-23", items[0].Path)
		assert.Equal(o, "Blocked: INF-1 Update nginx: a window (0 working days)\nChen\n  Today: deploys nginx (INF-1)\nNo entry: Ana, Bram, Elif", items[0].Body)
		o.note("Elif", "came later")
		o.inBerlin("2026-11-23", "17:00")
		o.standUps()
		assert.Len(o, o.inbox("Bram"), 1, "once a day")
		o.inBerlin("2026-11-24", "09:50")
		o.standUps()
		assert.Len(o, o.inbox("Bram"), 1, "nobody has written anything that day")
		o.note("Ana", "plans")
		o.standUps()
		assert.Len(o, o.inbox("Bram"), 2)
	})
}

func TestWithoutATimeTheDigestComesWhenTheWalkThroughHasEnded(t *testing.T) {
	inOffice(t, func(o *office) {
		walk := func(pace standup.Pace, seen string) {
			o.later()
			_, err := standup.New(o.db).Walk(o.Context(), o.people["Ana"], o.team, team.ScrumMaster, "today", pace, seen)
			require.NoError(o, err)
		}
		o.inBerlin("2026-11-23", "09:30")
		o.note("Chen", "deploys")
		o.inBerlin("2026-11-23", "12:00")
		o.standUps()
		assert.Empty(o, o.inbox("Elif"))
		walk(standup.Begin, "")
		o.standsUpAt("09:30")
		o.standUps()
		assert.Empty(o, o.inbox("Elif"), "they are late, and still at it")
		o.standsUpAt("")
		walk(standup.End, o.people["Ana"].UserID)
		o.standUps()
		walk(standup.Begin, "")
		walk(standup.End, o.people["Ana"].UserID)
		o.standUps()
		assert.Len(o, o.inbox("Elif"), 1)
		assert.Len(o, o.inbox("Chen"), 1)
	})
}

func TestADayOffHasNoDigestAndTheDayIsTheTeams(t *testing.T) {
	inOffice(t, func(o *office) {
		o.standsUpAt("00:10")
		o.inBerlin("2026-11-21", "09:00") // a Saturday
		o.note("Chen", "works all the same")
		o.standUps()
		assert.Empty(o, o.inbox("Ana"))
		o.inBerlin("2026-11-23", "00:26") // the 22nd in UTC
		o.note("Chen", "begins early")
		o.standUps()
		assert.Contains(o, o.inbox("Ana")[0], "Stand-up of 23 November")
	})
}

func TestTheDigestOfAStandUpIsMailedAsEachHasChosenAndToNobodyByItself(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		for name, when := range map[string]string{"Bram": notify.Immediate, "Elif": notify.Digest} {
			_, err := o.notify.Choose(o.Context(), o.people[name], notify.Choosing{Mail: map[notify.Kind]string{notify.Standup: when}})
			require.NoError(o, err)
		}
		o.standsUpAt("09:30")
		o.inBerlin("2026-11-23", "09:40")
		o.note("Chen", "deploys")
		o.clock.Add(5 * time.Minute)
		require.NoError(o, o.notify.StandUps(o.Context(), unfenced))
		o.wait(12 * time.Minute)
		require.Len(o, at.Letters(), 1)
		assert.Equal(o, "Bram@example.com", at.Letters()[0].To)
		assert.Contains(o, at.Letters()[0].Part("text/plain"), "  Chen\n    Today: deploys\n  No entry: Ana, Bram, Elif\n  https://patchline.example/t/INF/standup?day=2026-11-23\n")
		o.inBerlin("2026-11-24", "07:31")
		o.digests()
		assert.Len(o, lettersTo(at, "Elif"), 1)
		assert.Empty(o, lettersTo(at, "Chen"))
	})
}

func TestOfManyServersOneSendsTheDigestAndAHolderThatLostItsLeaseNone(t *testing.T) {
	inOffice(t, func(o *office) {
		o.standsUpAt("09:30")
		o.inBerlin("2026-11-23", "09:40")
		o.note("Chen", "deploys")
		o.clock.Add(5 * time.Minute)
		lost := errors.New("somebody else runs this job")
		require.ErrorIs(o, o.notify.StandUps(o.Context(), func(*db.Tx) error { return lost }), lost)
		hook, err := o.notify.AddWebhook(o.Context(), o.people["Ana"], o.team.ID, notify.Draft{Name: new("chat"), URL: new("http://127.0.0.1:9"), Kinds: &[]string{"standup"}})
		require.NoError(o, err)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { assert.NoError(o, notify.New(o.db, local).StandUps(o.Context(), unfenced)) })
		}
		all.Wait()
		told, err := o.notify.Deliveries(o.Context(), o.team.ID, hook.ID, "", "", 10)
		require.NoError(o, err)
		assert.Len(o, told, 1)
		assert.Len(o, o.inbox("Ana"), 1)
		require.NoError(o, o.db.Write(o.Context(), func(tx *db.Tx) error {
			fresh, err := standup.Sent(tx, o.team.ID, "2026-11-23")
			assert.False(o, fresh, "nobody sends it again")
			return err
		}))
	})
}
