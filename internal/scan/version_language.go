package scan

import (
	"cmp"
	"regexp"
	"strings"
)

// compareSemver: semver.org 2.0.0, section 11, with any number of numeric
// parts and a leading "v" or "go", as the ecosystems that follow it have.
func compareSemver(a, b string) int {
	coreA, preA := cutSemver(a)
	coreB, preB := cutSemver(b)
	if d := comparePieces(coreA, coreB, "0", compareSemverPiece); d != 0 {
		return d
	}
	switch {
	case preA == preB:
		return 0
	case preA == "":
		return 1
	case preB == "":
		return -1
	}
	x, y := strings.Split(preA, "."), strings.Split(preB, ".")
	for i := range min(len(x), len(y)) {
		if d := compareSemverPiece(x[i], y[i]); d != 0 {
			return d
		}
	}
	return cmp.Compare(len(x), len(y))
}

// cutSemver also understands a pre-release without its hyphen, as in go1.21rc2.
func cutSemver(v string) (core []string, pre string) {
	v, _, _ = strings.Cut(strings.ToLower(v), "+")
	v = strings.TrimPrefix(strings.TrimPrefix(v, "go"), "v")
	v, pre, _ = strings.Cut(v, "-")
	core = strings.Split(v, ".")
	last := core[len(core)-1]
	if number, word := span(last, isDigit); number != "" && word != "" && pre == "" && isLetter(word[0]) {
		name, count := span(word, isLetter)
		core[len(core)-1], pre = number, strings.TrimSuffix(name+"."+count, ".")
	}
	return core, pre
}

// compareSemverPiece: numbers as numbers and before words, words as text.
func compareSemverPiece(a, b string) int {
	switch x, y := isNumber(a), isNumber(b); {
	case x && y:
		return compareNumbers(a, b)
	case x:
		return -1
	case y:
		return 1
	}
	return strings.Compare(a, b)
}

// pep440 is the form of PEP 440, appendix B, in its lenient spelling.
var pep440 = regexp.MustCompile(`^v?(?:(\d+)!)?(\d+(?:\.\d+)*)` +
	`(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?` +
	`(?:(?:-(\d+))|(?:[-_.]?(post|rev|r)[-_.]?(\d*)))?` +
	`(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$`)

func comparePEP440(a, b string) int {
	x := pep440.FindStringSubmatch(strings.ToLower(a))
	y := pep440.FindStringSubmatch(strings.ToLower(b))
	if x == nil || y == nil {
		return cmp.Or(cmp.Compare(min(len(x), 1), min(len(y), 1)), compareNatural(a, b)) // what is no version comes first
	}
	return cmp.Or(
		compareNumbers(x[1], y[1]),
		comparePieces(strings.Split(x[2], "."), strings.Split(y[2], "."), "0", compareNumbers),
		cmp.Compare(pepPre(x), pepPre(y)), compareNumbers(x[4], y[4]),
		cmp.Compare(pepPost(x), pepPost(y)), compareNumbers(x[5]+x[7], y[5]+y[7]),
		cmp.Compare(len(y[8]), len(x[8])), compareNumbers(x[9], y[9]),
		compareLocal(x[10], y[10]))
}

// pepPre orders: 1.0.dev1 < 1.0a1 < 1.0b1 < 1.0rc1 < 1.0.
func pepPre(m []string) int {
	switch m[3] {
	case "a", "alpha":
		return 1
	case "b", "beta":
		return 2
	case "c", "rc", "pre", "preview":
		return 3
	}
	if m[8] != "" && pepPost(m) == 0 {
		return 0
	}
	return 4
}

func pepPost(m []string) int { return min(1, len(m[5])+len(m[6])) }

// compareLocal: words before numbers, the longer after the shorter.
func compareLocal(a, b string) int {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '-' || r == '_' })
	}
	x, y := split(a), split(b)
	for i := range min(len(x), len(y)) {
		if d := compareWordFirst(x[i], y[i]); d != 0 {
			return d
		}
	}
	return cmp.Compare(len(x), len(y))
}

// compareWordFirst: words as text and before numbers, numbers as numbers.
func compareWordFirst(a, b string) int {
	switch x, y := isNumber(a), isNumber(b); {
	case x && y:
		return compareNumbers(a, b)
	case x:
		return 1
	case y:
		return -1
	}
	return strings.Compare(a, b)
}

// compareGem: RubyGems' Gem::Version. A word makes a pre-release.
func compareGem(a, b string) int {
	return comparePieces(gemPieces(a), gemPieces(b), "0", compareWordFirst)
}

func gemPieces(v string) []string {
	var pieces []string
	v = strings.ReplaceAll(v, "-", ".pre.")
	for v != "" {
		class := func(c byte) bool { return !isDigit(c) && c != '.' }
		if isDigit(v[0]) {
			class = isDigit
		}
		var piece string
		if piece, v = span(v, class); piece != "" {
			pieces = append(pieces, piece)
		}
		v = strings.TrimPrefix(v, ".")
	}
	return pieces
}

// mavenWords in their order (Maven, "Version Order Specification"); unknown words follow them.
var mavenWords = []string{"alpha", "beta", "milestone", "rc", "snapshot", "", "sp"}

// compareMaven compares pieces between dots, hyphens and changes between
// digits and letters; a missing piece counts as the release itself.
func compareMaven(a, b string) int {
	return comparePieces(mavenPieces(a), mavenPieces(b), "", func(x, y string) int {
		return cmp.Or(cmp.Compare(mavenRank(x), mavenRank(y)), compareMavenSame(x, y))
	})
}

func compareMavenSame(x, y string) int {
	if isNumber(x) && isNumber(y) {
		return compareNumbers(x, y)
	}
	return strings.Compare(x, y)
}

func mavenRank(piece string) int {
	if isNumber(piece) {
		return len(mavenWords) + 1
	}
	return place(mavenWords, piece)
}

// mavenPieces drops zeros and release words at the end of each run of numbers,
// so that 1.0.0 is 1 and 1.0-rc is 1-rc.
func mavenPieces(v string) []string {
	var pieces []string
	word := func(c byte) bool { return !isDigit(c) && c != '.' && c != '-' && c != '_' }
	v = strings.ToLower(v)
	for v != "" {
		var piece string
		if piece, v = span(v, isDigit); piece != "" {
			piece = cmp.Or(strings.TrimLeft(piece, "0"), "0")
		} else if piece, v = span(v, word); piece != "" {
			piece = mavenWord(piece, v)
			pieces = trimNothing(pieces)
		}
		pieces = append(pieces, piece)
		if v != "" && !isDigit(v[0]) && !word(v[0]) {
			v = v[1:]
		}
	}
	return trimNothing(pieces)
}

func trimNothing(pieces []string) []string {
	for len(pieces) > 0 && (pieces[len(pieces)-1] == "" || pieces[len(pieces)-1] == "0") {
		pieces = pieces[:len(pieces)-1]
	}
	return pieces
}

// mavenWord resolves the other spellings; single letters count only before a digit.
func mavenWord(word, rest string) string {
	switch word {
	case "ga", "final", "release":
		return ""
	case "cr":
		return "rc"
	}
	if rest != "" && isDigit(rest[0]) {
		switch word {
		case "a":
			return "alpha"
		case "b":
			return "beta"
		case "m":
			return "milestone"
		}
	}
	return word
}
