package team

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"patchline/internal/fault"
)

// Parameters of Argon2id as the OWASP Password Storage Cheat Sheet asks for at
// least.
const (
	hashMemory  = 19 * 1024 // KiB
	hashTime    = 2
	hashThreads = 1
	hashBytes   = 32
	saltBytes   = 16
)

// hasher bounds how many passwords are hashed at once, for each takes 19 MiB: many
// people signing in together wait for each other instead of for memory.
type hasher struct {
	running chan struct{}
	dummy   string      // what an unknown person's password is compared with
	tidy    *time.Timer // gives the memory back when nobody signs in any more
}

// tidyAfter is how long after the last hash its memory is given back.
const tidyAfter = 5 * time.Second

func newHasher() *hasher {
	h := &hasher{running: make(chan struct{}, 2), tidy: time.AfterFunc(tidyAfter, debug.FreeOSMemory)}
	h.tidy.Stop()
	h.dummy = encode(make([]byte, saltBytes), make([]byte, hashBytes))
	return h
}

// hash makes what is stored for a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	sum, err := h.sum(ctx, password, salt)
	if err != nil {
		return "", err
	}
	return encode(salt, sum), nil
}

// matches tells whether a password is the one that stored was made from. An empty
// stored belongs to nobody: it takes the same time and is never matched.
func (h *hasher) matches(ctx context.Context, password, stored string) (bool, error) {
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	salt, want, err := decode(stored)
	if err != nil {
		return false, err
	}
	sum, err := h.sum(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(sum, want) == 1 && known, nil
}

func (h *hasher) sum(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.running <- struct{}{}:
		defer func() {
			<-h.running
			h.tidy.Reset(tidyAfter)
		}()
		return argon2.IDKey([]byte(password), salt, hashTime, hashMemory, hashThreads, hashBytes), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// encode writes a hash in the PHC string format, which names its parameters.
func encode(salt, sum []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashTime, hashThreads, b64(salt), b64(sum))
}

func decode(stored string) (salt, sum []byte, err error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || strings.Join(parts[:4], "$") != fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d", argon2.Version, hashMemory, hashTime, hashThreads) {
		return nil, nil, fmt.Errorf("a stored password hash has an unknown form")
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return nil, nil, err
	}
	sum, err = base64.RawStdEncoding.DecodeString(parts[5])
	return salt, sum, err
}

// Bounds of a password, in characters. The upper one bounds the work for a guess.
const (
	minPassword = 10
	maxPassword = 200
)

func checkPassword(pointer, password, email string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < minPassword || n > maxPassword:
		return fault.Wrong(pointer, "A password has %d to %d characters.", minPassword, maxPassword)
	case foldEmail(password) == email:
		return fault.Wrong(pointer, "A password must not be the e-mail address.")
	}
	return nil
}
