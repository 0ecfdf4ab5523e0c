package scan

import (
	"cmp"
	"slices"
	"strings"
)

// compareDeb: deb-version(7). Epoch, upstream version, revision.
func compareDeb(a, b string) int {
	ea, a := cutEpoch(a)
	eb, b := cutEpoch(b)
	ua, ra := cutLast(a, "-")
	ub, rb := cutLast(b, "-")
	return cmp.Or(compareNumbers(ea, eb), compareDebPart(ua, ub), compareDebPart(ra, rb))
}

// compareDebPart alternates between text and numbers. In text "~" comes before
// the end, the end before letters, letters before all else.
func compareDebPart(a, b string) int {
	for a != "" || b != "" {
		for a != "" && !isDigit(a[0]) || b != "" && !isDigit(b[0]) {
			if d := cmp.Compare(debOrder(a), debOrder(b)); d != 0 {
				return d
			}
			a, b = a[1:], b[1:] // equal orders: both hold the same non-digit
		}
		var x, y string
		x, a = span(a, isDigit)
		y, b = span(b, isDigit)
		if d := compareNumbers(x, y); d != 0 {
			return d
		}
	}
	return 0
}

func debOrder(s string) int {
	switch {
	case s == "" || isDigit(s[0]):
		return 0
	case s[0] == '~':
		return -1
	case isLetter(s[0]):
		return int(s[0])
	}
	return int(s[0]) + 256
}

// compareRPM: epoch, version, release (rpm-version(7)).
func compareRPM(a, b string) int {
	ea, a := cutEpoch(a)
	eb, b := cutEpoch(b)
	va, ra := cutLast(a, "-")
	vb, rb := cutLast(b, "-")
	return cmp.Or(compareNumbers(ea, eb), compareRPMPart(va, vb), compareRPMPart(ra, rb))
}

// compareRPMPart: separators only separate; "~" sorts before anything, also
// the end; "^" after the end but before anything else; numbers after letters.
func compareRPMPart(a, b string) int {
	separator := func(c byte) bool { return !isDigit(c) && !isLetter(c) && c != '~' && c != '^' }
	for {
		_, a = span(a, separator)
		_, b = span(b, separator)
		if d, marked := compareRPMMarks(a, b); d != 0 {
			return d
		} else if marked {
			a, b = a[1:], b[1:]
			continue
		}
		if a == "" || b == "" {
			return cmp.Compare(len(a), len(b))
		}
		class, compare := isLetter, strings.Compare
		if isDigit(a[0]) {
			class, compare = isDigit, compareNumbers
		}
		var x, y string
		x, a = span(a, class)
		y, b = span(b, class)
		if y == "" && isDigit(x[0]) {
			return 1
		} else if y == "" {
			return -1
		}
		if d := compare(x, y); d != 0 {
			return d
		}
	}
}

func compareRPMMarks(a, b string) (d int, marked bool) {
	ta, tb := strings.HasPrefix(a, "~"), strings.HasPrefix(b, "~")
	ca, cb := strings.HasPrefix(a, "^"), strings.HasPrefix(b, "^")
	switch {
	case ta && tb, ca && cb:
		return 0, true
	case ta:
		return -1, false
	case tb:
		return 1, false
	case ca && b == "":
		return 1, false
	case cb && a == "":
		return -1, false
	case ca:
		return -1, false
	case cb:
		return 1, false
	}
	return 0, false
}

// apkVersion is 1.2.3b_rc1-r4 taken apart (apk-package(5)).
type apkVersion struct {
	numbers  []string
	letter   string
	suffixes []string // name and number in turn
	revision string
}

// apkSuffixes in their order; the empty one is a version without suffix.
var apkSuffixes = []string{"alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p"}

func compareAPK(a, b string) int {
	x, okA := readAPK(a)
	y, okB := readAPK(b)
	if !okA || !okB {
		return compareNatural(a, b)
	}
	return cmp.Or(compareAPKNumbers(x.numbers, y.numbers), strings.Compare(x.letter, y.letter),
		compareAPKSuffixes(x.suffixes, y.suffixes), compareNumbers(x.revision, y.revision))
}

func readAPK(v string) (apkVersion, bool) {
	var p apkVersion
	v, _, _ = strings.Cut(v, "~") // commit hash
	v, p.revision = cutRevision(v)
	for {
		var n string
		if n, v = span(v, isDigit); n == "" {
			return p, false
		}
		p.numbers = append(p.numbers, n)
		if !strings.HasPrefix(v, ".") {
			break
		}
		v = v[1:]
	}
	p.letter, v = span(v, isLetter)
	for strings.HasPrefix(v, "_") {
		var name, number string
		name, v = span(v[1:], isLetter)
		number, v = span(v, isDigit)
		if !slices.Contains(apkSuffixes, name) {
			return p, false
		}
		p.suffixes = append(p.suffixes, name, number)
	}
	return p, v == "" && len(p.letter) <= 1
}

func cutRevision(v string) (rest, revision string) {
	before, after := cutLast(v, "-")
	if n, ok := strings.CutPrefix(after, "r"); ok && isNumber(n) {
		return before, n
	}
	return v, "0"
}

// compareAPKNumbers: after the first, numbers with a leading zero are decimals and compare as text.
func compareAPKNumbers(a, b []string) int {
	for i := range min(len(a), len(b)) {
		compare := compareNumbers
		if i > 0 && (a[i][0] == '0' || b[i][0] == '0') {
			compare = strings.Compare
		}
		if d := compare(a[i], b[i]); d != 0 {
			return d
		}
	}
	return cmp.Compare(len(a), len(b))
}

func compareAPKSuffixes(a, b []string) int {
	for i := 0; i < max(len(a), len(b)); i += 2 {
		var nameA, nameB, numA, numB string
		if i < len(a) {
			nameA, numA = a[i], a[i+1]
		}
		if i < len(b) {
			nameB, numB = b[i], b[i+1]
		}
		d := cmp.Or(cmp.Compare(place(apkSuffixes, nameA), place(apkSuffixes, nameB)), compareNumbers(numA, numB))
		if d != 0 {
			return d
		}
	}
	return 0
}
