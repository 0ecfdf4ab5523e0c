package sprint

import (
	"context"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Service plans, starts, closes and reads sprints.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{d} }

// Create plans a new sprint.
func (s *Service) Create(ctx context.Context, who audit.Who, t *team.Team, pl Planning) (*Sprint, error) {
	var sp *Sprint
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		sp, err = create(tx, who, t.ID, pl)
		if err != nil {
			return err
		}
		return s.told(tx, who, sp, "sprint.created", nil)
	})
	return sp, err
}

func create(tx *db.Tx, who audit.Who, teamID string, pl Planning) (*Sprint, error) {
	t, err := team.Lock(tx, teamID)
	if err != nil {
		return nil, err
	}
	last, err := lastOf(tx.DB, t.ID)
	if err != nil {
		return nil, err
	}
	number, err := team.TakeSprintNumber(tx, t.ID)
	if err != nil {
		return nil, err
	}
	sp := newSprint(tx, t, number)
	if err := sp.usual(t, last, tx.Now); err != nil {
		return nil, err
	}
	if pl.StartDate != nil && pl.EndDate == nil {
		length := sp.StartDate.DaysUntil(sp.EndDate)
		if day, err := scrum.ParseDay(*pl.StartDate); err == nil {
			sp.EndDate = day.Add(length)
		}
	}
	if err := pl.apply(sp); err != nil {
		return nil, err
	}
	return sp, tx.Create(sp).Error
}

// Update changes name, goal or planned dates. What is over does not change, and
// an active sprint keeps its start.
func (s *Service) Update(ctx context.Context, who audit.Who, t *team.Team, number, seen int64, pl Planning) (*Sprint, error) {
	var sp *Sprint
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if sp, err = lock(tx, t.ID, number, seen); err != nil {
			return err
		}
		if sp.State.Over() {
			return fault.New(fault.Conflict, "This sprint is %s; nothing changes it any more.", sp.State)
		}
		if sp.State == scrum.Active && pl.StartDate != nil && *pl.StartDate != string(sp.StartDate) {
			return fault.Wrong("/start_date", "The sprint has started; its start stands.")
		}
		if err := pl.apply(sp); err != nil {
			return err
		}
		err = save(tx, sp, map[string]any{"name": sp.Name, "goal": sp.Goal, "start_date": sp.StartDate, "end_date": sp.EndDate})
		if err != nil {
			return err
		}
		return s.told(tx, who, sp, "sprint.changed", map[string]any{"goal": sp.Goal, "start": sp.StartDate, "end": sp.EndDate})
	})
	return sp, err
}

// Adding is how patches come into a sprint.
type Adding struct {
	Numbers  []int64
	How      scrum.AddReason // after the start: pulled or emergency
	Reason   string
	MayScope bool // the person may change the scope of an active sprint
}

// Add puts patches into a sprint, all or none. Before the start that is planning;
// afterwards each is a row of the ledger.
func (s *Service) Add(ctx context.Context, who audit.Who, t *team.Team, number int64, a Adding) (*Sprint, error) {
	var sp *Sprint
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if sp, err = lockWith(tx, t.ID, number, a.Numbers); err != nil {
			return err
		}
		if err := a.check(sp); err != nil {
			return err
		}
		for _, n := range a.Numbers {
			if err := a.add(tx, who, t, sp, n); err != nil {
				return err
			}
		}
		return s.told(tx, who, sp, "sprint.items_added", map[string]any{"numbers": a.Numbers, "how": a.How, "reason": a.Reason})
	})
	return sp, err
}

// Hold reads a sprint by its number and holds it until the transaction ends.
func Hold(tx *db.Tx, teamID string, number int64) (*Sprint, error) {
	return lock(tx, teamID, number, 0)
}

// AddIn puts one patch into a sprint that is held, inside a transaction.
func AddIn(tx *db.Tx, who audit.Who, t *team.Team, sp *Sprint, p *backlog.Patch, a Adding) error {
	if err := a.check(sp); err != nil {
		return err
	}
	if err := a.add(tx, who, t, sp, p.Number); err != nil {
		return err
	}
	return reread(tx, p)
}

