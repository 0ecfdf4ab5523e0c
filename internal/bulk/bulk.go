// Package bulk changes many patches alike, each as far as its rules allow, and
// takes such a change back as long as nobody has changed the patch since.
package bulk

import (
	"context"
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Service changes many patches at once.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{d} }

// Item is a patch at the version the person saw.
type Item struct{ Number, Seen int64 }

// Change is what becomes of each patch: labels, people and points together, or
// one of status, sprint and drop.
type Change struct {
	AddLabels, RemoveLabels   []string
	AddHelpers, RemoveHelpers []string // ids of co-assignees
	Assignee                  **string
	Points                    **float64
	Status                    scrum.Status
	Sprint                    **int64 // a number; nil inside takes it out of its own
	Drop                      scrum.DropReason
	Note                      string
}

// Allowed is what the person's role allows beyond work.
type Allowed struct{ Rank, Scope, Approve bool }

// Outcome is what became of one patch.
type Outcome string

const (
	Done      Outcome = "done"
	Unchanged Outcome = "unchanged" // it was so already
	Refused   Outcome = "refused"   // its rules forbid it
	Conflict  Outcome = "conflict"  // somebody was faster
	Missing   Outcome = "missing"
)

// Answer is the outcome for one patch, and its version now.
type Answer struct {
	Number, Version int64
	Outcome         Outcome
	Reason          string
}

// Result is what became of all of them. Undo names the change for taking it back;
// empty when nothing was changed.
type Result struct {
	Undo    string
	Answers []Answer
}

// Changed counts the patches that are otherwise now.
func (r *Result) Changed() (n int) {
	for _, a := range r.Answers {
		if a.Outcome == Done {
			n++
		}
	}
	return n
}

// part is how many patches are changed in one transaction; it keeps the one who
// changes a thousand from holding the others up.
const part = 50

// keep is for how long a change can be taken back.
const keep = 24 * time.Hour

// Edit changes patches.
func (s *Service) Edit(ctx context.Context, who audit.Who, t *team.Team, items []Item, c Change, may Allowed) (Result, error) {
	if err := s.check(ctx, t, &c, may); err != nil {
		return Result{}, err
	}
	id := db.NewID()
	steps := make([]step, len(items))
	for i, item := range items {
		steps[i] = step{item.Number, item.Seen, func(tx *db.Tx, p *backlog.Patch) (bool, *former, error) {
			was, err := formerOf(tx, p)
			if err != nil {
				return false, nil, err
			}
			changed, err := c.apply(tx, who, t, p, may)
			return changed, was, err
		}}
	}
	out, err := s.run(ctx, who, t, id, steps)
	if err == nil && out.Changed() > 0 {
		out.Undo = id
	}
	return out, err
}

func (s *Service) check(ctx context.Context, t *team.Team, c *Change, may Allowed) error {
	edits := len(c.AddLabels)+len(c.RemoveLabels)+len(c.AddHelpers)+len(c.RemoveHelpers) > 0 || c.Assignee != nil || c.Points != nil
	kinds := 0
	for _, is := range []bool{edits, c.Status != "", c.Sprint != nil, c.Drop != ""} {
		if is {
			kinds++
		}
	}
	switch {
	case kinds == 0:
		return fault.Wrong("/change", "Say what is to change.")
	case kinds > 1:
		return fault.Wrong("/change", "Status, sprint and drop are each changed alone.")
	case c.Drop != "" && !may.Rank:
		return fault.New(fault.Forbidden, "Only a product owner or an administrator drops patches.")
	case c.Assignee == nil || *c.Assignee == nil:
		return nil
	}
	ok, err := team.IsMember(s.db.Read(ctx), t.ID, **c.Assignee)
	if err == nil && !ok {
		return fault.Wrong("/change/assignee_id", "The assignee must be somebody of this team who may work on patches.")
	}
	return err
}

// step is what is done to one patch.
type step struct {
	number, seen int64
	do           func(tx *db.Tx, p *backlog.Patch) (changed bool, was *former, err error)
}

// run takes the steps in small transactions, in an order that two at once share.
func (s *Service) run(ctx context.Context, who audit.Who, t *team.Team, id string, steps []step) (Result, error) {
	var out Result
	slices.SortStableFunc(steps, func(a, b step) int { return int(a.number - b.number) })
	for some := range slices.Chunk(steps, part) {
		var answers []Answer
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			answers, err = s.take(tx, who, t, id, some)
			return err
		})
		if err != nil {
			return out, err
		}
		out.Answers = append(out.Answers, answers...)
	}
	return out, nil
}

func (s *Service) take(tx *db.Tx, who audit.Who, t *team.Team, id string, steps []step) ([]Answer, error) {
	var answers []Answer
	var done []former
	for _, st := range steps {
		a, was, err := attempt(tx, who, t, st)
		if err != nil {
			return nil, err
		}
		if answers = append(answers, a); was != nil {
			done = append(done, *was)
		}
	}
	if len(done) == 0 {
		return answers, nil
	}
	if id != "" {
		if err := remember(tx, who, t.ID, id, done); err != nil {
			return nil, err
		}
	}
	if err := event.Tell(tx, who, t.ID, event.Event{Kind: event.PatchesChanged, Keys: changed(t, answers)}); err != nil {
		return nil, err
	}
	return answers, nil
}

// changed are the keys of the patches that are otherwise now.
func changed(t *team.Team, answers []Answer) (keys []string) {
	for _, a := range answers {
		if a.Outcome == Done {
			keys = append(keys, backlog.Key(t.Key, a.Number))
		}
	}
	return keys
}

// attempt does one step, and leaves nothing of it behind when it is refused.
func attempt(tx *db.Tx, who audit.Who, t *team.Team, st step) (Answer, *former, error) {
	p, err := backlog.Hold(tx, t.ID, st.number)
	if fault.Is(err, fault.NotFound) {
		return Answer{st.number, 0, Missing, "There is no such patch in this team."}, nil, nil
	}
	if err != nil {
		return Answer{}, nil, err
	}
	if p.Version != st.seen {
		return Answer{st.number, p.Version, Conflict, p.ChangedBy + " changed this first."}, nil, nil
	}
	const mark = "one_of_many"
	if err := tx.SavePoint(mark).Error; err != nil {
		return Answer{}, nil, err
	}
	changed, was, err := st.do(tx, p)
	if err != nil {
		f := fault.Of(err)
		if f.Kind == fault.Internal || f.Kind == fault.Unavailable {
			return Answer{}, nil, err
		}
		return Answer{st.number, st.seen, Refused, f.Detail}, nil, tx.RollbackTo(mark).Error
	}
	if !changed {
		return Answer{st.number, p.Version, Unchanged, ""}, nil, nil
	}
	was.Version = p.Version
	return Answer{st.number, p.Version, Done, ""}, was, nil
}
