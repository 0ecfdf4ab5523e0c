package retro

import (
	"strings"
	"unicode"
)

// MadeBy reads vendor and product out of the identity of a component: what stands
// before the name, and the name. A Go module and a Maven group have a path in front,
// a distribution's package its distribution; what has nothing in front is of its
// ecosystem.
func MadeBy(component, ecosystem string) (vendor, product string) {
	component, _, _ = strings.Cut(strings.TrimSpace(component), "?")
	if component == "" {
		return "", ""
	}
	cut := strings.LastIndexAny(strings.TrimRight(component, "/:"), "/:")
	front, product := component[:max(cut, 0)], component[cut+1:]
	if front == "" {
		return ecosystem, product
	}
	front = strings.TrimPrefix(front, ecosystem+"/")
	return front, product
}

// key is how names are compared: without letter case, spaces and punctuation.
func key(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