// RemoveIn takes a patch out of the sprint it is in, inside a transaction.
func RemoveIn(tx *db.Tx, who audit.Who, p *backlog.Patch, reason string, mayScope bool) error {
	sp, err := byID(tx.DB, *p.SprintID)
	if err != nil {
		return err
	}
	if err := removable(sp, p, mayScope); err != nil {
		return err
	}
	return remove(tx, who, sp, p, reason)
}

func reread(tx *db.Tx, p *backlog.Patch) error {
	now, err := backlog.ByID(tx.DB, p.ID)
	if err == nil {
		*p = *now
	}
	return err
}

func (a *Adding) check(sp *Sprint) error {
	if sp.State.Over() {
		return fault.New(fault.Conflict, "This sprint is %s; nothing changes it any more.", sp.State)
	}
	if a.How == "" {
		a.How = scrum.Pulled
	}
	return scopeAllowed(sp, a.MayScope)
}

func scopeAllowed(sp *Sprint, may bool) error {
	if sp.State == scrum.Active && !may {
		return fault.New(fault.Forbidden, "The sprint has started: only a product owner, a Scrum master or an administrator changes its scope.")
	}
	return nil
}

func (a *Adding) add(tx *db.Tx, who audit.Who, t *team.Team, sp *Sprint, number int64) error {
	p, err := backlog.Hold(tx, t.ID, number)
	if err != nil {
		return err
	}
	if p.SprintID != nil && *p.SprintID == sp.ID {
		return nil
	}
	if !p.IsOpen {
		return fault.New(fault.Conflict, "%s is %s, so it cannot be planned.", backlog.Key(t.Key, p.Number), p.Status.Label())
	}
	if err := a.keepsRules(tx, t, sp, p); err != nil {
		return err
	}
	if err := leaveOther(tx, who, t, p); err != nil {
		return err
	}
	columns := map[string]any{"sprint_id": sp.ID}
	if sp.State == scrum.Active {
		if columns["board_key"], err = lastKey(tx.DB, sp.ID, p.Status); err != nil {
			return err
		}
	}
	if err := backlog.Change(tx, who, p, p.Version, columns); err != nil {
		return err
	}
	if err := noted(tx, who, sp, p, "patch.sprint_added", a.Reason); err != nil {
		return err
	}
	if err := join(tx, who, sp, p, string(a.How), a.Reason); err != nil {
		return err
	}
	return backlog.BeginTasks(tx, who, t, p)
}

// join writes membership and, after the start, the ledger row. The row keeps the
// risk that came in, which did not change that of the backlog.
func join(tx *db.Tx, who audit.Who, sp *Sprint, p *backlog.Patch, how, reason string) error {
	if sp.State != scrum.Active {
		if how != backlog.HowCarried {
			how = backlog.HowPlanned
		}
		return backlog.Join(tx, who, p.ID, sp.ID, how, false)
	}
	if err := backlog.Join(tx, who, p.ID, sp.ID, how, true); err != nil {
		return err
	}
	return backlog.Record(tx, who, p, backlog.Step{Kind: scrum.KindAdded, Detail: how, Points: points(p), Risk: p.Risk, Reason: reason})
}

// noted writes to the history of a patch what a sprint did with it.
func noted(tx *db.Tx, who audit.Who, sp *Sprint, p *backlog.Patch, action, reason string) error {
	return audit.Write(tx, who, sp.TeamID, action, p.ID, map[string]any{"sprint": sp.Number, "reason": reason})
}

func points(p *backlog.Patch) float64 {
	if p.Points == nil {
		return 0
	}
	return *p.Points
}

// leaveOther takes a patch out of the planned sprint it is in; an active one does
// not lose items by planning another.
func leaveOther(tx *db.Tx, who audit.Who, t *team.Team, p *backlog.Patch) error {
	if p.SprintID == nil {
		return nil
	}
	other, err := byID(tx.DB, *p.SprintID)
	if err != nil {
		return err
	}
	if other.State == scrum.Active {
		return fault.New(fault.Conflict, "%s is in the active sprint %d; remove it there first.", backlog.Key(t.Key, p.Number), other.Number)
	}
	return backlog.Leave(tx, p.ID, other.ID, backlog.OutcomeRemoved, false)
}

