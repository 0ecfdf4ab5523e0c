package intake

import (
	"maps"
	"slices"
)

// effect is what was done, of one transaction or of all.
type effect struct {
	findings   Findings
	returned   int // of the new ones, those that had been closed before
	made       idSet
	superseded idSet
	changed    idSet          // patches with other findings than before
	met        idSet          // patches of findings that are seen
	weighs     idSet          // vulnerabilities that weigh otherwise now
	weighed    idSet          // patches with such vulnerabilities
	scored     idSet          // patches whose score takes account of all that was done so far
	open       map[string]int // change of the number of open findings, by asset
	stored     idSet          // assets whose list of components is another now
	assetsMade bool
}

type idSet map[string]bool

func newEffect() effect {
	return effect{made: idSet{}, superseded: idSet{}, changed: idSet{}, met: idSet{}, weighs: idSet{}, weighed: idSet{}, scored: idSet{}, stored: idSet{}, open: map[string]int{}}
}

func (s idSet) add(ids ...string) {
	for _, id := range ids {
		if id != "" {
			s[id] = true
		}
	}
}

// drop takes the ids of another set out.
func (s idSet) drop(other idSet) {
	for id := range other {
		delete(s, id)
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
	maps.Copy(e.stored, o.stored)
	for _, touched := range []idSet{o.made, o.changed} {
		e.scored.drop(touched)
	}
	maps.Copy(e.scored, o.scored)
	for id, n := range o.open {
		e.open[id] += n
	}
}

func (e *effect) any() bool {
	return e.assetsMade || len(e.made)+len(e.changed)+len(e.superseded)+len(e.weighs)+len(e.stored)+len(e.open) > 0
}
