package backlog

import (
	"slices"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/scan"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Fix is the newest fixed version of a component that a report knows.
type Fix struct{ Component, Stream, Ecosystem, Title, FixedVersion string }

// FixResult says which open patch is about each subject, and what had to be done
// for that, by patch id.
type FixResult struct {
	PatchIDs                 map[Subject]string // of a split one, the first part
	Followed                 map[string]string  // what took the place of the superseded ones
	New, Changed, Superseded []string
	Unwritten                []*Patch // of the new ones, those that WriteNew still has to write
}

// Fixes finds or makes the open patch of each subject, which are named once each. A newer fixed version
// supersedes the older patch: the old one is dropped as superseded, and the new
// one takes its findings, estimate, assignee, labels, place and sprint along.
func Fixes(tx *db.Tx, who audit.Who, t *team.Team, fixes []Fix) (FixResult, error) {
	out, err := PlanFixes(tx, who, t, fixes)
	if err != nil {
		return out, err
	}
	return out, WriteNew(tx, who, t, out.Unwritten, nil, "")
}

// PlanFixes is Fixes, but leaves new patches that supersede nothing to WriteNew, for
// who knows by then what they remove.
func PlanFixes(tx *db.Tx, who audit.Who, t *team.Team, fixes []Fix) (FixResult, error) {
	out := FixResult{PatchIDs: map[Subject]string{}, Followed: map[string]string{}}
	existing, err := openByComponent(tx.DB, t.ID, fixes)
	if err != nil {
		return out, err
	}
	var missing []Fix
	var older []*Patch // beside missing: what it supersedes, or nil; the first part of a subject before its others
	for _, f := range fixes {
		old, err := openOf(tx, who, t, f, existing[f.Component])
		if err != nil {
			return out, err
		}
		if old != nil && scan.Compare(f.Ecosystem, f.FixedVersion, old.FixedVersion) <= 0 {
			out.PatchIDs[f.subject()] = old.ID
			continue
		}
		missing, older = append(missing, f), append(older, old)
		for _, part := range otherParts(old, existing[f.Component]) {
			missing, older = append(missing, f), append(older, part)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	if err := tx.LockWord("order of " + t.ID); err != nil {
		return out, err
	}
	return out, out.make(tx, who, t, missing, older)
}

func (out *FixResult) make(tx *db.Tx, who audit.Who, t *team.Team, fixes []Fix, older []*Patch) error {
	number, err := team.TakePatchNumbers(tx, t.ID, int64(len(fixes)))
	if err != nil {
		return err
	}
	for i, f := range fixes {
		p := f.patch(tx, who, t, number+int64(i))
		if older[i] == nil {
			out.Unwritten = append(out.Unwritten, p)
		} else if err := out.replace(tx, who, t, older[i], p); err != nil {
			return err
		}
		if out.PatchIDs[f.subject()] == "" {
			out.PatchIDs[f.subject()] = p.ID
		}
		out.New = append(out.New, p.ID)
	}
	return nil
}

// replace puts a patch in the place of an older one.
func (out *FixResult) replace(tx *db.Tx, who audit.Who, t *team.Team, old, new *Patch) error {
	if err := supersede(tx, who, t, old, new); err != nil {
		return err
	}
	if err := insert(tx, []*Patch{new}, nil); err != nil {
		return err
	}
	out.Superseded = append(out.Superseded, old.ID)
	out.Followed[old.ID] = new.ID
	return takeOver(tx, who, t, old, new)
}

func (f Fix) patch(tx *db.Tx, who audit.Who, t *team.Team, number int64) *Patch {
	now := tx.Now
	return &Patch{
		ID: db.NewID(), TeamID: t.ID, Number: number, Kind: KindPatch, Title: f.Title, Component: f.Component, Ecosystem: f.Ecosystem, Stream: f.Stream,
		FixedVersion: f.FixedVersion, Status: scrum.New, IsOpen: true, TieKey: scrum.RankAt(number), BoardKey: scrum.RankAt(number),
		Assumed: []string{}, Labels: []string{}, DetectedAt: &now, ChangedBy: who.Name, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
}

// supersede drops the old patch, before the new one of the same component is
// written, and copies what people decided about it.
func supersede(tx *db.Tx, who audit.Who, t *team.Team, old, new *Patch) error {
	new.Points, new.AssigneeID, new.Labels = old.Points, old.AssigneeID, slices.Clone(old.Labels)
	new.DetectedAt = old.DetectedAt
	new.Part, new.SplitFrom = old.Part, old.SplitFrom
	if new.Part > 0 {
		new.Title = partTitle(new.Title, new.Part)
	}
	if old.PlacedAt != nil {
		new.SortValue, new.TieKey = old.SortValue, old.TieKey
		new.PlacedBy, new.PlacedAt, new.PlacedReason = old.PlacedBy, old.PlacedAt, old.PlacedReason
	}
	sprint := old.SprintID
	note := "superseded by " + Key(t.Key, new.Number)
	if err := dropOut(tx, who, old, Dropping{Reason: scrum.Superseded, Note: note}); err != nil {
		return err
	}
	if err := tx.Exec("UPDATE patches SET superseded_by = ? WHERE id = ?", new.ID, old.ID).Error; err != nil {
		return err
	}
	new.SprintID, old.SprintID = sprint, sprint
	if sprint != nil {
		new.Status = scrum.Ready
	}
	return Tell(tx, who, t, old, event.PatchChanged, "patch.superseded", map[string]any{"by": Key(t.Key, new.Number)})
}

// takeOver moves the findings to the new patch, and puts it into the sprint where
// the old one was.
func takeOver(tx *db.Tx, who audit.Who, t *team.Team, old, new *Patch) error {
	if err := moveFindings(tx, old.ID, new.ID); err != nil {
		return err
	}
	if err := moveExceptions(tx, old.ID, new.ID); err != nil {
		return err
	}
	if err := handOver(tx, old.ID, new.ID); err != nil {
		return err
	}
	detail := map[string]any{"supersedes": Key(t.Key, old.Number)}
	if err := audit.Write(tx, who, t.ID, "patch.created", new.ID, detail); err != nil {
		return err
	}
	if new.SprintID == nil {
		return nil
	}
	state, err := stateOf(tx, new)
	if err != nil {
		return err
	}
	if state != scrum.Active {
		return Join(tx, who, new.ID, *new.SprintID, HowPlanned, false)
	}
	if err := Join(tx, who, new.ID, *new.SprintID, HowPulled, true); err != nil {
		return err
	}
	step := Step{Kind: scrum.KindAdded, Detail: string(scrum.Pulled), Points: new.points(), Reason: "supersedes " + Key(t.Key, old.Number)}
	return Record(tx, who, new, step)
}

// ReopenForFinding takes verified patches back into work because a later scan
// still sees what they should have removed. In an active sprint that is a ledger
// row; after the sprint has closed the patch returns to the backlog.
func ReopenForFinding(tx *db.Tx, who audit.Who, t *team.Team, patchIDs []string) error {
	for _, id := range patchIDs {
		p, err := ByID(tx.DB, id)
		if err != nil {
			return err
		}
		if p.Status != scrum.Verified {
			continue
		}
		if err := ComponentFree(tx, p); err != nil {
			continue // a newer patch of the component is open; its findings go there
		}
		if err := Reopen(tx, who, p, scrum.Ready, scrum.FailedVerification, "a scan still sees it"); err != nil {
			return err
		}
		if err := Tell(tx, who, t, p, event.PatchChanged, "patch.reopened", map[string]any{"reason": scrum.FailedVerification}); err != nil {
			return err
		}
	}
	return nil
}

// Reopen takes a verified patch back to a status. It stays in its sprint while
// that is active, and returns to the backlog otherwise.
func Reopen(tx *db.Tx, who audit.Who, p *Patch, to scrum.Status, why scrum.ReopenReason, reason string) error {
	state, err := stateOf(tx, p)
	if err != nil {
		return err
	}
	columns := map[string]any{"status": string(to), "is_open": to.Open()}
	step := Step{Kind: scrum.KindReopened, Detail: string(why), Points: p.points(), Cause: scrum.RiskReturned, Risk: p.Risk, Reason: reason}
	if state != scrum.Active {
		columns["sprint_id"], p.SprintID = nil, nil
		step.Kind, step.Points = "", 0
	}
	if err := Record(tx, who, p, step); err != nil {
		return err
	}
	return Change(tx, who, p, p.Version, columns)
}

// Complete records that a patch is verified, before its status is written. In an
// active sprint that earns the points in force now.
func Complete(tx *db.Tx, who audit.Who, p *Patch, reason string) error {
	state, err := stateOf(tx, p)
	if err != nil {
		return err
	}
	step := Step{Kind: scrum.KindCompleted, Points: -p.points(), Cause: scrum.RiskRetired, Risk: -p.Risk, Reason: reason}
	if state != scrum.Active {
		step.Kind, step.Points = "", 0
	}
	return Record(tx, who, p, step)
}
