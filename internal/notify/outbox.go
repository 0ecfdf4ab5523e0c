package notify

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
)

const (
	gather = 100 * time.Millisecond // changes that come together are looked at together
	look   = 2 * time.Second        // another process may have rung no bell
	page   = 200                    // events looked at in one go
	stride = 1000                   // events without news, after which the place is kept
)

// Run follows the outboxes until ctx ends. Only one goroutine may.
func (s *Service) Run(ctx context.Context) {
	rung := s.db.Listen(ctx)
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-rung:
			wait(ctx, gather)
			for len(rung) > 0 {
				<-rung
			}
		case <-tick.C:
		}
		if err := s.CatchUp(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "cannot tell what happened; it is tried again", "error", err)
		}
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// CatchUp tells everything that was committed before it was called.
func (s *Service) CatchUp(ctx context.Context) error {
	teams, err := behind(s.db.Read(ctx))
	if err != nil {
		return err
	}
	for _, t := range teams {
		if t.last <= s.at[t.id] {
			continue
		}
		if err := s.follow(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// follow goes on where a team's outbox was left. Most events are nobody's news:
// looking past those writes nothing.
func (s *Service) follow(ctx context.Context, t place) error {
	for t.position = max(t.position, s.at[t.id]); ; {
		g := s.db.Read(ctx)
		events, err := event.After(g, t.id, t.position, page)
		if err != nil || len(events) == 0 {
			return err
		}
		last := events[len(events)-1].ID
		news, err := newsOfAll(g, t, events)
		if err != nil {
			return err
		}
		if len(news) > 0 || last-t.kept > stride {
			if err := s.write(ctx, t, last); err != nil {
				return err
			}
			t.kept = last
		}
		t.position, s.at[t.id] = last, last
	}
}

// write works the news out again, now that nobody else can tell them, and keeps
// them together with how far it has come.
func (s *Service) write(ctx context.Context, t place, last int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.LockWord("notify " + t.id); err != nil {
			return err
		}
		kept, err := positionOf(tx.DB, t.id)
		if err != nil || kept >= last {
			return err // another server was faster
		}
		events, err := event.After(tx.DB, t.id, max(kept, t.position), page)
		if err != nil {
			return err
		}
		for len(events) > 0 && events[len(events)-1].ID > last {
			events = events[:len(events)-1] // they are next
		}
		news, err := newsOfAll(tx.DB, t, events)
		if err != nil {
			return err
		}
		if err := setPosition(tx, t.id, last); err != nil {
			return err
		}
		return s.tell(tx, t, news)
	})
}

func newsOfAll(g db.Reader, t place, events []event.Event) (all []News, err error) {
	for _, e := range events {
		some, err := newsOf(g, t, e)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// tell puts news into the inboxes of those whom they concern, on the way to their
// mailboxes as each has chosen and to the team's webhooks, and lets browsers know.
func (s *Service) tell(tx *db.Tx, t place, news []News) error {
	if len(news) == 0 {
		return nil
	}
	if err := s.pass(tx, t, news); err != nil {
		return err
	}
	people, err := recipientsOf(tx.DB, t.id)
	if err != nil {
		return err
	}
	var keys []string
	told := map[string]bool{}
	for _, n := range news {
		for _, id := range n.To {
			who, there := people[id]
			if !there || id == n.Actor {
				continue
			}
			mail := who.mailed(n.Kind)
			if s.mail == nil {
				mail = ""
			}
			fresh, err := add(tx, t.id, id, n, mail)
			if err != nil {
				return err
			}
			if fresh && !told[id] {
				told[id] = true
				keys = append(keys, id)
			}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	if len(keys) > 50 {
		keys = nil
	}
	return event.Tell(tx, audit.Server, t.id, event.Event{Kind: event.InboxChanged, Keys: keys})
}

// pass puts news on the way to the webhooks that want them.
func (s *Service) pass(tx *db.Tx, t place, news []News) error {
	hooks, err := webhooksOf(tx.DB, t.id)
	if err != nil {
		return err
	}
	for i := range hooks {
		w := &hooks[i]
		for _, n := range news {
			if !w.Enabled || !slices.Contains(w.Kinds, string(n.Kind)) {
				continue
			}
			if err := s.enqueue(tx, Team{t.id, t.key}, w, n); err != nil {
				return err
			}
		}
	}
	return nil
}
