package sprint

import (
	"context"
	"time"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Correcting mends what a closed sprint recorded wrongly of one item.
type Correcting struct {
	Number int64
	What   scrum.Correction
	Points float64 // the right ones, of scrum.CorrectPoints
	Reason string
}

// Corrections are the rows added to a sprint's ledger after it closed, and its
// figures with them.
type Corrections struct {
	Rows    []Correction  // oldest first
	Figures *scrum.Report // nil when no row counts
}

// Correction is one such row. It no longer counts once its sprint was reopened: the
// entries themselves could be mended then.
type Correction struct {
	scrum.Entry
	Counts bool
}

// Correct adds a row to the ledger of a closed sprint. No row and no figure of the
// close changes, nor does the item itself or what velocity and forecast are made of.
func (s *Service) Correct(ctx context.Context, who audit.Who, t *team.Team, number int64, c Correcting) (*Report, error) {
	var out *Report
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		sp, err := lock(tx, t.ID, number, 0)
		if err != nil {
			return err
		}
		if err := correctable(sp, tx.Now); err != nil {
			return err
		}
		p, err := backlog.ByNumber(tx.DB, t.ID, c.Number)
		if err != nil {
			return err
		}
		if err := c.write(tx, who, t, sp, p); err != nil {
			return err
		}
		err = s.told(tx, who, sp, "sprint.corrected", map[string]any{"key": backlog.Key(t.Key, p.Number), "what": c.What, "reason": c.Reason})
		if err != nil {
			return err
		}
		out, err = report(tx.DB, t, sp, tx.Now)
		return err
	})
	return out, err
}

func correctable(sp *Sprint, now time.Time) error {
	switch {
	case sp.Imported:
		return fault.New(fault.Conflict, "This sprint was imported. Correct it where it was lived, and import it again.")
	case sp.State == scrum.Active:
		return fault.New(fault.Conflict, "This sprint is active: change the item itself, and the ledger follows.")
	case sp.State != scrum.Closed:
		return fault.New(fault.Conflict, "This sprint is %s; only what a closed one recorded is corrected.", sp.State)
	case now.Before(*sp.ClosedAt): // by another server's clock
		return fault.New(fault.Unavailable, "This sprint closed only just now; try again in a moment.")
	}
	return nil
}

func (c Correcting) write(tx *db.Tx, who audit.Who, t *team.Team, sp *Sprint, p *backlog.Patch) error {
	closed, err := load(tx.DB, t, sp)
	if err != nil {
		return err
	}
	rows, err := correctionsOf(tx.DB, t.Key, sp)
	if err != nil {
		return err
	}
	item := closed.Corrected(counting(rows)).Fold().Standing(backlog.Key(t.Key, p.Number))
	delta, err := item.Correct(c.What, c.Points)
	if err != nil {
		return fault.New(fault.Conflict, "%s", err)
	}
	here := *p
	here.SprintID = &sp.ID
	step := backlog.Step{Kind: scrum.KindCorrection, Detail: string(c.What), Points: delta, Reason: c.Reason}
	if err := backlog.Record(tx, who, &here, step); err != nil {
		return err
	}
	return noted(tx, who, sp, p, "patch.sprint_corrected", c.Reason)
}

func counting(rows []Correction) (out []scrum.Entry) {
	for _, r := range rows {
		if r.Counts {
			out = append(out, r.Entry)
		}
	}
	return out
}

// correct adds to a report what was corrected since.
func (r *Report) correct(g db.Reader, t *team.Team, folded scrum.Sprint) error {
	rows, err := correctionsOf(g, t.Key, r.Sprint)
	if err != nil || len(rows) == 0 {
		return err
	}
	r.Corrections.Rows = rows
	if entries := counting(rows); len(entries) > 0 {
		folded.Risk = nil
		figures := folded.Corrected(entries).Report(folded.Close)
		r.Corrections.Figures = &figures
	}
	return nil
}
