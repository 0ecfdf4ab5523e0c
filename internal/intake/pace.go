package intake

import (
	"context"
	"time"

	"patchline/internal/db"
)

// holds is how long one transaction should work before it commits. Others may have
// to wait 50 ms: the rest is for the commit.
const holds = 35 * time.Millisecond

// pace fits the number of rows of a transaction to how fast the machine is. Least
// bounds it below, because what a transaction costs besides does not shrink with
// its rows.
type pace struct{ size, least, most int }

// transact is db.Write, and adds up how long the work in transactions takes. To wait
// for others before and for the disk afterwards is no part of that: it takes as
// long for few rows, and smaller transactions would only be more of them.
func (r *run) transact(ctx context.Context, fn func(tx *db.Tx) error) error {
	return r.db.Write(ctx, func(tx *db.Tx) error {
		begin := time.Now()
		defer func() { r.worked += time.Since(begin) }()
		return fn(tx)
	})
}

// paced does one part, and learns from how long its transactions worked.
func (r *run) paced(p *pace, part func() error) error {
	before := r.worked
	err := part()
	took := max(r.worked-before, time.Millisecond)
	size := float64(p.size) * float64(holds) / float64(took)
	size = min(max(size, float64(p.size)/2), float64(p.size)*2)
	p.size = min(max(int(size), p.least), p.most)
	return err
}
