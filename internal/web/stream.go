package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"patchline/api"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/team"
)

const (
	stillThere = 3 * time.Second  // how often it is looked whether the listener may still listen
	heartbeat  = 15 * time.Second // keeps proxies from closing a quiet stream
	sendIn     = 10 * time.Second // a listener that takes longer is dropped
)

// StreamEvents follows what happens in a team. A listener that reconnects names the
// last event it had and gets what it missed.
func (h *handlers) StreamEvents(ctx context.Context, r api.StreamEventsRequestObject) (api.StreamEventsResponseObject, error) {
	after, err := lastID(r.Params.LastEventID)
	if err != nil {
		return nil, err
	}
	heard, err := h.Hub.Subscribe(ctx, h.team(ctx).ID, after)
	if err != nil {
		return nil, err
	}
	return &stream{
		ctx: of(ctx).http.Context(), Listening: heard, last: heard.At, closing: h.closing,
		still: func(ctx context.Context) bool { return h.still(ctx, me(ctx)) },
	}, nil
}

func lastID(header string) (int64, error) {
	if header == "" {
		return -1, nil
	}
	id, err := strconv.ParseInt(header, 10, 64)
	if err != nil || id < 0 {
		return 0, fault.Wrong("/header/Last-Event-ID", "This is not the id of an event.")
	}
	return id, nil
}

// still tells whether who listens may still read the team.
func (h *handlers) still(ctx context.Context, a *team.Access) bool {
	now, err := h.Team.Again(ctx, a)
	if err != nil {
		return !fault.Is(err, fault.Unsigned) // a database that does not answer is no reason
	}
	return now.Role.May(team.Read)
}

// stream writes events as text/event-stream until one side has enough.
type stream struct {
	*event.Listening
	ctx     context.Context
	last    int64 // id of the last event sent
	closing <-chan struct{}
	still   func(context.Context) bool
	out     *http.ResponseController
	w       http.ResponseWriter
}

// VisitStreamEventsResponse writes the stream. An error would be one that nobody
// can be told.
func (s *stream) VisitStreamEventsResponse(w http.ResponseWriter) error {
	defer s.Stop()
	s.w, s.out = w, http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // asks a proxy to pass it on at once
	w.WriteHeader(http.StatusOK)
	// The id makes a reconnect go on from here though nothing has happened yet.
	if s.send(fmt.Sprintf(": welcome\nretry: 2000\nid: %d\n\n", s.At)) != nil {
		return nil
	}
	for _, e := range s.Missed {
		if s.tell(e) != nil {
			return nil
		}
	}
	s.Missed = nil
	s.follow()
	return nil
}

func (s *stream) follow() {
	look := time.NewTicker(stillThere)
	defer look.Stop()
	quiet := time.Duration(0)
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.closing:
			return
		case e, ok := <-s.Next:
			if !ok || s.tell(e) != nil { // too slow: it reconnects and is replayed to
				return
			}
		case <-look.C:
			if !s.still(s.ctx) {
				return
			}
			if quiet += stillThere; quiet >= heartbeat {
				quiet = 0
				if s.send(": still here\n\n") != nil {
					return
				}
			}
		}
	}
}

// tell sends an event unless it was sent: what was replayed may also be followed.
func (s *stream) tell(e event.Event) error {
	if e.ID != 0 && e.ID <= s.last && e.Kind != event.Reset {
		return nil
	}
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if e.ID == 0 && e.Kind != event.Reset { // whispered: a reconnect must not go on from it
		return s.send(fmt.Sprintf("event: %s\ndata: %s\n\n", e.Kind, text))
	}
	s.last = e.ID
	return s.send(fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", e.ID, e.Kind, text))
}

func (s *stream) send(text string) error {
	_ = s.out.SetWriteDeadline(time.Now().Add(sendIn)) // a test's writer knows none
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.out.Flush()
}
