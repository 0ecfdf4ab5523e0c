package notify

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/mail"
)

// States of a mail besides Waiting and Failed.
const (
	Sending = "sending" // somebody hands it in now, or was killed doing so
	Sent    = "sent"    // the mail server took it
)

// Post is a mail on its way to one person. Its id is that of the Message-ID.
type Post struct {
	ID          string
	Name, Email string // of the person now
	Subject     string // empty before the first attempt
	State       string
	Attempts    int64
	NextAt      time.Time
	Error       string
	CreatedAt   time.Time
	SentAt      *time.Time
}

// Sorts of news: those of one sort wait for one another and go in one mail. Any other
// sort is a team that plans, by its id. Calm are the kinds that come in numbers while
// a team plans; they wait longer, and apart from the rest.
const (
	urgent = "urgent"
	calm   = "calm"
)

// patience is how long news wait for more of their sort: until none has come for
// quiet, but no longer than most.
type patience struct{ quiet, most time.Duration }

// session is the longest that planning a sprint takes: eight hours for a month (Scrum
// Guide 2020). Whatever lies closer together may be the same session.
const session = 8 * time.Hour

// patience keeps the promise that a planning session never sends more than one mail
// per person. A team plans, for somebody, while calm news about a patch of a sprint
// that has not started wait to be mailed to them. As long as it does, all calm news of
// the team wait too, however long the session pauses. It is over when the sprint
// starts or is cancelled, or when nothing has come for the length of a session; after
// a day they go in any case, so that a team which plans around the clock is heard from.
// Calm news from before the start of a sprint count as if they came with it: what
// follows at once goes into the same mail.
//
// The urgent kinds are no part of it. Who is mentioned while others plan, or whose
// patch is exploited, is told on time by a mail of its own, which takes nothing of the
// planning along: that is still to come, in one.
func (s *Service) patience(sort string) patience {
	switch sort {
	case urgent:
		return patience{s.collect, 3 * s.collect}
	case calm:
		return patience{3 * s.collect, 24 * s.collect}
	}
	return patience{max(session, 3*s.collect), max(3*session, 24*s.collect)}
}

// mailPauses are those after each attempt that failed; together two days.
var mailPauses = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 30 * time.Hour,
}

// mailLease is how long a mail is nobody else's while it is handed in.
const mailLease = mail.MostTime + 30*time.Second

// RunMail collects and sends until ctx ends. Every replica does: whose transaction
// is first collects, and whoever takes a mail sends it.
func (s *Service) RunMail(ctx context.Context) {
	if s.mail == nil {
		return
	}
	var looked time.Time
	for ctx.Err() == nil {
		err := s.Collect(ctx)
		if now := time.Now(); now.Sub(looked) >= time.Minute {
			looked, err = now, errors.Join(err, s.Digests(ctx))
		}
		n, failed := s.SendMail(ctx)
		if err = errors.Join(err, failed); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "cannot send mail; it is tried again", "error", err)
		}
		if n == 0 {
			wait(ctx, time.Second)
		}
	}
}

// Collect makes a mail of what waited long enough, one a person and sort.
func (s *Service) Collect(ctx context.Context) error {
	waiting, err := toCollect(s.db.Read(ctx))
	if err != nil {
		return err
	}
	for _, w := range waiting {
		p, now := s.patience(w.sort), s.db.Now()
		if now.Sub(w.last) < p.quiet && now.Sub(w.first) < p.most {
			continue
		}
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			if err := tx.LockWord("mail of " + w.userID); err != nil {
				return err
			}
			return collect(tx, w.userID, Immediate, w.sort)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// SendMail hands in what is due, and tells how many that were.
func (s *Service) SendMail(ctx context.Context) (n int, err error) {
	due, err := dueMail(s.db.Read(ctx), s.db.Now())
	var all sync.WaitGroup
	errs := make([]error, len(due))
	for i, id := range due {
		all.Go(func() { errs[i] = s.send(ctx, id) })
	}
	all.Wait()
	return len(due), errors.Join(append(errs, err)...)
}

func (s *Service) send(ctx context.Context, id string) error {
	var l *mail.Letter
	var attempt int64
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		l = nil
		attempt, err = claimMail(tx, id, tx.Now.Add(mailLease))
		if err != nil || attempt == 0 {
			return err
		}
		l, err = s.writeMail(tx, id)
		return err
	})
	if err != nil || l == nil {
		return err
	}
	failed := s.mail.Send(ctx, *l)
	if ctx.Err() != nil && failed != nil {
		return nil // the server stops: another one tries again
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return settleMail(tx, id, attempt, failed) })
}

// writeMail writes a mail from what its person may see now; where that is nothing any
// more, there is no mail.
func (s *Service) writeMail(tx *db.Tx, id string) (*mail.Letter, error) {
	to, news, err := contentOf(tx.DB, id)
	if err != nil {
		return nil, err
	}
	if len(news) == 0 {
		return nil, forgetOneMail(tx, id)
	}
	l := compose(s.public, to, news)
	l.ID, l.At = id, tx.Now
	return &l, nameMail(tx, id, l.Subject)
}

// settleMail notes what came of an attempt, unless somebody else has taken the mail
// meanwhile.
func settleMail(tx *db.Tx, id string, attempt int64, failed error) error {
	if failed == nil {
		return saveMail(tx, id, attempt, Sent, tx.Now, "")
	}
	var f *mail.Failure
	if errors.As(failed, &f) && f.Final || attempt > int64(len(mailPauses)) {
		return saveMail(tx, id, attempt, Failed, tx.Now, failed.Error())
	}
	return saveMail(tx, id, attempt, Waiting, tx.Now.Add(mailPauses[attempt-1]), failed.Error())
}

// Mails lists what was sent to whom, the latest first, one more than the limit when
// there are more.
func (s *Service) Mails(ctx context.Context, state, before string, limit int) ([]Post, error) {
	return mailsOf(s.db.Read(ctx), state, before, limit+1)
}

// RetryMail sends a mail that was given up once more, or one that waits at once.
func (s *Service) RetryMail(ctx context.Context, who audit.Who, id string) (*Post, error) {
	var p *Post
	return p, s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if p, err = mailByID(tx.DB, id); err != nil {
			return err
		}
		if s.mail == nil {
			return fault.New(fault.Conflict, "This server sends no mail: its settings name no mail server.")
		}
		if p.State == Sent || p.State == Sending {
			return fault.New(fault.Conflict, "This mail is on its way or was sent already.")
		}
		if err := retryMail(tx, id); err != nil {
			return err
		}
		if p, err = mailByID(tx.DB, id); err != nil {
			return err
		}
		return audit.Write(tx, who, "", "mail.retried", id, nil)
	})
}
