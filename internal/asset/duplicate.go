package asset

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Reasons why assets may be one.
const (
	SameHost       = "short_name" // a short name beside the one name with a domain that begins with it
	SameSpelling   = "spelling"   // the names differ in punctuation or width only
	SameIdentifier = "identifier" // an address or serial number that both have
)

// Duplicate is a suggestion: assets that may be one, the one to keep first.
type Duplicate struct {
	Reason string
	What   string // the identifier that they share
	Assets []Asset
}

// maxDuplicates is how many suggestions are given at once.
const maxDuplicates = 100

// Duplicates suggests which assets of a team may be one. It merges nothing.
func (s *Service) Duplicates(ctx context.Context, teamID string) ([]Duplicate, error) {
	all, err := present(s.db.Read(ctx), teamID)
	if err != nil {
		return nil, err
	}
	var out []Duplicate
	taken := map[string]bool{}
	for _, suggest := range []func([]Asset) []Duplicate{sameIdentifier, sameHost, sameSpelling} {
		for _, d := range suggest(all) {
			if d.fresh(taken) && len(out) < maxDuplicates {
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// fresh tells whether none of the assets is in an earlier suggestion; each is in
// one at a time.
func (d *Duplicate) fresh(taken map[string]bool) bool {
	for i := range d.Assets {
		if taken[d.Assets[i].ID] {
			return false
		}
	}
	for i := range d.Assets {
		taken[d.Assets[i].ID] = true
	}
	slices.SortStableFunc(d.Assets, func(a, b Asset) int {
		return cmp.Or(cmp.Compare(b.OpenFindings, a.OpenFindings), cmp.Compare(len(b.Name), len(a.Name)), cmp.Compare(a.NameKey, b.NameKey))
	})
	return len(d.Assets) <= MaxMerge
}

// groupBy gathers assets that share a word; a word that too many share tells
// nothing.
func groupBy(all []Asset, reason string, wordsOf func(*Asset) []string) []Duplicate {
	var order []string
	at := map[string][]Asset{}
	for i := range all {
		for _, w := range wordsOf(&all[i]) {
			if len(at[w]) == 0 {
				order = append(order, w)
			}
			at[w] = append(at[w], all[i])
		}
	}
	var out []Duplicate
	for _, w := range order {
		if n := len(at[w]); n > 1 && n <= MaxMerge {
			out = append(out, Duplicate{Reason: reason, What: w, Assets: at[w]})
		}
	}
	return out
}

func sameIdentifier(all []Asset) []Duplicate {
	return groupBy(all, SameIdentifier, func(a *Asset) []string {
		var out []string
		for _, id := range a.Identifiers {
			if id = strings.ToLower(id); telling(id) && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
		return out
	})
}

// telling leaves out what many machines have: loopback and link-local addresses,
// and serial numbers that nobody has set.
func telling(id string) bool {
	if ip, err := netip.ParseAddr(id); err == nil {
		return !ip.IsLoopback() && !ip.IsLinkLocalUnicast() && !ip.IsUnspecified()
	}
	bare := strings.Trim(id, "0:-. ")
	return len(bare) > 3 && !slices.Contains([]string{"none", "unknown", "default string", "to be filled by o.e.m.", "not specified", "system serial number"}, id)
}

// sameHost pairs a short name with the one name with a domain that begins with it.
// Two domains with the same host name are two hosts.
func sameHost(all []Asset) []Duplicate {
	short, long := map[string]*Asset{}, map[string][]*Asset{}
	for i := range all {
		a := &all[i]
		host, domain, dotted := strings.Cut(a.NameKey, ".")
		if _, err := netip.ParseAddr(a.NameKey); err == nil || strings.ContainsAny(a.NameKey, "/:@ ") {
			continue
		}
		if !dotted || domain == "" {
			short[host] = a
		} else if host != "" {
			long[host] = append(long[host], a)
		}
	}
	var out []Duplicate
	for i := range all {
		a := &all[i]
		if with := long[a.NameKey]; short[a.NameKey] == a && len(with) == 1 {
			out = append(out, Duplicate{Reason: SameHost, Assets: []Asset{*with[0], *a}})
		}
	}
	return out
}

// sameSpelling gathers names that differ in punctuation, blanks or the width of
// letters only.
func sameSpelling(all []Asset) []Duplicate {
	list := groupBy(all, SameSpelling, func(a *Asset) []string {
		if strings.ContainsAny(a.NameKey, "/:@") {
			return nil // tags and digests of images
		}
		return []string{spelling(a.NameKey)}
	})
	for i := range list {
		list[i].What = ""
	}
	return list
}

// spelling keeps the dot between two digits: 10.1.2.3 is not 101.2.3.
func spelling(key string) string {
	text := []rune(norm.NFKC.String(key))
	out := make([]rune, 0, len(text))
	for i, r := range text {
		inside := i > 0 && i < len(text)-1 && unicode.IsDigit(text[i-1]) && unicode.IsDigit(text[i+1])
		if unicode.IsLetter(r) || unicode.IsDigit(r) || inside || !strings.ContainsRune("-_. ", r) {
			out = append(out, r)
		}
	}
	return string(out)
}
