package event

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"patchline/internal/db"
)

// Hub follows the outbox once per team, however many listeners the team has.
type Hub struct {
	db    *db.DB
	mu    sync.Mutex
	teams map[string]*feed

	looking presence
}

// feed is what is being followed for one team. At is the id of the last event
// that was handed out.
type feed struct {
	at   int64
	ears map[chan Event]bool
}

// NewHub makes a hub; Run makes it work.
func NewHub(d *db.DB) *Hub {
	return &Hub{db: d, teams: map[string]*feed{}, looking: presence{teams: map[string][]viewer{}}}
}

// Another process may write to the same SQLite file without ringing our bell, and
// a ring may get lost: the hub looks by itself this often.
const look = time.Second

// Run follows the outbox until ctx ends.
func (h *Hub) Run(ctx context.Context) {
	rung := h.db.Listen(ctx)
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case team := <-rung:
			h.follow(ctx, team)
		case <-tick.C:
			h.noticeAbsence()
			for _, team := range h.followed() {
				h.follow(ctx, team)
			}
		}
	}
}

func (h *Hub) followed() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for team := range h.teams {
		out = append(out, team)
	}
	return out
}

const page = 500

// follow hands a team's new events to its listeners.
func (h *Hub) follow(ctx context.Context, team string) {
	h.mu.Lock()
	f := h.teams[team]
	h.mu.Unlock()
	if f == nil {
		return
	}
	for {
		events, err := since(h.db.Read(ctx), team, f.at, page)
		if err != nil {
			if ctx.Err() == nil {
				slog.ErrorContext(ctx, "cannot read the outbox", "error", err)
			}
			return
		}
		h.hand(f, events)
		if len(events) < page {
			return
		}
	}
}

func (h *Hub) hand(f *feed, events []Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range events {
		f.at = e.ID
		for ear := range f.ears {
			select {
			case ear <- e:
			default: // too slow: it reconnects and replays
				delete(f.ears, ear)
				close(ear)
			}
		}
	}
}

// Listening is what a listener gets: Missed, which happened after the event with the
// id At, then Next, which is closed when the listener is too slow. Stop ends it.
type Listening struct {
	At     int64
	Missed []Event
	Next   <-chan Event
	Stop   func()
}

// A page reads first and listens then: what happened in between is told to it by
// beginning a little before it came.
const justNow = 5 * time.Second

// Subscribe replays what a listener missed after the event with id after, and then
// follows. A negative id means that it comes for the first time: it is told what
// happened just now.
func (h *Hub) Subscribe(ctx context.Context, team string, after int64) (*Listening, error) {
	ear := make(chan Event, 256)
	f, err := h.join(ctx, team, ear)
	if err != nil {
		return nil, err
	}
	l := &Listening{At: after, Next: ear, Stop: func() { h.leave(team, f, ear) }}
	if after < 0 {
		err = h.begin(ctx, team, l)
	} else {
		l.Missed, err = h.missed(ctx, team, after)
	}
	if err != nil {
		l.Stop()
		return nil, err
	}
	return l, nil
}

func (h *Hub) join(ctx context.Context, team string, ear chan Event) (*feed, error) {
	at, err := Last(h.db.Read(ctx), team)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	f := h.teams[team]
	if f == nil {
		f = &feed{at: at, ears: map[chan Event]bool{}}
		h.teams[team] = f
	}
	f.ears[ear] = true
	return f, nil
}

func (h *Hub) leave(team string, f *feed, ear chan Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if f.ears[ear] {
		delete(f.ears, ear)
		close(ear)
	}
	if len(f.ears) == 0 && h.teams[team] == f {
		delete(h.teams, team)
	}
}

const replay = 1000

// begin tells a new listener what happened just now; a Reset alone when that is too much.
func (h *Hub) begin(ctx context.Context, team string, l *Listening) error {
	g := h.db.Read(ctx)
	at, err := lastBefore(g, team, h.db.Now().Add(-justNow))
	if err != nil {
		return err
	}
	l.At = at
	if l.Missed, err = since(g, team, at, replay+1); err != nil || len(l.Missed) <= replay {
		return err
	}
	l.Missed, err = h.reset(g, team)
	return err
}

// missed reads what happened after an id; a Reset alone when that is too much, or
// partly forgotten already.
func (h *Hub) missed(ctx context.Context, team string, after int64) ([]Event, error) {
	g := h.db.Read(ctx)
	first, err := oldest(g)
	if err != nil {
		return nil, err
	}
	events, err := since(g, team, after, replay+1)
	if err != nil {
		return nil, err
	}
	if len(events) > replay || first > after+1 {
		return h.reset(g, team)
	}
	return events, nil
}

// reset tells a listener to read everything again, and to go on from the newest event.
func (h *Hub) reset(g db.Reader, team string) ([]Event, error) {
	end, err := Last(g, team)
	return []Event{{ID: end, TeamID: team, Kind: Reset, At: h.db.Now()}}, err
}
