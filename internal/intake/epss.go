package intake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"patchline/internal/advisory"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scan"
)

// applyEPSS brings a day's exploitation probabilities in. Only rows that differ
// are written; nearly all of them do from one day to the next.
func (r *run) applyEPSS(ctx context.Context, source *scan.Source) (bool, error) {
	about := r.survey.snapshot
	if r.sum.Records > 0 && r.survey.probabilities == nil { // nothing that was read makes an edition
		return false, nil
	}
	loaded, err := advisory.SnapshotOf(r.db.Read(ctx), advisory.EPSS)
	if err != nil {
		return false, err
	}
	if loaded != nil && outdated(about.ScoreDate, loaded.AsOf) {
		r.note(fmt.Sprintf("The scores are older than the loaded scores of %s: nothing was changed.", loaded.AsOf.Format(time.DateOnly)))
		return false, nil
	}
	now := advisory.Snapshot{Source: advisory.EPSS, Label: about.ModelVersion, AsOf: about.ScoreDate,
		Records: int64(len(r.survey.probabilities)), Median: median(r.survey.probabilities)}
	e := &edition{run: r, loaded: loaded, now: now, patches: idSet{}}
	return e.apply(ctx, source)
}

// edition is one day of EPSS on its way in.
type edition struct {
	*run
	loaded  *advisory.Snapshot // what was there before; nil at first
	now     advisory.Snapshot
	again   bool  // an earlier attempt was cut short: what it wrote was not scored
	patches idSet // to score again
}

func (e *edition) apply(ctx context.Context, source *scan.Source) (bool, error) {
	if err := e.begin(ctx); err != nil {
		return false, err
	}
	pick := func(it scan.Item) (*scan.Probability, bool) { return it.Probability, it.Probability != nil }
	err := parts(ctx, e.run, source, &pace{size: 1000, least: 500, most: 2000}, pick, func(part []*scan.Probability) error {
		return e.bring(ctx, part)
	})
	if err != nil {
		return false, err
	}
	if err := e.drop(ctx); err != nil {
		return false, err
	}
	if err := e.keepSnapshot(ctx, e.now); err != nil {
		return false, err
	}
	e.rebaseline = e.loaded != nil && e.loaded.Label != e.now.Label
	changed, err := e.score(ctx)
	if err != nil || e.same() && !e.again {
		return changed, err
	}
	return changed, e.transact(ctx, advisory.EndEPSS)
}

// begin notes what is under way, so that an attempt that was cut short is noticed
// by the next one. The same edition again writes nothing.
func (e *edition) begin(ctx context.Context) error {
	under, err := advisory.SnapshotOf(e.db.Read(ctx), advisory.EPSSUnderWay)
	if err != nil {
		return err
	}
	if e.again = under != nil; e.again {
		if e.loaded = nil; under.Records > 0 {
			e.loaded = &advisory.Snapshot{Label: under.Label, AsOf: under.AsOf, Records: under.Records, Median: under.Median}
		}
		return nil
	}
	if e.same() {
		return nil
	}
	mark := advisory.Snapshot{Source: advisory.EPSSUnderWay}
	if e.loaded != nil {
		mark.Label, mark.AsOf, mark.Records, mark.Median = e.loaded.Label, e.loaded.AsOf, e.loaded.Records, e.loaded.Median
	}
	return e.keepSnapshot(ctx, mark)
}

func (e *edition) same() bool {
	l := e.loaded
	return l != nil && l.Label == e.now.Label && l.AsOf.Equal(e.now.AsOf) && l.Records == e.now.Records
}

// bring compares outside of the transaction, so that others wait only for what is
// written.
func (e *edition) bring(ctx context.Context, part []*scan.Probability) error {
	g := e.db.Read(ctx)
	differ, changed, err := advisory.DifferingEPSS(g, part)
	if err != nil {
		return err
	}
	if len(differ) > 0 {
		watched, err := advisory.Watched(g, changed)
		if err != nil {
			return err
		}
		if err := e.transact(ctx, func(tx *db.Tx) error { return e.write(tx, differ, watched) }); err != nil {
			return err
		}
	}
	if e.again {
		changed = changed[:0]
		for _, p := range part {
			changed = append(changed, p.CVE)
		}
	}
	return e.touch(ctx, changed)
}

// write stores scores, and the history of those that some team has.
func (e *edition) write(tx *db.Tx, differ []*scan.Probability, watched []string) error {
	if e.loaded != nil {
		if err := advisory.KeepHistory(tx, watched, e.loaded.AsOf); err != nil {
			return err
		}
	}
	if err := advisory.ApplyEPSS(tx, differ); err != nil {
		return err
	}
	on := e.now.AsOf
	if on.IsZero() {
		on = tx.Now
	}
	return advisory.KeepPoints(tx, watched, on)
}

