package scrum

import (
	"errors"
	"fmt"
	"slices"
)

// Status is where an item stands on its way from the backlog to a verified patch.
type Status string

const (
	New              Status = "new"
	Ready            Status = "ready"
	InProgress       Status = "in_progress"
	Testing          Status = "testing"
	AwaitingApproval Status = "awaiting_approval"
	Scheduled        Status = "scheduled"
	Deployed         Status = "deployed"
	Verified         Status = "verified"
	Dropped          Status = "dropped"
)

// Statuses lists every status in the order of work; Dropped, outside of it, is last.
var Statuses = []Status{New, Ready, InProgress, Testing, AwaitingApproval, Scheduled, Deployed, Verified, Dropped}

// BoardColumns are the columns of a full board, left to right. New items share
// the column of the ready ones; dropped ones have none. Teams may use fewer.
var BoardColumns = []Status{Ready, InProgress, Testing, AwaitingApproval, Scheduled, Deployed, Verified}

var labels = map[Status]string{
	New: "New", Ready: "To do", InProgress: "In progress", Testing: "Testing", AwaitingApproval: "Awaiting approval",
	Scheduled: "Scheduled", Deployed: "Deployed", Verified: "Verified", Dropped: "Dropped",
}

// Valid reports whether s is a status at all.
func (s Status) Valid() bool { return labels[s] != "" }

// Done reports whether the item earns its points: done means verified.
func (s Status) Done() bool { return s == Verified }

// Open reports whether there is work left; dropped is neither open nor done.
func (s Status) Open() bool { return s.Valid() && s != Verified && s != Dropped }

// Label is the heading of the status; for Ready that of the column "To do".
func (s Status) Label() string { return labels[s] }

// Column is the board column that shows an item of this status, "" for none.
func (s Status) Column() Status {
	switch {
	case s == New:
		return Ready
	case s.Valid() && s != Dropped:
		return s
	}
	return ""
}

// step is the place of s in the order of work.
func (s Status) step() int { return slices.Index(Statuses, s) }

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

// CheckMove tells whether an item may be moved on the board. Moving within one
// status only reorders and is allowed. Approval guards one gate: from
// AwaitingApproval or before it to anything after it; the way back is free, and
// going forward again needs approval again. Leaving Verified is allowed and is a
// reopening (see Reopens), which the caller records with its reason.
func CheckMove(from, to Status, approvalRequired, mayApprove bool) error {
	switch {
	case !from.Valid():
		return refuse(UnknownStatus, "There is no status %q.", from)
	case !to.Valid():
		return refuse(UnknownStatus, "There is no status %q.", to)
	case from == Dropped:
		return refuse(IsDropped, "This item was dropped. Return it to the backlog before moving it.")
	case to == Dropped:
		return refuse(UseDrop, "An item is not dropped by moving it. Drop it and give the reason.")
	case approvalRequired && !mayApprove && passesApproval(from, to):
		return refuse(NeedsApproval, "This change needs an approval before it can become %s. Move it to %s and ask an approver.",
			quoted(to), quoted(AwaitingApproval))
	}
	return nil
}

func quoted(s Status) string { return "“" + s.Label() + "”" }

func passesApproval(from, to Status) bool {
	gate := AwaitingApproval.step()
	return from.step() <= gate && to.step() > gate
}

// Completes reports whether a move from one status to the other earns the points.
func Completes(from, to Status) bool { return from.Open() && to.Done() }

// Reopens reports whether such a move takes a completed item back into work.
func Reopens(from, to Status) bool { return from.Done() && to.Open() }

// AddReason is how an item came into a sprint after its start.
type AddReason string

const (
	Pulled    AddReason = "pulled"    // by the team, because there was room
	Emergency AddReason = "emergency" // through the emergency lane
	Carried   AddReason = "carried"   // from the sprint before, which closed later than this one started
)

// Valid reports whether r is one of the reasons.
func (r AddReason) Valid() bool { return r == Pulled || r == Emergency || r == Carried }

// ReopenReason is why a completed item is open again.
type ReopenReason string

const (
	RolledBack         ReopenReason = "rolled_back"
	FailedVerification ReopenReason = "failed_verification"
	OtherReason        ReopenReason = "other"
)

// Valid reports whether r is one of the reasons.
func (r ReopenReason) Valid() bool {
	return r == RolledBack || r == FailedVerification || r == OtherReason
}

// DropReason is why an item will not be done. Dropped is not completed.
type DropReason string

const (
	RiskAccepted  DropReason = "risk_accepted"
	Superseded    DropReason = "superseded"
	FalsePositive DropReason = "false_positive"
	Duplicate     DropReason = "duplicate"
)

// Valid reports whether r is one of the reasons.
func (r DropReason) Valid() bool {
	return r == RiskAccepted || r == Superseded || r == FalsePositive || r == Duplicate
}

// CloseChoice is what becomes of an unfinished item when its sprint closes.
type CloseChoice string

const (
	ToNextSprint  CloseChoice = "next_sprint"
	ToBacklogTop  CloseChoice = "backlog_top"
	ToBacklogRank CloseChoice = "backlog_rank"
	ToDrop        CloseChoice = "drop"
)

// Valid reports whether c is one of the choices.
func (c CloseChoice) Valid() bool {
	return c == ToNextSprint || c == ToBacklogTop || c == ToBacklogRank || c == ToDrop
}

// SprintState is what people did with a sprint; its dates are only the plan.
type SprintState string

const (
	Planned   SprintState = "planned"
	Active    SprintState = "active"
	Closed    SprintState = "closed"
	Cancelled SprintState = "cancelled"
)

var nextStates = map[SprintState][]SprintState{Planned: {Active, Cancelled}, Active: {Closed, Cancelled}}

// Valid reports whether s is a state at all.
func (s SprintState) Valid() bool {
	return s == Planned || s == Active || s == Closed || s == Cancelled
}

// Over reports whether nothing changes this sprint any more.
func (s SprintState) Over() bool { return s == Closed || s == Cancelled }

// Become returns want if a sprint in state s may become that, and s with a
// *Refusal otherwise.
func (s SprintState) Become(want SprintState) (SprintState, error) {
	switch {
	case slices.Contains(nextStates[s], want):
		return want, nil
	case !s.Valid() || !want.Valid():
		return s, refuse(WrongState, "A sprint is planned, active, closed or cancelled, not %q.", want)
	case s == want:
		return s, refuse(WrongState, "This sprint is already %s.", s)
	case s.Over():
		return s, refuse(WrongState, "This sprint is %s; nothing changes it any more.", s)
	case s == Planned:
		return s, refuse(WrongState, "This sprint has not started yet.")
	}
	return s, refuse(WrongState, "This sprint has started; it can be closed or cancelled.")
}
