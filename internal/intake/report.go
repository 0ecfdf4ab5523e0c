package intake

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"patchline/internal/advisory"
	"patchline/internal/asset"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scan"
	"patchline/internal/team"
)

// report is the second pass over what scanners found.
type report struct {
	*run
	source string            // the scanner
	assets map[string]string // ids by the names the report uses
	seen   set               // findings it names, by asset id, component and vulnerability
	noted  map[string]bool   // vulnerabilities whose description was looked at
	effect
}

// effect is what was done, of one transaction or of all.
type effect struct {
	findings   Findings
	returned   int // of the new ones, those that had been closed before
	made       idSet
	superseded idSet
	changed    idSet          // patches with other findings than before
	met        idSet          // patches of findings that are seen
	weighs     idSet          // vulnerabilities that weigh otherwise now
	open       map[string]int // change of the number of open findings, by asset
	assetsMade bool
}

type idSet map[string]bool

func newEffect() effect {
	return effect{made: idSet{}, superseded: idSet{}, changed: idSet{}, met: idSet{}, weighs: idSet{}, open: map[string]int{}}
}

func (s idSet) add(ids ...string) {
	for _, id := range ids {
		if id != "" {
			s[id] = true
		}
	}
}

func (s idSet) sorted() []string { return slices.Sorted(maps.Keys(s)) }

// merge adds what one committed transaction did.
func (e *effect) merge(o effect) {
	e.findings.New += o.findings.New
	e.findings.Unchanged += o.findings.Unchanged
	e.findings.Closed += o.findings.Closed
	e.findings.WithoutFix += o.findings.WithoutFix
	e.returned += o.returned
	e.assetsMade = e.assetsMade || o.assetsMade
	maps.Copy(e.made, o.made)
	maps.Copy(e.superseded, o.superseded)
	maps.Copy(e.changed, o.changed)
	maps.Copy(e.met, o.met)
	maps.Copy(e.weighs, o.weighs)
	for id, n := range o.open {
		e.open[id] += n
	}
}

func (e *effect) any() bool {
	return e.assetsMade || len(e.made)+len(e.changed)+len(e.superseded)+len(e.weighs)+len(e.open) > 0
}

// applyReport brings the findings in, closes what a full scan no longer sees, and
// scores the patches that this touched.
func (r *run) applyReport(ctx context.Context, source *scan.Source) (changed bool, err error) {
	rep := &report{run: r, source: r.survey.snapshot.Source, assets: map[string]string{}, seen: set{}, noted: map[string]bool{}, effect: newEffect()}
	steps := []func(context.Context, *scan.Source) error{rep.cover, rep.bring, rep.bringDismissals, rep.bringStatements, rep.close}
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
func (r *report) cover(ctx context.Context, source *scan.Source) error {
	p := &pace{size: 200, least: 50, most: 1000}
	pick := func(it scan.Item) (scan.Asset, bool) {
		switch {
		case it.Asset != nil:
			return *it.Asset, true
		case it.Finding != nil && r.assets[it.Finding.Asset.Name] == "":
			r.assets[it.Finding.Asset.Name] = pending
			return it.Finding.Asset, true
		}
		return scan.Asset{}, false
	}
	defer func() { r.state.Applied = 0 }()
	return parts(ctx, r.run, source, p, pick, func(part []scan.Asset) error { return r.ensure(ctx, part) })
}

// pending stands for an asset that will have its id with the next transaction.
const pending = "pending"

func (r *report) ensure(ctx context.Context, part []scan.Asset) error {
	var seeds []asset.Seed
	for _, a := range part {
		if id := r.assets[a.Name]; id == "" || id == pending {
			seeds = append(seeds, asset.Seed{Name: a.Name, Kind: a.Kind})
		}
	}
	if len(seeds) == 0 {
		return nil
	}
	var found map[string]asset.Asset
	var made bool
	err := r.db.Write(ctx, func(tx *db.Tx) (err error) {
		if _, err = team.Lock(tx, r.team.ID); err != nil {
			return err
		}
		found, err = asset.Ensure(tx, r.who, r.team.ID, seeds)
		for _, a := range found {
			made = made || a.CreatedAt.Equal(tx.Now)
		}
		return err
	})
	for name, a := range found {
		r.assets[name] = a.ID
	}
	r.assetsMade = r.assetsMade || made
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
	p := &pace{size: 250, least: 50, most: 1500}
	pick := func(it scan.Item) (*scan.Finding, bool) {
		return it.Finding, it.Finding != nil && opens(it.Finding.Status) == open
	}
	return parts(ctx, r.run, source, p, pick, func(part []*scan.Finding) error { return r.bringPart(ctx, part) })
}

func (r *report) bringPart(ctx context.Context, part []*scan.Finding) error {
	var st *step
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		t, err := team.Lock(tx, r.team.ID)
		if err != nil {
			return err
		}
		st = newStep(r, tx, t)
		return st.run(part)
	})
	return r.keep(st, err)
}

// keep takes over what a transaction did, once it is committed.
func (r *report) keep(st *step, err error) error {
	if err != nil {
		return err
	}
	r.merge(st.effect)
	maps.Copy(r.seen, st.seen)
	for _, n := range st.notes {
		r.noted[n.ID] = true
	}
	return nil
}

// step is one transaction that applies a part of the findings. It keeps what it
// does to itself until it is committed, because it may have to run twice.
type step struct {
	*report
	tx     *db.Tx
	team   *team.Team
	seen   set
	notes  []advisory.Note
	rows   []*observed
	effect effect
}

