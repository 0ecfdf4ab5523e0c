package team

import (
	"context"
	"time"

	"patchline/internal/db"
	"patchline/internal/fault"
)

// Answer is how a creation was answered the first time. Body is empty when it held
// a secret.
type Answer struct {
	Status int
	Body   string
}

const (
	rememberFor = 24 * time.Hour  // how long an Idempotency-Key is remembered
	workFor     = 2 * time.Minute // after so long without an answer, the first request is lost
)

var (
	errKeyTaken  = fault.New(fault.Invalid, "This Idempotency-Key was used for another request; use a new one for each thing to create.")
	errKeyBusy   = fault.New(fault.Conflict, "The first request with this Idempotency-Key is still being worked on; try again in a moment.")
	errKeyUnsure = fault.New(fault.Conflict, "The first request with this Idempotency-Key was interrupted, and may have been carried out or not; look, then use a new key.")
)

// Begin takes an idempotency key for a request, or returns how that request was
// answered before.
func (s *Service) Begin(ctx context.Context, userID, key, request string) (*Answer, error) {
	var before *repeat
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		before, err = takeKey(tx, userID, key, request, tx.Now.Add(-rememberFor))
		return err
	})
	switch {
	case err != nil || before == nil:
		return nil, err
	case before.request != request:
		return nil, errKeyTaken
	case before.answered:
		return &before.answer, nil
	case s.db.Now().Sub(before.at) > workFor:
		return nil, errKeyUnsure
	}
	return nil, errKeyBusy
}

// Finish keeps how a creation was answered, or frees the key when it was refused.
func (s *Service) Finish(ctx context.Context, userID, key string, status int, body string) error {
	return s.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		if status >= 400 {
			return freeKey(tx, userID, key)
		}
		return keepAnswer(tx, userID, key, Answer{status, body})
	})
}
