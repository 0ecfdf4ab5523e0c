package notify

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/team"
)

// A server that has seen whose morning it is may be overtaken by another one. It looks
// from inside, since what it has seen is of then.
func TestAServerThatIsOvertakenSendsNoSecondMailThatMorning(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		people, err := team.New(t.Context(), d)
		require.NoError(t, err)
		inf, err := people.AddTeam(t.Context(), audit.Server, team.NewTeam{Key: "INF", Name: "Infrastructure", TimeZone: "UTC"})
		require.NoError(t, err)
		chen := &team.User{ID: db.NewID(), Email: "chen@example.com", Name: "Chen", Version: 1}
		s, told := New(d, Options{}), 0
		comes := func() { // something that is mailed in the morning
			told++
			require.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := add(tx, inf.ID, chen.ID, News{Source: fmt.Sprint(told), Kind: Comment, Title: "news", At: tx.Now}, Digest)
				return err
			}))
		}
		mails := func() int {
			all, err := s.Mails(t.Context(), "", "", 100)
			require.NoError(t, err)
			return len(all)
		}
		require.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error {
			if err := tx.Create(chen).Error; err != nil {
				return err
			}
			return tx.Create(&team.Membership{TeamID: inf.ID, UserID: chen.ID, Role: team.Member, JoinedAt: tx.Now}).Error
		}))

		for day := range 3 {
			morning := time.Date(2026, 11, 23+day, 7, 31, 0, 0, time.UTC)
			clock.Set(morning)
			seen, err := sleepers(d.Read(t.Context()))
			require.NoError(t, err)
			require.Len(t, seen, 1)
			comes()
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() { assert.NoError(t, s.digest(t.Context(), seen[0], morning)) })
			}
			all.Wait()
			assert.Equal(t, day+1, mails())
			comes()
			require.NoError(t, s.digest(t.Context(), seen[0], morning), "by who saw it before the others were done")
			assert.Equal(t, day+1, mails(), "what came after the morning's mail waits for the next")
		}
	})
}
