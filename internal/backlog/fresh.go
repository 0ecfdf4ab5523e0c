package backlog

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/risk"
	"patchline/internal/team"
)

// Found is an open finding that a new patch removes.
type Found struct {
	AssetID, Vulnerability string
	FirstSeen              time.Time
}

// WriteNew writes patches that PlanFixes has made. Those whose findings are given
// are scored by them first: a row of patches has an entry in fifteen indexes, and
// to write it without its score is to write most of them twice. The caller writes
// the findings, which must be all that the patch has; the other patches it scores
// later. Reason is for the ledger.
func WriteNew(tx *db.Tx, who audit.Who, t *team.Team, patches []*Patch, found map[string][]Found, reason string) error {
	var unscored []*Patch
	byID := map[string]*facts{}
	for _, p := range patches {
		if _, whole := found[p.ID]; whole {
			byID[p.ID] = &facts{patch: p}
		} else {
			unscored = append(unscored, p)
		}
	}
	if err := insert(tx, unscored, nil); err != nil || len(byID) == 0 {
		return err
	}
	s, err := newScoring(tx, t)
	if err != nil {
		return err
	}
	s.unwritten = true
	if err := s.loadFound(tx.DB, byID, found); err != nil {
		return err
	}
	before, changed := s.judgeAll()
	scored := make([]*Patch, len(s.facts))
	for i, f := range s.facts {
		scored[i] = f.patch
	}
	if err := insert(tx, scored, nil); err != nil {
		return err
	}
	return s.keep(tx, who, t, before, changed, reason)
}

// loadFound finds out what scores depend on from findings that are not written yet.
// What is on retired assets counts for nothing.
func (s *scoring) loadFound(g db.Reader, byID map[string]*facts, found map[string][]Found) error {
	named := map[string]bool{}
	for id := range byID {
		for _, f := range found[id] {
			named[f.AssetID] = true
		}
	}
	assets, err := assetFacts(g, slices.Sorted(maps.Keys(named)), s.kinds())
	if err != nil {
		return err
	}
	all := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		f := byID[id]
		s.facts = append(s.facts, f)
		f.find(found[id], assets)
		f.meetAll(found[id], assets, s.kinds() != nil)
		for _, v := range f.ids {
			all[v] = true
		}
	}
	return addSignals(g, byID, all)
}

// find takes the vulnerabilities of findings into account, each as of when it was
// seen first.
func (f *facts) find(found []Found, assets map[string]assetFact) {
	first := map[string]time.Time{}
	for _, one := range found {
		if _, there := assets[one.AssetID]; !there {
			continue
		}
		f.findings++
		if at, known := first[one.Vulnerability]; !known || one.FirstSeen.Before(at) {
			first[one.Vulnerability] = one.FirstSeen
		}
	}
	for _, id := range slices.Sorted(maps.Keys(first)) {
		at := first[id]
		f.ids = append(f.ids, id)
		f.vulns = append(f.vulns, risk.DueVulnerability{Vulnerability: risk.Vulnerability{ID: id}, FirstDetected: &at})
	}
}

// meetAll takes the affected assets into account, those that are alike together.
func (f *facts) meetAll(found []Found, assets map[string]assetFact, kinds bool) {
	met, alike := map[string]bool{}, map[string]int64{}
	of := map[string]risk.AssetFacts{}
	for _, one := range found {
		a, there := assets[one.AssetID]
		if !there || met[one.AssetID] {
			continue
		}
		met[one.AssetID] = true
		alike[a.key]++
		of[a.key] = a.AssetFacts
	}
	for _, key := range slices.SortedFunc(maps.Keys(alike), cmp.Compare[string]) {
		if f.meet(of[key], alike[key]); kinds {
			f.kinds = append(f.kinds, of[key])
		}
	}
}
