package team

import (
	"context"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
)

// NewFeed makes the secret part of the address of a team's calendar for a person.
// The one made before stops working. It is shown once and kept only as a hash.
func (s *Service) NewFeed(ctx context.Context, who audit.Who, t *Team) (secret string, err error) {
	secret = newSecret()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := keepFeed(tx, t.ID, who.UserID, digest(secret)); err != nil {
			return err
		}
		return audit.Write(tx, who, t.ID, "calendar.feed_made", who.UserID, nil)
	})
	return secret, err
}

// FeedTeam finds the team whose calendar a secret shows. The secret of somebody who
// left the team, or whose account is disabled, shows nothing.
func (s *Service) FeedTeam(ctx context.Context, secret string) (*Team, error) {
	t, err := teamOfFeed(s.db.Read(ctx), digest(secret))
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "There is no such calendar any more. Make a new address in Patchline.")
	}
	return t, err
}

// AddHolidays adds days to the team's holidays.
func (s *Service) AddHolidays(ctx context.Context, who audit.Who, t *Team, days []string) (*Team, error) {
	holidays := append(append([]string{}, t.Holidays...), days...)
	return s.UpdateTeam(ctx, who, t.ID, TeamChange{Holidays: holidays, Version: t.Version})
}
