// Package fault names the ways a request can fail that a caller may act on.
// Every other error is a bug or an outage: it is logged, and shown as
// "internal error".
package fault

import (
	"errors"
	"fmt"
)

// Kind is what a caller can do about a fault.
type Kind string

const (
	Internal     Kind = "internal"      // nothing: look at the log
	Malformed    Kind = "malformed"     // send what the contract describes
	Invalid      Kind = "invalid"       // change the request
	Unsigned     Kind = "unsigned"      // sign in
	Forbidden    Kind = "forbidden"     // ask someone with the role
	NotFound     Kind = "not-found"     // ask for something that is there
	Conflict     Kind = "conflict"      // read again, then decide
	TooLarge     Kind = "too-large"     // send less
	WrongContent Kind = "wrong-content" // send another Content-Type
	TooMany      Kind = "too-many"      // wait, then try again
	Unavailable  Kind = "unavailable"   // try again soon
)

// Fault is an error with a kind, and a sentence that is safe to show.
type Fault struct {
	Kind    Kind
	Detail  string
	Fields  []Field
	Current any // with Conflict: the state to look at again, as the API shows it
}

// Field is one part of the request that is wrong.
type Field struct{ Pointer, Detail string }

func (f *Fault) Error() string { return f.Detail }

// New makes a fault; the sentence says what happened and what to do, and never
// repeats a rejected value.
func New(k Kind, format string, args ...any) error {
	return &Fault{Kind: k, Detail: fmt.Sprintf(format, args...)}
}

// Wrong makes an Invalid fault about one field, named by its JSON pointer.
func Wrong(pointer, format string, args ...any) error {
	detail := fmt.Sprintf(format, args...)
	return &Fault{Kind: Invalid, Detail: detail, Fields: []Field{{pointer, detail}}}
}

// Stale makes a Conflict that carries the present state.
func Stale(current any, format string, args ...any) error {
	return &Fault{Kind: Conflict, Detail: fmt.Sprintf(format, args...), Current: current}
}

// Of returns the fault in err's chain, or an Internal one.
func Of(err error) *Fault {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	return &Fault{Kind: Internal, Detail: "Something went wrong on the server; it is in the server's log under this request's id."}
}

// Is tells whether err is a fault of a kind.
func Is(err error, k Kind) bool { return err != nil && Of(err).Kind == k }
