package asset

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// Edit is a change of many assets at once, or the undoing of one. It goes on by
// itself, part by part; a replica that dies leaves it to the next.
type Edit struct {
	ID       string
	TeamID   string
	Change   Change
	Undoes   *string // id of the edit that this one takes back
	UndoneBy *string
	State    string // EditRunning or EditDone
	Total    int64  // assets that were chosen
	Done     int64  // of them, looked at
	Changed  int64  // of them, changed
	ScoredTo string
	UserID   string
	Who      string
	BeatAt   time.Time
	Created  time.Time
	Finished *time.Time
}

// States of an edit.
const (
	EditRunning = "running"
	EditDone    = "done"
)

// Selection names assets one by one, or as all that match a filter.
type Selection struct {
	IDs    []string
	Filter *Filter
}

const (
	editChunk    = 100                    // assets in a transaction
	editPatience = 700 * time.Millisecond // how long a request waits for its edit
	editIdle     = 30 * time.Second       // after which somebody else takes over
	undoFor      = 24 * time.Hour
)

// StartEdit changes the chosen assets and scores their patches again, each once. A
// small edit is done when this returns; a large one goes on in the background.
func (s *Service) StartEdit(ctx context.Context, who audit.Who, teamID string, sel Selection, c Change) (*Edit, error) {
	if err := c.tidy(); err != nil {
		return nil, err
	}
	if (len(sel.IDs) == 0) == (sel.Filter == nil) {
		return nil, fault.Wrong("/assets", "Name assets, or say which filter they match.")
	}
	e := &Edit{ID: db.NewID(), TeamID: teamID, Change: c, State: EditRunning, UserID: who.UserID, Who: who.Name}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := groupsKnown(tx.DB, teamID, slices.Concat(c.AddGroups, c.RemoveGroups)); err != nil {
			return err
		}
		if err := addEdit(tx, e); err != nil {
			return err
		}
		n, err := chooseAssets(tx, e, sel)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "None of these assets is in this team.")
		}
		e.Total = n
		return audit.Write(tx, who, teamID, "assets.edited", e.ID, map[string]any{"assets": n, "change": c})
	})
	if err != nil {
		return nil, err
	}
	return s.carryOn(ctx, who, e.ID)
}

// UndoEdit takes an edit back: each value that is still what the edit made of it
// becomes what it was. It is possible once, for a day.
func (s *Service) UndoEdit(ctx context.Context, who audit.Who, teamID, id string) (*Edit, error) {
	e := &Edit{ID: db.NewID(), TeamID: teamID, State: EditRunning, Undoes: &id, UserID: who.UserID, Who: who.Name}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, teamID); err != nil {
			return err
		}
		old, err := editByID(tx.DB, teamID, id)
		switch {
		case err != nil:
			return err
		case old.State != EditDone:
			return fault.New(fault.Conflict, "This change is still being made; undo it when it is done.")
		case old.Undoes != nil || old.UndoneBy != nil:
			return fault.New(fault.Conflict, "This change was undone already.")
		case tx.Now.Sub(old.Created) > undoFor:
			return fault.New(fault.Conflict, "A change can be undone for a day; this one is older.")
		}
		if err := addEdit(tx, e); err != nil {
			return err
		}
		if e.Total, err = chooseAgain(tx, e, id); err != nil {
			return err
		}
		return audit.Write(tx, who, teamID, "assets.edit_undone", id, map[string]any{"assets": e.Total})
	})
	if err != nil {
		return nil, err
	}
	return s.carryOn(ctx, who, e.ID)
}

// Edit tells how far a change of many assets has come.
func (s *Service) Edit(ctx context.Context, teamID, id string) (*Edit, error) {
	return editByID(s.db.Read(ctx), teamID, id)
}

// carryOn works on an edit for as long as a request can wait, and leaves the rest
// to the background.
func (s *Service) carryOn(ctx context.Context, who audit.Who, id string) (*Edit, error) {
	until := time.Now().Add(editPatience)
	e, err := s.work(ctx, who, id, func() bool { return time.Now().After(until) })
	if err != nil || e.State == EditDone {
		return e, err
	}
	go func() {
		later := context.WithoutCancel(ctx)
		if _, err := s.work(later, who, id, func() bool { return false }); err != nil {
			slog.ErrorContext(later, "an edit of assets stopped; it will be taken up again", "edit", id, "error", err)
		}
	}()
	return e, nil
}

// ResumeEdits takes up the edits that nobody works on any more.
func (s *Service) ResumeEdits(ctx context.Context) error {
	idle, err := idleEdits(s.db.Read(ctx), s.db.Now().Add(-editIdle))
	if err != nil {
		return err
	}
	for _, e := range idle {
		who := audit.Who{UserID: e.UserID, Name: e.Who}
		if _, err := s.work(ctx, who, e.ID, func() bool { return ctx.Err() != nil }); err != nil {
			return err
		}
	}
	return nil
}

// work does part after part until the edit is done or enough says so.
func (s *Service) work(ctx context.Context, who audit.Who, id string, enough func() bool) (e *Edit, err error) {
	for {
		var more bool
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			e, more, err = s.workPart(tx, who, id)
			return err
		})
		if err != nil {
			return nil, err
		}
		if !more {
			return s.scoreEdit(ctx, who, e, enough)
		}
		if enough() {
			return e, nil
		}
	}
}

