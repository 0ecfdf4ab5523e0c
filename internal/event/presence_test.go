package event_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/event"
)

func TestWhoLooksAtABoardIsKnownWhileTheySaySo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := running(t, d)
		next := join(t, h, -1).Next
		names := func(list []event.Viewer) (out []string) {
			for _, v := range list {
				out = append(out, v.Name)
			}
			return out
		}
		ana, anaToo := event.Viewer{UserID: "1", Name: "Ana", Client: "a"}, event.Viewer{UserID: "1", Name: "Ana", Client: "b"}
		bo := event.Viewer{UserID: "2", Name: "Bo", Client: "c"}

		assert.Equal(t, []string{"Ana"}, names(h.Look(inf, ana, true)))
		assert.Equal(t, event.BoardViewers, take(t, next).Kind)
		assert.Equal(t, []string{"Ana", "Bo"}, names(h.Look(inf, bo, true)))
		e := take(t, next)
		assert.Zero(t, e.ID, "it is told, and not written")
		assert.Equal(t, "c", e.Client)
		assert.Equal(t, []string{"Ana", "Bo"}, names(h.Look(inf, anaToo, true)), "a person's second tab is no second person")
		assert.Equal(t, []string{"Ana", "Bo"}, names(h.Look(inf, ana, false)))
		assert.Equal(t, []string{"Bo"}, names(h.Look(inf, anaToo, false)))
		assert.Equal(t, event.BoardViewers, take(t, next).Kind)
		assert.Empty(t, h.Look("another team", bo, false), "boards know nothing of each other")

		clock.Add(30 * time.Second)
		h.Look(inf, ana, true)
		take(t, next)
		clock.Add(30 * time.Second)
		assert.Equal(t, event.BoardViewers, take(t, next).Kind, "Bo has been silent for a minute")
		assert.Equal(t, []string{"Ana"}, names(h.Look(inf, ana, true)))
	})
}
