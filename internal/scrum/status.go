package scrum

import "slices"

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
