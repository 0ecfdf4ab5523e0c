package intake

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"patchline/internal/asset"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scan"
	"patchline/internal/team"
)

// report is the second pass over what scanners found.
type report struct {
	*run
	source  string                     // the scanner
	assets  map[string]string          // ids by the names the report uses
	seen    set                        // findings it names, by asset id, component and vulnerability
	noted   map[string]bool            // vulnerabilities whose description was looked at
	opened  map[backlog.Subject]string // the open patch of a component and release, as of the last transaction
	left    map[string]int             // open findings still to be brought, by component
	fresh   idSet                      // assets that this import made, which have no other findings yet
	offered map[[2]string]string       // newest update of Windows still to be installed, by asset and component
	effect
}

// applyReport brings the findings in, closes what a full scan no longer sees, and
// scores the patches that this touched.
func (r *run) applyReport(ctx context.Context, source *scan.Source) (changed bool, err error) {
	rep := &report{run: r, source: r.survey.snapshot.Source, assets: map[string]string{}, seen: set{}, noted: map[string]bool{}, opened: map[backlog.Subject]string{}, left: maps.Clone(r.survey.open), fresh: idSet{}, offered: map[[2]string]string{}, effect: newEffect()}
	steps := []func(context.Context, *scan.Source) error{rep.cover, rep.bring, rep.bringDismissals, rep.keepStatements, rep.bringStatements, rep.close, rep.take}
	for _, step := range steps {
		if err := step(ctx, source); err != nil {
			return rep.any(), err
		}
	}
	if err := rep.stamp(ctx); err != nil {
		return rep.any(), err
	}
	r.phase(Scoring)
	if err := rep.score(ctx); err != nil {
		return rep.any(), err
	}
	rep.tell()
	return rep.any(), nil
}

// tell fills the summary.
func (r *report) tell() {
	for id := range r.made {
		delete(r.changed, id)
	}
	for id := range r.superseded {
		delete(r.changed, id)
	}
	r.sum.Findings = r.findings
	r.sum.Patches = Patches{New: len(r.made), Changed: len(r.changed), Superseded: len(r.superseded)}
	if n := r.survey.updates; n > 0 {
		r.note(fmt.Sprintf("%s without a security fix: counted, but no work for the backlog.", count(n, "update")))
	}
	if r.returned > 0 {
		r.note(fmt.Sprintf("%s had been closed and came back.", count(r.returned, "finding")))
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	plural := what + "s"
	if what == "patch" {
		plural = "patches"
	}
	return fmt.Sprintf("%d %s", n, plural)
}

// cover makes the assets that the report covers, also those without a finding.
func (r *report) cover(ctx context.Context, _ *scan.Source) error {
	p := &pace{size: 500, least: 200, most: 1000}
	for rest := r.survey.assets; len(rest) > 0; {
		n := min(p.size, len(rest))
		if err := r.paced(p, func() error { return r.ensure(ctx, rest[:n]) }); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

func (r *report) ensure(ctx context.Context, seeds []asset.Seed) error {
	var found map[string]asset.Asset
	var made []string
	var back []string
	err := r.transact(ctx, func(tx *db.Tx) (err error) {
		if _, err = team.Lock(tx, r.team.ID); err != nil {
			return err
		}
		if found, made, err = asset.Ensure(tx, r.who, r.team.ID, seeds); err != nil {
			return err
		}
		back, err = asset.Return(tx, r.who, r.team.ID, found, r.survey.snapshot.ReportedAt)
		return err
	})
	if err == nil && len(back) > 0 {
		err = r.returnTo(ctx, back)
	}
	for name, a := range found {
		r.assets[name] = a.ID
	}
	if err == nil {
		r.fresh.add(made...)
		r.assetsMade = r.assetsMade || len(made) > 0
	}
	return err
}

// returnTo notes that assets which had been retired are there after all: what is
// open on them weighs again.
func (r *report) returnTo(ctx context.Context, assets []string) error {
	r.note(fmt.Sprintf("%s had been retired and is in use again.", count(len(assets), "asset")))
	patches, err := backlog.AssetScores.On(r.db.Read(ctx), assets)
	r.changed.add(patches...)
	return err
}

// bring applies the findings that open work.
func (r *report) bring(ctx context.Context, source *scan.Source) error {
	return r.bringThose(ctx, source, true)
}

// bringDismissals applies what the report calls fixed or not affected. It comes
// second: where a report says both about one component, for two of its versions,
// the component is affected.
func (r *report) bringDismissals(ctx context.Context, source *scan.Source) error {
	if !r.survey.dismissed {
		return nil
	}
	return r.bringThose(ctx, source, false)
}

func (r *report) bringThose(ctx context.Context, source *scan.Source, open bool) error {
	if r.survey.findings == 0 {
		return nil
	}
	p := &pace{size: 1000, least: 750, most: 2000}
	pick := func(it scan.Item) (*scan.Finding, bool) {
		return it.Finding, it.Finding != nil && opens(it.Finding.Status) == open
	}
	alike := func(a, b *scan.Finding) bool {
		return a.Component.Name == b.Component.Name && a.Component.Ecosystem == b.Component.Ecosystem
	}
	return partsOf(ctx, r.run, source, p, pick, alike, func(part []*scan.Finding) error { return r.bringPart(ctx, part) })
}

func (r *report) bringPart(ctx context.Context, part []*scan.Finding) error {
	err := r.tryPart(ctx, part)
	if errors.Is(err, errFilled) {
		clear(r.fresh)
		err = r.tryPart(ctx, part)
	}
	return err
}

func (r *report) tryPart(ctx context.Context, part []*scan.Finding) error {
	var st *step
	err := r.transact(ctx, func(tx *db.Tx) error {
		t, err := team.Lock(tx, r.team.ID)
		if err != nil {
			return err
		}
		st = newStep(r, tx, t)
		return st.run(part)
	})
	return r.keep(ctx, st, err)
}

// keep takes over what a transaction did, once it is committed.
func (r *report) keep(ctx context.Context, st *step, err error) error {
	if err != nil {
		return err
	}
	r.merge(st.effect)
	for component, n := range st.brought {
		r.left[component] -= n
	}
	r.offer(st.rows)
	maps.Copy(r.opened, st.opened)
	maps.Copy(r.seen, st.seen)
	for _, n := range st.notes {
		r.noted[n.ID] = true
	}
	weighed, err := backlog.PatchesWith(r.db.Read(ctx), st.effect.weighs.sorted())
	for _, p := range weighed {
		if !st.effect.scored[p.PatchID] {
			delete(r.scored, p.PatchID)
			r.weighed.add(p.PatchID)
		}
	}
	return err
}
