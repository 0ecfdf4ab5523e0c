package backlog

import (
	"context"
	"time"

	"patchline/internal/advisory"
	"patchline/internal/db"
	"patchline/internal/policy"
	"patchline/internal/risk"
	"patchline/internal/team"
)

// look is how many patches are read and judged at once when other policies are
// tried on them. Nothing is locked meanwhile.
const look = 500

// Preview says what other policies would change about the open patches of a team.
type Preview struct {
	Open    int // patches looked at
	Changed int // get another due date, or the same by another policy
	Earlier int
	Later   int
	Gained  int // had no due date
	Lost    int // would have none
	Breach  int // would be overdue at once, and are not now
	Rows    []PreviewRow
}

// PreviewRow is one patch that would change.
type PreviewRow struct {
	Number                    int64
	Title                     string
	Before, After             *time.Time
	PolicyBefore, PolicyAfter string
	Breach                    bool
}

// PreviewPolicies tries policies on every open patch of a team and changes nothing.
// It shows the first rows of those that would change: who would be overdue at once
// first, then by the new date.
func (s *Service) PreviewPolicies(ctx context.Context, t *team.Team, policies []risk.Policy, rows int) (*Preview, error) {
	out, now := &Preview{Rows: []PreviewRow{}}, s.db.Now()
	g := s.db.Read(ctx)
	median, err := advisory.Median(g)
	if err != nil {
		return nil, err
	}
	for after := ""; ; {
		ids, err := openAfter(g, t.ID, after, look)
		if err != nil || len(ids) == 0 {
			return out, err
		}
		after = ids[len(ids)-1]
		err = eachJudged(g, &scoring{now: now, median: median, policies: policies}, ids, func(before *Patch, j *judged) {
			out.count(before, j.patch, now, rows)
		})
		if err != nil {
			return nil, err
		}
	}
}

// eachJudged judges patches without writing anything.
func eachJudged(g db.Reader, s *scoring, ids []string, see func(before *Patch, j *judged)) error {
	if err := s.load(g, ids); err != nil {
		return err
	}
	for _, f := range s.facts {
		before := *f.patch
		j := s.judge(f)
		j.set()
		see(&before, &j)
	}
	return nil
}

func (v *Preview) count(before, after *Patch, now time.Time, rows int) {
	v.Open++
	if equalTime(before.DueAt, after.DueAt) && before.DuePolicy == after.DuePolicy {
		return
	}
	v.Changed++
	overdue := func(p *Patch) bool { return p.DueAt != nil && p.DueAt.Before(now) }
	row := PreviewRow{
		Number: after.Number, Title: after.Title, Before: before.DueAt, After: after.DueAt,
		PolicyBefore: before.DuePolicy, PolicyAfter: after.DuePolicy, Breach: overdue(after) && !overdue(before),
	}
	switch {
	case row.Breach:
		v.Breach++
	}
	switch {
	case row.Before == nil && row.After != nil:
		v.Gained++
	case row.After == nil && row.Before != nil:
		v.Lost++
	case row.After == nil || row.After.Equal(*row.Before):
	case row.After.Before(*row.Before):
		v.Earlier++
	default:
		v.Later++
	}
	v.show(row, rows)
}

// show keeps the first rows, in order.
func (v *Preview) show(row PreviewRow, most int) {
	at := len(v.Rows)
	for at > 0 && row.comesBefore(v.Rows[at-1]) {
		at--
	}
	if at >= most {
		return
	}
	v.Rows = append(v.Rows, PreviewRow{})
	copy(v.Rows[at+1:], v.Rows[at:])
	v.Rows[at] = row
	v.Rows = v.Rows[:min(len(v.Rows), most)]
}

func (r PreviewRow) comesBefore(o PreviewRow) bool {
	if r.Breach != o.Breach {
		return r.Breach
	}
	if r.After == nil || o.After == nil {
		return r.After != nil
	}
	return r.After.Before(*o.After)
}

// Apply works on one run: it sets the due dates of a team's open patches anew. It
// finds out which change without holding up writers, and writes only those, in
// transactions of the right size. It tells whether there was a run. One that fails
// is taken up again after a minute, from where it stopped.
func (s *Service) Apply(ctx context.Context) (worked bool, err error) {
	var run *policy.Run
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		run, err = policy.TakeRun(tx)
		return err
	})
	if err != nil || run == nil {
		return false, err
	}
	return true, (&applying{s: s, run: run, size: 50}).work(ctx)
}
