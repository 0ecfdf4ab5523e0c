package team

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
)

// Token lets a program act as a person, within scopes.
type Token struct {
	ID         string
	UserID     string
	Name       string
	Prefix     string // its beginning, to tell tokens apart
	SecretHash string
	Scopes     []string   `gorm:"serializer:words"`
	CreatedAt  time.Time  `gorm:"serializer:time"`
	LastUsedAt *time.Time `gorm:"serializer:time"`
	ExpiresAt  *time.Time `gorm:"serializer:time"`
	RevokedAt  *time.Time `gorm:"serializer:time"`
}

// maxTokens is how many tokens one person can have.
const maxTokens = 100

// CreateToken makes a token of the one who acts and returns its secret, which is
// stored nowhere.
func (s *Service) CreateToken(ctx context.Context, who audit.Who, name string, scopes []string, expires *time.Time) (*Token, string, error) {
	return s.createToken(ctx, who, who.UserID, name, scopes, expires)
}

// CreateTokenFor makes a token for the person with an e-mail address.
func (s *Service) CreateTokenFor(ctx context.Context, who audit.Who, email, name string, scopes []string, expires *time.Time) (*Token, string, error) {
	user, err := userByEmail(s.db.Read(ctx), foldEmail(email))
	if err != nil {
		return nil, "", err
	}
	return s.createToken(ctx, who, user.ID, name, scopes, expires)
}

// Acting is somebody as who acts, for the command line.
func (s *Service) Acting(ctx context.Context, email string) (audit.Who, error) {
	user, err := userByEmail(s.db.Read(ctx), foldEmail(email))
	if err != nil {
		return audit.Who{}, err
	}
	return audit.Who{UserID: user.ID, Name: user.Name}, nil
}

func (s *Service) createToken(ctx context.Context, who audit.Who, userID, name string, scopes []string, expires *time.Time) (*Token, string, error) {
	name, err := cleanName("/name", name)
	if err != nil {
		return nil, "", err
	}
	if err := s.checkToken(scopes, expires); err != nil {
		return nil, "", err
	}
	prefix := TokenPrefix + strings.ToLower(rand.Text()[:8])
	secret := prefix + "_" + newSecret()
	t := &Token{UserID: userID, Name: name, Prefix: prefix, SecretHash: digest(secret), Scopes: scopes, ExpiresAt: expires}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		t.ID, t.CreatedAt = db.NewID(), tx.Now
		if err := addToken(tx, t); err != nil {
			return err
		}
		return audit.Write(tx, who, "", "token.created", t.ID, map[string]any{"name": name, "prefix": prefix, "scopes": scopes, "of": userID})
	})
	return t, secret, err
}

func (s *Service) checkToken(scopes []string, expires *time.Time) error {
	if len(scopes) == 0 {
		return fault.Wrong("/scopes", "A token needs at least one scope.")
	}
	for _, scope := range scopes {
		if !slices.Contains(Scopes, scope) {
			return fault.Wrong("/scopes", "A scope is one of %s.", strings.Join(Scopes, ", "))
		}
	}
	if expires != nil && !expires.After(s.db.Now()) {
		return fault.Wrong("/expires_at", "A token must expire in the future.")
	}
	return nil
}

// Tokens lists the tokens of a person that were not revoked, the latest first.
func (s *Service) Tokens(ctx context.Context, userID string) ([]Token, error) {
	return tokensOf(s.db.Read(ctx), userID)
}

// RevokeToken ends a token of the one who acts; it stops working at once.
func (s *Service) RevokeToken(ctx context.Context, who audit.Who, id string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := revokeToken(tx, who.UserID, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "You have no such token.")
		}
		return audit.Write(tx, who, "", "token.revoked", id, nil)
	})
}
