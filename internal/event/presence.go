package event

import (
	"slices"
	"sync"
	"time"
)

// Viewer is a browser tab in which somebody looks at a team's board.
type Viewer struct{ UserID, Name, Client string }

// viewer is one with the moment at which it last said so.
type viewer struct {
	Viewer
	seen time.Time
}

// presence is who looks at which board. It lives in memory alone: a heartbeat per
// tab would be many writes for something that is worth nothing a minute later. So
// each replica knows those it serves.
type presence struct {
	mu    sync.Mutex
	teams map[string][]viewer // in the order of coming
}

const (
	goneAfter = 45 * time.Second
	maxTabs   = 10 // of one person in one team; the oldest is forgotten
)

// Look notes that somebody looks at a team's board, or no longer does, and tells
// the listeners when that is news. It returns who looks now, each person once.
func (h *Hub) Look(team string, v Viewer, looking bool) []Viewer {
	now, news := h.db.Now(), false
	p := &h.looking
	p.mu.Lock()
	before := p.people(team)
	p.drop(team, func(o viewer) bool {
		return o.UserID == v.UserID && o.Client == v.Client && !looking || now.Sub(o.seen) > goneAfter
	})
	if looking {
		p.note(team, viewer{v, now})
	}
	after := p.people(team)
	news = !slices.EqualFunc(before, after, samePerson)
	p.mu.Unlock()
	if news {
		h.whisper(team, Event{Kind: BoardViewers, At: now, Client: v.Client, Actor: map[string]any{"id": v.UserID, "name": v.Name}})
	}
	return after
}

func samePerson(a, b Viewer) bool { return a.UserID == b.UserID }

// note keeps a tab's place in the order while it stays; a person's tabs stand
// together, so that a second one does not change the order of people.
func (p *presence) note(team string, v viewer) {
	list := p.teams[team]
	at := slices.IndexFunc(list, func(o viewer) bool { return o.UserID == v.UserID && o.Client == v.Client })
	if at >= 0 {
		list[at] = v
		return
	}
	theirs := func(o viewer) bool { return o.UserID == v.UserID }
	first := slices.IndexFunc(list, theirs)
	if first < 0 {
		p.teams[team] = append(list, v)
		return
	}
	tabs := 0
	for tabs < len(list)-first && theirs(list[first+tabs]) {
		tabs++
	}
	if tabs >= maxTabs {
		list, tabs = slices.Delete(list, first, first+1), tabs-1
	}
	p.teams[team] = slices.Insert(list, first+tabs, v)
}

func (p *presence) drop(team string, gone func(viewer) bool) {
	left := slices.DeleteFunc(p.teams[team], gone)
	if len(left) == 0 {
		delete(p.teams, team)
		return
	}
	p.teams[team] = left
}

// people are those who look, each once.
func (p *presence) people(team string) []Viewer {
	out := []Viewer{}
	for _, v := range p.teams[team] {
		if !slices.ContainsFunc(out, func(o Viewer) bool { return o.UserID == v.UserID }) {
			out = append(out, v.Viewer)
		}
	}
	return out
}

// noticeAbsence forgets the tabs that have not said for long that they are there.
func (h *Hub) noticeAbsence() {
	now := h.db.Now()
	p := &h.looking
	var left []string
	p.mu.Lock()
	for team := range p.teams {
		before := p.people(team)
		p.drop(team, func(o viewer) bool { return now.Sub(o.seen) > goneAfter })
		if len(p.people(team)) < len(before) {
			left = append(left, team)
		}
	}
	p.mu.Unlock()
	for _, team := range left {
		h.whisper(team, Event{Kind: BoardViewers, At: now, Actor: map[string]any{"id": "", "name": ""}})
	}
}

// whisper tells a team's listeners what is not written: it has no id, and nobody
// who was away hears it later. A listener that is behind does without.
func (h *Hub) whisper(team string, e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := h.teams[team]
	if f == nil {
		return
	}
	e.TeamID = team
	for ear := range f.ears {
		select {
		case ear <- e:
		default:
		}
	}
}
