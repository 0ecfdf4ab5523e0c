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
	"patchline/internal/scan"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Draft is a patch made by hand.
type Draft struct {
	Title, Description      string
	Component, FixedVersion string
	Kind                    string
	Points                  *float64
	AssigneeID              *string
	Labels                  []string
	Vulnerabilities         []string
	AssetIDs                []string
}

// Create adds a patch by hand and scores it by what it names.
func (s *Service) Create(ctx context.Context, who audit.Who, t *team.Team, d Draft) (*Patch, error) {
	var p *Patch
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		p, err = CreateIn(tx, who, t, d)
		return err
	})
	return p, err
}

// CreateIn adds a patch by hand inside a transaction.
func CreateIn(tx *db.Tx, who audit.Who, t *team.Team, d Draft) (*Patch, error) {
	if err := d.check(tx, t); err != nil {
		return nil, err
	}
	number, err := team.TakePatchNumbers(tx, t.ID, 1)
	if err != nil {
		return nil, err
	}
	p := d.patch(tx, who, t, number)
	if err := ComponentFree(tx, p); err != nil {
		return nil, err
	}
	if d.Vulnerabilities, err = canonical(tx, d.Vulnerabilities); err != nil {
		return nil, err
	}
	err = scoreNew(tx, who, t, p, d, func() error {
		if err := insert(tx, []*Patch{p}, map[string]string{p.ID: d.Description}); err != nil {
			return err
		}
		return name(tx, p.ID, d.Vulnerabilities, d.AssetIDs)
	})
	if err != nil {
		return nil, err
	}
	return p, Tell(tx, who, t, p, event.PatchChanged, "patch.created", map[string]any{"title": d.Title})
}

func (d *Draft) check(tx *db.Tx, t *team.Team) error {
	d.Title = strings.TrimSpace(d.Title)
	if d.Title == "" {
		return fault.Wrong("/title", "A patch needs a title.")
	}
	if d.Kind == "" {
		d.Kind = KindPatch
	}
	if err := checkPoints(d.Points); err != nil {
		return err
	}
	if err := checkAssignee(tx, t.ID, d.AssigneeID); err != nil {
		return err
	}
	d.Labels = tidy(d.Labels)
	for i, v := range d.Vulnerabilities {
		id, ok := scan.VulnerabilityID(v)
		if !ok {
			return fault.Wrong(fmt.Sprintf("/vulnerabilities/%d", i), "This is not the id of a vulnerability, such as CVE-2024-3400 or GHSA-jfh8-c2jp-5v3q.")
		}
		d.Vulnerabilities[i] = id
	}
	d.Vulnerabilities = tidy(d.Vulnerabilities)
	d.AssetIDs = tidy(d.AssetIDs)
	return checkAssets(tx, t.ID, d.AssetIDs)
}

func (d *Draft) patch(tx *db.Tx, who audit.Who, t *team.Team, number int64) *Patch {
	return &Patch{
		ID: db.NewID(), TeamID: t.ID, Number: number, Kind: d.Kind, Title: d.Title, Component: strings.TrimSpace(d.Component), Ecosystem: EcosystemOf(strings.TrimSpace(d.Component)),
		FixedVersion: strings.TrimSpace(d.FixedVersion), Status: scrum.New, IsOpen: true, TieKey: scrum.RankAt(number), BoardKey: scrum.RankAt(number),
		Points: d.Points, AssigneeID: d.AssigneeID, Assumed: []string{}, Labels: d.Labels, ChangedBy: who.Name, Version: 1,
		CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
}

func checkPoints(points *float64) error {
	if points != nil && (!scrum.ValidPoints(*points) || *points > 1000 || *points*2 != float64(int(*points*2))) {
		return fault.Wrong("/points", "Points are a number from 0 to 1000, in halves.")
	}
	return nil
}

func checkAssignee(tx *db.Tx, teamID string, userID *string) error {
	if userID == nil {
		return nil
	}
	ok, err := team.IsMember(tx.DB, teamID, *userID)
	if err == nil && !ok {
		return fault.Wrong("/assignee_id", "The assignee must be somebody of this team who may work on patches.")
	}
	return err
}

// tidy trims words and leaves each once.
func tidy(words []string) []string {
	out := []string{}
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// Edit is a change of a patch; a nil field stays as it is.
type Edit struct {
	Title, Description *string
	Points             **float64
	AssigneeID         **string
	CoAssigneeIDs      *[]string // who else works on it
	Labels             *[]string
	Seen               int64
}

// Update changes a patch. A change of points is a ledger row of its sprint.
func (s *Service) Update(ctx context.Context, who audit.Who, t *team.Team, number int64, e Edit) (*Patch, error) {
	var p *Patch
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if p, err = Hold(tx, t.ID, number); err != nil {
			return err
		}
		detail, err := EditIn(tx, who, t, p, e)
		if err != nil {
			return err
		}
		return s.told(tx, who, t, p, "patch.changed", detail)
	})
	return p, err
}

