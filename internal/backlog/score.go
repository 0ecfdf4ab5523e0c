package backlog

import (
	"encoding/json"
	"slices"
	"time"

	"patchline/internal/advisory"
	"patchline/internal/asset"
	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/policy"
	"patchline/internal/risk"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Score is the stored answer to "why this score", with the inputs it came from.
type Score struct {
	Result  risk.Result  `json:"result"`
	Context risk.Context `json:"context"`
	Median  float64      `json:"median"`
}

// facts is what scoring one patch needs.
type facts struct {
	patch      *Patch
	scored     bool // it had a score before
	assets     int64
	patched    int64
	findings   int64
	excepted   int64 // of the assets, those that an exception holds
	context    risk.Context
	regulation []string
	kinds      []risk.AssetFacts // for policies with a scope
	held       *holding          // nil without an exception
	vulns      []risk.DueVulnerability
	ids        []string
}

// scoring is one chunk of patches with everything their scores depend on.
type scoring struct {
	now      time.Time
	median   float64
	policies []risk.Policy
	cause    scrum.RiskCause // of a change; empty: re-scored
	facts    []*facts

	rebaseline bool // the EPSS model is another one
	unwritten  bool // the patch is written after it is scored
}

// newScoring reads what the scores of all patches of a team depend on.
func newScoring(tx *db.Tx, t *team.Team) (s scoring, err error) {
	s.now = tx.Now
	if s.median, err = advisory.Median(tx.DB); err != nil {
		return s, err
	}
	s.policies, err = policy.Of(tx.DB, t, tx.Now)
	return s, err
}

// kinds says what policies with a scope ask of the affected assets; nil when there
// is none.
func (s *scoring) kinds() *kinds {
	var out *kinds
	for _, p := range s.policies {
		if p.Scope.IsZero() {
			continue
		}
		if out == nil {
			out = &kinds{}
		}
		for _, id := range p.Scope.Groups {
			if !slices.Contains(out.groups, id) {
				out.groups = append(out.groups, id)
			}
		}
	}
	return out
}

// chunk is how many patches are scored by one set of queries; it keeps a writer
// from holding the others up for long.
const chunk = 200

// Rescore counts again what patches remove, and scores and dates those that are
// open. Only rows that change are written, and their version stays: a new score is
// no reason to refuse what somebody is doing. It returns how many got another
// score. Reason is for the ledger.
func Rescore(tx *db.Tx, who audit.Who, t *team.Team, patchIDs []string, reason string) (changed int, err error) {
	return rescore(tx, who, t, patchIDs, reason, scoring{})
}

// rescore scores as told by how: for which cause, and whether for another model.
func rescore(tx *db.Tx, who audit.Who, t *team.Team, patchIDs []string, reason string, how scoring) (changed int, err error) {
	if len(patchIDs) == 0 {
		return 0, nil
	}
	base, err := newScoring(tx, t)
	if err != nil {
		return 0, err
	}
	for ids := range slices.Chunk(patchIDs, chunk) {
		if err := coverFinished(tx, ids); err != nil {
			return changed, err
		}
		s := base
		s.cause, s.rebaseline = how.cause, how.rebaseline
		if err := s.load(tx.DB, ids); err != nil {
			return changed, err
		}
		n, err := s.apply(tx, who, t, reason)
		if changed += n; err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// scoreNew scores a patch that is being made by hand. Write writes it: with its
// score where that depends on no asset, which saves its indexes from being written
// twice.
func scoreNew(tx *db.Tx, who audit.Who, t *team.Team, p *Patch, d Draft, write func() error) error {
	s, err := newScoring(tx, t)
	if err != nil {
		return err
	}
	f := &facts{patch: p}
	s.facts, s.unwritten = []*facts{f}, len(d.AssetIDs) == 0
	if err := s.loadNew(tx, f, d, write); err != nil {
		return err
	}
	before, changed := s.judgeAll()
	if s.unwritten {
		if err := write(); err != nil {
			return err
		}
	}
	return s.keep(tx, who, t, before, changed, "made by hand")
}

// loadNew finds what a new patch's score depends on; what is on its assets, from
// the database.
func (s *scoring) loadNew(tx *db.Tx, f *facts, d Draft, write func() error) error {
	byID := map[string]*facts{f.patch.ID: f}
	if !s.unwritten {
		if err := write(); err != nil {
			return err
		}
		if err := loadAssets(tx.DB, byID, s.kinds()); err != nil {
			return err
		}
		return loadVulnerabilities(tx.DB, byID)
	}
	all := map[string]bool{}
	for _, id := range d.Vulnerabilities {
		f.ids, all[id] = append(f.ids, id), true
		f.vulns = append(f.vulns, risk.DueVulnerability{Vulnerability: risk.Vulnerability{ID: id}})
	}
	return addSignals(tx.DB, byID, all)
}

// AssetScores is what a change of assets asks of the backlog.
var AssetScores = asset.Scores{On: patchesOnAssets, Again: rescoreForAssets, Move: moveAsset, Back: moveBack}

func rescoreForAssets(tx *db.Tx, who audit.Who, teamID string, patchIDs []string) error {
	t, err := team.ByID(tx.DB, teamID)
	if err != nil {
		return err
	}
	_, err = Rescore(tx, who, t, patchIDs, "an asset changed")
	return err
}

// load reads the chunk's open patches with their assets and vulnerabilities.
func (s *scoring) load(g db.Reader, ids []string) error {
	var patches []*Patch
	if err := g.Where("id IN ? AND is_open", ids).Find(&patches).Error; err != nil {
		return err
	}
	byID := map[string]*facts{}
	for _, p := range patches {
		f := &facts{patch: p}
		byID[p.ID], s.facts = f, append(s.facts, f)
	}
	if len(patches) == 0 {
		return nil
	}
	if err := loadScored(g, byID); err != nil {
		return err
	}
	if err := loadHoldings(g, byID); err != nil {
		return err
	}
	if err := loadAssets(g, byID, s.kinds()); err != nil {
		return err
	}
	return loadVulnerabilities(g, byID)
}

// judged is a patch with its new score.
type judged struct {
	*facts
	score   Score
	due     risk.DueDate
	dated   bool
	changed bool
	was     *Patch // before, if it had a score then
}

func (s *scoring) judge(f *facts) judged {
	j := judged{facts: f}
	if f.patch.Kind == KindImprovement {
		return j
	}
	in := s.input(f)
	j.due, j.dated = risk.Due(s.policies, s.about(f))
	f.postpone(&j)
	if j.dated {
		in.Context.Elapsed = risk.Elapsed(j.due.Start, j.due.Due, s.now)
	}
	j.score = Score{Result: risk.Score(in), Context: in.Context, Median: s.median}
	return j
}

// input is what the score of a patch depends on, but for its due date.
func (s *scoring) input(f *facts) risk.Input {
	c := f.context
	c.Affected, c.Regulated = int(f.assets-f.excepted), len(f.regulation) > 0
	if f.assets == 0 && f.patch.DetectedAt == nil {
		c.Affected = 1 // made by hand: it is about something
	}
	in := risk.Input{Context: c, MedianEPSS: s.median}
	for _, v := range f.vulns {
		in.Vulnerabilities = append(in.Vulnerabilities, v.Vulnerability)
	}
	return in
}

// about is what policies ask about a patch. The risk does not depend on the due
// date, so rules may ask for it.
func (s *scoring) about(f *facts) risk.DueFacts {
	detected := f.patch.CreatedAt
	if f.patch.DetectedAt != nil {
		detected = *f.patch.DetectedAt
	}
	about := risk.DueFacts{
		Vulnerabilities: f.vulns, Exposure: f.context.Exposure, Regulations: f.regulation, FirstDetected: detected, Assets: f.kinds,
	}
	if slices.ContainsFunc(s.policies, risk.Policy.AsksForBand) {
		about.Risk = risk.Score(s.input(f)).Risk
	}
	return about
}

// set writes the judgement into the patch and tells whether anything changed.
func (j *judged) set() {
	p, before := j.patch, *j.patch
	r := j.score.Result
	p.Risk, p.Priority, p.KEV, p.Regulated = r.Risk, r.Score, r.KEV, j.score.Context.Regulated
	p.Assumed = r.Assumed
	p.EPSS, p.CVSS = nil, nil
	if r.EPSSKnown && len(j.vulns) > 0 {
		p.EPSS = &r.EPSS
	}
	if !slices.Contains(r.Assumed, risk.AssumedCVSS) && len(j.vulns) > 0 {
		p.CVSS = &r.CVSS
	}
	p.DueAt, p.DuePolicy, p.ClockAt = nil, "", nil
	if j.dated {
		p.DueAt, p.DuePolicy = &j.due.Due, j.due.PolicyName
		if !j.due.Start.IsZero() {
			p.ClockAt = &j.due.Start
		}
	}
	if p.PlacedAt == nil {
		p.SortValue = p.Priority
	}
	p.Assets, p.Patched, p.Findings, p.Vulnerabilities = j.assets, j.patched, j.findings, int64(len(j.vulns))
	j.changed = !j.scored || differs(&before, p)
	if j.scored {
		j.was = &before
	}
}

func differs(a, b *Patch) bool {
	return a.Risk != b.Risk || a.Priority != b.Priority || a.SortValue != b.SortValue || a.KEV != b.KEV || a.Regulated != b.Regulated ||
		!slices.Equal(a.Assumed, b.Assumed) || !equal(a.EPSS, b.EPSS) || !equal(a.CVSS, b.CVSS) ||
		!equalTime(a.DueAt, b.DueAt) || a.DuePolicy != b.DuePolicy || !equalTime(a.ClockAt, b.ClockAt) ||
		a.Assets != b.Assets || a.Patched != b.Patched || a.Findings != b.Findings || a.Vulnerabilities != b.Vulnerabilities
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

func equalTime(a, b *time.Time) bool { return a == b || a != nil && b != nil && a.Equal(*b) }

// named is the largest batch whose changes of risk outside a sprint are recorded
// patch by patch; those of a larger one are recorded as their sum.
const named = 100

func (s *scoring) apply(tx *db.Tx, who audit.Who, t *team.Team, reason string) (int, error) {
	before, changed := s.judgeAll()
	return len(changed), s.keep(tx, who, t, before, changed, reason)
}

// judgeAll sets the scores of the patches, and returns how they were before, and
// those that are other ones now.
func (s *scoring) judgeAll() (before map[string]Patch, changed []judged) {
	before = map[string]Patch{}
	for _, f := range s.facts {
		before[f.patch.ID] = *f.patch
		j := s.judge(f)
		if j.set(); j.changed {
			changed = append(changed, j)
		}
	}
	return before, changed
}

// keep writes what has changed, and says so in moves, activity and ledger.
func (s *scoring) keep(tx *db.Tx, who audit.Who, t *team.Team, before map[string]Patch, changed []judged, reason string) error {
	if len(changed) == 0 {
		return nil
	}
	if err := s.writeMoves(tx, before, changed); err != nil {
		return err
	}
	if !s.unwritten {
		if err := writeColumns(tx, changed); err != nil {
			return err
		}
	}
	if err := writeScores(tx, t.Key, changed); err != nil {
		return err
	}
	if err := noteChanges(tx, who, changed, reason); err != nil {
		return err
	}
	return s.enter(tx, who, t, before, changed, reason)
}

// enter records the changes of risk in the ledger.
func (s *scoring) enter(tx *db.Tx, who audit.Who, t *team.Team, before map[string]Patch, changed []judged, reason string) error {
	sums := map[scrum.RiskCause]float64{}
	var one entries
	for _, j := range changed {
		cause, delta := scrum.RiskRescored, j.patch.Risk-before[j.patch.ID].Risk
		switch {
		case !j.scored && s.cause == scrum.RiskRescored: // a part of one that had a score
		case !j.scored:
			cause = scrum.RiskArrived
		case s.cause == scrum.RiskTaken && delta < 0, s.cause == scrum.RiskReturned && delta > 0:
			cause = s.cause
		}
		if delta == 0 {
			continue
		}
		if j.patch.SprintID == nil && len(changed) > named {
			sums[cause] += delta
			continue
		}
		if err := one.add(tx, who, j.patch.TeamID, j.patch.SprintID, &j.patch.ID, Step{Cause: cause, Risk: delta, Reason: reason}); err != nil {
			return err
		}
	}
	if err := IntoLedger.Write(tx, one); err != nil {
		return err
	}
	for cause, sum := range sums {
		if err := recordSum(tx, who, t.ID, cause, sum); err != nil {
			return err
		}
	}
	return nil
}

func (j *judged) json() (score, due string, err error) {
	text, err := json.Marshal(j.score)
	if err != nil || !j.dated {
		return string(text), "", err
	}
	date, err := json.Marshal(j.due)
	return string(text), string(date), err
}
