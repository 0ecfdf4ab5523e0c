package team

import (
	"context"
	"encoding/json"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
)

// SetRules replaces a team's ways of working. Seen is the team's version that they
// were made from.
func (s *Service) SetRules(ctx context.Context, who audit.Who, id string, r Rules, seen int64) (*Team, error) {
	return s.changeSettings(ctx, who, id, seen, func(tx *db.Tx, t *Team) error {
		if err := r.check(t.ApprovalRequired); err != nil {
			return err
		}
		text, err := json.Marshal(r)
		if err != nil {
			return err
		}
		t.RulesText = string(text)
		if err := saveRules(tx, t); err != nil {
			return err
		}
		return audit.Write(tx, who, t.ID, "team.rules_changed", t.ID, map[string]any{"rules": r})
	})
}

// changeSettings lets change save a part of a team's settings under the version after
// the one that was seen, write the audit row for it, and tells the team.
func (s *Service) changeSettings(ctx context.Context, who audit.Who, id string, seen int64, change func(*db.Tx, *Team) error) (*Team, error) {
	var t *Team
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if t, err = Lock(tx, id); err != nil {
			return err
		}
		if t.Version != seen {
			return fault.Stale(t, "The team's settings were changed meanwhile; look again.")
		}
		t.Version++
		if err := change(tx, t); err != nil {
			return err
		}
		return event.Tell(tx, who, t.ID, event.Event{Kind: event.TeamChanged, Key: t.Key, Version: t.Version})
	})
	return t, err
}
