package team

import (
	"context"
	"slices"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
)

// Members lists the people of a team by name.
func (s *Service) Members(ctx context.Context, teamID string) ([]Colleague, error) {
	return colleagues(s.db.Read(ctx), teamID)
}

// AddMember takes somebody who has an account into a team.
func (s *Service) AddMember(ctx context.Context, who audit.Who, team *Team, email string, role Role) (*Colleague, error) {
	var out *Colleague
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		user, err := userByEmail(tx.DB, foldEmail(email))
		if fault.Is(err, fault.NotFound) {
			return fault.Wrong("/email", "Nobody here has this e-mail address; send an invitation instead.")
		}
		if err != nil {
			return err
		}
		if err := join(tx, who, team, user.ID, role); err != nil {
			return err
		}
		out, err = colleague(tx.DB, team.ID, user.ID)
		return err
	})
	return out, err
}

// join makes somebody a member and tells the team.
func join(tx *db.Tx, who audit.Who, team *Team, userID string, role Role) error {
	if !slices.Contains(Roles, role) {
		return fault.Wrong("/role", "There is no such role.")
	}
	err := tx.Create(&Membership{team.ID, userID, role, tx.Now}).Error
	if duplicate(err) {
		return fault.New(fault.Conflict, "This person belongs to the team already.")
	}
	if err != nil {
		return err
	}
	return told(tx, who, team.ID, "member.added", userID, map[string]any{"role": role})
}

// told writes what happened to a member to the audit and tells the team.
func told(tx *db.Tx, who audit.Who, teamID, action, userID string, detail map[string]any) error {
	if err := audit.Write(tx, who, teamID, action, userID, detail); err != nil {
		return err
	}
	return event.Tell(tx, who, teamID, event.Event{Kind: event.MemberChanged, Key: userID})
}

var errNoMember = fault.New(fault.NotFound, "The team has no such member.")

// UpdateMember gives a member another role; it counts from the next request on.
func (s *Service) UpdateMember(ctx context.Context, who audit.Who, teamID, userID string, role Role) (*Colleague, error) {
	if !slices.Contains(Roles, role) {
		return nil, fault.Wrong("/role", "There is no such role.")
	}
	var out *Colleague
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if n, err := setRole(tx, teamID, userID, role); err != nil || n == 0 {
			return orMissing(err, errNoMember)
		}
		if err := told(tx, who, teamID, "member.changed", userID, map[string]any{"role": role}); err != nil {
			return err
		}
		var err error
		out, err = colleague(tx.DB, teamID, userID)
		return err
	})
	return out, err
}

// RemoveMember takes somebody out of a team; what they did stays.
func (s *Service) RemoveMember(ctx context.Context, who audit.Who, teamID, userID string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if n, err := removeMember(tx, teamID, userID); err != nil || n == 0 {
			return orMissing(err, errNoMember)
		}
		return told(tx, who, teamID, "member.removed", userID, nil)
	})
}

func orMissing(err, missing error) error {
	if err != nil {
		return err
	}
	return missing
}
