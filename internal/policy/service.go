package policy

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/risk"
	"patchline/internal/team"
)

// Service keeps the policies of teams.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{d} }

// most bounds how many policies a team may write.
const most = 50

// List are the shipped policies and those of the team, which are not retired.
func (s *Service) List(ctx context.Context, t *team.Team) ([]Policy, error) {
	var out []Policy
	for _, p := range risk.ShippedPolicies() {
		out = append(out, Policy{Policy: p, Shipped: true, InForce: true, Enabled: slices.Contains(t.Policies, p.ID)})
	}
	own, err := current(s.db.Read(ctx), t.ID)
	for _, p := range own {
		p.Enabled, p.InForce = slices.Contains(t.Policies, p.ID), p.Policy.InForce(s.db.Now())
		out = append(out, p)
	}
	return out, err
}

// Runs are the latest settings of due dates, the newest first.
func (s *Service) Runs(ctx context.Context, t *team.Team) ([]Run, error) {
	return runsOf(s.db.Read(ctx), t.ID, 20)
}

// Versions are all versions of an own policy, the newest first. Those of a retired
// one stay readable.
func (s *Service) Versions(ctx context.Context, t *team.Team, id string) ([]Policy, error) {
	if p, ok := shipped(id); ok {
		return []Policy{{Policy: p, Shipped: true, InForce: true, Enabled: slices.Contains(t.Policies, id)}}, nil
	}
	out, err := versionsOf(s.db.Read(ctx), t.ID, id)
	if err == nil && len(out) == 0 {
		return nil, errNone
	}
	for i := range out {
		out[i].Enabled = i == 0 && slices.Contains(t.Policies, id)
		out[i].InForce = out[i].Policy.InForce(s.db.Now())
	}
	return out, err
}

var errNone = fault.New(fault.NotFound, "There is no such policy in this team.")

func shipped(id string) (risk.Policy, bool) {
	for _, p := range risk.ShippedPolicies() {
		if p.ID == id {
			return p, true
		}
	}
	return risk.Policy{}, false
}

// Create writes a team's own policy. It applies to no patch until it is switched
// on.
func (s *Service) Create(ctx context.Context, who audit.Who, t *team.Team, draft risk.Policy, note string) (*Policy, error) {
	draft.ID = db.NewID()
	if err := check(&draft, 1); err != nil {
		return nil, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, t.ID); err != nil {
			return err
		}
		own, err := current(tx.DB, t.ID)
		if err != nil {
			return err
		}
		if len(own) >= most {
			return fault.New(fault.Conflict, "A team has at most %d own policies; retire one first.", most)
		}
		if err := add(tx, t.ID, draft); err != nil {
			return err
		}
		if err := addVersion(tx, who, draft, 1, note); err != nil {
			return err
		}
		return told(tx, who, t, draft.ID, "policy.created", map[string]any{"name": draft.Name})
	})
	if err != nil {
		return nil, err
	}
	return s.read(ctx, t, draft.ID)
}

// Change writes the next version of an own policy. Where it applies, the due dates
// are set anew.
func (s *Service) Change(ctx context.Context, who audit.Who, t *team.Team, id string, draft risk.Policy, note string, seen int64) (*Policy, error) {
	if _, ok := shipped(id); ok {
		return nil, fault.New(fault.Conflict, "A shipped policy cannot be edited. Copy it, edit the copy, and switch this one off.")
	}
	draft.ID = id
	if err := check(&draft, seen+1); err != nil {
		return nil, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		held, now, err := hold(tx, t, id)
		if err != nil {
			return err
		}
		if now.Number != seen {
			return fault.Stale(now, "%s wrote version %d of this policy first. Look at it, then decide.", now.ChangedBy, now.Number)
		}
		if err := addVersion(tx, who, draft, seen+1, note); err != nil {
			return err
		}
		if err := setVersion(tx, draft, seen+1); err != nil {
			return err
		}
		if slices.Contains(held.Policies, id) {
			if err := team.QueueRun(tx, who, t.ID, fmt.Sprintf("version %d of “%s”", seen+1, draft.Name)); err != nil {
				return err
			}
		}
		return told(tx, who, t, id, "policy.changed", map[string]any{"name": draft.Name, "version": seen + 1, "note": note})
	})
	if err != nil {
		return nil, err
	}
	return s.read(ctx, t, id)
}

