package backlog

import (
	"slices"
	"strings"
	"unicode"
)

// Search works on words of our own making, so that both databases find the same:
// lower case, cut at everything but letters, digits and the joints that names and
// versions have. A joined word is also found by its parts: "openssl-libs" by
// "libs".
const joints = "-_.+~:"

const (
	maxWords      = 200 // of one patch
	maxWordLength = 60
	maxTerms      = 8 // of one query
)

func isJoint(r rune) bool { return strings.ContainsRune(joints, r) }

func cut(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !isJoint(r)
	})
}

// wordsOf makes the search words of texts, each once, in order.
func wordsOf(texts ...string) string {
	var out []string
	seen := map[string]bool{}
	add := func(word string) {
		word = clip(strings.Trim(word, joints))
		if word != "" && !seen[word] && len(out) < maxWords {
			seen[word] = true
			out = append(out, word)
		}
	}
	for _, text := range texts {
		for _, word := range cut(text) {
			add(word)
			if strings.ContainsFunc(word, isJoint) {
				for _, part := range strings.FieldsFunc(word, isJoint) {
					add(part)
				}
			}
		}
	}
	return strings.Join(out, " ")
}

// clip shortens a word to a length that both indexes take, at a whole letter.
func clip(word string) string {
	if len(word) <= maxWordLength {
		return word
	}
	return strings.ToValidUTF8(word[:maxWordLength], "")
}

// termsOf cuts a query into the words it asks for.
func termsOf(query string) []string {
	var out []string
	for _, word := range cut(query) {
		if word = clip(strings.Trim(word, joints)); word != "" && !slices.Contains(out, word) && len(out) < maxTerms {
			out = append(out, word)
		}
	}
	return out
}
