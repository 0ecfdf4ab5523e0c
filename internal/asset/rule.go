package asset

import (
	"fmt"
	"slices"
	"strings"

	"patchline/internal/fault"
	"patchline/internal/risk"
)

// Rule is what puts assets into a group by itself: all its conditions must hold.
// An empty rule matches nothing.
type Rule []Condition

// Condition compares one property of an asset with values.
type Condition struct {
	Field  string   `json:"field"`  // one of Fields
	Op     string   `json:"op"`     // is: one of the values; is_not: none of them; contains: one is a part of it
	Values []string `json:"values"` // compared without letter case
}

// Fields are the properties that a condition can ask for.
var Fields = []string{"tag", "environment", "criticality", "exposure", "regulation", "owner", "kind", "name"}

// Ops are the ways to compare. Contains is for name and owner.
var Ops = []string{"is", "is_not", "contains"}

const (
	maxConditions = 10
	maxValues     = 20
)

func (r Rule) tidy() Rule {
	out := make(Rule, 0, len(r))
	for _, c := range r {
		values := []string{}
		for _, v := range c.Values {
			if v = tidy(v); v != "" && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		out = append(out, Condition{c.Field, c.Op, values})
	}
	return out
}

// check names what is wrong with the conditions, all at once.
func (r Rule) check() (wrong []fault.Field) {
	note := func(pointer, why string) { wrong = append(wrong, fault.Field{Pointer: pointer, Detail: why}) }
	if len(r) > maxConditions {
		note("/rule", fmt.Sprintf("A rule has at most %d conditions.", maxConditions))
	}
	for i, c := range r {
		at := fmt.Sprintf("/rule/%d", i)
		switch {
		case !slices.Contains(Fields, c.Field):
			note(at+"/field", "This must be one of "+strings.Join(Fields, ", ")+".")
		case !slices.Contains(Ops, c.Op):
			note(at+"/op", "This must be is, is_not or contains.")
		case c.Op == "contains" && c.Field != "name" && c.Field != "owner":
			note(at+"/op", "Only a name or an owner can contain something.")
		case len(c.Values) == 0:
			note(at+"/values", "Name at least one value.")
		case len(c.Values) > maxValues:
			note(at+"/values", fmt.Sprintf("A condition has at most %d values.", maxValues))
		}
		for _, v := range c.Values {
			if why := unfit(v, maxName); why != "" {
				note(at+"/values", why)
			}
		}
	}
	return wrong
}

func (r Rule) matches(a *Asset) bool {
	if len(r) == 0 || a.MergedInto != nil {
		return false
	}
	for _, c := range r {
		if !c.holds(a) {
			return false
		}
	}
	return true
}

func (c Condition) holds(a *Asset) bool {
	key := NameKey
	if c.Field == "regulation" {
		key = risk.RegulationKey
	}
	for _, has := range a.values(c.Field) {
		has = key(has)
		for _, want := range c.Values {
			want = key(want)
			if has == want || c.Op == "contains" && strings.Contains(has, want) {
				return c.Op != "is_not"
			}
		}
	}
	return c.Op == "is_not"
}

// values of a property, as conditions compare them.
func (a *Asset) values(field string) []string {
	switch field {
	case "tag":
		return a.Tags
	case "regulation":
		return a.Regulations
	case "environment":
		return []string{a.Environment}
	case "criticality":
		return []string{string(a.Criticality)}
	case "exposure":
		return []string{string(a.Exposure)}
	case "owner":
		return []string{a.Owner}
	case "kind":
		return []string{a.Kind}
	}
	return []string{a.Name}
}
