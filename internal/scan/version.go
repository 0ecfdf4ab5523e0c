package scan

import (
	"cmp"
	"strings"
)

// Compare orders two versions by the rules of the ecosystem of their package
// (a Component's Ecosystem): -1 when a is older, 1 when it is newer, 0 when
// neither. Unknown ecosystems get natural order: runs of digits count as
// numbers. It orders any two texts, also when they are no versions.
func Compare(ecosystem, a, b string) int {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	switch {
	case a == b:
		return 0
	case a == VendorFix: // any version that is known counts as newer
		return -1
	case b == VendorFix:
		return 1
	}
	switch ecosystem {
	case "deb":
		return compareDeb(a, b)
	case "rpm", "alpm":
		return compareRPM(a, b)
	case "apk":
		return compareAPK(a, b)
	case "npm", "golang", "cargo", "nuget", "composer", "hex", "pub", "swift", "github", "conan", "k8s":
		return compareSemver(a, b)
	case "pypi", "conda":
		return comparePEP440(a, b)
	case "maven":
		return compareMaven(a, b)
	case "gem":
		return compareGem(a, b)
	}
	return compareNatural(a, b)
}

// compareNumbers compares two runs of digits of any length.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if d := cmp.Compare(len(a), len(b)); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// span returns the longest beginning of s of bytes that are in the class, and the rest.
func span(s string, in func(byte) bool) (head, rest string) {
	i := 0
	for i < len(s) && in(s[i]) {
		i++
	}
	return s[:i], s[i:]
}

func isNumber(s string) bool {
	head, rest := span(s, isDigit)
	return head != "" && rest == ""
}

// cutEpoch splits "2:1.0" into its number and the rest; no epoch is 0.
func cutEpoch(v string) (epoch, rest string) {
	if before, after, ok := strings.Cut(v, ":"); ok && isNumber(before) {
		return before, after
	}
	return "0", v
}

// cutLast splits at the last separator: "1.0-2" gives "1.0" and "2".
func cutLast(v, sep string) (before, after string) {
	if i := strings.LastIndex(v, sep); i >= 0 {
		return v[:i], v[i+1:]
	}
	return v, ""
}

// compareNatural takes runs of digits as numbers and the rest as text.
func compareNatural(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	notDigit := func(c byte) bool { return !isDigit(c) }
	for a != "" || b != "" {
		var x, y string
		x, a = span(a, notDigit)
		y, b = span(b, notDigit)
		if d := strings.Compare(x, y); d != 0 {
			return d
		}
		x, a = span(a, isDigit)
		y, b = span(b, isDigit)
		if d := cmp.Or(cmp.Compare(min(len(x), 1), min(len(y), 1)), compareNumbers(x, y)); d != 0 {
			return d
		}
	}
	return 0
}

// comparePieces compares element by element; missing ones count as fill.
func comparePieces(a, b []string, fill string, compare func(x, y string) int) int {
	at := func(list []string, i int) string {
		if i < len(list) {
			return list[i]
		}
		return fill
	}
	for i := range max(len(a), len(b)) {
		if d := compare(at(a, i), at(b, i)); d != 0 {
			return d
		}
	}
	return 0
}
