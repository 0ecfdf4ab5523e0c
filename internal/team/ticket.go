package team

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"patchline/internal/fault"
)

// AccessFor is how long an access cookie is good for.
const AccessFor = 10 * time.Minute

const (
	issuer   = "patchline"
	audience = "patchline-session"
)

// ticket makes the signed content of an access cookie. It names a session and
// proves nothing more: the session's row decides.
func (s *Service) ticket(sessionID string, now time.Time) (string, time.Time, error) {
	until := now.Add(AccessFor)
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Issuer: issuer, Audience: jwt.ClaimStrings{audience}, Subject: sessionID,
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(until),
	}).SignedString(s.key)
	return text, until, err
}

var errSignedOut = fault.New(fault.Unsigned, "You are not signed in, or your session has ended; sign in again.")

// readTicket returns the session that a ticket names, and when the ticket ends. It
// is the only parser.
func (s *Service) readTicket(text string) (sessionID string, until time.Time, err error) {
	var claims jwt.RegisteredClaims
	_, err = jwt.ParseWithClaims(text, &claims, func(*jwt.Token) (any, error) { return s.key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuer), jwt.WithAudience(audience),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.db.Now), jwt.WithStrictDecoding())
	if err != nil || claims.Subject == "" {
		return "", time.Time{}, errSignedOut
	}
	return claims.Subject, claims.ExpiresAt.Time.UTC(), nil
}

// nextRefresh derives the refresh secret that follows one. Asking twice with the
// same gives the same, so two tabs that refresh at once end up with one cookie;
// who stole an old secret cannot compute the next.
func (s *Service) nextRefresh(sessionID, secret string) string {
	return s.mac("refresh", sessionID, secret)
}

// Fingerprint recognises a text without revealing it to a reader of the database.
func (s *Service) Fingerprint(parts ...string) string { return s.mac("fingerprint", parts...) }

func (s *Service) mac(purpose string, parts ...string) string {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(purpose))
	for _, p := range parts {
		sum := sha256.Sum256([]byte(p)) // of one length, so that parts cannot flow into each other
		m.Write(sum[:])
	}
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}
