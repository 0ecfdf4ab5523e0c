package sprint

import (
	"time"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scrum"
)

// Closing and reopening leave these rows behind; none is ever removed.

// Closed is one close of a sprint with the figures of then. A sprint that was
// reopened and closed anew has several.
type Closed struct {
	ID         string
	SprintID   string
	ClosedAt   time.Time `gorm:"serializer:time"`
	ClosedBy   string
	Completed  float64
	FinalScope float64
	GoalMet    *bool
	ReopenedAt *time.Time `gorm:"serializer:time"` // nil: it stands
	ReopenedBy string
	Reason     string  // of the reopening
	NextMade   *string // id of the sprint that it made for what it carried

	MovedOn []MovedOn `gorm:"-"`
}

// TableName is the table's.
func (Closed) TableName() string { return "sprint_closings" }

// MovedOn is an item that did not return when its sprint was reopened.
type MovedOn struct {
	Number int64
	Where  string // "in sprint 4", "verified", "dropped"
}

// closedItem is what a close found of an item, and what it did with it.
type closedItem struct {
	ClosingID    string
	PatchID      string
	Choice       string // choiceCompleted, or what was decided
	NextSprintID *string
	Status       scrum.Status
	SortValue    float64
	TieKey       string
	PlacedBy     *string
	PlacedAt     *time.Time `gorm:"serializer:time"`
	PlacedReason string
	MovedOn      string
}

// TableName is the table's.
func (closedItem) TableName() string { return "sprint_closing_items" }

// choiceCompleted stands in the place of a decision for an item that needed none.
const choiceCompleted = "completed"

// asTheyAre notes the items of a sprint before a close changes them.
func asTheyAre(items []Item, choices map[int64]Choice, next *Sprint) []closedItem {
	out := make([]closedItem, len(items))
	for i := range items {
		p := &items[i].Patch
		out[i] = closedItem{
			PatchID: p.ID, Choice: choiceCompleted, Status: p.Status, SortValue: p.SortValue, TieKey: p.TieKey,
			PlacedBy: p.PlacedBy, PlacedAt: p.PlacedAt, PlacedReason: p.PlacedReason,
		}
		if p.IsOpen {
			out[i].Choice = string(choices[p.Number].Choice)
		}
		if out[i].Choice == string(scrum.ToNextSprint) {
			out[i].NextSprintID = &next.ID
		}
	}
	return out
}

// carried tells that the close sent the item elsewhere, unfinished.
func (c closedItem) carried() bool {
	return c.Choice != choiceCompleted && c.Choice != string(scrum.ToDrop)
}

// unplaced are the columns that take back how a close placed an item: none, where it
// did not or somebody placed it since.
func (c closedItem) unplaced(p *backlog.Patch, closed time.Time) map[string]any {
	if c.Choice != string(scrum.ToBacklogTop) || p.PlacedAt == nil || p.PlacedAt.After(closed) {
		return map[string]any{}
	}
	if c.PlacedAt == nil {
		return backlog.InRiskOrder(p)
	}
	return map[string]any{
		"sort_value": c.SortValue, "tie_key": c.TieKey, "placed_by": c.PlacedBy, "placed_at": db.Micros(c.PlacedAt), "placed_reason": c.PlacedReason,
	}
}
