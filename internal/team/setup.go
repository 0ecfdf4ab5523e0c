package team

import (
	"context"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
)

// SetUp is what the first person on an empty server says.
type SetUp struct {
	Email, Name, Password string
	Team                  NewTeam
}

// SetupNeeded tells whether nobody is here yet.
func (s *Service) SetupNeeded(ctx context.Context) (bool, error) {
	n, err := anyUser(s.db.Read(ctx))
	return !n, err
}

var errSetUp = fault.New(fault.Conflict, "This server is set up already; sign in.")

// SetUp makes the first administrator and the first team, once, and signs in.
func (s *Service) SetUp(ctx context.Context, in SetUp, from From) (*Signed, error) {
	if needed, err := s.SetupNeeded(ctx); err != nil || !needed {
		if err == nil {
			err = errSetUp
		}
		return nil, err // before the work of hashing
	}
	user, err := s.newUser(ctx, NewUser{in.Email, in.Name, in.Password, true})
	if err != nil {
		return nil, err
	}
	team, err := newTeam(in.Team)
	if err != nil {
		return nil, renamed(err, map[string]string{"/key": "/team_key", "/name": "/team_name"})
	}
	var out *Signed
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		out, err = s.setUp(tx, user, team, from)
		return err
	})
	return out, err
}

func (s *Service) setUp(tx *db.Tx, user *User, team *Team, from From) (*Signed, error) {
	if err := tx.LockWord("set-up"); err != nil { // of two at once, one finds the other's person
		return nil, err
	}
	if some, err := anyUser(tx.DB); err != nil || some {
		if err == nil {
			err = errSetUp
		}
		return nil, err
	}
	if err := addUserAs(tx, audit.Server, user); err != nil {
		return nil, err
	}
	who := whoIs(user, from)
	if err := addTeam(tx, who, team); err != nil {
		return nil, renamed(err, map[string]string{"/key": "/team_key"})
	}
	if err := join(tx, who, team, user.ID, ProductOwner); err != nil {
		return nil, err
	}
	return s.begin(tx, user.ID, user.PasswordHash, from)
}

// renamed gives the fields of a fault the names they have in this request.
func renamed(err error, names map[string]string) error {
	f := fault.Of(err)
	if f.Kind != fault.Invalid {
		return err
	}
	out := *f
	out.Fields = append([]fault.Field{}, f.Fields...)
	for i, field := range out.Fields {
		if name, ok := names[field.Pointer]; ok {
			out.Fields[i].Pointer = name
		}
	}
	return &out
}
