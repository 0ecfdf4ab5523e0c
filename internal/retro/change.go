package retro

import (
	"context"
	"slices"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/report"
	"patchline/internal/team"
)

// Change is what the facilitator decides; nil stays as it is.
type Change struct {
	Format     *string
	Columns    *[]string
	Anonymous  *bool
	Dots       *int64
	Phase      *Phase
	Minutes    *int64 // of the timer from now; 0 stops it
	Discussing **string
	Seen       int64 // 0 for one that nobody has begun
}

// Change sets up a retrospective, or leads it from phase to phase.
func (s *Service) Change(ctx context.Context, who audit.Who, t *team.Team, number int64, c Change) error {
	var facts *report.Summary
	if c.Phase != nil && *c.Phase == Closed {
		var err error
		if facts, err = s.report.Summary(ctx, t, number); err != nil {
			return err
		}
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := hold(tx, t, number)
		if err != nil {
			return err
		}
		if r.Phase == Closed {
			return errClosed
		}
		if r.Version != max(c.Seen, 1) {
			return fault.New(fault.Conflict, "Somebody led this retrospective on first. Look at it as it is now, then decide.")
		}
		if err := c.setUp(tx, r); err != nil {
			return err
		}
		if err := c.lead(tx, r); err != nil {
			return err
		}
		if r.Phase == Closed {
			if err := r.close(tx, t, facts); err != nil {
				return err
			}
		}
		r.Version++
		if err := saveRetro(tx, r); err != nil {
			return err
		}
		return r.told(tx, who, "retro.changed", map[string]any{"phase": r.Phase, "anonymous": r.Anonymous})
	})
}

// setUp changes what cards depend on, as long as there are none.
func (c Change) setUp(tx *db.Tx, r *Retro) error {
	if c.Dots != nil {
		if !r.Phase.before(Vote) {
			return fault.Wrong("/dots", "Voting has begun; the number of dots stands.")
		}
		r.Dots = *c.Dots
	}
	if c.Format == nil && c.Columns == nil && c.Anonymous == nil {
		return nil
	}
	n, err := countCards(tx.DB, r.ID)
	if err != nil {
		return err
	}
	if n > 0 {
		return fault.New(fault.Conflict, "There are cards already: format, columns and anonymity stand now.")
	}
	if c.Anonymous != nil {
		r.Anonymous = *c.Anonymous
	}
	return c.columns(r)
}

func (c Change) columns(r *Retro) error {
	if c.Format != nil {
		r.Format = *c.Format
	}
	if r.Format != Own {
		r.Headings = Formats[r.Format]
		return nil
	}
	if c.Columns == nil {
		if c.Format != nil {
			return fault.Wrong("/columns", "Name 2 to 6 columns.")
		}
		return nil
	}
	var names []string
	for _, n := range *c.Columns {
		n = strings.TrimSpace(n)
		if n == "" || slices.Contains(names, n) {
			return fault.Wrong("/columns", "Each column needs a name of its own.")
		}
		names = append(names, n)
	}
	if len(names) < 2 || len(names) > 6 {
		return fault.Wrong("/columns", "Name 2 to 6 columns.")
	}
	r.Headings = names
	return nil
}

// lead goes to another phase or group, and sets the timer by the server's clock.
func (c Change) lead(tx *db.Tx, r *Retro) error {
	if c.Phase != nil && *c.Phase != r.Phase {
		if err := r.enter(tx, *c.Phase); err != nil {
			return err
		}
	}
	if c.Discussing != nil {
		if *c.Discussing != nil {
			if r.Phase != Discuss {
				return fault.Wrong("/discussing_id", "Groups are talked about in the phase discuss.")
			}
			if _, err := topicOf(tx.DB, r.ID, **c.Discussing); err != nil {
				return fault.Wrong("/discussing_id", "There is no such group in this retrospective.")
			}
		}
		r.Discussing, r.EndsAt = *c.Discussing, nil
	}
	if c.Minutes != nil {
		if r.EndsAt = nil; *c.Minutes > 0 {
			end := tx.Now.Add(time.Duration(*c.Minutes) * time.Minute)
			r.EndsAt = &end
		}
	}
	return nil
}

// enter does what the phases between here and there end with. Back in or before the
// voting, it starts over.
func (r *Retro) enter(tx *db.Tx, to Phase) error {
	from := r.Phase
	if from.before(Group) && !to.before(Group) {
		if err := reveal(tx, r); err != nil {
			return err
		}
	}
	if from.before(Discuss) && !to.before(Discuss) {
		if err := count(tx, r.ID); err != nil {
			return err
		}
	}
	if err := clearVotes(tx, r.ID); err != nil {
		return err
	}
	if to.before(Discuss) && !from.before(Discuss) {
		if err := uncount(tx, r.ID); err != nil {
			return err
		}
	}
	r.Phase, r.EndsAt, r.Discussing = to, nil, nil
	if to == Discuss {
		first, err := mostWanted(tx.DB, r.ID)
		if err != nil {
			return err
		}
		r.Discussing = first
	}
	return clearReady(tx, r.ID)
}

// close writes the summary that stays, and erases what is not needed any more.
func (r *Retro) close(tx *db.Tx, t *team.Team, facts *report.Summary) error {
	if err := fill(tx.DB, r, Hand{}); err != nil {
		return err
	}
	r.Summary = r.markdown(t, facts)
	r.Secret, r.ClosedAt = "", &tx.Now
	return forgetOwners(tx, r)
}
