package team

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"

	"patchline/internal/db"
	"patchline/internal/fault"
)

// Service is what can be done with people and teams.
type Service struct {
	db     *db.DB
	key    []byte // signs access cookies
	hasher *hasher
	limit  *limiter
}

// New makes the service. The first one on a new database makes the key that signs
// sessions; every replica uses the same.
func New(ctx context.Context, d *db.DB) (*Service, error) {
	key, err := signingKey(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("read the signing key: %w", err)
	}
	return &Service{db: d, key: key, hasher: newHasher(), limit: newLimiter(d.Now)}, nil
}

const keyBytes = 32 // RFC 7518, section 3.2: HS256 wants a key of at least 256 bits

func signingKey(ctx context.Context, d *db.DB) ([]byte, error) {
	const name = "signing_key"
	text, err := setting(d.Read(ctx), name)
	if err == nil && text == "" {
		err = d.Write(ctx, func(tx *db.Tx) error { // another replica may be first
			if err := addSetting(tx, name, newSecret()); err != nil {
				return err
			}
			text, err = setting(tx.DB, name)
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	key, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil && len(key) < keyBytes {
		err = fmt.Errorf("the stored key has %d bytes, at least %d are needed", len(key), keyBytes)
	}
	return key, err
}

// newSecret makes 256 random bits as text.
func newSecret() string {
	b := make([]byte, keyBytes)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// digest is how a random secret is stored. It needs no salt and no slow function:
// nobody can guess 256 bits.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// foldEmail is the form in which addresses are stored and compared.
func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func cleanEmail(email string) (string, error) {
	email = foldEmail(email)
	name, domain, _ := strings.Cut(email, "@")
	if name == "" || domain == "" || strings.Contains(domain, "@") || len(email) > 254 || strings.ContainsFunc(email, notInEmail) {
		return "", fault.Wrong("/email", "This is not an e-mail address.")
	}
	return email, nil
}

func notInEmail(r rune) bool { return unprintable(r) || unicode.IsSpace(r) }

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// cleanName trims a name that people will read, and refuses one that they cannot.
func cleanName(pointer, name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", fault.Wrong(pointer, "A name needs at least one letter.")
	case strings.ContainsFunc(name, unprintable):
		return "", fault.Wrong(pointer, "A name has no line breaks or invisible characters.")
	case len([]rune(name)) > 100:
		return "", fault.Wrong(pointer, "A name has at most 100 characters.")
	}
	return name, nil
}
