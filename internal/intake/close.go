package intake

import (
	"context"
	"slices"
	"time"

	"patchline/internal/db"
	"patchline/internal/scan"
	"patchline/internal/team"
)

// close marks what a full scan no longer sees on its assets as not seen by this
// source; a finding is over when no source sees it any more. An inventory that
// names no vulnerability is no scan.
func (r *report) close(ctx context.Context, _ *scan.Source) error {
	if r.req.Scope != Full {
		return nil
	}
	if r.survey.snapshot.Inventory && r.survey.findings == 0 {
		r.note("A list of what is installed is no scan: it closes only what its versions disprove.")
		return nil
	}
	if r.survey.snapshot.Partial {
		r.note("The file holds single findings, so it closes nothing.")
		return nil
	}
	known := slices.DeleteFunc(r.covered(), func(id string) bool { return r.fresh[id] })
	for ids := range slices.Chunk(known, 200) {
		gone, err := r.gone(ctx, ids)
		if err != nil {
			return err
		}
		p := &pace{size: 500, least: 300, most: 1000}
		for len(gone) > 0 {
			n := min(p.size, len(gone))
			if err := r.paced(p, func() error { return r.closePart(ctx, gone[:n]) }); err != nil {
				return err
			}
			gone = gone[n:]
		}
	}
	return nil
}

// covered are the ids of the report's assets.
func (r *report) covered() []string {
	out := make([]string, 0, len(r.assets))
	for _, id := range r.assets {
		out = append(out, id)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// gone are the findings that this source saw on the assets, and the report does
// not name. An update of Windows that is offered contains those before it, which it
// hides from the list: as long as it waits, so do they, on their own clocks.
func (r *report) gone(ctx context.Context, assetIDs []string) ([]string, error) {
	var out []string
	err := seenBy(r.db.Read(ctx), r.source, assetIDs, func(id, assetID, component, vulnerability, fixed string) {
		next, waits := r.offered[[2]string{assetID, component}]
		if !r.seen.has(assetID, component, vulnerability) && !(waits && scan.Compare(cumulative, next, fixed) > 0) {
			out = append(out, id)
		}
	})
	return out, err
}

// cumulative is the ecosystem whose updates contain the ones before.
const cumulative = "kb"

// offer remembers which cumulative updates the report says are still to be installed.
func (r *report) offer(rows []*observed) {
	for _, o := range rows {
		at := [2]string{o.assetID, o.component}
		if o.Component.Ecosystem == cumulative && o.sees() && scan.Compare(cumulative, o.fixed, r.offered[at]) > 0 {
			r.offered[at] = o.fixed
		}
	}
}

func (r *report) closePart(ctx context.Context, findings []string) error {
	var e effect
	err := r.transact(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, r.team.ID); err != nil {
			return err
		}
		e = newEffect()
		if err := unsee(tx, r.source, findings, &e); err != nil {
			return err
		}
		return countOpen(tx, e.open)
	})
	if err == nil {
		r.merge(e)
	}
	return err
}

// stampEvery is how often a report without a date that brings nothing new still
// tells that its assets are there, so that they do not grow stale.
const stampEvery = 24 * time.Hour

// stamp notes when the assets were scanned: when the report says it was made, or
// else now, if it brought anything new or has not been read for a day.
func (r *report) stamp(ctx context.Context) error {
	at := r.survey.snapshot.ReportedAt
	dated := !at.IsZero() && !at.After(r.db.Now().Add(time.Minute))
	for ids := range slices.Chunk(r.covered(), 500) {
		last := at
		if !dated {
			at = r.db.Now()
			last = at.Add(-stampEvery)
		}
		fresh, err := older(r.db.Read(ctx), ids, last)
		if err != nil {
			return err
		}
		if !dated {
			fresh = append(fresh, r.news(ids)...)
		}
		if len(fresh) == 0 {
			continue
		}
		if err := r.transact(ctx, func(tx *db.Tx) error { return scanned(tx, fresh, at) }); err != nil {
			return err
		}
	}
	return nil
}

// news are the assets that this import changed or made.
func (r *report) news(ids []string) []string {
	var out []string
	for _, id := range ids {
		if _, changed := r.open[id]; changed || r.stored[id] || r.assetsMade {
			out = append(out, id)
		}
	}
	return out
}
