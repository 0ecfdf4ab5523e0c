package intake

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"patchline/internal/advisory"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/scan"
	"patchline/internal/team"
)

// step is one transaction that applies a part of the findings. It keeps what it
// does to itself until it is committed, because it may have to run twice.
type step struct {
	*report
	tx      *db.Tx
	team    *team.Team
	seen    set
	notes   []advisory.Note
	rows    []*observed
	opened  map[backlog.Subject]string
	planned []*backlog.Patch // made by this transaction, and not written yet
	brought map[string]int   // open findings of this part, by component
	effect  effect
}

// errFilled is given when somebody else has brought findings to an asset that this
// import has just made: what is stored has to be looked at after all.
var errFilled = errors.New("the asset is not fresh any more")

func newStep(r *report, tx *db.Tx, t *team.Team) *step {
	return &step{report: r, tx: tx, team: t, seen: set{}, opened: map[backlog.Subject]string{}, brought: map[string]int{}, effect: newEffect()}
}

// observed is a finding of the report beside what is stored of it.
type observed struct {
	*scan.Finding
	assetID, component, vulnerability string
	stream                            string // release that the component is of; empty if nobody knows
	fixed                             string // newest version that removes it
	stored                            *stored
	patchID                           string // the patch it belongs to from now on
	status                            string
	leaves                            bool // it belongs to no patch any more: its release has none
	quiet                             bool // nothing to write
}

func (s *step) run(part []*scan.Finding) error {
	s.count(part)
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
	s.judge()
	settled, err := s.make()
	if err != nil {
		return err
	}
	if err := s.write(); err != nil {
		return err
	}
	if err := s.empty(); err != nil {
		return err
	}
	return s.score(settled)
}

// empty closes what is left of patches of unknown releases.
func (s *step) empty() error {
	moved := map[string]string{}
	for _, o := range s.rows {
		if st := o.stored; st != nil && st.patchID != "" && st.patchStream == "" && o.stream != "" && o.patchID != "" && o.patchID != st.patchID {
			moved[st.patchID] = o.patchID
		}
	}
	closed, err := backlog.Emptied(s.tx, s.who, s.team, moved)
	s.effect.superseded.add(closed...)
	return err
}

// judge says what becomes of each finding.
func (s *step) judge() {
	for _, o := range s.rows {
		o.judge()
	}
}

// count notes how much of each component this part brings.
func (s *step) count(part []*scan.Finding) {
	for _, f := range part {
		if opens(f.Status) {
			s.brought[f.Component.Key()]++
		}
	}
}

// complete tells whether the report has no more findings of a component.
func (s *step) complete(component string) bool {
	return s.brought[component] >= s.report.left[component]
}

// make writes the new patches, those of complete components with their scores: all
// their findings are here. It returns which these are.
func (s *step) make() (settled idSet, err error) {
	settled, found := idSet{}, map[string][]backlog.Found{}
	for _, p := range s.planned {
		if s.complete(p.Component) {
			settled[p.ID], found[p.ID] = true, nil
		}
	}
	for _, o := range s.rows {
		if settled[o.patchID] && o.status == statusOpen {
			found[o.patchID] = append(found[o.patchID], backlog.Found{AssetID: o.assetID, Vulnerability: o.vulnerability, FirstSeen: o.firstSeen(s.tx.Now)})
		}
	}
	return settled, backlog.WriteNew(s.tx, s.who, s.team, s.planned, found, s.reason())
}

// score scores the patches that this transaction touched and whose components have
// no more findings in the report, but for those that are settled. The others are
// scored at the end.
func (s *step) score(settled idSet) error {
	for _, o := range s.rows {
		if !s.complete(o.component) {
			continue
		}
		s.effect.scored.add(o.patchID)
		if o.stored != nil {
			s.effect.scored.add(o.stored.patchID)
		}
	}
	maps.DeleteFunc(s.effect.scored, func(id string, _ bool) bool { return !s.touched(id) })
	again := maps.Clone(s.effect.scored)
	again.drop(settled)
	_, err := backlog.Rescore(s.tx, s.who, s.team, again.sorted(), s.reason())
	return err
}

