// Package event tells others what has changed: an outbox row in the transaction
// that changed it, and a live stream that follows the outbox.
package event

import (
	"encoding/json"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
)

// Kinds of events. A listener that does not know one reads everything again.
const (
	PatchMoved       = "patch.moved"     // another status or place on the board
	PatchPlaced      = "patch.placed"    // another place in the backlog
	PatchChanged     = "patch.changed"   // anything else about one patch
	PatchesChanged   = "patches.changed" // many at once: an import, a re-scoring
	SprintChanged    = "sprint.changed"
	StandupChanged   = "standup.changed"   // an entry, or whose turn it is; the key is its day
	BlockerChanged   = "blocker.changed"   // the key is its patch's; the card hears patch.changed besides
	BlockerEscalated = "blocker.escalated" // its day has come, and it is still open; the key is its patch's
	CommentChanged   = "comment.changed"   // comments or files of a patch, which is the key
	MentionAdded     = "mention.added"     // somebody was mentioned on a patch; the mentions say who
	RetroChanged     = "retro.changed"     // the key is its sprint's number; of an anonymous one it says nothing of cards and votes
	ReviewChanged    = "review.changed"    // of the sprint that it names
	LessonChanged    = "lesson.changed"    // the key is its id
	AssetChanged     = "asset.changed"
	ViewChanged      = "view.changed" // a shared view of the backlog
	ImportProgress   = "import.progress"
	KEVAdded         = "kev.added" // patches whose vulnerability is known to be exploited now; keys are theirs
	TeamChanged      = "team.changed"
	MemberChanged    = "member.changed"
	InboxChanged     = "inbox.changed"     // news for some people; keys are their ids, none when they are too many to name
	CalendarChanged  = "calendar.changed"  // windows, freezes, days off
	Reset            = "reset"             // too much was missed: read everything again
	PoliciesChanged  = "policies.changed"  // due-date policies, or how far their applying is; the key is a policy's or a run's id
	ExceptionChanged = "exception.changed" // the key is its patch's
	EstimateChanged  = "estimate.changed"  // the key is the estimation's id
	BoardViewers     = "board.viewers"     // somebody came to the board or left it; told, never written
)

// Event is one change, as its listeners see it. It says where to look, and never
// carries what some listener may not read.
type Event struct {
	ID      int64          `json:"id"`
	TeamID  string         `json:"-"`
	Kind    string         `json:"kind"`
	At      time.Time      `json:"at"`
	Actor   map[string]any `json:"actor"`
	Client  string         `json:"client,omitempty"`
	Key     string         `json:"key,omitempty"`
	Keys    []string       `json:"keys,omitempty"` // at most 50
	Version int64          `json:"version,omitempty"`
	Status  string         `json:"status,omitempty"`
	Sprint  int64          `json:"sprint,omitempty"`
}

// Tell writes an event to the outbox and wakes the listeners after the commit.
// Call it last in a transaction: on PostgreSQL it makes the team's events commit
// in the order of their ids, which holds the others back until this one is done.
func Tell(tx *db.Tx, who audit.Who, teamID string, e Event) error {
	e.At, e.Client = tx.Now, who.Client
	e.Actor = map[string]any{"id": who.UserID, "name": who.Name}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return add(tx, teamID, e.Kind, string(body))
}
