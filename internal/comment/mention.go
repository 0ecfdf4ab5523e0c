package comment

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"patchline/internal/db"
	"patchline/internal/team"
)

// mention keeps who a comment mentions now, and returns those whom it did not
// mention before. People who left the team are not found any more; nobody mentions
// themselves.
func (s *Service) mention(tx *db.Tx, t *team.Team, c *Comment) (fresh []Person, err error) {
	people, err := peopleOf(tx.DB, t.ID)
	if err != nil {
		return nil, err
	}
	before := c.Mentions
	c.Mentions = slices.DeleteFunc(Mentioned(c.Body, people), func(p Person) bool { return p.ID == c.Author.ID })
	for _, p := range before {
		if !slices.Contains(c.Mentions, p) {
			if err := unmention(tx, c.ID, p.ID); err != nil {
				return nil, err
			}
		}
	}
	for _, p := range c.Mentions {
		if slices.Contains(before, p) {
			continue
		}
		if err := addMention(tx, t.ID, c, p.ID); err != nil {
			return nil, err
		}
		fresh = append(fresh, p)
	}
	return fresh, nil
}

// Mentioned finds the people whose whole name stands behind an @ in a text, or
// whose first name does if only one of them has it. Letter case does not matter.
// Code mentions nobody. Of people with the same name all are meant.
func Mentioned(text string, people []Person) []Person {
	var out []Person
	text = withoutCode(text)
	for at := strings.IndexByte(text, '@'); at >= 0; {
		rest := text[at+1:]
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		if at == 0 || !partOfWord(before) { // not in the middle of an address
			for _, p := range named(rest, people) {
				if !slices.Contains(out, p) {
					out = append(out, p)
				}
			}
		}
		next := strings.IndexByte(rest, '@')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return out
}

// named are the people whose name a text begins with; the longest name wins.
func named(text string, people []Person) []Person {
	var best []Person
	longest := 0
	for _, p := range people {
		n := beginsWith(text, p.Name)
		if n > longest {
			best, longest = nil, n
		}
		if n > 0 && n == longest {
			best = append(best, p)
		}
	}
	if longest > 0 {
		return best
	}
	for _, p := range people {
		if first, _, more := strings.Cut(p.Name, " "); more && beginsWith(text, first) > 0 {
			best = append(best, p)
		}
	}
	if len(best) == 1 {
		return best
	}
	return nil
}

// beginsWith is the length of a name, in letters, at the beginning of a text where
// the word ends with it; 0 if it is not there.
func beginsWith(text, name string) int {
	n, end := utf8.RuneCountInString(name), 0
	for range n {
		if end == len(text) {
			return 0
		}
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	after, _ := utf8.DecodeRuneInString(text[end:])
	if !strings.EqualFold(text[:end], name) || end < len(text) && partOfWord(after) {
		return 0
	}
	return n
}

func partOfWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_' }

// withoutCode blanks what stands between backticks: fenced blocks and code in a
// line.
func withoutCode(text string) string {
	var b strings.Builder
	for {
		start := strings.IndexByte(text, '`')
		if start < 0 {
			return b.String() + text
		}
		ticks := len(text[start:]) - len(strings.TrimLeft(text[start:], "`"))
		fence := text[start : start+ticks]
		length := strings.Index(text[start+ticks:], fence)
		if length < 0 { // never closed: not code
			b.WriteString(text[:start+ticks])
			text = text[start+ticks:]
			continue
		}
		b.WriteString(text[:start] + " ")
		text = text[start+2*ticks+length:]
	}
}
