package scrum

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
