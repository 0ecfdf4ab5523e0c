// Package policy knows the rules that say by when a patch must be in: the shipped
// ones, which nobody edits, and those that a team writes. An own policy is never
// overwritten: a change of it is a new version, and the old one stays readable for
// the patches that it dated.
package policy

import (
	"slices"
	"time"

	"patchline/internal/db"
	"patchline/internal/risk"
	"patchline/internal/team"
)

// Policy is a due-date policy as a team sees it.
type Policy struct {
	risk.Policy
	Shipped   bool
	Enabled   bool // it applies to the team's patches, while it is in force
	InForce   bool // today lies within its validity
	Number    int64
	ChangedBy string     // empty for a shipped one
	ChangedAt *time.Time // nil for a shipped one
	Note      string     // why it was changed
}

// Of are the policies that apply to a team's patches at a moment: those that are
// switched on and in force. A team with shipped ones alone costs no query.
func Of(g db.Reader, t *team.Team, now time.Time) ([]risk.Policy, error) {
	return Chosen(g, t.ID, t.Policies, now)
}

// Chosen are the policies with the given ids that are in force, the shipped ones
// first. An id that is not there, or retired, is left out.
func Chosen(g db.Reader, teamID string, ids []string, now time.Time) ([]risk.Policy, error) {
	out := slices.DeleteFunc(risk.ShippedPolicies(), func(p risk.Policy) bool { return !slices.Contains(ids, p.ID) })
	if len(out) == len(ids) {
		return out, nil
	}
	own, err := current(g, teamID)
	if err != nil {
		return nil, err
	}
	for _, p := range own {
		if slices.Contains(ids, p.ID) && p.Policy.InForce(now) {
			out = append(out, p.Policy)
		}
	}
	return out, nil
}

// Run is the work of setting due dates anew after a change of policies.
type Run struct {
	ID         string
	TeamID     string
	State      string // queued, running, done, superseded
	Reason     string
	Who        string
	Total      int64 // open patches to look at
	Looked     int64
	Changed    int64
	AfterID    string // the last patch that was looked at
	CreatedAt  time.Time
	FinishedAt *time.Time
}

// States of a run.
const (
	Queued     = "queued"
	Running    = "running"
	Done       = "done"
	Superseded = "superseded" // a newer change began another one
)
