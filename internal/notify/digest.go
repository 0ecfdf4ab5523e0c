package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/team"
)

const (
	morning   = 6 * time.Hour      // after which a digest that was missed waits for the next day
	mostSince = 4 * 24 * time.Hour // that an overview looks back, after days without one
	mostNamed = 8                  // patches that a line of the overview names
)

// sleeper is somebody whose morning may have come.
type sleeper struct {
	userID   string
	at       string // of their digest
	zone     string
	digested string // day of the last
}

// Digests sends the morning's mail to those whose morning it is: what waited for
// it, and how things stand. Who has nothing to read gets none.
func (s *Service) Digests(ctx context.Context) error {
	people, err := sleepers(s.db.Read(ctx))
	if err != nil {
		return err
	}
	zones := map[string]*time.Location{}
	var errs []error
	for _, p := range people {
		if zones[p.zone] == nil {
			if zones[p.zone], err = time.LoadLocation(p.zone); err != nil {
				zones[p.zone] = time.UTC
			}
		}
		if local := s.db.Now().In(zones[p.zone]); p.wakes(local) {
			errs = append(errs, s.digest(ctx, p, local))
		}
	}
	return errors.Join(errs...)
}

// wakes tells whether somebody's digest is due, by the clocks of their zone.
func (p sleeper) wakes(local time.Time) bool {
	at, err := time.Parse("15:04", p.at)
	if err != nil || local.Format(time.DateOnly) <= p.digested {
		return false
	}
	late := time.Duration(local.Hour()-at.Hour())*time.Hour + time.Duration(local.Minute()-at.Minute())*time.Minute
	return late >= 0 && late < morning
}

// since is from when on somebody has not been told how things stand.
func (p sleeper) since(local time.Time) time.Time {
	last, err := time.ParseInLocation(time.DateOnly+" 15:04", p.digested+" "+p.at, local.Location())
	if err != nil || local.Sub(last) > mostSince {
		return local.AddDate(0, 0, -1)
	}
	return last
}

// digest is one person's. The day is kept with the mail, so that it comes once.
func (s *Service) digest(ctx context.Context, p sleeper, local time.Time) error {
	lines, err := s.overview(ctx, p, local)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.LockWord("mail of " + p.userID); err != nil {
			return err
		}
		day := local.Format(time.DateOnly)
		mine, err := digested(tx, p.userID, day)
		if err != nil || !mine {
			return err
		}
		for _, l := range lines {
			l.Source += " " + day
			if _, err := add(tx, l.teamID, p.userID, l.News, Digest); err != nil {
				return err
			}
		}
		if len(lines) > 0 { // which say by when what is due
			if err := dropDueNotices(tx, p.userID); err != nil {
				return err
			}
		}
		return collect(tx, p.userID, Digest, "")
	})
}

// line is news of a team for one person.
type line struct {
	teamID string
	News
}

// parts are what an overview tells of. Who switched a kind off is not told of it
// here either.
var parts = []struct {
	kind Kind
	say  func(view, context.Context) (*News, error)
}{{Due, view.due}, {Blocker, view.blockers}, {Overview, view.moved}, {Mention, view.mentions}}

// overview is how things stand for somebody in their teams.
func (s *Service) overview(ctx context.Context, p sleeper, local time.Time) (out []line, err error) {
	g := s.db.Read(ctx)
	c, err := choicesOf(g, p.userID)
	if err != nil || c.Mail[Overview] == Off {
		return nil, err
	}
	teams, err := teamsOf(g, p.userID)
	for _, t := range teams {
		v := view{g, s.backlog, t, p.userID, c, local, p.since(local)}
		for _, part := range parts {
			if c.Mail[part.kind] == Off {
				continue
			}
			n, err := part.say(v, ctx)
			if err != nil {
				return nil, err
			}
			if n != nil {
				n.Source, n.Kind, n.At = fmt.Sprintf("overview %s %s", t.id, n.Source), Overview, local
				out = append(out, line{t.id, *n})
			}
		}
	}
	return out, err
}

// view is what somebody looks at in one team.
type view struct {
	g       db.Reader
	backlog *backlog.Service
	team    mine
	userID  string
	choices Choices
	now     time.Time
	since   time.Time
}

func (v view) path(rest string) string { return "/t/" + v.team.key + rest }

// due is what is theirs and due within the days that they chose.
func (v view) due(context.Context) (*News, error) {
	found, err := dueFor(v.g, v.team.id, v.userID, v.now.AddDate(0, 0, int(v.choices.DueDays)))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	over, names := 0, []string{}
	for _, d := range found {
		if !d.due.After(v.now) {
			over++
		}
		names = append(names, fmt.Sprintf("%s %s: %s", backlog.Key(v.team.key, d.number), d.title, dueWords(d.due, v.now)))
	}
	title := fmt.Sprintf("%s of yours %s due by %s", count(len(found), "patch", "patches"), are(len(found)), v.now.AddDate(0, 0, int(v.choices.DueDays)).Format("2 January"))
	if over > 0 {
		title += fmt.Sprintf(", %d overdue", over)
	}
	return &News{Source: "due", Title: title, Body: lines(names), Path: v.path("/backlog?assignee=me")}, nil
}

func dueWords(due, now time.Time) string {
	if !due.After(now) {
		return "overdue since " + due.In(now.Location()).Format("2 January")
	}
	return "due on " + due.In(now.Location()).Format("2 January, 15:04")
}

// blockers are the open ones that they are to clear, that stop their patches, or, to
// a Scrum master, all.
func (v view) blockers(context.Context) (*News, error) {
	found, err := blockersFor(v.g, v.team.id, v.userID, v.team.role == team.ScrumMaster)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	names := []string{}
	for _, b := range found {
		names = append(names, fmt.Sprintf("%s needs %s (%s)", backlog.Key(v.team.key, b.number), b.needed, count(int(v.now.Sub(b.since)/(24*time.Hour)), "day", "days")))
	}
	return &News{Source: "blockers", Title: count(len(found), "open blocker", "open blockers"), Body: lines(names), Path: v.path("/standup?view=ageing")}, nil
}

// moved is what has come to stand elsewhere in the backlog overnight, for those who
// rank it.
func (v view) moved(ctx context.Context) (*News, error) {
	if !v.team.role.May(team.Rank) {
		return nil, nil
	}
	m, err := v.backlog.MovesSince(ctx, v.userID, v.team.id, v.team.key, &v.since, mostNamed)
	if err != nil || m.Moved+m.New == 0 {
		return nil, err
	}
	names := []string{}
	for _, i := range m.Items {
		if i.Kind == backlog.MoveMoved {
			names = append(names, fmt.Sprintf("%s %s: priority %.0f, was %.0f", i.Key, i.Title, i.After, i.Before))
		}
	}
	title := fmt.Sprintf("The backlog moved: %s, %d new, %d closed", count(m.Moved, "patch", "patches"), m.New, m.Closed)
	return &News{Source: "moved", Title: title, Body: lines(names), Path: v.path("/backlog")}, nil
}

// mentions are those that they have not read.
func (v view) mentions(context.Context) (*News, error) {
	n, err := unreadMentions(v.g, v.team.id, v.userID, v.since)
	if err != nil || n == 0 {
		return nil, err
	}
	return &News{Source: "mentions", Title: "You have not read " + count(n, "mention", "mentions"), Path: "/inbox?kind=mention"}, nil
}

func count(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// lines names a few things, one a line.
func lines(names []string) string {
	if more := len(names) - mostNamed; more > 0 {
		names = append(names[:mostNamed:mostNamed], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, "\n")
}
