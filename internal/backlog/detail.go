package backlog

import (
	"context"
	"patchline/internal/db"
	"time"

	"patchline/internal/advisory"
	"patchline/internal/fault"
	"patchline/internal/policy"
	"patchline/internal/risk"
	"patchline/internal/team"
)

// Detail is one patch with what only its page shows.
type Detail struct {
	Patch
	Text
	VulnerabilityIDs []string
	Successor        *int64   // number of the patch that superseded it
	CoAssignees      []Person // who works on it beside the assignee

	helped bool // there may be some
}

// fill adds names, sprint and drift to one patch.
func (s *Service) fill(g db.Reader, p *Patch) (err error) {
	if err = nameOf(g, p); err != nil {
		return err
	}
	p.Drift, err = drift(g, p)
	return err
}

// Fill adds to a patch what a list shows beside its row.
func Fill(g db.Reader, p *Patch) error { return (&Service{}).fill(g, p) }

// shownVulnerabilities is how many ids the page of a patch lists.
const shownVulnerabilities = 100

// Get reads one patch.
func (s *Service) Get(ctx context.Context, t *team.Team, number int64) (*Detail, error) {
	g := s.db.Read(ctx)
	d, err := detailOf(g, t.ID, number)
	if err != nil {
		return nil, err
	}
	if d.Drift, err = drift(g, &d.Patch); err != nil {
		return nil, err
	}
	if d.helped {
		if d.CoAssignees, err = coAssignees(g, d.Patch.ID); err != nil {
			return nil, err
		}
	}
	d.VulnerabilityIDs, err = vulnerabilitiesOf(g, d.Patch.ID, shownVulnerabilities)
	return d, err
}

// Explanation is why a patch scores as it does and is due when it is.
type Explanation struct {
	Score
	Formula string
	Due     *risk.DueDate
	Applied []risk.DueDate // of each policy that applies; none for a patch that is done
	At      time.Time
}

// Explain reads the stored explanation of a patch's score.
func (s *Service) Explain(ctx context.Context, t *team.Team, number int64) (*Explanation, error) {
	g := s.db.Read(ctx)
	p, err := ByNumber(g, t.ID, number)
	if err != nil {
		return nil, err
	}
	row, score, due, err := scoreOf(g, p.ID)
	if err == nil && row.ID == "" {
		err = fault.New(fault.NotFound, "This item has no score.")
	}
	if err != nil {
		return nil, err
	}
	applied, err := s.applied(g, t, p.ID)
	return &Explanation{score, row.Formula, due, applied, time.UnixMicro(row.At).UTC()}, err
}

// applied asks each policy for its date of an open patch.
func (s *Service) applied(g db.Reader, t *team.Team, patchID string) ([]risk.DueDate, error) {
	policies, err := policy.Of(g, t, s.db.Now())
	if err != nil {
		return nil, err
	}
	one := &scoring{now: s.db.Now(), policies: policies}
	if err := one.load(g, []string{patchID}); err != nil || len(one.facts) == 0 || one.facts[0].patch.Kind == KindImprovement {
		return nil, err
	}
	if one.median, err = advisory.Median(g); err != nil {
		return nil, err
	}
	return risk.DueEach(policies, one.about(one.facts[0])), nil
}

// Finding is an observation that a patch removes, as its page shows it.
type Finding struct {
	ID                             string
	AssetID, AssetName             string
	Component                      string
	InstalledVersion, FixedVersion string
	VulnerabilityID, Severity      string
	KEV                            bool
	Status                         string
	Sources                        []string
	FirstSeenAt                    time.Time
}

// Findings lists the findings of a patch by id, which is by time.
func (s *Service) Findings(ctx context.Context, t *team.Team, number int64, after string, limit int) ([]Finding, error) {
	g := s.db.Read(ctx)
	p, err := ByNumber(g, t.ID, number)
	if err != nil {
		return nil, err
	}
	return findingsOf(g, p.ID, after, limit)
}
