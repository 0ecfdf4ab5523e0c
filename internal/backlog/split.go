package backlog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Split takes parts out of a patch. What no part names stays with it.
type Split struct {
	Points *float64 // that stay; with those of the parts they are as many as before
	Parts  []Part
	Reason string
	Seen   int64
}

// Part becomes a patch of its own: the findings on some assets, or some findings.
type Part struct {
	Title                string // empty: that of the patch, numbered
	Points               *float64
	AssetIDs, FindingIDs []string

	patch *Patch
}

const (
	maxParts  = 10
	maxReason = 2000
)

// Split divides a patch, and returns it with its parts behind it. The parts keep
// its status, sprint, clock, labels and people. In an active sprint each part is two
// rows of the ledger, whose points add up to nothing. Placements by hand stay with
// the first one: two patches cannot stand in one place.
func (s *Service) Split(ctx context.Context, who audit.Who, t *team.Team, number int64, sp Split) ([]*Patch, error) {
	var out []*Patch
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := Hold(tx, t.ID, number)
		if err != nil {
			return err
		}
		if err := sp.check(tx, p); err != nil {
			return err
		}
		if err := sp.make(tx, who, t, p); err != nil {
			return err
		}
		if out, err = sp.rescored(tx, who, t, p); err != nil {
			return err
		}
		return sp.tell(tx, who, t, out)
	})
	return out, err
}

func (sp *Split) check(tx *db.Tx, p *Patch) error {
	if p.Version != sp.Seen {
		return stale(p)
	}
	if !p.IsOpen {
		return fault.New(fault.Conflict, "This patch is %s, so there is nothing left to split.", p.Status.Label())
	}
	if held, err := isHeld(tx.DB, p.ID); err != nil {
		return err
	} else if held {
		return fault.New(fault.Conflict, "An exception of this patch is asked for or in force. End it first: it was decided about the patch as a whole.")
	}
	if sp.Reason = strings.TrimSpace(sp.Reason); sp.Reason == "" || len([]rune(sp.Reason)) > maxReason {
		return fault.Wrong("/reason", "Say why it is split, in at most %d letters.", maxReason)
	}
	if len(sp.Parts) == 0 || len(sp.Parts) > maxParts {
		return fault.Wrong("/parts", "One to %d parts are taken out at once.", maxParts)
	}
	return sp.checkPoints(p)
}

// checkPoints conserves the estimate: all have points and they add up, or none has.
func (sp *Split) checkPoints(p *Patch) error {
	all := []*float64{sp.Points}
	for i := range sp.Parts {
		all = append(all, sp.Parts[i].Points)
	}
	sum := 0.0
	for i, points := range all {
		at := "/points"
		if i > 0 {
			at = fmt.Sprintf("/parts/%d/points", i-1)
		}
		switch {
		case points == nil && p.Points == nil:
			continue
		case points == nil:
			return fault.Wrong(at, "The patch has %g points: say how many go here.", *p.Points)
		case p.Points == nil:
			return fault.Wrong(at, "The patch has no estimate that could be split. Estimate the parts afterwards.")
		}
		if err := checkPoints(points); err != nil {
			return fault.Wrong(at, "Points are a number from 0 to 1000, in halves.")
		}
		sum += *points
	}
	if p.Points != nil && sum != *p.Points {
		return fault.Wrong("/points", "The parts have %g points together, but the patch has %g: a split changes no estimate.", sum, *p.Points)
	}
	return nil
}

// make writes the parts and moves to them what they name.
func (sp *Split) make(tx *db.Tx, who audit.Who, t *team.Team, p *Patch) error {
	if err := tx.LockWord("order of " + t.ID); err != nil {
		return err
	}
	first, err := nextPart(tx.DB, p)
	if err != nil {
		return err
	}
	number, err := team.TakePatchNumbers(tx, t.ID, int64(len(sp.Parts)))
	if err != nil {
		return err
	}
	description, err := descriptionOf(tx.DB, p.ID)
	if err != nil {
		return err
	}
	for i := range sp.Parts {
		part := &sp.Parts[i]
		part.patch = p.part(tx, who, number+int64(i), first+int64(i), *part)
		if err := insert(tx, []*Patch{part.patch}, map[string]string{part.patch.ID: description}); err != nil {
			return err
		}
		if err := part.take(tx, p, fmt.Sprintf("/parts/%d", i)); err != nil {
			return err
		}
		if err := copyBeside(tx, t.ID, p.ID, part.patch.ID); err != nil {
			return err
		}
	}
	if left, err := needers(tx.DB, p.ID); err != nil {
		return err
	} else if left == 0 {
		return fault.Wrong("/parts", "Nothing would stay with the patch. Leave it some assets or findings.")
	}
	return sp.divide(tx, who, t, p)
}