// Remove takes a patch out of a sprint, back to the backlog.
func (s *Service) Remove(ctx context.Context, who audit.Who, t *team.Team, number, patch int64, reason string, mayScope bool) (*Sprint, error) {
	var sp *Sprint
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if sp, err = lockWith(tx, t.ID, number, []int64{patch}); err != nil {
			return err
		}
		p, err := backlog.Hold(tx, t.ID, patch)
		if err != nil {
			return err
		}
		if err := removable(sp, p, mayScope); err != nil {
			return err
		}
		if err := remove(tx, who, sp, p, reason); err != nil {
			return err
		}
		return s.told(tx, who, sp, "sprint.item_removed", map[string]any{"key": backlog.Key(t.Key, patch), "reason": reason})
	})
	return sp, err
}

func removable(sp *Sprint, p *backlog.Patch, mayScope bool) error {
	switch {
	case p.SprintID == nil || *p.SprintID != sp.ID:
		return fault.New(fault.NotFound, "This patch is not in that sprint.")
	case sp.State.Over():
		return fault.New(fault.Conflict, "This sprint is %s; nothing changes it any more.", sp.State)
	case !p.IsOpen:
		return fault.New(fault.Conflict, "This patch is completed. Reopen it first.")
	}
	return scopeAllowed(sp, mayScope)
}

func remove(tx *db.Tx, who audit.Who, sp *Sprint, p *backlog.Patch, reason string) error {
	if sp.State == scrum.Active {
		step := backlog.Step{Kind: scrum.KindRemoved, Points: -points(p), Reason: reason}
		if err := backlog.Record(tx, who, p, step); err != nil {
			return err
		}
	}
	if err := backlog.Leave(tx, p.ID, sp.ID, backlog.OutcomeRemoved, sp.State == scrum.Active); err != nil {
		return err
	}
	if err := backlog.Change(tx, who, p, p.Version, map[string]any{"sprint_id": nil}); err != nil {
		return err
	}
	return noted(tx, who, sp, p, "patch.sprint_removed", reason)
}

// told audits a change, fills in the totals and tells the team.
func (s *Service) told(tx *db.Tx, who audit.Who, sp *Sprint, action string, detail map[string]any) error {
	if err := audit.Write(tx, who, sp.TeamID, action, sp.ID, detail); err != nil {
		return err
	}
	if err := fill(tx.DB, tx.Now, sp); err != nil {
		return err
	}
	return event.Tell(tx, who, sp.TeamID, event.Event{Kind: event.SprintChanged, Sprint: sp.Number, Version: sp.Version, Status: string(sp.State)})
}

// Get reads a sprint with its totals.
func (s *Service) Get(ctx context.Context, t *team.Team, number int64) (*Sprint, error) {
	var sp *Sprint
	err := s.db.View(ctx, func(g db.Reader) (err error) {
		if sp, err = byNumber(g, t.ID, number); err != nil {
			return err
		}
		return fill(g, s.db.Now(), sp)
	})
	return sp, err
}

// ActiveIDs are the ids of the sprints that run.
func (s *Service) ActiveIDs(ctx context.Context, t *team.Team) ([]string, error) {
	all, err := activeOf(s.db.Read(ctx), t.ID)
	ids := make([]string, len(all))
	for i, sp := range all {
		ids[i] = sp.ID
	}
	return ids, err
}

// List reads sprints, the latest first. Before is the number of the last one of
// the page before, or 0.
func (s *Service) List(ctx context.Context, t *team.Team, states []string, before int64, limit int) ([]*Sprint, error) {
	var out []*Sprint
	err := s.db.View(ctx, func(g db.Reader) (err error) {
		if out, err = list(g, t.ID, states, before, limit); err != nil {
			return err
		}
		return fill(g, s.db.Now(), out...)
	})
	return out, err
}

// Item is a patch with how it came into the sprint.
type Item struct {
	backlog.Patch
	How       string
	Unplanned bool
}

// MaxItems is how many items of one sprint are listed.
const MaxItems = 1000

// Items lists a sprint's patches in backlog order; truncated tells that there are
// more than MaxItems.
func (s *Service) Items(ctx context.Context, t *team.Team, number int64) (items []Item, truncated bool, err error) {
	err = s.db.View(ctx, func(g db.Reader) error {
		sp, err := byNumber(g, t.ID, number)
		if err != nil {
			return err
		}
		items, err = itemsOf(g, sp.ID, MaxItems+1)
		return err
	})
	if len(items) > MaxItems {
		return items[:MaxItems], true, err
	}
	return items, false, err
}
