package asset

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Kinds of windows.
const (
	Maintenance = "maintenance" // assets may be changed then
	Freeze      = "freeze"      // they must not be
)

// MaxWindows is how many windows and freezes a team keeps.
const MaxWindows = 200

// Window is a maintenance window or a freeze of a team, for one group of assets or
// for all.
type Window struct {
	ID        string
	TeamID    string
	Kind      string
	Name      string
	GroupID   *string // nil: all assets
	GroupName string
	Rule      WindowRule
	Version   int64
	CreatedAt time.Time
}

// WindowRule is when a window comes, as it is kept and as people say it.
type WindowRule struct {
	Zone     string       `json:"time_zone"`
	Start    string       `json:"start"` // "22:00"
	End      string       `json:"end"`   // "02:00"; not after Start is the next day
	Days     int          `json:"days"`  // further whole days
	Repeat   scrum.Repeat `json:"repeat"`
	Weekdays []string     `json:"weekdays"` // mon … sun
	Nth      int          `json:"nth"`
	Every    int          `json:"every"`
	From     scrum.Day    `json:"from"`
	Until    scrum.Day    `json:"until"`
	Except   []scrum.Day  `json:"except"`
}

// Window is the rule for the calendar; what is wrong with it is named all at once.
func (r WindowRule) Window() (scrum.Window, error) {
	zone, err := scrum.ParseZone(r.Zone)
	if err != nil {
		return scrum.Window{}, err
	}
	w := scrum.Window{Zone: zone, Start: r.Start, End: r.End, Days: r.Days, Repeat: r.Repeat, Nth: r.Nth, Every: r.Every, From: r.From, Until: r.Until, Except: r.Except}
	for _, name := range r.Weekdays {
		day, err := scrum.ParseWeekday(name)
		if err != nil {
			return scrum.Window{}, err
		}
		w.Weekdays = append(w.Weekdays, day)
	}
	return w, w.Check()
}

func (w *Window) check(tx *db.Tx) error {
	w.Name = strings.TrimSpace(w.Name)
	if w.Name == "" || len([]rune(w.Name)) > 100 {
		return fault.Wrong("/name", "A window needs a name of at most 100 letters.")
	}
	if w.Kind != Maintenance && w.Kind != Freeze {
		return fault.Wrong("/kind", "It is a maintenance window or a freeze.")
	}
	if _, err := w.Rule.Window(); err != nil {
		return fault.Wrong("/rule", "%s", upperFirst(strings.ReplaceAll(err.Error(), "\n", "; "))+".")
	}
	if w.GroupID == nil {
		return nil
	}
	if _, err := groupByID(tx.DB, w.TeamID, *w.GroupID); err != nil {
		return fault.Wrong("/group_id", "There is no such group of assets in this team.")
	}
	return nil
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// Windows lists a team's windows and freezes by name.
func (s *Service) Windows(ctx context.Context, teamID string) ([]Window, error) {
	return WindowsOf(s.db.Read(ctx), teamID)
}

// AddWindow adds a window or a freeze.
func (s *Service) AddWindow(ctx context.Context, who audit.Who, t *team.Team, w Window) (*Window, error) {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, t.ID); err != nil {
			return err
		}
		w.ID, w.TeamID, w.Version, w.CreatedAt = db.NewID(), t.ID, 1, tx.Now
		if err := w.check(tx); err != nil {
			return err
		}
		n, err := countWindows(tx, t.ID)
		if err != nil {
			return err
		}
		if n >= MaxWindows {
			return fault.New(fault.Conflict, "A team keeps at most %d windows and freezes; remove one that is over.", MaxWindows)
		}
		if err := addWindow(tx, &w); err != nil {
			return err
		}
		return tellWindow(tx, who, "window.added", &w)
	})
	return &w, err
}

// UpdateWindow replaces what a window says. Seen is the version it was made from.
func (s *Service) UpdateWindow(ctx context.Context, who audit.Who, t *team.Team, w Window, seen int64) (*Window, error) {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, t.ID); err != nil {
			return err
		}
		old, err := windowByID(tx.DB, t.ID, w.ID)
		if err != nil {
			return err
		}
		if old.Version != seen {
			return fault.Stale(old, "The window was changed meanwhile; look again.")
		}
		w.TeamID, w.CreatedAt, w.Version = t.ID, old.CreatedAt, seen+1
		if err := w.check(tx); err != nil {
			return err
		}
		if err := saveWindow(tx, &w); err != nil {
			return err
		}
		return tellWindow(tx, who, "window.changed", &w)
	})
	return &w, err
}

// RemoveWindow takes a window out of the calendar. Sprints that are over keep the
// days they were frozen with.
func (s *Service) RemoveWindow(ctx context.Context, who audit.Who, t *team.Team, id string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		w, err := windowByID(tx.DB, t.ID, id)
		if err != nil {
			return err
		}
		if err := tx.Exec("DELETE FROM windows WHERE id = ?", id).Error; err != nil {
			return err
		}
		return tellWindow(tx, who, "window.removed", w)
	})
}

func tellWindow(tx *db.Tx, who audit.Who, action string, w *Window) error {
	if err := audit.Write(tx, who, w.TeamID, action, w.ID, map[string]any{"kind": w.Kind, "name": w.Name, "rule": w.Rule}); err != nil {
		return err
	}
	return event.Tell(tx, who, w.TeamID, event.Event{Kind: event.CalendarChanged})
}

func (r WindowRule) text() (string, error) {
	text, err := json.Marshal(r)
	return string(text), err
}
