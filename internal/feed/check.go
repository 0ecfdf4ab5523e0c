package feed

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"patchline/internal/fault"
	"patchline/internal/fetch"
	"patchline/internal/intake"
)

// Draft is what an administrator says about a feed; nil stays as it is.
type Draft struct {
	Name, Kind, Source, Scope *string
	TeamID                    **string
	Enabled                   *bool
	EveryMinutes              **int64
	DailyAt                   **string
	TimeZone                  *string
	MaxMiB, MaxMinutes        *int64
	Since                     **time.Time
}

// fresh is a feed nobody has said anything about.
func fresh() *Feed {
	every := int64(24 * 60)
	return &Feed{Kind: URL, Scope: intake.Partial, Enabled: true, EveryMinutes: &every, TimeZone: "UTC", MaxMiB: 512, MaxMinutes: 60, Version: 1}
}

func set[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}

// apply takes a draft over. Another source begins from scratch.
func (f *Feed) apply(d Draft) {
	kind, source := f.Kind, f.Source
	set(&f.Name, d.Name)
	set(&f.Kind, d.Kind)
	set(&f.Source, d.Source)
	set(&f.Scope, d.Scope)
	set(&f.TeamID, d.TeamID)
	set(&f.Enabled, d.Enabled)
	set(&f.TimeZone, d.TimeZone)
	set(&f.MaxMiB, d.MaxMiB)
	set(&f.MaxMinutes, d.MaxMinutes)
	set(&f.Since, d.Since)
	if d.EveryMinutes != nil && *d.EveryMinutes != nil {
		f.EveryMinutes, f.DailyAt = *d.EveryMinutes, nil
	}
	if d.DailyAt != nil && *d.DailyAt != nil {
		f.EveryMinutes, f.DailyAt = nil, *d.DailyAt
	}
	f.Name, f.Source = strings.TrimSpace(f.Name), strings.TrimSpace(f.Source)
	if f.Kind != kind || f.Source != source {
		f.ETag, f.LastModified, f.Digest, f.Place, f.Failures = "", "", "", "", 0
	}
}

var clockTime = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

// check names everything that is wrong with a feed at once.
func (f *Feed) check() error {
	var fields []fault.Field
	wrong := func(pointer, detail string) { fields = append(fields, fault.Field{Pointer: pointer, Detail: detail}) }
	if f.Name == "" {
		wrong("/name", "Give the feed a name.")
	}
	if !slices.Contains([]string{KEV, EPSS, CVE, OSV, CSAF, URL, Folder}, f.Kind) {
		wrong("/kind", "This is not a kind of feed.")
	}
	if detail := f.checkSource(); detail != "" {
		wrong("/source", detail)
	}
	switch {
	case shared(f.Kind) && f.TeamID != nil:
		wrong("/team", "This kind is about vulnerabilities, for every team: name none.")
	case f.Kind == Folder && f.TeamID == nil:
		wrong("/team", "Name the team whose reports appear in the folder.")
	}
	if f.EveryMinutes != nil && (*f.EveryMinutes < 5 || *f.EveryMinutes > 31*24*60) {
		wrong("/every_minutes", "A feed runs every 5 minutes at most, and once in 31 days at least.")
	}
	if f.DailyAt != nil && !clockTime.MatchString(*f.DailyAt) {
		wrong("/daily_at", "Write the time of day as 06:30.")
	}
	if _, err := time.LoadLocation(f.TimeZone); err != nil || f.TimeZone == "" {
		wrong("/time_zone", "This is not a time zone: write it as Europe/Berlin.")
	}
	if len(fields) == 0 {
		return nil
	}
	return &fault.Fault{Kind: fault.Invalid, Detail: fields[0].Detail, Fields: fields}
}

func (f *Feed) checkSource() string {
	if f.remote() {
		if f.Kind == Folder {
			return "A folder is named by its path below the folder of feeds."
		}
		if err := fetch.Check(f.Source); err != nil {
			return err.Error()
		}
		return ""
	}
	switch {
	case f.Source == "":
		return "Say where the file is: an address that begins with https://, or a path below the folder of feeds."
	case f.Kind == CSAF:
		return "A CSAF provider is named by the address of its provider-metadata.json; documents in a folder are a feed of the kind folder."
	case !filepath.IsLocal(f.Source):
		return "A path stays below the folder of feeds: it begins with a name and holds no “..”."
	}
	return ""
}

// remote tells an address from a path.
func (f *Feed) remote() bool { return strings.Contains(f.Source, "://") }
