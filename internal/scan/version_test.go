package scan

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// ascending are versions each newer than the one before; equal ones are joined by "=".
var ascending = map[string][][]string{
	// deb-version(7) and Debian Policy 5.6.12: tilde, letters before the rest, epochs.
	"deb": {{"1.0~~"}, {"1.0~~a"}, {"1.0~"}, {"1.0~rc1-1"}, {"1.0", "0:1.0", "1.00", "1.0-0"}, {"1.0-1"}, {"1.0-1+deb12u1"},
		{"1.0-1.1"}, {"1.0-2"}, {"1.0-10"}, {"1.0a"}, {"1.0+b1"}, {"1.0.1"}, {"1.2-3-4"}, {"1.10"}, {"2"}, {"1:0.1"}},
	// rpm-version(7) and rpm's documented examples of tilde and caret.
	"rpm": {{"1.0~beta"}, {"1.0~rc1"}, {"1.0~rc1^git1"}, {"1.0", "1..0", "1.0.", "0:1.0"}, {"1.0^"}, {"1.0^20230101"}, {"1.0^20230102~rc"}, {"1.0^20230102"},
		{"1.0.a"}, {"1.0.1"}, {"1.1-1.el9"}, {"1.1-1.el9_2"}, {"1.1-2.el9"}, {"1.1-10.el9"}, {"5.5p1"}, {"5.5p10"}, {"10xyz"}, {"10.1xyz"}, {"1:0"}},
	// apk-package(5).
	"apk": {{"1.2_alpha"}, {"1.2_alpha2"}, {"1.2_beta"}, {"1.2_pre1"}, {"1.2_rc1"}, {"1.2_rc1-r1"}, {"1.2", "1.2-r0"}, {"1.2-r1"}, {"1.2-r10"}, {"1.2_git20230717"},
		{"1.2_p1"}, {"1.2a"}, {"1.2b"}, {"1.2.1"}, {"1.10"}, {"2.0"}},
	// semver.org 2.0.0, section 11, and Go's pseudo-versions.
	"npm": {{"0.9.9"}, {"1.0.0-alpha"}, {"1.0.0-alpha.1"}, {"1.0.0-alpha.beta"}, {"1.0.0-beta"}, {"1.0.0-beta.2"}, {"1.0.0-beta.11"}, {"1.0.0-rc.1"},
		{"1.0.0", "v1.0.0", "1.0", "1.0.0+build.7"}, {"1.0.1"}, {"1.0.10"}, {"1.1.0"}, {"2.0.0"}, {"2.1.0"}, {"2.1.1"}},
	"golang": {{"v0.0.0-20200101000000-abcdefabcdef"}, {"v0.0.0-20210101000000-000000000000"}, {"v0.0.0"}, {"1.20.14"}, {"go1.21rc2", "1.21-rc.2"}, {"go1.21rc10"}, {"go1.21", "1.21.0"}, {"v2.0.0+incompatible"}},
	// PEP 440, "Summary of permitted suffixes and relative ordering".
	"pypi": {{"1.dev0"}, {"1.0.dev456"}, {"1.0a1"}, {"1.0a2.dev456"}, {"1.0a12.dev456"}, {"1.0a12"}, {"1.0b1.dev456"}, {"1.0b2"}, {"1.0b2.post345.dev456"}, {"1.0b2.post345"},
		{"1.0rc1.dev456"}, {"1.0rc1", "1.0c1", "1.0-RC-1"}, {"1.0", "1.0.0", "v1"}, {"1.0+abc.5"}, {"1.0+abc.7"}, {"1.0+5"}, {"1.0.post456.dev34"}, {"1.0.post456", "1.0-456"}, {"1.0.15"}, {"1.1.dev1"}, {"1!0.1"}},
	// Maven POM reference, "Version Order Specification".
	"maven": {{"1-alpha-1", "1.0-alpha1", "1a1"}, {"1-beta"}, {"1-milestone-1"}, {"1-rc", "1.0-cr"}, {"1-SNAPSHOT"}, {"1", "1.0.0", "1.0.Final", "1-ga"}, {"1-sp"}, {"1-foo"}, {"1.0.1"}, {"1.1"}, {"1.10"}, {"2"}},
	// Gem::Version.
	"gem":     {{"1.0.a"}, {"1.0.b1"}, {"1.0.rc2"}, {"1.0", "1", "1.0.0"}, {"1.0.1"}, {"1.9"}, {"1.10"}},
	"generic": {{"1"}, {"1.2"}, {"1.10"}, {"2"}, {"10"}, {"r1"}, {"r10"}},
}

func TestVersionsAreOrderedByTheRulesOfTheirEcosystem(t *testing.T) {
	for ecosystem, groups := range ascending {
		for i, group := range groups {
			for j, other := range groups {
				want := compareInts(i, j)
				for _, a := range group {
					for _, b := range other {
						assert.Equal(t, want, Compare(ecosystem, a, b), fmt.Sprintf("%s: %s and %s", ecosystem, a, b))
					}
				}
			}
		}
	}
}

func compareInts(a, b int) int { return min(1, max(-1, a-b)) }

// TestTheOrderOfVersionsIsTransitive: sorting needs it.
func TestTheOrderOfVersionsIsTransitive(t *testing.T) {
	for _, ecosystem := range []string{"deb", "rpm", "npm", "pypi", "gem", "generic", "maven"} {
		rapid.Check(t, func(t *rapid.T) {
			text := rapid.StringMatching(`([0-2]{1,2}|[a-c]|rc|alpha|dev|post|[.~^+:!_-]){1,7}`)
			list := []string{text.Draw(t, "a"), text.Draw(t, "b"), text.Draw(t, "c")}
			slices.SortFunc(list, func(a, b string) int { return Compare(ecosystem, a, b) })
			if Compare(ecosystem, list[0], list[1]) > 0 || Compare(ecosystem, list[1], list[2]) > 0 || Compare(ecosystem, list[0], list[2]) > 0 {
				t.Fatalf("%s: %q", ecosystem, list)
			}
		})
	}
}
