package team

import (
	"context"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
)

// NewUser is what to know about a new person.
type NewUser struct {
	Email, Name, Password string
	Admin                 bool
}

// AddUser makes an account; with a team key, the person joins that team in a role.
func (s *Service) AddUser(ctx context.Context, who audit.Who, in NewUser, teamKey string, role Role) (*User, error) {
	user, err := s.newUser(ctx, in)
	if err != nil {
		return nil, err
	}
	return user, s.db.Write(ctx, func(tx *db.Tx) error {
		if err := addUserAs(tx, who, user); err != nil || teamKey == "" {
			return err
		}
		team, err := ByKey(tx.DB, teamKey)
		if err != nil {
			return err
		}
		return join(tx, who, team, user.ID, role)
	})
}

// newUser checks what is said of a person and hashes the password, which takes too
// long to do inside a transaction.
func (s *Service) newUser(ctx context.Context, in NewUser) (*User, error) {
	email, err := cleanEmail(in.Email)
	if err != nil {
		return nil, err
	}
	name, err := cleanName("/name", in.Name)
	if err != nil {
		return nil, err
	}
	if err := checkPassword("/password", in.Password, email); err != nil {
		return nil, err
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	return &User{Email: email, Name: name, PasswordHash: hash, IsAdmin: in.Admin}, err
}

func addUserAs(tx *db.Tx, who audit.Who, u *User) error {
	u.ID, u.Version, u.CreatedAt = db.NewID(), 1, tx.Now
	if err := addUser(tx, u); err != nil {
		return err
	}
	return audit.Write(tx, who, "", "user.created", u.ID, map[string]any{"email": u.Email, "name": u.Name, "admin": u.IsAdmin})
}

// Users lists everybody by name; q is a part of a name or an address. After is
// where the page before ended. Count stops at a thousand.
func (s *Service) Users(ctx context.Context, q string, after *User, limit int) (page []User, count int, err error) {
	g := s.db.Read(ctx)
	if page, err = usersLike(g, q, after, limit); err != nil {
		return nil, 0, err
	}
	count, err = countUsersLike(g, q)
	return page, count, err
}

// UserChange is what shall be different about a person; nil stays.
type UserChange struct {
	Name            *string
	Admin, Disabled *bool
	Password        *string
	Version         int64
}

// UpdateUser changes a person. Disabling and a new password end their sessions. The
// last administrator stays one.
func (s *Service) UpdateUser(ctx context.Context, who audit.Who, id string, change UserChange) (*User, error) {
	hash := ""
	if change.Password != nil {
		user, err := userByID(s.db.Read(ctx), id)
		if err == nil {
			err = checkPassword("/password", *change.Password, user.Email)
		}
		if err != nil {
			return nil, err
		}
		if hash, err = s.hasher.hash(ctx, *change.Password); err != nil {
			return nil, err
		}
	}
	var out *User
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = updateUser(tx, who, id, change, hash)
		return err
	})
	return out, err
}

func updateUser(tx *db.Tx, who audit.Who, id string, change UserChange, hash string) (*User, error) {
	if err := tx.LockWord("administrators"); err != nil { // two may demote each other at once
		return nil, err
	}
	u, err := lockUser(tx, id)
	if err != nil {
		return nil, err
	}
	if u.Version != change.Version {
		return nil, fault.Stale(u, "This person was changed meanwhile; look again.")
	}
	wasAdmin := u.IsAdmin && !u.Disabled()
	detail, err := u.apply(tx, change, hash)
	if err != nil {
		return nil, err
	}
	if err := keepAdministrator(tx, u, wasAdmin); err != nil {
		return nil, err
	}
	if u.Disabled() || hash != "" {
		if err := endSessions(tx, "user_id = ?", u.ID); err != nil {
			return nil, err
		}
	}
	if err := saveUser(tx, u); err != nil {
		return nil, err
	}
	if err := audit.Write(tx, who, "", "user.changed", u.ID, detail); err != nil {
		return nil, err
	}
	return u, tellTeamsOf(tx, who, u.ID)
}

// apply changes the row and says what changed, without secrets.
func (u *User) apply(tx *db.Tx, c UserChange, hash string) (map[string]any, error) {
	detail := map[string]any{}
	if c.Name != nil {
		name, err := cleanName("/name", *c.Name)
		if err != nil {
			return nil, err
		}
		u.Name, detail["name"] = name, name
	}
	if c.Admin != nil {
		u.IsAdmin, detail["admin"] = *c.Admin, *c.Admin
	}
	if c.Disabled != nil && *c.Disabled != u.Disabled() {
		u.DisabledAt, detail["disabled"] = nil, *c.Disabled
		if *c.Disabled {
			u.DisabledAt = &tx.Now
		}
	}
	if hash != "" {
		u.PasswordHash, detail["password"] = hash, true
	}
	u.Version++
	return detail, nil
}

func keepAdministrator(tx *db.Tx, u *User, was bool) error {
	if !was || u.IsAdmin && !u.Disabled() {
		return nil
	}
	n, err := otherAdministrators(tx.DB, u.ID)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "This is the last administrator; make somebody else one first.")
	}
	return err
}

func tellTeamsOf(tx *db.Tx, who audit.Who, userID string) error {
	ids, err := teamIDsOf(tx.DB, userID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := event.Tell(tx, who, id, event.Event{Kind: event.MemberChanged, Key: userID}); err != nil {
			return err
		}
	}
	return nil
}
