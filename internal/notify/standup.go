package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/standup"
	"patchline/internal/team"
)

// StandUps sends the digest of each stand-up that is over to the team, once a day.
func (s *Service) StandUps(ctx context.Context, fence Fence) error {
	over, err := s.standup.Over(ctx)
	errs := []error{err}
	for _, o := range over {
		errs = append(errs, s.db.Write(ctx, func(tx *db.Tx) error {
			if err := fence(tx); err != nil {
				return err
			}
			fresh, err := standup.Sent(tx, o.Team.ID, o.Day)
			if err != nil || !fresh {
				return err
			}
			people, err := peopleWith(tx.DB, o.Team.ID, team.Read)
			if err != nil {
				return err
			}
			n := standupNews(o, tx.Now)
			n.To = ids(people)
			return s.tell(tx, place{id: o.Team.ID, key: o.Team.Key}, []News{n})
		}))
	}
	return errors.Join(errs...)
}

func standupNews(o standup.Over, at time.Time) News {
	title := fmt.Sprintf("Stand-up of %s: %s", dayWords(o.Day), count(len(o.Entries), "entry", "entries"))
	if n := len(o.Blockers); n > 0 {
		title += ", " + count(n, "open blocker", "open blockers")
	}
	if n := len(o.Missing); n > 0 {
		title += fmt.Sprintf(", %d without an entry", n)
	}
	return News{
		Source: fmt.Sprintf("standup %s %s", o.Team.ID, o.Day), Kind: Standup, Title: title, Body: o.Brief(o.Team),
		Path: fmt.Sprintf("/t/%s/standup?day=%s", o.Team.Key, o.Day), At: at,
	}
}

func dayWords(d scrum.Day) string {
	at, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return at.Format("2 January")
}
