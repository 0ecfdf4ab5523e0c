// Package asset keeps what there is to patch: hosts, images, applications and
// devices of a team, how critical and how exposed each is, and under which
// regulations. An asset is known by its name, whatever the letter case.
package asset

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"patchline/internal/fault"
	"patchline/internal/risk"
)

// Asset is one thing that gets patched.
type Asset struct {
	ID           string
	TeamID       string
	Name         string
	NameKey      string // identity of the name within the team
	Stream       string // release of its operating system, as reports say: deb12, el9, …; empty if unknown
	Kind         string // host, image, application, device, …
	Environment  string
	Criticality  risk.Criticality
	Exposure     risk.Exposure
	Regulations  []string `gorm:"serializer:words"`
	Owner        string
	Tags         []string `gorm:"serializer:words"`
	Identifiers  []string `gorm:"serializer:words"` // addresses and serial numbers, to tell duplicates
	Description  string
	OpenFindings int64
	ScannedAt    *time.Time `gorm:"serializer:time"`
	RetiredAt    *time.Time `gorm:"serializer:time"` // nil while it counts
	MergedInto   *string    // id of the asset that this is a second name of
	Version      int64
	CreatedAt    time.Time `gorm:"serializer:time"`

	Groups []Membership `gorm:"-"` // what a list shows beside the row itself
}

// Membership is a group that an asset is in.
type Membership struct {
	GroupID, Name   string
	Pinned, Matched bool // put there by somebody; by the group's rule
}

// Environments an asset can be in.
var Environments = []string{"production", "staging", "test", "development", "unknown"}

// NameKey is the identity of a name: two names that differ only in letter case,
// in blanks or in how Unicode composes a letter are one asset.
func NameKey(name string) string {
	return cases.Fold().String(norm.NFC.String(tidy(name)))
}

// tidy makes one line of a name: no blanks around it, single ones inside.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

// Draft holds the values of a new asset or of a change; nil leaves a value as it
// is, or gives a new asset the cautious one: criticality medium, exposure and
// environment unknown.
type Draft struct {
	Name, Kind, Environment, Owner, Description *string
	Criticality                                 *risk.Criticality
	Exposure                                    *risk.Exposure
	Regulations, Tags, Identifiers              *[]string
}

// Bounds of the texts, in characters; the contract says the same.
const (
	maxName        = 300
	maxKind        = 40
	maxOwner       = 100
	maxWord        = 60
	maxDescription = 4000
	maxRegulations = 20
	maxTags        = 50
)

func blank() *Asset {
	return &Asset{Kind: "unknown", Environment: "unknown", Criticality: risk.CriticalityMedium, Exposure: risk.ExposureUnknown,
		Regulations: []string{}, Tags: []string{}, Identifiers: []string{}, Version: 1}
}

// apply puts the draft's values into the asset and gathers what is wrong with
// them, all at once.
func (d Draft) apply(a *Asset) error {
	var wrong []fault.Field
	check := func(field, why string) {
		if why != "" {
			wrong = append(wrong, fault.Field{Pointer: "/" + field, Detail: why})
		}
	}
	check("name", setText(&a.Name, d.Name, maxName, true))
	if d.Name != nil && tidy(*d.Name) == "" {
		check("name", "An asset needs a name.")
	}
	check("kind", setText(&a.Kind, d.Kind, maxKind, true))
	check("environment", setChoice(&a.Environment, d.Environment, isEnvironment, "production, staging, test, development or unknown"))
	check("criticality", setChoice(&a.Criticality, d.Criticality, risk.Criticality.Valid, "low, medium, high or critical"))
	check("exposure", setChoice(&a.Exposure, d.Exposure, risk.Exposure.Valid, "isolated, internal, unknown or internet"))
	check("owner", setText(&a.Owner, d.Owner, maxOwner, true))
	check("description", setText(&a.Description, d.Description, maxDescription, false))
	check("regulations", setWords(&a.Regulations, d.Regulations, maxRegulations))
	check("tags", setWords(&a.Tags, d.Tags, maxTags))
	check("identifiers", setWords(&a.Identifiers, d.Identifiers, maxTags))
	if a.NameKey = NameKey(a.Name); len(wrong) == 0 {
		return nil
	}
	return &fault.Fault{Kind: fault.Invalid, Detail: wrong[0].Detail, Fields: wrong}
}

func isEnvironment(s string) bool {
	for _, e := range Environments {
		if s == e {
			return true
		}
	}
	return false
}

func setChoice[T ~string](to, value *T, valid func(T) bool, choices string) string {
	if value == nil {
		return ""
	}
	if !valid(*value) {
		return "This must be one of " + choices + "."
	}
	*to = *value
	return ""
}

func setText(to, value *string, most int, oneLine bool) string {
	if value == nil {
		return ""
	}
	text := strings.TrimSpace(strings.ReplaceAll(*value, "\r\n", "\n"))
	if oneLine {
		text = tidy(text)
	}
	if why := unfit(text, most); why != "" {
		return why
	}
	*to = text
	return ""
}

// unfit says why a text cannot be kept: PostgreSQL refuses some characters, and
// others make a text read as something else than it is.
func unfit(text string, most int) string {
	switch {
	case !utf8.ValidString(text):
		return "This is not UTF-8 text."
	case utf8.RuneCountInString(text) > most:
		return "This is too long."
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return "This holds a control character."
		}
	}
	return ""
}

func setWords(to, value *[]string, most int) string {
	if value == nil {
		return ""
	}
	words, seen := []string{}, map[string]bool{}
	for _, w := range *value {
		if w = tidy(w); w == "" || seen[w] {
			continue
		}
		if why := unfit(w, maxWord); why != "" {
			return why
		}
		seen[w] = true
		words = append(words, w)
	}
	if len(words) > most {
		return "These are too many."
	}
	*to = words
	return ""
}
