package notify

import (
	"context"
	"fmt"
	"time"

	"patchline/internal/db"
	"patchline/internal/team"
)

const (
	// DueDays is how many days before a due date people are warned who chose nothing.
	DueDays = 3
	// MostDueDays bounds what they can choose.
	MostDueDays = 30

	stuck = 3 * 24 * time.Hour // after which a blocker goes to the Scrum masters
	late  = 7 * 24 * time.Hour // after which a due date that was missed is nobody's news any more
)

// Fence refuses a transaction when somebody else has taken over the job.
type Fence func(tx *db.Tx) error

// Remind tells what time alone brings about: due dates that near or were missed, and
// blockers that stay.
func (s *Service) Remind(ctx context.Context, fence Fence) error {
	teams, err := allTeams(s.db.Read(ctx))
	if err != nil {
		return err
	}
	for _, t := range teams {
		if err := s.remind(ctx, fence, t); err != nil {
			return err
		}
	}
	return nil
}

// remind tells a team's people in parts, so that nobody else waits for long.
func (s *Service) remind(ctx context.Context, fence Fence, t place) error {
	g := s.db.Read(ctx)
	news, err := dueNews(g, t, s.db.Now())
	if err != nil {
		return err
	}
	more, err := stuckNews(g, t, s.db.Now())
	if err != nil {
		return err
	}
	for news = append(news, more...); len(news) > 0; {
		part := news[:min(100, len(news))]
		news = news[len(part):]
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			if err := fence(tx); err != nil {
				return err
			}
			return s.tell(tx, t, part)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// dueNews warns whom a patch is assigned to, once before it is due and once after;
// another due date is another occasion.
func dueNews(g db.Reader, t place, now time.Time) (out []News, err error) {
	found, err := dueOf(g, t.id, now)
	for _, d := range found {
		key := fmt.Sprintf("%s-%d", t.key, d.number)
		n := News{Kind: Due, Path: patchPath(t, key), Body: d.title, At: now, To: []string{d.assignee}}
		n.Source = fmt.Sprintf("due %s %d", d.id, d.due.UnixMicro())
		left := d.due.Sub(now)
		switch day := 24 * time.Hour; {
		case left <= 0:
			n.Source = "over" + n.Source
			n.Title = key + " is overdue"
		case left < day:
			n.Title = key + " is due within a day"
		case left < 2*day:
			n.Title = key + " is due tomorrow"
		default:
			n.Title = fmt.Sprintf("%s is due in %d days", key, int(left/day))
		}
		out = append(out, n)
	}
	return out, err
}

// stuckNews takes what has been blocked for days to the Scrum masters, and reminds
// the owner.
func stuckNews(g db.Reader, t place, now time.Time) ([]News, error) {
	found, err := stuckOf(g, t.id, now.Add(-stuck))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	masters, err := peopleAs(g, t.id, team.ScrumMaster)
	var out []News
	for _, b := range found {
		key := fmt.Sprintf("%s-%d", t.key, b.number)
		n := News{Kind: Blocker, Path: patchPath(t, key), Body: b.needed, At: now, To: ids(masters)}
		n.Source = fmt.Sprintf("stuck %s %d", b.id, b.since.UnixMicro())
		n.Title = fmt.Sprintf("%s has been blocked for %d days", key, int(now.Sub(b.since)/(24*time.Hour)))
		if b.owner != "" {
			n.To = append(n.To, b.owner)
		}
		out = append(out, n)
	}
	return out, err
}