// hold locks a team and reads one of its policies.
func hold(tx *db.Tx, t *team.Team, id string) (*team.Team, *Policy, error) {
	held, err := team.Lock(tx, t.ID)
	if err != nil {
		return nil, nil, err
	}
	own, err := current(tx.DB, t.ID)
	for i := range own {
		if own[i].ID == id {
			return held, &own[i], err
		}
	}
	if err == nil {
		err = errNone
	}
	return nil, nil, err
}

// Switch lets a policy apply to the team's patches, or no longer.
func (s *Service) Switch(ctx context.Context, who audit.Who, t *team.Team, id string, on bool) (*Policy, error) {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, isShipped := shipped(id)
		held, err := team.Lock(tx, t.ID)
		if err == nil && !isShipped {
			var own *Policy
			if held, own, err = hold(tx, t, id); err == nil {
				p = own.Policy
			}
		}
		if err != nil || slices.Contains(held.Policies, id) == on {
			return err
		}
		ids, did, word := append(slices.Clone(held.Policies), id), "policy.enabled", "on"
		if !on {
			ids, did, word = slices.DeleteFunc(slices.Clone(held.Policies), func(other string) bool { return other == id }), "policy.disabled", "off"
		}
		if err := team.SetPolicies(tx, held, ids); err != nil {
			return err
		}
		t.Policies = ids
		if err := team.QueueRun(tx, who, t.ID, fmt.Sprintf("“%s” switched %s", p.Name, word)); err != nil {
			return err
		}
		return told(tx, who, t, id, did, map[string]any{"name": p.Name})
	})
	if err != nil {
		return nil, err
	}
	return s.read(ctx, t, id)
}

// Retire takes an own policy that is switched off from the list. Its versions stay
// readable.
func (s *Service) Retire(ctx context.Context, who audit.Who, t *team.Team, id string) error {
	if _, ok := shipped(id); ok {
		return fault.New(fault.Conflict, "A shipped policy stays in the list; switch it off.")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		held, p, err := hold(tx, t, id)
		if err != nil {
			return err
		}
		if slices.Contains(held.Policies, id) {
			return fault.New(fault.Conflict, "This policy applies to patches. Switch it off first.")
		}
		if err := retire(tx, id); err != nil {
			return err
		}
		return told(tx, who, t, id, "policy.retired", map[string]any{"name": p.Name})
	})
}

func (s *Service) read(ctx context.Context, t *team.Team, id string) (*Policy, error) {
	versions, err := s.Versions(ctx, t, id)
	if err != nil {
		return nil, err
	}
	return &versions[0], nil
}

func told(tx *db.Tx, who audit.Who, t *team.Team, id, action string, detail map[string]any) error {
	if err := audit.Write(tx, who, t.ID, action, id, detail); err != nil {
		return err
	}
	return event.Tell(tx, who, t.ID, event.Event{Kind: event.PoliciesChanged, Key: id})
}

// check tidies what somebody wrote and names what is wrong with it.
func check(p *risk.Policy, version int64) error {
	p.Name, p.Citation, p.CitationURL = strings.TrimSpace(p.Name), strings.TrimSpace(p.Citation), strings.TrimSpace(p.CitationURL)
	p.Version = strconv.FormatInt(version, 10)
	if p.Name == "" {
		return fault.Wrong("/name", "A policy needs a name.")
	}
	if p.CitationURL != "" && !strings.HasPrefix(p.CitationURL, "https://") && !strings.HasPrefix(p.CitationURL, "http://") {
		return fault.Wrong("/citation_url", "The address of the citation begins with https:// or http://.")
	}
	for pointer, date := range map[string]string{"/cited_on": p.CitedOn, "/valid_from": p.ValidFrom, "/valid_until": p.ValidUntil} {
		if !isDate(date) {
			return fault.Wrong(pointer, "This is not a day of the calendar, such as 2026-10-03.")
		}
	}
	if p.ValidFrom != "" && p.ValidUntil != "" && p.ValidUntil < p.ValidFrom {
		return fault.Wrong("/valid_until", "The policy would end before it begins.")
	}
	if err := p.Validate(); err != nil {
		return fault.Wrong("/rules", "%s", err.Error())
	}
	return nil
}

// Check names what is wrong with a policy that somebody is writing.
func Check(p *risk.Policy) error { return check(p, 1) }
