package review

import (
	"context"
	"encoding/json"
	"time"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/report"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// State is what a sprint came to for an item.
type State string

const (
	Done    State = "done"
	Open    State = "open" // the sprint runs, and it is not done yet
	Carried State = "carried"
	Dropped State = "dropped"
)

// MaxItems is how many items a review shows: the done ones first.
const MaxItems = 1000

// Item is one item of the sprint with what is known about how it ended.
type Item struct {
	Key        string     `json:"key"`
	Title      string     `json:"title"`
	State      State      `json:"state"`
	Points     float64    `json:"points"`
	Times      int        `json:"times,omitempty"`       // how many sprints carried it over
	EndedAt    *time.Time `json:"ended_at,omitempty"`    // when it was verified or dropped
	By         string     `json:"by,omitempty"`          // who did that
	Note       string     `json:"note,omitempty"`        // and what they wrote
	DropReason string     `json:"drop_reason,omitempty"` // why it was dropped
	Evidence   Evidence   `json:"evidence"`

	Verdict *Verdict `json:"-"`
}

// Evidence is what speaks for a patch having arrived.
type Evidence struct {
	Hosts    int64  `json:"hosts"`   // that had a finding it removes; without retired ones
	Patched  int64  `json:"patched"` // of them, without an open finding
	Scans    []Scan `json:"scans,omitempty"`
	Checks   int64  `json:"checks"`   // points of the definition of done that were ticked
	Comments int64  `json:"comments"` // on the patch
	Files    int64  `json:"files"`
}

// Scan is what one source says about a patch's findings.
type Scan struct {
	Source string     `json:"source"`
	Gone   int64      `json:"gone"` // findings it no longer sees
	Seen   int64      `json:"seen"` // findings it still sees
	At     *time.Time `json:"at"`   // since when it does not see the last that went
}

// Confirmed tells whether a scan no longer sees what the patch removes, and none
// still does.
func (e Evidence) Confirmed() bool {
	gone := int64(0)
	for _, s := range e.Scans {
		if s.Seen > 0 {
			return false
		}
		gone += s.Gone
	}
	return gone > 0
}

// fill adds the items: those of a closed review as they were then.
func (s *Service) fill(ctx context.Context, t *team.Team, r *Review) (err error) {
	if r.ClosedAt != nil {
		err = json.Unmarshal([]byte(r.Items), &r.Looked)
	} else {
		r.Looked, err = s.look(ctx, t, r.Sprint.Number)
	}
	if err != nil {
		return err
	}
	if r.Truncated = len(r.Looked) > MaxItems; r.Truncated {
		r.Looked = r.Looked[:MaxItems]
	}
	verdicts, err := verdictsOf(s.db.Read(ctx), t.Key, r.ID)
	if err != nil {
		return err
	}
	for i := range r.Looked {
		item := &r.Looked[i]
		if item.Verdict = verdicts[item.Key]; item.Verdict == nil && item.State == Done {
			r.Waiting++
		}
	}
	return nil
}

// look reads what became of the items of a sprint, and the evidence for it.
func (s *Service) look(ctx context.Context, t *team.Team, number int64) ([]Item, error) {
	sum, err := s.report.Summary(ctx, t, number)
	if err != nil {
		return nil, err
	}
	items := outcomes(sum)
	var found map[string]*Evidence
	err = s.db.View(ctx, func(g db.Reader) error {
		found, err = evidenceOf(g, t.Key, sum.Sprint.ID)
		return err
	})
	for i := range items {
		if e := found[items[i].Key]; e != nil {
			items[i].Evidence = *e
		}
	}
	return items, err
}

// outcomes lists each item once: done, then carried or still open, then dropped.
func outcomes(sum *report.Summary) []Item {
	rest := Carried
	if sum.Sprint.State == scrum.Active {
		rest = Open
	}
	dropped := map[string]bool{}
	for _, item := range sum.Report.Dropped {
		dropped[item] = true
	}
	seen := map[string]bool{}
	out := []Item{}
	add := func(l report.Line, i Item) {
		if !seen[l.Key] {
			seen[l.Key] = true
			i.Key, i.Title, i.Points = l.Key, l.Title, l.Points
			out = append(out, i)
		}
	}
	for _, l := range sum.Completed {
		add(l, Item{State: Done, EndedAt: l.At, By: l.Who, Note: l.Reason})
	}
	for _, l := range sum.Carried {
		add(l, Item{State: rest, Times: l.Times})
	}
	for i := range sum.Dropped { // the last drop of an item counts
		if l := sum.Dropped[len(sum.Dropped)-1-i]; dropped[l.Item] {
			add(l, Item{State: Dropped, EndedAt: l.At, By: l.Who, Note: l.Reason, DropReason: l.Detail})
		}
	}
	return out
}

func key(t *team.Team, number int64) string { return backlog.Key(t.Key, number) }