func (e *edition) touch(ctx context.Context, vulnerabilities []string) error {
	touched, err := backlog.PatchesWith(e.db.Read(ctx), vulnerabilities)
	for _, p := range touched {
		e.patches.add(p.PatchID)
	}
	return err
}

// drop removes scores that the new edition no longer gives, unless it is only a
// part of one.
func (e *edition) drop(ctx context.Context) error {
	if e.loaded == nil || e.same() && !e.again {
		return nil
	}
	if float64(e.now.Records) < float64(e.loaded.Records)*(1-mostDropped) {
		e.note(fmt.Sprintf("The file scores far fewer than the %d vulnerabilities that are loaded, so it was taken as an addition: no score was removed.", e.loaded.Records))
		return nil
	}
	scores := func(id string) bool { return e.survey.ids.has(id) }
	dropped := 0
	for after := ""; ; {
		gone, last, err := advisory.VanishedEPSS(e.db.Read(ctx), after, scores)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(gone, 500) {
			if err := e.transact(ctx, func(tx *db.Tx) error { return advisory.DropEPSS(tx, part) }); err != nil {
				return err
			}
			if err := e.touch(ctx, part); err != nil {
				return err
			}
			dropped += len(part)
		}
		if last == "" {
			break
		}
		after = last
	}
	switch {
	case dropped == 1:
		e.note("1 vulnerability is not scored any more.")
	case dropped > 1:
		e.note(fmt.Sprintf("%d vulnerabilities are not scored any more.", dropped))
	}
	return nil
}

// score scores what was touched, and what stands on the median when that moved.
func (e *edition) score(ctx context.Context) (changed bool, err error) {
	var assuming map[string][]string
	if e.again || e.loaded == nil || !equal(e.loaded.Median, e.now.Median) {
		if assuming, err = assumingEPSS(e.db.Read(ctx)); err != nil {
			return false, err
		}
	}
	if !e.rebaseline {
		return e.rescorePatches(ctx, e.patches, assuming)
	}
	e.note(fmt.Sprintf("The model changed from %s to %s: every score is on a new base.", e.loaded.Label, e.now.Label))
	return e.rebase(ctx, assuming)
}

// rebase scores on the new base. Placed patches keep their neighbours, and each
// team gets one summary.
func (e *edition) rebase(ctx context.Context, assuming map[string][]string) (bool, error) {
	ids := maps.Clone(e.patches)
	for _, list := range assuming {
		ids.add(list...)
	}
	g := e.db.Read(ctx)
	byTeam, err := openByTeam(g, ids.sorted())
	if err != nil {
		return false, err
	}
	before, anchors := map[string]map[string]standing{}, map[string][]backlog.Anchor{}
	for teamID, patches := range byTeam {
		if before[teamID], err = standings(g, patches); err != nil {
			return false, err
		}
		if anchors[teamID], err = backlog.Anchors(ctx, e.db, teamID); err != nil {
			return false, err
		}
	}
	changed, err := e.rescorePatches(ctx, e.patches, assuming)
	if err != nil {
		return changed, err
	}
	for _, teamID := range slices.Sorted(maps.Keys(byTeam)) {
		after, err := standings(g, byTeam[teamID])
		if err != nil {
			return changed, err
		}
		if err := e.tellBase(ctx, teamID, before[teamID], after, anchors[teamID]); err != nil {
			return changed, err
		}
	}
	return changed, nil
}

func (e *edition) tellBase(ctx context.Context, teamID string, before, after map[string]standing, anchors []backlog.Anchor) error {
	var moved []backlog.BigMove
	for _, id := range slices.Sorted(maps.Keys(after)) {
		moved = append(moved, backlog.BigMove{PatchID: id, Before: before[id].priority, After: after[id].priority})
	}
	return e.transact(ctx, func(tx *db.Tx) error {
		kept, err := backlog.KeepNeighbours(tx, teamID, anchors)
		if err != nil {
			return err
		}
		return backlog.TellRebaseline(tx, teamID, e.loaded.Label, e.now.Label, moved, kept)
	})
}

func equal(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }

// median of the probabilities; nil of none.
func median(list []float64) *float64 {
	if len(list) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(list))
	mid := len(sorted) / 2
	m := sorted[mid]
	if len(sorted)%2 == 0 {
		m = (sorted[mid-1] + sorted[mid]) / 2
	}
	return &m
}
