package standup

import (
	"context"
	"time"

	"patchline/internal/team"
)

const (
	timebox    = 15 // minutes that a stand-up takes at most (Scrum Guide 2020, Daily Scrum)
	lastMinute = 24*60 - 1
)

// Over is a stand-up that is over, of a team that was not sent its digest yet.
type Over struct {
	Team *team.Team
	*Standup
}

// Over finds today's stand-ups that are over: the walk through one has ended, or the
// time that the team set for it and the timebox after it are past with no walk under
// way. A day off, and one on which nobody has written anything, have no digest.
func (s *Service) Over(ctx context.Context) ([]Over, error) {
	teams, err := toldTeams(s.db.Read(ctx))
	var out []Over
	for i := range teams {
		t := &teams[i].Team
		over, err := s.past(ctx, t, teams[i].StandupTold)
		if err != nil {
			return nil, err
		}
		if !over {
			continue
		}
		st, err := s.Get(ctx, t, "today")
		if err != nil {
			return nil, err
		}
		if st.Working && st.Walk == nil && len(st.Entries) > 0 {
			out = append(out, Over{t, st})
		}
	}
	return out, err
}

// past tells whether a team's stand-up of today is past, and was not told yet. It
// costs little, since every team is asked every minute.
func (s *Service) past(ctx context.Context, t *team.Team, told string) (bool, error) {
	rules, err := t.Rules()
	if err != nil {
		return false, err
	}
	cal, err := t.Calendar()
	if err != nil {
		return false, nil // a zone that this machine does not know
	}
	now := s.db.Now().In(cal.Zone)
	if told >= string(cal.DayOf(now)) {
		return false, nil
	}
	if at, err := time.Parse("15:04", rules.StandupAt); err == nil && minutes(now) >= min(minutes(at)+timebox, lastMinute) {
		return true, nil
	}
	return walked(s.db.Read(ctx), t.ID, cal.DayOf(now))
}

// minutes is the time of day, in minutes since midnight by the clocks.
func minutes(at time.Time) int { return 60*at.Hour() + at.Minute() }
