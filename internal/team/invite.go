package team

import (
	"context"
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
)

// Invite lets one person join a team by a link.
type Invite struct {
	ID         string
	TeamID     string
	Role       Role
	Email      *string // the only address that may use it, or nil
	SecretHash string
	CreatedBy  string
	CreatedAt  time.Time  `gorm:"serializer:time"`
	ExpiresAt  time.Time  `gorm:"serializer:time"`
	EndedAt    *time.Time `gorm:"serializer:time"` // accepted or revoked
}

// OpenInvite is an invitation with the names of what it is about.
type OpenInvite struct {
	Invite
	Team   *Team
	Author string // name of who invited
}

// Invites lists the open invitations of a team, the latest first.
func (s *Service) Invites(ctx context.Context, teamID string) ([]OpenInvite, error) {
	return invitesOf(s.db.Read(ctx), teamID, s.db.Now())
}

// CreateInvite makes an invitation and returns the secret of its link, which is
// stored nowhere. Email may be empty.
func (s *Service) CreateInvite(ctx context.Context, who audit.Who, teamID string, role Role, email string, days int) (*OpenInvite, string, error) {
	i := &Invite{TeamID: teamID, Role: role, CreatedBy: who.UserID}
	if !slices.Contains(Roles, role) {
		return nil, "", fault.Wrong("/role", "There is no such role.")
	}
	if email != "" {
		clean, err := cleanEmail(email)
		if err != nil {
			return nil, "", err
		}
		i.Email = &clean
	}
	secret := newSecret()
	i.SecretHash = digest(secret)
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		i.ID, i.CreatedAt, i.ExpiresAt = db.NewID(), tx.Now, tx.Now.AddDate(0, 0, days)
		if err := tx.Create(i).Error; err != nil {
			return err
		}
		return audit.Write(tx, who, teamID, "invite.created", i.ID, map[string]any{"role": role, "days": days})
	})
	return &OpenInvite{Invite: *i, Author: who.Name}, secret, err
}

// RevokeInvite takes an invitation back.
func (s *Service) RevokeInvite(ctx context.Context, who audit.Who, teamID, id string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if n, err := endInvite(tx, teamID, id); err != nil || n == 0 {
			return orMissing(err, fault.New(fault.NotFound, "There is no such open invitation."))
		}
		return audit.Write(tx, who, teamID, "invite.revoked", id, nil)
	})
}

// Offer tells what the link with a secret offers.
func (s *Service) Offer(ctx context.Context, secret string) (*OpenInvite, error) {
	return inviteBySecret(s.db.Read(ctx), digest(secret), s.db.Now())
}

// Accept joins the team an invitation is for and signs in: as the person whose
// e-mail and password these are, or as a new one.
func (s *Service) Accept(ctx context.Context, secret string, in NewUser, from From) (*Signed, error) {
	offer, err := s.Offer(ctx, secret)
	if err != nil {
		return nil, err
	}
	if offer.Email != nil && *offer.Email != foldEmail(in.Email) {
		return nil, fault.Wrong("/email", "This invitation is for another e-mail address.")
	}
	user, isNew, err := s.guest(ctx, in, from)
	if err != nil {
		return nil, err
	}
	var out *Signed
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if n, err := endInvite(tx, offer.TeamID, offer.ID); err != nil || n == 0 { // somebody else was faster
			return orMissing(err, errNoInvite)
		}
		if isNew {
			if err := addUserAs(tx, audit.Who{Name: user.Name}, user); err != nil {
				return err
			}
		}
		who := whoIs(user, from)
		if err := audit.Write(tx, who, offer.TeamID, "invite.accepted", offer.ID, nil); err != nil {
			return err
		}
		if err := join(tx, who, offer.Team, user.ID, offer.Role); err != nil {
			return err
		}
		out, err = s.begin(tx, user.ID, user.PasswordHash, from)
		return err
	})
	return out, err
}

// guest is who accepts an invitation: somebody known by their password, or a new
// person who says their name.
func (s *Service) guest(ctx context.Context, in NewUser, from From) (user *User, isNew bool, err error) {
	_, err = userByEmail(s.db.Read(ctx), foldEmail(in.Email))
	switch {
	case err == nil:
		user, err = s.recognise(ctx, in.Email, in.Password, from)
		return user, false, err
	case !fault.Is(err, fault.NotFound):
		return nil, false, err
	}
	in.Admin = false
	user, err = s.newUser(ctx, in)
	return user, true, err
}

var errNoInvite = fault.New(fault.NotFound, "This invitation was used, taken back, or has expired; ask for a new one.")
