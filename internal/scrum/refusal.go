package scrum

import (
	"errors"
	"fmt"
)

// ErrNotAllowed is the kind of every refusal of this package.
var ErrNotAllowed = errors.New("not allowed")

// Refusal is a step the process does not allow. Message is a sentence for the
// person who tried; Code is stable for programs.
type Refusal struct {
	Code    RefusalCode
	Message string
}

// RefusalCode names a rule that was about to be broken.
type RefusalCode string

const (
	UnknownStatus   RefusalCode = "unknown_status"
	IsDropped       RefusalCode = "is_dropped"
	UseDrop         RefusalCode = "use_drop"
	NeedsApproval   RefusalCode = "needs_approval"
	WrongState      RefusalCode = "wrong_state"
	NotInSprint     RefusalCode = "not_in_sprint"
	AlreadyInSprint RefusalCode = "already_in_sprint"
	AlreadyDone     RefusalCode = "already_done"
	NotDone         RefusalCode = "not_done"
	BadPoints       RefusalCode = "bad_points"
	BadDetail       RefusalCode = "bad_detail"
)

func (r *Refusal) Error() string { return r.Message }

// Unwrap makes errors.Is(err, ErrNotAllowed) true for every refusal.
func (r *Refusal) Unwrap() error { return ErrNotAllowed }

func refuse(code RefusalCode, format string, args ...any) error {
	return &Refusal{Code: code, Message: fmt.Sprintf(format, args...)}
}
