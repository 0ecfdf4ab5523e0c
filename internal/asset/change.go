package asset

import (
	"slices"
	"time"

	"patchline/internal/fault"
	"patchline/internal/risk"
)

// Change is what happens to each of many assets; what is nil or empty stays as it
// is.
type Change struct {
	Criticality       *risk.Criticality `json:"criticality,omitempty"`
	Exposure          *risk.Exposure    `json:"exposure,omitempty"`
	Environment       *string           `json:"environment,omitempty"`
	Owner             *string           `json:"owner,omitempty"`
	AddTags           []string          `json:"add_tags,omitempty"`
	RemoveTags        []string          `json:"remove_tags,omitempty"`
	AddRegulations    []string          `json:"add_regulations,omitempty"`
	RemoveRegulations []string          `json:"remove_regulations,omitempty"`
	AddGroups         []string          `json:"add_groups,omitempty"` // ids
	RemoveGroups      []string          `json:"remove_groups,omitempty"`
	Retired           *bool             `json:"retired,omitempty"`
}

// tidy checks the change as if it were made to one asset, and makes its words what
// assets keep.
func (c *Change) tidy() error {
	try := Draft{Criticality: c.Criticality, Exposure: c.Exposure, Environment: c.Environment, Owner: c.Owner, Tags: &c.AddTags, Regulations: &c.AddRegulations}
	a := blank()
	a.Name = "any"
	if err := try.apply(a); err != nil {
		return inside("/change", err)
	}
	if c.Owner != nil {
		c.Owner = &a.Owner
	}
	c.AddTags, c.AddRegulations = a.Tags, a.Regulations
	for _, list := range []*[]string{&c.RemoveTags, &c.RemoveRegulations} {
		for i, w := range *list {
			(*list)[i] = tidy(w)
		}
	}
	if c.empty() {
		return fault.Wrong("/change", "Say what to change.")
	}
	return nil
}

func inside(where string, err error) error {
	f := *fault.Of(err)
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		f.Fields[i].Pointer = where + f.Fields[i].Pointer
	}
	return &f
}

func (c *Change) empty() bool {
	return c.Criticality == nil && c.Exposure == nil && c.Environment == nil && c.Owner == nil && c.Retired == nil &&
		len(c.AddTags)+len(c.RemoveTags)+len(c.AddRegulations)+len(c.RemoveRegulations)+len(c.AddGroups)+len(c.RemoveGroups) == 0
}

// values are those of an asset that a change of many can touch; nil ones did not
// change.
type values struct {
	Criticality *risk.Criticality `json:"criticality,omitempty"`
	Exposure    *risk.Exposure    `json:"exposure,omitempty"`
	Environment *string           `json:"environment,omitempty"`
	Owner       *string           `json:"owner,omitempty"`
	Tags        *[]string         `json:"tags,omitempty"`
	Regulations *[]string         `json:"regulations,omitempty"`
	Groups      *[]string         `json:"groups,omitempty"` // those it was put into by hand
	Retired     *bool             `json:"retired,omitempty"`
}

// valuesOf are all of an asset's values.
func valuesOf(a *Asset) values {
	retired, pinned := a.RetiredAt != nil, []string{}
	for _, m := range a.Groups {
		if m.Pinned {
			pinned = append(pinned, m.GroupID)
		}
	}
	slices.Sort(pinned)
	tags, regulations := slices.Clone(a.Tags), slices.Clone(a.Regulations)
	c, e, env, owner := a.Criticality, a.Exposure, a.Environment, a.Owner
	return values{&c, &e, &env, &owner, &tags, &regulations, &pinned, &retired}
}

