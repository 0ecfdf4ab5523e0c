package intake

import (
	"context"

	"patchline/internal/advisory"
	"patchline/internal/db"
	"patchline/internal/scan"
	"patchline/internal/team"
)

// bringStatements applies what a supplier says of a product, on whichever asset
// it runs: findings that are known are dismissed. A statement that a product is
// affected opens nothing, because it names no asset.
func (r *report) bringStatements(ctx context.Context, source *scan.Source) error {
	if !r.survey.stated {
		return nil
	}
	pick := func(it scan.Item) (*scan.Statement, bool) {
		return it.Statement, it.Statement != nil && !opens(it.Statement.Status)
	}
	before := r.findings
	err := parts(ctx, r.run, source, &pace{size: 100, least: 20, most: 500}, pick, func(part []*scan.Statement) error {
		var st *step
		err := r.transact(ctx, func(tx *db.Tx) error {
			t, err := team.Lock(tx, r.team.ID)
			if err != nil {
				return err
			}
			st = newStep(r, tx, t)
			return st.dismiss(part)
		})
		return r.keep(ctx, st, err)
	})
	if r.findings == before {
		r.note("The statements concern no open finding of the team.")
	}
	return err
}

// dismiss finds what the statements are about and judges it as if the report had
// named it on each asset.
func (s *step) dismiss(part []*scan.Statement) error {
	groups := make([]advisory.Group, len(part))
	for i, st := range part {
		groups[i] = advisory.Group{ID: st.Vulnerability, Aliases: st.Aliases}
	}
	canonical, moved, err := advisory.Join(s.tx, groups)
	if err != nil {
		return err
	}
	if err := s.rename(moved); err != nil {
		return err
	}
	about := map[[2]string][]*scan.Statement{}
	for _, st := range part {
		key := [2]string{st.Component.Key(), canonical[st.Vulnerability]}
		about[key] = append(about[key], st)
	}
	concerned, err := findingsAbout(s.tx.DB, s.team.ID, about)
	if err != nil {
		return err
	}
	for _, c := range concerned {
		for _, st := range about[[2]string{c.component, c.vulnerability}] {
			if speaksOf(st, c) && s.seen.add(c.assetID, c.component, c.vulnerability) {
				f := &scan.Finding{Component: st.Component, Vulnerability: c.vulnerability, Status: st.Status}
				s.rows = append(s.rows, &observed{Finding: f, assetID: c.assetID, component: c.component, vulnerability: c.vulnerability})
			}
		}
	}
	if err := s.find(); err != nil {
		return err
	}
	s.judge()
	return s.write()
}

// speaksOf tells whether a statement is about a version. One that names none is
// about all, of its release; that something is fixed is never true of all versions.
func speaksOf(st *scan.Statement, c concerned) bool {
	if st.Component.Stream != "" && c.stream != "" && st.Component.Stream != c.stream {
		return false
	}
	if st.Component.Installed == "" {
		return st.Status == statusNotAffected
	}
	return scan.Compare(st.Component.Ecosystem, st.Component.Installed, c.version) == 0
}

// mostStatements of one document about one vulnerability are kept: a page shows no
// more, and some suppliers list thousands of products.
const mostStatements = 200

// keepStatements keeps what a document says of products, for the pages of its
// vulnerabilities.
func (r *report) keepStatements(ctx context.Context, source *scan.Source) error {
	if !r.survey.stated {
		return nil
	}
	kept := map[string]int{}
	pick := func(it scan.Item) (*scan.Statement, bool) {
		if it.Statement == nil {
			return nil, false
		}
		kept[it.Statement.Vulnerability]++
		return it.Statement, kept[it.Statement.Vulnerability] <= mostStatements
	}
	return parts(ctx, r.run, source, &pace{size: 200, least: 50, most: 1000}, pick, func(part []*scan.Statement) error {
		return r.transact(ctx, func(tx *db.Tx) error { return r.said(tx, part) })
	})
}

func (r *report) said(tx *db.Tx, part []*scan.Statement) error {
	ids := make([]string, len(part))
	for i, st := range part {
		ids[i] = st.Vulnerability
	}
	canonical, err := advisory.Canonical(tx.DB, ids)
	if err != nil {
		return err
	}
	about := r.survey.snapshot
	list := make([]advisory.Statement, len(part))
	for i, st := range part {
		list[i] = advisory.Statement{Vulnerability: canonical[st.Vulnerability], Named: st.Vulnerability, Source: about.Source, Document: about.Document,
			Product: st.Product, Component: st.Component.Key(), Status: st.Status, Justification: st.Justification, Action: st.Action, URL: st.URL}
		if !st.At.IsZero() {
			list[i].At = &st.At
		} else if !about.ReportedAt.IsZero() {
			list[i].At = &about.ReportedAt
		}
	}
	return advisory.KeepStatements(tx, r.team.ID, list)
}
