// Package exception knows the approved, owned, expiring decisions not to patch by
// the due date, and those that a finding is false.
//
// While an exception is requested nothing changes. Somebody other than who asked
// for it approves it. A patch whose risk is accepted, or which is false, then
// leaves the backlog as if it was dropped; one that is deferred or mitigated stays
// there, due when the exception expires. An exception of some assets lets the patch
// stay as it is: those assets no longer count in its score and its due date. When
// the exception is over everything returns on its original clock.
package exception

import (
	"strings"
	"time"

	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Kind is what is decided.
type Kind string

// The kinds.
const (
	RiskAccepted  Kind = "risk_accepted"
	Deferred      Kind = "deferred"
	Mitigated     Kind = "mitigated"
	FalsePositive Kind = "false_positive"
)

// Label is a kind in a sentence.
func (k Kind) Label() string { return strings.ReplaceAll(string(k), "_", " ") }

// drops tells whether the patch leaves the backlog.
func (k Kind) drops() bool { return k == RiskAccepted || k == FalsePositive }

// State is how far a decision is.
type State string

// The states: requested, then approved, rejected or withdrawn; an approved one
// expires or is ended.
const (
	Requested State = "requested"
	Approved  State = "approved"
	Rejected  State = "rejected"
	Withdrawn State = "withdrawn"
	Expired   State = "expired"
	Ended     State = "ended"
)

// Asset is an asset that an exception is about.
type Asset struct{ ID, Name string }

// Exception is one decision, with its patch.
type Exception struct {
	ID        string
	TeamID    string
	PatchID   string
	Kind      Kind
	State     State
	Reason    string
	Control   string // compensating control
	Whole     bool   // of the whole patch; else of Assets
	Assets    []Asset
	ExpiresAt *time.Time // nil only for a false positive

	RequestedBy   string
	RequestedName string
	RequestedAt   time.Time
	DecidedBy     *string
	DecidedName   string
	DecidedAt     *time.Time
	Decision      string // what the approver said
	EndedName     string
	EndedAt       *time.Time
	EndedReason   string

	Renews    *string    // the exception that this one prolongs
	Renewals  int64      // how many came before
	Listed    int64      // KEV-listed vulnerabilities when it was approved
	ReviewAt  *time.Time // more were listed since then
	Reminded  int64      // days before the expiry of the last reminder
	CreatedAt int64      // microseconds since 1970
	Version   int64

	Number int64 // this and the next are the patch's
	Title  string
}

// Draft is what somebody asks for. Expires is the last day, in the team's time
// zone; nil is for a false positive only. No assets is the whole patch.
type Draft struct {
	Kind            Kind
	Reason, Control string
	Expires         *scrum.Day
	AssetIDs        []string
}

// apply checks a draft and writes it into an exception.
func (d Draft) apply(tx *db.Tx, t *team.Team, e *Exception) error {
	wrong := &fault.Fault{Kind: fault.Invalid, Detail: "This exception cannot be asked for so."}
	note := func(when bool, pointer, detail string) {
		if when {
			wrong.Fields = append(wrong.Fields, fault.Field{Pointer: pointer, Detail: detail})
		}
	}
	d.Reason, d.Control = strings.TrimSpace(d.Reason), strings.TrimSpace(d.Control)
	note(d.Reason == "", "/reason", "Say why.")
	note(d.Control == "" && (d.Kind == RiskAccepted || d.Kind == Mitigated), "/control", "Say what protects the assets meanwhile.")
	until, detail, err := d.until(tx.Now, t)
	if err != nil {
		return err
	}
	note(detail != "", "/expires_on", detail)
	if len(wrong.Fields) > 0 {
		return wrong
	}
	e.Kind, e.Reason, e.Control, e.ExpiresAt, e.Whole = d.Kind, d.Reason, d.Control, until, len(d.AssetIDs) == 0
	e.Assets, err = affectedAssets(tx.DB, e.PatchID, d.AssetIDs)
	if err == nil && len(e.Assets) != len(d.AssetIDs) {
		err = fault.Wrong("/asset_ids", "Name assets that this patch affects.")
	}
	return err
}

// until is the moment at which the last day is over, or what is wrong with it.
func (d Draft) until(now time.Time, t *team.Team) (*time.Time, string, error) {
	calendar, err := t.Calendar()
	if err != nil {
		return nil, "", err
	}
	if d.Expires != nil {
		if _, err := scrum.ParseDay(string(*d.Expires)); err != nil {
			return nil, "This is not a day of the calendar, such as 2026-10-03.", nil
		}
	}
	switch today := calendar.DayOf(now); {
	case d.Expires == nil && d.Kind == FalsePositive:
		return nil, "", nil
	case d.Expires == nil:
		return nil, "An exception needs a last day.", nil
	case today.DaysUntil(*d.Expires) < 0:
		return nil, "The last day has passed already.", nil
	case today.DaysUntil(*d.Expires) > int(t.ExceptionMaxDays):
		return nil, "This team's exceptions last " + days(t.ExceptionMaxDays) + " at most.", nil
	}
	end := calendar.EndOf(*d.Expires)
	return &end, "", nil
}
