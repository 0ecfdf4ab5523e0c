package asset

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"patchline/internal/risk"
)

// Word is something that assets of a team are called, and how many are.
type Word struct {
	Word  string
	Count int
}

// Words are what is offered while typing, the most used first.
type Words struct{ Tags, Owners, Kinds, Regulations []Word }

const maxOffered = 200

// Words gathers the tags, owners, kinds and regulations in use.
func (s *Service) Words(ctx context.Context, teamID string) (Words, error) {
	tags, owners, kinds, regulations := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	err := eachKindOfWords(s.db.Read(ctx), teamID, func(owner, kind string, tag, regulation []string, n int) {
		if owner != "" {
			owners[owner] += n
		}
		kinds[kind] += n
		for _, w := range tag {
			tags[w] += n
		}
		for _, w := range regulation {
			regulations[w] += n
		}
	})
	return Words{offered(tags), offered(owners), offered(kinds), withKnown(offered(regulations))}, err
}

// withKnown adds the regulations that no asset is under yet. A team that spells
// one otherwise is not offered it twice.
func withKnown(used []Word) []Word {
	for _, name := range risk.Regulations() {
		same := func(w Word) bool { return risk.RegulationKey(w.Word) == risk.RegulationKey(name) }
		if !slices.ContainsFunc(used, same) {
			used = append(used, Word{Word: name})
		}
	}
	return used
}

func offered(counts map[string]int) []Word {
	out := make([]Word, 0, len(counts))
	for w, n := range counts {
		out = append(out, Word{w, n})
	}
	slices.SortFunc(out, func(a, b Word) int { return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Word, b.Word)) })
	return out[:min(len(out), maxOffered)]
}