// touched tells whether the patch is another one since it was scored last.
func (s *step) touched(id string) bool {
	for _, e := range []*effect{&s.effect, &s.report.effect} {
		if e.made[id] || e.changed[id] {
			return true
		}
	}
	return false
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
		o := &observed{Finding: f, assetID: s.assets[f.Asset.Name], component: f.Component.Key(), vulnerability: canonical[f.Vulnerability], stream: s.survey.streamOf(f), fixed: newestOf(f)}
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
		if o.stored != nil && o.stored.patchStatus == "verified" && opens(o.Status) && !o.upgraded() {
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
	patches, err := s.stillOpen()
	if err != nil {
		return err
	}
	var fixes []backlog.Fix
	asked := map[backlog.Subject]bool{}
	for _, o := range s.rows {
		about := o.subject()
		f, known := s.survey.fixes[about]
		if !known || asked[about] || patches[about] != "" || !o.needsPatch(f) {
			continue
		}
		asked[about] = true
		fixes = append(fixes, backlog.Fix{Component: o.component, Stream: o.stream, Ecosystem: f.ecosystem, Title: title(f, o.stream), FixedVersion: f.version})
	}
	res, err := backlog.PlanFixes(s.tx, s.who, s.team, fixes)
	if err != nil {
		return err
	}
	s.planned = res.Unwritten
	s.effect.made.add(res.New...)
	s.effect.changed.add(res.Changed...)
	s.effect.superseded.add(res.Superseded...)
	maps.Copy(s.opened, res.PatchIDs)
	maps.Copy(patches, res.PatchIDs)
	homes, err := s.homes()
	if err != nil {
		return err
	}
	for _, o := range s.rows {
		id := o.home(patches[o.subject()], homes, res.Followed)
		switch {
		case id != "" && (o.fixed != "" || o.hasOpenPatch() && !o.upgraded()) && o.mayMove() && (!o.hasOpenPatch() || !o.settled() || o.newer(s.survey.fixes[o.subject()])):
			o.patchID = id
		case o.upgraded() && o.mayMove():
			o.leaves = true
		}
	}
	return nil
}

// stillOpen are the patches that an earlier transaction of this import has found
// or made for the components, unless somebody has finished them since.
func (s *step) stillOpen() (map[backlog.Subject]string, error) {
	out := map[backlog.Subject]string{}
	ids := idSet{}
	for _, o := range s.rows {
		if id := s.report.opened[o.subject()]; id != "" {
			out[o.subject()] = id
			ids[id] = true
		}
	}
	open, err := openPatches(s.tx.DB, ids.sorted())
	maps.DeleteFunc(out, func(_ backlog.Subject, id string) bool { return !open[id] })
	return out, err
}

// title of a patch, as people read it. It says for which release it is, unless the
// version does.
func title(f fix, stream string) string {
	words := fmt.Sprintf("Update %s to %s", f.name, f.version)
	switch {
	case strings.HasPrefix(f.version, "KB"): // the number of an article is no version
		words = fmt.Sprintf("Install %s: %s", f.version, f.name)
	case f.version == scan.VendorFix:
		words = "Apply the vendor's fix: " + f.name
	}
	if stream != "" && scan.StreamOfVersion(f.ecosystem, f.version) != stream {
		words += " (" + scan.StreamName(stream) + ")"
	}
	text := []rune(words)
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
	return o.hasOpenPatch() && (!o.settled() || o.newer(f))
}

func (o *observed) newer(f fix) bool {
	return scan.Compare(f.ecosystem, f.version, o.stored.patchVersion) > 0
}

func (o *observed) hasOpenPatch() bool {
	return o.stored != nil && o.stored.patchID != "" && o.stored.patchStatus != "verified" && o.stored.patchStatus != "dropped"
}

// mayMove keeps a finding with a patch that people dropped: their decision holds
// until it ends.
func (o *observed) mayMove() bool {
	return opens(o.Status) && !o.stored.dismissedByOther() && (o.stored == nil || o.stored.patchID == "" || o.stored.patchStatus != "dropped")
}