// workPart changes the next assets of an edit.
func (s *Service) workPart(tx *db.Tx, who audit.Who, id string) (e *Edit, more bool, err error) {
	if e, err = editByID(tx.DB, "", id); err != nil || e.State == EditDone {
		return e, false, err
	}
	if _, err := team.Lock(tx, e.TeamID); err != nil {
		return nil, false, err
	}
	if e, err = editByID(tx.DB, "", id); err != nil { // somebody else may work on it too
		return nil, false, err
	}
	rows, err := nextRows(tx.DB, id, e.Undoes, editChunk)
	if err != nil || len(rows) == 0 {
		return e, false, err
	}
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].assetID
	}
	assets, err := byIDs(tx.DB, e.TeamID, ids)
	if err != nil {
		return nil, false, err
	}
	if err := groupNames(tx.DB, assets); err != nil {
		return nil, false, err
	}
	at := map[string]*Asset{}
	for i := range assets {
		at[assets[i].ID] = &assets[i]
	}
	changed, err := e.change(tx, who, rows, at)
	if err != nil {
		return nil, false, err
	}
	e.Done, e.Changed = e.Done+int64(len(rows)), e.Changed+changed
	return e, true, beat(tx, e)
}

// change writes what an edit makes of some assets.
func (e *Edit) change(tx *db.Tx, who audit.Who, rows []editRow, at map[string]*Asset) (changed int64, err error) {
	var joined, left [][2]string
	var touched []Asset
	for i := range rows {
		row := &rows[i]
		a := at[row.assetID]
		if a == nil || a.MergedInto != nil {
			continue
		}
		before, then := *a, valuesOf(a)
		now := then
		if e.Undoes != nil {
			now = then.back(row.was, row.became)
		} else {
			now = e.Change.apply(then)
		}
		was, became, differs := then.unlike(now)
		if row.was, row.became = was, became; !differs {
			continue
		}
		now.into(a, tx.Now)
		a.Version++
		if err := write(tx, a); err != nil {
			return changed, err
		}
		in, out := a.pins(was, became)
		joined, left = append(joined, in...), append(left, out...)
		row.changed, row.weighs = true, before.weighsUnlike(a) || len(in)+len(out) > 0
		touched, changed = append(touched, *a), changed+1
		if err := audit.Write(tx, who, e.TeamID, "asset.changed", a.ID, map[string]any{"edit": e.ID, "from": was, "to": became}); err != nil {
			return changed, err
		}
	}
	if err := joinGroups(tx, joined, "pinned"); err != nil {
		return changed, err
	}
	if err := leaveGroups(tx, left, "pinned", "matched"); err != nil {
		return changed, err
	}
	moved, err := regroup(tx, e.TeamID, touched)
	if err != nil {
		return changed, err
	}
	for i := range rows {
		rows[i].weighs = rows[i].weighs || slices.Contains(moved, rows[i].assetID)
	}
	return changed, writeRows(tx, e.ID, rows)
}

// pins are the groups that an asset was put into and taken out of.
func (a *Asset) pins(was, became values) (in, out [][2]string) {
	if was.Groups == nil {
		return nil, nil
	}
	for _, g := range *became.Groups {
		if !slices.Contains(*was.Groups, g) {
			in = append(in, [2]string{g, a.ID})
		}
	}
	for _, g := range *was.Groups {
		if !slices.Contains(*became.Groups, g) {
			out = append(out, [2]string{g, a.ID})
		}
	}
	return in, out
}

// scoreEdit scores the patches of what has changed, each once, and ends the edit.
func (s *Service) scoreEdit(ctx context.Context, who audit.Who, e *Edit, enough func() bool) (*Edit, error) {
	if e.State == EditDone {
		return e, nil
	}
	patches, err := s.patchesOfEdit(ctx, e)
	if err != nil {
		return nil, err
	}
	for ids := range slices.Chunk(patches, scoreChunk) {
		if enough() {
			return e, nil
		}
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			if err := s.scores.Again(tx, who, e.TeamID, ids); err != nil {
				return err
			}
			e.ScoredTo = ids[len(ids)-1]
			return beat(tx, e)
		})
		if err != nil {
			return nil, err
		}
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now := tx.Now
		e.State, e.Finished = EditDone, &now
		if err := endEdit(tx, e); err != nil || e.Changed == 0 {
			return err
		}
		return event.Tell(tx, who, e.TeamID, event.Event{Kind: event.AssetChanged})
	})
	return e, err
}

// patchesOfEdit are the patches that an edit still has to score, by id.
func (s *Service) patchesOfEdit(ctx context.Context, e *Edit) ([]string, error) {
	g := s.db.Read(ctx)
	heavy, err := weighing(g, e.ID)
	if err != nil {
		return nil, err
	}
	patches := map[string]bool{}
	for ids := range slices.Chunk(heavy, 500) {
		on, err := s.scores.On(g, ids)
		if err != nil {
			return nil, err
		}
		for _, id := range on {
			if id > e.ScoredTo {
				patches[id] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(patches)), nil
}

// editRow is one asset of an edit.
type editRow struct {
	assetID         string
	was, became     values // of an undoing: those of the edit that it takes back
	changed, weighs bool
}

func (r *editRow) texts() (was, became string, err error) {
	if !r.changed {
		return "", "", nil
	}
	a, err := json.Marshal(r.was)
	if err != nil {
		return "", "", err
	}
	b, err := json.Marshal(r.became)
	return string(a), string(b), err
}
