package asset

import (
	"context"
	"time"

	"patchline/internal/fault"
	"patchline/internal/risk"
)

// Sort is an order of the list. Ties go by name.
type Sort string

const (
	ByName        Sort = "name"
	ByCriticality Sort = "criticality" // the most critical first
	ByExposure    Sort = "exposure"    // the most exposed first
	ByFindings    Sort = "findings"    // the most open findings first
	BySeen        Sort = "seen"        // the longest unseen first
)

// StaleDays is after how many days without a report an asset is stale, unless the
// request says otherwise.
const StaleDays = 30

// Filter narrows a list. Empty fields do not.
type Filter struct {
	Q           string `json:"q,omitempty"` // part of name, owner or a tag
	Environment string `json:"environment,omitempty"`
	Criticality string `json:"criticality,omitempty"`
	Exposure    string `json:"exposure,omitempty"`
	Tag         string `json:"tag,omitempty"`
	Owner       string `json:"owner,omitempty"`
	Group       string `json:"group,omitempty"`     // id; "none" for assets in no group
	Component   string `json:"component,omitempty"` // part of the name of something installed
	Stale       bool   `json:"stale,omitempty"`     // not seen for StaleDays
	StaleDays   int    `json:"stale_days,omitempty"`
	Retired     bool   `json:"retired,omitempty"` // only retired ones, which are left out otherwise

	Sort  Sort   `json:"-"`
	After *Place `json:"-"` // where the page before ended
	Limit int    `json:"-"`
}

// Place is where a page of a list ends.
type Place struct {
	Sort  Sort   `json:"s"`
	Value int64  `json:"v"`
	Key   string `json:"k"`
}

// Page is one page of a list.
type Page struct {
	Items  []Asset
	Next   *Place // nil at the end
	Count  int    // of all pages, at most CountCap
	Capped bool
}

// CountCap is where counting stops.
const CountCap = 1000

// List returns a team's assets page by page.
func (s *Service) List(ctx context.Context, teamID string, f Filter) (Page, error) {
	if f.Sort == "" {
		f.Sort = ByName
	}
	if f.After != nil && f.After.Sort != f.Sort {
		return Page{}, fault.Wrong("/query/cursor", "This cursor is of another order; begin without one.")
	}
	page, err := list(s.db.Read(ctx), teamID, f, f.staleBefore(s.db.Now()))
	if err != nil {
		return page, err
	}
	return page, groupNames(s.db.Read(ctx), page.Items)
}

// staleBefore is when a stale asset was seen last, at the latest.
func (f Filter) staleBefore(now time.Time) time.Time {
	days := f.StaleDays
	if days <= 0 {
		days = StaleDays
	}
	return now.AddDate(0, 0, -days)
}

// Seen is when a report last covered the asset; before the first report, when it
// was added.
func (a *Asset) Seen() time.Time {
	if a.ScannedAt != nil {
		return *a.ScannedAt
	}
	return a.CreatedAt
}

// Stale tells whether no report has covered the asset for some days; a retired one
// is not looked for any more.
func (a *Asset) Stale(now time.Time, days int) bool {
	return a.RetiredAt == nil && a.Seen().Before(Filter{StaleDays: days}.staleBefore(now))
}

// place is where a list in an order stands at an asset.
func (a *Asset) place(s Sort) *Place {
	p := &Place{Sort: s, Key: a.NameKey}
	switch s {
	case ByCriticality:
		p.Value = map[risk.Criticality]int64{risk.CriticalityLow: 0, risk.CriticalityMedium: 1, risk.CriticalityHigh: 2, risk.CriticalityCritical: 3}[a.Criticality]
	case ByExposure:
		p.Value = map[risk.Exposure]int64{risk.ExposureIsolated: 0, risk.ExposureInternal: 1, risk.ExposureUnknown: 2, risk.ExposureInternet: 3}[a.Exposure]
	case ByFindings:
		p.Value = a.OpenFindings
	case BySeen:
		p.Value = -a.Seen().UnixMicro()
	}
	return p
}
