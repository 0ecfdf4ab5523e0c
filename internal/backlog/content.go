package backlog

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Answers to whether a patch needs a reboot.
const (
	RebootYes     = "yes"
	RebootNo      = "no"
	RebootUnknown = "unknown"
)

// Link leads to an advisory about a patch.
type Link struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Related is a patch as the page of another one names it.
type Related struct {
	ID     string
	Number int64
	Title  string
	Status scrum.Status
	IsOpen bool
}

// Content is what people know about installing a patch, and how it stands to
// others.
type Content struct {
	Number       int64
	Version      int64 // of the patch
	Reboot       string
	Downtime     *int64 // expected, in minutes; nil is not known
	Links        []Link
	SupersededBy *Related
	Supersedes   []Related // the latest first
	Parts        []Related // the others, of one that was split
	Needs        []Related // what has to go in before
	NeededBy     []Related
}

// BlockedBy are the patches that have to go in before and have not.
func (c *Content) BlockedBy() []Related {
	return slices.DeleteFunc(slices.Clone(c.Needs), func(r Related) bool { return !r.IsOpen })
}

// Content reads what is known about installing a patch.
func (s *Service) Content(ctx context.Context, t *team.Team, number int64) (*Content, error) {
	var c *Content
	err := s.db.View(ctx, func(g db.Reader) error {
		p, err := ByNumber(g, t.ID, number)
		if err != nil {
			return err
		}
		c, err = contentOf(g, p)
		return err
	})
	return c, err
}

// ContentEdit replaces what is known about installing a patch.
type ContentEdit struct {
	Reboot   string
	Downtime *int64
	Links    []Link
	Seen     int64
}

// maxLinks a patch may have.
const maxLinks = 30

// EditContent says what installing a patch takes.
func (s *Service) EditContent(ctx context.Context, who audit.Who, t *team.Team, number int64, e ContentEdit) (*Content, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	var c *Content
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := Hold(tx, t.ID, number)
		if err != nil {
			return err
		}
		old, err := contentOf(tx.DB, p)
		if err != nil {
			return err
		}
		if err := Change(tx, who, p, e.Seen, map[string]any{}); err != nil {
			return err
		}
		if err := saveContent(tx, p.ID, e); err != nil {
			return err
		}
		if c, err = contentOf(tx.DB, p); err != nil {
			return err
		}
		return s.told(tx, who, t, p, "patch.changed", contentChanges(old, c))
	})
	return c, err
}

func (e *ContentEdit) check() error {
	if !slices.Contains([]string{RebootYes, RebootNo, RebootUnknown}, e.Reboot) {
		return fault.Wrong("/reboot", "Reboot is yes, no or unknown.")
	}
	if e.Downtime != nil && *e.Downtime < 0 {
		return fault.Wrong("/downtime_minutes", "Downtime cannot be negative.")
	}
	if len(e.Links) > maxLinks {
		return fault.Wrong("/links", "A patch has at most %d links.", maxLinks)
	}
	links := []Link{}
	for _, l := range e.Links {
		l.Title, l.URL = strings.TrimSpace(l.Title), strings.TrimSpace(l.URL)
		u, err := url.Parse(l.URL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
			return fault.Wrong("/links", "A link is an address that begins with https:// or http:// and names no password.")
		}
		if l.Title == "" {
			l.Title = u.Host
		}
		if !slices.ContainsFunc(links, func(o Link) bool { return o.URL == l.URL }) {
			links = append(links, l)
		}
	}
	e.Links = links
	return nil
}

// contentChanges tells field by field what was and what is.
func contentChanges(old, now *Content) map[string]any {
	out := map[string]any{}
	if old.Reboot != now.Reboot {
		out["reboot"] = fromTo(old.Reboot, now.Reboot)
	}
	if !equal(old.Downtime, now.Downtime) {
		out["downtime"] = fromTo(old.Downtime, now.Downtime)
	}
	if !slices.Equal(old.Links, now.Links) {
		out["links"] = fromTo(addresses(old.Links), addresses(now.Links))
	}
	return out
}

func addresses(links []Link) []string {
	out := make([]string, len(links))
	for i, l := range links {
		out[i] = l.URL
	}
	return out
}

// fromTo is how the activity keeps one field of an edit.
func fromTo(from, to any) map[string]any { return map[string]any{"from": from, "to": to} }