func (p *Patch) part(tx *db.Tx, who audit.Who, number, n int64, part Part) *Patch {
	root := p.root()
	detected := p.DetectedAt
	if detected == nil {
		detected = &p.CreatedAt // the clock goes on
	}
	title := strings.TrimSpace(part.Title)
	if title == "" {
		title = partTitle(p.Title, n)
	}
	return &Patch{
		ID: db.NewID(), TeamID: p.TeamID, Number: number, Kind: p.Kind, Title: title, Component: p.Component, Ecosystem: p.Ecosystem, Stream: p.Stream,
		Part: n, SplitFrom: &root, FixedVersion: p.FixedVersion, Status: p.Status, IsOpen: true, TieKey: scrum.RankAt(number), BoardKey: scrum.RankAt(number),
		Points: part.Points, AssigneeID: p.AssigneeID, SprintID: p.SprintID, Carried: p.Carried, Labels: slices.Clone(p.Labels), Assumed: []string{},
		DetectedAt: detected, ChangedBy: who.Name, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
}

// partTitle numbers a title, in place of the number that it may have.
func partTitle(title string, n int64) string {
	if at := strings.LastIndex(title, " (part "); at > 0 && strings.HasSuffix(title, ")") {
		title = title[:at]
	}
	words := []rune(title)
	return fmt.Sprintf("%s (part %d)", string(words[:min(len(words), 280)]), n+1)
}

// take moves what the part names. Everything named must be the patch's, and once.
func (part *Part) take(tx *db.Tx, p *Patch, at string) error {
	part.AssetIDs, part.FindingIDs = tidy(part.AssetIDs), tidy(part.FindingIDs)
	if len(part.AssetIDs)+len(part.FindingIDs) == 0 {
		return fault.Wrong(at, "Name the assets or the findings of this part.")
	}
	for _, id := range part.AssetIDs {
		n, err := takeAsset(tx, p.ID, part.patch.ID, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Wrong(at+"/asset_ids", "An asset named is not one of this patch, or another part has it.")
		}
	}
	for _, id := range part.FindingIDs {
		n, err := takeFinding(tx, p.ID, part.patch.ID, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Wrong(at+"/finding_ids", "A finding named is not one of this patch, or another part has it.")
		}
	}
	if n, err := needers(tx.DB, part.patch.ID); err != nil || n > 0 {
		return err
	}
	return fault.Wrong(at, "Nothing of this part is open, so there would be nothing to do.")
}

// divide moves the points. In an active sprint, what the patch loses its parts gain.
func (sp *Split) divide(tx *db.Tx, who audit.Who, t *team.Team, p *Patch) error {
	state, err := stateOf(tx, p)
	if err != nil {
		return err
	}
	for _, part := range sp.Parts {
		if p.SprintID == nil {
			break
		}
		if err := joinLike(tx, who, p, part.patch); err != nil {
			return err
		}
		if state != scrum.Active {
			continue
		}
		from := Step{Kind: scrum.KindSplit, Detail: Key(t.Key, part.patch.Number), Points: -part.patch.points(), Reason: sp.Reason}
		if err := Record(tx, who, p, from); err != nil {
			return err
		}
		to := Step{Kind: scrum.KindSplit, Detail: Key(t.Key, p.Number), Points: part.patch.points(), Reason: sp.Reason}
		if err := Record(tx, who, part.patch, to); err != nil {
			return err
		}
	}
	return Change(tx, who, p, p.Version, map[string]any{"points": sp.Points})
}

// rescored scores the patch and its parts anew: what is counted apart is the same
// risk in another shape, and nothing that arrived.
func (sp *Split) rescored(tx *db.Tx, who audit.Who, t *team.Team, p *Patch) ([]*Patch, error) {
	ids := []string{p.ID}
	for _, part := range sp.Parts {
		ids = append(ids, part.patch.ID)
	}
	if _, err := rescore(tx, who, t, ids, "split: "+sp.Reason, scoring{cause: scrum.RiskRescored}); err != nil {
		return nil, err
	}
	out := make([]*Patch, len(ids))
	for i, id := range ids {
		var err error
		if out[i], err = ByID(tx.DB, id); err != nil {
			return nil, err
		}
		if err := Fill(tx.DB, out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (sp *Split) tell(tx *db.Tx, who audit.Who, t *team.Team, all []*Patch) error {
	p, into := all[0], []string{}
	for _, part := range all[1:] {
		into = append(into, Key(t.Key, part.Number))
		detail := map[string]any{"from": Key(t.Key, p.Number), "points": part.Points, "reason": sp.Reason}
		if err := Tell(tx, who, t, part, event.PatchChanged, "patch.split", detail); err != nil {
			return err
		}
	}
	return Tell(tx, who, t, p, event.PatchChanged, "patch.split", map[string]any{"into": into, "points": p.Points, "reason": sp.Reason})
}
