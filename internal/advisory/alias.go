package advisory

import (
	"slices"
	"strings"
)

// Group is an id that a source uses, and the other ids it gives for the same
// vulnerability.
type Group struct {
	ID      string
	Aliases []string
}

// families are the databases whose ids name one vulnerability each. An id of a
// vendor's notice (RHSA, DSA, USN, …) covers several and is nobody's alias.
var families = []string{"GHSA-", "GO-", "PYSEC-", "RUSTSEC-", "OSV-", "GSD-", "RSEC-", "HSEC-"}

func isCVE(id string) bool { return strings.HasPrefix(id, "CVE-") }

func namesOne(id string) bool {
	return slices.ContainsFunc(families, func(prefix string) bool { return strings.HasPrefix(id, prefix) })
}

// members are the ids of a group that can be brought together: its own first,
// never two CVEs. An id for which two CVEs are given is an advisory in disguise
// and stays alone.
func (g Group) members() []string {
	out := []string{g.ID}
	if !isCVE(g.ID) && !namesOne(g.ID) {
		return out
	}
	cves := 0
	for _, id := range g.Aliases {
		switch {
		case isCVE(id) && !isCVE(g.ID):
			cves++
			out = append(out, id)
		case namesOne(id):
			out = append(out, id)
		}
	}
	if cves > 1 {
		return out[:1]
	}
	return out
}

// best is the id under which a group is kept: the CVE, else GitHub's, else the
// first by name.
func best(members []string) string {
	rank := func(id string) string {
		switch {
		case isCVE(id):
			return "0" + id
		case strings.HasPrefix(id, "GHSA-"):
			return "1" + id
		}
		return "2" + id
	}
	return slices.MinFunc(members, func(a, b string) int { return strings.Compare(rank(a), rank(b)) })
}

// aliases are the stored ones, followed to their end.
type aliases map[string]string

func (a aliases) follow(id string) string {
	for range 8 { // never a circle: each step leads to a better id
		next, ok := a[id]
		if !ok {
			break
		}
		id = next
	}
	return id
}

// join brings the members of a group together under the best of their present
// ids, and notes in moved which ids are kept elsewhere from now on.
func (a aliases) join(members []string, moved map[string]string) {
	present := make([]string, 0, len(members))
	for _, id := range members {
		present = append(present, a.follow(id))
	}
	cves := slices.DeleteFunc(slices.Clone(present), func(id string) bool { return !isCVE(id) })
	slices.Sort(cves)
	if len(slices.Compact(cves)) > 1 {
		return // it was told otherwise before; the first word stands
	}
	to := best(append(present, members...))
	for _, id := range append(present, members...) {
		if id != to && a[id] != to {
			a[id], moved[id] = to, to
		}
	}
}