func newStep(r *report, tx *db.Tx, t *team.Team) *step {
	return &step{report: r, tx: tx, team: t, seen: set{}, effect: newEffect()}
}

// observed is a finding of the report beside what is stored of it.
type observed struct {
	*scan.Finding
	assetID, component, vulnerability string
	fixed                             string // newest version that removes it
	stored                            *stored
	patchID                           string // the patch it belongs to from now on
	status                            string
	quiet                             bool // nothing to write
}

func (s *step) run(part []*scan.Finding) error {
	if err := s.identify(part); err != nil {
		return err
	}
	changed, err := advisory.NoteScanner(s.tx, s.source, s.notes)
	if err != nil {
		return err
	}
	s.effect.weighs.add(changed...)
	if err := s.find(); err != nil {
		return err
	}
	if err := s.reopen(); err != nil {
		return err
	}
	if err := s.join(); err != nil {
		return err
	}
	return s.write()
}

// identify brings ids of the same vulnerability together and leaves out what the
// report has named before.
func (s *step) identify(part []*scan.Finding) error {
	groups := make([]advisory.Group, len(part))
	for i, f := range part {
		groups[i] = advisory.Group{ID: f.Vulnerability, Aliases: f.Aliases}
	}
	canonical, moved, err := advisory.Join(s.tx, groups)
	if err != nil {
		return err
	}
	if err := s.rename(moved); err != nil {
		return err
	}
	described := map[string]bool{}
	for _, f := range part {
		o := &observed{Finding: f, assetID: s.assets[f.Asset.Name], component: f.Component.Key(), vulnerability: canonical[f.Vulnerability], fixed: newestOf(f)}
		if s.report.seen.has(o.assetID, o.component, o.vulnerability) || !s.seen.add(o.assetID, o.component, o.vulnerability) {
			continue
		}
		s.rows = append(s.rows, o)
		if !s.noted[o.vulnerability] && !described[o.vulnerability] {
			described[o.vulnerability] = true
			s.notes = append(s.notes, advisory.Note{ID: o.vulnerability, Title: f.Title, Description: f.Description,
				Severity: f.Severity, URL: f.URL, Ratings: f.Ratings})
		}
	}
	return nil
}

// rename moves findings to the id their vulnerability is kept under from now on.
func (s *step) rename(moved map[string]string) error {
	touched, err := moveFindings(s.tx, moved)
	s.effect.changed.add(touched...)
	return err
}

// reopen takes verified patches back into work whose findings are still seen.
func (s *step) reopen() error {
	var back []string
	for _, o := range s.rows {
		if o.stored != nil && o.stored.patchStatus == "verified" && opens(o.Status) {
			back = append(back, o.stored.patchID)
		}
	}
	if len(back) == 0 {
		return nil
	}
	slices.Sort(back)
	back = slices.Compact(back)
	if err := backlog.ReopenForFinding(s.tx, s.who, s.team, back); err != nil {
		return err
	}
	now, err := patchStatuses(s.tx.DB, back)
	if err != nil {
		return err
	}
	for _, o := range s.rows {
		if o.stored == nil {
			continue
		}
		if status, asked := now[o.stored.patchID]; asked {
			o.stored.patchStatus = status
			s.effect.changed.add(o.stored.patchID)
		}
	}
	return nil
}

// join finds the patch of every finding that has a fix, and makes those that are
// missing.
func (s *step) join() error {
	var fixes []backlog.Fix
	asked := map[string]bool{}
	for _, o := range s.rows {
		f, known := s.survey.fixes[o.component]
		if !known || asked[o.component] || !o.needsPatch(f) {
			continue
		}
		asked[o.component] = true
		fixes = append(fixes, backlog.Fix{Component: o.component, Ecosystem: f.ecosystem, Title: title(f), FixedVersion: f.version})
	}
	if len(fixes) == 0 {
		return nil
	}
	res, err := backlog.Fixes(s.tx, s.who, s.team, fixes)
	if err != nil {
		return err
	}
	s.effect.made.add(res.New...)
	s.effect.changed.add(res.Changed...)
	s.effect.superseded.add(res.Superseded...)
	for _, o := range s.rows {
		if id := res.PatchIDs[o.component]; id != "" && (o.fixed != "" || o.hasOpenPatch()) && o.mayMove() {
			o.patchID = id
		}
	}
	return nil
}

// title of a patch, as people read it.
func title(f fix) string {
	text := []rune(fmt.Sprintf("Update %s to %s", f.name, f.version))
	if len(text) > 200 {
		text = append(text[:199], '…')
	}
	return string(text)
}

// needsPatch tells whether the finding has no patch yet, has a finished one that
// cannot be taken up again, or has one for an older version than is known now.
func (o *observed) needsPatch(f fix) bool {
	switch {
	case !opens(o.Status) || o.stored.dismissedByOther():
		return false
	case o.stored == nil || o.stored.patchID == "":
		return o.fixed != ""
	case o.stored.patchStatus == "verified":
		return o.fixed != ""
	}
	return o.hasOpenPatch() && scan.Compare(f.ecosystem, f.version, o.stored.patchVersion) > 0
}

func (o *observed) hasOpenPatch() bool {
	return o.stored != nil && o.stored.patchID != "" && o.stored.patchStatus != "verified" && o.stored.patchStatus != "dropped"
}

// mayMove keeps a finding with a patch that people dropped: their decision holds
// until it ends.
func (o *observed) mayMove() bool {
	return opens(o.Status) && !o.stored.dismissedByOther() && (o.stored == nil || o.stored.patchID == "" || o.stored.patchStatus != "dropped")
}