// EditIn changes a patch that is held, inside a transaction. Detail is what to
// audit.
func EditIn(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, e Edit) (detail map[string]any, err error) {
	if p.Version != e.Seen {
		return nil, stale(p)
	}
	columns, detail, err := e.columns(tx, t, p)
	if err != nil {
		return nil, err
	}
	if e.Points != nil && !equal(*e.Points, p.Points) {
		if err := estimate(tx, who, p, *e.Points); err != nil {
			return nil, err
		}
	}
	return detail, e.write(tx, who, t, p, columns)
}

// columns checks an edit and turns it into what to write and what to audit.
func (e Edit) columns(tx *db.Tx, t *team.Team, p *Patch) (columns, detail map[string]any, err error) {
	columns, detail = map[string]any{}, map[string]any{}
	if e.Title != nil {
		title := strings.TrimSpace(*e.Title)
		if title == "" {
			return nil, nil, fault.Wrong("/title", "A patch needs a title.")
		}
		columns["title"] = title
		if title != p.Title {
			detail["title"] = fromTo(p.Title, title)
		}
	}
	if e.Description != nil {
		if err := e.describe(tx, p, detail); err != nil {
			return nil, nil, err
		}
	}
	if e.Points != nil {
		if err := checkPoints(*e.Points); err != nil {
			return nil, nil, err
		}
		columns["points"] = *e.Points
		detail["points"] = fromTo(p.Points, *e.Points)
	}
	if e.AssigneeID != nil {
		if err := checkAssignee(tx, t.ID, *e.AssigneeID); err != nil {
			return nil, nil, err
		}
		columns["assignee_id"] = *e.AssigneeID
		detail["assignee"] = fromTo(p.AssigneeID, *e.AssigneeID)
	}
	if err := e.assist(tx, t, p, detail); err != nil {
		return nil, nil, err
	}
	if e.Labels != nil {
		labels := tidy(*e.Labels)
		columns["labels"] = db.JoinWords(labels)
		if !slices.Equal(labels, p.Labels) {
			detail["labels"] = fromTo(p.Labels, labels)
		}
	}
	return columns, detail, nil
}

// keptText is how much of a description the activity keeps of each side.
const keptText = 2000

func (e Edit) describe(tx *db.Tx, p *Patch, detail map[string]any) error {
	var old string
	if err := db.One(tx.Raw("SELECT description FROM patch_texts WHERE id = ?", p.ID), &old); err != nil {
		return err
	}
	if old != *e.Description {
		detail["description"] = fromTo(shorten(old), shorten(*e.Description))
	}
	return nil
}

func shorten(text string) string {
	if runes := []rune(text); len(runes) > keptText {
		return string(runes[:keptText]) + "…"
	}
	return text
}

// estimate writes the ledger row of a new estimate. A completed item keeps its
// credit: the points in force at completion.
func estimate(tx *db.Tx, who audit.Who, p *Patch, points *float64) error {
	state, err := stateOf(tx, p)
	if err != nil || state != scrum.Active {
		return err
	}
	if !p.IsOpen {
		return fault.New(fault.Conflict, "This patch is %s in the active sprint, so its points stand. Reopen it first.", p.Status.Label())
	}
	kind := scrum.KindReEstimated
	if p.Points == nil {
		kind = scrum.KindEstimated
	}
	now := 0.0
	if points != nil {
		now = *points
	}
	return Record(tx, who, p, Step{Kind: kind, Points: now - p.points()})
}

func (e Edit) write(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, columns map[string]any) error {
	if e.Description != nil {
		if err := tx.Exec("UPDATE patch_texts SET description = ? WHERE id = ?", *e.Description, p.ID).Error; err != nil {
			return err
		}
	}
	if err := Change(tx, who, p, e.Seen, columns); err != nil {
		return err
	}
	if e.Title == nil {
		return nil
	}
	ids, err := vulnerabilitiesOf(tx.DB, p.ID, maxWords)
	if err != nil {
		return err
	}
	return setWords(tx, p.ID, searchWords(t.Key, p, ids))
}

// Tell announces a change of one patch made inside a transaction of another
// capability.
func Tell(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, kind, action string, detail map[string]any) error {
	if err := audit.Write(tx, who, t.ID, action, p.ID, detail); err != nil {
		return err
	}
	e := event.Event{Kind: kind, Key: Key(t.Key, p.Number), Version: p.Version, Status: string(p.Status)}
	if err := event.Tell(tx, who, t.ID, e); err != nil {
		return fmt.Errorf("tell of %s: %w", action, err)
	}
	return nil
}
