package notify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
	"patchline/internal/mail/mailtest"
	"patchline/internal/notify"
	"patchline/internal/standup"
	"patchline/internal/team"
)

// inBerlin sets the clock of the office.
func (o *office) inBerlin(day, clock string) {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(o, err)
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, zone)
	require.NoError(o, err)
	o.clock.Set(at)
}

func (o *office) digests() {
	for range 2 {
		require.NoError(o, o.notify.Digests(o.Context()))
	}
	o.post()
}

func TestTheMorningsMailSaysHowThingsStandOnceADayAndNothingWhenThereIsNothing(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		o.inBerlin("2026-11-23", "07:31")
		o.digests()
		assert.Empty(o, at.Letters(), "nothing is to be said")

		p := o.assign("Chen", o.patch("Update nginx"), "Chen")
		o.patch("Update curl")
		require.NoError(o, o.db.Write(o.Context(), func(tx *db.Tx) error {
			return tx.Exec("UPDATE patches SET due_at = ? WHERE id = ?", tx.Now.Add(48*time.Hour).UnixMicro(), p.ID).Error
		}))
		owner := new(o.people["Ana"].UserID)
		_, err := standup.New(o.db).Block(o.Context(), o.people["Ana"], o.team, p.Number, standup.Change{Needed: new("a window"), OwnerID: &owner})
		require.NoError(o, err)
		o.say("Bram", p, "It is urgent")
		o.catchUp()
		require.NoError(o, o.notify.Remind(o.Context(), func(*db.Tx) error { return nil }))
		o.digests()
		o.inBerlin("2026-11-24", "07:29")
		o.digests()
		assert.Empty(o, subjectsWith(at, "Today"), "it is not their morning yet")
		o.inBerlin("2026-11-24", "07:31")
		o.digests()
		o.inBerlin("2026-11-24", "12:00")
		o.digests()

		chen := subjectsWith(at, "Today", "Chen")
		require.Len(o, chen, 1)
		assert.Equal(o, "Today in Patchline: 1 patch of yours is due by 27 November, and 2 more", chen[0].Subject())
		text := chen[0].Part("text/plain")
		assert.Contains(o, text, "INF-1 Update nginx: due on 25 November, 07:31")
		assert.Contains(o, text, "* 1 open blocker\n  INF-1 needs a window (0 days)")
		assert.Contains(o, text, "* Bram commented on INF-1")
		assert.NotContains(o, text, "INF-1 is due in", "the overview says so")
		bram := subjectsWith(at, "Today", "Bram")
		require.Len(o, bram, 1)
		assert.Contains(o, bram[0].Subject(), "2 new")
		assert.Empty(o, subjectsWith(at, "Today", "Elif"))
		assert.Len(o, o.inbox("Chen"), 3, "the overview stands in no inbox")
	})
}

func subjectsWith(at *mailtest.Server, beginning string, names ...string) (out []mailtest.Letter) {
	for _, l := range at.Letters() {
		if len(names) > 0 && l.To != names[0]+"@example.com" {
			continue
		}
		if s := l.Subject(); len(s) >= len(beginning) && s[:len(beginning)] == beginning {
			out = append(out, l)
		}
	}
	return out
}

func TestAMorningIsWhereAPersonIsAndOneThatWasMissedWaits(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		_, err := o.notify.Choose(o.Context(), o.people["Chen"], notify.Choosing{TimeZone: new("Asia/Tokyo"), DigestAt: new("06:00"), Mail: map[notify.Kind]string{notify.Mention: notify.Digest}})
		require.NoError(o, err)
		o.inBerlin("2026-11-23", "15:00")
		o.say("Bram", o.patch("Update nginx"), "@Chen look")
		o.catchUp()
		o.inBerlin("2026-11-23", "21:59") // 05:59 in Tokyo
		o.digests()
		assert.Empty(o, at.Letters())
		o.inBerlin("2026-11-24", "05:00") // 13:00 in Tokyo
		o.digests()
		assert.Empty(o, at.Letters(), "it is not morning any more")
		o.inBerlin("2026-11-24", "22:01")
		o.digests()
		assert.Len(o, lettersTo(at, "Chen"), 1)
	})
}

func TestChoicesHoldAlsoForWhatWaits(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		choose := func(name string, to notify.Choosing) {
			_, err := o.notify.Choose(o.Context(), o.people[name], to)
			require.NoError(o, err)
		}
		o.hire("Dara", team.Member)
		p := o.patch("Update nginx")
		o.say("Bram", p, "@Chen @Elif @Ana @Dara look")
		choose("Dara", notify.Choosing{Muted: &[]string{"INF"}})
		choose("Ana", notify.Choosing{Mail: map[notify.Kind]string{notify.Mention: notify.Off}})
		o.catchUp()
		choose("Chen", notify.Choosing{Mail: map[notify.Kind]string{notify.Mention: notify.Off}})
		choose("Elif", notify.Choosing{Muted: &[]string{"INF"}})
		o.clock.Add(24 * time.Hour)
		o.post()
		o.digests()
		for _, name := range []string{"Ana", "Chen", "Elif", "Dara"} {
			assert.Empty(o, lettersTo(at, name), name)
			assert.Len(o, o.inbox(name), 1, "the inbox has it always")
		}
		choose("Chen", notify.Choosing{Mail: map[notify.Kind]string{notify.Mention: notify.Immediate}})
		choose("Elif", notify.Choosing{Muted: &[]string{}})
		o.say("Bram", p, "@Chen @Elif @Ana again")
		o.catchUp()
		o.clock.Add(11 * time.Minute)
		o.post()
		assert.Len(o, lettersTo(at, "Chen"), 1, "what was not wanted then does not come later")
		assert.Len(o, lettersTo(at, "Elif"), 1)
		assert.Empty(o, lettersTo(at, "Ana"))
	})
}

func TestAChoiceThatMakesNoSenseIsRefused(t *testing.T) {
	inPost(t, func(o *office, _ *mailtest.Server) {
		for what, c := range map[string]notify.Choosing{
			"kind": {Mail: map[notify.Kind]string{"weather": notify.Off}}, "when": {Mail: map[notify.Kind]string{notify.Mention: "hourly"}},
			"overview": {Mail: map[notify.Kind]string{notify.Overview: notify.Immediate}}, "time": {DigestAt: new("7:30")}, "zone": {TimeZone: new("Mars/Base")},
			"local": {TimeZone: new("Local")}, "days": {DueDays: new(int64(31))}, "team": {Muted: &[]string{"OPS"}},
		} {
			_, err := o.notify.Choose(o.Context(), o.people["Chen"], c)
			assert.Error(o, err, what)
		}
		c, err := o.notify.Choices(o.Context(), o.people["Chen"].UserID)
		require.NoError(o, err)
		assert.Equal(o, []any{"07:30", "", int64(3), notify.Immediate, []string{}}, []any{c.DigestAt, c.TimeZone, c.DueDays, c.Mail[notify.Mention], c.Muted})
	})
}