// apply is what a change makes of the values.
func (c *Change) apply(v values) values {
	keep := func(list *[]string, add, remove []string, most int) *[]string {
		out := slices.DeleteFunc(slices.Clone(*list), func(w string) bool { return slices.Contains(remove, w) })
		for _, w := range add {
			if !slices.Contains(out, w) && len(out) < most {
				out = append(out, w)
			}
		}
		return &out
	}
	v.Criticality, v.Exposure = or(c.Criticality, v.Criticality), or(c.Exposure, v.Exposure)
	v.Environment, v.Owner, v.Retired = or(c.Environment, v.Environment), or(c.Owner, v.Owner), or(c.Retired, v.Retired)
	v.Tags = keep(v.Tags, c.AddTags, c.RemoveTags, maxTags)
	v.Regulations = keep(v.Regulations, c.AddRegulations, c.RemoveRegulations, maxRegulations)
	v.Groups = keep(v.Groups, c.AddGroups, c.RemoveGroups, MaxGroups)
	slices.Sort(*v.Groups)
	return v
}

func or[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}

// back is what undoing makes of the present values: those that are still what the
// change made of them become what they were. What somebody has changed since
// stays.
func (v values) back(was, became values) values {
	v.Criticality = undo(v.Criticality, was.Criticality, became.Criticality)
	v.Exposure = undo(v.Exposure, was.Exposure, became.Exposure)
	v.Environment = undo(v.Environment, was.Environment, became.Environment)
	v.Owner = undo(v.Owner, was.Owner, became.Owner)
	v.Retired = undo(v.Retired, was.Retired, became.Retired)
	v.Tags, v.Regulations, v.Groups = undoWords(v.Tags, was.Tags, became.Tags), undoWords(v.Regulations, was.Regulations, became.Regulations), undoWords(v.Groups, was.Groups, became.Groups)
	return v
}

func undo[T comparable](now, was, became *T) *T {
	if was != nil && became != nil && *now == *became {
		return was
	}
	return now
}

// undoWords takes out what was put in and puts back what was taken out.
func undoWords(now, was, became *[]string) *[]string {
	if was == nil || became == nil {
		return now
	}
	if slices.Equal(*now, *became) {
		return was
	}
	out := []string{}
	for _, w := range *now {
		if slices.Contains(*was, w) || !slices.Contains(*became, w) {
			out = append(out, w)
		}
	}
	for _, w := range *was {
		if !slices.Contains(*became, w) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return &out
}

// unlike leaves in both only the values that differ, and tells whether any do.
func (v values) unlike(w values) (was, became values, differs bool) {
	differ(v.Criticality, w.Criticality, &was.Criticality, &became.Criticality, &differs)
	differ(v.Exposure, w.Exposure, &was.Exposure, &became.Exposure, &differs)
	differ(v.Environment, w.Environment, &was.Environment, &became.Environment, &differs)
	differ(v.Owner, w.Owner, &was.Owner, &became.Owner, &differs)
	differ(v.Retired, w.Retired, &was.Retired, &became.Retired, &differs)
	for _, x := range []struct{ from, to, was, became **[]string }{
		{&v.Tags, &w.Tags, &was.Tags, &became.Tags}, {&v.Regulations, &w.Regulations, &was.Regulations, &became.Regulations}, {&v.Groups, &w.Groups, &was.Groups, &became.Groups},
	} {
		if !slices.Equal(**x.from, **x.to) {
			*x.was, *x.became, differs = *x.from, *x.to, true
		}
	}
	return was, became, differs
}

func differ[T comparable](from, to *T, was, became **T, differs *bool) {
	if *from != *to {
		*was, *became, *differs = from, to, true
	}
}

// into writes the values into an asset; its groups are rows of their own.
func (v values) into(a *Asset, now time.Time) {
	a.Criticality, a.Exposure, a.Environment, a.Owner = *v.Criticality, *v.Exposure, *v.Environment, *v.Owner
	a.Tags, a.Regulations = *v.Tags, *v.Regulations
	switch {
	case !*v.Retired:
		a.RetiredAt = nil
	case a.RetiredAt == nil:
		a.RetiredAt = &now
	}
}
