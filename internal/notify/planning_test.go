package notify_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/backlog"
	"patchline/internal/mail/mailtest"
	"patchline/internal/notify"
	"patchline/internal/sprint"
)

// planned is a sprint that somebody plans.
type planned struct {
	o *office
	*sprint.Sprint
}

func (o *office) plan() *planned {
	o.later()
	s, err := sprint.New(o.db).Create(o.Context(), o.people["Ana"], o.team, sprint.Planning{})
	require.NoError(o, err)
	return &planned{o, s}
}

// give plans a new patch into the sprint and assigns it.
func (p *planned) give(title, to string) {
	made := p.o.patch(title)
	p.o.later()
	s, err := sprint.New(p.o.db).Add(p.o.Context(), p.o.people["Bram"], p.o.team, p.Number, sprint.Adding{Numbers: []int64{made.Number}})
	require.NoError(p.o, err)
	p.Sprint = s
	p.o.assign("Bram", p.o.now(made.Number), to)
	p.o.catchUp()
}

// now is a patch as it is now.
func (o *office) now(number int64) *backlog.Patch {
	p, err := backlog.ByNumber(o.db.Read(o.Context()), o.team.ID, number)
	require.NoError(o, err)
	return p
}

func (p *planned) start() {
	p.o.later()
	_, err := sprint.New(p.o.db).Start(p.o.Context(), p.o.people["Ana"], p.o.team, p.Number, p.Version)
	require.NoError(p.o, err)
	p.o.catchUp()
}

// wait lets time pass, in steps in which mail goes out.
func (o *office) wait(d time.Duration) {
	for step := 30 * time.Minute; d > 0; d -= step {
		o.clock.Add(min(d, step))
		o.catchUp()
		o.post()
	}
}

func TestHoweverLongAPlanningPausesItIsOneMailPerPerson(t *testing.T) {
	for _, pause := range []time.Duration{31 * time.Minute, 2 * time.Hour, 7*time.Hour + 50*time.Minute} {
		t.Run(pause.String(), func(t *testing.T) {
			inPost(t, func(o *office, at *mailtest.Server) {
				_, err := o.notify.Choose(o.Context(), o.people["Chen"], notify.Choosing{Mail: map[notify.Kind]string{notify.Sprint: notify.Immediate}})
				require.NoError(o, err)
				s := o.plan()
				for i := range 3 {
					s.give(fmt.Sprintf("Update nginx %d", i), "Chen")
					s.give(fmt.Sprintf("Update curl %d", i), "Elif")
					o.assign("Bram", o.patch("Not in the sprint"), "Chen")
					o.wait(pause)
				}
				assert.Empty(o, at.Letters(), "they are still planning")
				s.start()
				o.wait(20 * time.Minute)
				o.assign("Bram", o.patch("Found right after the start"), "Chen")
				o.wait(12 * time.Hour)
				require.Len(o, at.Letters(), 2)
				assert.Equal(o, []string{"Bram assigned INF-1 to you, and 7 more"}, subjects(lettersTo(at, "Chen")))
				assert.Contains(o, lettersTo(at, "Chen")[0].Part("text/plain"), "Sprint 1 has started")
				assert.Equal(o, []string{"Bram assigned INF-2 to you, and 2 more"}, subjects(lettersTo(at, "Elif")))
			})
		})
	}
}

func TestAPlanningThatNeverStartsIsMailedOnceItsSessionIsOver(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		s := o.plan()
		s.give("Update nginx", "Chen")
		o.wait(2 * time.Hour)
		s.give("Update curl", "Chen")
		o.wait(7*time.Hour + 55*time.Minute)
		assert.Empty(o, at.Letters())
		o.wait(5 * time.Minute)
		require.Equal(o, []string{"Bram assigned INF-1 to you, and 1 more"}, subjects(lettersTo(at, "Chen")))
		o.wait(10 * time.Hour)
		s.give("On the next day", "Chen")
		o.wait(9 * time.Hour)
		assert.Equal(o, []string{"Bram assigned INF-1 to you, and 1 more", "Bram assigned INF-3 to you"}, subjects(lettersTo(at, "Chen")))
	})
}

func TestWhoPlansAroundTheClockIsHeardFromAfterADay(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		s := o.plan()
		for i := range 4 {
			s.give(fmt.Sprintf("Update nginx %d", i), "Chen")
			o.wait(6 * time.Hour)
		}
		assert.Equal(o, []string{"Bram assigned INF-1 to you, and 3 more"}, subjects(at.Letters()))
	})
}

func TestTwoSprintsThatArePlannedAtOnceAreOneMail(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		one, two := o.plan(), o.plan()
		one.give("Update nginx", "Chen")
		two.give("Update curl", "Chen")
		o.wait(time.Hour)
		one.start()
		o.wait(time.Hour)
		two.give("Update zlib", "Chen")
		o.wait(7 * time.Hour)
		assert.Empty(o, at.Letters(), "the second is still planned")
		o.wait(2 * time.Hour)
		assert.Equal(o, []string{"Bram assigned INF-1 to you, and 2 more"}, subjects(at.Letters()))
	})
}

func TestASprintThatIsCancelledHoldsNoMailBack(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		s := o.plan()
		s.give("Update nginx", "Chen")
		o.wait(2 * time.Hour)
		_, err := sprint.New(o.db).Cancel(o.Context(), o.people["Ana"], o.team, s.Number, s.Version, "another plan")
		require.NoError(o, err)
		o.wait(time.Minute)
		assert.Equal(o, []string{"Bram assigned INF-1 to you"}, subjects(at.Letters()))
	})
}

func TestUrgentNewsAreOnTimeWhileATeamPlansAndTakeNothingOfThePlanningAlong(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		s := o.plan()
		s.give("Update nginx", "Chen")
		o.say("Bram", o.now(1), "@Chen can you?")
		o.wait(15 * time.Minute)
		assert.Equal(o, []string{"Bram mentioned you on INF-1"}, subjects(at.Letters()))
		o.wait(3 * time.Hour)
		s.give("Update curl", "Chen")
		s.start()
		o.wait(time.Hour)
		assert.Equal(o, []string{"Bram mentioned you on INF-1", "Bram assigned INF-1 to you, and 1 more"}, subjects(at.Letters()))
	})
}

func TestAnotherTeamsNewsDoNotWaitForAPlanning(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		o.plan().give("Update nginx", "Chen")
		other := o.second("OPS", "Chen")
		made := other.patch("Elsewhere")
		other.assign("Bram", made, "Chen")
		o.wait(35 * time.Minute)
		assert.Equal(o, []string{"Bram assigned OPS-1 to you"}, subjects(at.Letters()))
	})
}

func TestWorkThatWasGivenToSomebodyElseMeanwhileIsNotMailed(t *testing.T) {
	inPost(t, func(o *office, at *mailtest.Server) {
		p := o.assign("Bram", o.patch("Update nginx"), "Chen")
		o.catchUp()
		o.wait(10 * time.Minute)
		o.assign("Bram", p, "Elif")
		o.wait(time.Hour)
		require.Len(o, at.Letters(), 1)
		assert.Equal(o, "Elif@example.com", at.Letters()[0].To)
		assert.Equal(o, []string{"Bram assigned INF-1 to you"}, o.inbox("Chen"), "the inbox keeps what was said")
	})
}
