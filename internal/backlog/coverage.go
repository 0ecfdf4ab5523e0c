package backlog

import (
	"context"
	"time"

	"patchline/internal/db"
	"patchline/internal/team"
)

// States of an asset under a patch.
const (
	CoverOpen        = "open"         // at least one finding is open, or somebody named it by hand
	CoverPatched     = "patched"      // all its findings are fixed or not seen any more
	CoverNotAffected = "not_affected" // nobody says any more that it is affected
	CoverExcepted    = "excepted"     // open, with an exception in force
	CoverRetired     = "retired"      // it counts nowhere
)

// Coverage says how far a patch has come: the share is patched of patched + open +
// excepted. Assets that were never affected and retired ones are told apart.
type Coverage struct {
	Open, Patched, NotAffected, Excepted, Retired int64
	Items                                         []CoveredAsset
	More                                          bool
}

// CoveredAsset is one asset under a patch.
type CoveredAsset struct {
	AssetID, AssetName string
	NameKey            string
	State              string
	OpenFindings       int64
	Findings           int64
	Since              *time.Time // of the last change of a finding; nil when only named by hand
}

// CoverageFilter narrows and pages the list of assets: a state, or empty for all,
// and the NameKey of the last asset of the page before.
type CoverageFilter struct {
	State, After string
	Limit        int
}

// Coverage lists the assets that ever had a finding of a patch, or were named for
// it, with what became of them.
func (s *Service) Coverage(ctx context.Context, t *team.Team, number int64, f CoverageFilter) (Coverage, error) {
	var out Coverage
	err := s.db.View(ctx, func(g db.Reader) error {
		p, err := ByNumber(g, t.ID, number)
		if err != nil {
			return err
		}
		if out, err = coverageSums(g, p.ID); err != nil {
			return err
		}
		out.Items, err = coverageOf(g, p.ID, f)
		if out.More = len(out.Items) > f.Limit; out.More {
			out.Items = out.Items[:f.Limit]
		}
		return err
	})
	return out, err
}

func (c *Coverage) add(state string, n int64) {
	switch state {
	case CoverOpen:
		c.Open += n
	case CoverPatched:
		c.Patched += n
	case CoverNotAffected:
		c.NotAffected += n
	case CoverExcepted:
		c.Excepted += n
	case CoverRetired:
		c.Retired += n
	}
}
